"""Help, and the way out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chat.commands import Text
from chat.line.commands import accounts, display, files, lines, people, roles, rooms, speech
from chat.line.grammar import Intent, understand
from chat.line.table import command

if TYPE_CHECKING:
    from chat.line.protocol import LineProtocol

#: In the order in which one needs them.
FAMILIES = {
    "Talk": speech,
    "Rooms": rooms,
    "People": people,
    "Lines, by their numbers": lines,
    "Files": files,
    "For the operators of a room": roles,
    "Accounts": accounts,
    "How this session shows things": display,
}


@command("help")
async def help(client: LineProtocol, name: str | None = None) -> None:
    """/help [COMMAND] -- what you can do here, or more about one thing; also @help"""
    if name is not None:
        explain(client, name)
        return
    client.notice("What you type goes to the room. /help COMMAND tells more, as in: /help join")
    width = max(len(verb.syntax) for verb in command)
    for title, family in (*FAMILIES.items(), ("Help, and the way out", None)):
        client.notice(f"-- {title} --")
        for verb in command:
            if verb.function.__module__ == (family.__name__ if family else __name__):
                client.notice(f"{verb.syntax:<{width}}  {verb.summary}")


def explain(client: LineProtocol, name: str) -> None:
    """Tell about one command, however one would type it: join, /join, @room, s/old/new/."""
    intent = understand(name)
    verb = command.find(intent.verb if isinstance(intent, Intent) else name)
    client.notice(f"{verb.syntax} -- {verb.summary}")
    for line in verb.details.splitlines():
        client.notice(line)


@command("exit", "quit")
def exit(client: LineProtocol, why: Text | None = None) -> None:
    """/exit [WHY] -- leave; also exit, @exit, or Ctrl-D"""
    client.why = why or ""
    client.bye()
