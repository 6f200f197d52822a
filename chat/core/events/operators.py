"""What the operators of the server do: put people out, call everyone, change where somebody seems to come from."""

from __future__ import annotations

from dataclasses import dataclass, field

from chat.core.events.base import Durability, Event, People, event
from chat.core.events.people import Followed, person
from chat.core.refusals import NotServerOperator
from chat.core.registry import Author, Registry
from chat.core.session import Listener, Session
from chat.core.user import CONSOLE


def require_operator(registry: Registry, author: Author) -> None:
    """NotServerOperator unless `author` is one; who commands at the machine itself is."""
    if author != CONSOLE and not person(registry, author).is_operator:
        raise NotServerOperator


@event
@dataclass(slots=True, eq=False)
class Killed(Event):
    """An operator closed all connections of someone, who leaves with the last of them."""

    who: Author
    why: str = ""

    durability = Durability.NOTED

    def check(self, registry: Registry) -> None:
        require_operator(registry, self.by)
        person(registry, self.who)

    def audience(self, registry: Registry) -> Listener:
        return registry.ids[self.who.id]

    def deliver(self, audience: Listener, registry: Registry, origin: Session | None) -> None:
        audience.hear(self, origin)
        user = registry.ids.get(self.who.id)
        for session in user.sessions if user else ():
            session.dismiss(f"Killed ({self.by.name} ({self.why}))" if self.why else f"Killed ({self.by.name})")


@event
@dataclass(slots=True, eq=False)
class Alerted(Event):
    """An operator said something to everyone who wants to hear from operators: who has the mode w."""

    text: str

    durability = Durability.PASSING

    def check(self, registry: Registry) -> None:
        require_operator(registry, self.by)

    def audience(self, registry: Registry) -> Listener:
        return People(user for user in registry.ids.values() if "w" in user.modes)


@event
@dataclass(slots=True, eq=False)
class MaskChanged(Followed):
    """Someone seems to come from elsewhere, as an `operator` will have it: `by` has the old mask, `mask` is the new."""

    operator: Author
    mask: str
    rooms: tuple[str, ...] = field(default=(), init=False)

    durability = Durability.PASSING

    def check(self, registry: Registry) -> None:
        require_operator(registry, self.operator)
        person(registry, self.by)

    def apply(self, registry: Registry) -> None:
        user = registry.ids[self.by.id]
        user.author = user.author._replace(mask=self.mask)
        self.rooms = tuple(user.rooms)

    def audience(self, registry: Registry) -> Listener:
        return People(registry.peers(registry.ids[self.by.id]))
