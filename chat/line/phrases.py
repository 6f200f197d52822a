"""One phrase for each event: how a person reads what happened."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from chat.core import events
from chat.core.events import Quote
from chat.core.mask import ACCOUNT, MUTE
from chat.core.user import for_a_program
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


#: Who hears what only those with one of these roles hear.
EARS = {"q": "the founder", "qo": "operators"}


def lines_of(event: Any) -> list[str]:
    """A text line by line: each is shown behind a head of its own, so that none can look like the server's."""
    return [shown(line) for line in event.text.split("\n")]


def said_so(event: Any, view: View, label: str, number: int = 0) -> str:
    """What somebody said or changed, who it was before every line of it."""
    return "\n".join(view.message(event, label, line, number) for line in lines_of(event))


@phrase(events.Said)
def said(event: events.Said, view: View) -> str | None:
    where = view.where(event.room)
    name = view.name(shown(event.alias) or event.by.name)
    if event.revised == "removed":
        return view.message(event, f"{where}what {name} said was removed", number=event.number)
    if not event.text or for_a_program(event):
        return None
    few = f" (to {EARS.get(event.heard_by, 'some')})" if event.heard_by else ""
    edited = " (edited)" if event.revised else ""
    if event.emote:
        return emote(event, view, f"{where}* {name}{re(event.quote)}{few}", edited)
    return said_so(event, view, f"{where}{name}{re(event.quote)}{few}{edited}", event.number)


def emote(event: events.Said, view: View, label: str, edited: str) -> str:
    """`[12:02] * bob pours a cup`"""
    return "\n".join(view.message(event, f"{label} {line}{edited}", number=event.number) for line in lines_of(event))


@phrase(events.FileSent)
def file_sent(event: events.FileSent, view: View) -> str | None:
    """`[12:06] bob sent a file: plan.pdf (84 kB) https://chat.example.org/files/...`"""
    if event.revised or event.heard_by:
        return said(event, view)
    name, text = f"{view.where(event.room)}{view.name(event.by.name)}", shown(event.text)
    if not view.settings.times:
        return view.message(event, name, text, event.number)
    return view.message(event, f"{name} {text}", number=event.number)


def re(quote: Quote | None) -> str:
    """`` (re 412 bob "hi")``, of a line that was removed `` (re 412 bob)``, in private `` (re bob "hi")``"""
    if quote is None:
        return ""
    _, number, name, text = quote
    words = [str(number)] * bool(number) + [shown(name)] + [f'"{shown(text)}"'] * bool(text)
    return f" (re {' '.join(words)})"


@phrase(events.Told)
def told(event: events.Told, view: View) -> str | None:
    if for_a_program(event):
        return None
    mine = view.is_you(event.by)
    label = f"you -> {view.name(event.to.name)}" if mine else f"{view.name(event.by.name)} -> you"
    mark = "* " if event.emote else ""
    return "\n".join(view.message(event, label + re(event.quote), mark + line) for line in lines_of(event))


@phrase(events.Announced)
def announced(event: events.Announced, view: View) -> str | None:
    return said_so(event, view, f"{view.name(event.by.name)} -> all")


@phrase(events.Edited)
def edited(event: events.Edited, view: View) -> str | None:
    if not event.text:
        return None
    return said_so(event, view, f"{view.where(event.room)}{view.name(event.by.name)} edited {event.line}")


@phrase(events.Removed)
def removed(event: events.Removed, view: View) -> str | None:
    did = f"removed {event.line}" if event.is_own else f"removed {event.line} of {event.author.name}"
    if event.of_reaction:
        did = "took back a reaction" if event.is_own else f"removed a reaction of {event.author.name}"
        did += f" to {event.line}" if event.to is None else ""
    elif event.to is not None:
        did = f"removed what they said to {'you' if view.is_you(event.to) else event.to.name}"
    return view.message(event, f"{place(event, view)}{view.name(event.by.name)} {did}{because(event.why)}")


@phrase(events.Reacted)
def reacted(event: events.Reacted, view: View) -> str | None:
    what = str(event.line)
    if event.to is not None:
        what = f'"{shown(event.quote[3])}"' if event.quote and event.quote[3] else "what was said"
    does = "no longer reacts" if event.withdrawn else "reacts"
    return said_so(event, view, f"{place(event, view)}{view.name(event.by.name)} {does} to {what}")


def place(event: Any, view: View) -> str:
    """Where something happened: in another room, or nothing for what is private."""
    return "" if event.to is not None else view.where(event.room)


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
    why = event.why.removeprefix("Quit").removeprefix(": ")  # as IRC says that it was of their own will
    return None if event.people > MANY else view.notice(f"{event.by.name} left{because(why)}")


