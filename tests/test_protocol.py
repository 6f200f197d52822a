"""One connection: one command at a time, answers in order, bounded input, and nothing left when it is cut."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from twisted.internet.defer import Deferred

from chat.core.events import Connected, Event, Joined, Said
from chat.core.refusals import Goodbye, Refused
from chat.core.registry import Author, Room
from chat.linequeue import ENDLESS, LONGEST
from chat.outlet import LIMIT
from chat.protocol import COMMAND, IN_FLIGHT, PER_TURN, QUEUED, ChatProtocol, Command
from tests.invariants import broken, left_behind
from tests.talk import ChatTestCase, HeldHistory, Person
from tests.test_backlog import Tube


@dataclass(frozen=True)
class Plainly:
    """The dialect of the wire below."""

    echo = False

    def render(self, event: Any) -> bytes:
        if event.by.name == "buggy":
            raise ZeroDivisionError
        return f"{event.by.name}: {event.text}\n".encode() if isinstance(event, Said) else b""


class Wire(ChatProtocol):
    """A wire of nothing but what a connection does: a word for each kind of command.

    Whatever it is told is in `told` too, in order.
    """

    def __init__(self) -> None:
        self.told: list[str] = []
        self.waiting: list[Deferred[None]] = []
        self.running = self.most_running = self.most_in_flight = self.understood = 0

    def tell(self, text: str) -> None:
        self.told.append(text)
        self.outlet.write(text.encode() + b"\n")

    # -- what a wire says in its own words

    def started(self) -> None:
        self.tell("hello")

    def understand(self, line: bytes) -> Command | None:
        self.understood += 1
        word, _, rest = line.decode().strip("\r").partition(" ")
        if not word:
            return None
        if word == "refuse":
            raise Refused(rest)
        if word == "bug":
            raise ZeroDivisionError
        return Command(partial(getattr(self, f"do_{word}"), rest), speech=word in ("say", "many", "deny"))

    def refuse(self, refusal: Refused) -> None:
        self.tell(f"refused {refusal}")

    def apologise(self) -> None:
        self.tell("sorry")

    def said(self, event: Any) -> None:
        if event.text == "said bug":
            raise ZeroDivisionError
        self.tell(f"said {event.text}")

    def part(self, why: str) -> None:
        self.tell(why)
        self.leave()

    async def catch_up(self) -> None:
        raise AssertionError("nothing is missed here")

    def view(self, room: Room | None) -> Plainly:
        return Plainly()

    # -- commands

    async def do_name(self, name: str) -> None:
        author = Author(name, self.factory.new_identity())
        await self.publish(Connected(author))
        self.user = self.registry.ids[author.id]
        self.user.sessions += (self,)
        await self.publish(Joined(author, "lobby"))
        self.tell(f"you are {name}")

    def do_say(self, text: str) -> None:
        self.speak(Said(self.me.author, "lobby", text))
        self.most_in_flight = max(self.most_in_flight, self.in_flight)

    def do_many(self, text: str) -> None:
        for _ in range(PER_TURN):
            self.do_say(text)

    def do_deny(self, text: str) -> None:
        raise Refused(text)

    def do_tell(self, text: str) -> None:
        self.tell(text)

    async def do_publish(self, text: str) -> None:
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        event = await self.publish(Said(self.me.author, "lobby", text))
        self.running -= 1
        self.tell(f"published {event.text}")  # type: ignore[attr-defined]

    async def do_wait(self, text: str) -> None:
        self.waiting.append(Deferred())
        await self.waiting[-1]
        self.tell(f"waited {text}")

    async def do_quickly(self, text: str) -> None:
        self.tell(text)

    async def do_me(self, text: str) -> None:
        self.waiting.append(Deferred())
        await self.waiting[-1]
        self.tell(self.me.name)

    def do_crash(self, text: str) -> None:
        raise ZeroDivisionError

    async def do_crashlater(self, text: str) -> None:
        await self.publish(Said(self.me.author, "lobby", text))
        raise ZeroDivisionError

    def do_goodbye(self, text: str) -> None:
        raise Goodbye(text)

    async def do_leave(self, text: str) -> None:
        self.part("bye")


class WireTestCase(ChatTestCase):
    history_class = HeldHistory

    def connects_plainly(self, flood: str = "off") -> Any:
        """Somebody has connected, over the wire above."""
        self.configure(flood=flood)
        connection = self.factory.speaking(Wire).buildProtocol(None)
        transport = Tube()
        connection.makeConnection(transport)
        self.pass_time(0)
        return Person(self, connection, transport)

    def somebody(self, name: str = "alice", flood: str = "off") -> Any:
        """Somebody who is in the lobby, over the wire above, and what they are told begins now."""
        person = self.connects_plainly(flood)
        person.says(f"name {name}")
        self.assertEqual(person.connection.told[-1], f"you are {name}")
        person.connection.told.clear()
        person.transport.clear()
        return person


class OrderTests(WireTestCase):
    def test_answers_come_in_the_order_of_the_lines(self) -> None:
        alice = self.somebody()
        alice.says("say 1", "tell 2", "say 3", "say 4", "publish 5", "refuse 6", "say 7", "quickly 8", "publish 9")
        told = ["said 1", "2", "said 3", "said 4", "published 5", "refused 6", "said 7", "8", "published 9"]
        self.assertEqual(alice.connection.told, told)

    def test_speech_may_follow_speech(self) -> None:
        alice, bob = self.somebody(), self.somebody("bob")
        self.history.holding = True
        alice.says("say 1", "say 2", "say 3")
        self.assertEqual(alice.connection.in_flight, 3)
        self.assertEqual(len(self.history.held), 1, "they share a commit")
        self.assertEqual(alice.connection.told + bob.hears(), [])
        self.history.let_go()
        self.pass_time(0)
        self.assertEqual(alice.connection.told, ["said 1", "said 2", "said 3"])
        self.assertEqual(bob.hears(), ["alice: 1", "alice: 2", "alice: 3"])

    def test_whatever_is_no_speech_waits_for_what_is_in_flight(self) -> None:
        for line, answer in (("tell 2", "2"), ("refuse 2", "refused 2"), ("quickly 2", "2"), ("crash", "sorry")):
            alice = self.somebody(f"alice-{line[0]}")
            self.history.holding = True
            alice.says("say 1", line, "say 3")
            self.assertEqual((alice.connection.told, alice.connection.in_flight), ([], 1), line)
            self.history.let_go()
            self.pass_time(0)
            self.assertEqual(alice.connection.told, ["said 1", answer], line)
            self.history.let_go()
            self.pass_time(0)
            self.assertEqual(alice.connection.told, ["said 1", answer, "said 3"], line)
            self.history.holding = False
        self.flushLoggedErrors(ZeroDivisionError)

    def test_one_command_at_a_time(self) -> None:
        alice = self.somebody()
        self.history.holding = True
        alice.says("publish 1", "publish 2", "say 3", "publish 4")
        for expected in (["published 1"], ["published 2"], ["said 3"], ["published 4"]):
            self.assertEqual(len(self.history.held), 1)
            self.history.let_go()
            self.pass_time(0)
            self.assertEqual(alice.connection.told[-1:], expected)
        self.assertEqual(alice.connection.most_running, 1)

    def test_nothing_is_understood_while_a_command_runs(self) -> None:
        alice = self.somebody()
        alice.says("wait 1", "tell 2")
        before = alice.connection.understood
        alice.says("tell 3", "refuse 4")
        self.assertEqual((alice.connection.told, alice.connection.understood), ([], before))
        alice.connection.waiting[0].callback(None)
        self.assertEqual(alice.connection.told, ["waited 1", "2", "3", "refused 4"])

    def test_a_refused_event_is_answered_in_its_turn(self) -> None:
        alice = self.somebody()
        self.history.holding = True
        alice.says("say 1", "say 2")
        self.history.let_go()
        self.history.holding = False
        elsewhere = Said(alice.connection.me.author, "nowhere", "3")
        alice.connection.speak(elsewhere)
        self.pass_time(0)
        self.assertEqual(alice.connection.told, ["said 1", "said 2", 'refused There is no room "nowhere".'])
        self.assertEqual(alice.connection.in_flight, 0)

    def test_a_commit_that_fails_refuses_all_and_the_connection_goes_on(self) -> None:
        alice, bob = self.somebody(), self.somebody("bob")
        self.history.holding = True
        alice.says("say 1", "say 2", "tell 3")
        self.history.fail("disk full")
        self.history.holding = False
        self.pass_time(0)
        refused = "refused Not stored: disk full. Not sent."
        self.assertEqual(alice.connection.told, [refused, refused, "3"])
        self.assertEqual((bob.hears(), alice.connection.in_flight), ([], 0))

    def test_many_lines_of_any_kind_in_any_pieces_with_any_delays(self) -> None:
        for seed in range(60):
            self.play(random.Random(seed), f"seed {seed}")

    def play(self, dice: random.Random, label: str) -> None:
        """Whatever the pieces and the delays, the answers are those of one line after the other."""
        alice = self.somebody(f"alice{label[5:]}")
        kinds = {"say": "said {}", "tell": "{}", "refuse": "refused {}", "publish": "published {}", "quickly": "{}"}
        kinds |= {"wait": "waited {}", "deny": "refused {}", "": ""}
        told, lines = [], []
        for number in range(dice.randrange(150)):
            kind = dice.choice(list(kinds))
            lines.append(f"{kind} {number}" if kind else "")
            told += [kinds[kind].format(number)] if kind else []
        data = "".join(line + "\n" for line in lines).encode()
        while data or self.history.held or alice.connection.waiting:
            self.history.holding = dice.random() < 0.5
            size = dice.choice((1, 10, 1000))
            piece, data = data[:size], data[size:]
            if piece:
                alice.connection.dataReceived(piece)
            if dice.random() < 0.5 and self.history.held:
                self.history.let_go()
            if dice.random() < 0.5 and alice.connection.waiting:
                alice.connection.waiting.pop().callback(None)
            self.pass_time(0)
        self.history.holding = False
        self.pass_time(0)
        self.assertEqual(alice.connection.told, told, label)
        self.assertLessEqual(alice.connection.most_running, 1, label)
        self.assertEqual(broken(self.factory, quiet=True), [], label)


class LimitTests(WireTestCase):
    def test_so_many_lines_are_in_flight_and_no_more(self) -> None:
        alice = self.somebody()
        self.history.holding = True
        alice.says(*(f"say {number}" for number in range(200)))
        self.assertEqual(alice.connection.in_flight, IN_FLIGHT)
        self.history.holding = False
        self.history.let_go()
        self.pass_time(0)
        self.assertEqual(alice.connection.told, [f"said {number}" for number in range(200)])
        self.assertEqual(alice.connection.most_in_flight, IN_FLIGHT)

    def test_it_reads_on_while_little_waits(self) -> None:
        alice = self.somebody()
        alice.says("wait", "x" * (QUEUED - 100))
        self.assertEqual(alice.transport.producerState, "producing")

    def test_it_is_read_no_further_when_much_waits_and_again_when_it_is_done(self) -> None:
        alice = self.somebody()
        alice.says("wait", *("tell " + "x" * 1000 for _ in range(20)))
        self.assertEqual(alice.transport.producerState, "paused")
        alice.connection.waiting[0].callback(None)
        self.pass_time(0)
        self.assertEqual(alice.transport.producerState, "producing")
        self.assertEqual(len(alice.connection.told), 21)

    def test_it_is_read_no_further_while_the_flood_limit_holds_a_line_back(self) -> None:
        alice = self.somebody(flood="10/2")
        alice.says(*(f"tell {number}" for number in range(9)))
        self.assertEqual(alice.transport.producerState, "producing")
        alice.says("tell 9", "tell 10")
        self.assertEqual(len(alice.connection.told), 9)
        self.assertEqual(alice.transport.producerState, "paused")
        self.pass_time(0.5)
        self.assertEqual(alice.connection.told[9:], ["9"])
        self.assertEqual(alice.transport.producerState, "paused")
        self.pass_time(0.5)
        self.assertEqual(alice.connection.told[9:], ["9", "10"])
        self.assertEqual(alice.transport.producerState, "producing")

    def test_a_paste_arrives_complete_and_in_order_only_slower(self) -> None:
        alice = self.somebody(flood="10/2")
        alice.says(*(f"say {number}" for number in range(300)))
        for seconds in range(146):
            self.assertEqual(len(alice.connection.told), min(300, 9 + 2 * seconds))
            for _ in range(2):
                self.pass_time(0.5)
        self.assertEqual(alice.connection.told, [f"said {number}" for number in range(300)])

    def test_what_is_refused_costs_as_much_as_what_is_done(self) -> None:
        alice = self.somebody(flood="10/2")
        alice.says(*("refuse x" for _ in range(30)))
        self.assertEqual(len(alice.connection.told), 9)

    def test_nothing_is_understood_while_the_answers_are_not_read(self) -> None:
        alice = self.somebody()
        alice.transport.holds = 0
        alice.says("tell 1", "tell 2", "tell 3")
        alice.says("tell 4")
        self.assertEqual(alice.connection.told, ["1", "2", "3"])
        alice.says(*("tell " + "x" * 1000 for _ in range(20)))
        self.assertEqual(alice.transport.producerState, "paused")
        alice.transport.holds = 1_000_000
        alice.transport.read()
        self.pass_time(0)
        self.assertEqual(len(alice.connection.told), 24)
        self.assertEqual(alice.transport.producerState, "producing")

    def test_only_so_much_is_done_in_a_turn(self) -> None:
        """Other connections have their turn in between, however fast the disk is, and whatever ends at once."""
        alice = self.somebody()
        commands = dict.fromkeys((b"tell x", b"quickly x", b"refuse x", b"deny x"), PER_TURN // COMMAND)
        for line, most in {b"": PER_TURN, b"say x": PER_TURN, b"many x": 1, **commands}.items():
            before, lines = alice.connection.understood, 20 if line == b"many x" else 1000
            alice.connection.dataReceived((line + b"\n") * lines)
            counts = [alice.connection.understood - before]
            for _ in range(400):
                before = alice.connection.understood
                self.one_turn()
                counts.append(alice.connection.understood - before)
            self.assertEqual(sum(counts), lines, line)
            self.assertLessEqual(max(counts), most, line)

    def test_what_was_done_in_other_turns_does_not_count(self) -> None:
        """A line that comes alone is done at once, however much came before it."""
        alice = self.somebody()
        for _ in range(3 * PER_TURN // COMMAND):
            before = alice.connection.understood
            alice.connection.dataReceived(b"tell x\n")
            self.assertEqual(alice.connection.understood, before + 1)

    def one_turn(self) -> None:
        """What is due now is called, and what that has called later is not: a turn of the reactor."""
        due = [call for call in self.clock.calls if call.getTime() <= self.clock.seconds()]
        for call in due:
            if call.active():
                self.clock.calls.remove(call)
                call.called = 1
                call.func(*call.args, **call.kw)

    def test_very_many_lines_that_are_done_at_once(self) -> None:
        """What ends at once goes on in the same loop, not in a deeper call."""
        alice = self.somebody()
        alice.says(*("quickly x" for _ in range(5000)))
        self.assertEqual(alice.connection.told, ["x"] * 5000)
        elsewhere = Said(alice.connection.me.author, "nowhere", "x")
        alice.connection.do_say = lambda text: alice.connection.speak(elsewhere)
        alice.says(*("say x" for _ in range(5000)))
        self.assertEqual(len(alice.connection.told), 10_000)


class LengthTests(WireTestCase):
    def test_a_line_that_is_too_long_is_refused_in_its_turn(self) -> None:
        alice = self.somebody()
        self.history.holding = True
        alice.says("say 1", "x" * (LONGEST + 1), "say 3")
        self.assertEqual(alice.connection.told, [])
        self.history.holding = False
        self.history.let_go()
        self.pass_time(0)
        refusal = "refused Too long (4,097 bytes, limit 4,096). Not sent."
        self.assertEqual(alice.connection.told, ["said 1", refusal, "said 3"])

    def test_a_line_without_end_is_told_of_in_its_turn_and_closes(self) -> None:
        alice = self.somebody()
        self.history.holding = True
        alice.says("say 1")
        alice.types(b"x" * (ENDLESS + 1))
        self.assertEqual((alice.connection.told, alice.is_gone), ([], False))
        self.history.let_go()
        self.pass_time(0)
        goodbye = f"refused More than {ENDLESS:,} bytes without a line end. Bye."
        self.assertEqual((alice.connection.told, alice.is_gone), (["said 1", goodbye], True))

    def test_the_memory_of_input_is_bounded(self) -> None:
        """Whoever is told to wait and goes on, fills no more than the limit and what was read at once."""
        for data in (b"x" * 1000, b"tell x\n" * 1000, b"x" * 5000 + b"\n"):
            alice = self.somebody("alice" + str(len(data)))
            alice.says("wait")
            for _ in range(100):
                if alice.transport.producerState == "producing":
                    alice.types(data)
            self.assertLessEqual(alice.connection.waiting_input, QUEUED + len(data))


class EndTests(WireTestCase):
    def test_half_closed_what_is_left_is_done_and_told_of(self) -> None:
        alice = self.somebody()
        self.history.holding = True
        alice.types(b"say 1\npublish 2\nsay 3")
        alice.ends_input()
        self.history.holding = False
        self.assertFalse(alice.is_gone)
        self.history.let_go()
        self.pass_time(0)
        self.assertEqual(alice.connection.told, ["said 1", "published 2", "said 3"])
        self.assertTrue(alice.is_gone)

    def test_half_closed_and_the_flood_limit(self) -> None:
        alice = self.somebody(flood="10/2")
        alice.says(*(f"tell {number}" for number in range(12)))
        alice.ends_input()
        self.assertFalse(alice.is_gone)
        self.pass_time(2)
        self.assertEqual((len(alice.connection.told), alice.is_gone), (12, True))

    def test_half_closed_while_it_does_not_read(self) -> None:
        alice = self.somebody()
        alice.transport.holds = 0
        alice.says("tell 1")
        alice.says("tell 2")
        alice.ends_input()
        self.assertFalse(alice.is_gone)
        alice.transport.holds = 1_000_000
        alice.transport.read()
        self.assertEqual((alice.connection.told, alice.is_gone), (["1", "2"], True))

    def test_a_goodbye_closes_and_what_comes_behind_it_is_not_done(self) -> None:
        alice = self.somebody()
        alice.says("goodbye now", "tell more", "say more")
        self.assertEqual((alice.connection.told, alice.is_gone), (["refused now"], True))
        alice.says("tell more")
        self.assertEqual(alice.connection.told, ["refused now"])
        self.assertEqual(alice.connection.waiting_input, len("tell more\nsay more\n"))

    def test_who_is_told_goodbye_is_read_so_that_tls_can_close(self) -> None:
        alice = self.somebody()
        alice.says("wait", *("tell " + "x" * 1000 for _ in range(20)))
        self.assertEqual(alice.transport.producerState, "paused")
        alice.connection.part("the server stops")
        self.assertEqual(alice.transport.producerState, "producing")
        self.assertTrue(alice.is_gone)
        for _ in range(100):
            alice.connection.dataReceived(b"x" * 1000)
        self.assertLess(alice.connection.waiting_input, 25_000)

    def test_a_reader_who_reads_no_more_is_let_go(self) -> None:
        alice = self.somebody()
        alice.connection.writeConnectionLost()
        self.assertTrue(alice.is_gone)

    def test_while_the_server_stops_nothing_more_is_read(self) -> None:
        """The service pauses everyone, and waits for what was accepted."""
        alice = self.somebody()
        self.history.holding = True
        alice.says("say 1")
        self.factory.stopping = True
        alice.connection.pauseProducing()
        self.history.let_go()
        self.pass_time(0)
        self.assertEqual((alice.connection.told, alice.transport.producerState), (["said 1"], "paused"))


class BugTests(WireTestCase):
    def test_a_bug_is_logged_and_answered_and_the_connection_goes_on(self) -> None:
        alice = self.somebody()
        for line in ("crash", "bug", "crashlater"):
            alice.says(line, "tell on")
            self.assertEqual(alice.connection.told[-2:], ["sorry", "on"], line)
            self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1, line)

    def test_a_bug_in_what_is_told_of_a_line(self) -> None:
        alice, bob = self.somebody(), self.somebody("bob")
        alice.says("say said bug", "say on", "tell and on")
        self.assertEqual(alice.connection.told, ["sorry", "said on", "and on"])
        self.assertEqual(bob.hears(), ["alice: said bug", "alice: on"])
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)
        self.assertEqual(broken(self.factory, quiet=True), [])

    def test_a_bug_while_something_is_rendered_for_one(self) -> None:
        alice = self.somebody()
        alice.connection.hear(Said(Author("buggy", "1"), "lobby", "x"), None)
        alice.says("tell on")
        self.assertEqual(alice.connection.told, ["on"])
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)

    def test_a_bug_in_an_event_leaves_nothing_in_flight(self) -> None:
        class Buggy(Said):
            def apply(self, registry: Any) -> None:
                raise ZeroDivisionError

        alice = self.somebody()
        alice.connection.do_say = lambda text: alice.connection.speak(Buggy(alice.connection.me.author, "lobby", text))
        alice.says("say x", "tell on")
        self.assertEqual((alice.connection.told, alice.connection.in_flight), (["sorry", "on"], 0))
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)

    def test_a_bug_in_the_greeting(self) -> None:
        class Rude(Wire):
            def started(self) -> None:
                raise ZeroDivisionError

        connection: Any = self.factory.speaking(Rude).buildProtocol(None)
        connection.makeConnection(Tube())
        self.assertEqual(connection.told, ["sorry"])
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)


class LostTests(WireTestCase):
    """A connection that is lost in the middle of something leaves nothing behind, and logs no error."""

    def lose(self, act: Callable[[Any], object], *lines: str, named: bool = True) -> None:
        """Alice types, and while it is under way `act` happens to her; then the disk is done with everything."""
        for whole in (False, True):
            bob = self.somebody("bob")
            alice = self.somebody() if named else self.connects_plainly()
            self.history.holding = True
            alice.says(*lines)
            if whole:
                alice.types(b"tell more\nsay half a l")
            act(alice)
            self.assertEqual(broken(self.factory), [])
            while self.history.held:
                self.history.let_go()
                self.pass_time(0)
            for waiting in alice.connection.waiting:
                waiting.callback(None)
            self.history.holding = False
            self.pass_time(0)
            self.assertEqual(broken(self.factory, quiet=True), [])
            self.assertNotIn("alice", self.factory.registry.users)
            bob.hangs_up()
            self.assertEqual(left_behind(self.factory), [])
            self.assertEqual(len(self.clock.getDelayedCalls()), 1, "the look after the dead")
            self.assertEqual(self.flushLoggedErrors(), [])

    def test_while_lines_are_in_flight(self) -> None:
        self.lose(lambda alice: alice.hangs_up(), "say 1", "say 2", "tell 3")

    def test_while_a_command_waits_for_the_disk(self) -> None:
        self.lose(lambda alice: alice.hangs_up(), "publish 1", "say 2")

    def test_while_a_command_waits_for_something_else(self) -> None:
        self.lose(lambda alice: alice.hangs_up(), "wait 1")

    def test_a_command_that_goes_on_as_if_nothing_had_happened(self) -> None:
        self.lose(lambda alice: alice.hangs_up(), "me")

    def test_while_it_says_goodbye(self) -> None:
        self.lose(lambda alice: alice.hangs_up(), "leave", "say x")

    def test_before_it_had_a_name(self) -> None:
        self.lose(lambda alice: alice.hangs_up(), named=False)

    def test_while_it_does_not_read(self) -> None:
        def stall(alice: Any) -> None:
            alice.transport.holds = 0
            alice.connection.tell("x" * LIMIT)
            self.pass_time(0)
            self.assertFalse(alice.connection.outlet.clear)
            alice.hangs_up()

        self.lose(stall, "say 1", "publish 2")

    def test_while_it_is_held_back(self) -> None:
        alice = self.somebody(flood="10/2")
        alice.says(*(f"tell {number}" for number in range(50)))
        alice.hangs_up()
        self.assertEqual(len(self.clock.getDelayedCalls()), 1, "the look after the dead")
        self.assertEqual(left_behind(self.factory), [])

    def test_while_it_has_more_to_do_than_fits_in_a_turn(self) -> None:
        alice = self.somebody()
        alice.connection.dataReceived(b"tell x\n" * PER_TURN)
        alice.hangs_up()
        self.assertLess(len(alice.connection.told), PER_TURN)
        self.assertEqual(len(self.clock.getDelayedCalls()), 1, "the look after the dead")


class LineWireTests(ChatTestCase):
    """The same for the wire for people, where sign-in, joining and leaving take several steps."""

    history_class = HeldHistory

    STORIES = (
        (),
        ("alice",),
        ("alice", "hello", "hello"),
        ("alice", "/join dev"),
        ("alice", "/join dev", "hello", "/leave", "hello"),
        ("alice", "/leave"),
        ("alice", "/leave", "/join dev", "/topic x", "/nick alicia", "@bob hi", "@all hi", "/away", "/history"),
        ("alice", "hello", "/edit 1 hullo", "/delete 1", "/react 1 👍", "/reply 1 x", "/search hello", "/seen bob"),
        ("alice", "/send k hello", "/send k hello", "s/hello/hullo/", "/exit"),
        ("bob",),
        ("bob", "alice"),
        ("",),
    )

    def test_lost_after_every_step(self) -> None:
        """The connection is cut after each commit that its story needs, until the story is over."""
        for story in self.STORIES:
            for steps in range(2 * len(story) + 2):
                self.cut(story, steps)

    def cut(self, story: tuple[str, ...], steps: int) -> None:
        bob = self.person("bob")
        alice = self.connects()
        self.history.holding = True
        alice.says(*story)
        for _ in range(steps):
            if self.history.held:
                self.history.let_go()
                self.pass_time(0)
        alice.hangs_up()
        label = f"{story} cut after {steps} steps"
        self.assertEqual(broken(self.factory), [], label)
        while self.history.held:
            self.history.let_go()
            self.pass_time(0)
        self.history.holding = False
        self.pass_time(10)  # whoever asks for a name that is taken has its holder probed for a few seconds
        self.assertEqual(broken(self.factory, quiet=True), [], label)
        self.assertEqual(list(self.factory.registry.users), ["bob"], label)
        bob.says("hello?")
        bob.hangs_up()
        self.assertEqual(left_behind(self.factory), [], label)
        self.assertLessEqual(len(self.clock.getDelayedCalls()), 1, label)
        self.assertEqual(self.flushLoggedErrors(), [], label)
        self.assertIsInstance(self.history, HeldHistory)


class EventTests(WireTestCase):
    def test_a_publication_is_told_what_became_of_it(self) -> None:
        alice = self.somebody()
        event = Said(alice.connection.me.author, "lobby", "x")
        outcome: Deferred[Event] = alice.connection.publish(event)
        self.assertNoResult(outcome)
        self.pass_time(0)
        self.assertIs(self.successResultOf(outcome), event)
        refused = alice.connection.publish(Said(alice.connection.me.author, "nowhere", "x"))
        self.failureResultOf(refused, Refused)
