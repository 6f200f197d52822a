"""Plain words are understood at a glance; whatever else there is to a line, it is looked at in full."""

from __future__ import annotations

from tests.talk import ChatTestCase

TARGETS = ("#tea", "#TEA", "bob", "BOB", "alice", "away", "#milk", "#nowhere", "nobody", "NickServ", "@#tea")
TEXTS = (
    "hi", "two words", ":colon", " blank first", "", "\x01ACTION waves\x01", "\x01VERSION\x01", "\x02bold", "é" * 100,
    *("x" * size for size in (180, 200, 450, 460, 470, 480, 490, 500)),
)  # fmt: skip


class SameTests(ChatTestCase):
    def test_the_short_way_leads_where_the_long_one_does(self) -> None:
        """A client that may not send tags has them ignored: with one the same line takes the long way."""
        self.irc("away").says("AWAY :gone")
        self.irc("carol", "#milk")
        alice, bob, nora = self.irc("alice", "#tea"), self.irc("bob", "#tea"), self.person("nora", "tea")
        alice.hears(), bob.hears()
        for target in TARGETS:
            for text in TEXTS:
                seen = [
                    (alice.asks(f"{tag}PRIVMSG {target} :{text}"), bob.hears(), nora.hears()) for tag in ("", "@x=y ")
                ]
                self.assertEqual(seen[0], seen[1], (target, text))

    def test_who_may_not_speak_is_told_so(self) -> None:
        alice, bob = self.irc("alice", "#tea"), self.irc("bob", "#tea")
        alice.says("MODE #tea +m")
        bob.hears()
        refusal = ":chat.example.org 404 bob #tea :Cannot send to channel"
        self.assertEqual(bob.asks("PRIVMSG #tea :hi", "@x=y PRIVMSG #tea :hi"), [refusal, refusal])
