"""Rows written with few statements: each of them gives up the interpreter's lock, and getting that back costs more than
many rows.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from functools import cache
from itertools import chain

Row = tuple[object, ...]

#: Rows in one statement.  More save nothing, and the statements for each number of rows are kept ready: for 64 and
#: fewer they take 2 MB.  So of what is no plain line, more than `FEW` go as a multiple of that, and then the rest.
ROWS, FEW = 64, 16


def insert(
    connection: sqlite3.Connection, into: str, rows: Sequence[Row], behind: str = "", few: int = ROWS
) -> None:
    """Insert rows of one length: `into` is the statement before VALUES, `behind` what stands after them."""
    while rows:
        count = min(len(rows), ROWS)
        if count > few:
            count -= count % few
        some, rows = rows[:count], rows[count:]
        connection.execute(_statement(into, len(some[0]), count, behind), tuple(chain.from_iterable(some)))


@cache
def _statement(into: str, columns: int, rows: int, behind: str) -> str:
    one = f"({', '.join('?' * columns)})"
    return f"{into} VALUES {', '.join([one] * rows)} {behind}"
