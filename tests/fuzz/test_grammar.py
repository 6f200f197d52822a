"""The grammar of IRC: whatever comes, a message or NoMessage; and what was parsed is written as it was meant.

What a line means is worked out here a second time, letter by letter, from RFC 1459 (2.3.1) and IRCv3 message-tags.
"""

from __future__ import annotations

import contextlib
import os
import random
from collections.abc import Iterator

from twisted.trial.unittest import TestCase

from chat.irc.message import LONGEST, LONGEST_CLIENT_TAGS, Message, NoMessage, escape, unescape
from tests.fuzz.wellformed import flaws
from tests.talk import ChatTestCase

TIMES = int(os.environ.get("CHAT_FUZZ", "1"))
FIRST = int(os.environ.get("CHAT_SEED", "0"))
LETTERS = [
    *"aZ09#&*!@,=;\\/+-.~",
    " ",
    " ",
    ":",
    ":",
    "@",
    "\t",
    "\x01",
    "\x1d",
    "\x1f",
    "\x85",
    "\u00a0",
    "\u2028",
    "é",
    "👍",
]
VALID = [
    "PING",
    ":a PING",
    "PRIVMSG #tea :hello  there ",
    "@a=b;+c/d PRIVMSG #tea ::",
    "@a=\\:\\s\\\\\\r\\n :x!y@z MODE #t +o  b",
    "USER a 0 * :",
    "@a;b=;c=\\ JOIN #a,#b k",
    "  PING  :x",
    "@+draft/reply=1 @x PING",
    "NOTICE a :b :c",
    "@  PING",
    ": PING",
]


def plainly(line: str) -> tuple[dict[str, str], str, list[str]] | None:
    """The tags as they stand there, the source, and the command with its parameters; None for no message."""
    tags: dict[str, str] = {}
    if line.startswith("@"):
        raw, line = cut(line[1:])
        for tag in raw.split(";"):
            key, value = (tag[: tag.index("=")], tag[tag.index("=") + 1 :]) if "=" in tag else (tag, "")
            tags[key] = value
    source = ""
    if line.startswith(":"):
        source, line = cut(line[1:])
    words = list(words_of(line))
    return (tags, source, words) if words and not line.lstrip(" ").startswith(":") else None


def cut(line: str) -> tuple[str, str]:
    """What stands before the first blank, and what behind it and those that follow it."""
    place = line.find(" ")
    return (line, "") if place < 0 else (line[:place], line[place:].lstrip(" "))


def words_of(line: str) -> Iterator[str]:
    """The words of a line; from a colon behind a blank on, all is one."""
    place = 0
    while place < len(line):
        if line[place] == " ":
            place += 1
        elif line[place] == ":" and place > 0:
            yield line[place + 1 :]
            return
        else:
            end = line.find(" ", place)
            end = len(line) if end < 0 else end
            yield line[place:end]
            place = end


