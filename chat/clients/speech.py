"""What is said, and what is done to it afterwards: PRIVMSG, NOTICE, TAGMSG, REDACT, MARKREAD."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chat.clients.conversation import PRIVATE, Conversation, Line
from chat.clients.moment import moment
from chat.clients.presence import EVENTS, event_of
from chat.clients.table import hears, nick_of
from chat.clients.text import clean, mentions
from chat.irc.message import Message

if TYPE_CHECKING:
    from chat.clients.chat import Chat

CTCP, ACTION = "\x01", "\x01ACTION "
NONCE, EDIT, REPLY = "+twisted-chat/nonce", "+draft/edit", "+draft/reply"
REACT, UNREACT = "+draft/react", "+draft/unreact"
#: A line that was edited before it was shown the first time, for those who know edits.
EDITED = "twisted-chat/edited"
#: Lines of so long ago (ms) are no news, when a server shows them by itself.
OLD = 60_000


def conversation_of(chat: Chat, message: Message) -> Conversation | None:
    """Where a message belongs: in a room, or in private with who is at the other end.

    None: it is said to everyone, or by the server or a program, which only wants to be read.
    """
    target, who = chat.support.target(message.params[0]), nick_of(message)
    if chat.support.is_room(target):
        return chat.find(target)
    other = target if chat.is_me(who) else who
    if target.startswith("$") or "!" not in message.source or message.command in ("NOTICE", "TAGMSG", "REDACT"):
        return chat.find(other) if not target.startswith("$") else None
    return chat.open(other)


def line_of(chat: Chat, message: Message) -> Line | None:
    """The line that a PRIVMSG or NOTICE is; None for what programs say to each other (CTCP)."""
    text, kind = message.params[-1], "notice" if message.command == "NOTICE" else "message"
    if text.startswith(ACTION):
        text, kind = text[len(ACTION) :].rstrip(CTCP), "action"
    elif text.startswith(CTCP):
        return None
    who, tags = nick_of(message), message.tags
    line = Line(who, clean(text), time_of(chat, message), kind, tags.get("msgid"))
    line.mine, line.nonce, line.reply = chat.is_me(who), tags.get(NONCE, ""), reply_to(message)
    line.account, line.bot, line.edited = tags.get("account", ""), "bot" in tags, EDITED in tags
    line.mention = not line.mine and mentions(line.text, chat.me)
    return line


def reply_to(message: Message) -> str:
    return message.tags.get(REPLY, "") or message.tags.get("+reply", "")


def time_of(chat: Chat, message: Message) -> int:
    """When the server says that was, or now (ms)."""
    time = moment(message.tags.get("time", ""))
    return chat.now() if time is None else time


@hears("PRIVMSG", "NOTICE")
def spoken(chat: Chat, message: Message) -> None:
    """Somebody said something just now; or we did, and the server lets us know that it has it."""
    if len(message.params) < 2:
        return
    conversation = conversation_of(chat, message)
    if conversation is None:
        if not message.params[-1].startswith(CTCP):
            chat.tell(clean(message.params[-1]), None, nick_of(message))
        return
    if edit(chat, conversation, message):
        return
    line = line_of(chat, message)
    if line is None:
        return
    if line.who in conversation.typing:
        conversation.types(line.who, "done", chat.now())
        chat.changed("typing", conversation)
    if line.id and conversation.find(line.id):
        return
    own = chat.outbox.recognise(conversation, line)
    conversation.add(own or line)
    if own:
        chat.changed("lines", conversation, own)
        return
    if line.time > chat.now() - OLD:
        chat.count(conversation, line)
    chat.changed("line", conversation, line)


def edit(chat: Chat, conversation: Conversation, message: Message) -> bool:
    """Whether a message is a new wording of another.  The server must have seen to it that it is by the same person."""
    id, text = message.tags.get(EDIT, ""), message.params[-1]
    if not id or "draft/message-edit" not in chat.caps:
        return False
    if text.startswith(ACTION):
        text = text[len(ACTION) :].rstrip(CTCP)

    def reword(line: Line) -> None:
        if not line.removed:
            line.text, line.edited = clean(text), True

    line = conversation.afterwards(id, reword)
    chat.outbox.done(message)
    if line is not None:
        chat.changed("line", conversation, line)
    return True


@hears("TAGMSG")
def tagged(chat: Chat, message: Message) -> None:
    """Somebody is typing, or reacts to something."""
    conversation = conversation_of(chat, message) if message.params else None
    if conversation is None:
        return
    chat.outbox.done(message)
    line = react(chat, conversation, message)
    if line is not None:
        chat.changed("line", conversation, line)
    typing = message.tags.get("+typing", "") or message.tags.get("+draft/typing", "")
    if typing and not chat.is_me(nick_of(message)):
        conversation.types(nick_of(message), typing, chat.now())
        chat.changed("typing", conversation)


def react(chat: Chat, conversation: Conversation, message: Message) -> Line | None:
    """A reaction, or its end; the line it is to, if that is here."""
    on, reference, who = REACT in message.tags, reply_to(message), nick_of(message)
    emoji = clean(message.tags.get(REACT) or message.tags.get(UNREACT, "")).replace("\n", "")
    if not emoji or not reference:
        return None
    id = message.tags.get("msgid")
    if id:
        conversation.reactions[id] = (reference, who, emoji)
    return conversation.afterwards(reference, lambda line: line.react(who, emoji, on))


@hears("REDACT")
def redacted(chat: Chat, message: Message) -> None:
    """Something was taken back: a line, or a reaction."""
    if len(message.params) < 2:
        return
    conversation = conversation_of(chat, message)
    if conversation is None:
        return
    id = message.params[1]
    if id in conversation.reactions:
        reference, who, emoji = conversation.reactions.pop(id)
        line = conversation.afterwards(reference, lambda line: line.react(who, emoji, on=False))
    else:
        line = conversation.afterwards(id, Line.remove)
    if line is not None:
        chat.changed("line", conversation, line)


@hears("MARKREAD")
def marked_read(chat: Chat, message: Message) -> None:
    """Up to when we have read, with whatever client."""
    conversation = chat.find(message.params[0]) if len(message.params) > 1 else None
    time = moment(message.params[-1].partition("=")[2])
    if conversation is not None and time is not None and time > conversation.read_until:
        conversation.read_until = time
        chat.recount(conversation)


def replayed(chat: Chat, conversation: Conversation, messages: list[Message]) -> list[Line]:
    """A page of the history as lines; what was done to lines is done to them."""
    lines = []
    for message in messages:
        if message.command in ("PRIVMSG", "NOTICE") and len(message.params) > 1:
            line = None if edit(chat, conversation, message) else line_of(chat, message)
            lines += [line] if line else []
        elif message.command == "TAGMSG":
            chat.outbox.done(message)
            react(chat, conversation, message)
        elif message.command == "REDACT" and len(message.params) > 1:
            conversation.afterwards(message.params[1], Line.remove)
        elif message.command in EVENTS and conversation.kind != PRIVATE:
            event = event_of(chat, message)
            lines += [event] if event else []
    return lines
