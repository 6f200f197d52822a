"""A command that has to wait: from one Deferred to the next, until it has ended.

It is what `Deferred.fromCoroutine` does, but for contexts and cancelling, which no command needs: at half the price.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure


class Task:
    """A coroutine that runs; `failed` is called with what it raises, and in any case `ended` when it has ended."""

    __slots__ = ("_coroutine", "_ended", "_failed")

    def __init__(
        self,
        coroutine: Coroutine[Deferred[Any], Any, Any],
        failed: Callable[[Failure], None],
        ended: Callable[[], None],
    ) -> None:
        self._coroutine, self._failed, self._ended = coroutine, failed, ended

    def go_on(self, result: object = None) -> None:
        """Run until there is something to wait for; `result` is of what it waited for last."""
        try:
            if isinstance(result, Failure):
                awaited = result.throwExceptionIntoGenerator(self._coroutine)
            else:
                awaited = self._coroutine.send(result)
        except StopIteration:
            self._ended()
        except BaseException:
            try:
                self._failed(Failure())
            finally:
                self._ended()
        else:
            awaited.addBoth(self.go_on)
