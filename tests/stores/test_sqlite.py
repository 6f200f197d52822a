"""The history in a file: it keeps the contract, and what it keeps it finds again."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import textwrap
import threading
from contextlib import closing
from typing import Any

from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.trial.unittest import TestCase

from chat.core.history import Query, Search
from chat.core.refusals import Duplicate, NotStored, Refused
from chat.core.registry import State
from chat.stores import keys, timeline
from chat.stores.sqlite import SQLiteHistory
from tests.contracts import HistoryContract
from tests.contracts.events import facts, seqs
from tests.contracts.history import HistoryCase
from tests.contracts.model import CONVERSATIONS, random_events
from tests.contracts.writing import BIG, room

ENDLESS = 1_000_000_000


class SQLiteCase(HistoryCase):
    """A history in a file, which can be closed and opened again."""

    def setUp(self) -> None:
        self.broken: list[str] = []
        super().setUp()

    def new_history(self) -> Any:
        self.path = self.mktemp()
        return self.opened()

    def opened(self) -> Any:
        history = SQLiteHistory(reactor, self.path, self.broken.append)
        history.open()
        self.addCleanup(history.close)
        return history

    def reopen(self) -> None:
        self.history.close()
        self.use(self.opened())

    def ask(self, sql: str, *parameters: object) -> list[Any]:
        """Ask the file itself, as somebody who was not there."""
        with closing(sqlite3.connect(self.path)) as connection:
            return connection.execute(sql, parameters).fetchall()

    def limit_pages(self, most: int) -> None:
        """The file may not grow beyond so many pages: SQLite says then that the disk is full."""
        self.history._writer.call(lambda connection: connection.execute(f"PRAGMA max_page_count = {most}").fetchall())

    def fill_disk(self) -> None:
        self.limit_pages(1)  # it is never less than there are

    def free_disk(self) -> None:
        self.limit_pages(ENDLESS)


class SQLiteHistoryTests(HistoryContract, SQLiteCase, TestCase):
    pass


class PromptTests(HistoryContract, SQLiteCase, TestCase):
    """It is the same if nothing stays in the tail for long, and hardly anybody is remembered."""

    def setUp(self) -> None:
        self.patch(timeline, "TAIL", 2)
        self.patch(keys, "REMEMBERED", 2)
        super().setUp()


class LastingTests(SQLiteCase, TestCase):
    """What was told of is in the file."""

    async def test_another_connection_sees_it_when_then_is_called(self) -> None:
        seen: list[Any] = []
        for number in range(1, 6):
            done: Deferred[None] = Deferred()

            def then(refusal: Refused | None, number: int = number, done: Deferred[None] = done) -> None:
                seen.append((refusal, self.ask("SELECT text FROM event WHERE seq = ?", number)))
                done.callback(None)

            self.history.keep(self.stream.said(f"line {number}"), (room("lobby", str(number)),), then)
            await done
            self.assertEqual(self.ask("SELECT value FROM state"), [(room("lobby", str(number)).value,)])
        self.assertEqual(seen, [(None, [(f"line {number}",)]) for number in range(1, 6)])

    async def test_it_is_synchronised_with_the_disk_before_then_is_called(self) -> None:
        asked: Deferred[list[Any]] = Deferred()
        questions = ("synchronous", "journal_mode", "secure_delete")
        self.history._writer.call(
            lambda connection: asked.callback([connection.execute(f"PRAGMA {q}").fetchone()[0] for q in questions])
        )
        await self.kept(self.stream.said("hi"))
        self.assertEqual(asked.result, [2, "wal", 1])

    def test_what_a_killed_process_had_told_of_is_there(self) -> None:
        """A child says the seq of each event it was told is kept, until it is killed."""
        path = os.path.abspath(self.mktemp())
        environ = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        with subprocess.Popen([sys.executable, "-c", CHILD, path], stdout=subprocess.PIPE, env=environ) as child:
            assert child.stdout is not None
            told = [int(child.stdout.readline()) for _ in range(2000)]
            child.send_signal(signal.SIGKILL)
            told += [int(line) for line in child.stdout.read().splitlines(keepends=True) if line.endswith(b"\n")]
        self.assertEqual(child.returncode, -signal.SIGKILL)
        self.assertEqual(told, list(range(1, len(told) + 1)))
        self.path = path
        self.use(self.opened())
        last, _ = self.history.last()
        self.assertGreaterEqual(last, len(told))
        self.assertEqual(self.history.last_number("lobby"), last)
        self.assertEqual(self.ask("SELECT count(*) FROM event"), [(last,)])
        self.assertEqual(self.ask("PRAGMA integrity_check"), [("ok",)])


CHILD = textwrap.dedent(
    """
    import sys
    from twisted.internet import reactor
    from chat.stores.sqlite import SQLiteHistory
    from tests.contracts.events import Stream
    history, stream = SQLiteHistory(reactor, sys.argv[1], print), Stream()

    def keep_some():
        for _ in range(7):
            event = stream.said("line")
            history.keep(event, (), lambda refusal, seq=event.seq: refusal or print(seq, flush=True))
        reactor.callLater(0, keep_some)

    history.open()
    reactor.callWhenRunning(keep_some)
    reactor.run()
    """
)


class ReopenTests(SQLiteCase, TestCase):
    """The next daemon finds what this one left."""

    async def test_what_lasts_and_where_it_was(self) -> None:
        await self.give(self.stream.said("a"), (room("lobby", "tea"), State("seen", "bob", "1")))
        await self.give(self.stream.said("b", "dev"), (room("dev", "code"),))
        await self.give(self.stream.said("c"), (room("dev", "more code"), State("room", "lobby", None)))
        self.reopen()
        self.assertEqual(self.history.states(), [room("dev", "more code")])
        self.assertEqual(self.history.last(), (3, self.stream.time))
        self.assertEqual([self.history.last_number(key) for key in ("lobby", "dev", "ops")], [2, 1, 0])
        self.assertEqual(await self.history.state("seen", "bob"), "1")

    async def test_duplicates(self) -> None:
        await self.kept(self.stream.said("a", id="key"))
        self.reopen()
        told = await self.keep(self.stream.said("b"), self.stream.said("again", id="key"))
        self.assertEqual([type(refusal) for refusal in told], [type(None), Duplicate])
        self.assertEqual((await self.history.find("key")).text, "a")

    async def test_what_was_refused_stays_away(self) -> None:
        await self.give(self.stream.said("a"), (room("lobby", "tea"),))
        self.fill_disk()
        await self.give(self.stream.said(BIG), (room("lobby", "coffee"),))
        self.reopen()
        self.assertEqual(seqs(await self.history.page(Query(("lobby",)))), [1])
        self.assertEqual(self.history.states(), [room("lobby", "tea")])
        await self.kept(self.stream.said("c"))

    async def test_everything_that_can_be_read(self) -> None:
        await self.kept(*random_events(random.Random(3), self.stream, 400))
        queries = [Query(CONVERSATIONS, lines=lines, limit=1000) for lines in (True, False)]
        before = [*[await self.history.page(query) for query in queries], await self.searched()]
        self.reopen()
        after = [*[await self.history.page(query) for query in queries], await self.searched()]
        self.assertEqual(*([[facts(event) for event in page] for page in pages] for pages in (before, after)))

    async def searched(self) -> Any:
        return await self.history.search(Search("tea", CONVERSATIONS, limit=1000))

    async def test_what_has_no_place_in_the_timeline_yet_gets_it(self) -> None:
        await self.kept(*(self.stream.said("x") for _ in range(5)), self.stream.left("lobby", "dev"))
        self.assertEqual(self.ask("SELECT line, seq FROM timeline"), [(0, 6), (0, 6)])
        self.reopen()
        places = [(1, 1, 1), (1, 1, 2), (1, 1, 3), (1, 1, 4), (1, 1, 5), (1, 0, 6), (2, 0, 6)]
        self.assertEqual(self.ask("SELECT place, line, seq FROM timeline ORDER BY seq, place"), places)
        self.assertEqual(self.ask("SELECT placed FROM indexed"), [(6,)])
        self.assertEqual(seqs(await self.history.page(Query(("lobby",), lines=False))), [1, 2, 3, 4, 5, 6])

    async def test_the_tail_does_not_become_longer_than_it_may(self) -> None:
        self.patch(timeline, "TAIL", 10)
        for _ in range(3):
            await self.kept(*(self.stream.said("x") for _ in range(7)))
        self.history.close()
        self.assertEqual(self.ask("SELECT placed FROM indexed"), [(14,)])

    async def test_the_file_is_found_again_from_another_directory(self) -> None:
        """Readers open it when they are first needed."""
        here = os.getcwd()
        self.addCleanup(os.chdir, here)
        self.history.close()
        self.path = os.path.relpath(self.path)
        self.use(self.opened())
        os.chdir("/")
        await self.kept(self.stream.said("a"))
        self.assertEqual(seqs(await self.history.page(Query(("lobby",)))), [1])


class CloseTests(SQLiteCase, TestCase):
    """Closing finishes what was given."""

    def test_what_waits_is_written_and_told_of(self) -> None:
        told = [self.give(self.stream.said(f"line {number}")) for number in range(100)]
        self.history.close()
        self.assertEqual([one.result for one in told], [None] * 100)
        self.assertEqual(self.told, list(range(1, 101)))
        self.assertEqual(self.ask("SELECT count(*) FROM event"), [(100,)])

    async def test_what_is_being_written_and_what_waits_behind_it(self) -> None:
        first = self.give(self.stream.said("a"))
        await self.turn()
        self.history.after(lambda _: self.log.append(("told", "after", None)))
        second = self.give(self.stream.said("b"))
        self.history.close()
        self.assertEqual([first.result, second.result], [None, None])
        self.assertEqual(self.told, [1, "after", 2])
        await self.turn()
        self.assertEqual(self.told, [1, "after", 2])

    async def test_from_within_then(self) -> None:
        """The daemon closes it when it was told that all is settled."""
        first = self.give(self.stream.said("a"))
        first.addCallback(lambda _: self.give(self.stream.said("c")))
        first.addCallback(lambda told: self.history.close() or told)
        second = self.give(self.stream.said("b"))
        await self.settled()
        await first
        await second
        self.assertEqual(sorted(self.told), [1, 2, 3])
        self.assertEqual(self.ask("SELECT count(*) FROM event"), [(3,)])

    async def test_what_is_given_afterwards_is_refused(self) -> None:
        self.history.close()
        refusal = await self.give(self.stream.said("a"), (room("lobby", "tea"),))
        self.assertIsInstance(refusal, NotStored)
        self.assertEqual(str(refusal), "Not stored: the server is stopping. Not sent.")
        for ask in (
            lambda: self.history.page(Query(("lobby",))),
            lambda: self.history.find("id-1"),
            lambda: self.history.search(Search("tea", ("lobby",))),
        ):
            refusal = await self.assertFailure(ask(), Refused)
            self.assertEqual(str(refusal), "The history cannot be read: the server is stopping.")

    async def test_whoever_reads_gets_an_answer(self) -> None:
        await self.kept(*(self.stream.said("tea") for _ in range(6000)))
        pages = [self.history.page(Query(("lobby",), limit=500)) for _ in range(20)]
        searches = [self.history.search(Search("tea", ("lobby",))) for _ in range(5)]
        self.history.close()
        self.assertEqual([len(await page) for page in pages], [500] * 20)
        for search in searches:
            await self.assertFailure(search, Refused)

    async def test_closing_leaves_no_log_and_no_thread(self) -> None:
        await self.kept(self.stream.said("a"))
        await self.history.page(Query(("lobby",)))
        self.history.close()
        self.assertTrue(os.path.exists(self.path))
        self.assertFalse(os.path.exists(f"{self.path}-wal"))
        self.assertEqual([thread.name for thread in threading.enumerate() if thread.name.startswith("chat-")], [])
