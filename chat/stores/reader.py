"""What is read back from the database: pages, lines, searches.

Each row that SQLite hands over gives up the interpreter's lock, and getting it back from a busy reactor
may take milliseconds.  So events come as one JSON array in one row, however many they are.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import Any

from chat.core.events import Event, revive
from chat.core.history import Query, Search
from chat.core.registry import Author, State
from chat.stores import words

#: The events whose seqs the query {wanted} gives, each with the kind and the text of its last change.
EVENTS = """
WITH wanted (seq) AS ({wanted})
SELECT json_group_array(json_array(
  event.seq, event.kind, event.id, event.time, event.name, event.who, event.mask, event.account,
  event.text, json(event.body), last.kind, last.text
))
FROM wanted CROSS JOIN event ON event.seq = wanted.seq
LEFT JOIN event AS last ON last.seq = event.latest
"""
#: The newest, or the first, of each conversation, and of those the newest, or the first, of all.
PAGE = """
SELECT DISTINCT place.seq FROM json_each(:conversations) AS asked
CROSS JOIN timeline AS place ON place.conversation = asked.value AND place.seq IN (
  SELECT seq FROM timeline {lines} conversation = asked.value AND seq > :after AND seq < :before
  ORDER BY seq {order} LIMIT :limit
)
ORDER BY place.seq {order} LIMIT :limit
"""
COUNT = """
SELECT count(DISTINCT seq) FROM timeline
{lines} conversation IN (SELECT value FROM json_each(:conversations)) AND seq > :after AND seq < :before
"""
#: Lines are found through an index of their own: in a room many may come and go, and few say something.
LINES, EVERYTHING = "INDEXED BY timeline_line WHERE number IS NOT NULL AND", "WHERE"
LATEST = f"""
SELECT asked.value, event.time FROM json_each(?) AS asked
JOIN event ON event.seq = (SELECT max(seq) FROM timeline {LINES} conversation = asked.value)
"""
STATES_OF = "SELECT json_group_array(json_array(kind, key, value)) FROM state WHERE kind = ? AND key >= ? AND key < ?"


def page(connection: sqlite3.Connection, query: Query) -> list[Event]:
    """The events of a page, oldest first."""
    wanted = PAGE.format(lines=LINES if query.lines else EVERYTHING, order="DESC" if query.newest else "ASC")
    return events(connection, wanted, _parameters(query), latest=query.lines or query.reworded)


def count(connection: sqlite3.Connection, query: Query) -> int:
    """How many events are in the range."""
    sql = COUNT.format(lines=LINES if query.lines else EVERYTHING)
    return int(connection.execute(sql, _parameters(query)).fetchone()[0])


def _parameters(query: Query) -> dict[str, object]:
    conversations = json.dumps(list(query.conversations))
    return {"conversations": conversations, "after": query.after, "before": query.before, "limit": query.limit}


def events(connection: sqlite3.Connection, wanted: str, parameters: dict[str, object], latest: bool) -> list[Event]:
    """The events whose seqs the SQL `wanted` gives, oldest first, in their latest wording or as they were."""
    (found,) = connection.execute(EVENTS.format(wanted=wanted), parameters).fetchone()
    return [_event(row, latest) for row in sorted(json.loads(found), key=itemgetter(0))]


def _event(row: list[Any], latest: bool) -> Event:
    seq, kind, id, time, name, who, mask, account, text, body, change, wording = row
    made: Any = revive(kind, seq, id, time, Author(name, who, mask, account), text, body)
    if latest and change:
        made.text, made.revised = (wording, "edited") if change == "Edited" else ("", "removed")
    return made  # type: ignore[no-any-return]


def search(connection: sqlite3.Connection, search: Search) -> list[Event]:
    """The lines that match and were worded last, oldest first."""
    seqs = words.find(connection, search, json.dumps(list(search.conversations)))
    return events(connection, "SELECT value FROM json_each(:seqs)", {"seqs": json.dumps(seqs)}, latest=True)


def line(connection: sqlite3.Connection, conversation: str, number: int) -> Event | None:
    """The line of that number in its latest wording, or None."""
    wanted = "SELECT seq FROM timeline WHERE conversation = :conversation AND number = :number AND number > 0"
    found = events(connection, wanted, {"conversation": conversation, "number": number}, latest=True)
    return found[0] if found else None


def find(connection: sqlite3.Connection, id: str) -> Event | None:
    """The event of that id as it was, or None."""
    found = events(connection, "SELECT seq FROM event WHERE id = :id", {"id": id}, latest=False)
    return found[0] if found else None


def since(connection: sqlite3.Connection, time: int) -> int:
    """The seq of the last event before `time`; 0 for none."""
    sql = "SELECT seq FROM event WHERE time < ? ORDER BY time DESC, seq DESC LIMIT 1"
    found = connection.execute(sql, (time,)).fetchone()
    return found[0] if found else 0


def latest(connection: sqlite3.Connection, conversations: Sequence[str]) -> dict[str, int]:
    """When something was said last, in each of the conversations in which something was."""
    found = connection.execute(LATEST, (json.dumps(list(conversations)),))
    return dict(found.fetchall())


def last(connection: sqlite3.Connection) -> tuple[int, int]:
    """The seq and time of the newest event."""
    sql = "SELECT seq, time FROM event WHERE seq = (SELECT max(seq) FROM event)"
    return connection.execute(sql).fetchone() or (0, 0)


def last_number(connection: sqlite3.Connection, conversation: str) -> int:
    """The number of the newest line of a conversation; 0 for none."""
    sql = "SELECT coalesce(max(number), 0) FROM timeline WHERE conversation = ? AND number > 0"
    return int(connection.execute(sql, (conversation,)).fetchone()[0])


def state(connection: sqlite3.Connection, kind: str, key: str) -> str | None:
    """What lasts of one thing, as JSON, or None."""
    found = connection.execute("SELECT value FROM state WHERE kind = ? AND key = ?", (kind, key)).fetchone()
    return found[0] if found else None


def states_of(connection: sqlite3.Connection, kind: str, start: str) -> list[State]:
    """All that lasts of a kind whose keys begin with `start`, in the order of the keys."""
    (found,) = connection.execute(STATES_OF, (kind, start, start + chr(sys.maxunicode))).fetchone()
    return sorted(State(*row) for row in json.loads(found))


def states(connection: sqlite3.Connection, kinds: Iterable[str]) -> list[State]:
    """All that lasts of these kinds."""
    return [State(*row) for kind in kinds for row in connection.execute("SELECT * FROM state WHERE kind = ?", (kind,))]
