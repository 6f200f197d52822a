"""A history in an SQLite file: one thread writes, a few read, and the reactor waits for neither."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Sequence
from functools import partial
from threading import local
from typing import Any, TypeVar

from twisted.internet.defer import Deferred
from twisted.internet.threads import deferToThreadPool
from twisted.python.threadpool import ThreadPool

from chat.core.events import Event
from chat.core.history import Query, Search
from chat.core.registry import State
from chat.stores import reader, words
from chat.stores.commit import Entry, GroupCommit
from chat.stores.database import claim, connect, prepare, why_not
from chat.stores.writer import Writer

T = TypeVar("T")

#: The kinds of states that the registry holds in memory; others are read when they are asked for.
IN_MEMORY = ("account", "room", "read")
READERS = 2


class SQLiteHistory(GroupCommit):
    """Keeps events in the file `path`.  `open` it in the process that is to run, not before a fork.

    `broken` is called with a sentence when the store can neither write nor say how things were: the
    daemon must not go on then.
    """

    def __init__(self, reactor: Any, path: str, broken: Callable[[str], None]) -> None:
        super().__init__(reactor)
        self._reactor, self._path, self._broken = reactor, path, broken
        self._readers = ThreadPool(0, READERS, name="chat-reader")
        self._connections: list[sqlite3.Connection] = []
        self._local = local()

    def open(self) -> None:
        """Open the file, made or upgraded if need be; StoreError with a sentence for the operator."""
        self._held = claim(self._path)
        try:
            prepare(self._path)
            self._main = connect(self._path, write=False)
        except BaseException:
            self._held.close()
            raise
        self._writer = Writer(self._path, partial(self._reactor.callFromThread, self._written))
        self._writer.start()
        self._readers.start()

    def close(self) -> None:
        """Finish what was given and close the file."""
        self._writer.stop()
        self._readers.stop()
        for connection in (*self._connections, self._main):
            connection.close()
        self._held.close()

    # -- writing

    def commit(self, batch: list[Entry]) -> None:
        if any(event is not None for event, _, _ in batch):
            self._writer.write(batch)
        else:
            self.committed(batch)

    def _written(self, batch: list[Entry], duplicates: Collection[int] | None, why: str) -> None:
        if duplicates is not None:
            self.committed(batch, duplicates)
            return
        try:
            self.failed(batch, why)
        except sqlite3.Error as error:
            self._broken(f"The database {self._path} can neither be written ({why}) nor read ({why_not(error)}).")

    def read_states(self, which: Collection[State]) -> list[State]:
        return [State(s.kind, s.key, reader.state(self._main, s.kind, s.key)) for s in which]

    # -- at the start

    def states(self) -> Sequence[State]:
        return reader.states(self._main, IN_MEMORY)

    def last(self) -> tuple[int, int]:
        return reader.last(self._main)

    def last_number(self, conversation: str) -> int:
        return reader.last_number(self._main, conversation)

    # -- reading

    def _read(self, ask: Callable[..., T], *args: Any) -> Deferred[T]:
        return deferToThreadPool(self._reactor, self._readers, self._ask, ask, *args)

    def _ask(self, ask: Callable[..., T], *args: Any) -> T:
        """In a reader's thread: each has a connection of its own."""
        if not hasattr(self._local, "connection"):
            self._local.connection = connect(self._path, write=False)
            self._connections.append(self._local.connection)
        return ask(self._local.connection, *args)

    def page(self, query: Query) -> Deferred[list[Event]]:
        return self._read(reader.page, query)

    def count(self, query: Query) -> Deferred[int]:
        return self._read(reader.count, query)

    def line(self, conversation: str, number: int) -> Deferred[Any]:
        return self._read(reader.line, conversation, number)

    def find(self, id: str) -> Deferred[Event | None]:
        return self._read(reader.find, id)

    def since(self, time: int) -> Deferred[int]:
        return self._read(reader.since, time)

    def state(self, kind: str, key: str) -> Deferred[str | None]:
        return self._read(reader.state, kind, key)

    def states_of(self, kind: str, start: str) -> Deferred[list[State]]:
        return self._read(reader.states_of, kind, start)

    def search(self, search: Search) -> Deferred[list[Event]]:
        """What the index has not seen yet is indexed first, in the writer's thread, between its batches."""
        words.expression(search.words)
        ready: Deferred[None] = Deferred()
        self._index(ready)
        return ready.addCallback(lambda _: self._read(reader.search, search))

    def _index(self, ready: Deferred[None]) -> None:
        self._writer.call(partial(self._index_step, ready))

    def _index_step(self, ready: Deferred[None], connection: sqlite3.Connection) -> None:
        try:
            more = words.index(connection)
        except sqlite3.Error:
            more = False  # a full disk: what is indexed can still be searched
        if more:
            self._index(ready)
        else:
            self._reactor.callFromThread(ready.callback, None)
