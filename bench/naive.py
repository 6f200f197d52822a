"""The bare server that the daemon is compared with: the textbook broadcast on LineReceiver, nothing stored.

`python bench/naive.py [PORT]` listens on 127.0.0.1, on a free port if none is given, and says on which.  It
asks for a name and hands every line on to all others, as `[name] line`: the bytes that the daemon sends
after `/times off`.
"""

from __future__ import annotations

import sys
from typing import Any

from twisted.internet import reactor
from twisted.internet.interfaces import IAddress
from twisted.internet.protocol import Factory, connectionDone
from twisted.protocols.basic import LineReceiver
from twisted.python.failure import Failure


class Talker(LineReceiver):
    """One connection: its first line is its name, the others go to everyone else."""

    delimiter = b"\n"

    def __init__(self, talkers: dict[bytes, Talker]) -> None:
        self.talkers = talkers
        self.name: bytes | None = None

    def connectionMade(self) -> None:
        self.sendLine(b"Your name?")

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        if self.name is not None:
            del self.talkers[self.name]

    def lineReceived(self, line: bytes) -> None:
        if self.name is None:
            self.sign_in(line)
        else:
            self.broadcast(b"[" + self.name + b"] " + line)

    def sign_in(self, name: bytes) -> None:
        """Take a name that nobody has."""
        if name in self.talkers:
            self.sendLine(b"Taken. Your name?")
            return
        self.name = name
        self.talkers[name] = self
        self.sendLine(b"Hello " + name + b".")

    def broadcast(self, message: bytes) -> None:
        """Send `message` to everyone else."""
        for talker in self.talkers.values():
            if talker is not self:
                talker.sendLine(message)


class Room(Factory):
    """Everyone who is here, by name."""

    noisy = False

    def __init__(self) -> None:
        self.talkers: dict[bytes, Talker] = {}

    def buildProtocol(self, addr: IAddress | None) -> Talker:
        return Talker(self.talkers)


def main() -> None:
    """Serve until the process is ended."""
    real: Any = reactor
    port = real.listenTCP(int(sys.argv[1]) if sys.argv[1:] else 0, Room(), interface="127.0.0.1")
    print(f"Server is listening on 127.0.0.1:{port.getHost().port}", flush=True)
    real.run()


if __name__ == "__main__":
    main()
