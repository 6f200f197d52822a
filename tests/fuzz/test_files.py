"""Whatever is sent to where files go: there are whole files and nothing else, and the books are right."""

from __future__ import annotations

import hashlib
import os
import random
from pathlib import Path

from chat.files.ledger import LEAST
from chat.web.exchange import IDLE
from tests.files import hostile
from tests.files.hosting import FAR, FilesTestCase, chunked, parsed
from tests.fuzz.test_doorway import FIRST, TIMES, pieces
from tests.talk import Person

FIELDS = [
    "Expect: 100-continue", "Connection: keep-alive", "Origin: null", "Origin: http://evil.example", "X: \x80",
    "Range: bytes=0-1", "Range: bytes=-", "If-None-Match: *", "Content-Length: 5", "Content-Length: -5",
    "Content-Length: 5, 6", "Transfer-Encoding: chunked", "Transfer-Encoding: gzip, chunked", "Upgrade: websocket",
    "Authorization: Bearer", "Authorization: Basic YTpi", "Authorization: Basic \xff", "no field", ": empty",
    "Repr-Digest: sha-256=:AAAA:", "Content-Type: multipart/form-data", ' filename="x"',
    "Content-Disposition: attachment; filename*=UTF-8''%00%ff",
]  # fmt: skip
METHODS = ["PUT", "PUT", "PUT", "POST", "POST", "GET", "GET", "HEAD", "DELETE", "OPTIONS", "PATCH", "put", "GETT"]


class FilesFuzzTests(FilesTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.configure(files_largest=2000, files_each=60_000, files_quota=90_000)
        self.alice, self.bob, self.witness = self.people("alice", "bob", "wendy")
        self.ann = self.irc("ann", "#lobby")
        self.around = self.everything()

    def everything(self) -> list[str]:
        """What lies around the directory."""
        return sorted(os.listdir(os.path.dirname(self.path)))

    def target(self, dice: random.Random) -> str:
        """Where to: a good permit, a file that is there, or anything."""
        kind = dice.randrange(6)
        person: Person = dice.choice((self.alice, self.bob))
        if kind < 3:
            words = dice.choice(("/upload", "/upload", "/upload bob", "/upload wendy"))
            return self.permit(person, words) + dice.choice(("", "a.txt", "%2e%2e", "a/b"))
        if kind == 3 and self.where:
            return dice.choice(self.where)
        name = "".join(letter for letter in dice.choice(hostile.names(100, 7)) if "!" <= letter <= "~")
        return dice.choice(("/upload", "/files", "/upload/", "/files/", "/uploads", "/../files/")) + name[:60]

    def request(self, dice: random.Random) -> bytes:
        """A request that is good, or nearly so, or not at all."""
        body = dice.randbytes(dice.choice((0, 1, 5, 1999, 2000, 2001)))
        fields = dice.sample(FIELDS, dice.choice((0, 0, 0, 0, 0, 1, 3)))
        if dice.random() < 0.3:
            fields.append(f"Authorization: Bearer {self.token(self.ann, dice.choice(('', '#lobby')))}")
        if dice.random() < 0.7:
            cut = dice.choice((0, 0, 0, 0, 1, -1))
            fields.append(f"Content-Length: {max(0, len(body) + cut)}")
        else:
            fields.append("Transfer-Encoding: chunked")
            body = chunked(*pieces(dice, body)) if dice.random() < 0.8 else body
        first = f"{dice.choice(METHODS)} {self.target(dice)} HTTP/1.{dice.choice('1110')}"
        data = bytearray("\r\n".join([first, "Host: evil.example", *fields]).encode("latin-1") + b"\r\n\r\n" + body)
        for _ in range(dice.choice((0, 0, 0, 0, 0, 1, 5))):
            place = dice.randrange(len(data) + 1)
            data[place : place + dice.choice((0, 1, 5))] = dice.choice((b"", b"\0", b" ", b"\r\n", dice.randbytes(1)))
        return bytes(data)

    def test_whatever_is_sent(self) -> None:
        self.where: list[str] = []
        statuses = set()
        for seed in range(FIRST, FIRST + 400 * TIMES):
            dice = random.Random(seed)
            visitor = self.visitor()
            for piece in pieces(dice, self.request(dice)):
                if not (visitor.transport.disconnected or visitor.transport.disconnecting):
                    visitor.types(piece)
                    self.pass_time(dice.choice((0, 0, 0, 0.01)))
            end = dice.randrange(4)
            if end == 0:
                visitor.protocol.readConnectionLost()
            elif end == 1:
                self.pass_time(IDLE)
            data = visitor.reads().removeprefix(b"HTTP/1.1 100 Continue\r\n\r\n")
            visitor.hangs_up()
            if data:
                reply = parsed(data)
                statuses.add(reply.status)
                if reply.status == 201:
                    self.where.append(reply.fields["location"].removeprefix(FAR))
            self.assertEqual([failure.getTraceback() for failure in self.flushLoggedErrors()], [], seed)
            self.books_are_right(seed)
            if len(self.kept) > 10:
                self.host.remove(dice.choice(self.kept))
        self.assertEqual(self.everything(), self.around)
        self.assertGreater(len(self.where), 25)
        self.assertTrue({200, 201, 204, 400, 401, 403, 404, 405, 413} <= statuses, sorted(statuses))
        said = [line for line in self.witness.hears() if " sent a file: " in line]
        self.assertGreater(len(said), 10)
        self.assertLessEqual(len(said), len(self.where))

    def books_are_right(self, seed: int) -> None:
        """There are whole files, as many as are known, and nothing is taken for what is not there."""
        self.assertEqual((self.host.uploads, self.factory.waiting.addresses), (set(), {}), seed)
        total = 0
        for key in self.kept:
            about = self.host.directory.about(key)
            assert about is not None, (seed, key)
            content = Path(self.path, key, "data").read_bytes()
            self.assertEqual((len(content), hashlib.sha256(content).hexdigest()), (about.size, about.sha256), seed)
            total += max(LEAST, about.size)
        self.assertEqual((set(self.host.kept), self.host.ledger.total), (set(self.kept), total), seed)
