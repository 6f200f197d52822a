"""Who types lines of the wire for people: commands, names, text, and noise."""

from __future__ import annotations

import random

from chat.core.registry import Registry
from chat.line.commands import COMMANDS

#: Commands that hash a password, which takes a while: they are seldom typed.
SLOW = ["register", "login", "password"]
VERBS = [name for name in COMMANDS._verbs if name not in ("exit", "quit", *SLOW)]
NAMES = [
    "alice",
    "bob",
    "carol",
    "Ålice",
    "аlice",
    "dave7",
    "guest",
    "admin",
    "宮崎",
    "a" * 32,
    "9",
    "@",
    "#dev",
    "all",
]
ROOMS = ["lobby", "dev", "#dev", "DEV", "tea", "9", "a b", "x" * 65, "", "."]
WORDS = [
    "hi",
    "on",
    "off",
    "utc",
    "+05:45",
    "before",
    "since",
    "2h",
    "in",
    "from",
    "👍",
    ":+1:",
    "-",
    "ﷺ",
    "\u202e",
    "%s",
]
WORDS += [
    "{0}",
    "{}",
    "\\",
    '"',
    "'",
    "NULL",
    "*",
    '"*',
    "OR",
    "s/a/b/",
    "s/hi/ho/",
    "0",
    "1",
    "2",
    "#3",
    "999999999999999999",
]
NOISE = [
    b"\xff\xf4",
    b"\xff\xfb\x01",
    b"\xff\xfd\x03",
    b"\xff\xfa\x18\xff\xf0",
    b"\xff",
    b"\xc3\x28",
    b"\x80",
    b"\xed\xa0\x80",
]
NOISE += [
    b"\x00",
    b"\x07",
    b"\x1b[2J",
    b"\x1b]0;x\x07",
    b"\r",
    b"\r\r",
    b"\t",
    b"\x7f",
    b"\xe2\x80\xa8",
    b"\x034,5red",
    b"\x16\x03\x01",
]


class Typist:
    """Types lines of the protocol's own alphabet, of people and rooms that may be there."""

    def __init__(self, dice: random.Random, registry: Registry) -> None:
        self.dice, self.registry = dice, registry

    def line(self) -> bytes:
        """A line with its end, or with another end, or none."""
        text = self.dice.choice((self.command, self.command, self.at, self.by_id, self.text, self.text))()
        data = text.encode("utf-8", "surrogatepass")
        if self.dice.random() < 0.1:
            place = self.dice.randrange(len(data) + 1)
            data = data[:place] + self.dice.choice(NOISE) + data[place:]
        if self.dice.random() < 0.01:
            data *= self.dice.choice((10, 100, 3000))
        return data[:10_000] + self.dice.choices((b"\n", b"\r\n", b"\n\n", b"", b"\r"), (80, 10, 5, 2, 1))[0]

    def goodbye(self) -> bytes:
        """A line after which the connection ends."""
        return self.dice.choice((b"/exit", b"exit", b"@exit", b"/quit why", b"\x04", b"/exit \xff")) + b"\n"

    def command(self) -> str:
        """A command, mostly with as many words as it takes, and words that it may know."""
        name = self.dice.choice(VERBS if self.dice.random() < 0.99 else SLOW)
        verb = COMMANDS.find(name)
        words = self.dice.randrange(verb.required, verb.most + 1) + (verb._text and self.dice.randrange(3))
        if self.dice.random() < 0.2:
            return "/" + self.dice.choice([name, name.upper(), "jion", "x", "", "\0"]) + self.rest()
        if name in ("edit", "delete", "remove", "react", "reply") and self.dice.random() < 0.8:
            lines = [room.lines for room in self.registry.rooms.values()] or [0]
            return f"/{name} {max(1, self.dice.choice(lines) - self.dice.randrange(5))}{self.rest()}"
        return "/" + name + "".join(" " + self.word() for _ in range(words))

    def at(self) -> str:
        head = self.dice.choice(
            ("all", "people", "room", "help", "#" + self.room(), self.name(), f"{self.name()},{self.name()}")
        )
        return "@" + head + self.rest()

    def by_id(self) -> str:
        id = self.dice.choice(list(self.registry.ids) or ["1234567890123-0"])
        cut = self.dice.choice((len(id), 13, 22, 10, self.dice.randrange(40)))
        return id[:cut] + ":" + self.rest()

    def text(self) -> str:
        return self.dice.choice(("", " ", "//", "@@", "  ")) + self.word() + self.rest()

    def rest(self) -> str:
        return "".join(" " + self.word() for _ in range(self.dice.choice((0, 1, 1, 2, 3, 10))))

    def word(self) -> str:
        return self.dice.choice((self.name, self.room, self.some_word, self.number, self.letters))()

    def name(self) -> str:
        return self.dice.choice([*NAMES, *(user.name for user in self.registry.ids.values())])

    def room(self) -> str:
        return self.dice.choice(ROOMS)

    def some_word(self) -> str:
        return self.dice.choice(WORDS)

    def number(self) -> str:
        return str(self.dice.choice((0, 1, self.dice.randrange(50), -1, 10**9, 10**20)))

    def letters(self) -> str:
        return "".join(
            chr(self.dice.choice((self.dice.randrange(32, 127), self.dice.randrange(0xD7FF)))) for _ in range(5)
        )
