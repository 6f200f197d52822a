"""Accounts: AUTHENTICATE, REGISTER."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from twisted.internet.defer import Deferred

from chat.core.events import LoggedIn
from chat.core.names import fold
from chat.core.refusals import (
    AccountExists,
    BadName,
    BadPassword,
    Busy,
    NameInUse,
    NameReserved,
    NotEncrypted,
    Refused,
    SASLFailed,
)
from chat.core.registry import Author
from chat.irc import numerics as n
from chat.irc.message import Message
from chat.irc.sasl import CHUNK, LONGEST, MECHANISMS, NONE_SHOWN, Decoder, mechanisms, pieces
from chat.irc.table import command

if TYPE_CHECKING:
    from chat.irc.protocol import IRCProtocol


class Exchange:
    """One attempt to authenticate: the mechanism asks, the client answers."""

    def __init__(self, client: IRCProtocol, mechanism: str) -> None:
        self._client, self._decoder = client, Decoder()
        self._answer: Deferred[bytes] = Deferred()
        #: Whether it is the client's turn.
        self.asks = False
        self._outcome = Deferred.fromCoroutine(MECHANISMS[mechanism](client, self._challenge))

    async def _challenge(self, question: bytes) -> bytes:
        self._answer = Deferred()
        for piece in pieces(question) if question else ["+"]:
            self._client.send(Message("AUTHENTICATE", [piece]))
        self.asks = True
        return await self._answer

    def receive(self, piece: str) -> None:
        """A piece of an answer; SASLFailed if it is none, or one that never ends."""
        if self._decoder.length + len(piece) > LONGEST:
            raise SASLFailed
        answer = self._decoder.receive(piece)
        if answer is not None:
            self.asks = False
            self._answer.callback(answer)

    async def account(self) -> Any:
        """The account, when the mechanism is through; Refused."""
        return await self._outcome

    def abort(self) -> None:
        self._outcome.addErrback(lambda failure: None)
        self._outcome.cancel()


@command("AUTHENTICATE")
async def authenticate(client: IRCProtocol, word: str) -> None:
    """AUTHENTICATE <mechanism or answer> -- log in (SASL)"""
    exchange = client.exchange
    if word == "*" or len(word) > CHUNK:
        if exchange:
            exchange.abort()
        client.exchange = None
        client.numeric(n.ERR_SASLABORTED if word == "*" else n.ERR_SASLTOOLONG)
    elif exchange is None:
        begin(client, word.upper())
    else:
        await answer(client, exchange, word)


def begin(client: IRCProtocol, mechanism: str) -> None:
    usable = mechanisms(client)
    if mechanism not in usable:
        client.numeric(n.RPL_SASLMECHS, ",".join(usable))
        failed(client, NONE_SHOWN if mechanism in MECHANISMS else "")
    else:
        try:
            client.factory.accounts.require_safe_link(client)
        except NotEncrypted as refusal:
            client.refuse(refusal)
            client.numeric(n.ERR_SASLFAIL)
            return
        client.exchange = Exchange(client, mechanism)


def failed(client: IRCProtocol, why: str = "") -> None:
    """Say that the client is not logged in, and why if that gives nothing away."""
    numeric = n.ERR_SASLFAIL
    client.numeric(numeric._replace(text=f"{numeric.text}: {why}") if why else numeric)


async def answer(client: IRCProtocol, exchange: Exchange, word: str) -> None:
    """A step further; at the end, logged in or not."""
    try:
        exchange.receive(word)
        if exchange.asks:
            return
        account = await exchange.account()
    except Refused as refusal:
        exchange.abort()
        client.exchange = None
        failed(client, str(refusal) if isinstance(refusal, SASLFailed) and refusal.args else "")
        return
    client.exchange = None
    await log_in(client, account.name)
    client.numeric(n.RPL_SASLSUCCESS)


async def log_in(client: IRCProtocol, account: str) -> None:
    """The client owns an account, from now on or from when it comes in."""
    client.account = account
    mask = client.me.author.full if client.user else f"{client.nick}!*@*"
    client.numeric(n.RPL_LOGGEDIN, mask, account, f"You are now logged in as {account}")
    if client.user is not None:
        await client.act(LoggedIn(client.me.author, account))


@command("REGISTER")
async def register(client: IRCProtocol, account: str, email: str, password: str) -> None:
    """REGISTER <account or *> <email or *> <password> -- make an account for your nickname"""
    nick = client.me.name if client.user else (client.registration.nick if client.registration else "")
    name = nick if account == "*" else account
    if client.user is None and not client.factory.config.register_early:
        client.fail("REGISTER", "COMPLETE_CONNECTION_REQUIRED", account, "Come in first")
    elif not nick:
        client.fail("REGISTER", "NEED_NICK", account, "Choose a nickname first")
    elif client.account:
        client.fail("REGISTER", "ALREADY_AUTHENTICATED", account, "You have an account")
    elif fold(name) != fold(nick):
        client.fail("REGISTER", "ACCOUNT_NAME_MUST_BE_NICK", account, "An account is called as its owner is")
    elif client.factory.config.register_email:
        client.fail("REGISTER", "INVALID_EMAIL", account, "This server wants an address it can verify")
    else:
        await make(client, name, password)


async def make(client: IRCProtocol, name: str, password: str) -> None:
    by = client.me.author if client.user else Author(name, "")
    try:
        client.factory.accounts.require_safe_link(client)
        made = await client.factory.accounts.register(client, by, client.factory.nickname(name), password)
    except (AccountExists, NameInUse):
        client.fail("REGISTER", "ACCOUNT_EXISTS", name, "That name has an account, or somebody is called so")
    except (BadName, NameReserved):
        client.fail("REGISTER", "BAD_ACCOUNT_NAME", name, "That is no name for an account")
    except BadPassword as refusal:
        client.fail("REGISTER", "UNACCEPTABLE_PASSWORD", name, str(refusal))
    except (Busy, NotEncrypted) as refusal:
        client.fail("REGISTER", "TEMPORARILY_UNAVAILABLE", name, str(refusal))
    else:
        client.send(Message("REGISTER", ["SUCCESS", made.name, "Your account is made"], client.server))
        await log_in(client, made.name)
