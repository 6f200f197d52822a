"""How this session shows things."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chat.core.refusals import BadValue
from chat.line.table import command

if TYPE_CHECKING:
    from chat.line.protocol import LineProtocol

ZONE = re.compile(r"([+-])([0-9]{1,2})(?::?([0-9]{2}))?")


def switch(word: str) -> bool:
    """`on` or `off`; BadValue."""
    if word.lower() not in ("on", "off"):
        raise BadValue(f'Say "on" or "off", not "{word}".')
    return word.lower() == "on"


@command("ack")
def ack(client: LineProtocol, on: str) -> None:
    """/ack on|off -- a receipt for each of your lines that is on disk"""
    client.acks = switch(on)
    client.notice("You get a receipt for each line." if client.acks else "No receipts.")


@command("numbers")
def numbers(client: LineProtocol, on: str) -> None:
    """/numbers on|off -- line numbers, for /reply, /react, /edit and /delete"""
    client.set(numbers=switch(on))
    client.notice("Lines have numbers." if client.settings.numbers else "Lines have no numbers.")


@command("times")
def times(client: LineProtocol, on: str) -> None:
    """/times on|off -- the time before each line"""
    client.set(times=switch(on))
    client.notice("Lines have times." if client.settings.times else "Lines have no times.")


@command("tz")
def tz(client: LineProtocol, zone: str) -> None:
    """/tz ZONE -- show times at your place, as in: /tz +05:45

    Hours and minutes east of Greenwich; also /tz utc, and /tz server for the times of the server.
    """
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
    """/json on|off -- for programs: every line you get is a JSON object

    Events have "type" (said, told, announced, edited, removed, reacted, joined, parted, left,
    renamed, topic-changed, mode-changed, kicked, invited, away-changed, footfall), "id", "time", "from",
    and what they are about: "room", "number", "text", "to", "line", "quote", "name", "topic", "why",
    "who", "modes".  The server's own lines have "type" notice, refused, receipt or question, and "text".
    What you send stays as it is.
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
