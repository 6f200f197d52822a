"""The history in a file when the disk fails, and when we do."""

from __future__ import annotations

import os
from typing import Any

from twisted.internet.defer import Deferred
from twisted.trial.unittest import TestCase

from chat.core.events import Joined, Said, TopicChanged
from chat.core.history import Query, Search
from chat.core.order import LocalOrder
from chat.core.refusals import NotStored, Refused
from chat.core.registry import Registry, User
from chat.core.router import Router
from tests.contracts.events import ALICE, DORA, NOON, seqs
from tests.contracts.writing import BIG, FULL, room
from tests.stores.test_sqlite import SQLiteCase

FAULT = "Not stored: something went wrong on our side. Not sent."


class FullDiskTests(SQLiteCase, TestCase):
    async def test_what_waits_behind_a_failed_write_is_refused_though_there_is_room_for_it(self) -> None:
        """It may rest on what failed: the first line of a room brings the room with it."""
        await self.kept(self.stream.said("before"))
        await self.turn()  # the store does not rest now
        self.fill_disk()
        first = self.give(self.stream.said(BIG), (room("lobby", "tea"),))
        await self.turn()
        self.free_disk()
        second = self.give(self.stream.said("small"))
        self.assertEqual([str(await first), str(await second)], [FULL, FULL])
        await self.kept(self.stream.said("after"))
        self.assertEqual(seqs(await self.history.page(Query(("lobby",)))), [1, 4])

    async def test_reading_goes_on(self) -> None:
        await self.kept(self.stream.said("green tea"), self.stream.said("x" * 50_000))
        self.fill_disk()
        self.assertEqual([str(refusal) for refusal in await self.keep(self.stream.said(BIG))], [FULL])
        self.assertEqual(seqs(await self.history.page(Query(("lobby",)))), [1, 2])
        self.assertEqual((await self.history.line("lobby", 1)).text, "green tea")
        await self.history.search(Search("tea", ("lobby",)))  # what could be indexed before can be found
        self.free_disk()
        self.assertEqual(seqs(await self.history.search(Search("tea", ("lobby",)))), [1])
        self.assertEqual(self.broken, [])

    async def test_what_cannot_be_read_is_refused_in_words(self) -> None:
        await self.kept(self.stream.said("tea"))
        self.spoil()
        refusal = await self.assertFailure(self.history.page(Query(("lobby",))), Refused)
        self.assertEqual(str(refusal), "The history cannot be read: damaged.")
        self.assertEqual(len(self.flushLoggedErrors()), 1)

    async def test_a_store_that_can_neither_write_nor_read_is_broken(self) -> None:
        await self.give(self.stream.said("before"), (room("lobby", "tea"),))
        self.fill_disk()
        self.spoil()
        for _ in range(2):
            first = self.give(self.stream.said(BIG), (room("lobby", "coffee"),))
            second = self.give(self.stream.said("small"))
            self.history.after(lambda _: self.log.append(("told", "after", None)))
            self.assertIsInstance(await first, NotStored)
            self.assertIsInstance(await second, NotStored)
            await self.settled()
        self.assertEqual(self.told, [1, 2, 3, "after", 4, 5, "after"])
        path = os.path.abspath(self.path)
        self.assertEqual(self.broken, [f"The database {path} can neither be written nor read (damaged)."])
        self.assertEqual(len(self.flushLoggedErrors()), 2)

    def spoil(self) -> None:
        """The disk gives back nothing but zeros."""
        for path in (self.path, f"{self.path}-wal"):
            size = os.path.getsize(path)
            with open(path, "r+b") as file:
                file.write(bytes(size))


class FaultTests(SQLiteCase, TestCase):
    """What cannot be put into the file, whatever it is, is refused alone, and the thread that writes goes on."""

    async def test_among_good_ones(self) -> None:
        first, number = self.stream.said("first"), self.stream.said("the number of another")
        number.number = first.number
        faulty: list[Any] = [
            self.stream.said("half a character: \ud83c"),
            self.stream.stamp(TopicChanged(ALICE, "lobby", "\udcff")),
            self.stream.stamp(TopicChanged(ALICE, "lobby", object())),  # type: ignore[arg-type]
            self.stream.said(2**70),  # type: ignore[arg-type]
            self.stream.said(["no text"]),  # type: ignore[arg-type]
            self.stream.stamp(Said(ALICE, 5, "no room")),  # type: ignore[arg-type]
            self.stream.stamp(Said(None, "lobby", "nobody")),  # type: ignore[arg-type]
            number,
        ]
        faulty += [self.stream.said("no time"), self.stream.said("no id"), self.stream.said("an odd id", id="\ud800")]
        faulty[-3].time = faulty[-2].id = None
        faulty.append(self.stream.said("in a new room: \ud83c", "new", by=DORA))
        told = [self.give(first, (room("lobby", "1"),), "good")]
        for event in faulty:
            told.append(self.give(event, (room("lobby", "2"),)))
            told.append(self.give(self.stream.said("good"), (), "good"))
        new = self.give(self.stream.said("good", "new", by=DORA))
        refusals = [await one for one in told]
        self.assertEqual([str(refusal) for refusal in refusals[1::2]], [FAULT] * len(faulty))
        self.assertEqual([*refusals[0::2], await new], [None] * (len(faulty) + 2))
        self.assertEqual([line.by for line in await self.history.page(Query(("new",)))], [DORA])
        self.assertEqual(self.log[0][:2], ("back", {("room", "lobby"): room("lobby", "1").value}))
        self.assertEqual(self.history.states(), [room("lobby", "1")])
        self.assertEqual(len(await self.history.page(Query(("lobby",)))), len(faulty) + 1)
        self.assertEqual(len(self.flushLoggedErrors()), len(faulty))
        self.assertEqual(self.ask("SELECT count(*) FROM event"), [(len(faulty) + 2,)])
        await self.kept(self.stream.said("later"))

    async def test_a_job_that_fails_does_not_end_the_thread(self) -> None:
        def job(connection: object) -> None:
            raise ZeroDivisionError("a bug, for a test")

        self.history._writer.call(job)
        await self.kept(self.stream.said("later"))
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)


