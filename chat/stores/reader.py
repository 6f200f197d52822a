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

from chat.core.events import Event
from chat.core.history import Query, Search
from chat.core.registry import Author, State
from chat.stores import words
from chat.stores.database import Connection
from chat.stores.keys import LAST_LINE
from chat.stores.rows import JOINED, REVIVED, people, revived

#: The events whose seqs the query {wanted} gives, each with the kind and the text of its last change.
EVENTS = f"""
WITH wanted (seq) AS ({{wanted}})
SELECT json_group_array(json_array({REVIVED}))
FROM wanted CROSS JOIN event ON event.seq = wanted.seq {JOINED}
"""
#: How many authors a connection remembers, or a page more.
REMEMBERED = 10_000
AUTHORS = """
SELECT json_group_array(json_array(number, name, who, mask, account, bot))
FROM json_each(?) AS wanted CROSS JOIN author ON author.number = wanted.value
"""
#: The conversations that were asked for, each with what of it was: lines, or those and everything else.
ASKED = """
WITH asked (place, line) AS (
  SELECT DISTINCT conversation.number, wanted.value
  FROM json_each(:conversations) AS key CROSS JOIN conversation ON conversation.key = key.value
  CROSS JOIN json_each(:lines) AS wanted
)"""
#: What has no place in the timeline yet.
TAIL = """
SELECT seq FROM event
WHERE seq > max(:after, (SELECT placed FROM indexed)) AND seq < :before
  AND (place, number IS NOT NULL) IN (SELECT place, line FROM asked)
"""
#: The newest of each conversation, or the first, up to the one that is the last of a full page (`edge`), and of those
#: the newest, or the first, of all.
PAGE = f"""
{ASKED}, page (place, line, edge) AS MATERIALIZED (
  SELECT place, line, (
    SELECT seq FROM timeline
    WHERE place = asked.place AND line = asked.line AND seq > :after AND seq < :before
    ORDER BY seq {{order}} LIMIT 1 OFFSET :limit - 1
  ) FROM asked
)
SELECT DISTINCT seq FROM (
  SELECT seq FROM page CROSS JOIN timeline USING (place, line) WHERE seq BETWEEN {{range}}
  UNION ALL SELECT seq FROM ({TAIL} ORDER BY seq {{order}} LIMIT :limit)
)
ORDER BY seq {{order}} LIMIT :limit
"""
NEWEST = PAGE.format(order="DESC", range="coalesce(edge, :after + 1) AND :before - 1")
FIRST = PAGE.format(order="ASC", range=":after + 1 AND coalesce(edge, :before - 1)")
COUNT = f"""
{ASKED}
SELECT count(DISTINCT seq) FROM (
  SELECT seq FROM asked CROSS JOIN timeline USING (place, line) WHERE seq > :after AND seq < :before
  UNION ALL {TAIL}
)
"""
LATEST = """
WITH tail (place, seq) AS (
  SELECT place, max(seq) FROM event
  WHERE seq > (SELECT placed FROM indexed) AND place IS NOT NULL AND number IS NOT NULL GROUP BY place
)
SELECT asked.value, event.time
FROM json_each(?) AS asked CROSS JOIN conversation ON conversation.key = asked.value
LEFT JOIN tail ON tail.place = conversation.number
CROSS JOIN event ON event.seq = coalesce(
  tail.seq, (SELECT max(seq) FROM timeline WHERE place = conversation.number AND line = 1)
)
"""
#: Steps of a search for the last seq at which something is still less than what is looked for: it rises along seq.
#: Each asks whether it is so one `step` further, and goes there if it is; the steps become smaller by half.
DESCENT = """
WITH RECURSIVE descent (seq, step) AS (
  SELECT 0, 1 << 44
  UNION ALL SELECT seq + step * (coalesce(({at}), :sought) < :sought), step >> 1 FROM descent WHERE step > 0
)
SELECT max(seq) FROM descent
"""
TIME = "SELECT time FROM event AS next WHERE next.seq >= descent.seq + step ORDER BY next.seq LIMIT 1"
SINCE = DESCENT.format(at=TIME)
NEXT_LINE = """
SELECT seq FROM timeline AS next WHERE next.place = :place AND next.line = 1 AND next.seq {after}
ORDER BY next.seq LIMIT 1
"""
NUMBER = f"SELECT number FROM event WHERE seq = ({NEXT_LINE.format(after='>= descent.seq + step')})"
#: The line of a number: behind the last one with a smaller number, or among those that have no place yet.
LINE = f"""
SELECT seq FROM event WHERE number = :sought AND seq = (
  {NEXT_LINE.format(after=f"> ({DESCENT.format(at=NUMBER)})")}
)
UNION ALL
SELECT seq FROM event WHERE seq > (SELECT placed FROM indexed) AND place = :place AND number = :sought
"""
PLACE = "SELECT number FROM conversation WHERE key = ?"
STATES_OF = "SELECT json_group_array(json_array(kind, key, value)) FROM state WHERE kind = ? AND key >= ? AND key < ?"


