"""The thread that writes: one transaction a batch, on disk before anyone is told.

A batch is a handful of statements, each with as many rows as fit.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from queue import Empty, SimpleQueue
from threading import Thread

from twisted.logger import Logger

from chat.core.events import Edited, Event, Removed, RoomRenamed
from chat.core.refusals import Duplicate, Refused
from chat.core.registry import State
from chat.stores import timeline, words
from chat.stores.commit import Entry, LeftOut, faulty
from chat.stores.database import begin, why_not
from chat.stores.keys import Keys
from chat.stores.rows import FULL, PLAIN, row
from chat.stores.statements import FEW, ROWS, Row, insert

log = Logger(namespace="chat.store")

#: Seconds without work after which the writer sees to the search index.
IDLE = 0.5
PLAIN_EVENT, EVENT = (f"INSERT INTO event ({', '.join(columns)})" for columns in (PLAIN, FULL))
STATE = "INSERT INTO state (kind, key, value)"
REPLACE = "ON CONFLICT (kind, key) DO UPDATE SET value = excluded.value"
DROP_STATE = "DELETE FROM state WHERE kind = ? AND key = ?"
CHANGED = "UPDATE event SET latest = ? WHERE id = ?"
#: A removed line leaves no words behind: not its own, not those of its edits, nor in the quotes of it.
FORGET_TEXT = "UPDATE event SET text = '' WHERE (id = :id OR (ref = :id AND kind = 'Edited')) AND seq < :before"
FORGET_QUOTES = "UPDATE event SET body = json_replace(body, '$.quote[3]', '') WHERE ref = :id AND seq < :before"
Job = Callable[[sqlite3.Connection], None]
Given = tuple[Event, Sequence[State]]

#: What SQLite raises when a row is at fault.  Its other errors are about the file and the disk.
ROW_AT_FAULT = (sqlite3.IntegrityError, sqlite3.DataError, sqlite3.InterfaceError, sqlite3.ProgrammingError)


class Writer:
    """Owns the one connection that writes.

    `done(batch, left_out, why)` is called in the writer's thread, batch after batch, with the events that
    were left out, or, if nothing was written, with None and why.
    """

    def __init__(
        self, connection: sqlite3.Connection, done: Callable[[Sequence[Entry], LeftOut | None, str], None]
    ) -> None:
        self._connection, self._done = connection, done
        self._keys = Keys(connection)
        #: Events since the timeline was brought up to date.
        self._tail = 0
        self._inbox: SimpleQueue[Sequence[Entry] | Job | None] = SimpleQueue()
        self._thread = Thread(target=self._run, name="chat-writer", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def write(self, batch: Sequence[Entry]) -> None:
        """Have a batch written."""
        self._inbox.put(batch)

    def call(self, job: Job) -> None:
        """Have `job` done with the connection, in its turn."""
        self._inbox.put(job)

    def stop(self) -> None:
        """Finish what was given, then close the connection; returns when that is done."""
        self._inbox.put(None)
        self._thread.join()

    def _run(self) -> None:
        wait: float | None = 0
        while True:
            try:
                job = self._inbox.get(timeout=wait)
            except Empty:
                wait = 0 if self._attempt(self._keep_up) else None
                continue
            if job is None:
                break
            self._do(job)
            wait = IDLE
        while not self._inbox.empty():  # a job may have given another one meanwhile
            self._do(self._inbox.get() or [])
        self._connection.close()

    def _do(self, job: Sequence[Entry] | Job) -> None:
        if callable(job):
            self._attempt(job)
        else:
            self._write(job)

    def _keep_up(self, connection: sqlite3.Connection) -> bool:
        """Do a little of what there is to do; whether there is more."""
        self._place(connection)
        return words.index(connection, timeline.last(connection)) or words.tidy(connection)

    def _place(self, connection: sqlite3.Connection) -> None:
        self._tail = 0
        timeline.place(connection)

    def _attempt(self, job: Callable[[sqlite3.Connection], bool | None]) -> bool:
        """Do something of which nobody is told how it went: it must not end the thread."""
        try:
            return bool(job(self._connection))
        except sqlite3.Error as error:
            log.warn("An index is behind: {why}", why=why_not(error))
            return False
        except Exception:
            log.failure("A bug in the thread that writes")
            return False

    def _write(self, batch: Sequence[Entry]) -> None:
        try:
            left_out = write(self._connection, batch, self._keys)
        except Exception as error:
            self._done(batch, None, why_not(error))
        else:
            self._done(batch, left_out, "")
        self._tail += len(batch)
        if self._tail >= timeline.TAIL:
            self._attempt(self._place)


def write(connection: sqlite3.Connection, batch: Sequence[Entry], keys: Keys | None = None) -> LeftOut:
    """Write a batch in one transaction; the events that had to be left out.  Raises what keeps all from being written.

    When the batch does not go in as one, its events are tried one by one: a faulty one takes no other with it.
    """
    keys = keys or Keys(connection)
    given: list[Given] = [(event, states) for event, states, _ in batch if event is not None]
    try:
        with connection:
            for chapter in _chapters(given):
                _insert(connection, chapter, keys)
        return {}
    except Exception as error:
        keys.forget()
        if not _is_about_a_row(error):
            raise
    try:
        with connection:
            begin(connection)
            return _insert_one_by_one(connection, given, keys)
    except Exception:
        keys.forget()
        raise


def _chapters(given: Sequence[Given]) -> Iterator[Sequence[Given]]:
    """Cut behind each room that gets another name: what comes after it finds the old name free."""
    start = 0
    for end, (event, _) in enumerate(given, 1):
        if isinstance(event, RoomRenamed) or end == len(given):
            yield given[start:end]
            start = end


def _is_about_a_row(error: Exception) -> bool:
    return isinstance(error, ROW_AT_FAULT) or not isinstance(error, (sqlite3.Error, MemoryError))


def _insert_one_by_one(connection: sqlite3.Connection, given: Iterable[Given], keys: Keys) -> dict[int, Refused]:
    left_out: dict[int, Refused] = {}
    for event, states in given:
        connection.execute("SAVEPOINT one")
        try:
            if connection.execute("SELECT 1 FROM event WHERE id = ?", (event.id,)).fetchone():
                left_out[event.seq] = Duplicate()
            else:
                _insert(connection, [(event, states)], keys)
        except Exception as error:
            if not _is_about_a_row(error):
                raise
            connection.execute("ROLLBACK TO one")
            keys.forget()
            left_out[event.seq] = faulty(event)
        connection.execute("RELEASE one")
    return left_out


def _insert(connection: sqlite3.Connection, given: Sequence[Given], keys: Keys) -> None:
    rows: list[Row] = []
    placed = [(event, event.conversations()) for event, _ in given]
    keys.learn(placed)
    for event, places in placed:
        rows.append(row(event, keys, places))
        if len(places) > 1:
            begin(connection)
            line = event.number is not None
            connection.executemany(
                timeline.ADD, [(keys.conversations[key].number, line, event.seq) for key in set(places)]
            )
    states = {(state.kind, state.key): state for _, states in given for state in states}
    plain = [row for row in rows if len(row) == len(PLAIN)]
    full = [row for row in rows if len(row) == len(FULL)]
    if full or states or len(plain) > ROWS:  # one statement is a transaction of itself
        begin(connection)
    insert(connection, PLAIN_EVENT, plain)
    insert(connection, EVENT, full, few=FEW)
    for event, _ in given:
        if isinstance(event, (Edited, Removed)):
            _change(connection, event)
        elif isinstance(event, RoomRenamed):
            timeline.rename(connection, event, keys)
    if states:
        insert(connection, STATE, [state for state in states.values() if state.value is not None], REPLACE, FEW)
        connection.executemany(DROP_STATE, [key for key, state in states.items() if state.value is None])


def _change(connection: sqlite3.Connection, event: Edited | Removed) -> None:
    """An edit is the latest wording of its line; a removed line has none."""
    if isinstance(event, Removed):
        words.forget(connection, event.ref)
        line = {"id": event.ref, "before": event.seq}
        connection.execute(FORGET_TEXT, line)
        connection.execute(FORGET_QUOTES, line)
    connection.execute(CHANGED, (event.seq, event.ref))
