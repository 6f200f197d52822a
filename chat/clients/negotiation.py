"""Coming in: capabilities, a password, a name (IRCv3 capability-negotiation, sasl-3.2; RFC 4616)."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import TYPE_CHECKING

from chat.clients.state import CONNECTING, REFUSED, State
from chat.clients.table import hears
from chat.irc.message import Message, rows

if TYPE_CHECKING:
    from chat.clients.chat import Chat

#: What the clients make something of, if the server has it.
WANTED = (
    "account-notify", "account-tag", "away-notify", "batch", "cap-notify", "chghost", "draft/channel-rename",
    "draft/chathistory", "draft/event-playback", "draft/message-edit", "draft/message-redaction", "draft/multiline",
    "draft/no-implicit-names", "draft/read-marker", "echo-message", "extended-join", "invite-notify",
    "labeled-response", "message-tags", "multi-prefix", "no-implicit-names", "sasl", "server-time", "setname",
    "standard-replies", "twisted-chat/nonce", "userhost-in-names",
)  # fmt: skip
#: Bytes of names in one request: servers count lines.
REQUEST = 490
#: Bytes of base64 in one AUTHENTICATE line.
CHUNK = 400
#: Names that are tried when the one that was wanted is taken.
TRIES = 5


class Negotiation:
    """What is known of a link whose server has not let us in yet."""

    def __init__(self, chat: Chat) -> None:
        self.chat = chat
        self.offered: dict[str, str] = {}
        self.asked = 0
        self.tries = 0

    def begin(self) -> None:
        """The link is made: say who wants to come in."""
        identity = self.chat.identity
        self.chat.send("CAP", "LS", "302")
        if identity.server_password:
            self.chat.send("PASS", identity.server_password)
        self.chat.send("NICK", self.chat.me)
        self.chat.send("USER", identity.username, "0", "*", identity.realname or identity.nick)

    def ask(self) -> None:
        """Ask for what is offered and wanted."""
        chat = self.chat
        if chat.identity.password and not offers_plain(self.offered):
            chat.refuse("This server takes no passwords. Come in without one.", needs="password")
            return
        wanted = [name for name in WANTED if name in self.offered and (name != "sasl" or chat.identity.password)]
        requests = list(rows(wanted, most=REQUEST))
        self.asked = len(requests)
        for names in requests:
            chat.send("CAP", "REQ", names)
        if not requests:
            self.end()

    def answered(self) -> None:
        """One of what was asked for is granted, or not."""
        self.asked -= 1
        if self.asked:
            return
        if "sasl" in self.chat.caps and self.chat.identity.password:
            self.chat.send("AUTHENTICATE", "PLAIN")
        else:
            self.end()

    def prove(self) -> None:
        """The server is ready to hear the password."""
        identity = self.chat.identity
        name = identity.account or identity.nick
        answer = base64.b64encode(f"{name}\0{name}\0{identity.password}".encode()).decode()
        parts = [answer[start : start + CHUNK] for start in range(0, len(answer), CHUNK)]
        for part in [*parts, "+"] if len(parts[-1]) == CHUNK else parts:
            self.chat.send("AUTHENTICATE", part)

    def end(self) -> None:
        """There is nothing more to negotiate."""
        self.chat.send("CAP", "END")


def offers_plain(offered: dict[str, str]) -> bool:
    """Whether a password can be given; a server that does not say how takes it as PLAIN."""
    return "sasl" in offered and "PLAIN" in (offered["sasl"] or "PLAIN").split(",")


@hears("CAP")
def cap(chat: Chat, message: Message) -> None:
    """LS, ACK, NAK, and later NEW and DEL."""
    verb, *rest = [*message.params[1:], "", "", ""]
    names = _values(rest[1] if rest[0] == "*" else rest[0])
    negotiation = chat.negotiation
    if verb == "LS" and negotiation:
        negotiation.offered.update(names)
        if rest[0] != "*":
            chat.offered = dict(negotiation.offered)
            negotiation.ask()
    elif verb in ("ACK", "NAK"):
        for name in names if verb == "ACK" else ():
            (chat.caps.discard if name.startswith("-") else chat.caps.add)(name.removeprefix("-"))
        if negotiation:
            negotiation.answered()
    elif verb == "NEW":
        chat.offered.update(names)
        wanted = [name for name in WANTED if name in names and name not in chat.caps and name != "sasl"]
        for row in rows(wanted):
            chat.send("CAP", "REQ", row)
    elif verb == "DEL":
        chat.caps.difference_update(names)


def _values(text: str) -> dict[str, str]:
    return {name: value for name, _, value in (word.partition("=") for word in text.split())}


@hears("AUTHENTICATE")
def authenticate(chat: Chat, message: Message) -> None:
    """The server waits for what proves that the account is ours."""
    if chat.negotiation and list(message.params) == ["+"]:
        chat.negotiation.prove()


@hears("900")
def account(chat: Chat, message: Message) -> None:
    """We are logged in to an account (RPL_LOGGEDIN)."""
    chat.account = message.params[2] if len(message.params) > 3 else chat.identity.nick


@hears("903")
def logged_in(chat: Chat, message: Message) -> None:
    """The password was right."""
    if chat.negotiation:
        chat.negotiation.end()


@hears("902", "904", "905", "906", "908")
def not_logged_in(chat: Chat, message: Message) -> None:
    """The password was wrong, or this is not the way to give it."""
    if chat.negotiation and message.command != "908":
        chat.refuse(f"That is not the password of {chat.identity.account or chat.identity.nick}.", needs="password")


@hears("432", "433", "436", "437", "465", "464")
def name_refused(chat: Chat, message: Message) -> None:
    """The name is no name, is taken, or we are not welcome."""
    negotiation, why = chat.negotiation, message.params[-1] if message.params else ""
    if negotiation is None:
        chat.tell(f"{message.params[1] if len(message.params) > 2 else 'That name'}: {why}")
    elif message.command == "465":
        chat.refuse(f"You are banned from this server: {why}")
    elif message.command == "464":
        chat.refuse("The server wants a password of its own, or another one.", needs="password")
    elif message.command == "432":
        chat.refuse(f'"{chat.me}" cannot be a name here: {why}', needs="nick")
    elif negotiation.tries == TRIES:
        chat.refuse(f'"{chat.identity.nick}" is in use: {why}', needs="nick")
    else:
        negotiation.tries += 1
        chat.me += "_"
        chat.send("NICK", chat.me)


@hears("001")
def welcome(chat: Chat, message: Message) -> None:
    """We are in, under the name that stands in front."""
    chat.me = message.params[0]
    chat.server.name = message.source or chat.server.name
    chat.negotiation = None
    chat.set_state(State(CONNECTING, "Coming in."))


@hears("005")
def isupport(chat: Chat, message: Message) -> None:
    """What the server supports."""
    chat.learn(list(message.params[1:-1]))


@hears("376", "422")
def settled(chat: Chat, message: Message) -> None:
    """The end of the message of the day, which is the end of all that is said at the beginning."""
    if chat.state.kind != REFUSED:
        chat.come_in()


def refusal(params: Sequence[str]) -> str:
    """The sentence of a standard reply, without the full stop at its end."""
    return params[-1].rstrip(".") if params else "no reason given"
