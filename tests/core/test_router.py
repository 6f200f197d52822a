"""The one road of an event: ordered, checked, applied, kept, delivered; and its publisher is told, once, in turn."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import partial
from typing import Any

from twisted.internet.task import Clock
from twisted.trial.unittest import TestCase

from chat.core.events import (
    AwayChanged,
    Connected,
    Durability,
    Event,
    Joined,
    Left,
    Parted,
    Renamed,
    Said,
    Told,
    TopicChanged,
)
from chat.core.order import LocalOrder
from chat.core.refusals import Duplicate, NotStored, Refused
from chat.core.registry import Author, Registry
from chat.core.router import Router
from chat.core.session import SERVER
from tests.talk import HeldHistory

ALICE, BOB = Author("alice", "1-a"), Author("bob", "2-b")


class Publisher:
    """An origin that remembers what became of its events, and in which order among all that is told of."""

    session = None

    def __init__(self, log: list[str], label: str) -> None:
        self.log, self.label = log, label

    def delivered(self, event: Event) -> None:
        self.log.append(f"{self.label} delivered")

    def refused(self, event: Event, refusal: Refused) -> None:
        self.log.append(f"{self.label} refused: {refusal}")


@dataclass(slots=True, eq=False)
class Step(Event):
    """An event that says what is done with it."""

    log: Any
    label: str

    def check(self, registry: Registry) -> None:
        self.log.append(f"{self.label} checked")

    def apply(self, registry: Registry) -> None:
        self.log.append(f"{self.label} applied")

    def audience(self, registry: Registry) -> Any:
        return Ear(self.log)


class Whim(Step):
    """The same, never written."""

    durability = Durability.PASSING


class Ear:
    """An audience that remembers what it hears."""

    def __init__(self, log: list[str]) -> None:
        self.log = log

    def hear(self, event: Any, origin: object) -> None:
        self.log.append(f"{event.label} heard")


class RouterTestCase(TestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.history = HeldHistory(self.clock)
        self.log: list[str] = []
        self.ids = iter(range(1, 1_000_000))
        self.router = self.new_router()
        self.registry = self.router.registry

    def new_router(self) -> Router:
        now = lambda: int(self.clock.seconds() * 1000)  # noqa: E731
        return Router(Registry(), self.history, LocalOrder(), now, lambda now: f"id-{next(self.ids)}")

    def publish(self, event: Event, label: str = "it") -> Event:
        """Somebody publishes an event, which is not on disk yet."""
        self.router.publish(event, Publisher(self.log, label))
        return event

    def happens(self, *events: Event) -> None:
        """Things happen, and are told of."""
        for event in events:
            self.router.publish(event, SERVER)
        self.commit()

    def commit(self) -> None:
        while self.history.held:
            self.history.let_go()
        self.clock.advance(0)


class RoadTests(RouterTestCase):
    def test_checked_and_applied_at_once_heard_when_it_is_on_disk_and_then_its_publisher_is_told(self) -> None:
        self.publish(Step(ALICE, self.log, "it"))
        self.assertEqual(self.log, ["it checked", "it applied"])
        self.commit()
        self.assertEqual(self.log[2:], ["it heard", "it delivered"])

    def test_whoever_is_refused_is_told_behind_what_is_in_flight(self) -> None:
        self.publish(Step(ALICE, self.log, "one"), "one")
        self.publish(Said(ALICE, "nowhere", "x"), "two")
        self.publish(Step(ALICE, self.log, "three"), "three")
        self.commit()
        told = [line for line in self.log if "ed:" in line or "delivered" in line]
        self.assertEqual(told, ["one delivered", 'two refused: There is no room "nowhere".', "three delivered"])

    def test_whoever_is_refused_with_nothing_in_flight_is_told_at_once(self) -> None:
        self.publish(Said(ALICE, "nowhere", "x"))
        self.assertEqual(self.log, ['it refused: There is no room "nowhere".'])

    def test_what_is_refused_changes_nothing_and_is_not_kept(self) -> None:
        self.publish(Said(ALICE, "nowhere", "x"))
        self.commit()
        self.assertEqual((self.registry.seq, self.history.last()), (0, (0, 0)))

    def test_what_passes_is_told_of_in_its_turn_and_not_kept(self) -> None:
        self.publish(Step(ALICE, self.log, "one"), "one")
        whim = self.publish(Whim(ALICE, self.log, "two"), "two")
        self.publish(Step(ALICE, self.log, "three"), "three")
        self.assertEqual([line for line in self.log if "heard" in line], [])
        self.commit()
        self.assertEqual([line for line in self.log if "heard" in line], ["one heard", "two heard", "three heard"])
        self.assertEqual((whim.seq, self.registry.seq, self.history.last()[0]), (1, 2, 2))

    def test_a_bug_in_an_event_is_raised_and_nothing_is_kept(self) -> None:
        class Buggy(Step):
            def check(self, registry: Registry) -> None:
                raise ZeroDivisionError

        self.assertRaises(ZeroDivisionError, self.publish, Buggy(ALICE, self.log, "it"))
        self.commit()
        self.assertEqual((self.log, self.registry.seq, self.history.last()), ([], 0, (0, 0)))

    def test_a_bug_in_who_hears_does_not_keep_it_from_its_publisher_or_from_what_follows(self) -> None:
        class Buggy(Step):
            def deliver(self, audience: object, registry: Registry, origin: object) -> None:
                raise ZeroDivisionError

        self.publish(Buggy(ALICE, self.log, "one"), "one")
        self.publish(Step(ALICE, self.log, "two"), "two")
        self.commit()
        self.assertEqual(self.log[4:], ["one delivered", "two heard", "two delivered"])
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)

    def test_watchers_see_all_that_is_told_of_and_nothing_else(self) -> None:
        seen: list[Event] = []
        self.router.watchers.append(seen.append)
        one, two = self.publish(Step(ALICE, self.log, "1")), self.publish(Whim(ALICE, self.log, "2"))
        self.publish(Said(ALICE, "nowhere", "x"))
        self.assertEqual(seen, [])
        self.commit()
        self.assertEqual(seen, [one, two])

    def test_what_is_published_while_something_is_told_of_comes_behind_it(self) -> None:
        self.router.watchers.append(lambda event: self.log.append("watched"))
        follow = partial(self.publish, Step(ALICE, self.log, "two"), "two")

        class First(Step):
            def deliver(self, audience: Any, registry: Registry, origin: object) -> None:
                follow()
                audience.hear(self, origin)

        self.publish(First(ALICE, self.log, "one"), "one")
        self.commit()
        self.commit()
        heard = [line for line in self.log if "heard" in line or "delivered" in line]
        self.assertEqual(heard, ["one heard", "one delivered", "two heard", "two delivered"])


class StampTests(RouterTestCase):
    def test_an_event_is_stamped_once(self) -> None:
        self.clock.advance(5)
        event = self.publish(Step(ALICE, self.log, "it"))
        self.assertEqual((event.id, event.time, event.seq), ("id-1", 5000, 1))
        event = self.publish(Step(ALICE, self.log, "it"))
        self.assertEqual((event.id, event.seq), ("id-2", 2))

    def test_an_event_may_bring_its_id_and_happens_once(self) -> None:
        for label in ("one", "two"):
            event = Step(ALICE, self.log, label)
            event.id = "mine"
            self.publish(event, label)
        self.commit()
        told = [line for line in self.log if "heard" in line or "ed:" in line or "delivered" in line]
        self.assertEqual(told, ["one heard", "one delivered", "two refused: That was sent before."])

    def test_even_one_that_may_do_without_the_disk_happens_once(self) -> None:
        self.happens(Connected(ALICE))
        for label in ("one", "two"):
            event = Joined(ALICE, "tea")
            event.id = "mine"
            if label == "one":
                self.publish(event, label)
                self.happens(Parted(ALICE, "tea"))
            else:
                self.publish(event, label)
        self.commit()
        self.assertEqual(self.log, ["one delivered", f"two refused: {Duplicate()}"])

    def test_time_never_runs_backwards(self) -> None:
        self.clock.advance(10)
        times = [self.publish(Step(ALICE, self.log, "it")).time]
        self.clock.rightNow = 3
        times.append(self.publish(Step(ALICE, self.log, "it")).time)
        self.clock.rightNow = 11
        times.append(self.publish(Step(ALICE, self.log, "it")).time)
        self.assertEqual(times, [10_000, 10_000, 11_000])

    def test_what_was_told_of_is_known_by_its_seq(self) -> None:
        self.assertEqual(self.router.delivered, 0)
        self.publish(Step(ALICE, self.log, "it"))
        self.publish(Whim(ALICE, self.log, "it"))
        self.assertEqual(self.router.delivered, 0)
        self.commit()
        self.assertEqual(self.router.delivered, 1)

    def test_while_it_is_told_of_it_counts_as_told_of(self) -> None:
        """A session that comes into a room by an event is there from that event on."""
        seen: list[int] = []
        router = self.router

        class Curious(Step):
            def deliver(self, audience: object, registry: Registry, origin: object) -> None:
                seen.append(router.delivered)

        self.publish(Curious(ALICE, self.log, "1"))
        self.publish(Curious(ALICE, self.log, "2"))
        self.commit()
        self.assertEqual(seen, [1, 2])


class FailureTests(RouterTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.happens(Connected(ALICE), Joined(ALICE, "tea"), Said(ALICE, "tea", "first"))
        self.history.holding = True

    def fail_all(self) -> None:
        self.clock.advance(0)
        self.history.fail("disk full")
        self.history.holding = False
        self.clock.advance(0)

    def test_what_must_be_kept_is_refused_and_nobody_hears_it(self) -> None:
        self.publish(Step(ALICE, self.log, "it"))
        self.fail_all()
        self.assertEqual(self.log[2:], [f"it refused: {NotStored('disk full')}"])

    def test_comings_and_goings_are_true_even_so(self) -> None:
        self.publish(Connected(BOB))
        self.publish(Joined(BOB, "tea"))
        self.fail_all()
        self.assertEqual(self.log, ["it delivered", "it delivered"])
        self.assertIn("bob", self.registry.users)

    def test_what_lasts_is_taken_back(self) -> None:
        self.publish(TopicChanged(ALICE, "tea", "Darjeeling"))
        self.assertEqual(self.registry.room("tea").topic, ("Darjeeling", "alice", 0))
        self.fail_all()
        self.assertIsNone(self.registry.room("tea").topic)

    def test_a_room_that_was_to_last_and_was_left_is_forgotten(self) -> None:
        for event in (Joined(ALICE, "dev"), Said(ALICE, "dev", "x"), Parted(ALICE, "dev")):
            self.publish(event)
        self.assertIn("dev", self.registry.rooms)
        self.fail_all()
        self.assertEqual(list(self.registry.rooms), ["tea"])

    def test_a_room_that_was_to_last_and_is_full_of_people_stays(self) -> None:
        self.publish(Joined(ALICE, "dev"))
        self.publish(Said(ALICE, "dev", "x"))
        self.fail_all()
        self.assertEqual(list(self.registry.room("dev").members), [ALICE.id])
        self.assertFalse(self.registry.room("dev").saved)

    def test_afterwards_all_is_well_again(self) -> None:
        self.publish(Said(ALICE, "tea", "x"), "one")
        self.fail_all()
        self.publish(Said(ALICE, "tea", "y"), "two")
        self.commit()
        self.assertEqual(self.log[-1], "two delivered")


class LoadTests(RouterTestCase):
    def test_after_a_restart_what_lasts_is_there_and_numbers_go_on(self) -> None:
        self.clock.advance(7)
        self.happens(Connected(ALICE), Joined(ALICE, "tea"), Said(ALICE, "tea", "one"), Said(ALICE, "tea", "two"))
        self.happens(TopicChanged(ALICE, "tea", "Darjeeling"))
        router = self.new_router()
        router.load()
        self.assertEqual(list(router.registry.users), [])
        room = router.registry.room("tea")
        self.assertEqual((room.lines, room.topic and room.topic.text, room.members), (2, "Darjeeling", {}))
        self.assertEqual((router.registry.seq, router.registry.time, router.delivered), (5, 7000, 5))
        self.router = router
        self.happens(Connected(BOB), Joined(BOB, "tea"), said := Said(BOB, "tea", "three"))
        self.assertEqual((said.number, said.seq), (3, 8))


class RunTests(RouterTestCase):
    """What a session says in one go: each line by itself, but for that they are told of together."""

    def setUp(self) -> None:
        super().setUp()
        self.happens(Connected(ALICE), Connected(BOB), Joined(ALICE, "tea"), Joined(BOB, "tea"))
        self.history.holding = True

    def say(self, *events: Event) -> list[Event]:
        """It is all at the store then, and not on disk yet."""
        self.router.publish_run(events, Publisher(self.log, "it"))
        self.clock.advance(0)
        return list(events)

    def test_all_are_heard_when_all_are_on_disk_and_their_publisher_is_told_of_each(self) -> None:
        seen: list[Event] = []
        self.router.watchers.append(seen.append)
        events = self.say(*(Said(ALICE, "tea", text) for text in "abc"))
        self.assertEqual((seen, self.log), ([], []))
        self.commit()
        self.assertEqual((seen, self.log), (events, ["it delivered"] * 3))
        self.assertEqual([(event.number, event.seq) for event in events], [(1, 5), (2, 6), (3, 7)])
        self.assertEqual(self.router.delivered, 7)
        self.assertEqual(len({event.id for event in events}), 3)

    def test_one_that_is_refused_takes_its_turn_and_the_others_happen(self) -> None:
        steps = [Step(ALICE, self.log, "one"), Said(ALICE, "nowhere", "x"), Step(ALICE, self.log, "three")]
        self.say(*steps)
        self.commit()
        told = [line for line in self.log if "heard" in line or line.startswith("it")]
        refusal = 'it refused: There is no room "nowhere".'
        self.assertEqual(told, ["one heard", "it delivered", refusal, "three heard", "it delivered"])

    def test_one_that_cannot_be_kept_takes_no_other_with_it(self) -> None:
        class Faulty(Step):
            def conversations(self) -> tuple[str, ...]:
                raise ZeroDivisionError

        self.say(Step(ALICE, self.log, "one"), Faulty(ALICE, self.log, "two"), Step(ALICE, self.log, "three"))
        self.commit()
        told = [line for line in self.log if "heard" in line or line.startswith("it")]
        refusal = "it refused: Not stored: something went wrong on our side. Not sent."
        self.assertEqual(told, ["one heard", "it delivered", refusal, "three heard", "it delivered"])
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)

    def test_where_nothing_can_be_written_all_are_refused_and_the_lines_are_not_counted(self) -> None:
        self.say(*(Said(ALICE, "tea", text) for text in "abc"))
        self.history.fail("disk full")
        self.assertEqual(self.log, ["it refused: Not stored: disk full. Not sent."] * 3)
        self.assertEqual(self.registry.room("tea").lines, 0)

    def test_a_bug_in_who_hears_does_not_keep_it_from_its_publisher(self) -> None:
        class Buggy(Step):
            def deliver(self, audience: object, registry: Registry, origin: object) -> None:
                raise ZeroDivisionError

        self.say(Buggy(ALICE, self.log, "one"), Buggy(ALICE, self.log, "two"))
        self.commit()
        self.assertEqual(self.log[4:], ["it delivered", "it delivered"])
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)

    def test_what_has_waited_longer_is_not_younger(self) -> None:
        """The time of what is kept never runs backwards, whatever the clock does."""
        self.registry.time = 5_000_000
        events = self.say(Said(ALICE, "tea", "a"), Said(ALICE, "tea", "b"))
        self.assertEqual([event.time for event in events], [5_000_000] * 2)


class SameTests(RouterTestCase):
    """The same events make the same registry, wherever they come along: that is what makes many nodes possible."""

    def test_two_routers(self) -> None:
        for seed in range(30):
            self.setUp()
            other = Router(Registry(), HeldHistory(self.clock), LocalOrder(), self.router.now, self.router.new_id)
            dice = random.Random(seed)
            for number in range(200):
                event = self.random_event(dice, number)
                self.router.publish(event, SERVER)
                other.placed([self.copy(event)], SERVER)
                if dice.random() < 0.3:
                    self.clock.advance(dice.choice((0, 0.1)))
            self.assertEqual(self.shape(self.router.registry), self.shape(other.registry), f"seed {seed}")

    def random_event(self, dice: random.Random, number: int) -> Event:
        """Something that may or may not be allowed."""
        new = Author(dice.choice("abcde"), str(number))
        author = dice.choice([new, *(user.author for user in self.registry.ids.values())])
        room = dice.choice(("tea", "dev"))
        made: Event = dice.choice(
            (
                lambda: Connected(new),
                lambda: Joined(author, room),
                lambda: Joined(author, room.upper()),
                lambda: Parted(author, room),
                lambda: Left(author),
                lambda: Renamed(author, dice.choice("abcdexyz")),
                lambda: Said(author, room, str(number)),
                lambda: Told(author, dice.choice((new, author)), str(number)),
                lambda: TopicChanged(author, room, str(number)),
                lambda: AwayChanged(author, dice.choice((None, "lunch"))),
            )
        )()
        return made

    def copy(self, event: Any) -> Event:
        """The event as another node gets it: what it was published with."""
        fields = {"Joined": ("room",), "Parted": ("room",), "Renamed": ("name",), "Said": ("room", "text")}
        fields |= {"Told": ("to", "text"), "TopicChanged": ("room", "topic"), "AwayChanged": ("why",)}
        name = type(event).__name__
        made: Event = type(event)(event.by, *(getattr(event, field) for field in fields.get(name, ())))
        made.id, made.time = event.id, event.time
        return made

    def shape(self, registry: Registry) -> object:
        """All there is in a registry, to compare."""
        rooms = {
            key: (room.name, room.lines, room.saved, room.topic, [(id, m.joined) for id, m in room.members.items()])
            for key, room in registry.rooms.items()
        }
        users = {key: (u.author, u.since, u.away, list(u.rooms)) for key, u in registry.users.items()}
        return rooms, users, list(registry.ids), list(registry.looks), registry.seq, registry.time
