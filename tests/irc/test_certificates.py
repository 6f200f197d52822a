"""Certificates that open accounts: SASL EXTERNAL, NickServ CERT, and the same for people; over real TLS, in memory."""

from __future__ import annotations

import base64
import ssl

from tests.secure import FAR, Secure, SecureTestCase
from tests.test_doorway import Visitor

PASSWORD = "correct horse"
SERVER = ":chat.example.org"
NOT_SHOWN = "SASL authentication failed: Your client showed no certificate when it connected."


class CertificateTestCase(SecureTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.alice = self.owner("alice", "first")

    def owner(self, name: str, certificate: str = "") -> Secure:
        """Somebody with an account, and with a certificate that does not open it yet."""
        return self.secure_irc(name, f"REGISTER * * :{PASSWORD}", certificate=certificate)

    def adds(self, person: Secure, fingerprint: str = "") -> str:
        return person.asks(f"NS CERT ADD {fingerprint}")[0].partition(" :")[2]

    def external(self, person: Secure, meaning: str = "+") -> list[str]:
        """What a client is answered that logs in with its certificate."""
        return person.asks("CAP REQ sasl", "AUTHENTICATE EXTERNAL", f"AUTHENTICATE {meaning}")[2:]


class ExternalTests(CertificateTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.adds(self.alice)
        self.alice.hangs_up()

    def test_the_certificate_is_enough(self) -> None:
        logged_in, success = self.external(self.comes("first"))
        self.assertIn(" 900 * *!*@* alice :You are now logged in as alice", logged_in)
        self.assertIn(" 903 ", success)

    def test_one_may_say_whose_it_is_in_any_case_of_letters(self) -> None:
        self.assertIn(" 903 ", self.external(self.comes("first"), base64.b64encode(b"ALICE").decode())[-1])

    def test_it_opens_no_account_but_its_own(self) -> None:
        self.owner("bob").hangs_up()
        (answer,) = self.external(self.comes("first"), base64.b64encode(b"bob").decode())
        self.assertIn(" 904 * :SASL authentication failed: Your certificate opens alice, not bob.", answer)

    def test_another_one_opens_nothing(self) -> None:
        (answer,) = self.external(self.comes("other"))
        self.assertIn(" 904 * :SASL authentication failed: Your certificate opens no account. Log in once", answer)

    def test_what_is_no_text_is_refused(self) -> None:
        answer = self.external(self.comes("first"), base64.b64encode(b"\xff").decode())
        self.assertEqual(answer, [f"{SERVER} 904 * :SASL authentication failed"])

    def test_it_is_offered_only_to_those_who_showed_one(self) -> None:
        for person, mechanisms in (
            (self.comes("other"), "PLAIN,SCRAM-SHA-256,EXTERNAL"), (self.comes(), "PLAIN,SCRAM-SHA-256"),
        ):  # fmt: skip
            offer = " ".join(person.asks("CAP LS 302")).split()
            self.assertIn(f"sasl={mechanisms}", offer)

    def test_without_one_the_client_is_told_what_it_may_use(self) -> None:
        mechanisms, why = self.comes().asks("CAP REQ sasl", "AUTHENTICATE EXTERNAL")[1:]
        self.assertEqual(mechanisms, f"{SERVER} 908 * PLAIN,SCRAM-SHA-256 :are available SASL mechanisms")
        self.assertEqual(why, f"{SERVER} 904 * :{NOT_SHOWN}")

    def test_a_resumed_session_is_the_same_client(self) -> None:
        for version in ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3:
            for certificate, outcome in (("first", "903"), ("", "904")):
                context = self.context(certificate)
                context.minimum_version = context.maximum_version = version
                before = Secure(Visitor(self, self.doorway, FAR), context)
                before.asks("CAP LS 302")  # in TLS 1.3 what resumes comes after the handshake
                after = Secure(Visitor(self, self.doorway, FAR), context, before.tls.session)
                self.assertTrue(after.tls.session_reused)
                answer = after.asks("CAP REQ sasl", "AUTHENTICATE EXTERNAL", "AUTHENTICATE +")
                self.assertIn(outcome, [line.split()[1] for line in answer])

    def test_a_browser_is_not_asked_for_one(self) -> None:
        for version in ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3:
            context = self.context("first")
            context.minimum_version = context.maximum_version = version
            context.set_alpn_protocols(["http/1.1"])
            browser = Secure(Visitor(self, self.doorway, FAR), context)
            self.assertEqual(browser.tls.selected_alpn_protocol(), "http/1.1")
            self.assertIn(NOT_SHOWN, browser.asks("CAP REQ sasl", "AUTHENTICATE EXTERNAL")[-1])

    def test_it_is_not_the_gateways(self) -> None:
        """A gateway's certificate says nothing of the people who come through it."""
        self.configure(webirc=((FAR.host, "file:" + self.secret("gate")),))
        person = self.comes("first")
        person.asks("WEBIRC gate web h.example 198.51.100.3 :secure")
        self.assertIn(NOT_SHOWN, person.asks("CAP REQ sasl", "AUTHENTICATE EXTERNAL")[-1])
        self.assertNotIn("EXTERNAL", " ".join(person.asks("CAP LS 302")))

    def secret(self, text: str) -> str:
        path: str = self.mktemp()
        with open(path, "w") as file:
            file.write(text)
        return path


class CertTests(CertificateTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.first, self.other = self.fingerprint("first"), self.fingerprint("other")

    def answers(self, person: Secure, command: str) -> list[str]:
        """What NickServ says."""
        return [line.split(" ", 3)[3].removeprefix(":") for line in person.asks(f"PRIVMSG NickServ :{command}")]

    def test_the_present_one_or_one_by_its_fingerprint(self) -> None:
        self.assertEqual(self.answers(self.alice, "CERT LIST"), ["No certificate opens your account."])
        added = "It opens your account from now on: "
        self.assertEqual(self.answers(self.alice, "CERT ADD"), [added + self.first])
        shouted = ":".join(self.other.upper()[start : start + 2] for start in range(0, 64, 2))
        self.assertEqual(self.answers(self.alice, f"CERT ADD {shouted}"), [added + self.other])
        here = f"{self.first} (shown by this connection)"
        self.assertEqual(self.answers(self.alice, "CERT"), [here, self.other])
        self.assertIn(" 903 ", self.external(self.comes("other"))[-1])

    def test_it_may_be_taken_back(self) -> None:
        self.adds(self.alice)
        self.assertEqual(
            self.answers(self.alice, f"CERT DEL {self.first}"), [f"It opens your account no more: {self.first}"]
        )
        self.assertIn(" 904 ", self.external(self.comes("first"))[-1])
        self.assertIn("No such certificate opens your account.", self.answers(self.alice, "CERT DEL")[0])

    def test_it_lasts(self) -> None:
        self.adds(self.alice)
        again = self.new_factory(self.config)
        self.assertEqual(again.registry.certificates, {self.first: "alice"})

    def test_two_accounts_cannot_have_the_same(self) -> None:
        self.adds(self.alice)
        bob = self.owner("bob", "first")
        self.assertEqual(self.adds(bob), "That certificate opens another account.")
        self.alice.asks(f"NS CERT DEL {self.first}")
        self.assertIn("from now on", self.adds(bob))
        self.assertEqual(self.factory.registry.certificates, {self.first: "bob"})

    def test_what_is_wrong_is_said(self) -> None:
        for command, answer in {
            "CERT ADD 1234": "A fingerprint is the SHA-256 of a certificate: 64 hexadecimal digits.",
            f"CERT ADD {'x' * 64}": "A fingerprint is the SHA-256 of a certificate: 64 hexadecimal digits.",
            "CERT BURN": "That is add, del or list.",
        }.items():
            self.assertEqual(self.answers(self.alice, command), [answer])
        self.adds(self.alice)
        self.assertEqual(self.answers(self.alice, "CERT ADD"), ["That certificate opens your account already."])
        bob = self.owner("bob")
        self.assertIn("You showed no certificate when you connected.", self.answers(bob, "CERT ADD")[0])
        self.assertIn("You have no account", self.answers(self.secure_irc("carol", certificate="other"), "CERT ADD")[0])

    def test_there_may_be_so_many(self) -> None:
        for number in range(10):
            self.assertIn("from now on", self.adds(self.alice, f"{number:064x}"))
        self.assertEqual(
            self.adds(self.alice, f"{10:064x}"), "10 certificates open your account, which is as many as may."
        )

    def test_whois_shows_it_to_its_owner_and_to_operators(self) -> None:
        shown = f"{SERVER} 276 alice alice :has client certificate fingerprint {self.first}"
        self.assertIn(shown, self.alice.asks("WHOIS alice"))
        bob = self.secure_irc("bob")
        self.assertNotIn(" 276 ", " ".join(bob.asks("WHOIS alice")))
        self.factory.registry.user("bob").modes |= {"o"}
        self.assertIn(" 276 bob alice ", " ".join(bob.asks("WHOIS alice")))


class PeopleTests(CertificateTestCase):
    """The same on the wire for people."""

    def person(self, certificate: str = "") -> Secure:  # type: ignore[override]
        person = self.comes(certificate)
        self.pass_time(1)
        person.hears()
        return person

    def test_a_certificate_is_as_good_as_the_password(self) -> None:
        self.adds(self.alice)
        self.alice.hangs_up()
        self.assertTrue(self.person("first").asks("alice")[0].startswith("* Hello alice. Your id is "))

    def test_without_it_the_password_is_asked_for(self) -> None:
        self.adds(self.alice)
        self.alice.hangs_up()
        for certificate in ("", "other"):
            self.assertEqual(
                self.person(certificate).asks("alice"), ['? "alice" has an account. Password: (will be visible)']
            )

    def test_it_opens_no_account_but_its_own(self) -> None:
        self.adds(self.alice)
        self.owner("bob").hangs_up()
        self.assertIn('? "bob" has an account. Password:', self.person("first").asks("bob")[0])

    def test_login(self) -> None:
        self.adds(self.alice)
        self.alice.hangs_up()
        person = self.person("first")
        person.asks("carol")
        self.assertEqual(person.asks("/login alice")[-1], "* You are logged in as alice.")

    def test_people_add_and_drop_it_themselves(self) -> None:
        self.alice.hangs_up()
        person, first = self.person("first"), self.fingerprint("first")
        person.asks("alice", PASSWORD)
        self.assertEqual(person.asks("/certificate add"), [f"* It opens your account from now on: {first}"])
        self.assertEqual(person.asks("/certificate"), [f"* {first} (shown by this connection)"])
        self.assertEqual(person.asks(f"/certificate del {first}"), [f"* It opens your account no more: {first}"])
        self.assertEqual(person.asks("/certificate burn"), ["! That is add, del or list."])
