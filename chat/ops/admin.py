"""The daemon's side of `twisted-chat admin`: a unix socket for root and the user who runs the daemon.

A request is a line of JSON, `{"command": "account add", "arguments": {"name": "bob", "password": "..."}}`, and so is
what answers it: `{"answer": ...}` with a sentence or the rows of a table, or `{"refused": "A sentence."}`.  One request
at a time: the next is read when the last was answered.  What there is to ask is in `chat.ops.console`.
"""

from __future__ import annotations

import errno
import json
import os
import socket
import stat
import struct
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.error import CannotListenError
from twisted.internet.interfaces import IAddress
from twisted.internet.protocol import Factory
from twisted.logger import Logger
from twisted.protocols.basic import LineReceiver
from twisted.python.failure import Failure

from chat.core.refusals import Refused
from chat.factory import ChatFactory

log = Logger(namespace="chat.admin")

STRANGER = "Only root and the user who runs the daemon may do that."
#: pid, uid and gid, as Linux has them (unix(7), SO_PEERCRED).
CREDENTIALS = struct.Struct("iII")


class AdminProtocol(LineReceiver):
    """One operator at the socket."""

    delimiter = b"\n"
    MAX_LENGTH = 65_536
    factory: AdminFactory
    transport: Any

    def connectionMade(self) -> None:
        uid = uid_of(self.transport)
        if uid not in (None, 0, os.geteuid()):
            log.warn("The user {uid} was refused at the admin socket", uid=uid)
            self._say(refused=STRANGER)
            self.transport.loseConnection()

    def connectionLost(self, *reason: Any) -> None:
        self.connected = 0

    def lineReceived(self, line: bytes) -> None:
        if self.transport.disconnecting:
            return
        self.pauseProducing()
        Deferred.fromCoroutine(self._answer(line)).addErrback(self._apologise).addBoth(self._go_on)

    def lineLengthExceeded(self, line: bytes) -> None:
        self._say(refused=f"A request has {self.MAX_LENGTH:,} bytes at most.")
        self.transport.loseConnection()

    async def _answer(self, line: bytes) -> None:
        from chat.ops.console import answer  # when an operator comes

        try:
            name, arguments = request(line)
            log.info("An operator asks for: {command}", command=name)
            self._say(answer=await answer(self.factory.chat, name, arguments))
        except Refused as refusal:
            self._say(refused=str(refusal))

    def _apologise(self, failure: Failure) -> None:
        log.failure("A bug in what an operator asked for", failure)
        self._say(refused="Something went wrong on our side; it is noted in the log of the daemon.")

    def _go_on(self, _: object) -> None:
        if self.connected and not self.transport.disconnecting:
            self.resumeProducing()

    def _say(self, **what: object) -> None:
        if self.connected:
            self.sendLine(json.dumps(what).encode())


class AdminFactory(Factory):
    """Lets operators command `chat`."""

    noisy = False

    def __init__(self, chat: ChatFactory) -> None:
        self.chat = chat

    def buildProtocol(self, addr: IAddress | None) -> AdminProtocol:  # type: ignore[override]
        protocol = AdminProtocol()
        protocol.factory = self
        return protocol


def request(line: bytes) -> tuple[str, dict[str, Any]]:
    """The command and the arguments of a line; Refused if it is no request."""
    try:
        asked = json.loads(line)
        name, arguments = asked["command"], asked.get("arguments", {})
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        name = arguments = None
    if not isinstance(name, str) or not isinstance(arguments, dict):
        raise Refused('A request is like {"command": "account add", "arguments": {"name": "bob"}}.')
    return name, arguments


def uid_of(transport: Any) -> int | None:
    """Who is at the other end of a unix socket; None where the system does not tell, and its mode has to do."""
    if not hasattr(socket, "SO_PEERCRED"):
        return None
    told = transport.getHandle().getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, CREDENTIALS.size)
    return int(CREDENTIALS.unpack(told)[1])


def listen(reactor: Any, path: str, chat: ChatFactory) -> Any:
    """Open the socket, for its owner only from the first moment; CannotListenError.  The port, which takes it away."""
    path = os.path.abspath(path)
    clear(path)
    before = os.umask(0o177)
    try:
        return reactor.listenUNIX(path, AdminFactory(chat), mode=0o600)
    finally:
        os.umask(before)


def clear(path: str) -> None:
    """Take away a socket that a daemon has left that is no more; CannotListenError if something else is there."""
    try:
        kind = os.lstat(path).st_mode
    except OSError:
        return  # there is none, or whoever listens will hear why not
    if not stat.S_ISSOCK(kind):
        raise CannotListenError(None, path, OSError(errno.ENOTSOCK, os.strerror(errno.ENOTSOCK)))
    with socket.socket(socket.AF_UNIX) as probe:
        probe.setblocking(False)
        if probe.connect_ex(path) != errno.ECONNREFUSED:
            raise CannotListenError(None, path, OSError(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE)))
    os.unlink(path)
