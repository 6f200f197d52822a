"""Bans of the whole server: what they are about, who goes, who does not come in, and what lasts of them."""

from __future__ import annotations

from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.testing import StringTransport
from twisted.trial.unittest import SynchronousTestCase

from chat.config import Config
from chat.core.bans import Ban, Bans, target_of
from chat.core.events import AccountRegistered, AccountShut, BanLifted, BanPlaced, Event, LoggedIn, RoomGiven
from chat.core.refusals import NoBan, NobodyToBan, Refused
from chat.core.registry import Author
from chat.core.user import CONSOLE
from chat.passwords import hashed
from tests.talk import ChatTestCase, HeldHistory, Person

MALLORY = Author("mallory", "1-2")


class TargetTests(SynchronousTestCase):
    def test_what_can_be_banned(self) -> None:
        for text, target in (
            ("mallory", "mallory"), ("192.0.2.7", "192.0.2.7"), ("192.0.2.7/32", "192.0.2.7"),
            ("192.0.2.7/24", "192.0.2.0/24"), ("2001:DB8::1", "2001:db8::1"), ("[2001:db8::1]", "2001:db8::1"),
            ("2001:db8:0:1::/48", "2001:db8::/48"), ("0.0.0.0/0", "0.0.0.0/0"),
        ):  # fmt: skip
            self.assertEqual(target_of(text), target)

    def test_what_cannot(self) -> None:
        for text in ("", "192.0.2", "192.0.2.0/33", "*@example.org", "a b", "#room"):
            self.assertRaises(NobodyToBan, target_of, text)

    def test_names_that_look_alike_are_one_and_so_are_accounts_in_any_case(self) -> None:
        bans = Bans()
        bans.put(Ban("Mallory", 1))
        for name, account in (("mallory", ""), ("MALLORY", ""), ("ma11ory", ""), ("bob", "mallorY")):
            self.assertIsNotNone(bans.on(Author(name, "1", account=account)), name)
        for name, account in (("bob", ""), ("mallory2", "bob"), ("bob", "ma11ory")):
            self.assertIsNone(bans.on(Author(name, "1", account=account)), name)

    def test_addresses(self) -> None:
        bans = Bans()
        for target in ("192.0.2.0/24", "2001:db8::/32", "mallory"):
            bans.put(Ban(target, 1))
        for address in ("192.0.2.255", "::ffff:192.0.2.1", "2001:db8::1", "2001:db8::1%eth0", "::ffff:c000:201"):
            self.assertIsNotNone(bans.on_address(address), address)
        for address in ("192.0.3.1", "2001:db9::1", "mallory", "/run/socket", ""):
            self.assertIsNone(bans.on_address(address), address)

    def test_a_ban_is_lifted_by_its_own_name_only(self) -> None:
        bans = Bans()
        bans.put(Ban("192.0.2.0/24", 1))
        self.assertRaises(NoBan, bans.require, "192.0.2.1")
        self.assertEqual(bans.require("192.0.2.0/24").time, 1)


