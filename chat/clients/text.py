"""Texts as they may be shown: without codes that drive a terminal, turn the writing round, or colour it."""

from __future__ import annotations

import re
from collections.abc import Iterator

#: Formatting of IRC clients (https://modern.ircdocs.horse/formatting): colours with their numbers, then the rest.
FORMATTING = re.compile("\x03(?:[0-9]{1,2}(?:,[0-9]{1,2})?)?|\x04(?:[0-9A-Fa-f]{6}(?:,[0-9A-Fa-f]{6})?)?")
#: Controls but for the line break; what turns the direction of writing; what breaks lines elsewhere.
CONTROLS = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
#: Bytes of text in one line of IRC, so that it fits behind most sources and targets.
PIECE = 350


def clean(text: str) -> str:
    """A text as it may be shown; it may have line breaks."""
    return CONTROLS.sub("", FORMATTING.sub("", text)).replace("\t", " ")


def pieces(line: str, most: int = PIECE) -> Iterator[str]:
    """A line cut into pieces of at most `most` bytes, behind a blank if one is near."""
    while len(line.encode()) > most:
        cut = len(line.encode()[:most].decode(errors="ignore"))
        cut = line.rfind(" ", cut // 2, cut) + 1 or cut
        yield line[:cut]
        line = line[cut:]
    yield line


def mentions(text: str, nick: str) -> bool:
    """Whether a text has a name in it, as a word."""
    return bool(nick) and re.search(rf"(?<![\w-]){re.escape(nick)}(?![\w-])", text, re.IGNORECASE) is not None


def parts(text: str, multiline: bool, limits: tuple[int, int]) -> list[str]:
    """A text as the messages it takes: as few as the limits allow, in lines and bytes, or one for each of its lines."""
    lines = [line.rstrip("\r") for line in text.strip("\r\n").split("\n")]
    if not multiline:
        return [piece for line in lines if line.strip() for piece in pieces(line)]
    most_lines, most_bytes = limits
    found: list[str] = []
    part: list[str] = []
    size = count = 0
    for line in (piece for whole in lines for piece in pieces(whole, most_bytes)):
        length, needs = len(line.encode()) + 1, sum(1 for _ in pieces(line))
        if part and (count + needs > most_lines or size + length > most_bytes):
            found.append("\n".join(part))
            part, size, count = [], 0, 0
        part.append(line)
        size, count = size + length, count + needs
    return [each for each in [*found, "\n".join(part)] if each.strip()]
