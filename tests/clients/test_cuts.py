"""The link breaks, wherever it may: nothing is lost, nothing comes twice, and all see the same order.

Whatever can be said is said while the connection breaks after so many bytes, and the next ones do so again: between two
bytes of what the client sends, or of what it hears.  A run is repeated by its numbers, which stand in the failure.
"""

from __future__ import annotations

import os
import random

from chat.clients import past
from chat.core.events import Said, Told
from tests.clients.sitting import ClientTestCase, Sitter

#: How many places are tried for a break; CHAT_CUTS=all tries every one.
TRIED = 25


class CutTests(ClientTestCase):
    #: Whether Alice has an account, so that she is the same person over every connection.
    account = False

    def setUp(self) -> None:
        super().setUp()
        self.patch(past, "PAGE", 7)

    def talk(self, budgets: list[int], late: bool) -> Sitter:
        """Alice, whose connections break, Bob with nc and Carol with a client say things; then all settles."""
        if self.account:
            owner = self.irc("alice")
            owner.says("REGISTER * * :correct horse")
            owner.hangs_up()
        alice = self.client_that_waits("alice", password="correct horse" if self.account else "")
        alice.budgets = list(budgets)
        bob, carol = self.person("bob"), self.client("carol")
        self.late = late
        alice.connect()
        self.pass_time(0)
        for turn in range(6):
            alice.types(f"a{turn}")
            bob.says(*(f"b{turn}-{number}" for number in range(5)))
            alice.types("same words")
            carol.types(f"c{turn}\nwith a second line")
            alice.types(f"/msg carol p{turn}")
            if turn == 3:
                self.edit(alice)
            self.pass_time(turn % 3)
        for _ in range(6):
            self.pass_time(20)
            for wire in alice.wires:
                wire.arrive()
        self.pass_time(100)
        self.carol = carol
        for sitter in (alice, carol):
            while sitter.chat.older(sitter.room):
                self.pass_time(0)
        return alice

    def edit(self, alice: Sitter) -> None:
        line = alice.room.last_of_mine
        if line is not None and alice.chat.can_edit:
            self.edited = line.id
            alice.chat.edit(alice.room, line, "other words")

    def check(self, alice: Sitter, what: str) -> None:
        """Alice and Carol see what is kept, and nothing waits."""
        self.assertEqual(alice.chat.state.kind, "online", what)
        self.assertEqual(len(alice.chat.outbox), 0, what)
        kept = [event for event in self.history._events.values() if isinstance(event, (Said, Told))]
        words = [self.first_words(event) for event in kept if isinstance(event, Said)]
        self.assertEqual([word for word in words if word[0] == "a"], [f"a{n}" for n in range(6)], what)
        self.assertEqual(words.count("same words"), 6, what)
        self.assertEqual([event.text for event in kept if isinstance(event, Told)], [f"p{n}" for n in range(6)], what)
        ids = [event.id for event in kept if isinstance(event, Said)]
        for seer in (alice, self.carol):
            seen = [line for line in seer.room.lines if line.spoken]
            self.assertEqual([line.id for line in seen], ids, f"{what}: {seer.chat.identity.nick}")
            self.assertTrue(all(line.state == "kept" for line in seen), what)
        private = self.carol.chat.conversations[1:]
        told = [line.text for conversation in private for line in conversation.lines if line.spoken]
        self.assertEqual(sorted(told), [f"p{n}" for n in range(6)], what)
        if self.account:
            private = [each for each in alice.chat.conversations if each.name == "carol"]
            told = [line.text for line in private[0].lines if line.spoken]
            self.assertEqual(told, [f"p{n}" for n in range(6)], what)

    def first_words(self, event: Said) -> str:
        return event.text.partition("\n")[0]

    def run_cut(self, budgets: list[int], late: bool) -> int:
        """One run in a chat of its own; the bytes that went over the first connection."""
        for sitter in self.sitters:
            sitter.link.stop()
        self.sitters.clear()
        self.history = self.history_class(self.clock)
        self.factory = self.new_factory(self.config)
        self.edited: str | None = None
        alice = self.talk(budgets, late)
        self.check(alice, f"budgets={budgets}, late={late}")
        if self.account and self.edited:
            for seer in (alice, self.carol):
                line = seer.room.find(self.edited)
                self.assertEqual(line.text if line else "", "other words", f"budgets={budgets}, late={late}")
        return alice.wires[0].carried

    def places(self, total: int) -> list[int]:
        if os.environ.get("CHAT_CUTS") == "all":
            return list(range(1, total))
        return sorted(random.Random(1).sample(range(1, total), TRIED))

    def test_it_settles_without_a_break(self) -> None:
        self.assertGreater(self.run_cut([], late=False), 5000)

    def test_one_break_anywhere(self) -> None:
        for place in self.places(self.run_cut([], late=False)):
            self.run_cut([place], late=False)

    def test_one_break_of_which_the_server_learns_late(self) -> None:
        """What was under way arrives behind what the client says over its next connection."""
        for place in self.places(self.run_cut([], late=False)):
            self.run_cut([place], late=True)

    def test_many_breaks(self) -> None:
        for seed in range(25):
            dice = random.Random(seed)
            budgets = [dice.randrange(1, 6000) for _ in range(dice.randrange(2, 8))]
            self.run_cut(budgets, late=dice.random() < 0.5)


class AccountCutTests(CutTests):
    """The same with an account: what one said before the break is one's own behind it, to edit, and in private."""

    account = True
