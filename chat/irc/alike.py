"""Numerics as bytes: those that every client is sent alike, but for its name, are made once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from chat.core.moment import iso
from chat.irc.message import LONGEST, Message
from chat.irc.numerics import Numeric

if TYPE_CHECKING:
    from chat.irc.protocol import IRCProtocol

#: A numeric with its parameters behind the name.
Reply = tuple[Numeric, Sequence[str]]
#: What stands for the time and for the name: bytes that are in no line.
TIME, NICK = b"\r\r", b"\0"


def tell_alike(client: IRCProtocol, said: Callable[..., Iterable[Reply]], *facts: Hashable) -> None:
    """Send a client what `said` makes of `facts`, and of nothing else."""
    if client.label:  # lines with a label are gone through once more before they leave
        for numeric, params in said(*facts):
            client.numeric(numeric, *params)
        return
    nick = client.nick.encode()
    lines = _lines(client.server, len(nick), said, facts)
    client.outlet.write(lines.replace(TIME, time_tag(client)).replace(NICK, nick))


@lru_cache(256)
def _lines(server: str, width: int, said: Callable[..., Iterable[Reply]], facts: tuple[Hashable, ...]) -> bytes:
    """The lines with marks for the time and for a name of `width` bytes: a line that is too long for it is cut."""
    lines = []
    for numeric, params in said(*facts):
        head = f":{server} {numeric.code} ".encode()
        text = (numeric.text,) if numeric.text else ()
        line = Message(numeric.code, ["x" * width, *params, *text], server).encode()
        lines += [TIME, head, NICK, line[len(head) + width :]]
    return b"".join(lines)


def time_tag(client: IRCProtocol) -> bytes:
    """The time, as it stands before a line for a client that wants to be told it."""
    return f"@time={iso(client.factory.now())} ".encode() if "server-time" in client.caps else b""


def plain_line(source: str, command: str, words: Sequence[str]) -> bytes | None:
    """The line `Message.encode` makes of this, in fewer steps; None where the words need more care."""
    *others, last = words
    together = "".join(others)
    if " " in together or ":" in together or "" in others:
        return None
    colon = ":" if not last or " " in last or last[0] == ":" else ""
    line = " ".join((f":{source}", command, *others, colon + last))
    if len(line) > LONGEST - 2 or not (line.isascii() and line.isprintable()):
        return None
    return f"{line}\r\n".encode()
