"""The thread that writes: one transaction a batch, on disk before anyone is told.

A batch goes to SQLite as one JSON array in a handful of statements, however many events it has: each
statement gives up the interpreter's lock once, and getting it back costs more than a row.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Sequence
from queue import Empty, SimpleQueue
from threading import Thread

from chat.core.events import Edited, Event, Reacted, Removed, RoomRenamed
from chat.core.names import fold
from chat.core.registry import State
from chat.stores import words
from chat.stores.commit import Entry
from chat.stores.database import connect, why_not

#: Seconds without work after which the writer sees to the search index.
IDLE = 0.5

KEPT_BEFORE = "SELECT id FROM event WHERE id IN (SELECT json_extract(value, '$[1]') FROM json_each(?))"
INSERT = """
INSERT INTO event (seq, id, time, kind, name, who, text, body, ref, mask, account)
SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]'),
       json_extract(value, '$[3]'), json_extract(value, '$[4]'), json_extract(value, '$[5]'),
       json_extract(value, '$[6]'), json_extract(value, '$[7]'), json_extract(value, '$[8]'),
       json_extract(value, '$[11]'), json_extract(value, '$[12]')
FROM json_each(?)
"""
INSERT_TIMELINE = """
INSERT INTO timeline (conversation, seq, number)
SELECT place.value, json_extract(row.value, '$[0]'), json_extract(row.value, '$[9]')
FROM json_each(?) AS row, json_each(row.value, '$[10]') AS place
"""
KEEP_STATES = """
INSERT INTO state (kind, key, value)
SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]')
FROM json_each(?) WHERE true
ON CONFLICT DO UPDATE SET value = excluded.value
"""
#: A removed line is gone from what was made of it, too: its edits, and what quotes it.
FORGET = """
UPDATE event SET text = '', body = json_remove(body, '$.quote') WHERE (id = :ref OR ref = :ref)
"""
#: The history of a room goes with it when it gets another name; a line of it is shown where it is now.
MOVE = "UPDATE timeline SET conversation = :new WHERE conversation = :old AND seq < :seq"
CALL = """
UPDATE event SET body = json_set(body, '$.room', :name)
WHERE seq IN (SELECT seq FROM timeline WHERE conversation = :new AND seq < :seq) AND body ->> '$.room' IS NOT NULL
"""
DROP_STATE = "DELETE FROM state WHERE kind = ? AND key = ?"

#: What becomes of a batch: the seqs of the events whose ids were kept before; or None, and why nothing was written.
Outcome = Callable[[Sequence[Entry], "Collection[int] | None", str], None]


class Writer:
    """Owns the one connection that writes.  `done` is called in the writer's thread, batch after batch."""

    def __init__(self, path: str, done: Outcome) -> None:
        self._path, self._done = path, done
        self._inbox: SimpleQueue[Sequence[Entry] | Callable[[sqlite3.Connection], None] | None] = SimpleQueue()
        self._thread = Thread(target=self._run, name="chat-writer", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def write(self, batch: Sequence[Entry]) -> None:
        """Have a batch written."""
        self._inbox.put(batch)

    def call(self, work: Callable[[sqlite3.Connection], None]) -> None:
        """Have `work` done with the connection, in its turn."""
        self._inbox.put(work)

    def stop(self) -> None:
        """Finish what was given, then end; returns when that is done."""
        self._inbox.put(None)
        self._thread.join()

    def _run(self) -> None:
        connection = connect(self._path, write=True)
        idle = True
        while True:
            try:
                job = self._inbox.get(timeout=None if idle else IDLE)
            except Empty:
                idle = not _index(connection)
                continue
            if job is None:
                break
            if callable(job):
                job(connection)
            else:
                self._write(connection, job)
                idle = False
        connection.close()

    def _write(self, connection: sqlite3.Connection, batch: Sequence[Entry]) -> None:
        try:
            duplicates = write(connection, batch)
        except Exception as error:
            if connection.in_transaction:
                connection.rollback()
            self._done(batch, None, why_not(error))
        else:
            self._done(batch, duplicates, "")


def _index(connection: sqlite3.Connection) -> bool:
    """Index some more lines; whether there may be more.  What goes wrong goes wrong again at a search, in words."""
    try:
        return words.index(connection)
    except sqlite3.Error:
        return False


def write(connection: sqlite3.Connection, batch: Sequence[Entry]) -> Collection[int]:
    """Write a batch in one transaction; the seqs of those events whose ids were kept before, which are left out."""
    events = [event for event, _, _ in batch if event is not None]
    rows = json.dumps([row(event) for event in events])
    duplicates: set[int] = set()
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.execute(INSERT, (rows,))
    except sqlite3.IntegrityError:
        duplicates = _duplicates(connection, events, rows)
        rows = json.dumps([row(event) for event in events if event.seq not in duplicates])
        connection.execute(INSERT, (rows,))
    if any(isinstance(event, RoomRenamed) for event in events):
        _place(connection, [event for event in events if event.seq not in duplicates])
    else:
        connection.execute(INSERT_TIMELINE, (rows,))
    states: dict[tuple[str, str], State] = {}
    for event, changed, _ in batch:
        if event is not None and event.seq not in duplicates:
            states.update({(state.kind, state.key): state for state in changed})
            if isinstance(event, (Edited, Removed)):
                _change(connection, event)
    if states:
        _keep_states(connection, list(states.values()))
    connection.execute("COMMIT")
    return duplicates


def row(event: Event) -> list[object]:
    """An event as the columns of `event`; its number and its conversations come before its mask and account."""
    return [
        event.seq,
        event.id,
        event.time,
        type(event).__name__,
        event.by.name,
        event.by.id,
        getattr(event, "text", None),
        event.body(),
        event.ref if isinstance(event, (Edited, Removed, Reacted)) else None,
        event.number,
        event.conversations(),
        event.by.mask,
        event.by.account,
    ]


def _duplicates(connection: sqlite3.Connection, events: Sequence[Event], rows: str) -> set[int]:
    """The seqs of the events whose ids are kept already, or came before in the same batch."""
    kept = {id for (id,) in connection.execute(KEPT_BEFORE, (rows,))}
    duplicates = set()
    for event in events:
        if event.id in kept:
            duplicates.add(event.seq)
        kept.add(event.id)
    return duplicates


def _change(connection: sqlite3.Connection, event: Edited | Removed) -> None:
    """An edit is the latest wording of its line; the text of a removed line is gone, and its edits' texts too."""
    if isinstance(event, Removed):
        words.forget(connection, event.ref)
        connection.execute(FORGET, {"ref": event.ref})
    connection.execute("UPDATE event SET latest = ? WHERE id = ?", (event.seq, event.ref))


def _place(connection: sqlite3.Connection, events: Sequence[Event]) -> None:
    """Put events into their conversations; what comes after a room got another name finds the old one free."""
    start = 0
    for end, event in enumerate(events, 1):
        if isinstance(event, RoomRenamed) or end == len(events):
            connection.execute(INSERT_TIMELINE, (json.dumps([row(each) for each in events[start:end]]),))
            start = end
        if isinstance(event, RoomRenamed):
            _rename(connection, event)


def _rename(connection: sqlite3.Connection, event: RoomRenamed) -> None:
    """Everything that happened in the room before is where the room is now."""
    names = {"old": fold(event.room), "new": fold(event.name), "name": event.name, "seq": event.seq}
    if names["old"] != names["new"]:
        connection.execute(MOVE, names)
    connection.execute(CALL, names)


def _keep_states(connection: sqlite3.Connection, states: Sequence[State]) -> None:
    connection.execute(KEEP_STATES, (json.dumps([state for state in states if state.value is not None]),))
    connection.executemany(DROP_STATE, [(state.kind, state.key) for state in states if state.value is None])
