"""What every order of events promises, `chat.core.order`: one suite, run over each implementation."""

from __future__ import annotations

import random
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from chat.core.events import Event
from chat.core.session import SERVER, Origin
from tests.contracts.events import ALICE, Stream

if TYPE_CHECKING:
    from twisted.trial.unittest import TestCase
else:
    TestCase = object


class OrderContract(TestCase):
    """An event that is placed reaches the follower exactly once, and all followers see one order."""

    def new_order(self) -> Any:
        """An order, ready for use."""
        raise NotImplementedError

    async def everything_placed(self) -> None:
        """Wait until what was placed has reached the follower."""

    def setUp(self) -> None:
        self.stream = Stream()
        self.order = self.new_order()
        self.placed: list[tuple[Event, Origin]] = []
        self.order.follow(lambda event, origin: self.placed.append((event, origin)))

    async def test_each_event_arrives_once_in_the_order_of_one_publisher(self) -> None:
        published = [self.stream.said(f"line {number}") for number in range(500)]
        for event in published:
            self.order.place(event, SERVER)
        await self.everything_placed()
        self.assertEqual([event.id for event, _ in self.placed], [event.id for event in published])

    async def test_an_event_arrives_as_it_was_with_whoever_published_it(self) -> None:
        origins: list[Any] = [Waiting() for _ in range(3)]
        events = [self.stream.said("hi"), self.stream.joined(), self.stream.told("psst")]
        for event, origin in zip(events, origins, strict=True):
            self.order.place(event, origin)
        await self.everything_placed()
        for (event, origin), given, waiting in zip(self.placed, events, origins, strict=True):
            self.assertIs(type(event), type(given))
            self.assertEqual((event.by, event.id, event.time), (given.by, given.id, given.time))
            self.assertIs(origin, waiting)

    async def test_what_is_published_because_of_an_event_arrives_too(self) -> None:
        """An event may be placed from within the follower, or because somebody was told of one."""
        left = list(range(50))

        def placed(event: Event, origin: Origin) -> None:
            self.placed.append((event, origin))
            if left:
                self.order.place(self.stream.said(f"line {left.pop()}"), origin)

        self.order.follow(placed)
        self.order.place(self.stream.said("first"), SERVER)
        await self.everything_placed()
        self.assertEqual(len(self.placed), 51)
        self.assertEqual(len({event.id for event, _ in self.placed}), 51)

    async def test_a_bug_in_the_follower_does_not_stop_those_behind(self) -> None:
        chance = random.Random(1)
        seen: list[str] = []

        def placed(event: Event, origin: Origin) -> None:
            seen.append(event.id)
            if chance.random() < 0.3:
                raise ZeroDivisionError("a bug, for a test")

        self.order.follow(placed)
        for number in range(50):
            with suppress(ZeroDivisionError):
                self.order.place(self.stream.said(str(number), by=ALICE), SERVER)
        await self.everything_placed()
        self.flushLoggedErrors(ZeroDivisionError)
        self.assertEqual(seen, [f"id-{number}" for number in range(1, 51)])


class Waiting:
    """Somebody who published an event."""

    session = None

    def delivered(self, event: Event) -> None:
        """It was told of."""

    def refused(self, event: Event, refusal: object) -> None:
        """It was not."""
