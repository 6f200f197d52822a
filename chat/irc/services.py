"""NickServ, as clients and people know it: accounts, for those whose client has no commands for them.

It is built in: what is said to it is a command, is kept nowhere, and is answered with notices.  One may write
`/msg NickServ ...`, `/ns ...` or `/nickserv ...`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chat.certificates import change
from chat.commands import Commands, Text, split
from chat.core.events import AccountChanged, Left
from chat.core.names import fold, nickname
from chat.core.refusals import BadValue, NotServerOperator, Refused
from chat.core.session import SERVER
from chat.irc.commands.accounts import log_in
from chat.irc.message import Message
from chat.irc.table import command

if TYPE_CHECKING:
    from chat.irc.protocol import IRCProtocol

NAME = "NickServ"
nickserv = Commands()
#: What the owner of an account may set, and to what: to be here without a connection, and to be so with several.
SETTINGS = {"always-on": ("true", "false"), "multiclient": ("on", "off")}
MEANING = {"on": "true", "yes": "true", "true": "on", "off": "false", "no": "false", "false": "off"}


def is_service(target: str) -> bool:
    """Whether a message to `target` is for the service."""
    return target.lower() == NAME.lower()


async def obey(client: IRCProtocol, text: str) -> None:
    """Do what somebody tells the service, and answer them alone."""
    word, rest = split(text.strip())
    try:
        verb = nickserv.find(word or "help")
        await verb.function(client, *verb.arguments(rest))  # type: ignore[misc]
    except Refused as refusal:
        says(client, str(refusal))


def says(client: IRCProtocol, text: str) -> None:
    """Answer as the service."""
    client.send(Message("NOTICE", [client.nick, text], f"{NAME}!services@{client.server}"))


@command("NICKSERV", "NS")
async def to_nickserv(client: IRCProtocol, *words: str) -> None:
    """NICKSERV <command> -- what PRIVMSG NickServ does"""
    await obey(client, " ".join(words))


@nickserv("help")
async def help(client: IRCProtocol) -> None:
    """HELP -- what NickServ can do"""
    for verb in nickserv:
        says(client, f"{verb.syntax} -- {verb.summary}")


@nickserv("register")
async def register(client: IRCProtocol, password: Text) -> None:
    """REGISTER <password> -- make an account for your nickname"""
    if client.me.account:
        raise BadValue(f"You have an account: {client.me.account}.")
    if client.factory.config.register_email:
        raise BadValue("This server wants an address it can verify.")
    client.factory.accounts.require_safe_link(client)
    account = await client.factory.accounts.register(client, client.me.author, client.me.name, password)
    await log_in(client, account.name)
    says(client, f"{account.name} is yours.")


@nickserv("identify")
async def identify(client: IRCProtocol, name_or_password: str, password: Text | None = None) -> None:
    """IDENTIFY [<account>] <password> -- show that an account is yours"""
    name = name_or_password if password else client.me.name
    client.factory.accounts.require_safe_link(client)
    account = await client.factory.accounts.prove(client, name, password or name_or_password)
    await log_in(client, account.name)
    says(client, f"You are logged in as {account.name}.")


@nickserv("password", "passwd")
async def password(client: IRCProtocol, old: str, new: str) -> None:
    """PASSWORD <old> <new> -- change the password of your account"""
    name = require_account(client)
    client.factory.accounts.require_safe_link(client)
    await client.factory.accounts.prove(client, name, old)
    await client.factory.accounts.change(client, name, new)
    says(client, "You have a new password.")


@nickserv("cert")
async def cert(client: IRCProtocol, verb: str = "list", fingerprint: str = "") -> None:
    """CERT LIST | ADD [<fingerprint>] | DEL <fingerprint> -- which certificates log you in (SASL EXTERNAL)"""
    for answer in await change(client, require_account(client), verb, fingerprint):
        says(client, answer)


@nickserv("set")
async def set_(client: IRCProtocol, setting: str, value: str) -> None:
    """SET <always-on true|false, or multiclient on|off> -- be here while you are away; be here from several clients"""
    name, setting, value = require_account(client), setting.lower(), value.lower()
    if setting not in SETTINGS:
        raise BadValue(f"There is no such setting. There are: {', '.join(SETTINGS)}.")
    value = value if value in SETTINGS[setting] else MEANING.get(value, "")
    if value not in SETTINGS[setting]:
        raise BadValue(f"That is {' or '.join(SETTINGS[setting])}.")
    await client.publish(AccountChanged(client.me.author, name, settings={setting: value}))
    for user in tuple(client.registry.ids.values()):
        if fold(user.account) == fold(name) and not (user.sessions or client.registry.stays(user)):
            client.factory.router.publish(Left(user.author), SERVER)
    says(client, f"{setting} is {value}.")


@nickserv("saregister")
async def saregister(client: IRCProtocol, name: str, password: Text) -> None:
    """SAREGISTER <account> <password> -- make an account for somebody else, as an operator of the server"""
    if not client.me.is_operator:
        raise NotServerOperator
    client.factory.accounts.require_safe_link(client)
    account = await client.factory.accounts.register(client, client.me.author, nickname(name), password)
    says(client, f"{account.name} has an account.")


def require_account(client: IRCProtocol) -> str:
    """The account of this client; BadValue for a guest."""
    if not client.me.account:
        raise BadValue("You have no account, or are not logged in to it. See HELP.")
    return client.me.account
