"""The full-text index: it follows at its own pace, and forgets what it must."""

from __future__ import annotations

import sqlite3

from twisted.trial.unittest import SynchronousTestCase

from chat.core.events import Event, Quote
from chat.core.history import Search
from chat.stores import timeline, words
from chat.stores.database import connect, prepare
from chat.stores.writer import write
from tests.contracts.events import Stream

#: A word that is nowhere in the schema, and in no other line.
SECRET = "xylophone"


class WordsCase(SynchronousTestCase):
    """The connection of a writer, without its thread."""

    def setUp(self) -> None:
        self.path = self.mktemp()
        prepare(self.path)
        self.connection = connect(self.path, write=True)
        self.addCleanup(self.connection.close)
        self.stream = Stream()

    def keep(self, *events: Event) -> None:
        self.assertEqual(write(self.connection, [(event, (), lambda refusal: None) for event in events]), {})

    def idle(self) -> int:
        """Everything that is done in idle moments; how many steps that takes."""
        steps = 1
        while words.index(self.connection, timeline.last(self.connection)) or words.tidy(self.connection):
            steps += 1
            self.assertLess(steps, 10_000)
        return steps

    def found(self, text: str) -> list[int]:
        return words.find(self.connection, Search(text, ("lobby",), limit=10_000), '["lobby"]')

    def check(self) -> None:
        """The index is as FTS5 itself says that it should be."""
        self.connection.execute("INSERT INTO search (search) VALUES ('integrity-check')")


class PaceTests(WordsCase):
    def test_it_goes_step_by_step_and_comes_to_an_end(self) -> None:
        self.keep(*(self.stream.said("tea") for _ in range(2 * words.STEP + 1)))
        self.assertEqual(self.found("tea"), [])
        self.assertTrue(words.index(self.connection, self.stream.seq))
        self.assertEqual(len(words.find(self.connection, Search("tea", (), limit=9999), '["lobby"]')), words.STEP)
        self.assertTrue(words.index(self.connection, self.stream.seq))
        self.assertFalse(words.index(self.connection, self.stream.seq))
        self.assertEqual(self.idle(), 1)
        self.check()

    def test_it_goes_no_further_than_it_is_asked(self) -> None:
        """Whoever searches waits for what was said before, not for what is said meanwhile."""
        self.keep(*(self.stream.said("tea") for _ in range(10)))
        self.assertFalse(words.index(self.connection, 4))
        self.assertEqual(self.found("tea"), [4, 3, 2, 1])

    def test_a_failed_step_is_done_again(self) -> None:
        self.keep(*(self.stream.said(f"tea{number}") for number in range(2000)))
        (pages,) = self.connection.execute("PRAGMA page_count").fetchone()
        self.connection.execute(f"PRAGMA max_page_count = {pages}")
        self.assertRaises(sqlite3.OperationalError, words.index, self.connection, self.stream.seq)
        self.connection.execute("PRAGMA max_page_count = 1000000")
        self.idle()
        self.assertEqual(self.found("tea77"), [78])
        self.check()


class RemovedTests(WordsCase):
    """The words of a removed line are nowhere in the file."""

    def places(self) -> set[str]:
        """Where the secret is: in which tables, and in which files."""
        found = set()
        tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
        for (table,) in self.connection.execute(tables).fetchall():
            rows = self.connection.execute(f"SELECT * FROM {table}").fetchall()
            if any(holds_secret(value) for row in rows for value in row):
                found.add(table)
        for name in (self.path, f"{self.path}-wal"):
            with open(name, "rb") as file:
                if holds_secret(file.read()):
                    found.add("wal" if name.endswith("-wal") else "file")
        return found

    def test_this_test_can_find_it(self) -> None:
        self.keep(self.stream.said(f"the {SECRET} is here"))
        self.idle()
        self.assertEqual(self.places(), {"event", "search_data", "wal"})
        self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.assertEqual(self.places(), {"event", "search_data", "file"})

    def removed(self, indexed_before: bool) -> set[str]:
        self.keep(*(self.stream.said(f"before {number}") for number in range(3000)))
        line = self.stream.said(f"the {SECRET} is here")
        self.keep(line, self.stream.edited(line, f"the {SECRET} was here"))
        self.keep(self.stream.said("what?", quote=Quote.of(line)))
        self.keep(*(self.stream.said(f"after {number}") for number in range(3000)))
        if indexed_before:
            self.idle()
            self.assertEqual(self.found(SECRET), [3001])
            self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.keep(self.stream.removed(line))
        self.assertEqual(self.found(SECRET), [])
        return self.places()

    def test_when_it_was_indexed(self) -> None:
        self.assertNotIn("event", self.removed(indexed_before=True))
        self.idle()
        self.assertEqual(self.places(), set())
        self.check()

    def test_when_it_was_not_indexed_yet(self) -> None:
        self.assertTrue(self.removed(indexed_before=False) <= {"wal"})
        self.idle()
        self.assertEqual(self.places(), set())
        self.check()

    def test_after_a_restart_in_between(self) -> None:
        self.removed(indexed_before=True)
        words.tidy(self.connection)
        self.connection.close()
        self.connection = connect(self.path, write=True)
        self.addCleanup(self.connection.close)
        self.idle()
        self.assertEqual(self.places(), set())
        self.check()

    def test_while_somebody_reads(self) -> None:
        """The write-ahead log cannot be cut then; nobody waits for that."""
        self.removed(indexed_before=True)
        other = sqlite3.connect(self.path, isolation_level=None)
        self.addCleanup(other.close)
        other.execute("BEGIN")
        other.execute("SELECT * FROM event").fetchone()
        self.idle()
        self.assertTrue(self.places() <= {"wal", "file"})
        self.assertEqual(self.connection.execute("PRAGMA busy_timeout").fetchone(), (10_000,))

    def test_removing_again_and_again_while_it_is_tidied(self) -> None:
        """SQLite 3.40 damages its index when a merge is begun again and again before it has ended."""
        self.connection.execute("PRAGMA synchronous = OFF")
        self.patch(words, "PAGES", 1)  # so that it takes longer than the next removal
        self.keep(*(self.stream.said(f"tea a{number * 7919 % 5003} b{number}") for number in range(500)))
        for number in range(60):
            for more in range(20):
                line = self.stream.said(f"tea n{number} m{more}")
                self.keep(line, self.stream.said(f"milk n{number} m{more}"))
                words.index(self.connection, self.stream.seq)
                if more == 0:
                    self.keep(self.stream.removed(line))
                words.tidy(self.connection)
        self.check()
        self.idle()
        self.check()
        self.assertEqual(self.found("n59 m7 tea"), [self.stream.seq - 25])
        self.assertEqual(len(self.found("tea")), 500 + 60 * 19)


def holds_secret(value: object) -> bool:
    """FTS5 leaves out what a word has in common with the one before it."""
    if isinstance(value, bytes):
        return SECRET[1:].encode() in value
    return isinstance(value, str) and SECRET[1:] in value
