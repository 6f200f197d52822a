"""Who is here: comings, goings, names, roles, who is away."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from chat.clients.conversation import ROOM, Conversation, Line, Member, Person
from chat.clients.moment import moment
from chat.clients.table import hears, nick_of
from chat.clients.text import clean
from chat.irc.message import Message

if TYPE_CHECKING:
    from chat.clients.chat import Chat


def because(message: Message, at: int) -> str:
    """` (why)`, if a message gives a reason in its parameter `at`."""
    why = clean(message.params[at]) if len(message.params) > at else ""
    return f" ({why})" if why else ""


#: What somebody did, in words that stand behind the name; nothing for what is no event for people.
EVENTS: dict[str, Callable[[Message], str]] = {
    "JOIN": lambda message: "came",
    "PART": lambda message: "left" + because(message, 1),
    "QUIT": lambda message: "left" + because(message, 0),
    "KICK": lambda message: f"put out {message.params[1]}" + because(message, 2) if len(message.params) > 1 else "",
    "NICK": lambda message: f"is now {message.params[0]}" if message.params else "",
    "TOPIC": lambda message: _topic(clean(message.params[-1])) if len(message.params) > 1 else "",
    "MODE": lambda message: _mode(*message.params[1:]),
    "RENAME": lambda message: f"renamed the room to {message.params[1]}" if len(message.params) > 1 else "",
}


#: What is done with one mode to one person, or to a room.
MODES = {
    "+q": "made {} the founder", "-q": "made {} the founder no more", "+o": "made {} an operator",
    "-o": "made {} no operator any more", "+v": "gave {} a voice", "-v": "took the voice of {}", "+b": "banned {}",
    "-b": "lifted the ban on {}", "+m": "let only those speak who have a voice", "-m": "let everyone speak",
    "+i": "made the room private", "-i": "opened the room to all",
}  # fmt: skip


def _mode(modes: str = "", *arguments: str) -> str:
    sentence = MODES.get(modes, "")
    if sentence and len(arguments) == sentence.count("{}"):
        return sentence.format(*map(clean, arguments))
    return clean(" ".join(["set", modes, *arguments])) if modes else ""


def _topic(topic: str) -> str:
    return f"changed the topic to: {topic}" if topic else "removed the topic"


def event_of(chat: Chat, message: Message) -> Line | None:
    """What somebody did, as a line; None for what is no event for people."""
    text, time = clean(EVENTS[message.command](message)), moment(message.tags.get("time", ""))
    when = chat.now() if time is None else time
    return Line(nick_of(message), text, when, "event", message.tags.get("msgid")) if text else None


def note(chat: Chat, conversation: Conversation, message: Message) -> None:
    """Show an event in a conversation."""
    line = event_of(chat, message)
    if line is not None and not conversation.has(line):
        conversation.add(line)
        chat.changed("line", conversation, line)


def known(chat: Chat, message: Message) -> Person:
    """Who a message is from, with what its source says of them."""
    nick, _, mask = message.source.partition("!")
    person = chat.person(nick)
    if mask:
        person.user, _, person.host = mask.partition("@")
    return person


@hears("JOIN")
def join(chat: Chat, message: Message) -> None:
    """Somebody came into a room, perhaps we ourselves (extended-join has the account and the real name, too)."""
    room, *more = message.params
    person = known(chat, message)
    if len(more) > 1:
        person.account, person.realname = more[0].replace("*", ""), more[1]
    if chat.is_me(person.nick):
        mine = chat.room(room)
        mine.members = {chat.support.fold(person.nick): Member(person)}
        chat.begin(mine)
        return
    conversation = chat.find(room)
    if conversation is not None and conversation.joined:
        conversation.members.setdefault(chat.support.fold(person.nick), Member(person))
        note(chat, conversation, message)
        chat.changed("people", conversation)
    chat.seen(person.nick, True)


@hears("PART", "KICK")
def part(chat: Chat, message: Message) -> None:
    """Somebody is no longer in a room."""
    conversation = chat.find(message.params[0])
    who = message.params[1] if message.command == "KICK" and len(message.params) > 1 else nick_of(message)
    if conversation is None:
        return
    conversation.members.pop(chat.support.fold(who), None)
    if not chat.is_me(who):
        note(chat, conversation, message)
        chat.changed("people", conversation)
        return
    conversation.joined = False
    conversation.members.clear()
    if message.command == "KICK":
        note(chat, conversation, message)
        chat.outbox.bar(conversation, "You are no longer in this room.")
        chat.changed("people", conversation)
    else:
        chat.outbox.abandon(conversation, "You have left.")
        chat.forget(conversation)


@hears("QUIT")
def quit(chat: Chat, message: Message) -> None:
    """Somebody has gone."""
    nick = nick_of(message)
    key = chat.support.fold(nick)
    for conversation in chat.rooms_of(nick):
        del conversation.members[key]
        note(chat, conversation, message)
        chat.changed("people", conversation)
    chat.everyone.pop(key, None)
    chat.seen(nick, False)
    chat.regain(nick)


@hears("NICK")
def nick(chat: Chat, message: Message) -> None:
    """Somebody has another name, perhaps we ourselves."""
    old, new = nick_of(message), message.params[0]
    was_me, rooms = chat.is_me(old), chat.rooms_of(old)
    person = chat.everyone.pop(chat.support.fold(old), None) or Person(new)
    person.nick = new
    chat.everyone[chat.support.fold(new)] = person
    if was_me:
        chat.renamed(new)
    for conversation in rooms:
        conversation.members[chat.support.fold(new)] = conversation.members.pop(chat.support.fold(old))
        note(chat, conversation, message)
        chat.changed("people", conversation)
    chat.rename(old, new)
    chat.regain(old)


@hears("RENAME")
def rename(chat: Chat, message: Message) -> None:
    """A room has another name (IRCv3 draft/channel-rename)."""
    conversation = chat.rename(message.params[0], message.params[1]) if len(message.params) > 1 else None
    if conversation is not None:
        note(chat, conversation, message)


@hears("AWAY", "ACCOUNT", "CHGHOST", "SETNAME")
def changed(chat: Chat, message: Message) -> None:
    """Something about somebody is different: away or back, logged in or out, another host, another real name."""
    person, params = known(chat, message), [*message.params, ""]
    if message.command == "AWAY":
        person.away = params[0] if message.params else None
    elif message.command == "ACCOUNT":
        person.account = params[0].replace("*", "")
    elif message.command == "SETNAME":
        person.realname = params[0]
    elif len(message.params) > 1:
        person.user, person.host = message.params[:2]
    for conversation in chat.rooms_of(person.nick):
        chat.changed("people", conversation)


@hears("353")
def names(chat: Chat, message: Message) -> None:
    """Who is in a room (RPL_NAMREPLY), with the prefixes of their roles, perhaps with their hosts."""
    conversation = chat.find(message.params[2]) if len(message.params) > 3 else None
    if conversation is None:
        return
    for word in message.params[-1].split():
        bare = word.lstrip("".join(chat.support.roles.values()))
        nick, _, mask = bare.partition("!")
        person = chat.person(nick)
        if mask:
            person.user, _, person.host = mask.partition("@")
        conversation.members[chat.support.fold(nick)] = Member(person, word[: len(word) - len(bare)])


@hears("366", "315")
def all_named(chat: Chat, message: Message) -> None:
    """The end of the names of a room."""
    conversation = chat.find(message.params[1]) if len(message.params) > 1 else None
    if conversation is not None:
        chat.changed("people", conversation)


@hears("354")
def described(chat: Chat, message: Message) -> None:
    """Somebody in a room, as we asked: WHO #room %cuhnfar (IRCv3 whox)."""
    if len(message.params) < 8:
        return
    _, room, user, host, nick, flags, account, realname = message.params[:8]
    person = chat.person(nick)
    person.user, person.host, person.realname = user, host, realname
    person.account = "" if account == "0" else account
    take_flags(chat, chat.find(room), person, flags)


