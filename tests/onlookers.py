"""Somebody on each wire, and what must be true of every line that reaches them, whoever made it.

The laws are read from LINE-PROTOCOL ("Bytes", "Output classes") and the specifications of IRC, not from our code.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from chat.irc.capabilities import CAPABILITIES, TOLD
from tests.fuzz.wellformed import flaws
from tests.talk import ChatTestCase, Person

#: What drives a terminal, or ends a line on one: C0, DEL, C1, and the separators of Unicode.
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
#: The colours that `/color on` may use.
PAINT = re.compile("\x1b\\[(?:0|2|3[1-6]|9[124-6])m")
CLASSES = ("[", "* ", "! ", "+ ", "? ")
EMBEDDINGS, ISOLATES = "\u202a\u202b\u202d\u202e", "\u2066\u2067\u2068"


def leaves_open(text: str) -> bool:
    """Whether a text changes the direction of what stands behind it (UAX 9: X6a, X7)."""
    open_: list[str] = []
    for letter in text:
        if letter in EMBEDDINGS:
            open_.append("\u202c")
        elif letter in ISOLATES:
            open_.append("\u2069")
        elif letter == "\u202c" and open_[-1:] == ["\u202c"]:
            open_.pop()
        elif letter == "\u2069" and "\u2069" in open_:
            while open_.pop() != "\u2069":
                pass
    return bool(open_)


class Onlooker:
    """Somebody who reads along."""

    #: Whether it is a person's wire, to which no control passes from anywhere.
    human = True

    def __init__(self, test: ChatTestCase, name: str) -> None:
        self.name = name
        self.person = self.comes(test)
        self.raw()

    def comes(self, test: ChatTestCase) -> Person:
        return test.person(self.name, "tea")

    def raw(self) -> bytes:
        """All that has come."""
        data: bytes = self.person.transport.value()
        self.person.transport.clear()
        return data

    def lines(self) -> list[bytes]:
        data = self.raw()
        assert not data or data.endswith(b"\n"), data
        return data.split(b"\n")[:-1]

    def wrong(self, line: bytes) -> Iterator[str]:
        """What is wrong with a line, in words."""
        text = line.decode()
        if CONTROL.search(text):
            yield "a control"
        if leaves_open(text):
            yield "an open direction"
        if not text.startswith(CLASSES):
            yield "no class of output"

    def asks(self) -> bytes:
        """Look at all that is known and was said."""
        return b"/history 500\n/search a\n/people\n/people tea\n/rooms\n/unread\n/seen eve\n/ban\n/mute\n/topic\n"


class Telnet(Onlooker):
    """With telnet: lines end with CR LF."""

    def comes(self, test: ChatTestCase) -> Person:
        person = super().comes(test)
        person.types(b"\xff\xfb\x01")
        return person

    def wrong(self, line: bytes) -> Iterator[str]:
        if not line.endswith(b"\r"):
            yield "no CR at its end"
        yield from super().wrong(line[:-1])


class Painted(Onlooker):
    """With colours."""

    def comes(self, test: ChatTestCase) -> Person:
        person = super().comes(test)
        person.says("/color on")
        return person

    def wrong(self, line: bytes) -> Iterator[str]:
        return super().wrong(PAINT.sub("", line.decode()).encode())


class Program(Onlooker):
    """A bot that reads JSON."""

    def comes(self, test: ChatTestCase) -> Person:
        person = super().comes(test)
        person.says("/json on")
        return person

    def wrong(self, line: bytes) -> Iterator[str]:
        if CONTROL.search(line.decode()):
            yield "a control"
        yield from self.inside(json.loads(line))

    def inside(self, value: Any) -> Iterator[str]:
        """What is wrong with the texts of a value; its own breaks of lines are for programs to see."""
        if isinstance(value, str):
            if CONTROL.search(value.replace("\n", "")):
                yield f"a control in {value!r}"
            if any(leaves_open(line) for line in value.split("\n")):
                yield f"an open direction in {value!r}"
        elif isinstance(value, dict):
            for part in (*value, *value.values()):
                yield from self.inside(part)
        elif isinstance(value, list):
            for part in value:
                yield from self.inside(part)


class Client(Onlooker):
    """An IRC client."""

    human = False
    caps = ""

    def comes(self, test: ChatTestCase) -> Person:
        person = test.irc(self.name, "#tea", caps=self.caps)
        person.says(f"MODE {self.name} +w", "METADATA * SUB url")
        return person

    def wrong(self, line: bytes) -> Iterator[str]:
        if not line.endswith(b"\r"):
            yield "no CR at its end"
        yield from flaws(line[:-1])

    def asks(self) -> bytes:
        return (
            b"CHATHISTORY LATEST #tea * 100\r\nWHO #tea\r\nWHO #tea %tcuihsnfdlaor,1\r\nWHOIS eve\r\nWHOWAS *\r\n"
            b"LIST\r\nNAMES #tea\r\nTOPIC #tea\r\nMODE #tea\r\nMODE #tea beI\r\nMETADATA eve LIST\r\n"
            b"METADATA #tea LIST\r\nUSERHOST eve\r\nMONITOR + eve\r\nPRIVMSG *playback :play *\r\n"
        )


class Knowing(Client):
    """An IRC client with every capability."""

    caps = " ".join(sorted(CAPABILITIES.keys() - TOLD))


def onlookers(test: ChatTestCase, mark: str = "") -> list[Onlooker]:
    """One on each wire."""
    kinds = {"pam": Onlooker, "ted": Telnet, "pia": Painted, "bot": Program, "ivy": Client, "ike": Knowing}
    return [kind(test, name + mark) for name, kind in kinds.items()]