class GrammarTests(TestCase):
    def lines(self) -> Iterator[str]:
        """Valid lines, those with something changed in them, and lines of letters that mean something."""
        yield from VALID
        for seed in range(FIRST, FIRST + 4000 * TIMES):
            dice = random.Random(seed)
            line = dice.choice(VALID)
            for _ in range(dice.choice((1, 1, 2, 5))):
                place = dice.randrange(len(line) + 1)
                line = line[:place] + dice.choice(LETTERS) + line[place + dice.choice((0, 0, 1, 3)) :]
            yield line
            yield "".join(dice.choices(LETTERS, k=dice.choice((0, 1, 2, 10, 30))))

    def test_a_line_means_what_the_specification_says(self) -> None:
        for line in self.lines():
            meant = plainly(line)
            try:
                message = Message.parse(line)
            except NoMessage:
                self.assertIsNone(meant, line)
                continue
            assert meant is not None, line
            tags, source, words = meant
            self.assertEqual(
                (message.source, [message.command, *message.params]), (source, [words[0].upper(), *words[1:]])
            )
            self.assertLessEqual(message.tags.keys(), tags.keys(), line)
            for key, value in message.tags.items():
                self.assertEqual(value, unescape(tags[key]), line)

    def test_what_was_parsed_and_written_is_the_same(self) -> None:
        for line in self.lines():
            try:
                message = Message.parse(line)
            except NoMessage:
                continue
            if not message.command.isalpha():
                continue  # it cannot be written: what begins with @ would be tags
            written = str(message)
            again = Message.parse(written)
            self.assertEqual(
                (again.command, again.params, again.source), (message.command, message.params, message.source)
            )
            self.assertEqual((again.tags, str(again)), (message.tags, written), line)

    def test_every_value_of_a_tag_comes_back(self) -> None:
        letters = [*";: \\rnsab\r\n=@", "é", "👍"]
        for seed in range(FIRST, FIRST + 3000 * TIMES):
            value = "".join(random.Random(seed).choices(letters, k=seed % 12))
            self.assertEqual(unescape(escape(value)), value)
            self.assertFalse(set("; \r\n") & set(escape(value)), value)
            odd = (len(value) - len(value.rstrip("\\"))) % 2 == 1
            self.assertEqual(unescape(value + "\\"), unescape(value[:-1]) + "\\" if odd else unescape(value))

    def test_what_is_sent_is_a_line_whatever_is_in_it(self) -> None:
        for seed in range(FIRST, FIRST + 2000 * TIMES):
            dice = random.Random(seed)
            letters = [*LETTERS, "\0", "\r", "\n", "\ud800"]
            texts = ["".join(dice.choices(letters, k=dice.choice((0, 1, 5, 700)))) for _ in range(dice.randrange(5))]
            line = Message(
                "PRIVMSG", texts, "bob!~b@host", {"+a": texts[0]} if texts and len(texts[0]) < 99 else {}
            ).encode()
            self.assertTrue(line.endswith(b"\r\n"), line)
            if "\ud800" not in "".join(texts):
                self.assertEqual(list(flaws(line[:-2])), [], line)

    def test_random_bytes(self) -> None:
        for seed in range(FIRST, FIRST + 3000 * TIMES):
            dice = random.Random(seed)
            data = dice.randbytes(dice.choice((0, 1, 3, 30, 600)))
            with contextlib.suppress(NoMessage):
                Message.parse(data.decode("utf-8", "replace"))


class LimitTests(ChatTestCase):
    """The limits, at the byte."""

    def test_a_line_of_512_bytes_with_its_end_is_done_and_a_longer_one_is_not(self) -> None:
        for text in ("x", "é"):
            alice = self.irc("alice" + text)
            room = LONGEST - len(b"PING :\r\n")
            fits = (text * room).encode()[: room // len(text.encode()) * len(text.encode())].decode()
            fits += "x" * (room - len(fits.encode()))
            answers = alice.asks(f"PING :{fits}\r", f"PING :{fits}x\r")
            self.assertEqual([line.split()[1] for line in answers], ["PONG", "417"])

    def test_tags_of_4094_bytes_are_taken_and_longer_ones_are_not(self) -> None:
        alice = self.irc("alice", caps="message-tags labeled-response")
        for over, answer in ((0, "PONG"), (1, "417")):
            label = "x" * (LONGEST_CLIENT_TAGS + over - len("label=;a=") - 10)
            [line] = alice.asks(f"@label={'y' * 10};a={label} PING 1")
            self.assertIn(answer, line[:80])

    def test_the_longest_tags_of_a_client_are_not_too_long_for_others(self) -> None:
        alice = self.irc("alice", "#tea", caps="message-tags")
        bob = self.irc("bob", "#tea", caps="message-tags server-time account-tag batch labeled-response")
        alice.says(f"@+a={'x' * (LONGEST_CLIENT_TAGS - 3)} PRIVMSG #tea :hi")
        [line] = bob.hears()
        self.assertEqual(list(flaws(line.encode())), [])
        self.assertIn("x" * (LONGEST_CLIENT_TAGS - 3), line)
