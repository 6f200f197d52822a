"""A chat that keeps files, and the words for what browsers and curl say to it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from twisted.internet.address import IPv4Address
from twisted.internet.defer import Deferred

from chat.factory import WebDoor
from chat.files.disk import DirectDisk, Disk
from chat.files.host import FileHost
from chat.irc.protocol import IRCProtocol
from chat.web.http import WebFactory
from tests.talk import ChatTestCase, Person
from tests.test_doorway import Visitor

NEAR, FAR = "http://127.0.0.1:5050", "http://chat.example.org:5050"


class HeldDisk(DirectDisk):
    """Does things when it is told to."""

    def __init__(self, reactor: Any) -> None:
        super().__init__(reactor)
        self.holding = False
        self.held: list[tuple[Deferred[Any], Any, Any]] = []

    def do(self, work: Any, *args: Any) -> Deferred[Any]:
        if not self.holding:
            return super().do(work, *args)
        done: Deferred[Any] = Deferred()
        self.held.append((done, work, args))
        return done

    def let_go(self) -> None:
        """Do the oldest of what waits."""
        done, work, args = self.held.pop(0)
        super().do(work, *args).chainDeferred(done)


class Reply(NamedTuple):
    """An answer: its status, its fields by their names in small letters, and its body."""

    status: int
    fields: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode().removesuffix("\n")


def parsed(data: bytes) -> Reply:
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    fields = dict(line.lower().split(": ", 1)[:1] + line.split(": ", 1)[1:] for line in lines)
    return Reply(int(first.split()[1]), fields, body)


class FilesTestCase(ChatTestCase):
    """A chat that keeps files in a directory of its own, and takes them at a port for HTTP."""

    disk_class: type[Disk] = DirectDisk

    def setUp(self) -> None:
        super().setUp()
        self.path = os.path.abspath(self.mktemp())
        self.configure(files=self.path)
        self.factory.web_doors = [WebDoor(False, FAR, NEAR)]
        self.host = self.new_host()
        self.door: Any = WebFactory(self.factory.speaking(IRCProtocol))
        self.calls = len(self.clock.getDelayedCalls())

    def new_host(self) -> FileHost:
        host = self.factory.files = FileHost(self.factory, self.disk_class(self.clock))
        host.start()
        return host

    @property
    def kept(self) -> list[str]:
        """What lies in the directory."""
        return sorted(name for name in os.listdir(self.path) if name != "lock")

    def visitor(self, address: str = "127.0.0.1") -> Visitor:
        return Visitor(self, self.door, IPv4Address("TCP", address, 40_000))

    def begins(self, method: str, target: str, *fields: str, body: bytes = b"", address: str = "127.0.0.1") -> Visitor:
        """Somebody sends a request, or what there is of it so far."""
        visitor = self.visitor(address)
        head = "".join(f"{line}\r\n" for line in (f"{method} {target} HTTP/1.1", "Host: evil.example", *fields, ""))
        visitor.types(head.encode("latin-1") + body)
        return visitor

    def asks(self, method: str, target: str, *fields: str, body: bytes = b"", address: str = "127.0.0.1") -> Reply:
        """The answer to a request; nothing is left of it then."""
        measured = any(field.startswith(("Content-Length", "Transfer-Encoding")) for field in fields)
        if method in ("PUT", "POST") and not measured:
            fields = (*fields, f"Content-Length: {len(body)}")
        visitor = self.begins(method, target, *fields, body=body, address=address)
        reply = parsed(visitor.reads())
        visitor.hangs_up()
        return reply

    def permit(self, person: Person, words: str = "/upload") -> str:
        """Where somebody may send a file, as they are told."""
        line = person.asks(words)[-1]
        found = re.fullmatch(rf"\* curl -T FILE {NEAR}(/upload/[\w-]{{22}}/)", line)
        assert found, line
        return found[1]

    def token(self, client: Person, *target: str) -> str:
        """The permit that an IRC client gets."""
        line = client.asks(" ".join(["FILEHOST TOKEN", *target]))[-1]
        found = re.fullmatch(r":chat\.example\.org FILEHOST TOKEN ([\w-]{22})", line)
        assert found, line
        return found[1]

    def sends(self, person: Person, content: bytes, name: str = "plan.pdf", words: str = "/upload") -> str:
        """Somebody sends a file as with curl -T; the path where it is."""
        reply = self.asks("PUT", self.permit(person, words) + name, body=content)
        self.assertEqual(reply.status, 201, reply.text)
        self.assertTrue(reply.fields["location"].startswith(f"{FAR}/files/"))
        return reply.fields["location"].removeprefix(FAR)

    def nothing_is_left(self, kept: Iterable[str] = ()) -> None:
        """No file, no half of one, no room that is taken, nobody who waits."""
        self.assertEqual(self.kept, sorted(kept))
        self.assertEqual((len(self.host.uploads), self.factory.waiting.addresses), (0, {}))
        if not kept:
            self.assertEqual(self.host.ledger.total, 0)
        self.assertEqual(len(self.clock.getDelayedCalls()), self.calls)


def chunked(*pieces: bytes) -> bytes:
    """A body in chunks (RFC 9112, section 7.1)."""
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in (*pieces, b""))
