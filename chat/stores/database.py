"""A database file: opened, brought up to date, and guarded against a second daemon.

Everything that can be wrong with it is a `StoreError` whose text says what to do.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from importlib import resources
from typing import IO, Any

from chat.core.registry import Author

#: The oldest SQLite that knows all that is asked of it (`AS MATERIALIZED`).
OLDEST = (3, 35)
APPLICATION_ID = 0x63686174  # "chat", so that no other program's file is taken for ours
#: Bytes to which the write-ahead log shrinks again after it had to grow behind a slow reader.
LOG_SIZE = 16 * 1024 * 1024
#: Bytes that the log has from the start: what it comes to before SQLite begins it anew (1,000 pages), and some more.
LOG_LENGTH = 4_400_000


class Connection(sqlite3.Connection):
    """A connection that knows the authors by their numbers of whom it has read: of those nothing changes."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.authors: dict[int, Author] = {}


class StoreError(Exception):
    """The database cannot be used; the text is a sentence for the operator."""


class InUse(StoreError):
    """Another process holds the database."""


def schemas() -> list[str]:
    """The SQL that makes each version of the schema from the one before, the first from nothing."""
    folder = resources.files("chat.stores") / "schema"
    files = (file for file in folder.iterdir() if file.name.endswith(".sql"))
    return [file.read_text("utf-8") for file in sorted(files, key=lambda file: file.name)]


def claim(path: str) -> IO[bytes]:
    """Hold `path`, made if there is none, against a second daemon until the result is closed.

    The lock is on a file beside it.  SQLite's own locks on the database would be lost with any other
    descriptor of it that is closed in this process, and on BSD and macOS a `flock` would shut SQLite out.
    """
    folder = os.path.dirname(os.path.abspath(path))
    if not os.path.isdir(folder):
        raise StoreError(f"There is no directory {folder}. Make it, or name another file with --database.")
    with ExitStack() as opened:
        try:
            held = opened.enter_context(open(f"{path}-lock", "ab"))
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            open(path, "ab").close()
        except BlockingIOError:
            raise InUse(
                f"{path} is in use by another chat daemon. Stop that one, or name another file with --database."
            ) from None
        except OSError as error:
            raise StoreError(
                f"{path} cannot be written ({error.strerror}). Give the daemon's user the right to write the file "
                "and its directory, or name another file with --database."
            ) from None
        opened.pop_all()
    return held


def connect(path: str, write: bool) -> Connection:
    """A connection for one thread at a time: one that commits to the disk, or one that only reads."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10, factory=Connection)
    try:
        connection.text_factory = lambda data: data.decode("utf-8", "replace")
        if write:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA secure_delete = ON")  # what is removed is overwritten
            connection.execute(f"PRAGMA journal_size_limit = {LOG_SIZE}")
        else:
            connection.execute("PRAGMA query_only = ON")
    except BaseException:
        connection.close()
        raise
    return connection


def begin(connection: sqlite3.Connection) -> None:
    """Open a transaction that writes, if none is open."""
    if not connection.in_transaction:
        connection.execute("BEGIN IMMEDIATE")


def lengthen_log(connection: sqlite3.Connection) -> None:
    """Have the log as long now as it becomes: a commit that makes a file longer, too, takes twice as long.

    What a transaction writes and the cache cannot hold goes to the log before it ends, and the file stays as long
    when that is taken back.  The commit behind it has the disk know of it.
    """
    (cache,) = connection.execute("PRAGMA cache_size").fetchone()
    connection.execute("PRAGMA cache_size = 10")
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.execute("CREATE TABLE filling (bytes)")
        connection.execute("INSERT INTO filling VALUES (zeroblob(?))", (LOG_LENGTH,))
    finally:
        connection.rollback()
        connection.execute(f"PRAGMA cache_size = {cache}")
    connection.execute("UPDATE indexed SET placed = placed")


def prepare(path: str, known: Sequence[str] | None = None) -> None:
    """Make or upgrade the schema of the file; StoreError if that cannot be done, or it is not ours, too new, damaged.

    `known` are the schemas, oldest first, where they are not those that `schemas` finds.
    """
    if sqlite3.sqlite_version_info < OLDEST:
        have, needed = sqlite3.sqlite_version, ".".join(map(str, OLDEST))
        raise StoreError(f"This Python has SQLite {have}, and {needed} or newer is needed. Take a newer Python.")
    known = schemas() if known is None else known
    with suppress(OSError):  # SQLite says it better
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))  # there are hashes of passwords in it
    with explaining(path):
        with closing(connect(path, write=False)) as connection:
            version = _version(path, connection, known)
        with closing(connect(path, write=True)) as connection:
            for number, schema in enumerate(known[version:], version + 1):
                connection.executescript(
                    f"BEGIN IMMEDIATE; {schema}; "
                    f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {number}; COMMIT;"
                )


def _version(path: str, connection: sqlite3.Connection, known: Sequence[str]) -> int:
    """The version of the schema that the file has.  It is only read: it may turn out not to be ours."""
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    owner = connection.execute("PRAGMA application_id").fetchone()[0]
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if tables and owner != APPLICATION_ID:
        raise StoreError(f"{path} is a database of another program. Name another file with --database.")
    if version > len(known):
        raise StoreError(
            f"{path} was written by a newer chat (schema {version}; this one knows up to {len(known)}). "
            "Install that version again, or name another file with --database."
        )
    return version


@contextmanager
def explaining(path: str) -> Iterator[None]:
    """What SQLite raises becomes a StoreError, in a sentence for the operator."""
    try:
        yield
    except sqlite3.Error as error:
        why = why_not(error)
        if why == "damaged":
            raise StoreError(
                f"{path} is not a chat database, or it is damaged. Move it away and restore a backup, or save what can "
                f"be read with: sqlite3 {path} .recover"
            ) from None
        raise StoreError(
            f"{path} cannot be used: {why}. Put that right, or name another file with --database."
        ) from None


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
        ("interrupted", "the server is stopping"),
        ("locked", "another program holds the database"),
    ):
        if sign in text:
            return words
    return text or type(error).__name__