@hears("352")
def described_plainly(chat: Chat, message: Message) -> None:
    """Somebody in a room, as servers without whox say it."""
    if len(message.params) < 7:
        return
    _, room, user, host, _, nick, flags = message.params[:7]
    person = chat.person(nick)
    person.user, person.host = user, host
    take_flags(chat, chat.find(room), person, flags)


def take_flags(chat: Chat, conversation: Conversation | None, person: Person, flags: str) -> None:
    """H or G for here or gone, B for a program, the prefixes of the roles."""
    away = "G" in flags
    person.away = (person.away or "") if away else None
    person.bot = chat.support.tokens.get("BOT", "\0") in flags
    prefixes = "".join(letter for letter in flags if letter in chat.support.roles.values())
    if conversation is not None and conversation.kind == ROOM and conversation.joined:
        conversation.members[chat.support.fold(person.nick)] = Member(person, prefixes)


@hears("MODE")
def mode(chat: Chat, message: Message) -> None:
    """The roles of people in a room, and other modes of it."""
    conversation = chat.find(message.params[0])
    if conversation is None or len(message.params) < 2:
        return
    arguments, on, support = iter(message.params[2:]), True, chat.support
    for letter in message.params[1]:
        if letter in "+-":
            on = letter == "+"
            continue
        argument = next(arguments, "") if support.takes_argument(letter, on) else ""
        member = conversation.members.get(support.fold(argument))
        if letter in support.roles and member is not None:
            held = set(member.prefixes)
            (held.add if on else held.discard)(support.roles[letter])
            member.prefixes = "".join(prefix for prefix in support.roles.values() if prefix in held)
    note(chat, conversation, message)
    chat.changed("people", conversation)


@hears("TOPIC", "332", "331")
def topic(chat: Chat, message: Message) -> None:
    """What a room is about: changed, or as it is when we come in."""
    numeric = message.command != "TOPIC"
    conversation = chat.find(message.params[1 if numeric else 0]) if len(message.params) > 1 else None
    if conversation is None:
        return
    conversation.topic = "" if message.command == "331" else clean(message.params[-1])
    if not numeric:
        note(chat, conversation, message)
    chat.changed("conversations", conversation)


@hears("730", "731")
def monitored(chat: Chat, message: Message) -> None:
    """Somebody we talk with in private has come or gone (IRCv3 monitor)."""
    for mask in message.params[-1].split(","):
        name = mask.partition("!")[0]
        chat.seen(name, message.command == "730")
        if message.command == "731":
            chat.regain(name)


@hears("INVITE")
def invited(chat: Chat, message: Message) -> None:
    """Somebody is invited into a room, perhaps we ourselves."""
    who, room = [*message.params, "", ""][:2]
    if chat.is_me(who):
        chat.tell(f"{nick_of(message)} invites you to {room}. /join {room} takes you there.")
    elif conversation := chat.find(room):
        chat.tell(f"{nick_of(message)} invites {who}.", conversation)
