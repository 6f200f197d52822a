"""Which events belong in which conversation, in order: it follows the events, so that a message need not wait for it.

Each conversation has its own place in the timeline, so that a batch from many of them would write many pages anew
for a few bytes in each.  Many events later it is still about as many pages.  What has no place in it yet, the tail,
is at the end of the events, which are gone through by whoever reads.
"""

from __future__ import annotations

import sqlite3

from chat.core.events import RoomRenamed
from chat.core.names import fold
from chat.stores.keys import Keys

#: How long the tail may become, in events, before the writer sees to it even if it has other things to do.
TAIL = 4_096

PLACE = """
INSERT INTO timeline (place, line, seq)
SELECT place, number IS NOT NULL, seq FROM event
WHERE seq > (SELECT placed FROM indexed) AND seq <= ? AND place IS NOT NULL
ORDER BY 1, 2, 3
"""
#: What is in several conversations at once is in the timeline from the beginning.
ADD = "INSERT INTO timeline (place, line, seq) VALUES (?, ?, ?)"
#: What happened in a room with another name now goes where it is, and is shown with that name.  An older room that
#: had the new name is part of it; who left both is there already.
FIND = "SELECT number FROM conversation WHERE key = ?"
MOVE = (
    "UPDATE event SET place = :to WHERE place = :of AND seq IN (SELECT seq FROM timeline WHERE place = :of)",
    "INSERT OR IGNORE INTO timeline (place, line, seq) SELECT :to, line, seq FROM timeline WHERE place = :of",
    "DELETE FROM timeline WHERE place = :of",
    "DELETE FROM conversation WHERE number = :of",
)
CALL = "UPDATE conversation SET key = ?, name = ?, renamed = ? WHERE number = ?"


def last(connection: sqlite3.Connection) -> int:
    """The seq of the newest event."""
    found: int
    (found,) = connection.execute("SELECT coalesce(max(seq), 0) FROM event").fetchone()
    return found


def place(connection: sqlite3.Connection) -> None:
    """Give everything its place, in a transaction of its own."""
    (placed,) = connection.execute("SELECT placed FROM indexed").fetchone()
    if placed < last(connection):
        with connection:
            connection.execute("BEGIN IMMEDIATE")
            place_tail(connection)


def place_tail(connection: sqlite3.Connection) -> None:
    """Give everything its place, in the open transaction."""
    upto = last(connection)
    connection.execute(PLACE, (upto,))
    connection.execute("UPDATE indexed SET placed = ?", (upto,))


def rename(connection: sqlite3.Connection, event: RoomRenamed, keys: Keys) -> None:
    """Everything that happened in the room is where the room is now."""
    place_tail(connection)
    old, new = fold(event.room), fold(event.name)
    room = connection.execute(FIND, (old,)).fetchone() or connection.execute(FIND, (new,)).fetchone()
    there = connection.execute(FIND, (new,)).fetchone()
    if there not in (room, None):
        for step in MOVE:
            connection.execute(step, {"to": room[0], "of": there[0]})
    connection.execute(CALL, (new, event.name, event.seq, room[0]))
    keys.forget()