def page(connection: Connection, query: Query) -> list[Event]:
    """The events of a page, oldest first."""
    wanted = NEWEST if query.newest else FIRST
    return events(connection, wanted, _parameters(connection, query), latest=query.lines or query.reworded)


def count(connection: sqlite3.Connection, query: Query) -> int:
    """How many events are in the range."""
    return int(connection.execute(COUNT, _parameters(connection, query)).fetchone()[0])


def _parameters(connection: sqlite3.Connection, query: Query) -> dict[str, object]:
    after, before = query.after, query.before
    if query.start > 0:
        after = max(after, since(connection, query.start))
    if query.end < sys.maxsize:
        before = min(before, since(connection, query.end) + 1)
    return {
        "conversations": json.dumps(list(query.conversations)),
        "lines": "[1]" if query.lines else "[0, 1]",
        "after": after,
        "before": before,
        "limit": query.limit,
    }


def events(connection: Connection, wanted: str, parameters: dict[str, object], latest: bool) -> list[Event]:
    """The events whose seqs the SQL `wanted` gives, oldest first, in their latest wording or as they were."""
    (found,) = connection.execute(EVENTS.format(wanted=wanted), parameters).fetchone()
    rows = sorted(json.loads(found), key=itemgetter(0))
    _learn_authors(connection, {number for row in rows for number in people(row)})
    return [revived(row, connection.authors, latest) for row in rows]


def _learn_authors(connection: Connection, numbers: set[int | None]) -> None:
    """Know the authors of these numbers."""
    if len(connection.authors) > REMEMBERED:
        connection.authors.clear()
    unknown = numbers - connection.authors.keys() - {None}
    if unknown:
        (found,) = connection.execute(AUTHORS, (json.dumps([*unknown]),)).fetchone()
        for number, name, who, mask, account, bot in json.loads(found):
            connection.authors[number] = Author(name, who, mask, account, bool(bot))


def search(connection: Connection, search: Search) -> list[Event]:
    """The lines that match and were worded last, oldest first."""
    seqs = words.find(connection, search, json.dumps(list(search.conversations)))
    return events(connection, "SELECT value FROM json_each(:seqs)", {"seqs": json.dumps(seqs)}, latest=True)


def line(connection: Connection, conversation: str, number: int) -> Event | None:
    """The line of that number in its latest wording, or None."""
    place = connection.execute(PLACE, (conversation,)).fetchone()
    if place is None or number <= 0:
        return None
    found = events(connection, LINE, {"place": place[0], "sought": number}, latest=True)
    return found[0] if found else None


def find(connection: Connection, id: str) -> Event | None:
    """The event of that id as it was, or None."""
    found = events(connection, "SELECT seq FROM event WHERE id = :id", {"id": id}, latest=False)
    return found[0] if found else None


def since(connection: sqlite3.Connection, time: int) -> int:
    """The seq of the last event before `time`; 0 for none."""
    return int(connection.execute(SINCE, {"sought": time}).fetchone()[0])


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
    found = connection.execute(PLACE, (conversation,)).fetchone()
    return connection.execute(LAST_LINE, {"place": found[0]}).fetchone()[0] or 0 if found else 0


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
