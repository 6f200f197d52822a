"""Passwords: hashed and checked in threads of their own, few and bounded, so that nobody waits for them but the asker.

Argon2id (RFC 9106) with 19 MiB, 2 passes and 1 lane, the second of the settings that OWASP recommends; about 25 ms.
A SCRAM verifier is kept beside the hash.  An account that does not exist takes as long as one that does.
"""

from __future__ import annotations

import os
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from twisted.internet.defer import Deferred
from twisted.internet.threads import deferToThreadPool
from twisted.python.threadpool import ThreadPool

from chat.core.accounts import Verifier
from chat.core.refusals import Busy

THREADS, WAITING = 2, 64
MEMORY_KIB, PASSES, LANES, LENGTH, SALT = 19 * 1024, 2, 1, 32, 16


class Credentials(NamedTuple):
    """What is kept of a password."""

    hash: str
    scram: Verifier


def hashed(password: str) -> str:
    """The Argon2id hash of a password; takes a while."""
    argon = Argon2id(salt=os.urandom(SALT), length=LENGTH, iterations=PASSES, lanes=LANES, memory_cost=MEMORY_KIB)
    return argon.derive_phc_encoded(password.encode())


def derive(password: str) -> Credentials:
    """What is kept of a password; takes a while."""
    return Credentials(hashed(password), Verifier.of(password, os.urandom(SALT)))


def fits(password: str, hash: str) -> bool:
    """Whether `password` is the one of `hash`, a PHC string; takes a while, also where there is no hash."""
    if not hash:
        hashed(password)
        return False
    try:
        Argon2id.verify_phc_encoded(password.encode(), hash)
    except (InvalidKey, ValueError):
        return False
    return True


def is_old(hash: str) -> bool:
    """Whether a hash was made with other settings than today's."""
    return f"$m={MEMORY_KIB},t={PASSES},p={LANES}$" not in hash


class Passwords:
    """A pool of threads for what takes a while; Busy when too many ask."""

    def __init__(self, reactor: Any) -> None:
        self._reactor = reactor
        self._pool = ThreadPool(0, THREADS, name="chat-passwords")
        self._waiting = 0

    def start(self) -> None:
        self._pool.start()

    def stop(self) -> None:
        if not self._pool.joined:
            self._pool.stop()

    def derive(self, password: str) -> Deferred[Credentials]:
        """What is to be kept of a password."""
        return self._do(derive, password)

    def fits(self, password: str, hash: str) -> Deferred[bool]:
        """Whether the password fits; an empty hash never does, and takes as long to find out."""
        return self._do(fits, password, hash)

    def _do(self, work: Any, *args: str) -> Deferred[Any]:
        if self._waiting >= WAITING:
            raise Busy
        self._waiting += 1
        return deferToThreadPool(self._reactor, self._pool, work, *args).addBoth(self._done)

    def _done(self, result: Any) -> Any:
        self._waiting -= 1
        return result


class DirectPasswords(Passwords):
    """The same without threads, for a clock that stands still: tests."""

    def _do(self, work: Any, *args: str) -> Deferred[Any]:
        done: Deferred[Any] = Deferred()
        done.callback(work(*args))
        return done
