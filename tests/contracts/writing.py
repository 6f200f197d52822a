"""The laws of keeping: in order, exactly once, all or nothing, and what happens when that cannot be done."""

from __future__ import annotations

import random
from functools import partial
from typing import Any

from twisted.internet.defer import Deferred

from chat.core.events import EVERYONE, Said
from chat.core.history import Query
from chat.core.refusals import Duplicate, NotStored, Refused
from chat.core.registry import State
from tests.contracts.events import ALICE, BOB, CAROL, seqs
from tests.contracts.history import HistoryCase

FULL = "Not stored: disk full. Not sent."
#: More than fits into what may be free in a file that must not grow.
BIG = "x" * 100_000


class Faulty(Said):
    """A bug: an event that cannot say where it belongs."""

    __slots__ = ()

    def conversations(self) -> tuple[str, ...]:
        raise ZeroDivisionError("a bug, for a test")


def room(key: str, topic: str) -> State:
    return State("room", key, f'{{"name": "{key}", "topic": "{topic}"}}')


class OrderLaws(HistoryCase):
    """`then` is called in the order of `keep` and `after`, for each exactly once."""

    async def test_thousands_of_keeps_and_afters_between_each_other_and_from_within(self) -> None:
        """Some are given from within `then`, some in later turns."""
        chance = random.Random(5)
        told: list[int] = []
        given = 0

        def then(number: int, refusal: Refused | None) -> None:
            self.assertIsNone(refusal)
            told.append(number)
            if number % 3 == 0:
                give_some(chance.randrange(4))

        def give_some(count: int) -> None:
            nonlocal given
            for _ in range(min(count, 5000 - given)):
                number, given = given, given + 1
                if chance.random() < 0.6:
                    self.history.keep(self.stream.said(f"line {number}"), (), partial(then, number))
                else:
                    self.history.after(partial(then, number))

        while given < 5000:
            give_some(chance.randrange(1, 300))
            await self.turn()
        await self.settled()
        self.assertEqual(told, list(range(5000)))
        self.assertEqual(await self.history.count(Query(("lobby",))), self.stream.seq)

    async def test_an_event_is_never_told_of_within_keep(self) -> None:
        told = self.give(self.stream.said("hi"))
        self.assertFalse(told.called)
        self.assertIsNone(await told)

    async def test_after_is_told_at_once_if_nothing_waits(self) -> None:
        await self.kept(self.stream.said("hi"))
        await self.turn()
        told: list[object] = []
        self.history.after(told.append)
        self.assertEqual(told, [None])

    async def test_after_takes_its_turn_behind_what_is_being_written(self) -> None:
        first = self.give(self.stream.said("one"))
        self.history.after(lambda refusal: self.log.append(("told", "after", refusal)))
        await self.turn()
        second = self.give(self.stream.said("two"))
        self.history.after(lambda refusal: self.log.append(("told", "last", refusal)))
        await first
        await second
        await self.settled()
        self.assertEqual(self.told, [1, "after", 2, "last"])

    async def test_a_long_chain_in_which_each_gives_the_next(self) -> None:
        """It is as long as what somebody has typed ahead, and must not be a recursion."""
        for length, give_next in ((3000, self.history.after), (600, self.keep_another)):
            done: Deferred[None] = Deferred()
            left = [length]

            def then(refusal: Refused | None, give_next: Any = give_next, left: Any = left, done: Any = done) -> None:
                left[0] -= 1
                if left[0]:
                    give_next(then)
                else:
                    done.callback(None)

            self.keep_another(then)
            await done

    def keep_another(self, then: Any) -> None:
        self.history.keep(self.stream.said("x"), (), then)

    async def test_a_bug_in_one_who_listens_touches_nobody_else(self) -> None:
        def bug(refusal: Refused | None) -> None:
            raise ZeroDivisionError("a bug, for a test")

        self.history.keep(self.stream.said("one"), (), bug)
        second = self.give(self.stream.said("two"))
        self.history.after(bug)
        third = self.give(self.stream.said("three"))
        self.assertEqual([await second, await third], [None, None])
        await self.turn()
        self.history.after(bug)
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 3)
        await self.kept(self.stream.said("four"))


