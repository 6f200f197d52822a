"""How IRC clients see events: one rendering for each set of capabilities that changes what is seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from chat.core import events
from chat.core.events import Event
from chat.core.moment import iso
from chat.irc import batch, plain
from chat.irc.message import LONGEST, Message, clipped, format_tags
from chat.irc.welcome import TEXT_LENGTH

#: Capabilities that change how events look.
VISIBLE = frozenset(
    ("server-time", "message-tags", "account-notify", "account-tag", "extended-join", "setname", "away-notify",
     "invite-notify", "draft/relaymsg", "batch", "draft/channel-rename", "draft/multiline",
     "draft/message-edit", "draft/message-redaction", "draft/read-marker")
)  # fmt: skip
#: What is mostly plain words.
PLAIN = (events.Said, events.Told)
#: What has a text for people as its last parameter.
TEXTS = ("PRIVMSG", "NOTICE")

#: On a message of the past that has other words than at first, for those who know edits.
EDITED = "twisted-chat/edited"
RENDER: dict[type, Callable[[Any, View], Message | None]] = {}


@dataclass(frozen=True)
class View:
    """What a client has negotiated of that which changes how events look."""

    caps: frozenset[str]

    def render(self, event: Event) -> bytes:
        """An event as lines; empty when there is nothing to see."""
        return self.plain(event) or b"".join([message.encode() for message in self.messages(event)])

    def plain(self, event: Event) -> bytes:
        """The line of plain words, most of what is ever seen; empty where there is more to an event than words."""
        if not isinstance(event, PLAIN):
            return b""
        text, source, target = event.text, event.by.full, plain_target(event)
        if not target:
            return b""
        colon = ":" if " " in text or text[:1] in ":" else ""
        rest = f"PRIVMSG {target} {colon}{text}\r\n".encode()
        if len(rest) > LONGEST or not source.isprintable():
            return b""
        tags = format_tags(self.tags(event, {})) if self.caps else ""
        head = f"@{tags} :{source} " if tags else f":{source} "
        return head.encode() + rest

    def messages(self, event: Event) -> list[Message]:
        """An event as messages with the tags that it has for these capabilities; none when there is nothing to see."""
        draw = RENDER.get(type(event))
        message = draw(event, self) if draw else None
        if message is None:
            return []
        message.tags = self.tags(event, message.tags)
        if message.command not in TEXTS:
            return [message]
        joints = self.joints(event)
        if batch.fits(message) and not joints:
            return [message]
        return batch.several(message, joints, event.id if self.batches else "")

    @property
    def batches(self) -> bool:
        """Whether a text of several lines is seen as one."""
        return "batch" in self.caps and batch.MULTILINE in self.caps

    @property
    def edits(self) -> bool:
        """Whether an edit is seen as other words for a message, instead of in words of its own."""
        return {"draft/message-edit", "message-tags"} <= self.caps

    def joints(self, event: Any) -> Sequence[int]:
        """Where the text of an event was cut, if it is shown as it was said."""
        if getattr(event, "revised", "") or self.answers(event):
            return ()
        return getattr(event, "joints", ())

    def answers(self, event: Any) -> bool:
        """Whether it has to be said in words that a line is an answer; between two people that is plain."""
        return isinstance(event, events.Said) and event.quote is not None and "message-tags" not in self.caps

    def tags(self, event: Event, own: Mapping[str, str]) -> dict[str, str]:
        """The tags of an event for these capabilities, with its `own`, which its client gave it."""
        tags = {}
        if "server-time" in self.caps:
            tags["time"] = iso(event.time)
        if "message-tags" in self.caps:
            tags["msgid"] = event.id
            tags.update(own)
            if event.by.bot:
                tags["bot"] = ""
        if "draft/relaymsg" in self.caps and "/" in getattr(event, "alias", ""):
            tags["draft/relaymsg"] = event.by.name
        if "account-tag" in self.caps and event.by.account:
            tags["account"] = event.by.account
        return tags


@lru_cache(1024)
def view_with(caps: frozenset[str]) -> View:
    """How those see events who have negotiated these capabilities: one view for all of them."""
    return View(caps & VISIBLE)


def draws(kind: type) -> Callable[[Callable[[Any, View], Message | None]], Callable[[Any, View], Message | None]]:
    """Decorate the function that draws a kind of event."""

    def register(function: Callable[[Any, View], Message | None]) -> Callable[[Any, View], Message | None]:
        RENDER[kind] = function
        return function

    return register


def body(event: Any, view: View) -> str:
    """What was said, as a client sent it, or with what it answers in front."""
    text = plain.reply(event.quote) + event.text if view.answers(event) else str(event.text)
    return f"{batch.ACTION}{text}{batch.END}" if event.emote else text


@draws(events.FileSent)
@draws(events.Said)
def said(event: events.Said, view: View) -> Message | None:
    target = f"{few(event)}#{event.room}"
    verb = "NOTICE" if event.notice else "PRIVMSG"
    return Message(verb, [target, body(event, view)], speaker(event), tags_of(event, view))


def tags_of(event: events.Said | events.Told, view: View) -> dict[str, str]:
    """The tags of what was said, with what it answers, and whether it was said so from the beginning."""
    tags = dict(event.tags or {})
    if event.revised == "edited" and view.edits:
        tags[EDITED] = ""
    if event.quote:
        tags.setdefault("+draft/reply", event.quote[0])
    return tags


def speaker(event: events.Said) -> str:
    """Who says it, or as whom."""
    return f"{event.alias}!{event.by.mask}" if event.alias else event.by.full


@draws(events.Told)
def told(event: events.Told, view: View) -> Message | None:
    verb = "NOTICE" if event.notice else "PRIVMSG"
    return Message(verb, [event.to.name, body(event, view)], event.by.full, tags_of(event, view))


@draws(events.Announced)
def announced(event: events.Announced, view: View) -> Message | None:
    return Message("NOTICE", ["$*", event.text], event.by.full)


@draws(events.Tagged)
def tagged(event: events.Tagged, view: View) -> Message | None:
    if "message-tags" in view.caps:
        return Message("TAGMSG", [few(event) + target(event)], event.by.full, event.tags)
    words = plain.tagged(event)
    return Message("PRIVMSG", [target(event), words], event.by.full) if words else None


@draws(events.Edited)
def edited(event: events.Edited, view: View) -> Message | None:
    if not event.text:
        return None
    if view.edits:
        return Message("PRIVMSG", [target(event), event.text], event.by.full, {"+draft/edit": event.ref})
    return Message("PRIVMSG", [target(event), plain.edited(event)], event.by.full, {"+draft/reply": event.ref})


@draws(events.Removed)
def removed(event: events.Removed, view: View) -> Message | None:
    if "draft/message-redaction" in view.caps:
        return Message("REDACT", [target(event), event.ref, *([event.why] if event.why else [])], event.by.full)
    return Message("PRIVMSG", [target(event), plain.removed(event)], event.by.full, {"+draft/reply": event.ref})


@draws(events.Reacted)
def reacted(event: events.Reacted, view: View) -> Message | None:
    if not event.text:
        return None
    if "message-tags" in view.caps:
        tags = event.tags or {"+draft/react": event.text, "+draft/reply": event.ref}
        return Message("TAGMSG", [target(event)], event.by.full, tags)
    return Message("PRIVMSG", [target(event), plain.reacted(event)], event.by.full)


def few(event: Any) -> str:
    """What stands before a channel when something is for those with a role only (STATUSMSG)."""
    return {"q": "~", "qo": "@", "qov": "+"}.get(event.to_roles, "")


def plain_target(event: events.Said | events.Told) -> str:
    """What plain words go to; empty where there is more to an event than words."""
    more = event.emote or event.notice or event.tags or event.joints or event.quote or event.revised
    if more or not event.text.isprintable():
        return ""
    if isinstance(event, events.Said):
        return "" if event.alias or event.to_roles else f"#{event.room}"
    return event.to.name


def target(event: Any) -> str:
    """What an event that is in a room or between two people goes to."""
    return event.to.name if event.to else f"#{event.room}"


@draws(events.MarkedRead)
def marked_read(event: events.MarkedRead, view: View) -> Message | None:
    if "draft/read-marker" not in view.caps:
        return None
    return Message("MARKREAD", [event.target, f"timestamp={iso(event.upto)}"], event.by.full)


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


@draws(events.RoomRenamed)
def room_renamed(event: events.RoomRenamed, view: View) -> Message | None:
    if "draft/channel-rename" not in view.caps:
        return None
    return Message("RENAME", [f"#{event.room}", f"#{event.name}", event.why], event.by.full)


@draws(events.TopicChanged)
def topic_changed(event: events.TopicChanged, view: View) -> Message | None:
    return Message("TOPIC", [f"#{event.room}", clipped(event.topic, TEXT_LENGTH)], event.by.full)


@draws(events.ModeChanged)
def mode_changed(event: events.ModeChanged, view: View) -> Message | None:
    sign, letters, arguments = "", "", []
    for (on, letter, _), name in zip(event.modes, event.names, strict=True):
        letters += (on if on != sign else "") + letter
        sign = on
        if name:
            arguments.append(f"#{name}" if letter == "f" else name)
    return Message("MODE", [f"#{event.room}", letters, *arguments], event.by.full)


@draws(events.RoomGiven)
def room_given(event: events.RoomGiven, view: View) -> Message | None:
    if not event.names:
        return None
    return Message("MODE", [f"#{event.room}", f"+{'o' * len(event.names)}", *event.names], event.by.full)


@draws(events.UserModeChanged)
def user_mode_changed(event: events.UserModeChanged, view: View) -> Message | None:
    letters = (f"+{event.added}" if event.added else "") + (f"-{event.taken}" if event.taken else "")
    return Message("MODE", [event.by.name, letters], event.by.full)


@draws(events.Alerted)
def alerted(event: events.Alerted, view: View) -> Message | None:
    return Message("WALLOPS", [event.text], event.by.full)


@draws(events.AwayChanged)
def away_changed(event: events.AwayChanged, view: View) -> Message | None:
    if "away-notify" not in view.caps:
        return None
    return Message("AWAY", [event.why] if event.why is not None else [], event.by.full)


@draws(events.LoggedIn)
def logged_in(event: events.LoggedIn, view: View) -> Message | None:
    return Message("ACCOUNT", [event.account or "*"], event.by.full) if "account-notify" in view.caps else None


@draws(events.RealnameChanged)
def realname_changed(event: events.RealnameChanged, view: View) -> Message | None:
    return Message("SETNAME", [event.realname], event.by.full) if "setname" in view.caps else None
