"""When what is said to many is written: at once, unless there is so much of it that a rest saves half."""

from __future__ import annotations

from typing import Any

from twisted.internet.address import IPv4Address
from twisted.internet.testing import StringTransport

from chat.turn import REST
from tests.talk import ChatTestCase, Person

#: Seconds that it takes to write to the one who takes long.
LONG = 0.01


class Slow(StringTransport):
    """Takes what it is given at once, and as long as a thousand others would."""

    clock: Any = None
    seconds = LONG

    def write(self, data: bytes) -> None:
        super().write(data)
        if self.clock is not None:
            self.clock.rightNow += self.seconds


class RestTests(ChatTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.alice = self.irc("alice", "#tea")
        transport = Slow(peerAddress=IPv4Address("TCP", "127.0.0.1", 40_000))
        self.bob = self.irc_connects(transport=transport)
        self.bob.says("NICK bob", "USER bob 0 * :Bob", "JOIN #tea")
        self.pass_time(1)
        self.bob.hears(), self.alice.hears()
        transport.clock = self.clock

    def says(self, text: str) -> list[str]:
        """What alice says, and bob hears at once of all that she says."""
        self.alice.says(f"PRIVMSG #tea :{text}")
        return heard(self.bob)

    def test_who_says_something_now_and_then_waits_for_nothing(self) -> None:
        for _ in range(5):
            self.assertEqual(self.says("a b"), ["a b"])
            self.pass_time(3 * LONG)

    def test_two_lines_soon_after_each_other_wait_for_nothing(self) -> None:
        self.assertEqual(self.says("a b"), ["a b"])
        self.assertEqual(self.says("c d"), ["c d"])

    def test_who_goes_on_is_heard_in_pieces_after_rests_as_long_as_the_writing(self) -> None:
        self.says("a b"), self.says("c d")
        self.assertEqual([self.says("e f"), self.says("g h")], [[], []])
        self.pass_time(0.9 * LONG)
        self.assertEqual(heard(self.bob), [])
        self.pass_time(0.1 * LONG)
        self.assertEqual(heard(self.bob), ["e f", "g h"])
        self.assertEqual(self.says("i j"), [], "it went on all the time")
        self.pass_time(LONG)
        self.assertEqual(heard(self.bob), ["i j"])
        self.pass_time(3 * LONG)
        self.assertEqual([self.says("k l"), self.says("m n")], [["k l"], ["m n"]], "after a while of silence")

    def test_no_rest_is_longer_than_is_hardly_noticed(self) -> None:
        self.bob.transport.seconds = 10 * REST
        self.says("a b"), self.says("c d")
        self.assertEqual(self.says("e f"), [])
        self.pass_time(REST)
        self.assertEqual(heard(self.bob), ["e f"])


def heard(person: Person) -> list[str]:
    """The texts of the messages that somebody has heard."""
    return [line.rpartition(":")[2] for line in person.hears() if "PRIVMSG" in line]
