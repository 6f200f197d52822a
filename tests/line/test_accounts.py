"""Accounts: /register, /login, /logout, /password, /sessions, signing in with a password, and what waited meanwhile."""

from twisted.internet.address import IPv4Address
from twisted.internet.testing import StringTransport

from chat.core.events import LoggedIn
from tests.talk import ChatTestCase, Person

PASSWORD = "correct horse"
IAC, DO, WONT, WILL, ECHO = 255, 253, 252, 251, 1


class AccountTestCase(ChatTestCase):
    """With somebody who has an account and has left."""

    def account(self, name: str = "alice") -> Person:
        """Somebody who has just made an account, and has read everything so far."""
        person = self.person(name)
        person.says("/register", PASSWORD)
        person.hears()
        return person

    def asked(self, *answers: str) -> list[str]:
        """What somebody is told who answers the questions of the sign-in so."""
        return self.comes(*answers).hears()

    def comes(self, *answers: str) -> Person:
        person = self.connects()
        person.hears()
        person.says(*answers)
        self.pass_time(0.1)
        return person


class RegisterTests(AccountTestCase):
    def test_a_name_becomes_ones_own(self) -> None:
        alice = self.person("alice")
        self.assertEqual(alice.asks("/register"), ["? A password for alice: (will be visible)"])
        self.assertEqual(
            alice.asks(PASSWORD), ["* alice is yours. Sign in with this name and password from anywhere."]
        )
        self.assertEqual(
            alice.asks("/register"), ["! You have an account: alice. /password changes its password."]
        )

    def test_the_password_is_neither_said_nor_kept(self) -> None:
        alice, bob = self.people("alice", "bob")
        alice.says("/register", PASSWORD, "hello")
        self.assertEqual(bob.hears(), ["[12:00] alice: hello"])
        self.assertNotIn(PASSWORD, self.factory.registry.account("alice").state().value or "")

    def test_a_short_password_and_none(self) -> None:
        alice = self.person("alice")
        alice.says("/register")
        alice.hears()
        self.assertEqual(alice.asks("short"), ["! Passwords have 8 to 600 characters."])
        self.assertEqual(alice.asks("/register", ""), [
            "? A password for alice: (will be visible)", "* Never mind. Nothing was changed.",
        ])  # fmt: skip
        self.assertNotIn("alice", self.factory.registry.accounts)

    def test_a_guest_chooses_a_name_first(self) -> None:
        guest = self.comes("")
        guest.hears()
        self.assertEqual(guest.asks("/register"), ["! Choose a name first: /nick NAME"])

    def test_it_lasts(self) -> None:
        self.account()
        self.factory = self.new_factory(self.config)
        self.assertEqual(self.asked("alice")[0], '? "alice" has an account. Password: (will be visible)')


