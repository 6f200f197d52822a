"""Accounts on the IRC wire: REGISTER, SASL, several clients of one person, NickServ, and who stays without a client."""

import base64
import unicodedata

from twisted.internet.address import IPv4Address
from twisted.internet.testing import StringTransport

from chat.guesses import PER_ACCOUNT
from chat.irc.protocol import IRCProtocol
from tests.talk import ChatTestCase, Person

PASSWORD = "correct horse"


def plain(name: str, password: str = PASSWORD) -> str:
    """What SASL PLAIN sends."""
    return base64.b64encode(f"\0{name}\0{password}".encode()).decode()


class AccountTestCase(ChatTestCase):
    """Some people have accounts."""

    def owner(self, name: str, *rooms: str) -> Person:
        """Somebody who has made an account for their name just now."""
        person = self.irc(name, *rooms)
        person.says(f"REGISTER * * :{PASSWORD}")
        person.hears()
        return person

    def comes(self, name: str, account: str, caps: str = "sasl") -> Person:
        """Another client that logs in to an account and asks for a name; it has read nothing."""
        person = self.irc_connects()
        person.says(f"CAP REQ :{caps}", "AUTHENTICATE PLAIN", f"AUTHENTICATE {plain(account)}")
        person.says(f"NICK {name}", f"USER {name} 0 * :x", "CAP END")
        return person

    def numerics(self, person: Person) -> list[str]:
        return [line.split()[1] for line in person.hears() if line.startswith(":")]


class RegisterTests(AccountTestCase):
    def test_an_account_is_made_and_one_is_logged_in(self) -> None:
        alice = self.irc("alice")
        said, logged_in = alice.asks(f"REGISTER * * :{PASSWORD}")
        self.assertEqual(said, ":chat.example.org REGISTER SUCCESS alice :Your account is made")
        self.assertIn(" 900 alice ", logged_in)
        self.assertIn("ALREADY_AUTHENTICATED", alice.asks(f"REGISTER * * :{PASSWORD}")[0])

    def test_a_short_password_is_refused(self) -> None:
        alice = self.irc("alice")
        self.assertEqual(
            alice.asks("REGISTER * * short"),
            [":chat.example.org FAIL REGISTER UNACCEPTABLE_PASSWORD alice :Passwords have 8 to 600 characters."],
        )

    def test_what_the_capability_says_is_what_the_server_does(self) -> None:
        alice = self.irc("alice")
        self.assertIn("draft/account-registration ", alice.asks("CAP LS 302")[0] + " ")
        self.configure(register_early=True, register_email=True)
        new = self.irc_connects()
        self.assertIn("draft/account-registration=before-connect,email-required", new.asks("CAP LS 302")[0])
        self.assertIn("INVALID_EMAIL", new.asks("NICK bob", f"REGISTER * * :{PASSWORD}")[-1])

    def test_no_password_over_a_link_that_others_can_read(self) -> None:
        self.owner("alice")
        transport = StringTransport(peerAddress=IPv4Address("TCP", "192.0.2.7", 40_000))
        connection = self.factory.speaking(IRCProtocol).buildProtocol(None)
        connection.makeConnection(transport)
        far = Person(self, connection, transport)
        far.says("NICK bob", "USER bob 0 * :Bob")
        far.hears()
        refusal = far.asks(f"REGISTER * * :{PASSWORD}")[0]
        self.assertIn("FAIL REGISTER TEMPORARILY_UNAVAILABLE bob :Not on an unencrypted link.", refusal)
        why, failed = far.asks("AUTHENTICATE PLAIN")
        self.assertIn("Not on an unencrypted link.", why)
        self.assertIn(" 904 ", failed)
        self.assertIn("Not on an unencrypted link.", far.asks(f"PRIVMSG NickServ :identify alice {PASSWORD}")[0])
        self.assertEqual(list(self.factory.registry.accounts), ["alice"])


