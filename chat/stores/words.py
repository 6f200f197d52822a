"""The full-text index: it follows the events at its own pace, so that a message need not wait for it.

A row is indexed under its seq.  An edit is a row of its own: a match counts only if it is in the wording
that the line has now.
"""

from __future__ import annotations

import sqlite3

from chat.core.history import Search
from chat.core.refusals import BadSearch

#: How many events are indexed in one transaction.
STEP = 2_000

INDEX = """
INSERT INTO search (rowid, text)
SELECT seq, text FROM event WHERE seq > ? AND seq <= ? AND text <> '' AND kind <> 'Reacted'
"""
#: Newest first; `line` is what was said, `match` the row whose text matched: the line itself or its last edit.
FIND = """
SELECT line.seq FROM search
CROSS JOIN event AS match ON match.seq = search.rowid
CROSS JOIN event AS line ON line.id = coalesce(match.ref, match.id)
WHERE search MATCH :words
  AND match.seq = coalesce(line.latest, line.seq)
  AND (:by = '' OR fold(line.name) = :by)
  AND EXISTS (
    SELECT 1 FROM timeline WHERE conversation IN (SELECT value FROM json_each(:conversations)) AND seq = line.seq
  )
ORDER BY search.rowid DESC LIMIT :limit
"""


def index(connection: sqlite3.Connection) -> bool:
    """Index the next events, in a transaction of its own; whether there are more."""
    done: int
    (done,) = connection.execute("SELECT seq FROM indexed").fetchone()
    last: int
    (last,) = connection.execute("SELECT coalesce(max(seq), 0) FROM event").fetchone()
    upto = min(done + STEP, last)
    if upto > done:
        connection.execute("BEGIN IMMEDIATE")
        try:
            connection.execute(INDEX, (done, upto))
            connection.execute("UPDATE indexed SET seq = ?", (upto,))
            connection.execute("COMMIT")
        except sqlite3.Error:
            if connection.in_transaction:
                connection.rollback()
            raise
    return upto < last


def forget(connection: sqlite3.Connection, id: str) -> None:
    """Take the words of a line and of its edits out of the index; call it while their text is still there."""
    connection.execute(
        "INSERT INTO search (search, rowid, text) SELECT 'delete', seq, text FROM event "
        "WHERE (id = :id OR ref = :id) AND text <> '' AND kind <> 'Reacted' AND seq <= (SELECT seq FROM indexed)",
        {"id": id},
    )


def expression(words: str) -> str:
    """An FTS5 expression for lines with all these words; `tea*` finds every word that begins so."""
    terms = []
    for word in words.split():
        bare = word.rstrip("*").replace('"', '""')
        if any(letter.isalnum() for letter in bare):
            terms.append(f'"{bare}"' + ("*" if word.endswith("*") else ""))
    if not terms:
        raise BadSearch(words)
    return " AND ".join(terms)


def find(connection: sqlite3.Connection, search: Search, conversations: str) -> list[int]:
    """The seqs of the newest lines that match, newest first; `conversations` is a JSON array."""
    wanted = {"words": expression(search.words), "by": search.by, "conversations": conversations, "limit": search.limit}
    return [seq for (seq,) in connection.execute(FIND, wanted)]
