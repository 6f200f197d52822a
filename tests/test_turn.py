"""What is said in a turn: rendered once for all who see it alike, joined once, one write a member, in order."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any

from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport
from twisted.trial.unittest import TestCase

from chat.core.events import Durability, Event
from chat.core.registry import Author, Room
from chat.core.session import Crowd, Session
from chat.outlet import Outlet
from chat.turn import DialectGroup, Turn, stamp

SOMEBODY = Author("somebody", "1")


@dataclass(slots=True, eq=False)
class Word(Event):
    """Something that happens in a test."""

    word: str


@dataclass(slots=True, eq=False)
class Gesture(Word):
    """Something that is never kept."""

    durability = Durability.PASSING


@dataclass(frozen=True)
class Tongue:
    """A dialect that counts what it renders."""

    name: str
    echo: bool = False
    rendered: Counter[str] = field(default_factory=Counter, compare=False)

    def render(self, event: Any) -> bytes:
        self.rendered[event.word] += 1
        if event.word == "bug":
            raise ZeroDivisionError
        return b"" if event.word == "nothing" else f"{self.name}:{event.word} ".encode()


class Transport(StringTransport):
    """Remembers each write of its own.  One `takes` so many seconds of the `clock`."""

    clock: Clock
    takes = 0.0

    def __init__(self) -> None:
        super().__init__()
        self.writes: list[bytes] = []

    def write(self, data: bytes) -> None:
        super().write(data)
        self.writes.append(data)
        if self.takes:
            self.clock.rightNow += self.takes


class Listener:
    """A session as the core sees it, and nothing else: it hears."""

    user = None

    def __init__(self, turn: Turn, tongue: Tongue) -> None:
        self.turn, self.tongue = turn, tongue
        self.transport = Transport()
        self.outlet = Outlet(self.transport, turn, lambda: None)

    def sees_own(self, event: Event) -> bool:
        return self.tongue.echo

    def enters(self, crowd: Crowd) -> None: ...

    def leaves(self, crowd: Crowd) -> None: ...

    def dialect(self, room: Room) -> Hashable:
        return self.tongue

    def new_group(self, room: Room) -> DialectGroup:
        return DialectGroup(self.turn, self.tongue)

    def hear(self, event: Event, origin: Session | None) -> None:
        self.outlet.write(self.tongue.render(event), stamp(event))

    def writes(self) -> list[str]:
        """What was written since the last time, write by write."""
        writes, self.transport.writes = self.transport.writes, []
        return [data.decode().strip() for data in writes]


class TurnTestCase(TestCase):
    """Rooms where words are said, on a clock that makes turns."""

    def setUp(self) -> None:
        self.clock = Clock()
        self.turn = Turn(self.clock)
        self.seq = 0

    def listeners(self, count: int, tongue: Tongue, *rooms: Room) -> list[Any]:
        """So many listeners who see alike, in these rooms."""
        found = [Listener(self.turn, tongue) for _ in range(count)]
        for listener in found:
            for room in rooms:
                room.crowd.add(listener)
        return found

    def happens(self, room: Room, word: str, origin: Any = None, kind: type[Word] = Word) -> None:
        """A word is said in a room, and told of."""
        event = kind(SOMEBODY, word)
        if event.durability is not Durability.PASSING:
            self.seq += 1
        event.seq = self.seq
        room.crowd.hear(event, origin)

    def end(self) -> None:
        """The turn is over."""
        self.clock.advance(0)
        self.assertEqual(self.clock.getDelayedCalls(), [])


class RenderTests(TurnTestCase):
    def test_an_event_is_rendered_once_for_all_who_see_it_alike(self) -> None:
        for count in (1, 10, 1000):
            room, plain, loud = Room("tea"), Tongue("plain"), Tongue("loud")
            people = self.listeners(count, plain, room) + self.listeners(count, loud, room)
            for word in ("one", "two"):
                self.happens(room, word)
            self.end()
            self.assertEqual((plain.rendered, loud.rendered), (Counter(one=1, two=1), Counter(one=1, two=1)))
            self.assertEqual([person.writes() for person in people[:count]], [["plain:one plain:two"]] * count)
            self.assertEqual([person.writes() for person in people[count:]], [["loud:one loud:two"]] * count)

    def test_equal_dialects_are_one_even_if_they_are_not_the_same(self) -> None:
        room, mine, yours = Room("tea"), Tongue("plain"), Tongue("plain")
        self.listeners(3, mine, room)
        self.listeners(3, yours, room)
        self.happens(room, "one")
        self.assertEqual(mine.rendered + yours.rendered, Counter(one=1))

    def test_nothing_to_see_is_nothing_to_write(self) -> None:
        room = Room("tea")
        (person,) = self.listeners(1, Tongue("plain"), room)
        self.happens(room, "nothing")
        self.assertEqual(self.clock.getDelayedCalls(), [])
        self.assertEqual(person.writes(), [])

    def test_a_bug_in_one_dialect_touches_nobody_else(self) -> None:
        room, buggy = Room("tea"), Tongue("plain")
        people = self.listeners(2, buggy, room)

        class Careful(Tongue):
            def render(self, event: Any) -> bytes:
                return f"careful:{event.word}".encode()

        (careful,) = self.listeners(1, Careful("careful"), room)
        for word in ("one", "bug", "two"):
            self.happens(room, word)
        self.end()
        self.assertEqual([person.writes() for person in people], [["plain:one plain:two"]] * 2)
        self.assertEqual(careful.writes(), ["careful:onecareful:bugcareful:two"])
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)


class WriteTests(TurnTestCase):
    def test_one_write_a_member_however_many_lines(self) -> None:
        room = Room("tea")
        people = self.listeners(5, Tongue("x"), room)
        for number in range(500):
            self.happens(room, str(number))
        self.assertEqual([person.writes() for person in people], [[]] * 5)
        self.end()
        self.assertEqual([person.writes() for person in people], [[" ".join(f"x:{n}" for n in range(500))]] * 5)

    def test_each_turn_has_its_own(self) -> None:
        room = Room("tea")
        (person,) = self.listeners(1, Tongue("x"), room)
        for word in ("one", "two"):
            self.happens(room, word)
            self.end()
        self.assertEqual(person.writes(), ["x:one", "x:two"])

    def test_replies_are_in_the_same_write_in_their_place(self) -> None:
        room = Room("tea")
        (person,) = self.listeners(1, Tongue("x"), room)
        person.outlet.write(b"hello ")
        self.happens(room, "one")
        self.happens(room, "two")
        person.outlet.write(b"reply ")
        person.outlet.write(b"again ")
        self.end()
        self.assertEqual(person.writes(), ["hello x:one x:two reply again"])

    def test_what_comes_after_a_reply_comes_after_it(self) -> None:
        room = Room("tea")
        person, other = self.listeners(2, Tongue("x"), room)
        self.happens(room, "one")
        person.outlet.write(b"reply ")
        self.happens(room, "two")
        self.end()
        self.assertEqual(person.writes(), ["x:one reply", "x:two"])
        self.assertEqual(other.writes(), ["x:one x:two"])

    def test_a_flush_in_the_middle_of_a_turn_puts_what_is_owed_in_front(self) -> None:
        room = Room("tea")
        (person,) = self.listeners(1, Tongue("x"), room)
        self.happens(room, "one")
        person.outlet.write(b"reply ")
        person.outlet.flush()
        self.assertEqual(person.writes(), ["x:one reply"])
        self.happens(room, "two")
        self.end()
        self.assertEqual(person.writes(), ["x:two"])


class OrderTests(TurnTestCase):
    def test_lines_of_several_rooms_arrive_in_the_order_of_events(self) -> None:
        rooms = [Room("a"), Room("b"), Room("c")]
        both = self.listeners(3, Tongue("x"), *rooms)
        first, last = self.listeners(1, Tongue("x"), rooms[0]) + self.listeners(1, Tongue("x"), rooms[2])
        for word, room in zip("abcdefgh", (0, 1, 0, 2, 2, 1, 0, 1), strict=True):
            self.happens(rooms[room], word)
        self.end()
        self.assertEqual([person.writes() for person in both], [["x:a x:b x:c x:d x:e x:f x:g x:h"]] * 3)
        self.assertEqual(first.writes(), ["x:a x:c x:g"])
        self.assertEqual(last.writes(), ["x:d x:e"])

    def test_what_is_not_kept_has_its_place_among_what_is(self) -> None:
        """A gesture between the events 1 and 2 has no number of its own."""
        a, b = Room("a"), Room("b")
        (person,) = self.listeners(1, Tongue("x"), a, b)
        self.happens(a, "one")
        self.happens(b, "gesture", kind=Gesture)
        self.happens(a, "two")
        self.happens(b, "three")
        self.happens(a, "gesture", kind=Gesture)
        self.happens(b, "four")
        self.end()
        self.assertEqual(person.writes(), ["x:one x:gesture x:two x:three x:gesture x:four"])

    def test_a_reply_settles_all_rooms(self) -> None:
        a, b = Room("a"), Room("b")
        (person,) = self.listeners(1, Tongue("x"), a, b)
        self.happens(a, "one")
        self.happens(b, "two")
        self.happens(a, "three")
        person.outlet.write(b"reply ")
        self.happens(b, "four")
        self.happens(a, "five")
        self.end()
        self.assertEqual(person.writes(), ["x:one x:two x:three reply", "x:four x:five"])


class EchoTests(TurnTestCase):
    def test_the_sender_hears_everything_but_itself_in_order(self) -> None:
        room = Room("tea")
        alice, bob = self.listeners(2, Tongue("x"), room)
        for word, origin in (("a1", alice), ("b1", bob), ("a2", alice), ("c", None), ("b2", bob), ("a3", alice)):
            self.happens(room, word, origin)
        self.end()
        self.assertEqual(" ".join(alice.writes()), "x:b1 x:c x:b2")
        self.assertEqual(" ".join(bob.writes()), "x:a1 x:a2 x:c x:a3")

    def test_the_sender_hears_other_rooms_in_order(self) -> None:
        a, b = Room("a"), Room("b")
        (alice,) = self.listeners(1, Tongue("x"), a, b)
        for room, word, origin in ((a, "1", None), (b, "2", None), (b, "mine", alice), (a, "3", None), (b, "4", None)):
            self.happens(room, word, origin)
        self.end()
        self.assertEqual(" ".join(alice.writes()), "x:1 x:2 x:3 x:4")

    def test_a_dialect_may_want_its_echo(self) -> None:
        room = Room("tea")
        alice, bob = self.listeners(2, Tongue("x", echo=True), room)
        self.happens(room, "one", alice)
        self.end()
        self.assertEqual(alice.writes() + bob.writes(), ["x:one", "x:one"])

    def test_a_sender_who_does_not_listen_changes_nothing(self) -> None:
        room = Room("tea")
        (bob,) = self.listeners(1, Tongue("x"), room)
        (stranger,) = self.listeners(1, Tongue("x"))
        self.happens(room, "one", stranger)
        self.end()
        self.assertEqual((bob.writes(), stranger.writes()), (["x:one"], []))


class MembershipTests(TurnTestCase):
    def test_who_joins_in_the_middle_of_a_turn_hears_what_follows(self) -> None:
        room = Room("tea")
        old, new = self.listeners(1, Tongue("x"), room) + self.listeners(1, Tongue("x"))
        self.happens(room, "one")
        room.crowd.add(new)
        self.happens(room, "two")
        self.end()
        self.assertEqual((old.writes(), new.writes()), (["x:one x:two"], ["x:two"]))

    def test_who_leaves_in_the_middle_of_a_turn_hears_what_was_said_before(self) -> None:
        room = Room("tea")
        stays, leaves = self.listeners(2, Tongue("x"), room)
        self.happens(room, "one")
        room.crowd.remove(leaves)
        self.happens(room, "two")
        self.end()
        self.assertEqual((stays.writes(), leaves.writes()), (["x:one x:two"], ["x:one"]))

    def test_the_last_who_leaves_hears_what_was_said_before(self) -> None:
        room = Room("tea")
        (alone,) = self.listeners(1, Tongue("x"), room)
        self.happens(room, "one")
        room.crowd.remove(alone)
        self.assertEqual((len(room.crowd), room.crowd.groups), (0, {}))
        self.end()
        self.assertEqual(alone.writes(), ["x:one"])

    def test_who_leaves_and_joins_again_misses_what_was_said_between(self) -> None:
        room = Room("tea")
        stays, moves = self.listeners(2, Tongue("x"), room)
        self.happens(room, "one")
        room.crowd.remove(moves)
        self.happens(room, "two")
        room.crowd.add(moves)
        self.happens(room, "three")
        self.end()
        self.assertEqual((stays.writes(), moves.writes()), (["x:one x:two x:three"], ["x:one", "x:three"]))

    def test_who_changes_dialect_sees_what_follows_in_the_new_one(self) -> None:
        room, old, new = Room("tea"), Tongue("old"), Tongue("new")
        (person,) = self.listeners(1, old, room)
        self.listeners(1, new, room)
        for tongue in (new, old, new):
            self.happens(room, "one")
            person.tongue = tongue
            room.crowd.add(person)
        self.happens(room, "two")
        self.end()
        self.assertEqual(person.writes(), ["old:one new:one old:one", "new:two"])

    def test_adding_twice_is_adding_once(self) -> None:
        room = Room("tea")
        (person,) = self.listeners(1, Tongue("x"), room, room)
        self.happens(room, "one")
        self.end()
        self.assertEqual(person.writes(), ["x:one"])
        room.crowd.remove(person)
        room.crowd.remove(person)
        self.assertNotIn(person, room.crowd)

    def test_a_session_is_told_once_that_it_enters_and_once_that_it_leaves(self) -> None:
        room, told = Room("tea"), []
        (person,) = self.listeners(1, Tongue("x"))
        person.enters, person.leaves = (lambda crowd: told.append("enters")), (lambda crowd: told.append("leaves"))
        room.crowd.add(person)
        person.tongue = Tongue("y")
        room.crowd.add(person)
        room.crowd.remove(person)
        room.crowd.remove(person)
        self.assertEqual(told, ["enters", "leaves"])


class RandomTests(TurnTestCase):
    """A schedule by dice, against a model that keeps a list for each listener."""

    def test_everyone_hears_what_they_should_in_order(self) -> None:
        for seed in range(150):
            self.setUp()
            self.play(random.Random(seed), f"seed {seed}")

    def play(self, dice: random.Random, label: str) -> None:
        rooms = [Room(name) for name in "abc"]
        tongues = [Tongue("x"), Tongue("y"), Tongue("z", echo=True)]
        people: list[Any] = [person for tongue in tongues for person in self.listeners(2, tongue)]
        expected: dict[Any, list[str]] = {person: [] for person in people}
        for number in range(dice.randrange(200)):
            person, room, word = dice.choice(people), dice.choice(rooms), str(number)
            act = dice.choices(("say", "reply", "join", "part", "change", "flush", "end"), (9, 3, 3, 2, 2, 1, 1))[0]
            if act == "say":
                origin = dice.choice((None, person))
                for hearer in people:
                    if hearer in room.crowd and (hearer is not origin or hearer.tongue.echo):
                        expected[hearer].append(f"{hearer.tongue.name}:{word}")
                self.happens(room, word, origin)
            elif act == "reply":
                person.outlet.write(word.encode() + b" ")
                expected[person].append(word)
            elif act == "join":
                room.crowd.add(person)
            elif act == "part":
                room.crowd.remove(person)
            elif act == "change":
                person.tongue = dice.choice(tongues)
                for room in rooms:
                    if person in room.crowd:
                        room.crowd.add(person)
            elif act == "flush":
                person.outlet.settle()
                person.outlet.flush()
            else:
                self.end()
                self.assertEqual({p: p.transport.value().decode().split() for p in people}, expected, label)
        self.end()
        self.assertEqual({p: p.transport.value().decode().split() for p in people}, expected, label)


class RestTests(TurnTestCase):
    """Writing to many takes its time; meanwhile more is said, and goes to each of them in one piece."""

    def setUp(self) -> None:
        super().setUp()
        self.room = Room("tea")
        self.alice, self.bob = self.listeners(2, Tongue("a"), self.room)
        self.alice.transport.clock, self.alice.transport.takes = self.clock, 0.01
        self.says("zero", "one")
        self.assertEqual((self.alice.writes(), self.bob.writes()), (["a:zero", "a:one"], ["a:zero", "a:one"]))
        self.alice.transport.takes = 0.0

    def says(self, *words: str) -> None:
        """One behind the other, each in a turn of its own."""
        for word in words:
            self.happens(self.room, word)
            self.clock.advance(0)

    def test_what_is_said_now_and_then_waits_for_nothing_nor_does_what_is_said_right_behind_it(self) -> None:
        self.alice.transport.takes = 0.01
        for word in "abcde":
            self.clock.advance(0.03)
            self.says(word)
            self.assertEqual(self.bob.writes(), [f"a:{word}"])
        self.says("f")
        self.assertEqual(self.bob.writes(), ["a:f"])

    def test_it_rests_again_and_again_while_it_goes_on(self) -> None:
        self.alice.transport.takes = 0.01
        for word in "abcde":
            self.says(word)
            self.clock.advance(0.009)
            self.assertEqual(self.bob.writes(), [])
            self.clock.advance(0.001)
            self.assertEqual(self.bob.writes(), [f"a:{word}"])

    def test_it_rests_as_long_as_it_wrote(self) -> None:
        self.happens(self.room, "two")
        self.clock.advance(0)
        self.happens(self.room, "three")
        self.clock.advance(0.009)
        self.assertEqual(self.bob.writes(), [])
        self.clock.advance(0.001)
        self.assertEqual(self.bob.writes(), ["a:two a:three"])
        self.happens(self.room, "four")
        self.clock.advance(0)
        self.assertEqual(self.bob.writes(), ["a:four"])

    def test_an_answer_does_not_wait_and_has_what_was_said_before_in_front(self) -> None:
        self.happens(self.room, "two")
        self.bob.outlet.write(b"PONG")
        self.clock.advance(0)
        self.assertEqual((self.alice.writes(), self.bob.writes()), ([], ["a:two PONG"]))

    def test_it_ends_while_an_answer_waits_for_the_end_of_its_turn(self) -> None:
        """The answer has what was said before it in front, and what was said after it behind."""
        self.happens(self.room, "two")
        self.clock.advance(0)
        self.clock.rightNow += 0.01
        self.bob.outlet.write(b"PONG")
        self.happens(self.room, "three")
        self.clock.advance(0)
        self.assertEqual((self.alice.writes(), self.bob.writes()), (["a:two a:three"], ["a:two PONG", "a:three"]))

    def test_a_long_time_is_no_long_rest(self) -> None:
        self.clock.advance(1)
        self.alice.transport.takes = 5.0
        self.says("two", "three")
        self.alice.transport.takes = 0.0
        self.says("four")
        self.assertEqual(self.bob.writes(), ["a:two", "a:three"])
        self.clock.advance(0.02)
        self.assertEqual(self.bob.writes(), ["a:four"])
