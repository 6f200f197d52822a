"""What a connection missed because it did not read, shown from the history at its pace until it is live again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Protocol

from chat.core.events import EVERYONE, Event
from chat.core.history import Query

if TYPE_CHECKING:
    from chat.factory import ChatFactory
    from chat.outlet import Outlet

#: Events that are read from the history at a time.
PAGE = 100


class Reader(Protocol):
    """A session that can be shown what it missed."""

    outlet: Outlet
    factory: ChatFactory

    def behind(self, lines: int) -> None: ...

    async def show_missed(self, events: Iterable[Event]) -> None: ...


async def catch_up(reader: Reader, conversations: Sequence[str]) -> None:
    """Show the events of `conversations`, and those to everyone, since the first that was dropped.

    While a page is read and shown, live lines are kept back.  If the page was the last one and they are
    not too many, they follow and the reader is live again; otherwise they are dropped in their turn, for
    the next page.
    """
    outlet, history, router = reader.outlet, reader.factory.history, reader.factory.router
    everything = (EVERYONE, *conversations)
    after = outlet.behind
    assert after is not None
    reader.behind(await history.count(Query(everything, after, lines=False)))
    while True:
        upto = router.delivered
        outlet.catch_up()
        page = await history.page(Query(everything, after, upto + 1, PAGE, newest=False, lines=False))
        await reader.show_missed(page)
        outlet.flush()
        if len(page) < PAGE and outlet.release():
            return
        outlet.drop_kept_back(upto if len(page) < PAGE else page[-1].seq)
        after = outlet.behind
        assert after is not None
        await outlet.drained()