class SignInTests(AccountTestCase):
    def test_with_the_password(self) -> None:
        self.account().hangs_up()
        heard = self.asked("ALICE", PASSWORD)
        self.assertEqual(heard[0], '? "alice" has an account. Password: (will be visible)')
        self.assertTrue(heard[1].startswith("* Hello alice. Your id is "), heard)
        self.assertEqual(heard[2:], ["* You are in lobby. Nobody else is here."])

    def test_three_bad_passwords(self) -> None:
        self.account().hangs_up()
        person = self.comes("alice")
        person.hears()
        question = '? "alice" has an account. Password: (will be visible)'
        for _ in range(2):
            self.assertEqual(person.asks("wrong horse"), ["! That is not the password.", question])
        self.assertEqual(
            person.asks("wrong horse"), ["! That was three times. Come back when you know the password."]
        )
        self.assertTrue(person.is_gone)

    def test_an_empty_password_asks_for_another_name(self) -> None:
        self.account().hangs_up()
        self.assertIn("Your name? * Hello bob.", "\n".join(self.asked("alice", "", "bob")))

    def test_exit_leaves(self) -> None:
        self.account().hangs_up()
        self.assertEqual(self.asked("alice", "exit")[-1], "* Bye.")

    def test_a_name_that_looks_like_an_account(self) -> None:
        self.account().hangs_up()
        self.assertEqual(self.asked("a1ice")[0], '! "a1ice" is the name of an account. Choose another.')
        bob = self.person("bob")
        self.assertEqual(bob.asks("/nick alice"), ['! "alice" is the name of an account. Choose another.'])

    def test_who_has_the_name_without_the_account_makes_way(self) -> None:
        squatter = self.account()
        self.happens(LoggedIn(self.factory.registry.user("alice").author, ""))
        heard = self.asked("alice", PASSWORD)
        self.assertTrue(heard[1].startswith("* Hello alice."), heard)
        told = squatter.hears()
        self.assertRegex(told[1], "^[*] alice is now guest-[0-9a-f]{4}$")
        self.assertEqual(told[2:], ["* alice came"])

    def test_not_over_a_link_that_can_be_read(self) -> None:
        self.account().hangs_up()
        transport = StringTransport(peerAddress=IPv4Address("TCP", "203.0.113.7", 40_000))
        far = self.connects(transport=transport)
        far.hears()
        self.assertEqual(
            far.asks("alice"), ["! Not on an unencrypted link. This server has no TLS yet.", "Your name? "]
        )
        self.factory.tls_doors = [("chat.example.org", 6697)]
        self.assertEqual(far.asks("alice"), [
            "! Not on an unencrypted link. Use: openssl s_client -quiet -connect chat.example.org:6697", "Your name? ",
        ])  # fmt: skip
        far.says("bob")
        far.hears()
        for line in ("/register", "/login alice"):
            self.assertEqual(far.asks(line)[0][:30], "! Not on an unencrypted link. ", line)

    def test_piped(self) -> None:
        self.account("robot").hangs_up()
        bob = self.person("bob")
        robot = self.connects()
        robot.says("robot", PASSWORD, "build ok")
        robot.ends_input()
        self.assertEqual(bob.hears()[:2], ["* robot came", "[12:00] robot: build ok"])


class TelnetTests(AccountTestCase):
    def test_telnet_hides_the_password(self) -> None:
        self.account().hangs_up()
        person = self.connects()
        person.types(b"alice\r\n")
        sent = person.transport.value()
        person.transport.clear()
        self.assertTrue(sent.endswith(b'? "alice" has an account. Password:\r\n' + bytes([IAC, WILL, ECHO])), sent)
        person.types(bytes([IAC, DO, ECHO]))
        self.assertEqual(person.transport.value(), b"")
        person.types(PASSWORD.encode() + b"\r\n")
        sent = person.transport.value()
        self.assertTrue(sent.startswith(bytes([IAC, WONT, ECHO]) + b"* Hello alice."), sent)

    def test_a_new_password_that_one_does_not_see_is_asked_for_twice(self) -> None:
        alice = self.person("alice")
        for second, answer in (("correct house", "! These two are not the same."), (PASSWORD, "* alice is yours.")):
            alice.types(f"/register\r\n{PASSWORD}\r\n{second}\r\n".encode())
            sent = alice.transport.value().replace(bytes([IAC, WILL, ECHO]), b"").replace(bytes([IAC, WONT, ECHO]), b"")
            alice.transport.clear()
            lines = sent.decode().split("\r\n")
            self.assertEqual(lines[:2], ["? A password for alice:", "? Once more:"])
            self.assertTrue(lines[2].startswith(answer), lines)


