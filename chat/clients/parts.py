"""The parts of `twisted-chat` that join a chat: each finds the face that was asked for."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Sequence
from dataclasses import replace

from chat.clients.local import HERE, NoServer, find
from chat.clients.options import Options, options
from chat.clients.remembered import Remembered, directory
from chat.clients.terminal import hindrance

#: Where the faces are, and what they need besides.
TERMINAL, WINDOW, PLAIN = "chat.clients.terminal", "chat.clients.window", "chat.clients.plain"


def join(words: Sequence[str]) -> int:
    """In the terminal: `twisted-chat join`.  The status to exit with."""
    wanted = options("join", "Join a chat in the terminal.", words)
    if not wanted.plain and (why_not := hindrance()):
        return missing(why_not)
    if wanted.address is None:
        try:
            wanted = at_home(wanted)
        except NoServer as problem:
            return missing(str(problem))
    return start(PLAIN if wanted.plain else TERMINAL, wanted)


def window(words: Sequence[str]) -> int:
    """In a window: `twisted-chat window`.  The status to exit with."""
    wanted = options("window", "Join a chat in a window.", words)
    if importlib.util.find_spec(WINDOW) is None:
        return missing("The client in a window is not part of this version. `twisted-chat join --plain` is.")
    return start(WINDOW, wanted)


def at_home(wanted: Options) -> Options:
    """Nobody said where: on this machine, unless the person was elsewhere the last time and can be asked.  NoServer."""
    last = Remembered().get("server")
    if not wanted.plain and last and last != str(HERE):
        return wanted
    told = find(directory())
    if told:
        print(told, file=sys.stderr)
    return replace(wanted, address=HERE)


def start(face: str, wanted: object) -> int:
    """Run the function `main` of a face with the options; the status to exit with."""
    return int(importlib.import_module(face).main(wanted) or 0)


def missing(why: str) -> int:
    """Say why not; the status to exit with."""
    print(why, file=sys.stderr)
    return 1