class DuplicateLaws(HistoryCase):
    """An event whose id is kept already is not kept again."""

    async def test_in_one_batch(self) -> None:
        one, again, other = (self.stream.said(text, id=id) for text, id in (("a", "A"), ("b", "A"), ("c", "C")))
        told = await self.keep(one, again, other)
        self.assertEqual([type(refusal) for refusal in told], [type(None), Duplicate, type(None)])
        self.assertEqual(seqs(await self.history.page(Query(("lobby",)))), [1, 3])
        self.assertEqual((await self.history.find("A")).text, "a")

    async def test_in_a_later_batch_among_others(self) -> None:
        await self.kept(*(self.stream.said("x", id=f"key-{number}") for number in range(5)))
        again = [self.stream.said("again", id=f"key-{number}") for number in range(3, 8)]
        told = await self.keep(*again)
        self.assertEqual(
            [type(refusal) for refusal in told], [Duplicate, Duplicate, type(None), type(None), type(None)]
        )
        self.assertEqual((await self.history.find("key-4")).text, "x")
        self.assertEqual(await self.history.count(Query(("lobby",))), 8)

    async def test_what_came_with_it_is_taken_back(self) -> None:
        await self.give(self.stream.said("a", id="A"), (room("lobby", "tea"),))
        again = self.give(self.stream.said("b", id="A"), (room("lobby", "coffee"), room("dev", "code")))
        self.assertIsInstance(await again, Duplicate)
        back = {("room", "lobby"): room("lobby", "tea").value, ("room", "dev"): None}
        self.assertEqual(self.log[1:], [("back", back), ("told", 2, self.log[-1][2])])
        self.assertEqual(await self.history.state("room", "lobby"), back["room", "lobby"])
        self.assertIsNone(await self.history.state("room", "dev"))

    async def test_what_is_about_to_be_written_is_not_taken_back(self) -> None:
        """The registry has the state of what waits already, and that is how things will be."""
        registry: dict[str, str | None] = {}
        self.history.takes_back = lambda states: registry.update({state.key: state.value for state in states})

        def change(topic: str, id: str = "") -> Deferred[Refused | None]:
            state = room("lobby", topic)
            registry["lobby"] = state.value
            return self.give(self.stream.said("so", id=id), (state,))

        await change("tea", id="A")
        again, newer = change("coffee", id="A"), change("milk")
        await self.turn()
        newest = change("water")
        self.assertIsInstance(await again, Duplicate)
        self.assertEqual([await newer, await newest], [None, None])
        self.assertEqual(registry, {"lobby": room("lobby", "water").value})
        self.assertEqual(await self.history.state("room", "lobby"), registry["lobby"])


class FailureLaws(HistoryCase):
    """What could not be written did not happen, and whoever rests on it neither."""

    async def test_everything_that_waits_is_refused(self) -> None:
        await self.kept(self.stream.said("before"))
        self.fill_disk()
        told = [self.give(self.stream.said(BIG))]
        self.history.after(lambda refusal: self.log.append(("told", "after", refusal)))
        told.append(self.give(self.stream.said("small")))
        await self.turn()
        told.append(self.give(self.stream.said(BIG)))
        refusals = [await one for one in told]
        self.assertEqual([str(refusal) for refusal in refusals], [FULL] * 3)
        self.assertTrue(all(isinstance(refusal, NotStored) for refusal in refusals))
        self.assertEqual(len(set(map(id, refusals))), 3)  # each raises its own
        first, second, third = refusals
        told_of = [("told", 2, first), ("told", "after", None), ("told", 3, second), ("told", 4, third)]
        self.assertEqual(self.log[1:], told_of)
        self.assertEqual(seqs(await self.history.page(Query(("lobby",)))), [1])
        self.assertIsNone(await self.history.find("id-3"))
        self.assertEqual(self.history.last(), (1, self.stream.time - 21))

    async def test_the_states_are_taken_back_before_anybody_is_told(self) -> None:
        await self.give(self.stream.said("a"), (room("lobby", "tea"), State("seen", "bob", "1")))
        self.fill_disk()
        first = self.give(self.stream.said(BIG), (room("lobby", "coffee"), room("dev", "code")))
        second = self.give(self.stream.said("b"), (room("lobby", "milk"), State("seen", "bob", "2")))
        self.assertEqual([str(await first), str(await second)], [FULL, FULL])
        back = {("room", "lobby"): room("lobby", "tea").value, ("room", "dev"): None, ("seen", "bob"): "1"}
        self.assertEqual([entry[:2] for entry in self.log[1:]], [("back", back), ("told", 2), ("told", 3)])
        self.assertEqual(self.history.states(), [room("lobby", "tea")])
        self.assertEqual(await self.history.state("seen", "bob"), "1")

    async def test_it_goes_on_when_there_is_room_again(self) -> None:
        self.fill_disk()
        self.assertEqual([str(refusal) for refusal in await self.keep(self.stream.said(BIG))], [FULL])
        self.assertEqual([str(refusal) for refusal in await self.keep(self.stream.said(BIG))], [FULL])
        self.free_disk()
        await self.kept(self.stream.said("small"), self.stream.said(BIG))
        self.assertEqual(seqs(await self.history.page(Query(("lobby", EVERYONE)))), [3, 4])

    async def test_people_and_rooms_that_were_new_in_what_failed(self) -> None:
        self.fill_disk()
        await self.keep(self.stream.said(BIG, "new", by=CAROL), self.stream.told(BIG, BOB, CAROL))
        self.free_disk()
        self.stream.numbers.clear()
        await self.kept(self.stream.said("old", by=BOB), self.stream.said("new", "new", by=CAROL))
        (line,) = await self.history.page(Query(("new",)))
        self.assertEqual((line.by, line.room, line.number), (CAROL, "new", 1))

    async def test_what_is_published_because_of_a_refusal_takes_its_turn(self) -> None:
        self.fill_disk()
        more: list[Deferred[Refused | None]] = []
        self.history.keep(
            self.stream.said(BIG), (), lambda refusal: more.append(self.give(self.stream.said("so?"), name="more"))
        )
        second = self.give(self.stream.said(BIG))
        self.free_disk_when(second)
        await second
        await more[0]
        self.assertEqual(self.told, [2, "more"])

    def free_disk_when(self, told: Deferred[Refused | None]) -> None:
        def free(refusal: Refused | None) -> Refused | None:
            self.free_disk()
            return refusal

        told.addCallback(free)

    async def test_a_faulty_event_is_refused_alone(self) -> None:
        faulty = self.stream.stamp(Faulty(ALICE, "Lobby", "x"))
        first = self.give(self.stream.said("one"), (room("lobby", "tea"),))
        second = self.give(faulty, (room("dev", "code"),))
        third = self.give(self.stream.said("three"), (room("ops", "pager"),))
        refusal = await second
        self.assertEqual(str(refusal), "Not stored: something went wrong on our side. Not sent.")
        self.assertNotIsInstance(refusal, NotStored)
        self.assertEqual([await first, await third], [None, None])
        self.assertEqual([entry[1] for entry in self.log], [{("room", "dev"): None}, 2, 1, 3])
        self.assertEqual(seqs(await self.history.page(Query(("lobby",)))), [2, 3])
        self.assertEqual(set(self.history.states()), {room("lobby", "tea"), room("ops", "pager")})
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)


