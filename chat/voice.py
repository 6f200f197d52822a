"""What differs from wire to wire: how a line is understood, and how a connection says what it has to say."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from typing import NamedTuple

from chat.core.events import Event
from chat.core.refusals import Refused
from chat.core.registry import Room
from chat.turn import Dialect


class Command(NamedTuple):
    """What a line asks for: `run` does it; `speech` need not wait for other speech."""

    run: Callable[[], Awaitable[None] | None]
    speech: bool = False


#: What an empty line asks for.
NOTHING = Command(lambda: None, speech=True)


class Voice:
    """What a wire says in its own words: `ChatProtocol` calls it, a wire defines it."""

    #: Whether somebody who has said nothing yet is spoken to.
    greets = True

    @property
    def way_to_tls(self) -> str:
        """What to do to come over TLS; nothing if one cannot."""
        raise NotImplementedError

    @property
    def is_gateway(self) -> bool:
        """Whether it may say that it comes from somewhere else."""
        return False

    def started(self) -> None:
        """The connection is made: greet."""
        raise NotImplementedError

    def understand(self, line: bytes) -> Command | Event | None:
        """What a line asks for: a command, or, of plain speech, the event that it is; None for nothing at all.

        Raises Refused.
        """
        raise NotImplementedError

    def further(self, event: Event) -> Iterator[Event]:
        """The speech that was received right behind `event`, as far as it is of the same kind and to the same people.

        None of it where that is not seen at a glance: it is understood like everything else then.
        """
        return iter(())

    def refuse(self, refusal: Refused) -> None:
        """Tell the person why not."""
        raise NotImplementedError

    def apologise(self) -> None:
        """Tell the person that something went wrong on our side."""
        raise NotImplementedError

    def said(self, event: Event) -> None:
        """A line of this connection's is on disk, and was told of."""

    def part(self, why: str) -> None:
        """Close the connection, and say why."""
        raise NotImplementedError

    async def catch_up(self) -> None:
        """The connection takes more again, after lines were dropped: show them from the history."""
        raise NotImplementedError

    def sees_own(self, event: Event) -> bool:
        """Whether this session is shown an event that it published itself."""
        return False

    def noticed(self, event: Event, name: str) -> None:
        """Only a wire that follows names is told."""

    def farewell(self) -> str:
        """Why this user has left, for those who stay."""
        return ""

    def entered(self, room: Room) -> None:
        """The user of this session is in `room` now, by another session or by somebody else's doing."""

    def reconfigured(self) -> None:
        """The settings of the daemon have changed."""

    def moved(self, room: Room, event: Event) -> None:
        """A room that this session listens to has another name; it was shown `event`."""

    def view(self, room: Room | None) -> Dialect:
        """How this session sees a room now, or, without a room, what is said to it alone."""
        raise NotImplementedError

    def view_of(self, event: Event) -> Dialect:
        """How this session sees an event that it is told of alone."""
        return self.view(None)