class BanTests(ChatTestCase):
    def console(self, event: Event) -> None:
        """Have it happen, by the operator's hand; Refused."""
        outcome = self.factory.publish(event)
        self.pass_time(0)
        self.successResultOf(outcome)

    def refusal(self, event: Event) -> str:
        outcome = self.factory.publish(event)
        self.pass_time(0)
        return str(self.failureResultOf(outcome, Refused).value)

    def test_who_is_here_goes_with_a_sentence_and_does_not_come_back(self) -> None:
        mallory, bob = self.people("mallory", "bob")
        self.console(BanPlaced(CONSOLE, "Mallory", "spam"))
        self.assertEqual(mallory.hears(), ["* Banned from this server: spam"])
        self.assertTrue(mallory.is_gone)
        self.assertEqual(bob.hears(), ["* mallory left (Banned from this server: spam)"])
        again = self.connects()
        again.hears()
        again.says("ma11ory")
        self.assertEqual(again.hears()[-1], "! You are banned from this server: spam")
        self.assertTrue(again.is_gone)

    def test_a_ban_by_name_reaches_irc(self) -> None:
        mallory = self.irc("mallory", "#lobby")
        self.console(BanPlaced(CONSOLE, "mallory"))
        self.assertEqual(mallory.hears(), ["ERROR :Banned from this server"])
        self.assertTrue(mallory.is_gone)
        again = self.irc_connects()
        again.says("NICK mallory", "USER m 0 * :M")
        goodbye = "You are banned from this server"
        self.assertEqual(again.hears(), [f":chat.example.org 465 mallory :{goodbye}", f"ERROR :{goodbye}."])
        self.assertTrue(again.is_gone)

    def test_an_account_cannot_be_logged_in_to_and_a_name_not_taken(self) -> None:
        self.console(AccountRegistered(CONSOLE, "mallory"))
        bob = self.person("bob")
        self.console(BanPlaced(CONSOLE, "mallory"))
        bob.says("/nick ma11ory")
        self.assertEqual(bob.hears(), ['! "ma11ory" is reserved.'])
        user = self.factory.registry.user("bob")
        self.assertEqual(self.refusal(LoggedIn(user.author, "mallory")), "You are banned from this server.")

    def test_a_lifted_ban_is_none(self) -> None:
        self.console(BanPlaced(CONSOLE, "mallory"))
        self.console(BanLifted(CONSOLE, "MALLORY"))
        self.person("mallory").says("hi")
        self.assertEqual(self.refusal(BanLifted(CONSOLE, "mallory")), "mallory is not banned.")

    def test_it_outlasts_a_restart(self) -> None:
        self.console(BanPlaced(CONSOLE, "mallory", "spam"))
        self.console(BanPlaced(CONSOLE, "192.0.2.0/24"))
        self.console(BanPlaced(CONSOLE, "carol"))
        self.console(BanLifted(CONSOLE, "carol"))
        again = self.new_factory(Config()).registry.bans
        self.assertEqual(again, self.factory.registry.bans)
        self.assertEqual({ban.target: ban.why for ban in again.values()}, {"mallory": "spam", "192.0.2.0/24": ""})

    def test_nobody_but_the_operator_bans(self) -> None:
        bob = self.factory.registry.user(self.person("bob") and "bob").author
        deeds = BanPlaced(bob, "mallory"), BanLifted(bob, "mallory"), AccountShut(bob, "x"), RoomGiven(bob, "a", "b")
        for event in deeds:
            self.assertEqual(self.refusal(event), "Only an operator of this server may do that.")
        self.assertEqual(self.factory.registry.bans, {})

    # -- addresses

    def comes_from(self, address: str, irc: bool = False) -> Person:
        kind = IPv6Address if ":" in address else IPv4Address
        transport = StringTransport(peerAddress=kind("TCP", address, 40_000))
        if not irc:
            return self.connects(transport=transport)
        return self.irc_connects(transport=transport)

    def test_an_address_is_told_at_the_door(self) -> None:
        self.console(BanPlaced(CONSOLE, "192.0.2.0/24", "spam"))
        mallory = self.comes_from("192.0.2.9")
        self.assertEqual(mallory.hears(), ["! You are banned from this server: spam"])
        self.assertTrue(mallory.is_gone)
        self.assertIn("Welcome", self.comes_from("192.0.3.9").reads())

    def test_an_irc_client_is_told_at_the_door(self) -> None:
        self.console(BanPlaced(CONSOLE, "2001:db8::/32"))
        mallory = self.comes_from("2001:db8::9", irc=True)
        goodbye = "You are banned from this server"
        self.assertEqual(mallory.hears(), [f":chat.example.org 465 * :{goodbye}", f"ERROR :{goodbye}."])
        self.assertTrue(mallory.is_gone)

    def test_an_address_behind_a_gateway_counts(self) -> None:
        self.configure(webirc=(("127.0.0.1", hashed("gate")),))
        self.console(BanPlaced(CONSOLE, "198.51.100.3"))
        mallory, bob = self.irc_connects(), self.irc_connects()
        mallory.says("WEBIRC gate web h 198.51.100.3", "NICK mallory", "USER m 0 * :M")
        self.assertEqual(mallory.hears()[-1], "ERROR :You are banned from this server.")
        self.assertTrue(mallory.is_gone)
        bob.says("WEBIRC gate web h 198.51.100.4", "NICK bob", "USER b 0 * :B")
        self.console(BanPlaced(CONSOLE, "198.51.100.4"))
        self.assertEqual(bob.hears()[-1], "ERROR :Banned from this server")

    def test_who_is_here_from_there_goes_whether_signed_in_or_not(self) -> None:
        known, unknown, other = map(self.comes_from, ("192.0.2.9", "192.0.2.10", "192.0.3.1"))
        known.says("mallory")
        for each in (known, unknown, other):
            each.hears()
        self.console(BanPlaced(CONSOLE, "192.0.2.0/28"))
        for each in (known, unknown):
            self.assertEqual(each.hears()[-1], "* Banned from this server")
            self.assertTrue(each.is_gone)
        self.assertFalse(other.is_gone)
        self.assertNotIn("mallory", self.factory.registry.users)


