"""What the server answers: PONG, ERROR, refusals, and whatever is there to be read by people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chat.clients.negotiation import refusal
from chat.clients.outbox import is_refusal
from chat.clients.table import hears
from chat.clients.text import clean
from chat.irc.message import Message

if TYPE_CHECKING:
    from chat.clients.chat import Chat

#: Numerics that say nothing to people, or what is seen anyway.
SILENT = frozenset(
    ("002", "003", "004", "221", "250", "251", "252", "253", "254", "255", "265", "266", "315", "317", "318", "321",
     "323", "329", "333", "338", "347", "349", "366", "368", "369", "372", "375", "378", "379", "396", "670", "732",
     "733", "901")
)  # fmt: skip
#: What is asked for with /whois and /rooms, in words; the parameters are counted from our own name.
SENTENCES = {
    "311": "{1} is {2}@{3} ({5})", "312": "{1} is connected to {2}", "313": "{1} is an operator of the server",
    "314": "{1} was {2}@{3} ({5})", "319": "{1} is in {2}", "322": "{1} ({2}) {3}", "330": "{1} is logged in as {2}",
    "335": "{1} is a program", "341": "{1} is invited to {2}", "671": "{1} is connected by TLS",
}  # fmt: skip
#: Refusals of the login by word.
NEEDS = {"ACCOUNT_REQUIRED": "password"}


@hears("PING")
def ping(chat: Chat, message: Message) -> None:
    """The server asks whether we are there."""
    chat.send("PONG", *message.params)


@hears("PONG")
def pong(chat: Chat, message: Message) -> None:
    """Everything that we sent before that PING was heard."""
    chat.pass_barrier(message.params[-1] if message.params else "")


@hears("ERROR")
def error(chat: Chat, message: Message) -> None:
    """The server is about to close the link."""
    chat.farewell = clean(message.params[-1]) if message.params else ""


@hears("FAIL", "WARN", "NOTE")
def standard_reply(chat: Chat, message: Message) -> None:
    """FAIL <command> <code> <context> :<words> (IRCv3 standard-replies)."""
    command, code, *context = [*message.params, "", ""]
    if chat.negotiation and code in NEEDS:
        chat.refuse(refusal(message.params) + ".", needs=NEEDS[code])
    elif command == "CHATHISTORY":
        chat.past.failed(message)
    elif command == "FILEHOST":
        chat.files.refused(clean(message.params[-1]))
    elif code == "DUPLICATE":
        return
    elif not (context and chat.outbox.refused(context[0], clean(message.params[-1]))):
        chat.tell(clean(message.params[-1]))


def numeric(chat: Chat, message: Message) -> None:
    """Any other numeric: to be read where it belongs, if it is for people."""
    if message.command in SILENT or not message.params:
        return
    words = [clean(word) for word in message.params[1:]]
    target = message.params[1] if len(message.params) > 2 else ""
    if is_refusal(message):
        if not chat.outbox.refused(target, words[-1] if words else ""):
            about = f"{target}: " if target and target != "*" else ""
            chat.tell(about + (words[-1] if words else message.command), chat.find(target))
    elif words:
        sentence = SENTENCES.get(message.command)
        if sentence:
            chat.tell(sentence.format(*map(clean, message.params), *[""] * 8).rstrip())
        else:
            chat.tell(" ".join(words), chat.find(target))


@hears("301")
def away(chat: Chat, message: Message) -> None:
    """Whom we have written to is away."""
    nick, why = [*message.params[1:], "", ""][:2]
    person = chat.person(nick)
    if person.away is None:
        person.away = clean(why)
        chat.tell(f"{nick} is away{': ' + person.away if person.away else '.'}", chat.find(nick))
        chat.changed("people", chat.find(nick))


@hears("305", "306")
def away_myself(chat: Chat, message: Message) -> None:
    """We are away, or back."""
    chat.person(chat.me).away = "" if message.command == "306" else None
    chat.tell("You are away." if message.command == "306" else "You are back.")
    for conversation in chat.rooms_of(chat.me):
        chat.changed("people", conversation)


@hears("401", "403", "406")
def nobody(chat: Chat, message: Message) -> None:
    """There is nobody, or nothing, of that name."""
    name = message.params[1] if len(message.params) > 2 else ""
    why = clean(message.params[-1])
    chat.seen(name, False)
    if not chat.outbox.refused(name, why):
        chat.tell(f"{name}: {why}", chat.find(name))


@hears("403", "405", "471", "473", "474", "475", "477", "476")
def not_let_in(chat: Chat, message: Message) -> None:
    """A room does not let us in."""
    name, why = [*message.params[1:], "", ""][0], clean(message.params[-1])
    conversation = chat.find(name)
    if conversation is not None and not conversation.joined:
        chat.outbox.bar(conversation, why)
    if not chat.outbox.refused(name, why):
        chat.tell(f"{name}: {why}", conversation)