class LoginTests(AccountTestCase):
    def test_a_guest_becomes_the_owner(self) -> None:
        self.account().hangs_up()
        carol, bob = self.people("carol", "bob")
        self.assertEqual(carol.asks("/login alice", PASSWORD), [
            "? The password of alice: (will be visible)", "* You are logged in as alice.",
        ])  # fmt: skip
        self.assertEqual(bob.hears(), ["* carol is now alice"])
        self.assertEqual(carol.asks("/login bob"), ["! You are logged in as alice. First: /logout"])

    def test_a_wrong_password_and_no_account(self) -> None:
        self.account().hangs_up()
        carol = self.person("carol")
        for name in ("alice", "nobody"):
            self.assertEqual(carol.asks(f"/login {name}", "wrong horse")[-1], "! That is not the password.")
        self.assertEqual(carol.asks("hello", "/register", PASSWORD)[-1][:18], "* carol is yours. ")

    def test_to_an_account_that_is_here_joins_it(self) -> None:
        alice, bob = self.account(), self.person("bob")
        alice.hears()
        carol = self.person("carol")
        bob.hears(), alice.hears()
        heard = carol.asks("/login alice", PASSWORD)
        self.assertEqual(heard[1:3], [
            "* Hello alice. You are here in 1 other window too.", "* You are in lobby (2 people): bob.",
        ])  # fmt: skip
        self.assertEqual(bob.hears(), ["* carol left (is alice)"])
        bob.says("hi")
        self.assertEqual(carol.hears(), ["[12:00] bob: hi"])

    def test_logout(self) -> None:
        alice = self.account()
        self.assertRegex(alice.asks("/logout")[0], "^[*] You are logged out. You are guest-[0-9a-f]{4} now.$")
        self.assertEqual(
            alice.asks("/logout"), ["! You have no account. /register makes one, /login NAME takes you to one."]
        )

    def test_password(self) -> None:
        alice = self.account()
        self.assertEqual(alice.asks("/password", "wrong horse")[-1], "! That is not the password.")
        heard = alice.asks("/password", PASSWORD, "battery staple")
        self.assertEqual(heard[1:], ["? The new password: (will be visible)", "* You have a new password."])
        alice.hangs_up()
        heard = self.asked("alice", PASSWORD, "battery staple")
        self.assertEqual(heard[1], "! That is not the password.")
        self.assertTrue(heard[3].startswith("* Hello alice."), heard)


class SecondSessionTests(AccountTestCase):
    def test_it_joins_the_first(self) -> None:
        alice, bob = self.account(), self.person("bob")
        alice.hears()
        second = self.comes("alice", PASSWORD)
        heard = second.hears()
        self.assertEqual(heard[1:3], [
            "* Hello alice. You are here in 1 other window too.", "* You are in lobby (2 people): bob.",
        ])  # fmt: skip
        self.assertEqual(bob.hears(), [])
        bob.says("hi", "@alice psst")
        for window in (alice, second):
            self.assertEqual(window.hears(), ["[12:00] bob: hi", "[12:00] bob -> you: psst"])
        second.says("hello", "@bob hm")
        self.assertEqual(alice.hears(), ["[12:00] alice: hello", "[12:00] you -> bob: hm"])
        second.hangs_up()
        self.assertEqual(bob.hears(), ["[12:00] alice: hello", "[12:00] alice -> you: hm"])
        alice.hangs_up()
        self.assertEqual(bob.hears(), ["* alice left"])

    def test_sessions(self) -> None:
        alice = self.account()
        self.pass_time(180)
        second = self.comes("alice", PASSWORD)
        second.hears()
        self.assertEqual(second.asks("/sessions"), [
            "* from 127.0.0.1, not encrypted, idle 3 minutes", "* from 127.0.0.1, not encrypted, active (this one)",
        ])  # fmt: skip
        self.assertEqual(alice.hears(), [])

    def test_it_joins_one_with_an_irc_client_under_another_name(self) -> None:
        self.account().hangs_up()
        ally, bob = self.irc("ally", "#dev"), self.person("bob", "dev")
        self.happens(LoggedIn(self.factory.registry.user("ally").author, "alice"))
        ally.hears()
        window = self.comes("alice", PASSWORD)
        self.assertEqual(window.hears()[1:], [
            "* Hello ally. You are here in 1 other window too.", "* You are in dev (2 people): bob.",
        ])  # fmt: skip
        bob.says("@alice psst")
        self.assertEqual(window.hears(), ["[12:00] bob -> you: psst"])
        self.assertEqual(ally.hears(), [":bob!people@chat PRIVMSG ally psst"])
        window.says("/leave")
        self.assertEqual(ally.hears(), [":ally!~ally@127.0.0.1 PART #dev"])

    def test_who_is_put_out_is_so_in_every_window(self) -> None:
        bob, alice = self.person("bob", "dev"), self.account()
        alice.says("/join dev")
        second = self.comes("alice", PASSWORD)
        second.says("/join dev")
        alice.hears(), second.hears()
        bob.says("/kick alice")
        for window in (alice, second):
            self.assertEqual(window.hears(), [
                "* bob put alice out of the room", "* You left dev. You are in lobby.",
            ])  # fmt: skip

    def test_two_at_once(self) -> None:
        self.account().hangs_up()
        bob = self.person("bob")
        first, second = self.connects(), self.connects()
        for window in (first, second):
            window.connection.dataReceived(f"alice\n{PASSWORD}\n".encode())
        self.pass_time(0.1)
        self.assertEqual(bob.hears(), ["* alice came"])
        bob.says("hi")
        for window in (first, second):
            self.assertEqual(window.hears()[-1], "[12:00] bob: hi")


