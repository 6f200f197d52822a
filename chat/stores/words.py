"""The full-text index: it follows the events at its own pace, so that a message need not wait for it.

A row is indexed under its seq.  An edit is a row of its own: a match counts only if it is in the wording
that the line has now.

FTS5 only marks a word as deleted, and drops it when it merges its files.  So after a line was removed, all
of them are merged into one, a little in each idle moment.  `untidy` says how far that is: REMOVED, words
were removed since the last merge began; MERGING, a merge is under way.  Another must not begin before it
ends: SQLite 3.40 damages its index when that is done some fifty times.
"""

from __future__ import annotations

import sqlite3

from chat.core.history import Search
from chat.stores.terms import terms

#: How many events are indexed in one transaction, and pages of the index merged.
STEP, PAGES = 2_000, 100
#: Of a very common word only so many uses are looked at, the newest.
MOST_HITS = 50_000
REMOVED, MERGING = 1, 2

INDEX = """
INSERT INTO search (rowid, text)
SELECT seq, text FROM event WHERE seq > ? AND seq <= ? AND text <> ''
"""
FORGET = """
INSERT INTO search (search, rowid, text)
SELECT 'delete', seq, text FROM event
WHERE (id = :id OR (ref = :id AND kind = 'Edited')) AND text <> ''
  AND seq <= (SELECT seq FROM indexed)
"""
#: Newest first; `line` is what was said, `match` the row whose text matched: the line itself or its last edit.
FIND = """
WITH places (number) AS (
  SELECT number FROM conversation WHERE key IN (SELECT value FROM json_each(:conversations))
)
SELECT line.seq
FROM search
CROSS JOIN event AS match ON match.seq = search.rowid
CROSS JOIN event AS line ON line.seq = iif(
  match.kind = 'Edited', (SELECT seq FROM event AS edited WHERE edited.id = match.ref), match.seq
)
WHERE search MATCH :words
  AND search.rowid > coalesce(
    (SELECT rowid FROM search WHERE search MATCH :words ORDER BY rowid DESC LIMIT 1 OFFSET :most), 0
  )
  AND (match.kind = 'Edited' OR match.place IN places)
  AND match.seq = coalesce(line.latest, line.seq)
  AND line.number IS NOT NULL
  AND line.place IN places
  AND (:by IS NULL OR :by = (SELECT folded FROM author WHERE author.number = line.by))
ORDER BY search.rowid DESC LIMIT :limit
"""


def index(connection: sqlite3.Connection, upto: int) -> bool:
    """Index some of the events up to the seq `upto`, in a transaction of its own; whether there are more."""
    done: int
    (done,) = connection.execute("SELECT seq FROM indexed").fetchone()
    until = min(done + STEP, upto)
    if until > done:
        with connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(INDEX, (done, until))
            connection.execute("UPDATE indexed SET seq = ?", (until,))
    return until < upto


def forget(connection: sqlite3.Connection, id: str) -> None:
    """Take the words of a line and of its edits out of the index; call it while their text is still there."""
    connection.execute(FORGET, {"id": id})
    connection.execute("UPDATE indexed SET untidy = untidy | ?", (REMOVED,))


def tidy(connection: sqlite3.Connection) -> bool:
    """Merge a little more, if words were removed; whether there is more to do."""
    untidy: int
    (untidy,) = connection.execute("SELECT untidy FROM indexed").fetchone()
    if not untidy:
        return False
    begins = not untidy & MERGING
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        before = connection.total_changes
        connection.execute("INSERT INTO search (search, rank) VALUES ('merge', ?)", (-PAGES if begins else PAGES,))
        ended = connection.total_changes - before < 2  # so says the manual of FTS5
        untidy = untidy & ~MERGING if ended else MERGING if begins else untidy
        connection.execute("UPDATE indexed SET untidy = ?", (untidy,))
    if not untidy:
        _cut_log(connection)
    return bool(untidy)


def _cut_log(connection: sqlite3.Connection) -> None:
    """The write-ahead log holds what was removed, too.  If somebody is reading, it is overwritten later."""
    connection.execute("PRAGMA busy_timeout = 0")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    connection.execute("PRAGMA busy_timeout = 10000")


def find(connection: sqlite3.Connection, search: Search, conversations: str) -> list[int]:
    """The seqs of the lines that match and were worded last, newest first; `conversations` is a JSON array."""
    wanted = {
        "words": " AND ".join(term.expression() for term in terms(search.words)),
        "by": search.by or None,
        "conversations": conversations,
        "most": MOST_HITS,
        "limit": search.limit,
    }
    return [seq for (seq,) in connection.execute(FIND, wanted)]
