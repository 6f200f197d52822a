"""How this session shows things, help, and leaving."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chat.commands import Text
from chat.core.refusals import BadValue
from chat.line.table import command

if TYPE_CHECKING:
    from chat.line.protocol import LineProtocol

ZONE = re.compile(r"([+-])(\d{1,2})(?::?(\d\d))?")


def switch(word: str) -> bool:
    """`on` or `off`; BadValue."""
    if word.lower() not in ("on", "off"):
        raise BadValue(f'Say "on" or "off", not "{word}".')
    return word.lower() == "on"


@command("ack")
def ack(client: LineProtocol, on: str) -> None:
    """/ack on|off -- a receipt for each of your lines, when it is on disk"""
    client.acks = switch(on)
    client.notice("You get a receipt for each line." if client.acks else "No receipts.")


@command("numbers")
def numbers(client: LineProtocol, on: str) -> None:
    """/numbers on|off -- the number of each line, for /reply, /edit, /react and /delete"""
    client.set(numbers=switch(on))
    client.notice("Lines have numbers." if client.settings.numbers else "Lines have no numbers.")


@command("times")
def times(client: LineProtocol, on: str) -> None:
    """/times on|off -- the time before each line"""
    client.set(times=switch(on))
    client.notice("Lines have times." if client.settings.times else "Lines have no times.")


@command("tz")
def tz(client: LineProtocol, zone: str) -> None:
    """/tz ZONE -- show times at your place, as in: /tz +05:45; also /tz utc, /tz server"""
    client.set(zone=zone_of(zone))
    client.notice(f"Times are shown in {zone}." if client.settings.zone is not None else "Times are the server's.")


def zone_of(word: str) -> int | None:
    """Minutes east of UTC; None: the server's zone; BadValue."""
    if word.lower() in ("utc", "z"):
        return 0
    if word.lower() == "server":
        return None
    match = ZONE.fullmatch(word)
    minutes = int(match[2]) * 60 + int(match[3] or 0) if match else 24 * 60
    if match is None or minutes > 14 * 60 or int(match[3] or 0) > 59:
        raise BadValue("A time zone is like +05:45, -8, utc or server.")
    return -minutes if match[1] == "-" else minutes


@command("color", "colour")
def color(client: LineProtocol, on: str) -> None:
    """/color on|off -- names in colours"""
    client.set(color=switch(on))
    client.notice("Names have colours." if client.settings.color else "No colours.")


@command("json")
def json(client: LineProtocol, on: str) -> None:
    """/json on|off -- for programs: every line you get is one JSON object

    Events have "type" (said, told, announced, edited, removed, reacted, joined, parted, left, renamed,
    topic-changed, footfall), "id", "time", "from", and what they are about: "room", "number", "text",
    "to", "line", "quote", "name", "topic".  The server's own lines have "type" notice, refused or
    receipt, and "text".  What you send stays as it is.
    """
    client.set(json=switch(on))
    client.notice("Every line is a JSON object." if client.settings.json else "Lines are text.")


@command("tls")
def tls(client: LineProtocol) -> None:
    """/tls -- how to come here over an encrypted link"""
    client.notice("Your link is encrypted." if client.encrypted else "Your link is not encrypted.")
    if client.factory.tls_doors:
        for host, port in client.factory.tls_doors:
            client.notice(f"openssl s_client -quiet -connect {host}:{port}")
            client.notice(f"ncat --ssl {host} {port}")
            client.notice(f"socat - OPENSSL:{host}:{port}")
        client.notice("With openssl, never leave out -quiet: without it a line that begins with Q ends the session.")
    else:
        client.notice("This server has no certificate; its operator can give it one with --tls-cert and --tls-key.")


@command("help")
async def help(client: LineProtocol, name: str | None = None) -> None:
    """/help [COMMAND] -- what you can do here; also @help"""
    if name is not None:
        verb = command.find(name.lstrip("/@"))
        client.notice(f"{verb.syntax} -- {verb.summary}")
        for line in verb.details.splitlines():
            client.notice(line)
        return
    client.notice("What you type goes to the room. A line that begins with a space is always text.")
    width = max(len(verb.syntax) for verb in command)
    await client.show(client.as_notice(f"{verb.syntax:<{width}}  {verb.summary}") for verb in command)


@command("exit", "quit")
def exit(client: LineProtocol, why: Text | None = None) -> None:
    """/exit [WHY] -- leave; also exit, @exit, or Ctrl-D"""
    client.why = why or ""
    client.bye()
