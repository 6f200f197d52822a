"""How much room files have: in all, and those of one person."""

from __future__ import annotations

from collections import Counter

from chat.core.refusals import NoRoomForFile, NoRoomForYourFiles
from chat.files.names import size_of

#: Bytes that a file counts for at least: so much of a disk the smallest takes.
LEAST = 4096


class Ledger:
    """Bytes that are taken, by files that are here and by those that come."""

    def __init__(self) -> None:
        self.total = 0
        self._of: Counter[str] = Counter()

    def of(self, owner: str) -> int:
        """Bytes of one person."""
        return self._of[owner]

    def take(self, owner: str, size: int) -> None:
        """Count so many bytes more, or, below 0, fewer."""
        self.total += size
        self._of[owner] += size
        if not self._of[owner]:
            del self._of[owner]

    def require_room(self, owner: str, size: int, most: int, most_each: int) -> None:
        """NoRoomForFile, NoRoomForYourFiles if there is none for so many bytes more."""
        if self.total + size > most:
            raise NoRoomForFile
        if self.of(owner) + size > most_each:
            raise NoRoomForYourFiles(size_of(most_each))