class AccountTests(ChatTestCase):
    def test_a_shut_account_opens_to_nothing_and_its_name_stays_taken(self) -> None:
        bob = self.person("bob")
        bob.says("/register", "open sesame")
        self.happens(AccountShut(CONSOLE, "BOB"))
        self.assertEqual(bob.hears()[-1], "* Account closed")
        self.assertTrue(bob.is_gone)
        again = self.connects()
        again.says("bob", "open sesame")
        self.assertIn("! That is not the password.", again.hears())
        again = self.connects()
        self.assertIn('! "b0b" is the name of an account. Choose another.', again.asks("b0b")[1])


class RoomTests(ChatTestCase):
    def test_a_room_is_given_back(self) -> None:
        bob, carol = self.person("bob", "dev"), self.irc("carol", "#dev")
        bob.says("/register", "open sesame", "/leave")
        bob.says("/join dev")
        bob.hears()
        carol.hears()
        self.happens(RoomGiven(CONSOLE, "dev", "bob"))
        self.assertEqual(bob.hears(), ["* admin made bob an operator"])
        self.assertEqual(carol.hears(), [":admin!admin@localhost MODE #dev +o bob"])
        bob.says("/topic tea")
        self.assertEqual(carol.hears(), [":bob!people@chat TOPIC #dev tea"])
        again = self.new_factory(Config()).registry
        self.assertEqual(again.room("dev").roles, {"bob": "o"})

    def test_a_founder_stays_one(self) -> None:
        bob = self.person("bob", "dev")
        bob.says("/register", "open sesame", "/found")
        self.happens(RoomGiven(CONSOLE, "dev", "bob"))
        self.assertEqual(self.factory.registry.room("dev").roles, {"bob": "oq"})
        bob.says("/leave")
        self.happens(RoomGiven(CONSOLE, "dev", "bob"))
        self.assertEqual(self.factory.registry.room("dev").founder, "bob")

    def test_nobody_hears_of_it_while_its_owner_is_elsewhere(self) -> None:
        bob = self.person("bob", "dev")
        self.happens(AccountRegistered(CONSOLE, "carol"), RoomGiven(CONSOLE, "dev", "carol"))
        self.assertEqual(bob.hears(), [])
        self.assertEqual(self.factory.registry.room("dev").roles, {"carol": "o"})


class FailureTests(ChatTestCase):
    history_class = HeldHistory

    def test_a_ban_that_could_not_be_stored_is_none_and_one_that_could_not_be_lifted_stands(self) -> None:
        self.happens(BanPlaced(CONSOLE, "mallory", "spam"))
        bob = self.person("bob")
        self.history.holding = True
        self.happens(BanPlaced(CONSOLE, "bob"), BanLifted(CONSOLE, "mallory"))
        self.history.fail("disk full")
        self.assertEqual(list(self.factory.registry.bans), ["mallory"])
        self.assertEqual(self.factory.registry.bans["mallory"].why, "spam")
        self.assertFalse(bob.is_gone)