class SASLTests(AccountTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.owner("alice").hangs_up()

    def guess(self, person: Person, name: str, password: str) -> str:
        person.says("AUTHENTICATE PLAIN", f"AUTHENTICATE {plain(name, password)}")
        return person.hears()[-1].split()[1]

    def test_wrong_and_unknown_look_the_same(self) -> None:
        client = self.irc_connects()
        client.says("CAP REQ sasl")
        one = client.asks("AUTHENTICATE PLAIN", f"AUTHENTICATE {plain('alice', 'wrong one')}")
        other = client.asks("AUTHENTICATE PLAIN", f"AUTHENTICATE {plain('nobody', 'wrong one')}")
        self.assertEqual(one[-1], other[-1])
        self.assertIn(" 904 ", one[-1])

    def test_after_too_many_guesses_even_the_right_one_waits_but_not_for_the_owner(self) -> None:
        self.factory.accounts.guesses._known.clear()
        stranger = self.irc_connects()
        stranger.says("CAP REQ sasl")
        for _ in range(PER_ACCOUNT):
            self.assertEqual(self.guess(stranger, "alice", "wrong one"), "904")
        self.assertEqual(self.guess(stranger, "alice", PASSWORD), "904")
        self.factory.accounts.guesses.right("alice", "127.0.0.1")
        self.assertEqual(self.guess(stranger, "alice", PASSWORD), "903")

    def test_one_may_log_in_to_another_account_later(self) -> None:
        self.owner("bob")
        alice = self.comes("alice", "alice")
        alice.hears()
        self.assertIn(" 900 alice ", alice.asks("AUTHENTICATE PLAIN", f"AUTHENTICATE {plain('bob')}")[1])
        self.assertEqual(self.factory.registry.user("alice").account, "bob")

    def test_whoever_comes_in_in_the_middle_is_told_that_it_was_broken_off(self) -> None:
        client = self.irc_connects()
        client.says("CAP REQ sasl", "AUTHENTICATE PLAIN", "NICK bob", "USER bob 0 * :Bob", "CAP END")
        numerics = self.numerics(client)
        self.assertIn("001", numerics)
        self.assertIn("906", numerics[: numerics.index("001")])

    def test_an_answer_without_end_is_refused(self) -> None:
        client = self.irc_connects()
        client.says("CAP REQ sasl", "AUTHENTICATE PLAIN", *["AUTHENTICATE " + 400 * "A"] * 11)
        self.assertIn("904", self.numerics(client))
        self.assertEqual(self.guess(client, "alice", PASSWORD), "903")


class ReservedNameTests(AccountTestCase):
    def test_nobody_else_gets_the_name_of_an_account_or_one_that_looks_like_it(self) -> None:
        self.owner("paypal").hangs_up()
        for name in ("paypal", "PayPal", "paypaI", unicodedata.lookup("CYRILLIC SMALL LETTER ER") + "aypal"):
            client = self.irc_connects()
            client.says(f"NICK {name}", "USER x 0 * :x")
            self.assertEqual(self.numerics(client), ["433"], name)
        bob = self.irc("bob")
        self.assertIn(" 433 bob paypal ", bob.asks("NICK paypal")[0])

    def test_the_owner_gets_it(self) -> None:
        self.owner("paypal").hangs_up()
        self.assertIn("001", self.numerics(self.comes("paypaI", "paypal")))

    def test_the_name_of_somebody_with_another_account_is_theirs(self) -> None:
        self.owner("alice")
        self.owner("bob").hangs_up()
        self.assertIn("433", self.numerics(self.comes("alice", "bob")))


class SessionTests(AccountTestCase):
    def test_a_second_client_is_the_same_person_in_the_same_rooms(self) -> None:
        alice, bob = self.owner("alice", "#tea"), self.irc("bob", "#tea")
        alice.hears()
        other = self.comes("alice", "alice")
        heard = other.hears()
        self.assertIn(":alice!~alice@127.0.0.1 JOIN #tea", heard)
        self.assertEqual(bob.hears(), [])
        bob.says("PRIVMSG #tea :hello", "PRIVMSG alice :you")
        self.assertEqual(alice.hears(), other.hears())

    def test_each_sees_what_the_other_says(self) -> None:
        alice, bob = self.owner("alice", "#tea"), self.irc("bob", "#tea")
        other = self.comes("alice", "alice")
        other.hears(), alice.hears()
        alice.says("PRIVMSG #tea :hello", "PRIVMSG bob :you")
        self.assertEqual(alice.hears(), [])
        mine = [":alice!~alice@127.0.0.1 PRIVMSG #tea hello", ":alice!~alice@127.0.0.1 PRIVMSG bob you"]
        self.assertEqual([line.replace(" :", " ") for line in other.hears()], mine)
        self.assertEqual(len(bob.hears()), 2)

    def test_only_the_last_one_leaves(self) -> None:
        alice, bob = self.owner("alice", "#tea"), self.irc("bob", "#tea")
        other = self.comes("alice", "alice")
        alice.says("QUIT :one")
        alice.hangs_up()
        self.assertEqual(bob.hears(), [])
        other.says("QUIT :two")
        self.assertEqual(other.hears()[-2:], [":alice!~alice@127.0.0.1 QUIT :Quit: two", "ERROR :Quit: two"])
        other.hangs_up()
        self.assertEqual(bob.hears(), [":alice!~alice@127.0.0.1 QUIT :Quit: two"])

    def test_who_wants_one_client_only_has_one(self) -> None:
        alice = self.owner("alice")
        alice.says("NS SET MULTICLIENT OFF")
        self.assertIn("433", self.numerics(self.comes("alice", "alice")))


class AlwaysOnTests(AccountTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.alice, self.bob = self.owner("alice", "#tea"), self.irc("bob", "#tea")
        self.alice.hears()
        self.answer = self.alice.asks("PRIVMSG NickServ :set always-on true")
        self.alice.hears()

    def names(self, person: Person) -> set[str]:
        return set(next(line for line in person.asks("NAMES #tea") if " 353 " in line).rpartition(":")[2].split())

    def test_it_is_confirmed(self) -> None:
        said = ":NickServ!services@chat.example.org NOTICE alice :always-on is true."
        self.assertEqual(self.answer, [said])

    def test_one_stays_and_comes_back_to_ones_rooms(self) -> None:
        self.alice.hangs_up()
        self.assertEqual(self.bob.hears(), [])
        self.assertEqual(self.names(self.bob), {"@alice", "bob"})
        self.assertIn(":alice!~alice@127.0.0.1 JOIN #tea", self.comes("alice", "alice").hears())

    def test_what_was_said_meanwhile_is_in_the_history(self) -> None:
        self.alice.hangs_up()
        self.assertEqual(self.bob.asks("PRIVMSG alice :call me"), [])
        alice = self.comes("alice", "alice", "sasl draft/chathistory batch")
        alice.hears()
        heard = alice.asks("CHATHISTORY LATEST bob * 10")
        self.assertTrue(any("PRIVMSG alice :call me" in line for line in heard), heard)

    def test_who_is_killed_is_gone_all_the_same(self) -> None:
        self.factory.registry.user("bob").modes |= {"o"}
        self.alice.hears()
        self.bob.says("KILL alice :enough")
        self.assertTrue(self.alice.is_gone)
        self.assertIn(" QUIT ", self.bob.hears()[-1])
        self.assertNotIn("alice", self.factory.registry.users)

    def test_and_also_when_no_client_is_here(self) -> None:
        self.factory.registry.user("bob").modes |= {"o"}
        self.alice.hangs_up()
        self.bob.says("KILL alice")
        self.assertNotIn("alice", self.factory.registry.users)
        self.assertEqual([state for state in self.history.states() if state.kind == "presence"], [])

    def test_and_a_client_that_does_not_ask_is_told_what_has_waited(self) -> None:
        self.bob.says("PRIVMSG alice :before")
        self.pass_time(60)
        self.alice.hangs_up()
        self.bob.says("PRIVMSG alice :call me")
        heard = self.comes("alice", "alice").hears()
        waited = next(line for line in heard if "waited" in line)
        self.assertTrue(waited.endswith(":1 private message has waited for you:"), waited)
        self.assertTrue(heard[-1].endswith("PRIVMSG alice :[12:01] call me"), heard)
        self.assertFalse(any("waited" in line for line in self.comes("alice", "alice").hears()))

    def test_over_a_restart_too(self) -> None:
        self.alice.says("MODE #tea +v bob", "JOIN #coffee", "PART #coffee", "NICK alicia")
        self.bob.hangs_up()
        self.factory.stopping = True
        self.alice.hangs_up()
        self.factory.stop()
        self.factory = self.new_factory(self.config)
        carol = self.irc("carol", "#tea")
        self.assertEqual(self.names(carol), {"@alicia", "carol"})
        self.assertNotIn("coffee", self.factory.registry.rooms)
        self.assertIn(":alicia!~alice@127.0.0.1 JOIN #tea", self.comes("alicia", "alice").hears())

    def test_without_it_one_leaves_with_the_last_client_and_for_good(self) -> None:
        self.alice.says("PRIVMSG NickServ :set always-on false")
        self.alice.hangs_up()
        self.assertEqual(len(self.bob.hears()), 1)
        self.assertEqual([state for state in self.history.states() if state.kind == "presence"], [])


class NickServTests(AccountTestCase):
    def test_what_is_said_to_it_is_kept_nowhere(self) -> None:
        alice = self.irc("alice")
        alice.says(f"PRIVMSG NickServ :register {PASSWORD.replace(' ', '-')}")
        self.assertIn("900", self.numerics(alice))
        self.assertNotIn("correct-horse", repr([vars_of(event) for event in self.history._events.values()]))

    def test_identify_and_password(self) -> None:
        self.owner("alice").hangs_up()
        bob = self.irc("bob")
        self.assertIn("not the password", bob.asks("NS IDENTIFY alice wrong-one")[0])
        self.assertIn("You are logged in as alice.", bob.asks(f"PRIVMSG NickServ :IDENTIFY alice {PASSWORD}")[-1])
        self.assertEqual(self.factory.registry.user("bob").account, "alice")
        self.assertEqual(bob.asks("NICK alice"), [":bob!~bob@127.0.0.1 NICK alice"])

    def test_it_explains_itself_and_refuses_in_words(self) -> None:
        alice = self.irc("alice")
        self.assertTrue(any("SET <always-on" in line for line in alice.asks("PRIVMSG NickServ :help")))
        self.assertIn("No command", alice.asks("PRIVMSG NickServ :brew tea")[0])
        self.assertIn("needs more words", alice.asks("PRIVMSG NickServ :set")[0])
        self.assertIn("You have no account", alice.asks("PRIVMSG NickServ :set always-on true")[0])
        self.assertEqual(len(alice.asks("NS SAREGISTER bob correct-horse")), 1)
        self.assertEqual(self.factory.registry.accounts, {})

    def test_nobody_is_called_so(self) -> None:
        client = self.irc_connects()
        client.says("NICK NickServ", "USER x 0 * :x")
        self.assertEqual(self.numerics(client), ["432"])


def vars_of(event: object) -> dict[str, object]:
    """Everything an event holds."""
    return {name: getattr(event, name, None) for name in dir(event) if not name.startswith("_")}