@phrase(events.Renamed)
def renamed(event: events.Renamed, view: View) -> str | None:
    return None if event.people > MANY else view.notice(f"{event.by.name} is now {event.name}")


@phrase(events.TopicChanged)
def topic_changed(event: events.TopicChanged, view: View) -> str | None:
    did = f"changed the topic to: {event.topic}" if event.topic else "took the topic away"
    return view.notice(f"{view.where(event.room)}{event.by.name} {did}")


@phrase(events.RoomRenamed)
def room_renamed(event: events.RoomRenamed, view: View) -> str | None:
    return view.notice(f"{event.by.name} renamed #{event.room} to #{event.name}{because(event.why)}")


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


@phrase(events.Kicked)
def kicked(event: events.Kicked, view: View) -> str | None:
    why = "" if event.why == event.by.name else because(event.why)
    return view.notice(f"{view.where(event.room)}{event.by.name} put {event.who.name} out of the room{why}")


@phrase(events.Invited)
def invited(event: events.Invited, view: View) -> str | None:
    if event.withdrawn:
        whose = "your" if view.is_you(event.who) else f"{event.who.name}'s"
        return view.notice(f"{event.by.name} withdrew {whose} invitation to #{event.room}")
    if view.is_you(event.who):
        return view.notice(f"{event.by.name} invites you to {event.room}: /join {event.room}")
    return view.notice(f"{event.by.name} invited {event.who.name} to #{event.room}")


#: What an operator did, by sign and letter of the mode, with the name or the value it was about.
DEEDS = {
    "+q": "gave the room to {}", "-q": "no longer lets {} own the room",
    "+o": "made {} an operator", "-o": "made {} an ordinary member", "+v": "gave {} a voice", "-v": "took {}'s voice",
    "+b": "banned {}", "-b": "unbanned {}", "+e": "exempted {} from bans", "-e": "no longer exempts {} from bans",
    "+I": "always lets {} in", "-I": "no longer always lets {} in",
    "+i": "made the room private: for invited people only", "-i": "opened the room to everyone",
    "+m": "made the room moderated", "-m": "let everyone speak again",
    "+k": "gave the room a key", "-k": "took the key away", "+l": "limited the room to {} people",
    "-l": "lifted the limit on people", "+s": "made the room secret", "-s": "made the room known",
    "+t": "left the topic to operators", "-t": "lets everyone change the topic",
    "+M": "lets only people with an account speak", "-M": "lets people without an account speak",
    "+R": "lets only people with an account in", "-R": "lets people without an account in",
    "+n": "lets only people in the room speak here", "-n": "lets people outside the room speak here",
    "+u": "hides who comes and goes", "-u": "shows who comes and goes",
    "+U": "lets operators alone hear ordinary members", "-U": "lets everyone hear ordinary members",
    "+E": "lets people speak as characters", "-E": "no longer lets people speak as characters",
    "+C": "forbids requests to people's programs (CTCP)", "-C": "allows requests to people's programs (CTCP)",
    "+f": "sends those who may not come in to #{}", "-f": "no longer sends anyone to another room",
}  # fmt: skip


#: What somebody did to itself.
OWN = {
    "+q": "has founded the room", "-q": "gave the room away", "+o": "is an operator", "-o": "is no operator any more",
    "+v": "has a voice", "-v": "has no voice any more",
}  # fmt: skip


def whom(mask: str) -> str:
    """The name that a mask is about, or the mask where it is about no single one."""
    mask = mask.removeprefix(MUTE).removeprefix(ACCOUNT)
    return mask.removesuffix("!*@*") if mask != "*!*@*" else mask


@phrase(events.ModeChanged)
def mode_changed(event: events.ModeChanged, view: View) -> str | None:
    deeds = [
        deed(sign, letter, name) if name != event.by.name else OWN.get(sign + letter) or deed(sign, letter, "itself")
        for (sign, letter, _), name in zip(event.modes, event.names, strict=True)
    ]
    return view.notice(f"{view.where(event.room)}{event.by.name} {', '.join(deeds)}")


@phrase(events.RoomGiven)
def room_given(event: events.RoomGiven, view: View) -> str | None:
    made = ", ".join(DEEDS["+o"].format(name) for name in event.names)
    return view.notice(f"{view.where(event.room)}{event.by.name} {made}") if made else None


def deed(sign: str, letter: str, name: str) -> str:
    """`muted bob`"""
    if letter == "b" and name.startswith(MUTE):
        return f"{'muted' if sign == '+' else 'unmuted'} {whom(name)}"
    return DEEDS.get(sign + letter, f"changed the mode {sign}{letter}").format(whom(name))
