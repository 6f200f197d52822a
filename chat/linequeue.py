"""Bytes in, lines out, in linear time and bounded space."""

from __future__ import annotations

import re

from chat.core.refusals import Goodbye, TooLong

#: Bytes of a line, without its end, that are accepted.
LONGEST = 4096
#: Bytes without a line feed after which the connection is closed.
ENDLESS = 65_536


class LineQueue:
    """What a connection has received and nobody has read yet.

    A line ends with LF; its text is given without it.  Of a line that is too long only the length is kept, and
    of one that is endless nothing: what comes behind it is no use any more.
    """

    __slots__ = ("_data", "_at", "_skipped", "_longest", "_endless")

    def __init__(self, longest: int = LONGEST, endless: int = ENDLESS) -> None:
        self._longest, self._endless = longest, endless
        self._data = b""
        self._at = 0
        self._skipped = 0

    def __len__(self) -> int:
        """Bytes that wait."""
        return len(self._data) - self._at

    def feed(self, data: bytes) -> None:
        """More bytes have come."""
        if self._skipped > self._endless:
            return
        self._data = self._data[self._at :] + data if self._at < len(self._data) else data
        self._at = 0
        if len(self._data) > self._longest + 1 and b"\n" not in self._data:
            self._skipped += len(self._data)
            self._data = b""

    def pop(self) -> bytes | None:
        """The next line, or None if none is complete.

        In place of a line: TooLong if it is; Goodbye if there have been too many bytes without a line feed.
        """
        if self._skipped > self._endless:
            raise self._goodbye()
        end = self._data.find(b"\n", self._at)
        if end < 0:
            if not len(self):  # what was understood is held no longer
                self._data, self._at = b"", 0
            return None
        start, self._at = self._at, end + 1
        length, self._skipped = self._skipped + end - start, 0
        if length > self._endless:
            raise self._goodbye()
        if length > self._longest and not (length == self._longest + 1 and self._data[end - 1 : end] == b"\r"):
            raise TooLong(length, self._longest)
        return self._data[start:end]

    def match(self, pattern: re.Pattern[bytes], longest: int) -> re.Match[bytes] | None:
        """What `pattern`, which ends with the line's end, finds in the next line if that has at most `longest` bytes.

        It is still the next line, until it is given to `take`.
        """
        return None if self._skipped else pattern.match(self._data, self._at, self._at + longest)

    def take(self, found: re.Match[bytes]) -> None:
        """The next line, as it was found, is read."""
        self._at = found.end()

    def _goodbye(self) -> Goodbye:
        return Goodbye(f"More than {self._endless:,} bytes without a line end. Bye.")

    def finish(self) -> None:
        """The input has ended: what is left is a line too, even without a line feed."""
        if self._data[-1:] != b"\n" and (len(self) or self._skipped):
            self._data, self._at = self._data[self._at :] + b"\n", 0
