"""One-time permits to send a file: whoever has one may send, for the person it was given to, while they are here."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from chat.core.refusals import BadPermit, PermitBusy
from chat.core.registry import Author, Room

#: Minutes for which a permit is good, and how many one person may have.
MINUTES, MOST = 10, 10


@dataclass(eq=False)
class Permit:
    """For one file: from whom (the id of a user), for whom it counts, and to whom it is said that it was sent.

    That is a room, or a person; without either it is said to nobody.
    """

    user: str
    owner: str
    room: Room | None = None
    to: Author | None = None
    expires: float = 0
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    busy: bool = False


class Permits:
    """The permits that are good; `seconds` is the time."""

    def __init__(self, seconds: Callable[[], float]) -> None:
        self._seconds = seconds
        self._good: dict[str, Permit] = {}

    def give(self, permit: Permit) -> Permit:
        """Let it be good from now on; who has too many loses the oldest."""
        self._forget_the_old()
        mine = [each for each in self._good.values() if each.user == permit.user]
        for each in mine[: max(0, len(mine) + 1 - MOST)]:
            del self._good[each.secret]
        permit.expires = self._seconds() + MINUTES * 60
        self._good[permit.secret] = permit
        return permit

    def find(self, secret: str) -> Permit:
        """The permit of that secret; BadPermit."""
        self._forget_the_old()
        try:
            return self._good[secret]
        except KeyError:
            raise BadPermit(MINUTES) from None

    def begin(self, permit: Permit) -> None:
        """A file comes by it; PermitBusy where one does already."""
        if permit.busy:
            raise PermitBusy
        permit.busy = True

    def end(self, permit: Permit, done: bool) -> None:
        """The file has come, and the permit is good no more; or it has not, and may be sent again."""
        permit.busy = False
        if done:
            self._good.pop(permit.secret, None)

    def _forget_the_old(self) -> None:
        now = self._seconds()
        while self._good and (oldest := next(iter(self._good.values()))).expires <= now:
            del self._good[oldest.secret]
