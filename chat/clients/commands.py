"""What a person can type behind a slash: one table, which is the help and the palette of every client, too.

The signature is the syntax: a required parameter is needed, the last one takes the rest of the line.
"""

from __future__ import annotations

import difflib
import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chat.clients.conversation import ROOM, SERVER, Conversation, Line
from chat.clients.emoji import emoji_of

if TYPE_CHECKING:
    from chat.clients.chat import Chat

#: s/old/new/ changes the last line one said.
SUBSTITUTE = re.compile(r"s/((?:[^/\\]|\\.)+)/((?:[^/\\]|\\.)*)/?")


@dataclass(frozen=True)
class Command:
    """A command: its names, the first of which is the usual one; its syntax, what it is for, what it does."""

    names: tuple[str, ...]
    syntax: str
    help: str
    function: Callable[..., Any]
    required: int
    most: int

    @property
    def name(self) -> str:
        return self.names[0]


COMMANDS: dict[str, Command] = {}


def command(*names: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorate the function of a command; its docstring is `/syntax -- what it is for`."""

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        syntax, _, help = inspect.cleandoc(function.__doc__ or "").partition(" -- ")
        words = list(inspect.signature(function).parameters.values())[2:]
        required = sum(word.default is word.empty for word in words)
        COMMANDS.update(dict.fromkeys(names, Command(names, syntax, help, function, required, len(words))))
        return function

    return register


def commands() -> list[Command]:
    """Each command once, by name."""
    return sorted(set(COMMANDS.values()), key=lambda command: command.name)


def perform(chat: Chat, conversation: Conversation, text: str, reply_to: Line | None = None) -> None:
    """Do what a typed line says.  What is mistyped is never published."""
    if text.startswith("//"):
        chat.say(conversation, text[1:], reply_to)
    elif text.startswith("/") and text[1:2].strip():
        name, _, rest = text[1:].partition(" ")
        run(chat, conversation, name, rest.strip("\n"))
    elif not text.strip():
        return
    elif conversation.kind == SERVER:
        chat.tell("Nobody reads what is said here. /join #room takes you to a room.", conversation)
    elif not (chat.can_edit and substitute(chat, conversation, text)):
        chat.say(conversation, text, reply_to)


def run(chat: Chat, conversation: Conversation, name: str, rest: str) -> None:
    """Run a command with what stands behind it."""
    found = COMMANDS.get(name.lower())
    if found is None:
        near = difflib.get_close_matches(name.lower(), COMMANDS, 1)
        hint = f" Did you mean /{near[0]}?" if near else " /help lists what there is."
        chat.tell(f"No command /{name}.{hint} Nothing was sent; //{name} sends it as text.", conversation)
        return
    words = rest.split(None, found.most - 1) if found.most else []
    if len(words) < found.required:
        chat.tell(f"That needs more words: {found.syntax}", conversation)
    else:
        found.function(chat, conversation, *words)


def substitute(chat: Chat, conversation: Conversation, text: str) -> bool:
    """Whether s/old/new/ changes our last line; if `old` is not in that, it is text."""
    match, last = SUBSTITUTE.fullmatch(text), conversation.last_of_mine
    if match is None or last is None:
        return False
    old, new = (re.sub(r"\\(.)", r"\1", part) for part in match.groups())
    if old not in last.text:
        return False
    chat.edit(conversation, last, last.text.replace(old, new, 1))
    return True


def last_line(conversation: Conversation) -> Line | None:
    """What somebody said last, whoever that was."""
    lines = (line for line in reversed(conversation.past) if line.spoken and line.id and not line.removed)
    return next(lines, None)


@command("help")
def help(chat: Chat, here: Conversation, name: str = "") -> None:
    """/help [COMMAND] -- what you can type"""
    found = COMMANDS.get(name.lstrip("/").lower())
    if found is not None:
        also = ", ".join(f"/{each}" for each in found.names[1:])
        chat.tell(f"{found.syntax} -- {found.help}" + (f" (also {also})" if also else ""), here)
        return
    for each in commands():
        chat.tell(f"{each.syntax} -- {each.help}", here)


@command("join", "j")
def join(chat: Chat, here: Conversation, room: str, key: str = "") -> None:
    """/join ROOM [KEY] -- go into a room"""
    chat.look(chat.join(room, key))


@command("leave", "part", "close")
def leave(chat: Chat, here: Conversation, room: str = "") -> None:
    """/leave [ROOM] -- leave a room, or put a private conversation away"""
    conversation = (chat.find(room) or chat.find("#" + room)) if room else here
    if conversation is None or conversation.kind == SERVER:
        chat.tell("You are in no such room.", here)
    else:
        chat.leave(conversation)


@command("msg", "m")
def msg(chat: Chat, here: Conversation, name: str, text: str) -> None:
    """/msg NAME TEXT -- say something in private"""
    conversation = chat.find(name) if chat.support.is_room(name) else chat.open(name)
    if conversation is None:
        chat.tell(f"You are not in {name}.", here)
    else:
        chat.say(conversation, text)


@command("query", "open", "q")
def query(chat: Chat, here: Conversation, name: str) -> None:
    """/query NAME -- open a private conversation"""
    chat.look(chat.open(name))


@command("me")
def me(chat: Chat, here: Conversation, text: str) -> None:
    """/me TEXT -- say what you do, as in: /me waves"""
    chat.say(here, text, kind="action")


@command("notice")
def notice(chat: Chat, here: Conversation, name: str, text: str) -> None:
    """/notice NAME TEXT -- say something that nobody is to answer"""
    chat.send("NOTICE", name, text)


@command("edit")
def edit(chat: Chat, here: Conversation, text: str) -> None:
    """/edit TEXT -- give your last line here other words; s/old/new/ changes a part of it"""
    line = here.last_of_mine
    if line is None:
        chat.tell("You have said nothing here that can be changed.", here)
    else:
        chat.edit(here, line, text)


@command("delete", "remove")
def delete(chat: Chat, here: Conversation) -> None:
    """/delete -- take back your last line here"""
    line = here.last_of_mine
    if line is None:
        chat.tell("You have said nothing here that can be taken back.", here)
    else:
        chat.remove(here, line)


@command("react")
def react(chat: Chat, here: Conversation, emoji: str) -> None:
    """/react EMOJI -- react to the last line here, as in: /react :+1:"""
    line = last_line(here)
    if line is None:
        chat.tell("There is no line here to react to.", here)
    else:
        chat.react(here, line, emoji_of(emoji))


@command("reply")
def reply(chat: Chat, here: Conversation, text: str) -> None:
    """/reply TEXT -- answer the last line here"""
    lines = (line for line in reversed(here.past) if line.spoken and line.id and not line.mine and not line.removed)
    chat.say(here, text, next(lines, None))


@command("resend")
def resend(chat: Chat, here: Conversation) -> None:
    """/resend -- send again what could not be sent here"""
    failed = [line for line in here.past if line.state == "failed"]
    for line in failed:
        chat.resend(here, line)
    if not failed:
        chat.tell("Everything you said here was sent.", here)


@command("history", "older")
def history(chat: Chat, here: Conversation) -> None:
    """/history -- show older lines"""
    if not chat.older(here):
        chat.tell("There are no older lines here.", here)


@command("nick")
def nick(chat: Chat, here: Conversation, name: str) -> None:
    """/nick NAME -- be called something else"""
    chat.identity.nick = name
    chat.send("NICK", name)


@command("topic")
def topic(chat: Chat, here: Conversation, text: str = "") -> None:
    """/topic [TEXT] -- say what this room is about, or see it"""
    if text:
        chat.send("TOPIC", here.name, text)
    else:
        chat.tell(f"The topic is: {here.topic}" if here.topic else "There is no topic.", here)


@command("away")
def away(chat: Chat, here: Conversation, why: str = "Away") -> None:
    """/away [WHY] -- say that you are away"""
    chat.send("AWAY", why)


@command("back")
def back(chat: Chat, here: Conversation) -> None:
    """/back -- say that you are back"""
    chat.send("AWAY")


@command("people", "names")
def people(chat: Chat, here: Conversation) -> None:
    """/people -- who is here"""
    names = [f"{member.prefix}{member.nick}{' (away)' if member.away else ''}" for member in here.people]
    chat.tell(f"{len(names)} here: {', '.join(names)}" if names else "Nobody is here.", here)


@command("whois")
def whois(chat: Chat, here: Conversation, name: str) -> None:
    """/whois NAME -- what is known of somebody"""
    chat.send("WHOIS", name)


@command("rooms", "list")
def rooms(chat: Chat, here: Conversation, which: str = "") -> None:
    """/rooms [NAME] -- which rooms there are"""
    chat.send("LIST", *([which] if which else []))


@command("invite")
def invite(chat: Chat, here: Conversation, name: str, room: str = "") -> None:
    """/invite NAME [ROOM] -- invite somebody"""
    chat.send("INVITE", name, room or here.name)


@command("kick")
def kick(chat: Chat, here: Conversation, name: str, why: str = "") -> None:
    """/kick NAME [WHY] -- put somebody out of this room"""
    chat.send("KICK", here.name, name, *([why] if why else []))


@command("mode")
def mode(chat: Chat, here: Conversation, modes: str = "") -> None:
    """/mode [MODES] -- see the modes of this room, or change them, as in: /mode +o bob"""
    chat.send("MODE", here.name, *modes.split())


def _role(name: str, letters: str, what: str) -> None:
    def change(chat: Chat, here: Conversation, who: str) -> None:
        if here.kind == ROOM:
            chat.send("MODE", here.name, letters, who)

    change.__doc__ = f"/{name} NAME -- {what}"
    command(name)(change)


_role("op", "+o", "make somebody an operator of this room")
_role("deop", "-o", "make somebody no operator any more")
_role("voice", "+v", "let somebody speak")
_role("devoice", "-v", "let somebody speak no more, where one needs to be let")


@command("ban")
def ban(chat: Chat, here: Conversation, name: str) -> None:
    """/ban NAME -- keep somebody out of this room"""
    chat.send("MODE", here.name, "+b", name if set(name) & set("!@*") else f"{name}!*@*")


@command("unban")
def unban(chat: Chat, here: Conversation, name: str) -> None:
    """/unban NAME -- let somebody in again"""
    chat.send("MODE", here.name, "-b", name if set(name) & set("!@*") else f"{name}!*@*")


@command("register")
def register(chat: Chat, here: Conversation, password: str) -> None:
    """/register PASSWORD -- make an account of your name"""
    chat.send("REGISTER", "*", "*", password)


@command("raw", "quote")
def raw(chat: Chat, here: Conversation, line: str) -> None:
    """/raw LINE -- send a line of IRC as it is"""
    chat.send_raw(line)


@command("quit", "exit")
def quit(chat: Chat, here: Conversation) -> None:
    """/quit -- leave"""
    chat.quit()
