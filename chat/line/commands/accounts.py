"""Accounts: a name that is yours, and a password that proves it."""

from __future__ import annotations

from collections.abc import Awaitable
from functools import partial
from typing import TYPE_CHECKING

from chat.certificates import change, opened
from chat.core.events import LoggedIn, Renamed
from chat.core.names import fold
from chat.core.refusals import AccountExists, BadValue
from chat.line.commands.people import span
from chat.line.presence import free_guest_name, join_session, session_of
from chat.line.question import Question, Then
from chat.line.table import command

if TYPE_CHECKING:
    from chat.line.protocol import LineProtocol


@command("register")
def register(client: LineProtocol) -> None:
    """/register -- make your name yours, with a password

    With an account your name is kept for you, people can write to you while you are away, and the rooms
    you make stay yours.  The password is asked for.
    """
    name = client.me.name
    if client.me.account:
        raise BadValue(f"You have an account: {client.me.account}. /password changes its password.")
    if name.startswith("guest-"):
        raise BadValue("Choose a name first: /nick NAME")
    if fold(name) in client.registry.accounts:
        raise AccountExists(name)
    client.factory.accounts.require_safe_link(client)
    twice(client, f"A password for {name}:", partial(make, client, name))


async def make(client: LineProtocol, name: str, password: str) -> None:
    """Make the account and log in to it."""
    account = await client.factory.accounts.register(client, client.me.author, name, password)
    await client.publish(LoggedIn(client.me.author, account.name))
    client.notice(f"{account.name} is yours. Sign in with this name and password from anywhere.")


@command("login")
def login(client: LineProtocol, name: str) -> Awaitable[None] | None:
    """/login NAME -- be the owner of an account; the password is asked for

    It is not if you came over TLS with a certificate that opens the account: /certificate adds yours to it.
    """
    if client.me.account:
        raise BadValue(f"You are logged in as {client.me.account}. First: /logout")
    account = opened(client)
    if account is not None and fold(name) == account.key:
        return log_in(client, account.name)
    client.factory.accounts.require_safe_link(client)
    client.question = Question(client, f"The password of {name}:", partial(prove, client, name))
    return None


async def prove(client: LineProtocol, name: str, password: str) -> None:
    """Log in with a password."""
    await log_in(client, (await client.factory.accounts.prove(client, name, password)).name)


async def log_in(client: LineProtocol, account: str) -> None:
    """Be the owner of an account: take its name, or join who is here already as its owner."""
    other = session_of(client, account)
    if other is not None:
        client.detach(f"is {other.name}")
        await join_session(client, other)
        return
    await client.publish(LoggedIn(client.me.author, account))
    if client.me.name != account and client.registry.holder(account) in (None, client.me):
        await client.publish(Renamed(client.me.author, account))
    client.notice(f"You are logged in as {account}.")


@command("logout")
async def logout(client: LineProtocol) -> None:
    """/logout -- be a guest again, in all your sessions"""
    account = require_account(client)
    await client.publish(LoggedIn(client.me.author, ""))
    if fold(client.me.name) == fold(account):
        await client.publish(Renamed(client.me.author, free_guest_name(client, client.me.id)))
    client.notice(f"You are logged out. You are {client.me.name} now.")


@command("password")
def password(client: LineProtocol) -> None:
    """/password -- change the password of your account

    You are asked for the old one and the new one.
    """
    account = require_account(client)
    client.factory.accounts.require_safe_link(client)
    client.question = Question(client, "Your password now:", partial(check_old, client, account))


async def check_old(client: LineProtocol, account: str, old: str) -> None:
    await client.factory.accounts.prove(client, account, old)
    twice(client, "The new password:", partial(replace, client, account))


async def replace(client: LineProtocol, account: str, new: str) -> None:
    await client.factory.accounts.change(client, account, new)
    client.notice("You have a new password.")


@command("certificate")
async def certificate(client: LineProtocol, verb: str = "list", fingerprint: str = "") -> None:
    """/certificate [add] -- which certificates open your account

    They are for TLS: openssl s_client -quiet -cert FILE -key FILE. /certificate alone lists their fingerprints,
    /certificate add adds the one that you came with, /certificate add FINGERPRINT any other,
    /certificate del FINGERPRINT drops one.
    """
    for answer in await change(client, require_account(client), verb, fingerprint):
        client.notice(answer)


@command("sessions")
def sessions(client: LineProtocol) -> None:
    """/sessions -- from where you are here, in how many windows"""
    for session in client.me.sessions:
        each: LineProtocol = session  # type: ignore[assignment]
        facts = [f"from {each.address or 'here'}", "encrypted" if each.encrypted else "not encrypted"]
        idle = client.factory.now() - each.active
        facts.append(f"idle {span(idle)}" if idle >= 60_000 else "active")
        client.notice(", ".join(facts) + (" (this one)" if each is client else ""))


def require_account(client: LineProtocol) -> str:
    """The account of this session; BadValue for a guest."""
    if not client.me.account:
        raise BadValue("You have no account. /register makes one, /login NAME takes you to one.")
    return client.me.account


def twice(client: LineProtocol, text: str, then: Then) -> None:
    """Ask for a new secret, and once more where one does not see what one types."""

    async def again(first: str) -> None:
        if not asked.hidden:
            await then(first)
            return

        async def compare(second: str) -> None:
            if first != second:
                raise BadValue("These two are not the same. Nothing was changed.")
            await then(first)

        client.question = Question(client, "Once more:", compare)

    asked = client.question = Question(client, text, again)
