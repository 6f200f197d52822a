"""A database file: opened, brought up to date, and guarded against a second daemon.

Everything that can be wrong with it is a `StoreError` whose text says what to do.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
from importlib import resources
from typing import IO

from chat.core.names import fold

APPLICATION_ID = 0x63686174  # "chat", so that no other program's file is taken for ours


class StoreError(Exception):
    """The database cannot be used; the text is a sentence for the operator."""


def schemas() -> list[str]:
    """The SQL that makes each version of the schema from the one before, the first from nothing."""
    folder = resources.files("chat.stores") / "schema"
    files = (file for file in folder.iterdir() if file.name.endswith(".sql"))
    return [file.read_text("utf-8") for file in sorted(files, key=lambda file: file.name)]


def claim(path: str) -> IO[bytes]:
    """Hold the file, made if there is none, against a second daemon, until the result is closed."""
    folder = os.path.dirname(os.path.abspath(path))
    if not os.path.isdir(folder):
        raise StoreError(f"There is no directory {folder}. Make it, or name another file with --database.")
    try:
        held = open(path, "ab")  # noqa: SIM115 - it is held as long as the database is used
    except OSError as error:
        raise StoreError(
            f"{path} cannot be written ({error.strerror}). Give the daemon's user the right to write the file "
            "and its directory, or name another file with --database."
        ) from None
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        held.close()
        raise StoreError(
            f"{path} is in use by another chat daemon. Stop that one, or name another file with --database."
        ) from None
    return held


def connect(path: str, write: bool) -> sqlite3.Connection:
    """A connection of the thread that uses it first: one that commits to the disk, or one that only reads."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10)
    connection.create_function("fold", 1, fold, deterministic=True)
    connection.text_factory = lambda data: data.decode("utf-8", "replace")
    if write:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
    else:
        connection.execute("PRAGMA query_only = ON")
    return connection


def prepare(path: str) -> None:
    """Make or upgrade the schema of the file; StoreError if it is not ours, too new, damaged or read-only."""
    try:
        connection = connect(path, write=True)
        try:
            _upgrade(path, connection)
        finally:
            connection.close()
    except sqlite3.DatabaseError as error:
        raise StoreError(_sentence(path, error)) from None


def _upgrade(path: str, connection: sqlite3.Connection) -> None:
    known = schemas()
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    owner = connection.execute("PRAGMA application_id").fetchone()[0]
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if tables and owner != APPLICATION_ID:
        raise StoreError(f"{path} is a database of another program. Name another file with --database.")
    if version > len(known):
        raise StoreError(
            f"{path} was written by a newer chat (schema {version}; this one knows up to {len(known)}). "
            "Install that version again, or name another file with --database."
        )
    for number, schema in enumerate(known[version:], version + 1):
        connection.executescript(
            f"BEGIN IMMEDIATE;{schema};PRAGMA application_id = {APPLICATION_ID};PRAGMA user_version = {number};COMMIT;"
        )


def _sentence(path: str, error: sqlite3.DatabaseError) -> str:
    why = why_not(error)
    if why == "damaged":
        return (
            f"{path} is not a chat database, or it is damaged. Move it away and restore a backup, or save what can "
            f"be read with: sqlite3 {path} .recover"
        )
    return f"{path} cannot be used: {why}. Put that right, or name another file with --database."


def why_not(error: BaseException) -> str:
    """Why a write or read failed, in a few words."""
    text = str(error)
    for sign, words in (
        ("disk is full", "disk full"),
        ("readonly", "the database is read-only"),
        ("disk I/O error", "disk error"),
        ("unable to open", "the database file cannot be opened"),
        ("not a database", "damaged"),
        ("malformed", "damaged"),
        ("locked", "another program holds the database"),
    ):
        if sign in text:
            return words
    return text or type(error).__name__
