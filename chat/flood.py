"""How fast one connection may speak: a bucket of lines that fills at a steady rate."""

from __future__ import annotations

from collections.abc import Callable

#: Seconds that one waits at least: less is below what a clock tells apart, and one would wait again and again.
TICK = 0.001


class Bucket:
    """Lets `burst` lines pass at once and then `rate` a second; `clock` gives seconds.

    A clock that is set back stops nobody: the time until then does not count.
    """

    __slots__ = ("_burst", "_rate", "_clock", "_level", "_then")

    def __init__(self, burst: int, rate: float, clock: Callable[[], float]) -> None:
        self._burst, self._rate, self._clock = burst, rate, clock
        self._level = float(burst)
        self._then = clock()

    def wait(self) -> float:
        """Seconds until a line may pass; 0: now."""
        now = self._clock()
        self._level = min(self._burst, self._level + max(0.0, now - self._then) * self._rate)
        self._then = now
        return 0.0 if self._level >= 1 else max(TICK, (1 - self._level) / self._rate)

    def spend(self) -> None:
        """A line has passed."""
        self._level -= 1

    def give_back(self) -> None:
        """The line that has passed was none that counts."""
        self._level = min(self._burst, self._level + 1)


class NoLimit:
    """Lets everything pass."""

    __slots__ = ()

    def wait(self) -> float:
        return 0.0

    def spend(self) -> None:
        """Nothing is counted."""


NO_LIMIT = NoLimit()
