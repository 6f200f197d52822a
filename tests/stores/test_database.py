"""Opening the file: its versions, whose it is, and everything that can be wrong with it."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import tempfile
from collections.abc import Callable
from contextlib import closing
from typing import Any

from twisted.internet import reactor
from twisted.trial.unittest import SkipTest, SynchronousTestCase, TestCase

from chat.core.history import Query
from chat.core.refusals import Refused
from chat.stores.database import (
    APPLICATION_ID,
    LOG_LENGTH,
    StoreError,
    claim,
    connect,
    lengthen_log,
    prepare,
    schemas,
    why_not,
)
from chat.stores.sqlite import SQLiteHistory
from tests.contracts.events import seqs
from tests.contracts.writing import room
from tests.stores.test_sqlite import SQLiteCase

#: Schemas of a program that has lived for a while.
FIRST = "CREATE TABLE line (text TEXT); INSERT INTO line VALUES ('old');"
SECOND = "ALTER TABLE line ADD COLUMN by TEXT; UPDATE line SET by = 'somebody';"
THIRD = "CREATE INDEX line_by ON line (by)"
DAMAGED = (
    "{0} is not a chat database, or it is damaged. Move it away and restore a backup, or save what can be read with: "
    "sqlite3 {0} .recover"
)
DENIED = (
    "{0} cannot be written (Permission denied). Give the daemon's user the right to write the file and its directory, "
    "or name another file with --database."
)
NOBODY = 65_534


def ask(path: str, sql: str) -> Any:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


class VersionTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.path = self.mktemp()

    def version(self) -> int:
        return int(ask(self.path, "PRAGMA user_version")[0][0])

    def test_a_new_file(self) -> None:
        prepare(self.path)
        self.assertEqual(self.version(), len(schemas()))
        self.assertEqual(ask(self.path, "PRAGMA application_id"), [(APPLICATION_ID,)])
        self.assertEqual(ask(self.path, "SELECT count(*) FROM event"), [(0,)])

    def test_an_sqlite_that_is_too_old(self) -> None:
        self.patch(sqlite3, "sqlite_version_info", (3, 34, 1))
        self.patch(sqlite3, "sqlite_version", "3.34.1")
        error = self.assertRaises(StoreError, prepare, self.path)
        sentence = "This Python has SQLite 3.34.1, and 3.35 or newer is needed. Take a newer Python."
        self.assertEqual(str(error), sentence)
        self.assertFalse(os.path.exists(self.path))

    def test_the_schemas_that_there_are(self) -> None:
        self.assertIn("CREATE TABLE event", schemas()[0])

    def test_it_is_upgraded_version_by_version(self) -> None:
        prepare(self.path, [FIRST])
        self.assertEqual(self.version(), 1)
        prepare(self.path, [FIRST, SECOND, THIRD])
        self.assertEqual(self.version(), 3)
        self.assertEqual(ask(self.path, "SELECT text, by FROM line"), [("old", "somebody")])
        before = ask(self.path, "SELECT sql FROM sqlite_master")
        prepare(self.path, [FIRST, SECOND, THIRD])
        self.assertEqual(ask(self.path, "SELECT sql FROM sqlite_master"), before)

    def test_an_upgrade_that_fails_changes_nothing(self) -> None:
        prepare(self.path, [FIRST])
        broken = SECOND + "UPDATE line SET missing = 1;"
        error = self.assertRaises(StoreError, prepare, self.path, [FIRST, broken])
        self.assertIn("cannot be used: no such column: missing. Put that right", str(error))
        self.assertEqual(self.version(), 1)
        self.assertEqual(ask(self.path, "SELECT * FROM line"), [("old",)])
        prepare(self.path, [FIRST, SECOND])
        self.assertEqual(self.version(), 2)

    def test_a_later_step_that_fails_leaves_the_steps_before_it(self) -> None:
        self.assertRaises(StoreError, prepare, self.path, [FIRST, SECOND, "nonsense"])
        self.assertEqual(self.version(), 2)

    def test_a_newer_version(self) -> None:
        prepare(self.path, [FIRST, SECOND])
        error = self.assertRaises(StoreError, prepare, self.path, [FIRST])
        self.assertEqual(
            str(error),
            f"{self.path} was written by a newer chat (schema 2; this one knows up to 1). "
            "Install that version again, or name another file with --database.",
        )
        self.assertEqual(self.version(), 2)

    def test_the_database_of_another_program_is_left_as_it_is(self) -> None:
        with closing(sqlite3.connect(self.path)) as connection:
            connection.execute("CREATE TABLE bookmarks (url TEXT)")
        with open(self.path, "rb") as file:
            before = file.read()
        error = self.assertRaises(StoreError, prepare, self.path)
        sentence = f"{self.path} is a database of another program. Name another file with --database."
        self.assertEqual(str(error), sentence)
        with open(self.path, "rb") as file:
            self.assertEqual(file.read(), before)


class ClaimTests(SynchronousTestCase):
    def test_a_second_daemon(self) -> None:
        path = self.mktemp()
        held = claim(path)
        error = self.assertRaises(StoreError, claim, path)
        sentence = f"{path} is in use by another chat daemon. Stop that one, or name another file with --database."
        self.assertEqual(str(error), sentence)
        held.close()
        claim(path).close()

    def test_no_directory(self) -> None:
        folder = os.path.abspath(self.mktemp())
        error = self.assertRaises(StoreError, claim, os.path.join(folder, "chat.sqlite"))
        self.assertEqual(str(error), f"There is no directory {folder}. Make it, or name another file with --database.")

    def test_a_directory_in_its_place(self) -> None:
        path = self.mktemp()
        os.mkdir(path)
        self.assertIn(f"{path} cannot be written (Is a directory).", str(self.assertRaises(StoreError, claim, path)))
        sentence = f"{path} cannot be used: the database file cannot be opened. Put that right, or name another file"
        self.assertIn(sentence, str(self.assertRaises(StoreError, prepare, path)))


class SecretTests(TestCase):
    def test_nobody_else_may_read_it(self) -> None:
        """There are hashes of passwords in it."""
        path = self.mktemp()
        before = os.umask(0)
        self.addCleanup(os.umask, before)
        prepare(path)
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)


class OpenTests(SQLiteCase, TestCase):
    def refused(self) -> str:
        """Why the history does not open; nothing of it is left open, so that it opens once that is put right."""
        history = SQLiteHistory(reactor, self.path, self.broken.append)
        error = self.assertRaises(StoreError, history.open)
        claim(os.path.abspath(self.path)).close()
        return str(error)

    def write(self, at: int, data: bytes) -> None:
        with open(self.path, "r+b") as file:
            file.seek(at)
            file.write(data)

    async def filled(self) -> int:
        """A file with some history in it, closed; its size."""
        for number in range(5):
            await self.give(self.stream.said(f"line {number} " + "x" * 3000), (room(f"room{number}", "y" * 3000),))
        self.history.close()
        return os.path.getsize(self.path)

    def test_twice(self) -> None:
        self.assertIn("is in use by another chat daemon", self.sentence_of_a_second())

    def sentence_of_a_second(self) -> str:
        second = SQLiteHistory(reactor, self.path, self.broken.append)
        return str(self.assertRaises(StoreError, second.open))

    async def test_garbage(self) -> None:
        self.history.close()
        with open(self.path, "wb") as file:
            file.write(b"Once upon a time there was no database. " * 1000)
        self.assertEqual(self.refused(), DAMAGED.format(os.path.abspath(self.path)))

    async def test_a_file_of_which_the_end_is_missing(self) -> None:
        size = await self.filled()
        os.truncate(self.path, size // 2 // 4096 * 4096)
        self.assertEqual(self.refused(), DAMAGED.format(os.path.abspath(self.path)))

    async def test_a_file_without_its_beginning(self) -> None:
        await self.filled()
        self.write(0, bytes(4096))
        self.assertEqual(self.refused(), DAMAGED.format(os.path.abspath(self.path)))

    async def test_an_empty_file_is_a_new_one(self) -> None:
        await self.filled()
        os.truncate(self.path, 0)
        self.use(self.opened())
        self.assertEqual(self.history.last(), (0, 0))

    async def test_a_damaged_page_is_met_when_it_is_read(self) -> None:
        """To look for it at the start would take longer the more there is."""
        size = await self.filled()
        pages = {}
        for table in ("event", "state"):
            (pages[table],) = ask(self.path, f"SELECT rootpage FROM sqlite_master WHERE name = '{table}'")[0]
        self.assertGreater(size, max(pages.values()) * 4096)
        self.write((pages["state"] - 1) * 4096, b"\xff" * 4096)
        self.use(self.opened())
        error = self.assertRaises(StoreError, self.history.states)
        self.assertEqual(str(error), DAMAGED.format(os.path.abspath(self.path)))
        self.assertEqual(seqs(await self.history.page(Query(("lobby",)))), [1, 2, 3, 4, 5])
        self.history.close()
        self.write((pages["event"] - 1) * 4096, b"\xff" * 4096)
        self.use(self.opened())
        self.assertRaises(StoreError, self.history.last)
        refusal = await self.assertFailure(self.history.page(Query(("lobby",))), Refused)
        self.assertEqual(str(refusal), "The history cannot be read: damaged.")
        self.flushLoggedErrors()

    async def test_a_write_ahead_log_that_was_left_behind(self) -> None:
        """After a power failure what was told of is in the log only."""
        await self.give(self.stream.said("one"), (room("lobby", "tea"),))
        copy = self.mktemp()
        for name in ("", "-wal"):
            shutil.copy(self.path + name, copy + name)
        with open(f"{copy}-wal", "ab") as file:
            file.write(b"torn" * 500)
        self.path = copy
        self.use(self.opened())
        self.assertEqual(self.history.last(), (1, self.stream.time))
        self.assertEqual(self.history.states(), [room("lobby", "tea")])


class LengthTests(SQLiteCase, TestCase):
    """The write-ahead log is as long from the start as it becomes."""

    async def test_nothing_makes_it_longer(self) -> None:
        size = os.path.getsize(f"{self.path}-wal")
        self.assertGreater(size, LOG_LENGTH)
        for number in range(300):
            await self.give(self.stream.said(f"line {number}"))
        self.assertEqual(os.path.getsize(f"{self.path}-wal"), size)

    async def test_nothing_of_what_made_it_so_long_is_there(self) -> None:
        await self.give(self.stream.said("one"))
        self.assertEqual(self.ask("SELECT name FROM sqlite_master WHERE name = 'filling'"), [])
        self.history.close()
        self.assertLess(os.path.getsize(self.path), 500_000)

    def test_with_a_full_disk_the_connection_is_as_it_was(self) -> None:
        self.history.close()
        with closing(connect(self.path, write=True)) as connection:
            pages, cache = (connection.execute(f"PRAGMA {name}").fetchone() for name in ("page_count", "cache_size"))
            connection.execute(f"PRAGMA max_page_count = {pages[0] + 1}").fetchall()
            self.assertRaises(sqlite3.OperationalError, lengthen_log, connection)
            self.assertFalse(connection.in_transaction)
            self.assertEqual(connection.execute("PRAGMA cache_size").fetchone(), cache)


class RightsTests(SynchronousTestCase):
    """A file or a directory that the daemon's user may not write."""

    def setUp(self) -> None:
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)
        self.path = os.path.join(self.folder, "chat.sqlite")

    def as_somebody(self, do: Callable[[], object]) -> str:
        """What `do` raises when it is done without the rights of root, which are all."""
        if os.geteuid():
            return said(do)
        if not hasattr(os, "fork"):
            raise SkipTest("root may write everything, and there is no fork to be somebody else")
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
            os.write(writing, said(do).encode())
            os._exit(0)
        os.close(writing)
        with open(reading, "rb") as pipe:
            words = pipe.read().decode()
        os.waitpid(child, 0)
        return words

    def open(self) -> None:
        claim(self.path).close()
        prepare(self.path)

    def test_a_directory_that_may_not_be_written(self) -> None:
        os.chmod(self.folder, 0o555)
        self.assertEqual(self.as_somebody(self.open), DENIED.format(self.path))

    def test_a_file_that_may_not_be_written(self) -> None:
        prepare(self.path)
        os.chmod(self.path, 0o444)
        os.chmod(self.folder, 0o777)
        self.assertEqual(self.as_somebody(self.open), DENIED.format(self.path))

    def test_a_file_that_may_not_be_read(self) -> None:
        prepare(self.path)
        os.chmod(self.path, 0)
        os.chmod(self.folder, 0o777)
        self.assertEqual(self.as_somebody(self.open), DENIED.format(self.path))

    def test_with_the_rights_it_works(self) -> None:
        os.chmod(self.folder, 0o777)
        self.assertEqual(self.as_somebody(self.open), "nothing")


def said(do: Callable[[], object]) -> str:
    try:
        do()
    except Exception as error:
        return str(error)
    return "nothing"


class WordsTests(SynchronousTestCase):
    def test_why_in_a_few_words(self) -> None:
        for text, words in (
            ("database or disk is full", "disk full"),
            ("attempt to write a readonly database", "the database is read-only"),
            ("disk I/O error", "disk error"),
            ("unable to open database file", "the database file cannot be opened"),
            ("database disk image is malformed", "damaged"),
            ("file is not a database", "damaged"),
            ("database is locked", "another program holds the database"),
            ("something new", "something new"),
            ("", "OperationalError"),
        ):
            self.assertEqual(why_not(sqlite3.OperationalError(text)), words)

    def test_another_program_that_holds_the_database(self) -> None:
        path = self.mktemp()
        prepare(path)
        with closing(sqlite3.connect(path, isolation_level=None)) as other, closing(connect(path, True)) as connection:
            other.execute("BEGIN IMMEDIATE")
            connection.execute("PRAGMA busy_timeout = 1")
            error = self.assertRaises(sqlite3.OperationalError, connection.execute, "BEGIN IMMEDIATE")
        self.assertEqual(why_not(error), "another program holds the database")
