"""Threads for what may wait for a disk, so that nobody else waits for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from twisted.internet.defer import Deferred, maybeDeferred
from twisted.internet.threads import deferToThreadPool
from twisted.python.threadpool import ThreadPool

THREADS = 4


class Disk:
    """Does things in threads; what is asked for when they have ended is done at once."""

    def __init__(self, reactor: Any) -> None:
        self._reactor = reactor
        self._pool = ThreadPool(0, THREADS, name="chat-files")

    def start(self) -> None:
        """From now on there are threads."""
        self._pool.start()

    def stop(self) -> None:
        """Wait for what is being done, and end the threads."""
        if self._pool.started and not self._pool.joined:
            self._pool.stop()

    def do(self, work: Callable[..., Any], *args: Any) -> Deferred[Any]:
        """What `work` gives, or raises."""
        if not self._pool.started or self._pool.joined:
            return maybeDeferred(work, *args)
        return deferToThreadPool(self._reactor, self._pool, work, *args)


class DirectDisk(Disk):
    """The same without threads, for a clock that stands still: tests."""

    def start(self) -> None:
        """There are none."""
