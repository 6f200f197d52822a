"""How IRC clients see events: one rendering for each set of capabilities that changes what is seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from chat.core import events
from chat.core.events import Event
from chat.irc.message import Message, format_tags

Lines = "Message | None"
RENDER: dict[type, Callable[[Any, View], Message | None]] = {}


def iso(time: int) -> str:
    """A time in ms since 1970 as server-time has it."""
    return datetime.fromtimestamp(time / 1000, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.") + f"{time % 1000:03}Z"


@dataclass(frozen=True)
class View:
    """What a client has negotiated of that which changes how events look."""

    caps: frozenset[str]

    def render(self, event: Event) -> bytes:
        """An event as a line; empty when there is nothing to see."""
        draw = RENDER.get(type(event))
        message = draw(event, self) if draw else None
        return self.encode(event, message) if message else b""

    def encode(self, event: Event, message: Message) -> bytes:
        """A message with the tags that the event has for these capabilities."""
        tags = self.tags(event, message)
        prefix = f"@{format_tags(tags)} " if tags else ""
        return f"{prefix}:{message.source} {message.untagged()}\r\n".encode()

    def tags(self, event: Event, message: Message) -> dict[str, str]:
        tags = {}
        if "server-time" in self.caps:
            tags["time"] = iso(event.time)
        if "message-tags" in self.caps:
            tags["msgid"] = event.id
            tags.update(message.tags)
            if "B" in message.tags:
                tags["bot"] = ""
        if "account-tag" in self.caps and event.by.account:
            tags["account"] = event.by.account
        return tags


def draws(kind: type) -> Callable[[Callable[[Any, View], Message | None]], Callable[[Any, View], Message | None]]:
    """Decorate the function that draws a kind of event."""

    def register(function: Callable[[Any, View], Message | None]) -> Callable[[Any, View], Message | None]:
        RENDER[kind] = function
        return function

    return register


def body(event: Any) -> str:
    """What was said, as a client sent it."""
    return f"\x01ACTION {event.text}\x01" if event.emote else str(event.text)


@draws(events.Said)
def said(event: events.Said, view: View) -> Message | None:
    target = f"{'@' if event.to_roles == 'o' else '+' if event.to_roles else ''}#{event.room}"
    verb = "NOTICE" if event.notice else "PRIVMSG"
    tags = dict(event.tags or {})
    if event.quote:
        tags.setdefault("+draft/reply", event.quote[0])
    return Message(verb, [target, body(event)], event.by.full, tags)


@draws(events.Told)
def told(event: events.Told, view: View) -> Message | None:
    verb = "NOTICE" if event.notice else "PRIVMSG"
    return Message(verb, [event.to.name, body(event)], event.by.full, event.tags or {})


@draws(events.Announced)
def announced(event: events.Announced, view: View) -> Message | None:
    return Message("NOTICE", ["$*", event.text], event.by.full)


@draws(events.Tagged)
def tagged(event: events.Tagged, view: View) -> Message | None:
    if "message-tags" not in view.caps:
        return None
    target = event.to.name if event.to else f"#{event.room}"
    return Message("TAGMSG", [target], event.by.full, event.tags)


@draws(events.Edited)
def edited(event: events.Edited, view: View) -> Message | None:
    tags = {"+draft/reply": event.ref}
    return Message("PRIVMSG", [f"#{event.room}", f"(edited {event.line}) {event.text}"], event.by.full, tags)


@draws(events.Removed)
def removed(event: events.Removed, view: View) -> Message | None:
    return Message("PRIVMSG", [f"#{event.room}", f"(removed {event.line})"], event.by.full)


@draws(events.Reacted)
def reacted(event: events.Reacted, view: View) -> Message | None:
    if "message-tags" in view.caps:
        tags = {"+draft/react": event.text, "+draft/reply": event.ref}
        return Message("TAGMSG", [f"#{event.room}"], event.by.full, tags)
    return Message("PRIVMSG", [f"#{event.room}", f"(reacts to {event.line}) {event.text}"], event.by.full)


@draws(events.Joined)
def joined(event: events.Joined, view: View) -> Message | None:
    if "extended-join" in view.caps:
        realname = event.realname or event.by.name
        return Message("JOIN", [f"#{event.room}", event.by.account or "*", realname], event.by.full)
    return Message("JOIN", [f"#{event.room}"], event.by.full)


@draws(events.Parted)
def parted(event: events.Parted, view: View) -> Message | None:
    return Message("PART", [f"#{event.room}", *([event.why] if event.why else [])], event.by.full)


@draws(events.Kicked)
def kicked(event: events.Kicked, view: View) -> Message | None:
    return Message("KICK", [f"#{event.room}", event.who.name, event.why or event.by.name], event.by.full)


@draws(events.Left)
def left(event: events.Left, view: View) -> Message | None:
    return Message("QUIT", [event.why or "Connection closed"], event.by.full)


@draws(events.Renamed)
def renamed(event: events.Renamed, view: View) -> Message | None:
    return Message("NICK", [event.name], event.by.full)


@draws(events.TopicChanged)
def topic_changed(event: events.TopicChanged, view: View) -> Message | None:
    return Message("TOPIC", [f"#{event.room}", event.topic], event.by.full)


@draws(events.Invited)
def invited(event: events.Invited, view: View) -> Message | None:
    return Message("INVITE", [event.who.name, f"#{event.room}"], event.by.full)


@draws(events.ModeChanged)
def mode_changed(event: events.ModeChanged, view: View) -> Message | None:
    sign, letters, arguments = "", "", []
    for (on, letter, _), name in zip(event.modes, event.names, strict=True):
        letters += (on if on != sign else "") + letter
        sign = on
        if name:
            arguments.append(name)
    return Message("MODE", [f"#{event.room}", letters, *arguments], event.by.full)


@draws(events.UserModeChanged)
def user_mode_changed(event: events.UserModeChanged, view: View) -> Message | None:
    letters = (f"+{event.added}" if event.added else "") + (f"-{event.taken}" if event.taken else "")
    return Message("MODE", [event.by.name, letters], event.by.full)


@draws(events.AwayChanged)
def away_changed(event: events.AwayChanged, view: View) -> Message | None:
    if "away-notify" not in view.caps:
        return None
    return Message("AWAY", [event.why] if event.why is not None else [], event.by.full)


@draws(events.RealnameChanged)
def realname_changed(event: events.RealnameChanged, view: View) -> Message | None:
    return Message("SETNAME", [event.realname], event.by.full) if "setname" in view.caps else None
