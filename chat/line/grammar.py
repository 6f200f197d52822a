"""What a line means: the seven rules of the line protocol, the first that fits.

A mistyped command or private message is never taken for text.  So whatever begins like an id is one, even
if it has letters that no id has; and a name may have a colon or comma behind it, as people write.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from chat.core.refusals import BadValue

#: Ten digits or more, perhaps an id behind them, then a colon: a private message by id.
BY_ID = re.compile(r"([0-9]{10,}(?:-[0-9A-Za-z-]*)?):(.*)", re.DOTALL)
#: s/old/new/, with all three marks: s/he is a word of its own, and so is s/he/they.
SUBSTITUTE = re.compile(r"s/([^/]+)/([^/]*)/")

#: What may stand behind an @ that is not somebody's name, and the command it is.
AT_WORDS = {"all": "all", "people": "people", "room": "join", "exit": "exit", "help": "help"}


class Intent(NamedTuple):
    """A command by its name, and the rest of the line for it."""

    verb: str
    rest: str = ""


def understand(line: str) -> Intent | str | None:
    """What a line, without controls, asks for: a command, or a text to be said as it is; None for a blank one.

    Raises BadValue.
    """
    if not line.strip():
        return None
    if line[0] == " ":
        return line[1:]
    if line == "exit":
        return Intent("exit")
    if line[0] == "/":
        return _slash(line)
    if line[0] == "@":
        return _at(line)
    by_id = BY_ID.match(line)
    if by_id:
        return Intent("msg", f"{by_id[1]} {by_id[2].strip()}")
    if SUBSTITUTE.fullmatch(line):
        return Intent("substitute", line)
    return line


def _slash(line: str) -> Intent | str:
    if line.startswith("//"):
        return line[1:]
    verb, _, rest = line[1:].partition(" ")
    if not verb:
        raise BadValue("Which command? /help lists them. Nothing was sent; start with a space to send it as text.")
    if verb.lower() == "say" and rest.strip():
        return rest
    return Intent(verb, rest.strip())


def _at(line: str) -> Intent | str:
    if line.startswith("@@"):
        return line[1:]
    who, _, rest = line[1:].partition(" ")
    who, rest = who.rstrip(":,"), rest.strip()
    if not who:
        raise BadValue("Whom? Like this: @bob hi. Nothing was sent; start with a space to send it as text.")
    if who.startswith("#"):
        return Intent("tell-room", f"{who[1:]} {rest}")
    if who.lower() == "room" and not rest:
        return Intent("rooms")
    if who.lower() in AT_WORDS:
        return Intent(AT_WORDS[who.lower()], rest)
    return Intent("msg", f"{who} {rest}")
