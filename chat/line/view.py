"""How one session sees the chat: what its user has set, and which room it looks at."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from functools import lru_cache
from zlib import crc32

from chat.core.events import Event
from chat.core.names import fold
from chat.core.registry import Author
from chat.line import phrases
from chat.line.jsonlines import form
from chat.line.text import shown

MESSAGE, NOTICE, REFUSED, RECEIPT, QUESTION = "[", "* ", "! ", "+ ", "? "
CLASSES = {NOTICE: "notice", REFUSED: "refused", RECEIPT: "receipt", QUESTION: "question"}

#: ANSI colours that can be read on black and on white.
COLOURS = (31, 32, 33, 34, 35, 36, 91, 92, 94, 95, 96)
DIM = 2


@lru_cache(4096)
def clock(minute: int, zone: int | None) -> str:
    """HH:MM of a minute since 1970, `zone` minutes east of UTC; None: where the server is."""
    at = time.localtime(minute * 60) if zone is None else time.gmtime((minute + zone) * 60)
    return f"{at.tm_hour:02}:{at.tm_min:02}"


@lru_cache(4096)
def day(minute: int, zone: int | None) -> str:
    """The day of a minute since 1970, like Thursday 19 November 2026."""
    at = time.localtime(minute * 60) if zone is None else time.gmtime((minute + zone) * 60)
    return f"{time.strftime('%A', at)} {at.tm_mday} {time.strftime('%B %Y', at)}"


def same_person(one: Author, other: Author) -> bool:
    """Whether two authors are one person; whoever is not here is known by name alone and has an empty identity."""
    return fold(one.name) == fold(other.name) or one.id == other.id != ""


@dataclass(frozen=True)
class Settings:
    """What a person has set for this session.  `zone`: minutes east of UTC; `ignored`: people by name and identity."""

    times: bool = True
    numbers: bool = False
    color: bool = False
    json: bool = False
    zone: int | None = None
    ignored: frozenset[Author] = frozenset()
    newline: str = "\n"

    def ignores(self, who: Author) -> bool:
        """Whether this session sees nothing of `who`, under their name or, if they took another, their identity."""
        return any(same_person(each, who) for each in self.ignored)


@dataclass(frozen=True)
class View:
    """How a session sees one room (`current` or another one), or what is said to it alone.

    `you` is its identity, `account` the account of whoever it is, which had other identities before.
    """

    settings: Settings
    current: bool = False
    you: str = ""
    account: str = ""

    def is_you(self, who: Author) -> bool:
        """Whether it is whoever looks."""
        return who.id == self.you != "" or fold(who.account) == fold(self.account) != ""

    def render(self, event: Event) -> bytes:
        """An event as a line for this session; empty when there is nothing to see."""
        if self.settings.ignored and self.settings.ignores(event.by):
            return b""
        if self.settings.json:
            return self._encode(json.dumps(form(event), ensure_ascii=False))
        phrase = phrases.PHRASES.get(type(event))
        text = phrase(event, self) if phrase else None
        return self._encode(text.replace("\n", self.settings.newline)) if text else b""

    def line(self, kind: str, text: str, **details: object) -> bytes:
        """A line of the server's own, of one of the classes above; it may repeat what somebody wrote."""
        text = shown(text)
        if self.settings.json:
            return self._encode(json.dumps({"type": CLASSES[kind], "text": text, **details}, ensure_ascii=False))
        text = text.replace("\n", " ")
        return self._encode(self.paint(kind + text, DIM) if kind == NOTICE else kind + text)

    def _encode(self, text: str) -> bytes:
        return (text + self.settings.newline).encode()

    # -- for phrases

    def message(self, event: Event, label: str, text: str | None = None, number: int = 0) -> str:
        """`[12:04] bob: hi`, or without times `[bob] hi`; without a text, only the label."""
        count = f"{number} " if number and self.settings.numbers else ""
        if not self.settings.times:
            return f"[{count}{label}]" if text is None else f"[{count}{label}] {text}"
        head = f"[{count}{clock(event.time // 60_000, self.settings.zone)}] {label}"
        return head if text is None else f"{head}: {text}"

    def notice(self, text: str) -> str:
        """`* text`, for something that happened."""
        return self.paint(NOTICE + shown(text), DIM)

    def name(self, name: str) -> str:
        """A name in its own colour, if colours are on."""
        return self.paint(name, COLOURS[crc32(fold(name).encode()) % len(COLOURS)])

    def paint(self, text: str, colour: int) -> str:
        return f"\x1b[{colour}m{text}\x1b[0m" if self.settings.color else text

    def where(self, room: str) -> str:
        """`#dev ` in front of what happens in another room than the one that is looked at."""
        return "" if self.current else f"#{room} "
