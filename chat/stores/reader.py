"""What is read back from the database: pages, lines, searches."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from typing import Any

from chat.core.events import Event, revive
from chat.core.history import Query, Search
from chat.core.registry import Author, State
from chat.stores import words

COLUMNS = """
SELECT event.kind, event.seq, event.id, event.time, event.name, event.who, event.mask, event.account, event.text,
       event.body, last.kind, last.text
FROM event LEFT JOIN event AS last ON last.seq = event.latest
"""
RANGE = "FROM timeline WHERE conversation = ? AND seq > ? AND seq < ?"
LINES = " AND number IS NOT NULL"


def page(connection: sqlite3.Connection, query: Query) -> list[Event]:
    """The events of a page, oldest first."""
    order = "DESC" if query.newest else "ASC"
    sql = f"SELECT seq {RANGE}{LINES if query.lines else ''} ORDER BY seq {order} LIMIT ?"
    seqs = {
        seq
        for conversation in query.conversations
        for (seq,) in connection.execute(sql, (conversation, query.after, query.before, query.limit))
    }
    chosen = sorted(seqs, reverse=query.newest)[: query.limit]
    return events(connection, sorted(chosen), latest=query.lines or query.reworded)


def count(connection: sqlite3.Connection, query: Query) -> int:
    """How many events are in the range."""
    sql = f"SELECT count(*) {RANGE}{LINES if query.lines else ''}"
    return sum(
        connection.execute(sql, (conversation, query.after, query.before)).fetchone()[0]
        for conversation in query.conversations
    )


def events(connection: sqlite3.Connection, seqs: Iterable[int], latest: bool) -> list[Event]:
    """The events of these seqs, in this order, in their latest wording or as they were."""
    sql = COLUMNS + "WHERE event.seq = ?"
    rows = (connection.execute(sql, (seq,)).fetchone() for seq in seqs)
    return [_event(row, latest) for row in rows if row]


def _event(row: tuple[Any, ...], latest: bool) -> Event:
    kind, seq, id, time, name, who, mask, account, text, body, change, wording = row
    made: Any = revive(kind, seq, id, time, Author(name, who, mask, account), text, json.loads(body))
    if latest and change:
        made.text, made.revised = (wording, "edited") if change == "Edited" else ("", "removed")
    return made  # type: ignore[no-any-return]


def search(connection: sqlite3.Connection, search: Search) -> list[Event]:
    """The newest lines that match, oldest first."""
    seqs = words.find(connection, search, json.dumps(list(search.conversations)))
    return events(connection, sorted(seqs), latest=True)


def line(connection: sqlite3.Connection, conversation: str, number: int) -> Event | None:
    """The line of that number, or None."""
    sql = "SELECT seq FROM timeline WHERE conversation = ? AND number = ? AND number > 0"
    found = connection.execute(sql, (conversation, number)).fetchone()
    return events(connection, found, latest=True)[0] if found else None


def find(connection: sqlite3.Connection, id: str) -> Event | None:
    """The event of that id as it was, or None."""
    found = connection.execute("SELECT seq FROM event WHERE id = ?", (id,)).fetchone()
    return events(connection, found, latest=False)[0] if found else None


def since(connection: sqlite3.Connection, time: int) -> int:
    """The seq of the last event before `time`; 0 for none."""
    sql = "SELECT seq FROM event WHERE time < ? ORDER BY time DESC, seq DESC LIMIT 1"
    found = connection.execute(sql, (time,)).fetchone()
    return found[0] if found else 0


def last(connection: sqlite3.Connection) -> tuple[int, int]:
    """The seq and time of the newest event."""
    return connection.execute("SELECT seq, time FROM event ORDER BY seq DESC LIMIT 1").fetchone() or (0, 0)


def last_number(connection: sqlite3.Connection, conversation: str) -> int:
    """The number of the newest line of a conversation; 0 for none."""
    sql = "SELECT coalesce(max(number), 0) FROM timeline WHERE conversation = ? AND number > 0"
    return int(connection.execute(sql, (conversation,)).fetchone()[0])


def state(connection: sqlite3.Connection, kind: str, key: str) -> str | None:
    """What lasts of one thing, as JSON, or None."""
    found = connection.execute("SELECT value FROM state WHERE kind = ? AND key = ?", (kind, key)).fetchone()
    return found[0] if found else None


def states_of(connection: sqlite3.Connection, kind: str, start: str) -> list[State]:
    """All that lasts of a kind whose keys begin with `start`."""
    sql = "SELECT * FROM state WHERE kind = ? AND key >= ? AND key < ?"
    return [State(*row) for row in connection.execute(sql, (kind, start, start + "\U0010ffff"))]


def states(connection: sqlite3.Connection, kinds: Iterable[str]) -> list[State]:
    """All that lasts of these kinds."""
    return [
        State(*row) for kind in kinds for row in connection.execute("SELECT * FROM state WHERE kind = ?", (kind,))
    ]
