"""NickServ: accounts, for those whose client has no commands for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chat.certificates import change
from chat.commands import Text
from chat.core.events import AccountChanged, Left
from chat.core.names import fold
from chat.core.refusals import BadValue, NotServerOperator
from chat.core.session import SERVER
from chat.irc.commands.accounts import log_in
from chat.irc.service import Service
from chat.irc.table import command

if TYPE_CHECKING:
    from chat.irc.protocol import IRCProtocol

nickserv = Service("NickServ")
#: What the owner of an account may set, and to what: to be here without a connection, and to be so with several.
SETTINGS = {"always-on": ("true", "false"), "multiclient": ("on", "off")}
MEANING = {"on": "true", "yes": "true", "true": "on", "off": "false", "no": "false", "false": "off"}


@command("NICKSERV", "NS")
async def to_nickserv(client: IRCProtocol, *words: str) -> None:
    """NICKSERV <command> -- what PRIVMSG NickServ does"""
    await nickserv.obey(client, " ".join(words))


@nickserv("help")
async def help(client: IRCProtocol) -> None:
    """HELP -- what NickServ can do"""
    nickserv.helps(client)


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
    nickserv.says(client, f"{account.name} is yours.")


@nickserv("identify")
async def identify(client: IRCProtocol, name_or_password: str, password: Text | None = None) -> None:
    """IDENTIFY [<account>] <password> -- show that an account is yours"""
    name = name_or_password if password else client.me.name
    client.factory.accounts.require_safe_link(client)
    account = await client.factory.accounts.prove(client, name, password or name_or_password)
    await log_in(client, account.name)
    nickserv.says(client, f"You are logged in as {account.name}.")


@nickserv("password", "passwd")
async def password(client: IRCProtocol, old: str, new: str) -> None:
    """PASSWORD <old> <new> -- change the password of your account"""
    name = require_account(client)
    client.factory.accounts.require_safe_link(client)
    await client.factory.accounts.prove(client, name, old)
    await client.factory.accounts.change(client, name, new)
    nickserv.says(client, "You have a new password.")


@nickserv("cert")
async def cert(client: IRCProtocol, verb: str = "list", fingerprint: str = "") -> None:
    """CERT LIST | ADD [<fingerprint>] | DEL <fingerprint> -- which certificates log you in (SASL EXTERNAL)"""
    for answer in await change(client, require_account(client), verb, fingerprint):
        nickserv.says(client, answer)


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
    nickserv.says(client, f"{setting} is {value}.")


@nickserv("saregister")
async def saregister(client: IRCProtocol, name: str, password: Text) -> None:
    """SAREGISTER <account> <password> -- make an account for somebody else, as an operator of the server"""
    if not client.me.is_operator:
        raise NotServerOperator
    client.factory.accounts.require_safe_link(client)
    account = await client.factory.accounts.register(client, client.me.author, client.factory.nickname(name), password)
    nickserv.says(client, f"{account.name} has an account.")


def require_account(client: IRCProtocol) -> str:
    """The account of this client; BadValue for a guest."""
    if not client.me.account:
        raise BadValue("You have no account, or are not logged in to it. See HELP.")
    return client.me.account
