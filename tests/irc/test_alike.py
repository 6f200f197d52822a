"""Numerics as bytes."""

from __future__ import annotations

from itertools import product

from twisted.trial.unittest import SynchronousTestCase

from chat.irc.alike import plain_line
from chat.irc.message import LONGEST, Message

WORDS = ("alice", "", ":x", "a:b", "a b", "é", "\0", "a\rb", "x" * 250)


class PlainLineTests(SynchronousTestCase):
    """The short way gives the line of the long one, or none."""

    def test_it_gives_no_other_line(self) -> None:
        for words in (words for count in (1, 2, 3) for words in product(WORDS, repeat=count)):
            line = plain_line("chat.example.org", "401", words)
            self.assertIn(line, (None, Message("401", words, "chat.example.org").encode()), words)

    def test_it_is_the_way_of_most(self) -> None:
        for words in (("alice",), ("alice", "17"), ("alice", "=", "#tea", "@bob alice"), ("alice", "")):
            self.assertIsNotNone(plain_line("chat.example.org", "353", words), words)

    def test_what_needs_care_is_left_to_the_other(self) -> None:
        for words in (("", "x"), ("a b", "x"), (":a", "x"), ("é", "x"), ("a", "\x01"), ("a", "x" * LONGEST)):
            self.assertIsNone(plain_line("chat.example.org", "353", words), words)
