"""Passwords go over TLS, or stay on this machine; nowhere else, and IRC clients are told what to do instead."""

from __future__ import annotations

import base64

from chat.passwords import hashed
from tests.secure import FAR, SecureTestCase
from tests.talk import Person
from tests.test_doorway import Visitor

PASSWORD = "correct horse"
WAY = "Not on an unencrypted link. Connect with TLS to chat.example.org 6697."


class PasswordTests(SecureTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.configure(operators=(("root", hashed("tea")),))
        self.factory.irc_tls_doors = [("chat.example.org", 6697)]
        self.owner = self.irc("alice")
        self.owner.says(f"REGISTER * * :{PASSWORD}")
        self.owner.hangs_up()

    def far(self, *lines: str) -> Person:
        """A client from elsewhere without TLS."""
        visitor = Visitor(self, self.doorway, FAR)
        visitor.types(b"CAP LS 302\r\n")
        client = Person(self, visitor.protocol, visitor.transport)
        client.says(*lines)
        return client

    def test_none_is_taken_in_the_open(self) -> None:
        client = self.far("NICK bob", "USER b 0 * :B", "CAP END")
        client.hears()
        for line in (
            f"REGISTER * * :{PASSWORD}",
            "AUTHENTICATE PLAIN",
            "AUTHENTICATE SCRAM-SHA-256",
            "OPER root tea",
            f"PRIVMSG NickServ :IDENTIFY alice {PASSWORD}",
            f"NS REGISTER {PASSWORD}",
        ):
            self.assertIn(WAY, " ".join(client.asks(line)), line)
        me = self.factory.registry.user("bob")
        self.assertEqual((me.account, me.is_operator, len(self.factory.registry.accounts)), ("", False, 1))

    def test_not_even_that_of_the_server(self) -> None:
        self.configure(password="sesame")
        client = self.far("PASS sesame", "NICK bob", "USER b 0 * :B", "CAP END")
        heard = client.hears()
        self.assertIn(f":chat.example.org NOTICE * :{WAY}", heard)
        self.assertEqual(heard[-1], "ERROR :Bad password")

    def test_a_password_that_nobody_wants_hurts_nobody(self) -> None:
        heard = self.far("PASS sesame", "NICK bob", "USER b 0 * :B", "CAP END").reads()
        self.assertIn(" 001 bob ", heard)
        self.assertNotIn("unencrypted", heard)

    def test_where_there_is_no_tls_that_is_said(self) -> None:
        self.factory.irc_tls_doors.clear()
        client = self.far("NICK bob", "USER b 0 * :B", "CAP END")
        client.hears()
        (answer,) = client.asks("OPER root tea")
        self.assertIn("Not on an unencrypted link. This server has no TLS yet.", answer)

    def test_over_tls_all_are_taken(self) -> None:
        self.configure(password="sesame")
        bob = self.comes()
        heard = " ".join(bob.asks("PASS sesame", "NICK bob", "USER b 0 * :B", "OPER root tea"))
        self.assertIn(" 001 bob ", heard)
        self.assertIn(" 381 bob ", heard)
        self.assertIn("You are logged in as alice.", " ".join(bob.asks(f"NS IDENTIFY alice {PASSWORD}")))
        carol = self.comes()
        heard = " ".join(carol.asks("PASS sesame", "NICK carol", "USER c 0 * :C", f"REGISTER * * :{PASSWORD}"))
        self.assertIn(" REGISTER SUCCESS carol ", heard)
        self.assertIn(" 671 carol carol ", " ".join(carol.asks("WHOIS carol")))


class ChunkTests(SecureTestCase):
    """An answer that is longer than a line (IRCv3 sasl 3.1)."""

    def logs_in(self, length: int) -> tuple[int, list[str]]:
        """With a password so long: in how many pieces, and the last numerics."""
        password = "p" * length
        self.person("alice").says("/register", password)
        answer = base64.b64encode(f"\0alice\0{password}".encode()).decode()
        chunks = [answer[start : start + 400] for start in range(0, len(answer), 400)]
        chunks += ["+"] if len(chunks[-1]) == 400 else []
        client = self.comes()
        client.asks("CAP REQ sasl", "AUTHENTICATE PLAIN")
        for chunk in chunks[:-1]:
            self.assertEqual(client.asks(f"AUTHENTICATE {chunk}"), [])
        return len(chunks), [line.split()[1] for line in client.asks(f"AUTHENTICATE {chunks[-1]}")]

    def test_in_one(self) -> None:
        self.assertEqual(self.logs_in(20), (1, ["900", "903"]))

    def test_just_one_and_a_plus(self) -> None:
        self.assertEqual(self.logs_in(300 - len("\0alice\0")), (2, ["900", "903"]))

    def test_in_several(self) -> None:
        self.assertEqual(self.logs_in(600), (3, ["900", "903"]))