class Waiting:
    """Somebody who waits for what becomes of an event."""

    session = None

    def __init__(self) -> None:
        self.outcome: Deferred[Any] = Deferred()

    def delivered(self, event: Any) -> None:
        self.outcome.callback(event)

    def refused(self, event: Any, refusal: Refused) -> None:
        self.outcome.callback(refusal)


class RouterTests(SQLiteCase, TestCase):
    """What a failed write does to the registry, through the router."""

    def setUp(self) -> None:
        super().setUp()
        self.registry = Registry()
        self.router = Router(self.registry, self.history, LocalOrder(), lambda: NOON, self.new_id)
        self.registry.add_user(User(ALICE, NOON))
        self.ids = 0

    def new_id(self, now: int) -> str:
        self.ids += 1
        return f"id-{self.ids}"

    def publish(self, event: Any) -> Deferred[Any]:
        waiting = Waiting()
        self.router.publish(event, waiting)
        return waiting.outcome

    async def test_a_topic_that_was_not_stored_is_the_old_one_again(self) -> None:
        await self.publish(Joined(ALICE, "Lobby"))
        await self.publish(TopicChanged(ALICE, "lobby", "tea"))
        self.fill_disk()
        changes = [self.publish(TopicChanged(ALICE, "lobby", topic)) for topic in (BIG, "milk")]
        self.assertEqual(self.registry.room("lobby").topic.text, "milk")  # type: ignore[union-attr]
        self.assertEqual([str(await change) for change in changes], [FULL, FULL])
        self.assertEqual(self.registry.room("lobby").topic.text, "tea")  # type: ignore[union-attr]
        self.free_disk()
        await self.publish(TopicChanged(ALICE, "lobby", "water"))
        self.assertIn("water", (await self.history.state("room", "lobby")))

    async def test_a_first_topic_that_was_not_stored_is_none(self) -> None:
        await self.publish(Joined(ALICE, "Lobby"))
        self.fill_disk()
        self.assertEqual(str(await self.publish(TopicChanged(ALICE, "lobby", BIG))), FULL)
        self.assertIsNone(self.registry.room("lobby").topic)
        self.assertFalse(self.registry.room("lobby").saved)

    async def test_a_room_whose_first_line_was_not_stored_is_saved_with_the_next(self) -> None:
        await self.publish(Joined(ALICE, "Lobby"))
        self.fill_disk()
        lines = [self.publish(Said(ALICE, "lobby", text)) for text in (BIG, "second")]
        self.assertTrue(self.registry.room("lobby").saved)
        self.assertEqual([str(await line) for line in lines], [FULL, FULL])
        self.assertFalse(self.registry.room("lobby").saved)
        self.assertEqual(self.history.states(), [])
        self.free_disk()
        self.assertIsInstance(await self.publish(Said(ALICE, "lobby", "third")), Said)
        self.assertTrue(self.registry.room("lobby").saved)
        self.reopen()
        again = Router(Registry(), self.history, LocalOrder(), lambda: NOON, self.new_id)
        again.load()
        room, (line,) = again.registry.room("lobby"), await self.history.page(Query(("lobby",)))
        self.assertEqual((room.name, room.saved, room.lines), ("Lobby", True, line.number))

    async def test_lines_go_on_behind_a_faulty_one(self) -> None:
        await self.publish(Joined(ALICE, "Lobby"))
        outcomes = [self.publish(Said(ALICE, "lobby", text)) for text in ("one", "\ud83c", "three")]
        one, faulty, three = [await outcome for outcome in outcomes]
        self.assertEqual(str(faulty), FAULT)
        self.assertEqual(len(self.flushLoggedErrors(UnicodeEncodeError)), 1)
        more = [await self.publish(Said(ALICE, "lobby", "more")) for _ in range(5)]
        self.assertEqual([line.number for line in (one, three, *more)], [1, 3, 4, 5, 6, 7, 8])
        self.assertEqual(self.history.last_number("lobby"), 8)

    async def test_comings_and_goings_are_told_of_all_the_same(self) -> None:
        self.fill_disk()
        joined = await self.publish(Joined(ALICE, "L" * 64))
        self.assertIsInstance(joined, Joined)
        self.assertIn(ALICE.id, self.registry.room("l" * 64).members)

    async def test_a_duplicate_leaves_the_registry_as_it_was(self) -> None:
        await self.publish(Joined(ALICE, "Lobby"))
        for topic in ("tea", "coffee"):
            event = TopicChanged(ALICE, "lobby", topic)
            event.id = "the same"
            outcome = await self.publish(event)
        self.assertEqual(str(outcome), "That was sent before.")
        self.assertEqual(self.registry.room("lobby").topic.text, "tea")  # type: ignore[union-attr]
        self.assertNotIsInstance(outcome, NotStored)
