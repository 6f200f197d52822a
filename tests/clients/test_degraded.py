"""Servers that know less: without any one capability, without all of them, and those of old."""

from __future__ import annotations

from chat.irc.capabilities import CAPABILITIES
from tests.clients.sitting import ClientTestCase, Sitter

#: What the oldest server knows: nothing but the RFC.
ALL = tuple(CAPABILITIES)


class DegradedTests(ClientTestCase):
    def talk(self, without: tuple[str, ...]) -> tuple[Sitter, Sitter]:
        """Two clients say things, lose their links, and say more."""
        for sitter in self.sitters:
            self._sends_home(sitter)
        self.sitters.clear()
        self.history = self.history_class(self.clock)
        self.factory = self.new_factory(self.config)
        self.configure(without=without, history_on_join=0)
        alice, bob = self.client("alice", "#tea"), self.client("bob", "#tea")
        alice.types("hello")
        alice.types("one\ntwo")
        bob.types("/msg alice in private")
        for sitter in (alice, bob):
            sitter.loses_link()
        self.pass_time(10)
        alice.types("hello")
        bob.types("hello alice")
        self.pass_time(10)
        return alice, bob

    def test_without_any_one_of_them(self) -> None:
        for name in sorted(CAPABILITIES):
            self.check(*self.talk((name,)), name)

    def check(self, alice: Sitter, bob: Sitter, what: str) -> None:
        several = ["alice: one\ntwo"]
        if any("one" in line and "two" not in line for line in alice.sees_spoken()):
            several = ["alice: one", "alice: two"]
        for sitter in (alice, bob):
            self.assertEqual(sitter.chat.state.kind, "online", what)
            self.assertEqual(len(sitter.chat.outbox), 0, what)
            spoken = ["alice: hello", *several, "alice: hello", "bob: hello alice"]
            self.assertEqual(sitter.sees_spoken(), spoken, f"without {what}: {sitter.chat.me}")
            self.assertEqual([member.nick for member in sitter.room.people], ["alice", "bob"], what)
        private = alice.chat.find("bob")
        self.assertEqual(alice.sees_spoken(private) if private else [], ["bob: in private"], what)

    def test_without_all_of_them(self) -> None:
        alice, bob = self.talk(ALL)
        self.check(alice, bob, "all")
        alice.chat.edit(alice.room, alice.room.lines[-2], "x")
        alice.types("/delete")
        alice.chat.typing(alice.room, True)
        self.pass_time(0)
        self.assertEqual(alice.chat.older(alice.room), False)

    def test_nobody_edits_what_another_said_where_the_server_does_not_see_to_that(self) -> None:
        """A server that knows no edits passes the tag on from anybody."""
        self.configure(without=("draft/message-edit",))
        alice = self.client("alice", "#tea")
        alice.types("hello")
        id = alice.room.lines[-1].id
        alice.chat.received(f"@+draft/edit={id} :eve!e@example.org PRIVMSG #tea :I am a fool".encode())
        self.assertEqual(alice.sees_spoken(), ["alice: hello", "eve: I am a fool"])

    def test_long_lines_are_cut_between_words(self) -> None:
        self.configure(without=ALL)
        alice, bob = self.client("alice", "#tea"), self.client("bob", "#tea")
        text = " ".join(f"word{number}" for number in range(200))
        alice.types(text)
        lines = [line.text for line in bob.room.lines if line.spoken]
        self.assertGreater(len(lines), 2)
        self.assertEqual("".join(lines), text)
        self.assertEqual([line.text for line in alice.room.lines if line.spoken], lines)

    def test_what_was_under_way_is_asked_about_where_nobody_can_know(self) -> None:
        """Without a nonce and without a history, a line that may have arrived is not sent again by itself."""
        alice, bob = self.client("alice", "#tea"), self.client("bob", "#tea")
        alice.loses_link()
        self.configure(without=ALL)
        self.pass_time(5)
        alice.chat.perform(alice.room, "hello")
        alice.loses_link()
        self.pass_time(5)
        self.assertEqual(alice.sees_spoken(), ["(failed) alice: hello"])
        self.assertIn("before the server said whether it has this", alice.room.lines[-1].why)
        alice.types("/resend")
        self.assertEqual(alice.sees_spoken(), ["alice: hello"])
        self.assertEqual(bob.sees_spoken(), ["alice: hello"])

    def test_without_nonces_the_history_tells_what_has_arrived(self) -> None:
        for arrives in (True, False):
            self.configure(without=("twisted-chat/nonce",))
            alice, bob = self.client(f"alice{arrives}", "#tea"), self.client(f"bob{arrives}", "#tea")
            before = len(bob.sees_spoken())
            alice.chat.perform(alice.room, "hello")
            if arrives:
                alice.wires[-1].budget = 120
                alice.carry()
            alice.loses_link()
            self.pass_time(10)
            self.assertEqual(bob.sees_spoken()[before:], [f"alice{arrives}: hello"])
            self.assertEqual(alice.sees_spoken()[before:], [f"alice{arrives}: hello"])
