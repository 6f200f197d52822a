"""The bare server that the daemon is compared with: the textbook broadcast on LineReceiver, nothing stored.

`python -m bench.naive [PORT]` listens on 127.0.0.1, on a free port if none is given, and says on which.  It knows as
much of IRC as the load needs: NICK, USER, JOIN, PART, PRIVMSG, PING and QUIT, and checks nothing.
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
    """One connection."""

    delimiter = b"\r\n"

    def __init__(self, room: Room) -> None:
        self.room = room
        self.name = b"*"

    def connectionMade(self) -> None:
        self.transport.setTcpNoDelay(True)  # type: ignore[union-attr]

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.room.talkers.pop(self.name, None)
        for members in self.room.channels.values():
            members.discard(self)

    def lineReceived(self, line: bytes) -> None:
        command, _, rest = line.partition(b" ")
        does = getattr(self, f"irc_{command.decode('ascii', 'replace')}", None)
        if does:
            does(rest)

    def irc_NICK(self, name: bytes) -> None:
        self.name = name
        self.room.talkers[name] = self

    def irc_USER(self, _: bytes) -> None:
        self.sendLine(b":naive 001 " + self.name + b" :Welcome")

    def irc_JOIN(self, channel: bytes) -> None:
        self.room.channels.setdefault(channel, set()).add(self)
        self.broadcast(channel, b"JOIN " + channel)
        self.sendLine(b":naive 366 " + self.name + b" " + channel + b" :End of NAMES list")

    def irc_PART(self, channel: bytes) -> None:
        self.broadcast(channel, b"PART " + channel)
        self.room.channels[channel].discard(self)

    def irc_PRIVMSG(self, words: bytes) -> None:
        target = words.partition(b" ")[0]
        if target.startswith(b"#"):
            self.broadcast(target, b"PRIVMSG " + words, but=self)
        else:
            self.room.talkers[target].sendLine(self.heard(b"PRIVMSG " + words))

    def irc_PING(self, words: bytes) -> None:
        self.sendLine(b":naive PONG naive " + words)

    def irc_QUIT(self, _: bytes) -> None:
        self.transport.loseConnection()  # type: ignore[union-attr]

    def heard(self, message: bytes) -> bytes:
        """As the others see what this one does."""
        return b":" + self.name + b"!naive@localhost " + message

    def broadcast(self, channel: bytes, message: bytes, but: Talker | None = None) -> None:
        """Send `message` to everyone in the channel."""
        line = self.heard(message)
        for talker in self.room.channels[channel]:
            if talker is not but:
                talker.sendLine(line)


class Room(Factory):
    """Everyone who is here, by name, and who is in which channel."""

    noisy = False

    def __init__(self) -> None:
        self.talkers: dict[bytes, Talker] = {}
        self.channels: dict[bytes, set[Talker]] = {}

    def buildProtocol(self, addr: IAddress | None) -> Talker:
        return Talker(self)


def main() -> None:
    """Serve until the process is ended."""
    real: Any = reactor
    port = real.listenTCP(int(sys.argv[1]) if sys.argv[1:] else 0, Room(), 4096, "127.0.0.1")
    print(f"Server is listening on 127.0.0.1:{port.getHost().port}", flush=True)
    real.run()


if __name__ == "__main__":
    main()
