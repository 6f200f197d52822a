"""The command lines of `twisted-chat join` and `twisted-chat window`."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

from chat.clients.address import Address, BadAddress, parse

WHERE = """\
HOST is a name or an address. Without a PORT it is 6697, with TLS; on this machine it is 5050, without. What leaves this
machine is encrypted and the certificate verified, unless you say --insecure. Without HOST you are asked, or it is
this machine, where a server is started if there is none.
"""


@dataclass(frozen=True)
class Options:
    """What somebody wants: where to, as whom, into which rooms.  Without an address it is not said where to."""

    address: Address | None
    nick: str
    account: str
    rooms: tuple[str, ...]
    asks_password: bool
    plain: bool
    password: str = ""
    trust: str = ""


def parser(part: str, about: str) -> argparse.ArgumentParser:
    """The parser of a part that joins a chat."""
    made = argparse.ArgumentParser(f"twisted-chat {part}", description=about, epilog=WHERE)
    made.add_argument("address", nargs="?", metavar="HOST[:PORT]", help="the server to join")
    made.add_argument("--nick", metavar="NAME", default="", help="what to be called")
    made.add_argument("--account", metavar="NAME", default="", help="the account to log in to, if not that of the nick")
    made.add_argument("--password", action="store_true", help="log in: ask for the password of the account")
    made.add_argument("--password-file", metavar="FILE", default="", help="log in: the password is its first line")
    made.add_argument("--trust", metavar="SHA256", default="", help="believe the certificate with this fingerprint")
    made.add_argument("--room", action="append", metavar="ROOM", default=[], help="a room to go into; again and again")
    secure = made.add_mutually_exclusive_group()
    secure.add_argument("--tls", action="store_true", help="TLS on this machine, too")
    secure.add_argument("--insecure", action="store_true", help="no TLS: whoever is on the way can read everything")
    return made


def options(part: str, about: str, words: Sequence[str]) -> Options:
    """What a command line says; SystemExit with a sentence if it says nothing that can be done."""
    made = parser(part, about)
    if part == "join":
        made.add_argument("--plain", action="store_true", help="lines in, lines out: for pipes and bare systems")
    given = made.parse_args(words)
    tls = True if given.tls else False if given.insecure else None
    try:
        address = parse(given.address, tls) if given.address else None
    except BadAddress as bad:
        made.error(str(bad))
    rooms = tuple(room if room[:1] in "#&" else "#" + room for room in given.room) or ("#lobby",)
    password = ""
    if given.password_file:
        try:
            with open(given.password_file, encoding="utf-8") as file:
                password = file.readline().rstrip("\r\n")
        except (OSError, UnicodeError) as error:
            made.error(f"{given.password_file} cannot be read: {getattr(error, 'strerror', '') or 'it is no text'}.")
    asks = not password and (given.password or bool(given.account))
    plain = getattr(given, "plain", False)
    return Options(address, given.nick, given.account, rooms, asks, plain, password, given.trust)
