"""A file goes out: all of it or a part, to whoever has its address, no faster than they read, until it is gone."""

from __future__ import annotations

import base64
import hashlib
import os
from unittest import mock

from chat.core.events import AccountRegistered
from chat.core.registry import Author
from chat.files.host import SWEEP
from chat.web.exchange import IDLE
from chat.web.transfer import NO_FILE
from tests.files.hosting import FAR, FilesTestCase, Reply, parsed
from tests.files.test_upload import basic

CONTENT = bytes(range(250)) * 4
DAY = 86_400


class GivenTests(FilesTestCase):
    def setUp(self) -> None:
        super().setUp()
        [self.alice] = self.people("alice")
        self.where = self.sends(self.alice, CONTENT, "r%C3%A9sum%C3%A9.pdf")
        self.etag = f'"{hashlib.sha256(CONTENT).hexdigest()}"'

    def test_what_is_said_of_it(self) -> None:
        self.assertEqual(self.asks("GET", self.where), Reply(200, {
            "connection": "close",
            "content-type": "application/octet-stream",
            "content-disposition": "attachment; filename=\"resume.pdf\"; filename*=UTF-8''r%C3%A9sum%C3%A9.pdf",
            "x-content-type-options": "nosniff",
            "content-security-policy": "default-src 'none'; sandbox",
            "cache-control": "private, max-age=86400, immutable",
            "accept-ranges": "bytes",
            "etag": self.etag,
            "last-modified": "Fri, 20 Nov 2026 12:00:00 GMT",
            "repr-digest": f"sha-256=:{base64.b64encode(hashlib.sha256(CONTENT).digest()).decode()}:",
            "content-length": "1000",
        }, CONTENT))  # fmt: skip

    def test_only_what_is_said_of_it(self) -> None:
        whole, head = self.asks("GET", self.where), self.asks("HEAD", self.where)
        self.assertEqual((head.status, head.fields, head.body), (200, whole.fields, b""))
        self.assertEqual(self.asks("HEAD", self.where, "Range: bytes=0-5").status, 200)
        gone = self.asks("HEAD", "/files/guessed")
        self.assertEqual((gone.status, gone.fields["content-length"], gone.body), (404, str(len(NO_FILE) + 1), b""))

    def test_a_part_of_it(self) -> None:
        for asked, start, end in (
            ("0-0", 0, 1), ("0-99", 0, 100), ("10-", 10, 1000), ("-1", 999, 1000), ("-5000", 0, 1000),
            ("999-", 999, 1000), ("5-99999", 5, 1000),
        ):  # fmt: skip
            reply = self.asks("GET", self.where, f"Range: bytes={asked}")
            self.assertEqual((reply.status, reply.body), (206, CONTENT[start:end]), asked)
            self.assertEqual(reply.fields["content-range"], f"bytes {start}-{end - 1}/1000")
            self.assertEqual(reply.fields["content-length"], str(end - start))
        for asked in ("1000-", "5000-6000", "-0"):
            reply = self.asks("GET", self.where, f"Range: bytes={asked}")
            self.assertEqual((reply.status, reply.fields["content-range"]), (416, "bytes */1000"), asked)
        for asked in ("bytes=5-3", "bytes=-", "bytes=0-1,5-6", "lines=1-2", "bytes=x-y", "bytes=" + "9" * 40 + "-", ""):
            self.assertEqual(self.asks("GET", self.where, f"Range: {asked}").status, 200, asked)
        empty = self.sends(self.alice, b"")
        self.assertEqual(self.asks("GET", empty, "Range: bytes=0-").status, 416)

    def test_a_part_only_of_the_file_that_one_has_the_rest_of(self) -> None:
        for field, status in (
            (self.etag, 206), ("Fri, 20 Nov 2026 12:00:00 GMT", 206), ('"other"', 200), (f"W/{self.etag}", 200),
            ("Fri, 20 Nov 2026 12:00:01 GMT", 200),
        ):  # fmt: skip
            reply = self.asks("GET", self.where, "Range: bytes=5-", f"If-Range: {field}")
            self.assertEqual(reply.status, status, field)

    def test_not_again_to_who_has_it(self) -> None:
        for field, status in ((self.etag, 304), ("*", 304), (f'"a", {self.etag}', 304), ('"a"', 200)):
            reply = self.asks("GET", self.where, f"If-None-Match: {field}")
            self.assertEqual(reply.status, status)
            self.assertEqual(reply.body, b"" if status == 304 else CONTENT)

    def test_a_picture_may_be_shown_in_a_page_and_a_page_may_not(self) -> None:
        for content, kind in (
            (b"\x89PNG\r\n\x1a\n....", "image/png"), (b"<svg xmlns=.../>", "application/octet-stream"),
            (b"<script>alert(1)</script>", "application/octet-stream"),
        ):  # fmt: skip
            reply = self.asks("GET", self.sends(self.alice, content, "x.html"))
            self.assertEqual(reply.fields["content-type"], kind)
            self.assertTrue(reply.fields["content-disposition"].startswith("attachment;"))

    def test_the_name_in_the_address_is_for_people(self) -> None:
        secret = self.where.split("/")[2]
        for path in (f"/files/{secret}", f"/files/{secret}/", f"/files/{secret}/other.txt?x=y", f"{FAR}{self.where}"):
            self.assertEqual(self.asks("GET", path).status, 200, path)

    def test_what_is_not_there(self) -> None:
        key = self.kept[0]
        for path in (
            "/files", "/files/", "/files/guessed", f"/files/{key}", f"/files/{key}/data", "/files/../lock",
            "/files/lock", f"/files/..%2f{key}", f"/files/{key}%2fdata", "/files/%00", "/files/%ff",
        ):  # fmt: skip
            self.assertEqual(self.asks("GET", path)[::2], (404, f"{NO_FILE}\n".encode()), path)
        self.assertEqual(self.asks("GET", "/filesystem").status, 404)

    def test_what_may_be_done(self) -> None:
        self.assertEqual(self.asks("OPTIONS", self.where).fields["allow"], "OPTIONS, GET, HEAD, DELETE")
        self.assertEqual(self.asks("PUT", self.where, body=b"x").status, 405)

    def test_it_is_there_after_a_restart(self) -> None:
        self.host.stop()
        self.host = self.new_host()
        self.assertEqual(self.asks("GET", self.where).body, CONTENT)
        self.assertEqual(self.host.ledger.total, 4096)

    def test_a_file_that_somebody_has_cut_is_not_taken_for_whole(self) -> None:
        os.truncate(os.path.join(self.path, self.kept[0], "data"), 100)
        visitor = self.begins("GET", self.where)
        self.assertEqual((parsed(visitor.reads()).body, visitor.transport.disconnected), (CONTENT[:100], True))

    def test_a_bug_in_the_middle_is_no_second_answer(self) -> None:
        visitor = self.visitor()
        with mock.patch("chat.web.exchange.Exchange.send", side_effect=ValueError):
            visitor.types(f"GET {self.where} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        self.assertEqual(len(self.flushLoggedErrors(ValueError)), 1)
        self.assertEqual((parsed(visitor.reads()).body, visitor.transport.disconnected), (b"", True))

    def test_who_comes_with_nc_gets_it_too(self) -> None:
        visitor = self.visitor()
        visitor.types(f"GET {self.where} HTTP/1.0\r\n\r\n".encode())
        visitor.protocol.readConnectionLost()
        self.assertEqual(parsed(visitor.reads()).body, CONTENT)
        self.assertTrue(visitor.transport.disconnecting)


class ReadersTests(FilesTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.content = os.urandom(1_000_000)
        self.where = self.sends(self.person("alice"), self.content)

    def test_no_more_is_written_than_is_read(self) -> None:
        visitor = self.visitor()
        write = visitor.transport.write
        got = bytearray()

        def full(data: bytes) -> None:
            write(data)
            if len(data) > 1000:  # no head
                visitor.transport.producer.pauseProducing()

        with mock.patch.object(visitor.transport, "write", full):
            visitor.types(f"GET {self.where} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            producer = visitor.transport.producer
            for _ in range(16):
                data = visitor.reads()
                self.assertLess(len(data), 67_000)
                got += data
                self.pass_time(IDLE - 1)
                producer.resumeProducing()
        self.assertEqual(parsed(bytes(got)).body, self.content)
        self.assertTrue(visitor.transport.disconnecting)

    def test_who_does_not_read_is_given_up(self) -> None:
        visitor = self.visitor()
        with mock.patch.object(visitor.transport, "write", lambda data: visitor.transport.producer.pauseProducing()):
            visitor.types(f"GET {self.where} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        self.pass_time(IDLE - 1)
        self.assertFalse(visitor.transport.disconnected)
        self.pass_time(1)
        self.assertTrue(visitor.transport.disconnected)
        visitor.hangs_up()
        self.nothing_is_left(self.kept)

    def test_who_hangs_up_in_the_middle_leaves_nothing(self) -> None:
        visitor = self.visitor()
        with mock.patch.object(visitor.transport, "write", lambda data: visitor.transport.producer.pauseProducing()):
            visitor.types(f"GET {self.where} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        visitor.hangs_up()
        self.nothing_is_left(self.kept)


class GoneTests(FilesTestCase):
    def test_who_takes_back_the_line_takes_back_the_file(self) -> None:
        alice, bob = self.people("alice", "bob")
        one, two = self.sends(alice, b"1"), self.sends(alice, b"2")
        self.assertEqual(bob.asks("/delete 1")[-1], "! Line 1 is not yours but alice's.")
        self.assertEqual(self.asks("GET", one).status, 200)
        self.assertEqual(alice.asks("/delete 1")[-1], "* Line 1 is removed.")
        self.assertEqual([self.asks("GET", each).status for each in (one, two)], [404, 200])
        self.assertEqual((len(self.kept), self.host.ledger.total), (1, 4096))
        self.assertEqual([line for line in bob.asks("/history") if "files/" in line and "[1 " in line], [])

    def test_an_irc_client_takes_it_back_as_well(self) -> None:
        ann = self.irc("ann", "#tea", caps="message-tags draft/message-redaction echo-message")
        reply = self.asks("POST", "/upload", f"Authorization: Bearer {self.token(ann, '#tea')}", body=b"x")
        self.assertEqual(reply.status, 201)
        [line] = ann.hears()
        tags, _, rest = line.partition(" ")
        msgid = tags.split("msgid=")[1].split(";")[0]
        url = reply.fields["location"]
        self.assertEqual(rest, f":ann!~ann@127.0.0.1 PRIVMSG #tea :\x01ACTION sent a file: file (1 B) {url}\x01")
        self.assertNotIn(url.split("/")[4], tags, "whoever sees the id of a line knows nothing of where it is")
        ann.asks(f"REDACT #tea {msgid}")
        self.assertEqual(self.asks("GET", url.removeprefix(FAR)).status, 404)

    def test_an_id_that_only_looks_like_one_takes_nothing(self) -> None:
        alice, bob = self.people("alice", "bob")
        where = self.sends(alice, b"x")
        bob.asks(f"/send file-{self.kept[0]} hello", "/delete 2")
        self.assertEqual(self.asks("GET", where).status, 200)

    def test_its_owner_takes_it_back_by_http(self) -> None:
        found: list[tuple[object, ...]] = []
        self.factory.passwords.derive("correct horse").addCallback(found.append)
        for name in ("una", "ugo"):
            self.happens(AccountRegistered(Author(name, name), name, *found[0]))  # type: ignore[arg-type]
        una, ugo = basic("una", "correct horse"), basic("ugo", "correct horse")
        where = self.asks("POST", "/upload", una, body=b"x").text.removeprefix(FAR)
        self.assertEqual(self.asks("DELETE", where).status, 401)
        self.assertEqual(self.asks("DELETE", where, ugo)[::2], (403, b"That file is not yours.\n"))
        self.assertEqual(self.asks("GET", where).status, 200)
        self.assertEqual(self.asks("DELETE", where, una)[::2], (200, b"file is gone.\n"))
        self.assertEqual([self.asks(method, where, una).status for method in ("GET", "DELETE")], [404, 404])
        self.nothing_is_left()

    def test_a_guest_takes_nothing_back_that_another_guest_may_have_sent(self) -> None:
        where = self.sends(self.person("alice"), b"x")
        bearer = f"Authorization: Bearer {self.token(self.irc('ann'))}"
        self.assertEqual(self.asks("DELETE", where, bearer).status, 403)
        self.assertEqual(self.asks("GET", where).status, 200)

    def test_it_is_kept_for_so_long(self) -> None:
        alice = self.person("alice")
        self.configure(files_keep=2 * DAY)
        old = self.sends(alice, b"old")
        self.pass_time(DAY)
        new = self.sends(alice, b"new")
        self.pass_time(DAY - SWEEP)
        self.assertEqual([self.asks("GET", each).status for each in (old, new)], [200, 200])
        self.pass_time(2 * SWEEP)
        self.assertEqual([self.asks("GET", each).status for each in (old, new)], [404, 200])
        self.configure(files_keep=None)
        self.pass_time(9 * DAY)
        self.assertEqual(self.asks("GET", new).status, 200)


class OffTests(FilesTestCase):
    def test_without_a_directory_there_is_nothing_of_all_this(self) -> None:
        self.factory.files = None
        alice, ann = self.person("alice"), self.irc("ann")
        self.assertEqual(alice.asks("/upload"), ["! This server takes no files. Whoever runs it can change that."])
        self.assertIn("FAIL FILEHOST TEMPORARILY_UNAVAILABLE", ann.asks("FILEHOST TOKEN")[0])
        self.assertNotIn("FILEHOST", " ".join(ann.asks("VERSION")))
        self.assertEqual(self.asks("PUT", "/upload", body=b"x").status, 405)
        self.assertEqual(self.asks("GET", "/files/x").status, 404)
