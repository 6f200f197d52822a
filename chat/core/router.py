"""The one road of an event: ordered, checked, applied, kept, delivered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from chat.core.events import Durability, Event
from chat.core.history import History
from chat.core.order import Order
from chat.core.presence import PRESENCE, bring_back
from chat.core.refusals import Duplicate, Refused
from chat.core.registry import Registry, State
from chat.core.run import Run
from chat.core.session import Crowd, Listener, Origin


class Router:
    """Takes every event from the one who published it to those who hear of it.

    `now` gives the time in ms, `new_id` an id that no other event has.  `delivered` is the seq of the
    newest event that was told of on this node.
    """

    def __init__(
        self, registry: Registry, history: History, order: Order, now: Callable[[], int], new_id: Callable[[int], str]
    ) -> None:
        self.registry, self.history, self.order = registry, history, order
        self.now, self.new_id = now, new_id
        self.delivered = registry.seq
        #: Who is called with every event that is told of, and who with those of one kind.
        self.watchers: list[Callable[[Event], None]] = []
        self.watchers_of: dict[type[Event], list[Callable[[Any], None]]] = {}
        history.takes_back = self.take_back
        history.undoes = self.undo
        order.follow(self.placed)

    def watch(self, watcher: Callable[[Any], None], *kinds: type[Event]) -> None:
        """Call `watcher` with every event of these kinds that is told of."""
        for kind in kinds:
            self.watchers_of.setdefault(kind, []).append(watcher)

    def publish(self, event: Event, origin: Origin) -> None:
        """Say that `event` happens; `origin` is told in turn whether it did.

        It is stamped here, once, unless it brings its own id: then it happens once, however often it is
        published.
        """
        event.time = now = self.now()
        if not event.id:
            event.id = self.new_id(now)
        self.order.place((event,), origin)

    def publish_run(self, events: Sequence[Event], origin: Origin) -> None:
        """Say that these happen, one behind the other: speech of one session, all of a kind and to the same people."""
        now = self.now()
        for event in events:
            event.time, event.id = now, self.new_id(now)
        self.order.place(events, origin)

    def placed(self, events: Sequence[Event], origin: Origin) -> None:
        """The same events, in the same order, on every node.  A bug in an event is raised, nothing is kept."""
        if len(events) > 1:
            self._place_run(events, origin)
            return
        event, registry = events[0], self.registry
        if event.time < registry.time:
            event.time = registry.time
        else:
            registry.time = event.time
        try:
            event.check(registry)
        except Refused as refusal:
            self.history.after(partial(self.refuse, event, origin, refusal))
            return
        event.apply(registry)
        audience = event.audience(registry)
        if registry.emptied:
            registry.forget_empty_rooms()
        kept = partial(self.kept, event, audience, origin)
        if event.durability is Durability.PASSING:
            event.seq = registry.seq
            self.history.after(kept)
        else:
            registry.seq = event.seq = registry.seq + 1
            states = tuple(event.changes(registry))
            if registry.changed:
                states += tuple(registry.presences())
            self.history.keep(event, states, kept)

    def _place_run(self, events: Sequence[Event], origin: Origin) -> None:
        """Each is checked and applied by itself.  Nothing else happens between them, so the same people hear all."""
        registry = self.registry
        registry.time = time = max(registry.time, events[0].time)
        run: list[Event] = []
        for event in events:
            event.time = time
            try:
                event.check(registry)
            except Refused as refusal:
                self._keep_run(run, origin)
                run = []
                self.history.after(partial(self.refuse, event, origin, refusal))
            else:
                event.apply(registry)
                registry.seq = event.seq = registry.seq + 1
                run.append(event)
        self._keep_run(run, origin)

    def _keep_run(self, events: Sequence[Event], origin: Origin) -> None:
        if events:
            run = Run(events, events[0].audience(self.registry), origin, self.tell)
            for event in events:
                self.history.keep(event, tuple(event.changes(self.registry)), run)

    def kept(self, event: Event, audience: Listener, origin: Origin, refusal: Refused | None) -> None:
        """Its turn has come: tell everyone, or, if it could not be kept, only the one who published it."""
        if refusal is not None and (event.durability is Durability.KEPT or isinstance(refusal, Duplicate)):
            origin.refused(event, refusal)
        else:
            self.tell((event,), audience, origin)

    def tell(self, events: Sequence[Event], audience: Listener, origin: Origin) -> None:
        """Tell everyone of one event, or of a run."""
        self.delivered = events[-1].seq
        try:
            if len(events) > 1 and isinstance(audience, Crowd):
                audience.hear_run(events, origin.session)
            else:
                for event in events:
                    event.deliver(audience, self.registry, origin.session)
            for watch in (*self.watchers, *self.watchers_of.get(type(events[0]), ())):
                for event in events:
                    watch(event)
        finally:
            for event in events:
                origin.delivered(event)

    def refuse(self, event: Event, origin: Origin, refusal: Refused, _: Refused | None) -> None:
        """A refusal takes its turn behind what is in flight, so that answers never overtake each other."""
        origin.refused(event, refusal)

    def take_back(self, states: Sequence[State]) -> None:
        """What was applied but could not be kept is not to be believed: the store says how things are."""
        registry = self.registry
        for state in states:
            registry.restore(state)
            if state.kind == "room" and state.key in registry.rooms:
                registry.emptied.append(registry.rooms[state.key])  # if it was left meanwhile, nothing keeps it
        registry.forget_empty_rooms()

    def undo(self, events: Sequence[Event]) -> None:
        """These were applied, in this order, and not kept: take back what no state says, before anybody is told."""
        for event in reversed(events):
            if event.durability is Durability.KEPT:
                event.undo(self.registry)

    def load(self) -> None:
        """At the start: believe what the store says."""
        states = self.history.states()
        self.registry.seq, self.registry.time = self.history.last()
        for state in states:
            self.registry.restore(state)
        for state in states:
            if state.kind == PRESENCE and state.value:
                bring_back(self.registry, state.value)
        for room in self.registry.rooms.values():
            room.lines = self.history.last_number(room.key)
        self.delivered = self.registry.seq