class UnreadTests(AccountTestCase):
    def leave(self) -> Person:
        """alice leaves; bob, who stays, and has read everything."""
        alice, bob = self.account(), self.person("bob")
        bob.says("before")
        self.pass_time(60)
        alice.hangs_up()
        self.pass_time(60)
        bob.hears()
        return bob

    def comes_back(self) -> list[str]:
        self.pass_time(60)
        return self.asked("alice", PASSWORD)[2:]

    def test_exactly_what_is_new(self) -> None:
        bob = self.leave()
        heard = bob.asks("one", "@alice psst", "two", "@alice hm")
        self.assertEqual(heard, ["* alice is offline; stored for alice."] * 2)
        self.assertEqual(self.comes_back(), [
            "* You are in lobby (2 people): bob.",
            "* 2 new lines in lobby, 2 private:",
            "[12:02] bob: one",
            "[12:02] bob -> you: psst",
            "[12:02] bob: two",
            "[12:02] bob -> you: hm",
            "* -- now --",
        ])  # fmt: skip

    def test_private_alone(self) -> None:
        bob = self.leave()
        bob.says("@alice psst")
        self.assertEqual(self.comes_back()[1:3], ["* 1 new line private:", "[12:02] bob -> you: psst"])

    def test_nothing_new(self) -> None:
        self.leave()
        self.assertEqual(self.comes_back(), [
            "* You are in lobby (2 people): bob. Last line:", "[12:00] bob: before", "* -- now --",
        ])  # fmt: skip

    def test_what_was_read_is_not_new_the_next_time(self) -> None:
        bob = self.leave()
        bob.says("one", "@alice psst")
        self.pass_time(60)
        self.comes("alice", PASSWORD).hangs_up()
        self.pass_time(60)
        bob.says("two")
        self.assertEqual(self.comes_back()[1:3], ["* 1 new line in lobby:", "[12:04] bob: two"])

    def test_at_most_50(self) -> None:
        bob = self.leave()
        bob.says(*(f"line {n}" for n in range(60)))
        heard = self.comes_back()
        self.assertEqual(heard[1], "* 60 new lines in lobby. The newest 50; /history shows more:")
        self.assertEqual(len(heard), 53)
        self.assertEqual(heard[2], "[12:02] bob: line 10")

    def test_what_waits_outlasts_a_restart(self) -> None:
        bob = self.leave()
        bob.says("@alice psst")
        bob.hangs_up()
        self.factory = self.new_factory(self.config)
        self.assertEqual(self.comes_back()[1:3], ["* 1 new line private:", "[12:02] bob -> you: psst"])

    def test_nobody_without_an_account_is_written_to_while_away(self) -> None:
        bob = self.leave()
        self.assertEqual(bob.asks("@carol hi"), ['! Nobody here is called "carol". Nothing was sent.'])

    def test_between_two_accounts(self) -> None:
        bob = self.leave()
        bob.says("/register", PASSWORD, "@alice psst")
        bob.hears()
        alice = self.comes("alice", PASSWORD)
        self.assertIn("[12:02] bob -> you: psst", alice.hears())
        bob.hangs_up()
        self.assertEqual(alice.asks("@bob yes?")[-1], "* bob is offline; stored for bob.")
