"""What a session says in one go."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from chat.core.events import Event
from chat.core.refusals import Refused
from chat.core.session import Listener, Origin

Tell = Callable[[Sequence[Event], Listener, Origin], None]


class Run:
    """Lines of speech of one session to the same people: each is kept by itself, and they are told of together.

    It is called with what became of each of them in turn, as `chat.core.history` has it, and calls `tell` with those
    that are kept: with all at the end, or, so that everything takes its turn, with those before one that is refused.
    """

    __slots__ = ("_coming", "_left", "_kept", "_audience", "_origin", "_tell")

    def __init__(self, events: Sequence[Event], audience: Listener, origin: Origin, tell: Tell) -> None:
        self._coming, self._left = iter(events), len(events)
        self._kept: list[Event] = []
        self._audience, self._origin, self._tell = audience, origin, tell

    def __call__(self, refusal: Refused | None) -> None:
        event = next(self._coming)
        self._left -= 1
        if refusal is None:
            self._kept.append(event)
            if not self._left:
                self._tell_kept()
            return
        try:
            self._tell_kept()
        finally:
            self._origin.refused(event, refusal)

    def _tell_kept(self) -> None:
        kept, self._kept = self._kept, []
        if kept:
            self._tell(kept, self._audience, self._origin)
