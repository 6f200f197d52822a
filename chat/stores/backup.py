"""A backup: a copy of the database in one file, made while the daemon writes on."""

from __future__ import annotations

import os
import pwd
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing, suppress

from chat.core.refusals import NoBackup
from chat.stores.database import connect, why_not


def back_up(source: str, target: str, begun: Callable[[sqlite3.Connection], None]) -> int:
    """Copy what is committed by now to `target`, a new file for its owner only; how many bytes it has.  NoBackup.

    It blocks: call it in a thread.  `begun` is given the connection, whose `interrupt` makes an end of it.  The copy
    has its name only when it is whole and on disk: until then there is an empty file, which holds the name.
    """
    try:
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        raise NoBackup(f"there is a file {target} already") from None
    except OSError as error:
        raise NoBackup(_cannot_write(target, error)) from None
    try:
        return _copy(source, target, begun)
    except BaseException as error:
        os.unlink(target)
        if isinstance(error, OSError):
            raise NoBackup(_cannot_write(target, error)) from None
        if isinstance(error, sqlite3.Error):
            raise NoBackup(why_not(error)) from None
        raise


def _copy(source: str, target: str, begun: Callable[[sqlite3.Connection], None]) -> int:
    folder, name = os.path.split(os.path.abspath(target))
    held, part = tempfile.mkstemp(".part", f"{name}-", folder)  # for its owner only
    try:
        with closing(connect(source, write=False)) as connection:
            connection.execute("PRAGMA query_only = OFF")  # it forbids to write the copy, too
            begun(connection)
            connection.execute("VACUUM INTO ?", (part,))
        os.fsync(held)
        os.replace(part, target)
        _sync_folder(folder)
        return os.fstat(held).st_size
    finally:
        os.close(held)
        with suppress(FileNotFoundError):
            os.unlink(part)


def _cannot_write(target: str, error: OSError) -> str:
    """Why not, and for whom: an operator may forget that it is the daemon that writes."""
    try:
        user = pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        user = str(os.geteuid())
    return f"the user {user}, as whom the chat runs, cannot write {target} ({error.strerror})"


def _sync_folder(folder: str) -> None:
    """Have the new name survive a power cut, too."""
    held = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(held)
    finally:
        os.close(held)
