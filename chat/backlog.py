"""What a connection missed because it did not read, shown from the history at its pace until it is live again."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Protocol

from twisted.internet.task import deferLater

from chat.core.events import EVERYONE, Event
from chat.core.history import Query
from chat.core.user import NO_KEYS

if TYPE_CHECKING:
    from chat.core.session import Crowd
    from chat.factory import ChatFactory
    from chat.outlet import Outlet

#: Events that are read from the history at a time: no more than, at their longest, an outlet holds.
PAGE = 14

#: The seqs of the events with which somebody came to a room and went.
Span = tuple[int, int]


class Reader(Protocol):
    """A session that can be shown what it missed: in the rooms it is in `since`, in those it `left`, in `private`."""

    outlet: Outlet
    factory: ChatFactory
    since: dict[Crowd, int]
    left: Mapping[str, Span]
    private: frozenset[str]

    def behind(self, lines: int) -> None: ...

    async def show_missed(self, events: Iterable[Event]) -> None: ...


async def catch_up(reader: Reader, conversations: Iterable[str] = ()) -> None:
    """Show what the reader was to be told of, and what happened in other `conversations`, since the first it missed.

    While a page is read and shown, live lines are kept back.  If the page was the last one and they are
    not too many, they follow and the reader is live again; otherwise they are dropped in their turn, for
    the next page.
    """
    outlet, factory = reader.outlet, reader.factory
    everything = Query(tuple(spans(reader, conversations)), outlet.behind or 0, lines=False)
    lines = await factory.history.count(everything)
    if lines:
        reader.behind(lines)
    while True:
        await outlet.drained()
        upto, after, heard = factory.router.delivered, outlet.catch_up(), spans(reader, conversations)
        page = await factory.history.page(Query(tuple(heard), after, upto + 1, PAGE, newest=False, lines=False))
        await reader.show_missed([event for event in page if was_heard(event, heard)])
        outlet.flush()
        if len(page) == PAGE:
            outlet.drop_kept_back(page.pop().seq)
            page.clear()
        elif outlet.release():
            reader.left = NO_KEYS
            return
        await deferLater(factory.clock, 0, lambda: None)


def spans(reader: Reader, conversations: Iterable[str]) -> dict[str, Span]:
    """Of all that the reader may have missed something of: from which event to which it was there."""
    heard = dict.fromkeys((EVERYONE, *reader.private, *conversations), (0, sys.maxsize))
    return {**heard, **reader.left, **{crowd.room.key: (came, sys.maxsize) for crowd, came in reader.since.items()}}


def was_heard(event: Event, spans: Mapping[str, Span]) -> bool:
    """Whether it was told of in one of the conversations while the reader was there."""
    return any(spans[key][0] <= event.seq <= spans[key][1] for key in event.conversations() if key in spans)
