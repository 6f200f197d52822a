"""A history in an SQLite file: one thread writes, a few read, and the reactor waits for neither."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Collection, Sequence
from contextlib import ExitStack, closing, suppress
from functools import partial
from queue import SimpleQueue
from threading import local
from typing import Any, TypeVar

from twisted.internet.defer import Deferred, fail
from twisted.internet.threads import deferToThreadPool
from twisted.logger import Logger
from twisted.python.threadpool import ThreadPool

from chat.core.events import Event
from chat.core.history import IN_MEMORY, Query, Search
from chat.core.refusals import NoBackup, Refused
from chat.core.registry import State
from chat.stores import reader, timeline, words
from chat.stores.backup import back_up
from chat.stores.commit import Entry, GroupCommit, LeftOut
from chat.stores.database import claim, connect, explaining, lengthen_log, prepare, why_not
from chat.stores.writer import Writer

T = TypeVar("T")
log = Logger(namespace="chat.store")

READERS = 2
#: Seconds that the store rests at most; it rests as long as the last commit took.
REST = 0.01
STOPPING = "the server is stopping"


class SQLiteHistory(GroupCommit):
    """Keeps events in the file `path`.  `open` it in the process that is to run, not before a fork.

    `broken` is called once, with a sentence, when the store can neither write nor say how things were:
    the daemon must not go on then.
    """

    def __init__(self, reactor: Any, path: str, broken: Callable[[str], None]) -> None:
        super().__init__(reactor)
        self._reactor, self._path, self._broken = reactor, path, broken
        self._outcomes: SimpleQueue[tuple[Sequence[Entry], LeftOut | None, str]] = SimpleQueue()
        self._readers = ThreadPool(0, READERS, name="chat-reader")
        self._connections: list[sqlite3.Connection] = []
        self._local = local()
        self._at_writer = self._closed = self._is_broken = self._backing_up = False
        self._backup: sqlite3.Connection | None = None

    def open(self) -> None:
        """Open the file, made or upgraded if need be; StoreError with a sentence for the operator."""
        self._path = os.path.abspath(self._path)
        with ExitStack() as opened, explaining(self._path):
            self._held = opened.enter_context(claim(self._path))
            prepare(self._path)
            self._main = opened.enter_context(closing(connect(self._path, write=False)))
            writing = connect(self._path, write=True)
            with suppress(sqlite3.Error):  # if the disk is full, it is for later
                lengthen_log(writing)
                timeline.place(writing)
            self._writer = Writer(writing, self._wrote)
            opened.pop_all()
        self._writer.start()
        self._readers.start()

    def close(self) -> None:
        """Finish what was given, tell of it, and close the file; it blocks until that is done."""
        if self._closed:
            return
        while not self.idle:
            if self._at_writer:
                self._tell_outcome(*self._outcomes.get())
            else:
                self._go_on()
        self._closed = True
        self._writer.stop()
        if self._backup is not None:
            with suppress(sqlite3.ProgrammingError):  # it has just ended
                self._backup.interrupt()
        self._readers.stop()
        for connection in (*self._connections, self._main):
            connection.close()
        self._held.close()

    # -- writing

    def commit(self, batch: list[Entry]) -> None:
        if self._closed:
            self.failed(batch, STOPPING)
        else:
            self._at_writer, self._begun = True, self._clock.seconds()
            self._writer.write(batch)

    def _wrote(self, batch: Sequence[Entry], left_out: LeftOut | None, why: str) -> None:
        """In the writer's thread.  `close` takes outcomes from the queue too, when the reactor no longer does."""
        self._outcomes.put((batch, left_out, why))
        self._reactor.callFromThread(self._tell_next_outcome)

    def _tell_next_outcome(self) -> None:
        if not self._outcomes.empty():
            self._tell_outcome(*self._outcomes.get())

    def _tell_outcome(self, batch: Sequence[Entry], left_out: LeftOut | None, why: str) -> None:
        self._at_writer = False
        self.rest = min(self._clock.seconds() - self._begun, REST)
        if left_out is None:
            self.failed(batch, why)
        else:
            self.committed(batch, left_out)

    def read_states(self, which: Collection[State]) -> list[State]:
        if self._closed:
            return []
        return [State(s.kind, s.key, reader.state(self._main, s.kind, s.key)) for s in which]

    def lost(self, error: Exception) -> None:
        super().lost(error)
        if not self._is_broken:
            self._is_broken = True
            self._broken(f"The database {self._path} can neither be written nor read ({why_not(error)}).")

    # -- at the start

    def states(self) -> Sequence[State]:
        with explaining(self._path):
            return reader.states(self._main, IN_MEMORY)

    def last(self) -> tuple[int, int]:
        with explaining(self._path):
            return reader.last(self._main)

    def last_number(self, conversation: str) -> int:
        with explaining(self._path):
            return reader.last_number(self._main, conversation)

    def back_up(self, path: str) -> Deferred[int]:
        """In a reader's thread, one at a time, so that another reader is always free."""
        if self._closed or self._backing_up:
            return fail(NoBackup(STOPPING if self._closed else "another one is being made"))
        self._backing_up = True
        done = deferToThreadPool(self._reactor, self._readers, back_up, self._path, path, self._backup_begun)
        return done.addBoth(self._backup_done)

    def _backup_begun(self, connection: sqlite3.Connection) -> None:
        self._backup = connection

    def _backup_done(self, result: T) -> T:
        self._backing_up, self._backup = False, None
        return result

    # -- reading

    def _read(self, ask: Callable[..., T], *args: Any) -> Deferred[T]:
        if self._closed:
            return fail(Refused(f"The history cannot be read: {STOPPING}."))
        return deferToThreadPool(self._reactor, self._readers, self._ask, ask, *args)

    def _ask(self, ask: Callable[..., T], *args: Any) -> T:
        """In a reader's thread: each has a connection of its own."""
        try:
            if not hasattr(self._local, "connection"):
                self._local.connection = connect(self._path, write=False)
                self._connections.append(self._local.connection)
            return ask(self._local.connection, *args)
        except sqlite3.Error as error:
            log.failure("The history cannot be read")
            raise Refused(f"The history cannot be read: {why_not(error)}.") from None

    def page(self, query: Query) -> Deferred[list[Event]]:
        return self._read(reader.page, query)

    def count(self, query: Query) -> Deferred[int]:
        return self._read(reader.count, query)

    def line(self, conversation: str, number: int) -> Deferred[Any]:
        return self._read(reader.line, conversation, number)

    def find(self, id: str) -> Deferred[Event | None]:
        return self._read(reader.find, id)

    def latest(self, conversations: Sequence[str]) -> Deferred[dict[str, int]]:
        return self._read(reader.latest, conversations)

    def state(self, kind: str, key: str) -> Deferred[str | None]:
        return self._read(reader.state, kind, key)

    def states_of(self, kind: str, start: str) -> Deferred[list[State]]:
        return self._read(reader.states_of, kind, start)

    def search(self, search: Search) -> Deferred[list[Event]]:
        """What is not indexed yet is indexed first, in the writer's thread, between its batches."""
        if self._closed:
            return self._read(reader.search, search)
        ready: Deferred[None] = Deferred()
        self._writer.call(partial(self._index, ready, None))
        return ready.addCallback(lambda _: self._read(reader.search, search))

    def _index(self, ready: Deferred[None], upto: int | None, connection: sqlite3.Connection) -> None:
        """Index a step of what there was when the search was asked for."""
        more = False
        try:
            upto = timeline.last(connection) if upto is None else upto
            more = words.index(connection, upto)
        finally:  # with a full disk, what is indexed already can still be searched
            if more and not self._closed:
                self._writer.call(partial(self._index, ready, upto))
            else:
                self._reactor.callFromThread(ready.callback, None)
