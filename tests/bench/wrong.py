"""A server that loses, repeats, swaps or misdirects something now and then, for a load that must notice it.

python -m tests.bench.wrong lost|twice|swapped|astray|none PORT
"""

from __future__ import annotations

import sys
from typing import ClassVar

from twisted.protocols.basic import LineReceiver

from bench import naive

#: One in so many is treated badly.
SELDOM = 25


class Wrong(naive.Talker):
    """Does right by most of what it sends on."""

    how: ClassVar[str] = "none"
    count: ClassVar[int] = 0
    held: bytes | None = None

    def sendLine(self, line: bytes) -> None:
        if b" PRIVMSG " not in line:
            super().sendLine(line)
            return
        Wrong.count += 1
        lines = [line] if self.held is None else [line, self.held]
        self.held = None
        if Wrong.count % SELDOM == 0:
            lines = self.spoilt(lines)
        for each in lines:
            super().sendLine(each)

    def spoilt(self, lines: list[bytes]) -> list[bytes]:
        if self.how == "lost":
            return lines[:-1]
        if self.how == "twice":
            return lines * 2
        if self.how == "swapped":
            self.held = lines.pop()
        if self.how == "astray":
            members = self.room.channels.get(lines[-1].split(b" ")[2], {*self.room.talkers.values()})
            for other in {*self.room.talkers.values()} - members:
                LineReceiver.sendLine(other, lines[-1])
        return lines


if __name__ == "__main__":
    Wrong.how = sys.argv.pop(1)
    naive.Talker = Wrong  # type: ignore[misc]
    naive.main()
