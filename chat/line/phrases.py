"""One phrase for each event: how a person reads what happened."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from chat.core import events
from chat.core.events import Quote
from chat.line.footfall import Footfall
from chat.line.text import shown

if TYPE_CHECKING:
    from chat.line.view import View

Phrase = Callable[[Any, "View"], "str | None"]
PHRASES: dict[type, Phrase] = {}

#: In rooms with more people than this, comings and goings are counted instead of told one by one.
MANY = 20


def phrase(kind: type) -> Callable[[Phrase], Phrase]:
    """Decorate the phrase for a kind of event."""

    def register(function: Phrase) -> Phrase:
        PHRASES[kind] = function
        return function

    return register


def text_of(event: Any) -> str:
    return shown(event.text)


@phrase(events.Said)
def said(event: events.Said, view: View) -> str | None:
    where = view.where(event.room)
    name = view.name(event.by.name)
    if event.revised == "removed":
        return view.message(event, f"{where}{name} removed this line", number=event.number)
    if not event.text:
        return None
    label = f"{where}{name}{re(event.quote)}{' (edited)' if event.revised else ''}"
    if event.emote:
        return emote(event, view, where)
    return view.message(event, label, text_of(event), event.number)


def emote(event: events.Said, view: View, where: str) -> str:
    """`[12:02] * bob pours a cup`"""
    did = f"{where}* {view.name(event.by.name)} {text_of(event)}{' (edited)' if event.revised else ''}"
    return view.message(event, did, number=event.number)


def re(quote: Quote | None) -> str:
    """`` (re 412 bob "hi")``"""
    if quote is None:
        return ""
    _, number, name, text = quote
    return f' (re {number} {name} "{shown(text)}")'


@phrase(events.Told)
def told(event: events.Told, view: View) -> str | None:
    mine = event.by.id == view.you
    label = f"you -> {view.name(event.to.name)}" if mine else f"{view.name(event.by.name)} -> you"
    return view.message(event, label, f"* {text_of(event)}" if event.emote else text_of(event))


@phrase(events.Announced)
def announced(event: events.Announced, view: View) -> str | None:
    return view.message(event, f"{view.name(event.by.name)} -> all", text_of(event))


@phrase(events.Edited)
def edited(event: events.Edited, view: View) -> str | None:
    if not event.text:
        return None
    label = f"{view.where(event.room)}{view.name(event.by.name)} edited {event.line}"
    return view.message(event, label, text_of(event))


@phrase(events.Removed)
def removed(event: events.Removed, view: View) -> str | None:
    return view.message(event, f"{view.where(event.room)}{view.name(event.by.name)} removed {event.line}")


@phrase(events.Reacted)
def reacted(event: events.Reacted, view: View) -> str | None:
    label = f"{view.where(event.room)}{view.name(event.by.name)} reacts to {event.line}"
    return view.message(event, label, text_of(event))


@phrase(events.Joined)
def joined(event: events.Joined, view: View) -> str | None:
    if event.people > MANY:
        return None
    return view.notice(f"{event.by.name} came" + ("" if view.current else f" to #{event.room}"))


@phrase(events.Parted)
def parted(event: events.Parted, view: View) -> str | None:
    if event.people > MANY:
        return None
    where = "the room" if view.current else f"#{event.room}"
    return view.notice(f"{event.by.name} left {where}{because(event.why)}")


@phrase(events.Left)
def left(event: events.Left, view: View) -> str | None:
    return None if event.people > MANY else view.notice(f"{event.by.name} left{because(event.why)}")


@phrase(events.Renamed)
def renamed(event: events.Renamed, view: View) -> str | None:
    return None if event.people > MANY else view.notice(f"{event.by.name} is now {event.name}")


@phrase(events.TopicChanged)
def topic_changed(event: events.TopicChanged, view: View) -> str | None:
    did = f"changed the topic to: {event.topic}" if event.topic else "took the topic away"
    return view.notice(f"{view.where(event.room)}{event.by.name} {did}")


@phrase(Footfall)
def footfall(event: Footfall, view: View) -> str | None:
    counted = ((event.came, "came"), (event.left, "left"), (event.renamed, "took a new name"))
    (first, did), *others = [pair for pair in counted if pair[0]]
    parts = [f"{first:,} {'person' if first == 1 else 'people'} {did}", *(f"{count:,} {did}" for count, did in others)]
    return view.notice(view.where(event.room) + ", ".join(parts))


def because(why: str) -> str:
    """`` (see you)``"""
    words = shown(why)
    return f" ({words})" if words else ""
