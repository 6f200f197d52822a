"""A file comes in by HTTP: who may send it, what is refused and when, and that nothing is left of what did not come."""

from __future__ import annotations

import base64
import errno
import hashlib
import os
from unittest import mock

from twisted.internet.defer import Deferred

from chat.core.events import AccountRegistered, BanPlaced
from chat.core.registry import Author
from chat.core.user import CONSOLE
from chat.files.directory import Part, key_of
from chat.files.host import AT_ONCE, EACH
from chat.files.ledger import LEAST
from chat.files.permits import MINUTES, MOST
from chat.web.exchange import IDLE, SLOWEST, WHOLE
from chat.web.transfer import FOREIGN, HERE, NO_FORM, NO_LENGTH, WHO
from tests.files import hostile
from tests.files.hosting import FAR, FilesTestCase, HeldDisk, chunked, parsed

GONE = "This permit is good no more: it is for one file, for 10 minutes, while you are here. Ask for another."


def basic(name: str, password: str) -> str:
    return f"Authorization: Basic {base64.b64encode(f'{name}:{password}'.encode()).decode()}"


class ReceivedTests(FilesTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.alice, self.bob = self.people("alice", "bob")
        self.alice.hears()

    def test_everyone_in_the_room_is_told_where_it_is_and_the_sender_too(self) -> None:
        content = os.urandom(84_321)
        where = self.sends(self.alice, content)
        line = f"[12:00] alice sent a file: plan.pdf (84 kB) {FAR}{where}"
        self.assertEqual((self.alice.hears(), self.bob.hears()), ([line], [line]))
        self.assertRegex(where, r"\A/files/[0-9a-f]{32}/plan\.pdf\Z")
        self.assertEqual(self.asks("GET", where).body, content)
        self.assertEqual(self.bob.asks("/history"), [line.replace("[", "[1 "), "* 1 line of lobby."])

    def test_the_sender_is_told_so_as_well(self) -> None:
        reply = self.asks("PUT", self.permit(self.alice) + "a%20plan.pdf", body=b"x" * 1200)
        self.assertEqual(reply.text, f"a plan.pdf (1.2 kB) is in lobby now: {reply.fields['location']}")

    def test_it_is_known_by_its_checksum_whatever_way_it_comes(self) -> None:
        content = os.urandom(200_000)
        for size in (1000, 65_536, len(content)):
            visitor = self.begins("PUT", self.permit(self.alice), "Content-Length: 200000")
            for start in range(0, len(content), size):
                visitor.types(content[start : start + size])
            got = self.asks("GET", parsed(visitor.reads()).fields["location"].removeprefix(FAR))
            self.assertEqual(got.body, content)
            digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
            self.assertEqual(got.fields["repr-digest"], f"sha-256=:{digest}:")
            visitor.hangs_up()

    def test_in_chunks(self) -> None:
        pieces = [os.urandom(size) for size in (1, 70_000, 3, *[1] * 500)]
        reply = self.asks("PUT", self.permit(self.alice), "Transfer-Encoding: chunked", body=chunked(*pieces))
        self.assertEqual(self.asks("GET", reply.fields["location"].removeprefix(FAR)).body, b"".join(pieces))

    def test_byte_by_byte_from_the_first_on(self) -> None:
        visitor = self.visitor()
        for byte in f"PUT {self.permit(self.alice)}x HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc".encode():
            visitor.types(bytes([byte]))
        self.assertEqual(parsed(visitor.reads()).status, 201)

    def test_an_empty_file(self) -> None:
        self.assertEqual(self.asks("GET", self.sends(self.alice, b"")).body, b"")

    def test_who_asks_first_is_told_to_go_ahead_only_if_it_is_taken(self) -> None:
        ask = "Expect: 100-continue"
        visitor = self.begins("PUT", self.permit(self.alice), ask, "Content-Length: 3")
        self.assertEqual(visitor.reads(), b"HTTP/1.1 100 Continue\r\n\r\n")
        visitor.types(b"abc")
        self.assertEqual(parsed(visitor.reads()).status, 201)
        visitor.hangs_up()
        for target, length, status in ((self.permit(self.alice), 25_000_001, 413), ("/upload/guessed/", 3, 401)):
            visitor = self.begins("PUT", target, ask, f"Content-Length: {length}")
            self.assertEqual(parsed(visitor.reads()).status, status)
            visitor.hangs_up()

    def test_names(self) -> None:
        for target, field, name in (
            ("a.txt", "", "a.txt"), ("a%20b%2e.txt", "", "a b..txt"), ("", "", "file"), ("-", "", "file"),
            ("", 'attachment; filename="b.txt"', "b.txt"), ("a.txt", "inline; filename*=UTF-8''%C3%A9.txt", "é.txt"),
            ("%2e%2e%2fpasswd", "", "passwd"), ("..", "", "file"), ("x/y", "", "y"),
        ):  # fmt: skip
            fields = [f"Content-Disposition: {field}"] if field else []
            reply = self.asks("PUT", self.permit(self.alice) + target, *fields, body=b"x")
            self.assertEqual(reply.status, 201, (target, reply.text))
            [*_, line] = self.bob.hears()
            self.assertIn(f" sent a file: {name} (1 B) ", line)

    def test_a_permit_needs_no_slash_behind_it(self) -> None:
        self.assertIn("file (1 B)", self.asks("PUT", self.permit(self.alice).rstrip("/"), body=b"x").text)
        self.assertIn("file (1 B)", self.asks("POST", self.permit(self.alice), body=b"x").text)

    def test_hostile_names_stay_in_the_directory_and_do_not_come_back(self) -> None:
        before = sorted(os.listdir(os.path.dirname(self.path)))
        token = 0
        for name in hostile.names(300, seed=1):
            raw = "".join(letter for letter in name if letter not in "\r\n\0" and not "\ud800" <= letter < "\ue000")
            field = b"Content-Disposition: attachment; filename=\"" + raw.replace('"', '\\"').encode()[:3000] + b'"'
            visitor = self.visitor()
            head = f"PUT {self.permit(self.alice)} HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n".encode()
            visitor.types(head + field + b"\r\n\r\nx")
            reply = parsed(visitor.reads())
            visitor.hangs_up()
            if reply.status == 400:  # a control is no part of a field
                continue
            token += 1
            self.assertEqual(reply.status, 201, (name, reply.text))
            [*_, line] = self.bob.hears()
            self.assertRegex(line, r" sent a file: [^/\\\x00-\x1f]+ \(1 B\) http")
            got = self.asks("GET", reply.fields["location"].removeprefix(FAR))
            self.assertNotRegex(got.fields["content-disposition"], r"\.\.[/\\]|[\r\n\x00]")
        self.assertGreater(token, 150)
        self.assertEqual(sorted(os.listdir(os.path.dirname(self.path))), before)
        self.assertTrue(all(len(each) == 32 for each in self.kept))

    def test_10_000_hostile_names_stay_in_the_directory(self) -> None:
        around = sorted(os.listdir(os.path.dirname(self.path)))
        self.configure(files_quota=10**9, files_each=10**9)
        wanted: dict[str, str] = {}
        with mock.patch("chat.files.directory.os.fsync"):
            for name in hostile.names(10_000, seed=2):
                upload = self.successResultOf(Deferred.fromCoroutine(self.host.begin("alice", 1)))
                self.successResultOf(Deferred.fromCoroutine(upload.write([b"x"])))
                about, secret = self.successResultOf(Deferred.fromCoroutine(upload.keep(name, "alice")))
                wanted[key_of(secret)] = about.name
                self.assertRegex(self.host.address(secret, about.name), r"/files/[0-9a-f]{32}/[A-Za-z0-9._-]+\Z")
        self.assertEqual({key: about.name for key, about in self.host.directory.load().items()}, wanted)
        self.assertEqual(self.kept, sorted(wanted))
        self.assertEqual(sorted(os.listdir(os.path.dirname(self.path))), around)

    def test_a_checksum_that_is_said_is_compared(self) -> None:
        right = base64.b64encode(hashlib.sha256(b"abc").digest()).decode()
        reply = self.asks("PUT", self.permit(self.alice), f"Repr-Digest: sha-256=:{right}:", body=b"abc")
        self.assertEqual(reply.status, 201)
        kept, where = self.kept, self.permit(self.alice)
        reply = self.asks("PUT", where, f"Content-Digest: sha-512=:x:, sha-256=:{right}:", body=b"abd")
        self.assertEqual((reply.status, self.kept), (400, kept))
        self.assertIn("its checksum is another one", reply.text)
        self.assertEqual(self.asks("PUT", where, body=b"abc").status, 201)

    def test_in_private(self) -> None:
        where = self.sends(self.alice, b"x" * 2000, words="/upload bob")
        self.assertEqual(self.bob.hears(), [f"[12:00] alice -> you: * sent a file: plan.pdf (2 kB) {FAR}{where}"])
        self.assertEqual(self.alice.hears(), [f"[12:00] you -> bob: * sent a file: plan.pdf (2 kB) {FAR}{where}"])

    def test_from_another_room_and_without_times(self) -> None:
        self.bob.asks("/join dev", "/times off", "/numbers on")
        where = self.sends(self.alice, b"x")
        self.assertEqual(self.bob.hears(), [f"[1 #lobby alice] sent a file: plan.pdf (1 B) {FAR}{where}"])

    def test_as_programs_see_it(self) -> None:
        self.bob.asks("/json on")
        where = self.sends(self.alice, b"x")
        [line] = self.bob.hears()
        self.assertIn('"type": "file-sent"', line)
        self.assertIn(f'"text": "sent a file: plan.pdf (1 B) {FAR}{where}"', line)


class RefusedTests(FilesTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.alice, self.bob = self.people("alice", "bob")
        self.alice.hears()

    def nothing_was_sent(self) -> None:
        self.nothing_is_left()
        self.assertEqual(self.bob.hears(), [])

    def test_what_is_too_large_is_refused_before_it_is_read(self) -> None:
        visitor = self.begins("PUT", self.permit(self.alice), "Content-Length: 25000001")
        reply = parsed(visitor.reads())
        self.assertEqual(reply[::2], (413, b"That is too large: a file may have 25 MB here. Nothing of it was kept.\n"))
        visitor.types(b"x" * 100_000)  # is thrown away
        self.assertEqual(visitor.reads(), b"")
        self.pass_time(2)
        self.assertTrue(visitor.transport.disconnected)
        visitor.hangs_up()
        self.nothing_was_sent()

    def test_chunks_are_counted_as_they_come(self) -> None:
        self.configure(files_largest=100_000)
        where = self.permit(self.alice)
        visitor = self.begins("PUT", where, "Transfer-Encoding: chunked")
        for _ in range(10):
            visitor.types(b"2710\r\n" + b"x" * 10_000 + b"\r\n")
        self.assertEqual((visitor.reads(), len(self.kept)), (b"", 1))
        visitor.types(b"1\r\nx\r\n")
        self.assertEqual(parsed(visitor.reads()).status, 413)
        visitor.hangs_up()
        self.nothing_was_sent()
        self.assertEqual(self.asks("PUT", where, body=b"x").status, 201, "the permit is good for a smaller one")

    def test_more_than_was_said_is_cut(self) -> None:
        reply = self.asks("PUT", self.permit(self.alice), "Content-Length: 3", body=b"abcdefgh")
        self.assertEqual(self.asks("GET", reply.fields["location"].removeprefix(FAR)).body, b"abc")

    def test_less_than_was_said_is_nothing(self) -> None:
        where = self.permit(self.alice)
        visitor = self.begins("PUT", where, "Content-Length: 30", body=b"abc")
        self.assertEqual(len(self.kept), 1)
        visitor.protocol.readConnectionLost()
        reply = parsed(visitor.reads())
        self.assertEqual(reply.status, 400)
        self.assertIn("cannot be understood", reply.text)
        visitor.hangs_up()
        self.nothing_was_sent()
        visitor = self.begins("PUT", where, "Content-Length: 30", body=b"abc")
        visitor.hangs_up()
        self.nothing_was_sent()
        self.assertEqual(self.asks("PUT", where, body=b"abc").status, 201)

    def test_who_says_nothing_more_is_given_up(self) -> None:
        visitor = self.begins("PUT", self.permit(self.alice), "Content-Length: 30", body=b"abc")
        self.pass_time(IDLE - 1)
        visitor.types(b"d")
        self.pass_time(IDLE - 1)
        self.assertEqual(visitor.reads(), b"")
        self.pass_time(1)
        self.assertEqual(parsed(visitor.reads())[::2], (408, b"Nothing has come for 60 seconds.\n"))
        visitor.hangs_up()
        self.nothing_was_sent()

    def lasts(self, pace: int) -> int:
        """How many seconds somebody may send so many bytes every 20 seconds."""
        visitor = self.begins("PUT", self.permit(self.alice), "Content-Length: 20000000")
        begin = self.clock.seconds()
        while not (answer := visitor.reads()):
            self.pass_time(20)
            visitor.types(b"x" * pace)
        self.assertEqual(parsed(answer)[::2], (408, b"It comes too slowly.\n"))
        visitor.hangs_up()
        self.nothing_was_sent()
        return int(self.clock.seconds() - begin)

    def test_who_is_too_slow_is_given_up(self) -> None:
        self.assertEqual(self.lasts(1), IDLE + 20)
        self.assertEqual(self.lasts(10 * SLOWEST), 2 * IDLE + 20)
        self.assertEqual(self.lasts(20 * SLOWEST), WHOLE + 20)

    def test_a_half_of_a_head_has_its_time_as_well(self) -> None:
        visitor = self.visitor()
        visitor.types(f"PUT {self.permit(self.alice)} HTTP/1.1\r\nHost: x\r\n".encode())
        self.pass_time(IDLE)
        self.assertEqual(parsed(visitor.reads()).status, 408)
        visitor.hangs_up()
        self.nothing_was_sent()

    def test_a_head_is_bounded(self) -> None:
        visitor = self.visitor()
        visitor.types(f"PUT {self.permit(self.alice)} HTTP/1.1\r\nX: ".encode() + b"x" * 70_000)
        self.assertEqual(parsed(visitor.reads()).status, 431)
        visitor.hangs_up()
        self.nothing_was_sent()

    def test_all_files_of_one_person_have_so_much_room(self) -> None:
        self.configure(files_each=3 * LEAST)
        for _ in range(3):
            self.sends(self.alice, b"tiny")
        reply = self.asks("PUT", self.permit(self.alice), body=b"tiny")
        sentence = "Your files here may have 12 kB together, and this would be more. Nothing of it was kept."
        self.assertEqual((reply.status, reply.text), (507, sentence))
        self.assertEqual(self.asks("PUT", self.permit(self.bob), body=b"tiny").status, 507, "they share a place")

    def test_all_files_have_so_much_room(self) -> None:
        self.configure(files_quota=100_000)
        self.sends(self.alice, b"x" * 60_000)
        [kept] = self.kept
        reply = self.asks("PUT", self.permit(self.alice), body=b"x" * 40_001)
        self.assertEqual(reply[::2], (507, b"There is no room for that file here any more. Nothing of it was kept.\n"))
        reply = self.asks("PUT", self.permit(self.alice), "Transfer-Encoding: chunked", body=chunked(b"x" * 40_001))
        self.assertEqual((reply.status, self.kept), (507, [kept]))
        self.sends(self.alice, b"x" * 40_000)

    def test_what_is_coming_has_its_room_already(self) -> None:
        self.configure(files_quota=100_000)
        coming = self.begins("PUT", self.permit(self.alice), "Content-Length: 60000")
        self.assertEqual(self.asks("PUT", self.permit(self.bob), body=b"x" * 50_000).status, 507)
        coming.hangs_up()
        self.assertEqual(self.asks("PUT", self.permit(self.bob), body=b"x" * 50_000).status, 201)

    def test_so_many_come_at_once_and_no_more(self) -> None:
        coming = [self.begins("PUT", self.permit(self.alice), "Content-Length: 9") for _ in range(EACH)]
        reply = self.asks("PUT", self.permit(self.bob), body=b"x")
        self.assertEqual((reply.status, reply.text[:35]), (503, f"Only {EACH} files from one person at once"[:35]))
        for visitor in coming:
            visitor.types(b"x" * 9)
            self.assertEqual(parsed(visitor.reads()).status, 201)
            visitor.hangs_up()
        with mock.patch("chat.files.host.AT_ONCE", 1):
            coming = [self.begins("PUT", self.permit(self.alice), "Content-Length: 9")]
            self.assertEqual(self.asks("PUT", self.permit(self.bob), body=b"x").status, 503)
        self.assertGreater(AT_ONCE, EACH)

    def test_a_full_disk_is_an_answer_and_nothing_is_left(self) -> None:
        full = OSError(errno.ENOSPC, "No space left on device")
        for broken in ("os.mkdir", "os.fsync", "json.dumps", "os.rename"):
            with mock.patch(f"chat.files.directory.{broken}", side_effect=full):
                reply = self.asks("PUT", self.permit(self.alice), body=b"x")
                self.assertEqual(reply[::2], (507, b"Not stored: disk full. Not sent.\n"), broken)
            self.nothing_was_sent()
        with mock.patch.object(Part, "write", side_effect=full):
            self.assertEqual(self.asks("PUT", self.permit(self.alice), body=b"x").status, 507)
        self.nothing_was_sent()

    def test_a_line_that_cannot_be_kept_leaves_no_file(self) -> None:
        where = self.permit(self.alice)
        with mock.patch.object(self.history, "commit", lambda batch: self.history.failed(batch, "disk full")):
            self.assertEqual(self.asks("PUT", where, body=b"x")[::2], (507, b"Not stored: disk full. Not sent.\n"))
        self.nothing_was_sent()

    def test_a_bug_of_ours_is_said_to_be_one(self) -> None:
        with mock.patch.object(Part, "write", side_effect=ValueError):
            self.assertEqual(self.asks("PUT", self.permit(self.alice), body=b"x").status, 500)
        self.assertEqual(len(self.flushLoggedErrors(ValueError)), 1)
        self.nothing_was_sent()

    def test_what_is_no_file_is_refused_in_words(self) -> None:
        where = self.permit(self.alice)
        for method, fields, status, text in (
            ("POST", ["Content-Type: multipart/form-data; boundary=x", "Content-Length: 3"], 415, NO_FORM),
            ("GET", [], 405, HERE), ("DELETE", [], 405, HERE), ("PATCH", ["Content-Length: 3"], 405, HERE),
        ):  # fmt: skip
            reply = self.asks(method, where, *fields)
            self.assertEqual((reply.status, reply.text), (status, text), method)
        visitor = self.begins("PUT", where)
        self.assertEqual(parsed(visitor.reads())[::2], (411, f"{NO_LENGTH}\n".encode()))
        visitor.hangs_up()
        for wrong in ("Content-Length: -1", "Content-Length: x", "Transfer-Encoding: gzip"):
            self.assertIn(self.asks("PUT", where, wrong).status, (400, 501), wrong)
        self.assertEqual(self.asks("PUT", where, "Transfer-Encoding: chunked", body=b"zz\r\n").status, 400)
        self.nothing_was_sent()


class PermitTests(FilesTestCase):
    def setUp(self) -> None:
        super().setUp()
        [self.alice] = self.people("alice")

    def test_it_is_for_one_file(self) -> None:
        where = self.permit(self.alice)
        self.assertEqual(self.asks("PUT", where, body=b"x").status, 201)
        reply = self.asks("PUT", where, body=b"x")
        self.assertEqual((reply.status, reply.text, reply.fields["www-authenticate"]), (401, GONE, "Bearer"))
        self.assertEqual(len(self.kept), 1)

    def test_not_for_two_at_once(self) -> None:
        where = self.permit(self.alice)
        coming = self.begins("PUT", where, "Content-Length: 3", body=b"a")
        self.assertEqual(self.asks("PUT", where, body=b"x").status, 409)
        coming.types(b"bc")
        self.assertEqual(parsed(coming.reads()).status, 201)

    def test_for_some_minutes(self) -> None:
        for late, status in ((MINUTES * 60 - 1, 201), (MINUTES * 60, 401)):
            where = self.permit(self.alice)
            self.pass_time(late)
            self.assertEqual(self.asks("PUT", where, body=b"x").status, status)

    def test_while_one_is_here(self) -> None:
        where = self.permit(self.alice)
        self.alice.hangs_up()
        self.assertEqual(self.asks("PUT", where, body=b"x")[::2], (401, f"{GONE}\n".encode()))

    def test_so_many_and_the_newest_are_good(self) -> None:
        permits = [self.permit(self.alice) for _ in range(MOST + 2)]
        statuses = [self.asks("PUT", where, body=b"x").status for where in permits]
        self.assertEqual(statuses, [401] * 2 + [201] * MOST)

    def test_it_is_where_it_was_for_as_whoever_one_is_then(self) -> None:
        bob = self.person("bob")
        where = self.permit(self.alice)
        self.alice.asks("/join dev", "/nick ada")
        bob.hears()
        self.assertEqual(self.asks("PUT", where, body=b"x").status, 201)
        self.assertRegex(bob.hears()[-1], r"\A\[12:00\] ada sent a file: file ")

    def test_who_has_left_the_room_meanwhile_has_sent_nothing(self) -> None:
        bob = self.person("bob")
        where = self.permit(self.alice)
        coming = self.begins("PUT", where, "Content-Length: 3", body=b"a")
        self.alice.asks("/leave")
        bob.hears()
        coming.types(b"bc")
        self.assertEqual(parsed(coming.reads())[::2], (403, b"You are not in lobby.\n"))
        coming.hangs_up()
        self.nothing_is_left()
        self.assertEqual(self.asks("PUT", where, "Content-Length: 99").status, 403, "at once from now on")
        self.assertEqual(bob.hears(), [])


class WhoTests(FilesTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.happens(AccountRegistered(Author("una", "una"), "una", *self.credentials("correct horse")))

    def credentials(self, password: str) -> tuple[object, ...]:
        found: list[tuple[object, ...]] = []
        self.factory.passwords.derive(password).addCallback(found.append)
        return found[0]

    def test_the_owner_of_an_account_gets_an_address_and_nobody_is_told(self) -> None:
        bob = self.person("bob")
        for method, target in (("POST", "/upload"), ("PUT", "/upload/a.txt"), ("POST", "/upload/")):
            reply = self.asks(method, target, basic("una", "correct horse"), body=b"abc")
            self.assertEqual((reply.status, reply.text), (201, reply.fields["location"]), target)
            self.assertEqual(self.asks("GET", reply.text.removeprefix(FAR)).body, b"abc")
        self.assertEqual((bob.hears(), self.host.ledger.of("una")), ([], 3 * LEAST))

    def test_who_proves_nothing_sends_nothing(self) -> None:
        for field, status, text in (
            ("X: y", 401, WHO), (basic("una", "wrong"), 401, "That is not the password."),
            ("Authorization: Basic x", 400, WHO),
            ("Authorization: Bearer guessed", 401, GONE), ("Authorization: Digest x", 401, WHO),
            (basic("nobody", "correct horse"), 401, "That is not the password."),
            ("Authorization: Basic /w==", 400, WHO),
        ):  # fmt: skip
            reply = self.asks("POST", "/upload", field, body=b"abc")
            self.assertEqual((reply.status, reply.text), (status, text), field)
        self.nothing_is_left()

    def test_passwords_can_be_guessed_as_often_as_anywhere(self) -> None:
        statuses = [self.asks("POST", "/upload", basic("una", str(guess)), body=b"x").status for guess in range(7)]
        self.assertEqual(statuses, [401] * 5 + [429] * 2)

    def test_no_password_where_somebody_may_read_along(self) -> None:
        reply = self.asks("POST", "/upload", basic("una", "correct horse"), body=b"x", address="192.0.2.7")
        self.assertEqual(reply[::2], (403, b"Not on an unencrypted link. This server has no TLS yet.\n"))
        self.configure(files_url="https://files.example.org")
        reply = self.asks("POST", "/upload", basic("una", "correct horse"), body=b"x", address="192.0.2.7")
        self.assertIn("Use: https://files.example.org/upload", reply.text)
        self.configure(proxy=("10.0.0.0/8",))
        for scheme, status in (("http", 403), ("https", 201)):
            fields = "X-Forwarded-For: 192.0.2.7", f"X-Forwarded-Proto: {scheme}", basic("una", "correct horse")
            self.assertEqual(self.asks("POST", "/upload", *fields, body=b"x", address="10.0.0.1").status, status)

    def test_whoever_is_banned_sends_nothing_and_gets_nothing(self) -> None:
        alice = self.person("alice")
        where, permit = self.sends(alice, b"x"), self.permit(alice)
        for target in ("192.0.2.7", "una"):
            self.happens(BanPlaced(CONSOLE, target))
        reply = self.asks("PUT", permit, body=b"x", address="192.0.2.7")
        self.assertEqual(reply[::2], (403, b"You are banned from this server.\n"))
        self.assertEqual(self.asks("GET", where, address="192.0.2.7").status, 403)
        self.configure(proxy=("10.0.0.0/8",))
        for client, status in (("192.0.2.7", 403), ("192.0.2.8", 200)):
            reply = self.asks("GET", where, f"X-Forwarded-For: {client}", address="10.0.0.1")
            self.assertEqual(reply.status, status)
        self.assertEqual(self.asks("POST", "/upload", basic("una", "correct horse"), body=b"x").status, 403)

    def test_a_guest_may_send_none_where_files_are_for_accounts(self) -> None:
        self.configure(files_from="accounts")
        self.assertEqual(self.person("alice").asks("/upload"), ["! Only people with an account may send files here."])
        self.assertEqual(self.asks("POST", "/upload", basic("una", "correct horse"), body=b"x").status, 201)

    def test_pages_of_other_sites(self) -> None:
        alice = self.person("alice")
        for origin, status in (("https://other.example", 403), ("null", 403), ("http://evil.example", 201), ("", 201)):
            fields = [f"Origin: {origin}"] if origin else []
            reply = self.asks("PUT", self.permit(alice), *fields, body=b"x")
            self.assertEqual(reply.status, status, origin)
            self.assertEqual(reply.text == FOREIGN, status == 403)
        self.configure(origins=("https://friend.example",))
        reply = self.asks("OPTIONS", "/upload", "Origin: https://friend.example", "Access-Control-Request-Method: POST")
        self.assertEqual((reply.status, reply.fields["access-control-allow-origin"]), (204, "https://friend.example"))
        self.assertIn("POST", reply.fields["access-control-allow-methods"])
        self.assertIn("Authorization", reply.fields["access-control-allow-headers"])
        reply = self.asks("PUT", self.permit(alice), "Origin: https://friend.example", body=b"x")
        self.assertEqual((reply.status, reply.fields["access-control-allow-origin"]), (201, "https://friend.example"))
        self.assertIn("Location", reply.fields["access-control-expose-headers"])
        self.assertEqual(self.asks("OPTIONS", "/upload", "Origin: https://other.example").status, 403)

    def test_what_may_be_sent_is_told(self) -> None:
        reply = self.asks("OPTIONS", "/upload")
        self.assertEqual((reply.status, reply.fields["allow"], reply.body), (204, "OPTIONS, POST, PUT", b""))
        self.assertEqual(reply.fields["accept-post"], "*/*")
        self.assertNotIn("access-control-allow-origin", reply.fields)


class PaceTests(FilesTestCase):
    disk_class = HeldDisk

    def test_no_more_is_read_than_the_disk_takes(self) -> None:
        disk: HeldDisk = self.host.disk  # type: ignore[assignment]
        visitor = self.begins("PUT", self.permit(self.person("alice")), "Content-Length: 200000")
        self.assertEqual(visitor.transport.producerState, "producing")
        disk.holding = True
        visitor.types(b"x" * 65_536)
        self.assertEqual((visitor.transport.producerState, len(disk.held)), ("paused", 1))
        self.pass_time(IDLE * 2)
        disk.let_go()
        self.assertEqual((visitor.transport.producerState, len(disk.held)), ("producing", 0))
        disk.holding = False
        visitor.types(b"x" * 134_464)
        self.assertEqual(parsed(visitor.reads()).status, 201)

    def test_tiny_chunks_are_taken_some_at_a_time(self) -> None:
        disk: HeldDisk = self.host.disk  # type: ignore[assignment]
        visitor = self.begins("PUT", self.permit(self.person("alice")), "Transfer-Encoding: chunked")
        disk.holding = True
        visitor.types(chunked(*[b"x"] * 1000))
        jobs = 0
        while disk.held:
            disk.let_go()
            jobs += 1
        self.assertGreater(jobs, 10)
        self.assertIn("(1 kB) is in lobby now", parsed(visitor.reads()).text)

    def test_who_is_gone_while_the_disk_writes_leaves_nothing(self) -> None:
        disk: HeldDisk = self.host.disk  # type: ignore[assignment]
        visitor = self.begins("PUT", self.permit(self.person("alice")), "Content-Length: 10")
        disk.holding = True
        visitor.types(b"x" * 5)
        visitor.hangs_up()
        disk.holding = False
        disk.let_go()
        self.nothing_is_left()

    def test_a_stop_in_the_middle_leaves_nothing(self) -> None:
        alice = self.person("alice")
        disk: HeldDisk = self.host.disk  # type: ignore[assignment]
        coming = self.begins("PUT", self.permit(alice), "Content-Length: 10", body=b"x")
        disk.holding = True
        busy = self.begins("PUT", self.permit(alice), "Content-Length: 10", body=b"x" * 10)
        disk.holding = False
        self.host.stop()
        self.assertEqual(self.kept, [])
        disk.let_go()
        coming.types(b"x" * 9)
        self.assertEqual([parsed(each.reads()).status for each in (coming, busy)], [507, 507])
        self.assertEqual(self.kept, [])
