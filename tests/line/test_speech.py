"""Saying something, and who hears it."""

from tests.talk import ChatTestCase, HeldHistory


class RoomTests(ChatTestCase):
    def test_a_bare_line_goes_to_the_room_and_not_back(self) -> None:
        alice, bob = self.person("alice"), self.person("bob")
        alice.hears()
        alice.says("hi")
        self.assertEqual(bob.hears(), ["[12:00] bob: hi".replace("bob", "alice")])
        self.assertEqual(alice.hears(), [])

    def test_lines_of_one_turn_arrive_in_order_in_one_write(self) -> None:
        alice, bob = self.person("alice"), self.person("bob")
        alice.says(*(f"line {n}" for n in range(50)))
        self.assertEqual(bob.hears(), [f"[12:00] alice: line {n}" for n in range(50)])


class CommitTests(ChatTestCase):
    history_class = HeldHistory

    def test_nothing_is_heard_before_it_is_committed(self) -> None:
        alice, bob = self.person("alice"), self.person("bob")
        alice.hears()
        alice.says("/ack on")
        alice.hears()
        self.history.holding = True
        alice.says("one", "two")
        self.assertEqual(bob.hears(), [])
        self.assertEqual(alice.hears(), [])
        self.history.let_go()
        self.pass_time(0)
        self.assertEqual(bob.hears(), ["[12:00] alice: one", "[12:00] alice: two"])
        self.assertEqual(
            alice.hears(), ["+ 1 lobby 2026-11-20T12:00:00.000Z", "+ 2 lobby 2026-11-20T12:00:00.000Z"]
        )

    def test_a_line_that_was_not_stored_is_refused_and_heard_by_nobody(self) -> None:
        alice, bob = self.person("alice"), self.person("bob")
        alice.hears()
        self.history.holding = True
        alice.says("/topic tea")
        self.history.fail("disk full")
        self.pass_time(0)
        self.assertEqual(alice.hears(), ["! Not stored: disk full. Not sent."])
        self.assertEqual(bob.hears(), [])
        self.history.holding = False
        bob.says("/topic")
        self.assertEqual(bob.hears(), ["* lobby has no topic."])
