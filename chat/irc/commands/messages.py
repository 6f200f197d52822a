"""Messages: to channels, to people, with tags alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chat.core.events import Said, Tagged, Told
from chat.core.refusals import NoSuchPerson, NoSuchRoom, NotInRoom, Refused
from chat.irc import numerics as n
from chat.irc.table import command

if TYPE_CHECKING:
    from chat.irc.protocol import IRCProtocol

#: Targets of one message.
TARGETS = 4
STATUS = {"@": "o", "+": "ov"}


@command("PRIVMSG", speech=True)
def privmsg(client: IRCProtocol, targets: str = "", text: str = "") -> Any:
    """PRIVMSG <target>{,<target>} :<text> -- say something"""
    return _message(client, targets, text, notice=False)


@command("NOTICE", speech=True)
def notice(client: IRCProtocol, targets: str = "", text: str = "") -> Any:
    """NOTICE <target>{,<target>} :<text> -- say something that nothing is to answer by itself"""
    return _message(client, targets, text, notice=True)


@command("TAGMSG")
async def tagmsg(client: IRCProtocol, targets: str) -> None:
    """TAGMSG <target>{,<target>} -- tags alone, as for typing"""
    tags = client_tags(client)
    if not tags:
        return
    for target in targets.split(",")[:TARGETS]:
        try:
            event = tagged(client, target, tags)
            if client.label:
                await client.act(event)
            else:
                client.speak(event)
        except (NoSuchPerson, NoSuchRoom):
            client.numeric(n.ERR_NOSUCHNICK, target)
        except Refused as refusal:
            client.refuse(refusal)


def tagged(client: IRCProtocol, target: str, tags: dict[str, str]) -> Tagged:
    roles, name = status(target)
    if name.startswith("#"):
        return Tagged(client.me.author, client.registry.room(name[1:]).name, None, tags, roles)
    return Tagged(client.me.author, "", client.registry.user(name).author, tags)


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


def _message(client: IRCProtocol, targets: str, text: str, notice: bool) -> Any:
    if not targets:
        client.numeric(n.ERR_NORECIPIENT)
        return None
    if not text:
        client.numeric(n.ERR_NOTEXTTOSEND)
        return None
    names = targets.split(",")
    if len(names) > TARGETS:
        client.numeric(n.ERR_TOOMANYTARGETS, targets)
        return None
    events = [event for name in names if (event := _event(client, name, text, notice))]
    if client.label:
        return _one_by_one(client, events)
    for event in events:
        client.speak(event)
        _away(client, event, notice)
    return None


async def _one_by_one(client: IRCProtocol, events: list[Any]) -> None:
    for event in events:
        try:
            await client.act(event)
        except Refused as refusal:
            client.refuse(refusal)
        else:
            _away(client, event, event.notice)


def _away(client: IRCProtocol, event: Any, notice: bool) -> None:
    if isinstance(event, Told) and not notice:
        user = client.registry.ids.get(event.to.id)
        if user is not None and user.away is not None:
            client.numeric(n.RPL_AWAY, user.name, user.away)


def _event(client: IRCProtocol, target: str, text: str, notice: bool) -> Said | Told | None:
    """The event of a message to one target; what cannot be is answered, unless it is a notice."""
    emote = text.startswith("\x01ACTION ")
    if emote:
        text = text[8:].rstrip("\x01")
    tags = client_tags(client) or None
    roles, name = status(target)
    try:
        if name.startswith("#"):
            room = client.registry.room(name[1:])
            room.require_voice(client.me.author)
            return Said(client.me.author, room.name, text, emote, None, notice, roles, tags)
        return Told(client.me.author, client.registry.user(name).author, text, emote, notice, tags)
    except NoSuchRoom:
        if not notice:
            client.numeric(n.ERR_NOSUCHCHANNEL, target)
    except NotInRoom:
        client.numeric(n.ERR_CANNOTSENDTOCHAN, name)
    except Refused as refusal:
        if not notice:
            client.refuse(refusal)
    return None
