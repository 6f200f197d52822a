"""The link: lost and made again, later and later; silent; refused."""

from __future__ import annotations

from dataclasses import replace

from chat.clients.link import Link
from chat.clients.state import State
from chat.clients.table import HEARD
from tests.clients.sitting import ClientTestCase, Sitter


class LinkTests(ClientTestCase):
    def tries(self, sitter: Sitter, seconds: int) -> list[float]:
        """When, within so many seconds, it was tried to connect."""
        start, found = self.clock.seconds(), []
        connect = Link._connect

        def watched(link: Link) -> None:
            found.append(self.clock.seconds() - start)
            connect(link)

        self.patch(Link, "_connect", watched)
        for _ in range(2 * seconds):
            self.pass_time(0.5)
        return found

    def test_later_and_later_but_at_least_once_a_minute(self) -> None:
        alice = self.client("alice")
        alice.closed = True
        alice.loses_link()
        self.assertIn("is lost. Trying again in 1 second.", alice.chat.state.sentence)
        times = self.tries(alice, 300)
        waits = [round(later - before) for before, later in zip([0.0, *times], times, strict=False)]
        self.assertEqual(waits[:6], [1, 2, 4, 8, 16, 32])
        self.assertTrue(all(60 <= wait <= 65 for wait in waits[6:]), waits)
        self.assertIn("cannot be reached: nothing listens there. Trying again in 60 ", alice.chat.state.sentence)

    def test_not_everybody_at_the_same_time(self) -> None:
        alice = self.client("alice")
        alice.link._jitter = lambda: 1.0
        alice.closed = True
        alice.loses_link()
        self.assertEqual(alice.chat.state.until, self.clock.seconds() + 1.5)

    def test_after_a_while_online_it_begins_anew(self) -> None:
        alice = self.client("alice")
        for _ in range(3):
            alice.loses_link()
            self.pass_time(5)
        self.assertEqual(alice.link._losses, 3)
        self.pass_time(60)
        alice.loses_link()
        self.assertEqual(alice.link._losses, 1)

    def test_at_once_if_the_person_says_so(self) -> None:
        alice = self.client("alice")
        alice.loses_link()
        alice.link.retry()
        self.pass_time(0)
        self.assertTrue(alice.chat.online)
        alice.link.retry()
        self.pass_time(60)
        self.assertEqual(len(alice.wires), 2)

    def test_a_server_that_says_nothing_is_given_up(self) -> None:
        alice = self.client("alice")
        alice.wires[-1].broken = True
        self.pass_time(70)
        self.assertTrue(alice.chat.online)
        self.pass_time(10)
        self.assertTrue(alice.wires[-1].near.disconnecting)

    def test_one_that_answers_is_not(self) -> None:
        alice = self.client("alice")
        self.pass_time(600)
        self.assertTrue(alice.chat.online)
        self.assertEqual(len(alice.wires), 1)

    def test_a_bug_of_ours_costs_one_line_and_not_the_link(self) -> None:
        def fails(chat: object, message: object) -> None:
            raise ZeroDivisionError

        alice, bob = self.client("alice"), self.person("bob")
        HEARD["TOPIC"], before = fails, HEARD["TOPIC"]
        self.addCleanup(HEARD.__setitem__, "TOPIC", before)
        bob.says("/join tea")
        alice.types("/join tea")
        bob.says("/topic x", "hello")
        self.pass_time(0)
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)
        self.assertEqual(alice.sees(alice.chat.find("#tea"))[-1], "bob: hello")

    def test_a_stop_leaves_in_order(self) -> None:
        alice, bob = self.client("alice"), self.person("bob")
        left: list[None] = []
        alice.link.stop().addCallback(left.append)
        self.pass_time(0)
        self.assertEqual(left, [None])
        self.assertEqual(bob.hears(), ["* alice left"])
        self.pass_time(100)
        self.assertEqual(len(alice.wires), 1)
        self.assertEqual(alice.chat.state, State("offline", "You are not connected."))

    def test_a_wrong_password_is_asked_for_again_and_not_tried_again(self) -> None:
        other = self.irc("alice")
        other.says("REGISTER * * :correct horse")
        other.hangs_up()
        alice = self.client("alice", password="wrong")
        self.assertEqual((alice.chat.state.kind, alice.chat.state.needs), ("refused", "password"))
        self.pass_time(100)
        self.assertEqual(len(alice.wires), 1)
        alice.chat.identity.password = "correct horse"
        alice.link.retry()
        self.pass_time(0)
        self.assertTrue(alice.chat.online)
        self.assertEqual(alice.chat.account, "alice")

    def test_a_name_that_cannot_be(self) -> None:
        alice = self.client("9 lives")
        self.assertEqual((alice.chat.state.kind, alice.chat.state.needs), ("refused", "nick"))

    def test_a_server_for_accounts_only(self) -> None:
        self.factory.reconfigure(replace(self.config, guests="deny"))
        alice = self.client("alice")
        self.assertEqual((alice.chat.state.kind, alice.chat.state.needs), ("refused", "password"))

    def test_a_room_that_one_may_not_enter(self) -> None:
        owner = self.irc("owner", "#tea")
        owner.says("MODE #tea +i")
        alice = self.client("alice", "#tea")
        self.assertFalse(alice.room.joined)
        self.assertIn("#tea: ", alice.sees()[-1])
        alice.types("hello?")
        self.assertEqual(alice.sees_spoken(), ["(failed) alice: hello?"])
        owner.says("INVITE alice #tea")
        alice.types("/join #tea")
        alice.types("/resend")
        self.assertEqual(alice.sees_spoken(), ["alice: hello?"])
