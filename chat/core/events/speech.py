"""What people say, to a room, to one another, to everyone; and what they make of it afterwards."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import ClassVar

from chat.core.events.base import EVERYONE, Durability, Event, People, Quote, ears, event, identity, pair
from chat.core.events.people import person
from chat.core.names import fold
from chat.core.refusals import NotYours, OnlyAccounts, PersonTakesNoCTCP
from chat.core.registry import Author, Registry, Room, State
from chat.core.session import Listener, Session
from chat.core.user import CTCP


def between(one: Author, other: Author) -> tuple[str, ...]:
    """The conversations that something between these two belongs in: their own."""
    return (pair(identity(one), identity(other)),)


def both(registry: Registry, one: Author, other: Author) -> People:
    """These two, or who of them is here."""
    first, second = registry.ids.get(one.id), registry.ids.get(other.id)
    users = (first, second) if first is not second else (first,)
    return People([user for user in users if user is not None])


def tell(event: Event, to: Author | None, audience: Listener, origin: Session | None) -> None:
    """Who writes to itself hears it once more where it was written: as what it said, and as what it was told."""
    audience.hear(event, origin)
    if origin is not None and to is not None and event.by.id == to.id:
        origin.hear(event, None)


def talked(one: Author, other: Author) -> State:
    """That `one` has had a conversation with `other`, and what that one was called then."""
    value = {"name": other.name, "id": other.id, "account": other.account}
    return State("talk", f"{identity(one)} {identity(other)}", json.dumps(value))


class Public(Event):
    """Something in a room, that knows the room from when it is checked."""

    __slots__ = ("_room",)
    _room: Room


@event
@dataclass(slots=True, eq=False)
class Said(Public):
    """Someone said a line in a room, perhaps in answer to another (`quote`); `emote`: it says what they do.

    `notice`: nothing is to answer it by itself.  `to_roles`: it is said to members with one of these roles only;
    `heard_by`: only they hear it, because of that or as the room is.
    `tags` are the client's own (IRCv3 client-only tags).  `alias` is whom it is said as, if not oneself: a character
    of a play, or, as `name/network`, somebody of another network that a bot speaks for.  The text may have line
    breaks; `joints` are the places in it, in characters, where it was cut to fit into lines of a wire, and is better
    cut there again.

    `number` counts the lines of the room that all hear from 1; the others have 0.  A line read back from the history
    shows its latest text and says in `revised` whether that was "edited", or "removed" and is empty.
    """

    room: str
    text: str
    emote: bool = False
    quote: Quote | None = None
    notice: bool = False
    to_roles: str = ""
    tags: dict[str, str] | None = None
    joints: tuple[int, ...] = ()
    alias: str = ""
    heard_by: str = field(default="", init=False)
    number: int = field(default=0, init=False)  # type: ignore[misc]
    revised: str = field(default="", init=False)

    def check(self, registry: Registry) -> None:
        room = self._room = registry.room(self.room)
        room.require_voice(self.by, self.text)
        if self.alias:
            room.require_alias(self.by, self.alias)

    def apply(self, registry: Registry) -> None:
        room = self._room
        self.room, self.heard_by = room.name, self.to_roles or room.ear(self.by)
        if not self.heard_by:
            room.lines = self.number = room.lines + 1

    def undo(self, registry: Registry) -> None:
        room = registry.rooms.get(fold(self.room))
        if room is not None:
            room.lines = min(room.lines, self.number - 1)

    def audience(self, registry: Registry) -> Listener:
        return ears(registry, self._room, self.heard_by, self.by)

    def conversations(self) -> tuple[str, ...]:
        """What not all of a room hear is not in its history."""
        return () if self.heard_by else (fold(self.room),)

    def changes(self, registry: Registry) -> Iterable[State]:
        return () if self._room.saved else (self._room.save(),)


@event
@dataclass(slots=True, eq=False)
class FileSent(Said):
    """Someone sent a file to a room.  The text says, behind their name, which one it is and where it can be had."""

    emote: bool = True


class Private(Event):
    """Something between two people, that knows its conversation once it was asked for it."""

    __slots__ = ("_between",)
    _between: tuple[str, ...]


@event
@dataclass(slots=True, eq=False)
class Told(Private):
    """Someone said something to one other person in private, who may not be here if they have an account."""

    to: Author
    text: str
    emote: bool = False
    notice: bool = False
    tags: dict[str, str] | None = None
    joints: tuple[int, ...] = ()
    quote: Quote | None = None
    revised: str = field(default="", init=False)

    number: ClassVar[int | None] = 0

    def check(self, registry: Registry) -> None:
        if self.to.id not in registry.ids and fold(self.to.account) in registry.accounts:
            return
        to = person(registry, self.to)
        if "T" in to.modes and self.text.startswith(CTCP):
            raise PersonTakesNoCTCP(self.to.name)
        if "R" in to.modes and not self.by.account and self.by.id not in to.accepted:
            raise OnlyAccounts(self.to.name)

    def apply(self, registry: Registry) -> None:
        """Whoever is written to may answer."""
        user = registry.ids.get(self.by.id)
        if user is not None and "R" in user.modes:
            user.accepted |= {self.to.id}

    def audience(self, registry: Registry) -> Listener:
        return both(registry, self.to, self.by)

    def deliver(self, audience: Listener, registry: Registry, origin: Session | None) -> None:
        tell(self, self.to, audience, origin)

    def conversations(self) -> tuple[str, ...]:
        """That of these two, worked out once: it is asked for again and again."""
        known: tuple[str, ...] | None = getattr(self, "_between", None)
        if known is None:
            known = self._between = between(self.by, self.to)
        return known

    def changes(self, registry: Registry) -> Iterable[State]:
        """Who they are is written when they begin to talk, and when one of them is called otherwise."""
        (conversation,) = self.conversations()
        known = registry.acquainted.get(conversation, ())
        if self.by in known and self.to in known:
            return ()
        registry.acquainted[conversation] = self.by, self.to
        return talked(self.by, self.to), talked(self.to, self.by)


@event
@dataclass(slots=True, eq=False)
class Announced(Event):
    """Someone said something to everyone, in whatever room they are."""

    text: str
    revised: str = field(default="", init=False)

    number: ClassVar[int | None] = 0

    def audience(self, registry: Registry) -> Listener:
        return People(registry.ids.values())

    def conversations(self) -> tuple[str, ...]:
        return (EVERYONE,)


@dataclass(slots=True, eq=False)
class Afterthought(Event):
    """Something done to a line that was said before: `ref` is its id, `line` its number, `author` who said it.

    In private `room` is empty and `to` the other one.  `quote` is how the line began, for those who cannot tell
    by a number or an id which one is meant.
    """

    room: str
    ref: str
    line: int
    author: Author
    to: Author | None = field(default=None, kw_only=True)
    quote: Quote | None = field(default=None, kw_only=True)

    def check(self, registry: Registry) -> None:
        if self.to is None:
            registry.room(self.room).require_member(self.by)

    @property
    def is_own(self) -> bool:
        """Whether the line is by whoever does this."""
        return self.author.id == self.by.id or identity(self.author) == identity(self.by)

    def require_voice(self, registry: Registry) -> None:
        """Whoever may not speak may not speak so either."""
        if self.to is None:
            registry.room(self.room).require_voice(self.by)

    def audience(self, registry: Registry) -> Listener:
        if self.to is not None:
            return both(registry, self.by, self.to)
        return registry.room(self.room).crowd

    def conversations(self) -> tuple[str, ...]:
        if self.to is not None:
            return between(self.by, self.to)
        return (fold(self.room),)


@event
@dataclass(slots=True, eq=False)
class Edited(Afterthought):
    """Someone changed what they had said."""

    text: str

    def check(self, registry: Registry) -> None:
        Afterthought.check(self, registry)
        self.require_voice(registry)
        if not self.is_own:
            raise NotYours(self.line, self.author.name)


@event
@dataclass(slots=True, eq=False)
class Removed(Afterthought):
    """A line was taken back by who said it or by an operator of the room, who may say why: its text is no longer kept.

    `said` is when it was said (ms); there is no quote of it.  `of_reaction`: it is a reaction to the line `line` that
    was taken back, not the line.
    """

    why: str = ""
    said: int = 0
    of_reaction: bool = False

    def check(self, registry: Registry) -> None:
        Afterthought.check(self, registry)
        if self.is_own:
            return
        member = None if self.to is not None else registry.room(self.room).require_member(self.by)
        if member is None or not member.may_rule:
            raise NotYours(self.line, self.author.name)


@event
@dataclass(slots=True, eq=False)
class Reacted(Afterthought):
    """Someone answered a line with an emoji; `withdrawn`: does so no longer.  `tags` are the client's own."""

    text: str
    tags: dict[str, str] | None = None
    withdrawn: bool = False
    revised: str = field(default="", init=False)

    def check(self, registry: Registry) -> None:
        Afterthought.check(self, registry)
        self.require_voice(registry)


