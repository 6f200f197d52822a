"""What the core knows of a connection: what it hears, and what became of the events it published."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from chat.core.events import Event
    from chat.core.refusals import Refused
    from chat.core.registry import Room, User


class Listener(Protocol):
    """Anything that can be told of an event: a session, a user, a crowd of a room."""

    def hear(self, event: Event, origin: Session | None) -> None:
        """Show `event`; `origin` is the session it came from, if that session is on this node."""


class Group(Listener, Protocol):
    """Sessions of one room for which an event looks the same, so that it is rendered once for all."""

    def hear_run(self, events: Sequence[Event], origin: Session | None) -> None:
        """Show several events of a kind, which came from `origin` in one go."""

    def add(self, session: Session) -> None:
        """From now on `session` is told of what the group hears."""

    def remove(self, session: Session) -> None:
        """`session` has been told of everything up to now, and of nothing from now on."""

    def __len__(self) -> int: ...


class Session(Listener, Protocol):
    """One connection of a user, on this node."""

    user: User | None

    def sees_own(self, event: Event) -> bool:
        """Whether this session is shown an event that it published itself."""

    def noticed(self, event: Event, name: str) -> None:
        """Be told of something of a person whose name, folded, this session follows."""

    def dismiss(self, why: str) -> None:
        """Close this connection, which is no session any more, and say why."""

    def entered(self, room: Room) -> None:
        """The user of this session is in `room` now, by another session or by somebody else's doing."""

    def moved(self, room: Room, event: Event) -> None:
        """`room`, which the user of this session is in, has another name; `event` says so."""

    def enters(self, crowd: Crowd) -> None:
        """From now on this session is one of `crowd`."""

    def leaves(self, crowd: Crowd) -> None:
        """It is no more."""

    def dialect(self, room: Room) -> Hashable:
        """What decides how this session sees an event of `room`: equal dialects, equal bytes."""

    def new_group(self, room: Room) -> Group:
        """An empty group for this session's dialect of `room`."""


class Origin(Protocol):
    """Whoever published an event: it is told, in turn, what became of it."""

    @property
    def session(self) -> Session | None:
        """The session that published it; None for the server itself."""

    def delivered(self, event: Event) -> None:
        """The event is on disk and everyone who should has been told."""

    def refused(self, event: Event, refusal: Refused) -> None:
        """The event did not happen."""


class Server:
    """The origin of events that nobody waits for: it listens to no outcome."""

    session = None

    def delivered(self, event: Event) -> None:
        """Nobody waits."""

    def refused(self, event: Event, refusal: Refused) -> None:
        """Nobody waits."""


SERVER = Server()


class Crowd:
    """Everyone who listens to a room on this node, by dialect: O(dialects) an event, however many people."""

    __slots__ = ("room", "groups", "homes")

    def __init__(self, room: Room) -> None:
        self.room = room
        self.groups: dict[Hashable, Group] = {}
        self.homes: dict[Session, Hashable] = {}

    def hear(self, event: Event, origin: Session | None) -> None:
        for group in self.groups.values():
            group.hear(event, origin)

    def hear_run(self, events: Sequence[Event], origin: Session | None) -> None:
        """Show several events of a kind, which came from `origin` in one go."""
        for group in self.groups.values():
            group.hear_run(events, origin)

    def add(self, session: Session) -> None:
        """Let `session` listen, or move it where it belongs if its dialect has changed."""
        dialect = session.dialect(self.room)
        if session not in self.homes:
            session.enters(self)
        elif self.homes[session] == dialect:
            return
        else:
            self._leave_group(session)
        group = self.groups.get(dialect)
        if group is None:
            group = self.groups[dialect] = session.new_group(self.room)
        group.add(session)
        self.homes[session] = dialect

    def remove(self, session: Session) -> None:
        """`session` listens no more; nothing happens if it did not."""
        if session in self.homes:
            self._leave_group(session)
            session.leaves(self)

    def _leave_group(self, session: Session) -> None:
        dialect = self.homes.pop(session)
        group = self.groups[dialect]
        group.remove(session)
        if not len(group):
            del self.groups[dialect]

    def __contains__(self, session: Session) -> bool:
        return session in self.homes

    def __len__(self) -> int:
        return len(self.homes)
