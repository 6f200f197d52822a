"""What an event is.

An event says what somebody did.  It is complete when it is published: who, what, and, stamped by the
router, when and under which id.  After that only `apply` may add to it, and only what follows from the
registry (the number of a line, how many people heard of it), so every node adds the same.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Iterator
from dataclasses import MISSING, dataclass, field, fields
from functools import cache
from operator import attrgetter
from typing import Any, ClassVar, TypeVar

from chat.core.names import fold
from chat.core.registry import Author, Registry, Room, State, User
from chat.core.session import Crowd, Listener, Session

E = TypeVar("E", bound="Event")

#: Every kind of event by its name, as it is written in the store.
KINDS: dict[str, type[Event]] = {}


class Durability(enum.Enum):
    """What an event needs before anyone may hear of it."""

    KEPT = "it is on disk, or it did not happen"  # speech, and whatever changes what lasts
    NOTED = "it is on disk if that can be done"  # comings and goings: true even with a full disk
    PASSING = "nothing: it is never written"  # away, typing


class Quote(tuple[str, int, str, str]):
    """The line an answer is to: its id, its number in the room, its author's name, how it begins.

    The beginning is empty when the line was removed meanwhile.
    """

    __slots__ = ()
    LENGTH: ClassVar[int] = 40

    @classmethod
    def of(cls, line: Any) -> Quote:
        """The quote of a line that was said, by whom it was said as."""
        text = " ".join(filter(None, line.text.split("\n")))
        text = text if len(text) <= cls.LENGTH else text[: cls.LENGTH - 3] + "..."
        return cls((line.id, line.number, getattr(line, "alias", "") or line.by.name, text))


@dataclass(slots=True, eq=False)
class Event:
    """Something that happened, in the past tense: who may (`check`), what changes (`apply`), who hears (`audience`).

    `id` is unique; `time` is ms since 1970; `seq` is its place among all events that are kept.  These
    three are stamped by the router.  `check`, `apply` and `audience` are pure: they read and write the
    registry and nothing else.
    """

    by: Author
    id: str = field(default="", init=False)
    time: int = field(default=0, init=False)
    seq: int = field(default=0, init=False)

    durability: ClassVar[Durability] = Durability.KEPT
    #: What is said is a line: it has a number in its room, or 0 outside of rooms.  Other events are None.
    number: ClassVar[int | None] = None
    #: Fields that are not written with the event: secrets, of which only the state that they changed is kept.
    secrets: ClassVar[tuple[str, ...]] = ()

    def body(self) -> dict[str, Any]:
        """Its own fields but for `text`, as a dict for JSON."""
        return {}

    def check(self, registry: Registry) -> None:
        """Raise a Refused if this may not happen; change nothing."""

    def apply(self, registry: Registry) -> None:
        """Change the registry."""

    def undo(self, registry: Registry) -> None:
        """It could not be kept: take back what `apply` changed that no state says."""

    def audience(self, registry: Registry) -> Listener:
        """Who hears of it."""
        return NOBODY

    def deliver(self, audience: Listener, registry: Registry, origin: Session | None) -> None:
        """Tell the audience.  Who listens to a room changes here, when a join or part is told of."""
        audience.hear(self, origin)

    def conversations(self) -> tuple[str, ...]:
        """The keys of the conversations whose history this belongs in."""
        return ()

    def changes(self, registry: Registry) -> Iterable[State]:
        """What of the registry lasts and is different now."""
        return ()


def event(cls: type[E]) -> type[E]:
    """Make a dataclass a kind of event: its fields are kept under its name."""
    base = {f.name for f in fields(Event)} | {"text", "revised", *cls.secrets}
    names = [f.name for f in fields(cls) if f.name not in base]
    setattr(cls, "body", _body(names))  # noqa: B010 - a method, made for this class
    KINDS[cls.__name__] = cls
    return cls


def _body(names: list[str]) -> Callable[[Event], dict[str, Any]]:
    """A function that gives the fields `names` of an event as a dict for JSON."""
    if not names:
        return lambda event: {}
    if len(names) == 1:
        name = names[0]
        return lambda event: {name: getattr(event, name)}
    get = attrgetter(*names)
    return lambda event: dict(zip(names, get(event), strict=True))


def author_of(kept: Iterable[Any]) -> Author:
    """An author as JSON gives it back, perhaps from a time when less was known of authors."""
    return Author(*kept)


#: Fields that JSON gives back as lists, and what they are if that is not a plain tuple.
SHAPES: dict[str, Callable[[Any], Any]] = {
    "quote": Quote,
    "author": author_of,
    "to": author_of,
    "who": author_of,
    "operator": author_of,
    "modes": lambda changes: tuple(map(tuple, changes)),
}


def revive(kind: str, seq: int, id: str, time: int, by: Author, text: str | None, body: dict[str, Any]) -> Event:
    """The event that was kept, as it was; ValueError for a kind this version does not know."""
    if kind not in KINDS:
        raise ValueError(f"no event is called {kind}")
    cls = KINDS[kind]
    own, required = _own_fields(cls)  # type: ignore[arg-type]
    made: Any = cls(by, *required)
    made.id, made.time, made.seq = id, time, seq
    for name, value in body.items():
        if name in own:
            setattr(made, name, SHAPES.get(name, tuple)(value) if isinstance(value, list) else value)
    if "text" in own:
        made.text = text or ""
    return made  # type: ignore[no-any-return]


@cache
def _own_fields(cls: Any) -> tuple[frozenset[str], tuple[None, ...]]:
    """The fields of a kind of event but for those that all have, and a None for each that has to be said."""
    base = {f.name for f in fields(Event)}
    own = [f for f in fields(cls) if f.name not in base]
    required = (f for f in own if f.init and f.default is f.default_factory is MISSING)
    return frozenset(f.name for f in own), tuple(None for _ in required)


class Nobody:
    """The audience of an event that concerns no one."""

    def hear(self, event: Event, origin: Session | None) -> None:
        """Nobody hears it."""


NOBODY = Nobody()


class People:
    """Some users as an audience: each is told once, in all their sessions but the one it came from."""

    __slots__ = ("users",)

    def __init__(self, users: Iterable[User]) -> None:
        self.users = tuple(users)

    def hear(self, event: Event, origin: Session | None) -> None:
        for user in self.users:
            user.hear(event, origin)

    def __iter__(self) -> Iterator[User]:
        return iter(self.users)


class Some(People):
    """Some of those in a room as an audience."""

    __slots__ = ("room",)

    def __init__(self, room: Room, users: Iterable[User]) -> None:
        super().__init__(users)
        self.room = room


#: Who may hear something that is in a room.
InRoom = Crowd | Some


def ears(registry: Registry, room: Room, roles: str, author: Author) -> InRoom:
    """Who hears what `author` does in a room: it and the members with one of these roles; without roles everyone."""
    if not roles:
        return room.crowd
    by = registry.ids.get(author.id)
    users = {id: member.user for id, member in room.members.items() if not member.roles.isdisjoint(roles)}
    return Some(room, (users | {by.id: by} if by else users).values())


def identity(author: Author) -> str:
    """What somebody's private conversations are kept under: the account, which stays, or a guest's id."""
    return f"~{fold(author.account)}" if author.account else author.id


def pair(one: str, other: str) -> str:
    """The key of the private conversation between two identities."""
    return f"@{one},{other}" if one < other else f"@{other},{one}"


#: The conversation of what is said to everyone in every room.
EVERYONE = "*"
