"""How far people have read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from chat.core.events.base import Durability, Event, event, identity
from chat.core.events.people import person
from chat.core.registry import Registry, State
from chat.core.session import Listener


@event
@dataclass(slots=True, eq=False)
class MarkedRead(Event):
    """Someone has read a conversation up to a time (ms): only their own sessions hear of it.

    `target` is what the other side of it is called: a room with #, or a person.  The mark of an account outlasts
    a restart.  It never goes back: `upto` is afterwards where it is.
    """

    conversation: str
    target: str
    upto: int

    @property
    def durability(self) -> Durability:  # type: ignore[override]
        return Durability.KEPT if self.by.account else Durability.PASSING

    def check(self, registry: Registry) -> None:
        person(registry, self.by)

    def apply(self, registry: Registry) -> None:
        marks = registry.read.setdefault(identity(self.by), {})
        marks[self.conversation] = self.upto = max(self.upto, marks.get(self.conversation, 0))

    def audience(self, registry: Registry) -> Listener:
        return registry.ids[self.by.id]

    def changes(self, registry: Registry) -> Iterable[State]:
        return (State("read", f"{identity(self.by)} {self.conversation}", str(self.upto)),)
