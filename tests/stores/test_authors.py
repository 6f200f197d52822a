"""What is left in the database of a line that was removed."""

from __future__ import annotations

import sqlite3
from typing import Any

from twisted.trial.unittest import TestCase

from chat.core.events import Event, Quote
from chat.stores import words
from chat.stores.database import connect, prepare
from chat.stores.terms import words_of
from chat.stores.writer import write
from tests.contracts.events import Stream


class RemovedTests(TestCase):
    def setUp(self) -> None:
        path = self.mktemp()
        prepare(path)
        self.connection: sqlite3.Connection = connect(path, write=True)
        self.addCleanup(self.connection.close)
        self.stream = Stream()

    def keep(self, event: Any) -> Any:
        """Write and index an event."""
        write(self.connection, [(event, (), lambda refusal: None)])
        words.index(self.connection, event.seq)
        return event

    def rows(self) -> str:
        return repr(self.connection.execute("SELECT text, body FROM event").fetchall())

    def test_no_word_is_left_in_what_was_made_of_it(self) -> None:
        line = self.keep(self.stream.said("hunter2"))
        self.keep(self.stream.reacted(line, "!"))
        self.keep(self.stream.edited(line, "hunter3"))
        self.keep(self.stream.said("why?", quote=Quote.of(line)))
        self.assertEqual(self.rows().count("hunter"), 5)
        self.keep(self.stream.removed(line))
        self.assertNotIn("hunter", self.rows())
        self.assert_index_agrees()

    def test_a_removed_reaction_was_never_in_the_index(self) -> None:
        line = self.keep(self.stream.said("tea"))
        reaction: Event = self.keep(self.stream.reacted(line, "more words than were ever indexed"))
        removed = self.stream.removed(line)
        removed.ref = reaction.id
        self.keep(removed)
        self.assert_index_agrees()

    def assert_index_agrees(self) -> None:
        """It holds the words of the lines as they are now, and no others."""
        self.connection.execute("CREATE VIRTUAL TABLE temp.used USING fts5vocab (main, search, row)")
        found = {term for (term,) in self.connection.execute("SELECT term FROM used")}
        texts = self.connection.execute("SELECT text FROM event WHERE kind <> 'Reacted' AND text <> ''")
        self.assertEqual(found, {word for (text,) in texts for word in words_of(text)})