class StateLaws(HistoryCase):
    """What lasts is written with the event that changed it, and the last of it counts."""

    async def test_the_last_of_a_batch_and_of_many_counts(self) -> None:
        await self.give(self.stream.said("a"), (room("lobby", "1"), State("seen", "bob", "1")))
        told = [self.give(self.stream.said("b"), (room("lobby", str(number)), room("dev", "x"))) for number in (2, 3)]
        await told[-1]
        self.assertEqual(set(self.history.states()), {room("lobby", "3"), room("dev", "x")})
        self.assertEqual(await self.history.state("room", "lobby"), room("lobby", "3").value)
        self.assertEqual(await self.history.state("seen", "bob"), "1")
        self.assertIsNone(await self.history.state("seen", "nobody"))

    async def test_what_lasts_no_more_is_gone(self) -> None:
        await self.give(self.stream.said("a"), (room("lobby", "1"), room("dev", "1")))
        await self.give(self.stream.said("b"), (State("room", "dev", None), State("room", "never", None)))
        self.assertEqual(self.history.states(), [room("lobby", "1")])
        self.assertIsNone(await self.history.state("room", "dev"))

    async def test_many_states_in_one_batch(self) -> None:
        told = [self.give(self.stream.said("a"), (State("seen", str(number), "1"),)) for number in range(1000)]
        await told[-1]
        self.assertEqual(await self.history.state("seen", "999"), "1")

    async def test_the_registry_is_given_what_it_holds(self) -> None:
        states = [State("account", "dora", "{}"), room("lobby", "1"), State("read", "~dora lobby", "5")]
        await self.give(self.stream.said("a"), (*states, State("seen", "bob", "1"), State("talk", "~dora bob", "{}")))
        self.assertEqual(set(self.history.states()), set(states))

    async def test_states_are_found_by_how_their_keys_begin(self) -> None:
        keys = ("a c", "ab c", "a b", "a жар", "a 🍵", "a", "b a ", "A b", "a gone")
        await self.give(self.stream.said("a"), [State("talk", key, f'"{key}"') for key in keys])
        await self.give(self.stream.said("b"), (State("talk", "a gone", None), State("seen", "a d", "1")))
        found = await self.history.states_of("talk", "a ")
        self.assertEqual(found, [State("talk", key, f'"{key}"') for key in ("a b", "a c", "a жар", "a 🍵")])
        self.assertEqual(len(await self.history.states_of("talk", "")), 8)
        self.assertEqual(await self.history.states_of("talk", "a %"), [])

    async def test_an_empty_history(self) -> None:
        self.assertEqual(self.history.last(), (0, 0))
        self.assertEqual(self.history.last_number("lobby"), 0)
        self.assertEqual(list(self.history.states()), [])

    async def test_the_last_event_and_the_last_numbers(self) -> None:
        await self.kept(*(self.stream.said("x", room) for room in ("Lobby", "dev", "lobby")), self.stream.told("psst"))
        await self.kept(self.stream.joined("dev"))
        self.assertEqual(self.history.last(), (5, self.stream.time))
        self.assertEqual([self.history.last_number(key) for key in ("lobby", "dev", "ops", "*")], [2, 1, 0, 0])
