"""Who does not read loses nothing: it is told how far it is behind, and shown every missed line, once, in order."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from twisted.internet.address import IPv4Address
from twisted.internet.defer import Deferred, maybeDeferred
from twisted.internet.testing import StringTransport

from chat.backlog import PAGE
from chat.core.events import (
    AwayChanged,
    Event,
    Said,
)
from chat.core.history import Query
from chat.outlet import CHUNK, LIMIT
from tests.invariants import broken, left_behind
from tests.talk import ChatTestCase, HeldHistory, Person

#: So long are most lines here, and so many of them fit into what a transport that is written through leaves us.
LONG = 1000
FIT = (LIMIT - 2 * CHUNK) // LONG


class Tube(StringTransport):
    """A transport that says that it is full when more than `holds` bytes wait to be read."""

    def __init__(self) -> None:
        super().__init__(peerAddress=IPv4Address("TCP", "127.0.0.1", 40_000))
        self.holds = 1_000_000
        self.full = False

    def write(self, data: bytes) -> None:
        super().write(data)
        self.look()

    def look(self) -> None:
        """Say it if it is full now."""
        if not self.full and len(self.value()) > self.holds:
            self.full = True
            self.producer.pauseProducing()

    def read(self) -> bytes:
        """Take what is there, which makes place."""
        data = self.value()
        self.clear()
        if self.full and self.producer is not None:
            self.full = False
            self.producer.resumeProducing()
        return data


class SlowHistory(HeldHistory):
    """Reads only when it is told to."""

    def __init__(self, clock: Any) -> None:
        super().__init__(clock)
        self.slow = False
        self.asked: list[Callable[[], None]] = []

    def page(self, query: Query) -> Deferred[list[Event]]:
        return self.later(super().page, query)

    def count(self, query: Query) -> Deferred[int]:
        return self.later(super().count, query)

    def later(self, read: Callable[[Query], Deferred[Any]], query: Query) -> Deferred[Any]:
        if not self.slow:
            return read(query)
        answer: Deferred[Any] = Deferred()
        self.asked.append(lambda: maybeDeferred(read, query).chainDeferred(answer))
        return answer

    def answer(self) -> None:
        """Answer the first question."""
        self.asked.pop(0)()


class BacklogTestCase(ChatTestCase):
    """Alice says much; Bob does not always read."""

    history_class = SlowHistory

    def setUp(self) -> None:
        super().setUp()
        self.alice, self.bob = self.reader("alice"), self.reader("bob")
        self.alice.hears()
        self.count = 0

    def reader(self, name: str) -> Person:
        """Somebody in the lobby whose transport can be full."""
        person = self.connects(transport=Tube())
        person.says(name)
        person.hears()
        return person

    def stall(self, person: Person) -> None:
        """From now on, `person` does not read."""
        person.transport.holds = 0
        person.transport.write(b"* \n")

    def wake(self, person: Person) -> list[str]:
        """`person` reads again: all that comes."""
        person.transport.holds = 1_000_000
        data = b""
        while person.transport.value():
            data += person.transport.read()
            self.pass_time(0)
        return data.decode().splitlines()

    def lines(self, many: int) -> None:
        """Long lines are said, each in a turn of its own, which begin with 1, 2, 3, ..."""
        for _ in range(many):
            self.count += 1
            self.alice.says(f"{self.count} ".ljust(LONG - len("[12:00] alice: \n"), "."))

    def told(self, heard: list[str]) -> list[str]:
        """The first words of what was said, of notices only what they say of being behind."""
        found = []
        for line in heard:
            match = re.match(r"\[12:\d\d\] (?:\S+ )*?(?:\S+): (\S+)|\* you are (.*)", line)
            if match:
                found.append(match[1] or match[2])
        return found

    def numbers(self, first: int, last: int) -> list[str]:
        return [str(number) for number in range(first, last + 1)]


class CatchUpTests(BacklogTestCase):
    def test_every_missed_line_comes_once_and_in_order_and_it_is_said_how_many(self) -> None:
        self.stall(self.bob)
        self.lines(500)
        heard = self.told(self.wake(self.bob))
        self.assertEqual(
            heard, [*self.numbers(1, FIT), f"{500 - FIT} lines behind, catching up", *self.numbers(FIT + 1, 500)]
        )
        self.lines(1)
        self.assertEqual(self.told(self.bob.hears()), ["501"])

    def test_who_missed_nothing_is_told_nothing(self) -> None:
        self.stall(self.bob)
        self.lines(10)
        self.assertEqual(self.told(self.wake(self.bob)), self.numbers(1, 10))

    def test_one_line(self) -> None:
        self.stall(self.bob)
        self.lines(FIT + 1)
        self.assertEqual(self.told(self.wake(self.bob))[FIT:], ["1 line behind, catching up", str(FIT + 1)])

    def test_nobody_else_is_delayed(self) -> None:
        self.stall(self.bob)
        carol = self.reader("carol")
        self.lines(100)
        self.assertEqual(self.told(carol.hears()), self.numbers(1, 100))

    def test_whole_pages_and_almost_whole_ones(self) -> None:
        for missed in (PAGE - 1, PAGE, PAGE + 1, 3 * PAGE):
            self.count = 0
            self.stall(self.bob)
            self.lines(FIT + missed)
            heard = self.told(self.wake(self.bob))
            heard.remove(f"{missed} lines behind, catching up")
            self.assertEqual(heard, self.numbers(1, FIT + missed))

    def test_again_and_again(self) -> None:
        for _ in range(3):
            first = self.count + 1
            self.stall(self.bob)
            self.lines(60)
            heard = self.told(self.wake(self.bob))
            self.assertEqual(len(heard), 61)
            self.assertEqual([each for each in heard if "behind" not in each], self.numbers(first, first + 59))

    def test_our_memory_is_bounded(self) -> None:
        """What waits in the outlet, page and kept back lines too, is never much more than the limit."""
        self.stall(self.bob)
        self.lines(300)
        outlet = self.bob.connection.outlet
        most = 0
        for _ in range(60):
            self.bob.transport.read()
            self.stall(self.bob)
            self.lines(1)
            most = max(most, len(outlet._pending) + outlet._kept_back)
        self.assertGreater(most, 10_000)
        self.assertLessEqual(most, LIMIT)


class SeamTests(BacklogTestCase):
    """Between the last page and the first live line there is no gap, and nothing comes twice."""

    def behind(self, lines: int = 60) -> None:
        """Bob has missed lines and reads again, and the history takes its time to say what they were."""
        self.stall(self.bob)
        self.lines(lines)
        self.history.slow = True
        self.before = self.wake(self.bob)

    def finish(self) -> list[str]:
        """All that Bob has heard since, after the history has answered everything."""
        heard = self.before
        while self.history.asked or self.bob.transport.value():
            if self.history.asked:
                self.history.answer()
            self.pass_time(0)
            heard += self.wake(self.bob)
        return [each for each in self.told(heard) if "behind" not in each]

    def test_lines_that_come_while_it_is_counted(self) -> None:
        self.behind()
        self.lines(5)
        self.assertEqual(self.finish(), self.numbers(1, 65))

    def test_lines_that_come_while_a_page_is_read(self) -> None:
        for answers in range(1, 6):
            self.count = 0
            self.behind()
            for _ in range(answers):
                if self.history.asked:
                    self.history.answer()
                    self.pass_time(0)
                self.lines(1)
            self.assertEqual(self.finish(), self.numbers(1, self.count), f"{answers} answers")
            self.history.slow = False

    def test_lines_in_the_same_turn_as_the_answer(self) -> None:
        """They are told of, so they are in the history, and owed by the room as well."""
        for answers in range(6):
            for order in (1, -1):
                self.count = 0
                self.behind()
                for _ in range(answers):
                    if self.history.asked:
                        self.history.answer()
                        self.pass_time(0)
                self.count += 1
                self.alice.connection.speak(Said(self.alice.connection.me.author, "lobby", f"{self.count} now"))
                self.assertEqual(len(self.history._waiting), 1)
                for end in (self.history._begin, self.answer_if_asked)[::order]:
                    end()
                self.pass_time(0)
                self.lines(1)
                self.assertEqual(self.finish(), self.numbers(1, self.count), f"{answers} answers, {order}")
                self.history.slow = False

    def answer_if_asked(self) -> None:
        if self.history.asked:
            self.history.answer()

    def test_so_many_lines_while_a_page_is_read_that_they_are_dropped_too(self) -> None:
        for answers in (1, 2, 4, 5):
            self.count = 0
            self.behind()
            for _ in range(answers):
                if self.history.asked:
                    self.history.answer()
                    self.pass_time(0)
            self.lines(100)
            self.assertEqual(self.finish(), self.numbers(1, self.count), f"{answers} answers")
            self.history.slow = False

    def test_it_stalls_again_while_it_catches_up(self) -> None:
        for answers in range(1, 6):
            self.count = 0
            self.behind()
            for _ in range(answers):
                if self.history.asked:
                    self.history.answer()
                    self.pass_time(0)
            self.stall(self.bob)
            self.lines(50)
            self.assertEqual(self.finish(), self.numbers(1, self.count), f"{answers} answers")
            self.history.slow = False

    def test_what_was_kept_back_does_not_fit_when_it_stalls_at_the_seam(self) -> None:
        self.behind(40)
        self.history.answer()
        self.pass_time(0)
        self.lines(60)
        self.stall(self.bob)
        self.history.answer()
        self.pass_time(0)
        self.lines(5)
        self.assertEqual(self.finish(), self.numbers(1, self.count))

    def test_more_comes_while_the_past_of_a_room_is_shown_than_can_be_kept_back(self) -> None:
        """The first page is shown on coming in, before anything was missed."""
        self.history.slow = True
        self.before: list[str] = []
        carol = self.connects(transport=Tube())
        carol.says("carol")
        carol.hears()
        self.lines(100)
        self.bob = carol
        self.assertEqual(self.finish(), self.numbers(1, 100))


class WhatTests(BacklogTestCase):
    """What may be among the missed."""

    def missed(self, *acts: Callable[[], object]) -> list[str]:
        """What Bob hears of things that happen while he is behind."""
        self.stall(self.bob)
        self.lines(40)
        for act in acts:
            act()
        heard = self.wake(self.bob)
        return [line for line in heard if "...." not in line and "behind" not in line and line != "* "]

    def test_private_messages_announcements_and_other_rooms(self) -> None:
        carol = self.reader("carol")
        self.bob.says("/join dev", "/join lobby")
        carol.says("/join dev")
        self.bob.hears()
        heard = self.missed(
            lambda: carol.says("@bob psst"),
            lambda: self.alice.says("@carol not for bob"),
            lambda: self.alice.says("@all hear"),
            lambda: carol.says("in dev"),
            lambda: self.alice.says("@bob hey"),
            lambda: carol.says("/join tea", "not heard"),
        )
        self.assertEqual(
            heard,
            [
                "[12:00] carol -> you: psst",
                "[12:00] alice -> all: hear",
                "[12:00] #dev carol: in dev",
                "[12:00] alice -> you: hey",
            ],
        )

    def test_edits_reactions_topics_comings_and_goings(self) -> None:
        carol, dave = self.reader("carol"), self.reader("dave")
        self.alice.says("a line", "no line")
        number = self.factory.registry.rooms["lobby"].lines - 1
        self.bob.hears()
        erin: list[Person] = []
        heard = self.missed(
            lambda: self.alice.says(f"/edit {number} a better line"),
            lambda: carol.says(f"/react {number} 👍"),
            lambda: carol.says("/topic tea"),
            lambda: carol.says("/me waves"),
            lambda: erin.append(self.reader("erin")),
            lambda: carol.says("/nick caroline"),
            lambda: carol.says("/away"),
            lambda: carol.says("/back"),
            lambda: erin[0].hangs_up(),
            lambda: dave.says("/leave"),
            lambda: self.alice.says(f"/delete {number + 1}"),
        )
        self.assertEqual(
            heard,
            [
                f"[12:00] alice edited {number}: a better line",
                f"[12:00] carol reacts to {number}: 👍",
                "* carol changed the topic to: tea",
                "[12:00] * carol waves",
                "* erin came",
                "* carol is now caroline",
                "* erin left",
                "* dave left the room",
                f"[12:00] alice removed {number + 1}",
            ],
        )

    def test_who_is_in_two_rooms_leaves_once(self) -> None:
        carol = self.reader("carol")
        for person in (self.bob, carol):
            person.says("/join dev", "/join lobby")
        self.bob.hears()
        self.assertEqual(self.missed(carol.hangs_up), ["* carol left"])

    def test_somebody_new_writes_while_it_catches_up(self) -> None:
        """The first private line of somebody is dropped while a page is read."""
        carol = self.reader("carol")
        self.stall(self.bob)
        self.lines(60)
        self.history.slow = True
        heard = self.wake(self.bob)
        self.history.answer()
        self.pass_time(0)
        carol.says("@bob psst")
        self.lines(100)
        while self.history.asked:
            self.history.answer()
            self.pass_time(0)
        self.assertIn("[12:00] carol -> you: psst", [line for line in heard + self.wake(self.bob) if len(line) < 99])

    def test_a_private_conversation_is_remembered_only_while_something_of_it_may_be_missed(self) -> None:
        self.stall(self.bob)
        self.alice.says("@bob one")
        self.lines(60)
        self.assertEqual(len(self.bob.connection.private), 1)
        self.assertIn("[12:00] alice -> you: one", self.wake(self.bob))
        carol = self.reader("carol")
        carol.says("@bob two")
        self.assertEqual(len(self.bob.connection.private), 0)

    def test_only_what_passes_was_missed(self) -> None:
        """It is in no history: nobody is told to be behind nothing."""
        self.stall(self.bob)
        self.lines(30)
        passing = AwayChanged(self.alice.connection.me.author, None)
        passing.seq = self.factory.registry.seq
        self.bob.connection.outlet.write(b"." * LIMIT, 2 * passing.seq)
        self.pass_time(0)
        self.assertEqual(self.told(self.wake(self.bob)), self.numbers(1, 30))
        self.lines(1)
        self.assertEqual(self.told(self.bob.hears()), ["31"])


class CommandTests(BacklogTestCase):
    def test_what_is_typed_while_behind_is_done_after_catching_up(self) -> None:
        self.stall(self.bob)
        self.lines(60)
        self.bob.says("hello", "/whoami")
        self.assertEqual(self.told(self.alice.hears()), [])
        heard = self.wake(self.bob)
        self.assertTrue(heard[-3].startswith("* You are bob"))
        self.assertEqual(self.told(self.alice.hears()), ["hello"])

    def test_a_command_that_is_under_way_when_lines_are_dropped(self) -> None:
        """Its end is when the missed lines are shown, if the connection has read meanwhile."""
        self.drop_before("/topic tea")
        heard = self.told(self.wake(self.bob))
        self.history.let_go()
        self.pass_time(0)
        self.history.holding = False
        heard += self.told(self.wake(self.bob))
        self.assertEqual([each for each in heard if "behind" not in each], self.numbers(1, 61))
        self.lines(1)
        self.assertEqual(self.told(self.wake(self.bob)), ["62"])

    def drop_before(self, command: str, *also: Callable[[], None]) -> None:
        """Bob gives a command, and before it is done, lines that were placed before it are dropped."""
        self.history.holding = True
        self.lines(61)
        for act in also:
            act()
        self.history.let_go()
        self.bob.says(command)
        self.stall(self.bob)
        self.history.let_go()
        self.pass_time(0)
        self.assertFalse(self.bob.connection.outlet.clear)
        self.assertEqual(len(self.history.held), 1)

    def test_of_a_room_it_has_just_left_what_was_said_before(self) -> None:
        """It was there then; and when all is shown, nothing of that is remembered."""
        self.drop_before("/leave")
        self.history.let_go()
        self.history.holding = False
        self.lines(1)
        heard = self.told(self.wake(self.bob))
        self.assertEqual([each for each in heard if each.isdigit()], self.numbers(1, 61))
        self.assertEqual(self.bob.connection.left, {})

    def test_of_a_room_it_leaves_while_it_is_owed_lines_of_the_same_turn(self) -> None:
        """They are dropped only when the turn ends, or when it leaves."""
        self.history.holding = True
        self.lines(1)
        self.history.let_go()
        self.lines(60)
        self.bob.says("/leave")
        self.bob.transport.holds = 0
        self.history.holding = False
        self.history.let_go()
        self.pass_time(0)
        heard = self.told(self.wake(self.bob))
        self.assertEqual([each for each in heard if each.isdigit()], self.numbers(1, 61))

    def test_a_line_that_waits_for_its_turn_waits_until_all_is_shown(self) -> None:
        """What is in flight when lines are dropped keeps a command back; it is not forgotten."""
        self.history.holding = True
        self.bob.says("mine", "/whoami")
        self.stall(self.bob)
        self.history.holding = False
        self.history.let_go()
        self.lines(60)
        heard = self.wake(self.bob)
        self.assertTrue(heard[-3].startswith("* You are bob"), heard[-4:])
        self.assertEqual([each for each in self.told(heard) if each.isdigit()], self.numbers(1, 60))

    def test_of_a_room_it_has_just_joined_only_what_came_after(self) -> None:
        carol = self.reader("carol")
        carol.says("/join dev", *(f"before {number}" for number in range(3)))
        self.drop_before("/join dev", lambda: carol.says("between"))
        self.history.holding = False
        self.history.let_go()
        carol.says("after")
        heard = self.wake(self.bob)
        past = heard.index("* -- now --")
        self.assertEqual([line for line in heard[past:] if "carol: " in line], ["[12:00] carol: after"])
        self.assertEqual([each for each in self.told(heard) if each.isdigit()], self.numbers(1, 61))


class LostTests(BacklogTestCase):
    """A connection that is lost while it is shown what it missed leaves nothing behind."""

    def test_whenever_it_is(self) -> None:
        for answers in range(6):
            bob = self.reader("bob2")
            self.stall(bob)
            self.lines(60)
            self.history.slow = True
            self.wake(bob)
            for _ in range(answers):
                if self.history.asked:
                    self.history.answer()
                    self.pass_time(0)
            bob.hangs_up()
            self.pass_time(0)
            while self.history.asked:
                self.history.answer()
                self.pass_time(0)
            self.history.slow = False
            self.assertEqual(broken(self.factory, quiet=True), [], f"{answers} answers")
            self.assertEqual(len(self.clock.getDelayedCalls()), 1, "the look after the dead")
        for person in (self.alice, self.bob):
            person.hangs_up()
        self.assertEqual(left_behind(self.factory), [])

    def test_while_it_does_not_read(self) -> None:
        self.stall(self.bob)
        self.lines(60)
        self.bob.transport.read()
        self.stall(self.bob)
        self.lines(10)
        self.bob.hangs_up()
        self.alice.hangs_up()
        self.assertEqual(left_behind(self.factory), [])

    def test_the_history_cannot_be_read(self) -> None:
        self.stall(self.bob)
        self.lines(60)
        self.history.slow = True
        heard = self.wake(self.bob)
        self.history.answer()
        self.pass_time(0)
        self.history._timelines = None  # as broken as can be
        self.history.answer()
        self.pass_time(0)
        heard += self.wake(self.bob)
        self.assertEqual(len(self.flushLoggedErrors(AttributeError)), 1)
        self.assertIn("What you have missed cannot be read now", heard[-1])
        self.assertTrue(self.bob.is_gone)
