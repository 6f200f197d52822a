"""What the store keeps of who did something, and what it forgets of a line that was removed."""

from __future__ import annotations

import sqlite3
from typing import Any

from twisted.trial.unittest import TestCase

from chat.core.events import Edited, Event, Joined, Quote, Reacted, Removed, Said, Told
from chat.core.history import Query
from chat.core.registry import Author, State
from chat.stores import reader
from chat.stores.database import connect, prepare
from chat.stores.writer import write

ALICE = Author("alice", "1-a", "~al@example.org", "Alice")
BOB = Author("bob", "2-b")


class AuthorTests(TestCase):
    def setUp(self) -> None:
        path = self.mktemp()
        prepare(path)
        self.connection: sqlite3.Connection = connect(path, write=True)
        self.addCleanup(self.connection.close)
        self.seq = 0

    def keep(self, event: Any, *states: State) -> Any:
        """Write an event, numbered as the router does."""
        self.seq += 1
        event.seq, event.time, event.id = self.seq, self.seq * 1000, f"id{self.seq}"
        if isinstance(event, Said):
            event.number = self.seq
        write(self.connection, [(event, states, lambda refusal: None)])
        return event

    def page(self, **what: bool) -> list[Event]:
        return reader.page(self.connection, Query(("tea",), **what))  # type: ignore[arg-type]

    def test_where_from_and_which_account_are_kept(self) -> None:
        self.keep(Said(ALICE, "tea", "one\ntwo", joints=(5,)))
        (line,) = self.page()
        self.assertEqual(line.by, ALICE)
        self.assertEqual((line.text, line.joints), ("one\ntwo", (5,)))  # type: ignore[attr-defined]

    def test_everything_can_be_read_with_lines_as_they_are_now(self) -> None:
        self.keep(Joined(BOB, "tea"))
        line = self.keep(Said(ALICE, "tea", "helo"))
        self.keep(Edited(ALICE, "tea", line.id, 2, ALICE, "hello"))
        found: list[Any] = self.page(lines=False, reworded=True)
        self.assertEqual([type(event) for event in found], [Joined, Said, Edited])
        self.assertEqual((found[1].text, found[1].revised), ("hello", "edited"))

    def test_of_a_removed_line_no_word_is_left_in_what_was_made_of_it(self) -> None:
        line = self.keep(Said(ALICE, "tea", "hunter2"))
        self.keep(Reacted(BOB, "tea", line.id, 1, ALICE, "!", quote=Quote.of(line)))
        self.keep(Edited(ALICE, "tea", line.id, 1, ALICE, "hunter3", quote=Quote.of(line)))
        self.keep(Removed(ALICE, "tea", line.id, 1, ALICE, said=line.time))
        rows = self.connection.execute("SELECT text, body FROM event").fetchall()
        self.assertNotIn("hunter", repr(rows))

    def test_a_removed_private_line_is_gone_too(self) -> None:
        line = self.keep(Told(ALICE, BOB, "hunter2"))
        self.keep(Removed(ALICE, "", line.id, 0, ALICE, to=BOB))
        (found,) = reader.page(self.connection, Query(line.conversations()))
        self.assertEqual((found.text, found.revised), ("", "removed"))  # type: ignore[attr-defined]

    def test_states_are_found_by_how_their_keys_begin(self) -> None:
        told = Told(ALICE, BOB, "hi")
        self.keep(told, State("talk", "a b", "1"), State("talk", "a c", "2"), State("talk", "ab c", "3"))
        self.assertEqual([state.key for state in reader.states_of(self.connection, "talk", "a ")], ["a b", "a c"])
