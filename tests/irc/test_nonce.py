"""What is sent again with the same nonce is done once (twisted-chat/nonce)."""

from __future__ import annotations

from tests.irc.test_edit import msgid
from tests.irc.test_multiline import batch
from tests.talk import ChatTestCase

CAPS = "message-tags twisted-chat/nonce echo-message labeled-response batch draft/multiline draft/message-edit"
NONCE = "0123456789abcdef"
ONCE = f"+twisted-chat/nonce={NONCE}"
DUPLICATE = ":chat.example.org FAIL {} DUPLICATE {} :That has arrived before; it was not done again"


class NonceTests(ChatTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.alice, self.bob = self.irc("alice", "#tea", caps=CAPS), self.irc("bob", "#tea")
        self.alice.hears()

    def test_a_line_is_said_once(self) -> None:
        self.alice.says(f"@{ONCE} PRIVMSG #tea :hello")
        self.assertEqual(self.alice.asks(f"@{ONCE} PRIVMSG #tea :hello")[-1], DUPLICATE.format("PRIVMSG", "#tea"))
        self.assertEqual([line.rpartition(" ")[2] for line in self.bob.hears()], ["hello"])

    def test_also_over_another_connection_and_under_another_name(self) -> None:
        self.alice.says(f"@{ONCE} PRIVMSG #tea :hello", f"@{ONCE} PRIVMSG bob :and you")
        again = self.irc("alice_", "#tea", caps=CAPS)
        self.bob.hears()
        heard = again.asks(f"@label=1;{ONCE} PRIVMSG #tea :hello", f"@label=2;{ONCE} PRIVMSG bob :and you")
        self.assertEqual(
            heard, [f"@label=1 {DUPLICATE.format('PRIVMSG', '#tea')}", f"@label=2 {DUPLICATE.format('PRIVMSG', 'bob')}"]
        )
        self.assertEqual(self.bob.hears(), [])

    def test_also_while_the_first_one_is_not_on_disk_yet(self) -> None:
        self.alice.says(f"@{ONCE} PRIVMSG #tea :hello", f"@{ONCE} PRIVMSG #tea :hello", "PRIVMSG #tea :more")
        self.assertEqual([line.rpartition(" ")[2] for line in self.bob.hears()], ["hello", "more"])

    def test_everyone_sees_the_nonce_so_the_client_finds_its_line_in_the_history(self) -> None:
        self.alice.says(f"@{ONCE} PRIVMSG #tea :hello")
        self.assertIn(ONCE, self.alice.hears()[-1])
        carol = self.irc("carol", "#tea", caps="message-tags batch draft/chathistory")
        self.assertIn(ONCE, carol.asks("CHATHISTORY LATEST #tea * 5")[1])

    def test_no_two_lines_have_the_same_number(self) -> None:
        carol = self.person("carol", "tea")
        self.alice.says(f"@{ONCE} PRIVMSG #tea :one", f"@{ONCE} PRIVMSG #tea :one", "PRIVMSG #tea :two")
        self.alice.says("PRIVMSG #tea :three")
        carol.hears()
        lines = [line for line in carol.asks("/history") if line.startswith("[")]
        self.assertEqual([line.rpartition(" ")[2] for line in lines], ["one", "two", "three"])
        self.assertEqual(len({line.partition(" ")[0] for line in lines}), 3)

    def test_edits_reactions_and_texts_of_several_lines(self) -> None:
        self.alice.says("PRIVMSG #tea :helo")
        id = msgid(self.alice.hears()[-1])
        for verb, lines in (
            ("PRIVMSG", [f"@+draft/edit={id};{ONCE}1 PRIVMSG #tea :hello"]),
            ("TAGMSG", [f"@+draft/react=x;+draft/reply={id};{ONCE}2 TAGMSG #tea"]),
            ("BATCH", batch("one", "two", tags=f"@{ONCE}3 ")),
        ):
            self.alice.says(*lines)
            self.alice.hears()
            self.bob.hears()
            self.assertEqual(self.alice.asks(*lines), [DUPLICATE.format(verb, "#tea")])
            self.assertEqual(self.bob.hears(), [])

    def test_without_the_capability_or_with_something_else_for_a_nonce_it_is_a_tag_like_any_other(self) -> None:
        old = self.irc("old", "#tea", caps="message-tags")
        old.says(*[f"@{ONCE} PRIVMSG #tea :hello"] * 2)
        self.alice.says(*["@+twisted-chat/nonce=short PRIVMSG #tea :hello"] * 2)
        self.assertEqual(len([line for line in self.bob.hears() if line.endswith(" hello")]), 4)
