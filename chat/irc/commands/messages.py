"""Messages: to channels, to people, with tags alone."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from chat.core.events import Quote, Reacted, Said, Tagged, Told
from chat.core.refusals import Duplicate, NoSuchPerson, NoSuchRoom, NotInRoom, NotYours, Refused
from chat.irc import numerics as n
from chat.irc.batch import ACTION, END, fits_with_source
from chat.irc.commands.edit import EDIT, edit, forbidden
from chat.irc.commands.playback import PLAYER, play
from chat.irc.conversations import line
from chat.irc.message import Message, one_line
from chat.irc.nonce import duplicate, mark, nonce_of
from chat.irc.service import SERVICES
from chat.irc.table import command

if TYPE_CHECKING:
    from chat.irc.protocol import IRCProtocol

#: Targets of one message.
TARGETS = 4
STATUS = {"~": "q", "@": "qo", "+": "qov"}
#: Why somebody does not answer who has an account and is not here.
STORED = "Offline; stored, to be read later"
REACT, UNREACT = "+draft/react", "+draft/unreact"
#: Tags alone are kept if one of these is among them; most are over when they are seen, as typing is.
KEPT = frozenset((REACT, UNREACT, "+draft/persist"))


@command("PRIVMSG", speech=True)
def privmsg(client: IRCProtocol, targets: str = "", text: str = "") -> Any:
    """PRIVMSG <target>{,<target>} :<text> -- say something"""
    return send(client, targets, text, notice=False)


@command("NOTICE", speech=True)
def notice(client: IRCProtocol, targets: str = "", text: str = "") -> Any:
    """NOTICE <target>{,<target>} :<text> -- say something that nothing is to answer by itself"""
    return send(client, targets, text, notice=True)


@command("TAGMSG")
async def tagmsg(client: IRCProtocol, targets: str) -> None:
    """TAGMSG <target>{,<target>} -- tags alone, as for typing"""
    tags = client_tags(client)
    if not tags:
        return
    for target in targets.split(",")[:TARGETS]:
        try:
            event = await reaction(client, target, tags) or tagged(client, target, tags)
            nonce = nonce_of(client)
            mark(event, target, nonce)
            if client.label or nonce:
                await client.act(event)
            else:
                client.speak(event)
        except Duplicate:
            duplicate(client, target)
        except (NoSuchPerson, NoSuchRoom):
            client.numeric(n.ERR_NOSUCHNICK, target)
        except Refused as refusal:
            client.refuse(refusal)


def tagged(client: IRCProtocol, target: str, tags: dict[str, str]) -> Tagged:
    roles, name = status(target)
    kept = not KEPT.isdisjoint(tags)
    if name.startswith("#"):
        return Tagged(client.me.author, client.registry.room(name[1:]).name, None, tags, roles, kept)
    return Tagged(client.me.author, "", client.registry.user(name).author, tags, "", kept)


async def reaction(client: IRCProtocol, target: str, tags: dict[str, str]) -> Reacted | None:
    """A reaction to something that was said and is known, or its end (IRCv3 react): other wires see it, too."""
    emoji, reference = one_line(tags.get(REACT) or tags.get(UNREACT, "")), reply_to(tags)
    answered = await line(client, target, reference) if emoji and reference else None
    if answered is None:
        return None
    person = None if isinstance(answered, Said) else client.registry.user(target).author
    room, number = getattr(answered, "room", ""), answered.number or 0
    about = client.me.author, room, answered.id, number, answered.by
    return Reacted(*about, emoji, tags, not tags.get(REACT), to=person, quote=Quote.of(answered))


def reply_to(tags: dict[str, str]) -> str:
    """The id of the message that tags say an answer is to (IRCv3 reply)."""
    return tags.get("+draft/reply", "") or tags.get("+reply", "")


def client_tags(client: IRCProtocol) -> dict[str, str]:
    """The tags of a line that go on to others (message-tags: client-only tags)."""
    if "message-tags" not in client.caps:
        return {}
    return {key: value for key, value in client.message.tags.items() if key.startswith("+")}


def status(target: str) -> tuple[str, str]:
    """The roles that a message is for (STATUSMSG), and the rest of the target."""
    if target[:1] in STATUS and target[1:2] == "#":
        return STATUS[target[0]], target[1:]
    return "", target


def send(client: IRCProtocol, targets: str, text: str, notice: bool, joints: tuple[int, ...] | None = None) -> Any:
    """Say something to one or several targets.  `joints`: see `chat.core.events.Said`; None: it came as one line."""
    if not targets:
        _answer(client, n.ERR_NORECIPIENT)
        return None
    if not text:
        _answer(client, n.ERR_NOTEXTTOSEND)
        return None
    if targets.lower() == PLAYER:
        return play(client, text)
    if targets.lower() in SERVICES and not notice:
        return SERVICES[targets.lower()].obey(client, text)
    names = targets.split(",")
    if len(names) > TARGETS:
        _answer(client, n.ERR_TOOMANYTARGETS, targets)
        return None
    if joints is None and any(_too_long(client, name, text, notice) for name in names):
        _answer(client, n.ERR_INPUTTOOLONG)
        return None
    tags = client_tags(client)
    if EDIT in tags:
        return _reword(client, names, tags[EDIT], text)
    events = {name: event for name in names if (event := _event(client, name, text, notice, joints or ()))}
    reference = reply_to(tags)
    if client.label or reference or nonce_of(client):
        return _one_by_one(client, events, reference)
    for event in events.values():
        client.speak(event)
        _away(client, event, notice)
    return None


def _too_long(client: IRCProtocol, target: str, text: str, notice: bool) -> bool:
    """Whether a line, as others get it with its source in front, has no room for all of its text."""
    if text.startswith(ACTION):
        text = text.rstrip(END) + END
    return not fits_with_source(Message("NOTICE" if notice else "PRIVMSG", [target, text], client.me.author.full))


async def _reword(client: IRCProtocol, names: list[str], msgid: str, text: str) -> None:
    for name in names:
        event = await edit(client, name, msgid, text)
        if event is None:
            continue
        mark(event, name, nonce_of(client))
        try:
            await client.act(event)
        except NotYours:
            forbidden(client, name, event)
        except Duplicate:
            duplicate(client, name)
        except Refused as refusal:
            client.refuse(refusal)


async def _one_by_one(client: IRCProtocol, events: dict[str, Any], reference: str) -> None:
    nonce = nonce_of(client)
    for name, event in events.items():
        if reference:
            answered = await line(client, f"#{event.room}" if isinstance(event, Said) else event.to.name, reference)
            event.quote = Quote.of(answered) if answered else None
        mark(event, name, nonce)
        try:
            await client.act(event)
        except Duplicate:
            duplicate(client, name)
        except Refused as refusal:
            client.refuse(refusal)
        else:
            _away(client, event, event.notice)


def _answer(client: IRCProtocol, numeric: n.Numeric, *params: str) -> None:
    """Answer something that was said, in its turn: an echo of what was said before it comes first."""
    client.in_turn(partial(client.numeric, numeric, *params))


def _away(client: IRCProtocol, event: Any, notice: bool) -> None:
    if isinstance(event, Told) and not notice:
        user = client.registry.ids.get(event.to.id)
        if user is None:
            _answer(client, n.RPL_AWAY, event.to.name, STORED)
        elif user.away is not None:
            _answer(client, n.RPL_AWAY, user.name, user.away)


def _event(
    client: IRCProtocol, target: str, text: str, notice: bool, joints: tuple[int, ...]
) -> Said | Told | None:
    """The event of a message to one target; what cannot be is answered, unless it is a notice."""
    emote = text.startswith(ACTION)
    if emote:
        text = text[len(ACTION) :].rstrip(END)
        joints = tuple(joint - len(ACTION) for joint in joints)
    tags = client_tags(client) or None
    roles, name = status(target)
    try:
        if name.startswith("#"):
            room = client.registry.room(name[1:])
            room.require_voice(client.me.author, text)
            return Said(client.me.author, room.name, text, emote, None, notice, roles, tags, joints)
        return Told(client.me.author, client.registry.addressee(name), text, emote, notice, tags, joints)
    except NoSuchRoom:
        if not notice:
            _answer(client, n.ERR_NOSUCHCHANNEL, target)
    except NotInRoom:
        if not notice:
            _answer(client, n.ERR_CANNOTSENDTOCHAN, name)
    except Refused as refusal:
        if not notice:
            client.in_turn(partial(client.refuse, refusal))
    return None
