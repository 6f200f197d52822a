"""What an operator may ask of the chat, in the daemon or on the file alone: the code of a command cannot tell which.

A command is a function of the chat.  Its signature is its syntax, its docstring is its help: the first line says what
it does.  A parameter of the kind `Secret` is asked for, not typed in the command line; `Words` is the rest of the line;
`File` is a path.  It returns a sentence, or the rows of a table: dicts with the same keys, of what JSON knows.  Times
are in ISO 8601, spans in seconds.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, NewType

from chat.core.bans import target_of
from chat.core.events import AccountChanged, AccountRegistered, AccountShut, BanLifted, BanPlaced, Left, RoomGiven
from chat.core.names import fold
from chat.core.refusals import BadValue
from chat.core.user import CONSOLE

if TYPE_CHECKING:
    from chat.factory import ChatFactory

Secret = NewType("Secret", str)
Words = NewType("Words", str)
File = NewType("File", str)

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Command:
    """A command: its words, what does it, and what is said where its table is empty."""

    name: str
    function: Callable[..., Awaitable[Any]]
    nothing: str

    @property
    def help(self) -> str:
        return inspect.getdoc(self.function) or ""

    @property
    def summary(self) -> str:
        return self.help.partition("\n")[0]

    @property
    def parameters(self) -> list[inspect.Parameter]:
        """All but the chat itself; their annotations are names."""
        return list(inspect.signature(self.function).parameters.values())[1:]


COMMANDS: dict[str, Command] = {}


def command(name: str, nothing: str = "") -> Callable[[Callable[..., Awaitable[Any]]], Callable[..., Awaitable[Any]]]:
    """Decorate the function that does `name`."""

    def register(function: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        COMMANDS[name] = Command(name, function, nothing)
        return function

    return register


async def answer(chat: ChatFactory, name: str, arguments: Mapping[str, str]) -> Any:
    """Do a command; Refused, also if there is no such command or its arguments are not what it takes."""
    found = COMMANDS.get(name)
    if found is None:
        raise BadValue(f'There is no command "{name}".')
    known = {parameter.name for parameter in found.parameters}
    needed = {parameter.name for parameter in found.parameters if parameter.default is parameter.empty}
    if not needed <= arguments.keys() <= known or not all(isinstance(each, str) for each in arguments.values()):
        raise BadValue(f'"{name}" takes {", ".join(sorted(known)) or "nothing"}.')
    return await found.function(chat, **arguments)


# -- accounts


@command("account add")
async def add_account(chat: ChatFactory, name: str, password: Secret) -> str:
    """make an account

    The password is asked for twice, or read from standard input when that is no terminal.
    """
    name = chat.nickname(name)
    chat.accounts.require_good(password)
    await chat.publish(AccountRegistered(CONSOLE, name, *await chat.passwords.derive(password)))
    return f"{name} has an account now."


@command("account password")
async def set_password(chat: ChatFactory, name: str, password: Secret) -> str:
    """give an account a new password

    The password is asked for twice, or read from standard input when that is no terminal.  Who is here as its owner
    stays; a closed account is open again.
    """
    account = chat.registry.account(name)
    chat.accounts.require_good(password)
    await chat.publish(AccountChanged(CONSOLE, account.name, *await chat.passwords.derive(password)))
    return f"{account.name} has a new password."


@command("account close")
async def close_account(chat: ChatFactory, name: str) -> str:
    """let nobody sign in to an account any more

    Its password and its certificates are forgotten; who is here as its owner has to go.  The name stays taken, since
    whoever got it next would inherit rooms and private messages.  "account password" opens the account again.
    """
    account = chat.registry.account(name)
    await chat.publish(AccountShut(CONSOLE, account.name))
    await leave_absent(chat, lambda author: fold(author.account) == account.key, "Account closed")
    return f"The account {account.name} is closed."


@command("account list", nothing="There are no accounts.")
async def list_accounts(chat: ChatFactory) -> Rows:
    """list the accounts

    With what opens them: a password, a certificate, or nothing, when they are closed.
    """
    here = {fold(user.account) for user in chat.registry.ids.values()}
    return [
        {
            "name": account.name,
            "created": iso(account.created),
            "here": account.key in here,
            "opens_with": "+".join(
                [*(["password"] if account.password else []), *(["certificate"] if account.certificates else [])]
            ),
        }
        for _, account in sorted(chat.registry.accounts.items())
    ]


# -- who and what is here


@command("rooms", nothing="There are no rooms.")
async def list_rooms(chat: ChatFactory) -> Rows:
    """list the rooms"""
    return [
        {
            "name": room.name,
            "people": len(room.members),
            "lines": room.lines,
            "founder": chat.registry.account(room.founder).name if room.founder else "",
            "topic": room.topic.text if room.topic else "",
        }
        for _, room in sorted(chat.registry.rooms.items())
    ]


@command("sessions", nothing="Nobody is connected.")
async def list_sessions(chat: ChatFactory) -> Rows:
    """list who is connected, and from where

    Who has no name has not signed in yet.
    """
    now = chat.now()
    return [
        {
            "name": each.user.name if each.user else "",
            "account": each.user.account if each.user else "",
            "wire": each.wire,
            "address": each.address or str(peer[0]),
            "tls": each.encrypted,
            "since": iso(each.came),
            "idle": (now - max(each.active, each.came)) // 1000,
        }
        for each, peer in chat.connections.items()
    ]


@command("room op")
async def give_room(chat: ChatFactory, room: str, account: str) -> str:
    """make an account an operator of a room, for good"""
    found, owner = chat.registry.room(room.removeprefix("#")), chat.registry.account(account)
    await chat.publish(RoomGiven(CONSOLE, found.name, owner.name))
    return f"{owner.name} is an operator of {found.name}."


# -- bans


@command("ban")
async def ban(chat: ChatFactory, target: str, why: Words = Words("")) -> str:
    """ban somebody from the whole server

    TARGET is a name, which bans the account of that name too, or an address such as 192.0.2.7, or a network such as
    192.0.2.0/24 or 2001:db8::/48.  Who is here has to go, and is told WHY.  It lasts until "unban".
    """
    target = target_of(target)
    before = len(chat.registry.ids)
    placed = BanPlaced(CONSOLE, target, why)
    await chat.publish(placed)
    bans = chat.registry.bans
    await leave_absent(chat, lambda author: bans.on(author) is not None, "Banned from this server")
    gone = before - len(chat.registry.ids)
    who = {0: "Nobody", 1: "1 person"}.get(gone, f"{gone:,} people")
    return f"{target} is banned. {who} had to go."


@command("unban")
async def unban(chat: ChatFactory, target: str) -> str:
    """lift a ban"""
    target = target_of(target)
    await chat.publish(BanLifted(CONSOLE, target))
    return f"{target} is no longer banned."


@command("bans", nothing="Nobody is banned.")
async def list_bans(chat: ChatFactory) -> Rows:
    """list who is banned"""
    bans = sorted(chat.registry.bans.items())
    return [{"banned": each.target, "since": iso(each.time), "why": each.why} for _, each in bans]


# -- the file


@command("backup")
async def backup(chat: ChatFactory, file: File) -> str:
    """copy the database to a new file

    The chat goes on meanwhile.  Every line that anybody was shown by now is in it.  To go back to it, stop the daemon,
    put FILE in the place of the database, and start the daemon again.
    """
    size = await chat.history.back_up(file)
    return f"Backup in {file}, {size:,} bytes."


async def leave_absent(chat: ChatFactory, goes: Callable[[Any], bool], why: str) -> None:
    """Those who are kept here without a connection go, too."""
    for user in [user for user in chat.registry.ids.values() if not user.sessions and goes(user.author)]:
        await chat.publish(Left(user.author, why))


def iso(time: int) -> str:
    """A time in ms since 1970: `2026-11-20T12:00:00Z`; nothing for one that is not known."""
    return f"{datetime.fromtimestamp(time // 1000, timezone.utc):%Y-%m-%dT%H:%M:%SZ}" if time else ""
