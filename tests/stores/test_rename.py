"""What a room's new name leaves in the database: everything that was said there, under the new name."""

from __future__ import annotations

from typing import Any

from twisted.trial.unittest import TestCase

from chat.core.events import Event, RoomRenamed, Said
from chat.core.history import Query
from chat.core.registry import Author, Registry
from chat.stores import database, reader, writer

ALICE = Author("alice", "1-alice")


class RenameTests(TestCase):
    def setUp(self) -> None:
        path = self.mktemp()
        database.prepare(path)
        self.connection = database.connect(path, write=True)
        self.addCleanup(self.connection.close)
        self.seq = 0

    def kept(self, *events: Event) -> None:
        """Write these events in one batch."""
        for event in events:
            self.seq += 1
            event.seq, event.id, event.time = self.seq, f"e{self.seq}", self.seq
        writer.write(self.connection, [(event, (), lambda refusal: None) for event in events])

    def page(self, conversation: str, lines: bool = True) -> list[Any]:
        return reader.page(self.connection, Query([conversation], lines=lines))

    def said(self, room: str, text: str, number: int) -> Said:
        event = Said(ALICE, room, text)
        event.number = number
        return event

    def test_the_history_goes_with_it_and_what_comes_later_does_not(self) -> None:
        renamed = RoomRenamed(ALICE, "tea", "Coffee")
        self.kept(self.said("tea", "old", 1))
        self.kept(self.said("tea", "in the same batch", 2), renamed, self.said("tea", "another tea", 1))
        self.kept(self.said("Coffee", "new", 3))
        self.assertEqual(
            [(event.room, event.text) for event in self.page("coffee")],
            [("Coffee", "old"), ("Coffee", "in the same batch"), ("Coffee", "new")],
        )
        self.assertEqual([event.text for event in self.page("tea")], ["another tea"])
        self.assertEqual(reader.last_number(self.connection, "coffee"), 3)
        told = next(event for event in self.page("coffee", lines=False) if isinstance(event, RoomRenamed))
        self.assertEqual((told.room, told.name), ("tea", "Coffee"))

    def test_another_case_of_letters(self) -> None:
        self.kept(self.said("tea", "hot", 1), RoomRenamed(ALICE, "tea", "Tea"))
        self.assertEqual([(event.room, event.text) for event in self.page("tea")], [("Tea", "hot")])


class RegistryTests(TestCase):
    def test_a_name_that_could_not_be_kept_is_taken_back(self) -> None:
        registry = Registry()
        room = registry.room_or_new("tea")
        before = room.save()
        registry.read["~alice"] = {"tea": 5}
        registry.rename_room(room, "coffee")
        self.assertEqual(registry.read["~alice"], {"coffee": 5})
        registry.restore(before)
        self.assertIs(registry.room("tea"), room)
        self.assertNotIn("coffee", registry.rooms)
        self.assertEqual((room.name, registry.read["~alice"]), ("tea", {"tea": 5}))