@event
@dataclass(slots=True, eq=False)
class Tagged(Event):
    """Tags without a text, to a room or to a person: typing, for example (IRCv3 TAGMSG).

    Most of them mean nothing later; those that do are `kept`.
    """

    room: str
    to: Author | None
    tags: dict[str, str]
    to_roles: str = ""
    kept: bool = False
    heard_by: str = field(default="", init=False)

    @property
    def durability(self) -> Durability:  # type: ignore[override]
        return Durability.KEPT if self.kept else Durability.PASSING

    def check(self, registry: Registry) -> None:
        if self.to is not None:
            person(registry, self.to)
        else:
            registry.room(self.room).require_voice(self.by)

    def apply(self, registry: Registry) -> None:
        if self.to is None:
            self.heard_by = self.to_roles or registry.room(self.room).ear(self.by)

    def audience(self, registry: Registry) -> Listener:
        if self.to is None:
            return ears(registry, registry.room(self.room), self.heard_by, self.by)
        return both(registry, self.by, self.to)

    def deliver(self, audience: Listener, registry: Registry, origin: Session | None) -> None:
        tell(self, self.to, audience, origin)

    def conversations(self) -> tuple[str, ...]:
        if self.to is not None:
            return between(self.by, self.to)
        return () if self.heard_by else (fold(self.room),)
