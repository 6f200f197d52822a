"""The directory where files lie.  What is here may wait for the disk, and runs in a thread; the directory is locked.

The laws of this file:

- A file is a directory of its own, which is renamed into place when all of it is on disk: there is the whole file with
  what is known of it, or nothing.  What a crash has left half done is thrown away when it is opened again.
- What lies on disk is named after the hash of the secret in its address, and so is the line that tells of it: neither
  the disk nor the id of a line says where the file can be had.  What people call it is written in it, and never part
  of a path.
- What is known of a file is beside it, not in the database: a file is what this node's disk has, and a copy of the
  directory is a copy of everything.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
import re
import secrets
import shutil
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import IO, BinaryIO

#: Bytes that stay free on the disk, so that the history can go on.
SPARE = 32_000_000
PART, DATA, ABOUT, LOCK = ".part", "data", "about.json", "lock"
#: What is ours in the directory.
OURS = re.compile(r"[0-9a-f]{32}(\.part)?")
#: Why a file cannot be written, in the words that the history has for it.
FULL = {errno.ENOSPC: "disk full", errno.EDQUOT: "disk full", errno.EFBIG: "disk full"}
#: How the files begin that browsers show without being able to be told what to do by them.
PICTURES = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}


class FilesError(Exception):
    """The directory cannot be used; the text is a sentence for the operator."""


@dataclass(frozen=True)
class About:
    """What is known of a file: what it is called, its bytes, their SHA-256 in hex, what they are (a MIME type).

    `owner` is for whom it counts, `by` the name that person had, `time` when it came (ms since 1970).
    """

    name: str
    size: int
    sha256: str
    kind: str
    owner: str
    by: str
    time: int


def key_of(secret: str) -> str:
    """What a file is called on disk, by the secret in its address."""
    return hashlib.sha256(secret.encode()).hexdigest()[:32]


def kind_of(beginning: bytes) -> str:
    """What a file is, by its first 12 bytes: a picture that browsers know, or just bytes."""
    if beginning[:4] == b"RIFF" and beginning[8:12] == b"WEBP":
        return "image/webp"
    found = (kind for start, kind in PICTURES.items() if beginning.startswith(start))
    return next(found, "application/octet-stream")


def reason(error: OSError) -> str:
    """Why something could not be written, in a few words."""
    return FULL.get(error.errno or 0) or (error.strerror or str(error)).lower()


class Directory:
    """The files of one daemon."""

    def __init__(self, path: str) -> None:
        self.path = os.path.abspath(path)
        self._lock: IO[bytes] | None = None

    def claim(self) -> None:
        """Make the directory if there is none, and hold it against a second daemon; FilesError."""
        try:
            os.makedirs(self.path, 0o700, exist_ok=True)
            self._lock = open(self._place(LOCK), "ab")  # noqa: SIM115 - until it is released
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            hint = "Name another directory with --files."
            raise FilesError(f"{self.path} is in use by another chat daemon. {hint}") from None
        except OSError as error:
            raise FilesError(f"The directory for files, {self.path}, cannot be used: {reason(error)}.") from None

    def release(self) -> None:
        """Hold it no more."""
        if self._lock is not None:
            self._lock.close()

    def load(self) -> dict[str, About]:
        """Throw away what is not whole; what is, by what it is called on disk."""
        found = {}
        with os.scandir(self.path) as entries:
            names = [entry.name for entry in entries if entry.is_dir(follow_symlinks=False)]
        for name in filter(OURS.fullmatch, names):
            about = self.about(name)
            if name.endswith(PART):
                shutil.rmtree(self._place(name), ignore_errors=True)
            elif about is not None:
                found[name] = about
        return found

    def about(self, key: str) -> About | None:
        """What is known of a file; None if there is none."""
        try:
            with open(self._place(key, ABOUT), encoding="utf-8") as file:
                return About(**json.load(file))
        except (OSError, ValueError, TypeError):
            return None

    def open(self, key: str) -> tuple[BinaryIO, About] | None:
        """A file, to be read, and what is known of it; None if there is none."""
        about = self.about(key)
        try:
            return (open(self._place(key, DATA), "rb"), about) if about is not None else None
        except OSError:
            return None

    def remove(self, key: str) -> None:
        """Throw a file away, if it is there: at once, whatever happens then."""
        with suppress(OSError):
            os.rename(self._place(key), self._place(key + PART))
        shutil.rmtree(self._place(key + PART), ignore_errors=True)

    def begin(self, coming: int) -> Part:
        """A new file, under a secret that nobody can guess, if there is room for as much as is coming; OSError."""
        if shutil.disk_usage(self.path).free < coming + SPARE:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return Part(self.path, secrets.token_hex(16))

    def _place(self, *names: str) -> str:
        return os.path.join(self.path, *names)


class Part:
    """A file that is on its way in."""

    def __init__(self, directory: str, secret: str) -> None:
        self.secret, self.key = secret, key_of(secret)
        self._whole = os.path.join(directory, self.key)
        self._path = self._whole + PART
        self._beginning, self._hash, self.size = b"", hashlib.sha256(), 0
        os.mkdir(self._path, 0o700)
        try:
            self._file = open(os.path.join(self._path, DATA), "xb")  # noqa: SIM115 - until all has come
        except OSError:
            self.discard()
            raise

    def write(self, pieces: Iterable[bytes]) -> None:
        """What comes next; OSError."""
        for piece in pieces:
            self._file.write(piece)
            self._hash.update(piece)
            self.size += len(piece)
            self._beginning = (self._beginning + piece[:12])[:12]

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    def keep(self, name: str, owner: str, by: str, time: int) -> About:
        """It is whole: put it where it is found, when it is on disk; OSError."""
        about = About(name, self.size, self.sha256, kind_of(self._beginning), owner, by, time)
        _settle(self._file)
        with open(os.path.join(self._path, ABOUT), "xb") as file:
            file.write(json.dumps(asdict(about)).encode())
            _settle(file)
        _settle_directory(self._path)
        os.rename(self._path, self._whole)
        _settle_directory(os.path.dirname(self._whole))
        return about

    def discard(self) -> None:
        """Nothing of it stays."""
        with suppress(OSError, AttributeError):
            self._file.close()
        shutil.rmtree(self._path, ignore_errors=True)


def _settle(file: BinaryIO) -> None:
    """Have what was written on disk, and close."""
    with file:
        file.flush()
        os.fsync(file.fileno())


def _settle_directory(path: str) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
