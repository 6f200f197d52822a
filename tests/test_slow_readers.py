"""Readers who stall and read on as it pleases them: each hears exactly what the order of events says it must.

By dice on transports in memory, where the history takes its time too; and over real sockets, plain and encrypted.
"""

from __future__ import annotations

import os
import random
import re
import socket
import ssl
from collections.abc import Iterator
from typing import Any

from twisted.internet import reactor
from twisted.internet.task import deferLater
from twisted.protocols.tls import TLSMemoryBIOFactory
from twisted.trial.unittest import TestCase

from chat.config import Config
from chat.core.events import Announced, Edited, Event, Joined, Left, Parted, Reacted, Renamed, Said, Told, TopicChanged
from chat.factory import ChatFactory
from chat.line.protocol import LineProtocol
from chat.outlet import LIMIT
from chat.protocol import ChatProtocol
from chat.stores.memory import MemoryHistory
from chat.stores.sqlite import SQLiteHistory
from chat.tls import Certificates
from tests.invariants import broken, left_behind
from tests.talk import ChatTestCase, Person
from tests.test_backlog import SlowHistory, Tube
from tests.test_tls import issue

#: Schedules that are played; more with CHAT_FUZZ=N.
SCHEDULES = int(os.environ.get("CHAT_FUZZ", "30"))
#: Bytes that the system is asked to buffer for a connection, on either side.
SMALL = 16384

#: What a line tells of, whatever its dialect: the pattern, and which of its groups.
TOKENS = (
    re.compile(r"\[\d\d:\d\d\] .*?\b(t\d+)\b.*"),
    re.compile(r"\* (?:#\S+ )?\S+ changed the topic to: (t\d+)"),
    re.compile(r"\* (?!You )(\S+ (?:came|left|is now \S+))\b.*"),
    re.compile(r"\[\d\d:\d\d\] (?:#\S+ )?(\S+ reacts to \d+).*"),
)


def tokens(heard: list[str]) -> Iterator[str]:
    """What was told of in these lines, but for the past that is shown on coming into a room."""
    past = False
    for line in heard:
        if re.search(r"Last (\d+ lines|line):$", line):
            past = True
        elif line == "* -- now --":
            past = False
        elif not past:
            match = next((match for pattern in TOKENS if (match := pattern.fullmatch(line))), None)
            if match:
                yield match[1]


def token(event: Any) -> str:
    """What a line about `event` tells of."""
    if isinstance(event, (Said, Told, Announced, Edited)):
        return event.text.split()[0]  # type: ignore[no-any-return]
    if isinstance(event, TopicChanged):
        return event.topic
    if isinstance(event, Joined):
        return f"{event.by.name} came"
    if isinstance(event, (Parted, Left)):
        return f"{event.by.name} left"
    if isinstance(event, Renamed):
        return f"{event.by.name} is now {event.name}"
    if isinstance(event, Reacted):
        return f"{event.by.name} reacts to {event.line}"
    return ""


class Oracle:
    """Says from the order of events alone what each listener must have heard."""

    def __init__(self) -> None:
        self.events: list[tuple[Event, tuple[str, ...]]] = []

    def watch(self, event: Event) -> None:
        self.events.append((event, event.conversations()))

    def must_hear(self, id: str) -> list[str]:
        """In order, what the user of that id must have heard of since it came."""
        heard: list[str] = []
        rooms: set[str] = set()
        came = next(place for place, (event, _) in enumerate(self.events) if event.by.id == id)
        for event, conversations in self.events[came:]:
            if event.by.id == id:
                if isinstance(event, Joined):
                    rooms |= set(conversations)
                elif isinstance(event, Parted):
                    rooms -= set(conversations)
                elif isinstance(event, Left):
                    break
                continue
            private = isinstance(event, Told) and event.to.id == id
            if private or isinstance(event, Announced) or rooms & set(conversations):
                heard.append(token(event))
        return [each for each in heard if each]


class ModelTests(ChatTestCase):
    """A schedule by dice: people talk in several rooms and in private, come and go, stall and read on."""

    history_class = SlowHistory
    ROOMS = ("lobby", "dev", "tea")

    def test_everyone_hears_what_the_order_says(self) -> None:
        for seed in range(SCHEDULES):
            self.setUp()
            self.play(seed)
            self.factory.stop()

    def play(self, seed: int) -> None:
        self.dice, self.oracle, self.label = random.Random(seed), Oracle(), f"seed {seed}"
        self.factory.router.watchers.insert(0, self.oracle.watch)
        self.heard: dict[Person, bytearray] = {}
        self.ids: dict[Person, str] = {}
        self.names, self.words = 0, 0
        for _ in range(4):
            self.come()
        for _ in range(self.dice.randrange(50, 400)):
            self.step()
            self.assertEqual(broken(self.factory), [], self.label)
        self.settle()
        self.assertEqual(broken(self.factory, quiet=True), [], self.label)
        for person, id in self.ids.items():
            said = list(tokens(self.heard[person].decode().split("\n")[:-1]))
            must = self.oracle.must_hear(id)
            self.assertEqual(said, must if person in self.present else must[: len(said)], f"{self.label}, {id}")
        for person in list(self.present):
            person.hangs_up()
        self.settle()
        self.assertEqual(left_behind(self.factory), [], self.label)

    # -- what happens

    @property
    def present(self) -> list[Person]:
        return [person for person in self.ids if person.connection.user is not None]

    def step(self) -> None:
        acts = {
            "say": 30,
            "tell": 5,
            "all": 1,
            "edit": 3,
            "go": 4,
            "stall": 3,
            "wake": 3,
            "hold": 2,
            "answer": 12,
            "time": 2,
        }
        acts |= {"come": 0.5, "leave": 0.5, "rename": 0.5, "topic": 1, "taste": 6}
        act = self.dice.choices(list(acts), list(acts.values()))[0]
        getattr(self, act)()

    def word(self) -> str:
        """A word that is said once, with enough behind it to fill a reader."""
        self.words += 1
        return f"t{self.words} " + "." * self.dice.choice((3, 100, 1500, 3500))

    def someone(self) -> Person:
        return self.dice.choice(self.present)

    def types(self, *lines: str) -> None:
        """Somebody types, perhaps several lines, perhaps without the turn ending in between."""
        data = "".join(line + "\n" for line in lines).encode()
        self.someone().connection.dataReceived(data)
        if self.dice.random() < 0.7:
            self.pass_time(0)

    def say(self) -> None:
        self.types(*(self.word() for _ in range(self.dice.choice((1, 1, 2, 5)))))

    def tell(self) -> None:
        self.types(f"@{self.someone().connection.me.name} {self.word()}")

    def all(self) -> None:
        self.types(f"@all {self.word()}")

    def edit(self) -> None:
        number = self.dice.randrange(1, 30)
        self.types(self.dice.choice((f"/edit {number} {self.word()}", f"/react {number} 👍", f"/me {self.word()}")))

    def topic(self) -> None:
        self.types(f"/topic {self.word().split()[0]}")

    def go(self) -> None:
        self.types(self.dice.choice((f"/join {self.dice.choice(self.ROOMS)}",) * 2 + ("/leave",)))

    def rename(self) -> None:
        self.names += 1
        self.types(f"/nick r{self.names}")

    def come(self) -> None:
        """Somebody new, who is given what they need to be there at once."""
        holding, slow, self.history.holding, self.history.slow = self.history.holding, self.history.slow, False, False
        self.empty_desk()
        self.names += 1
        person = self.connects(transport=Tube())
        self.heard[person] = bytearray()
        person.says(f"n{self.names}")
        self.ids[person] = person.connection.me.id
        self.history.holding, self.history.slow = holding, slow

    def leave(self) -> None:
        if len(self.present) > 2:
            person = self.someone()
            self.dice.choice((person.hangs_up, lambda: person.says("/exit") or person.hangs_up()))()

    def stall(self) -> None:
        transport = self.someone().transport
        transport.holds = self.dice.choice((0, 0, 2000, 50_000))
        if transport.producer is not None:
            transport.look()

    def wake(self) -> None:
        person = self.someone()
        person.transport.holds = 1_000_000
        self.read(person)
        self.pass_time(0)

    def taste(self) -> None:
        """Somebody reads what has come so far, and may stall at once again."""
        self.read(self.someone())

    def read(self, person: Person) -> None:
        self.heard[person] += person.transport.read()

    def hold(self) -> None:
        self.history.holding = self.dice.random() < 0.5
        self.history.slow = self.dice.random() < 0.7

    def answer(self) -> None:
        """The disk or a reader of the history is done with something; seldom with a failure."""
        if self.history.held and self.dice.random() < 0.6:
            self.history.let_go()
        elif self.history.asked:
            self.history.answer()
        if self.dice.random() < 0.7:
            self.pass_time(0)

    def empty_desk(self) -> None:
        """The history does all it was asked."""
        while self.history.held or self.history.asked:
            if self.history.held:
                self.history.let_go()
            if self.history.asked:
                self.history.answer()
            self.pass_time(0)

    def settle(self) -> None:
        """Everyone reads everything, and nothing is under way any more."""
        self.history.holding = self.history.slow = False
        self.pass_time(0)
        for _ in range(1000):
            self.empty_desk()
            for person in self.present:
                person.transport.holds = 1_000_000
                self.read(person)
            self.pass_time(0)
            if not any(person.transport.value() for person in self.present):
                return
        self.fail("this never ends")

    def time(self) -> None:
        self.pass_time(self.dice.choice((0.1, 1, 5)))


class Caller:
    """Somebody's end of a real connection, who reads only when told to."""

    def __init__(self, test: SocketTestCase, name: str) -> None:
        self.test, self.name, self.heard = test, name, bytearray()
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL)
        self.socket.connect(("127.0.0.1", test.port.getHost().port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setblocking(False)
        test.addCleanup(lambda: self.socket.close())
        if test.encrypted:
            context = ssl.create_default_context(cafile=test.certificate)
            self.socket = context.wrap_socket(self.socket, do_handshake_on_connect=False, server_hostname="localhost")

    async def shakes_hands(self) -> None:
        """Be connected, and over TLS have agreed on the keys."""
        for _ in range(1000):
            try:
                if isinstance(self.socket, ssl.SSLSocket):
                    self.socket.do_handshake()
                return
            except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
                await self.test.turns()

    async def says(self, *lines: str) -> None:
        """Send lines, and read meanwhile: who does not read is not listened to either."""
        data = "".join(line + "\n" for line in lines).encode()
        while data:
            try:
                data = data[self.socket.send(data) :]
            except (BlockingIOError, ssl.SSLWantWriteError):
                self.reads()
            await self.test.turns()

    def reads(self, most: int = 65_536) -> None:
        """Take up to so many bytes of what is there; hang up when the server does."""
        try:
            data = self.socket.recv(most)
        except (BlockingIOError, ssl.SSLWantReadError):
            return
        self.heard += data
        if not data:
            self.socket.close()

    async def hears(self, words: str, *also: Caller) -> None:
        """Read until these words have come, and let others read as well."""
        while words.encode() not in self.heard:
            for caller in (self, *also):
                caller.reads()
            await self.test.turns()

    async def hears_the_end(self) -> None:
        """Read until the server has hung up."""
        while self.socket.fileno() >= 0:
            self.reads()
            await self.test.turns()

    @property
    def connection(self) -> ChatProtocol:
        """The server's end."""
        (session,) = self.test.factory.registry.user(self.name).sessions
        return session  # type: ignore[return-value]

    def lines(self) -> list[str]:
        """All that has come so far."""
        return self.heard.decode().splitlines()


class SocketTestCase(TestCase):
    """The chat on a real port with small buffers, so that what is not read soon waits with us."""

    encrypted = False
    timeout = 20

    def setUp(self) -> None:
        self.history = self.new_history()
        self.factory = ChatFactory(Config(name="chat.example.org", flood="off"), self.history, reactor)
        self.factory.start()
        self.addCleanup(self.factory.stop)
        wire: Any = self.factory.speaking(LineProtocol)
        if self.encrypted:
            self.certificate = self.mktemp()
            pair = issue("localhost")
            with open(self.certificate, "wb") as file:
                file.write(pair.cert_pem + pair.key_pem)
            wire = TLSMemoryBIOFactory(Certificates(self.certificate), False, wire)
        self.port: Any = reactor.listenTCP(0, wire, interface="127.0.0.1")  # type: ignore[attr-defined]
        self.port.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SMALL)
        self.addCleanup(self.everyone_leaves)
        self.addCleanup(self.port.stopListening)

    def new_history(self) -> Any:
        return MemoryHistory(reactor)  # type: ignore[arg-type]

    async def everyone_leaves(self) -> None:
        for connection in tuple(self.factory.connections):
            connection.transport.abortConnection()
        await self.factory.everyone_gone()
        await self.factory.settled()
        while self.factory.turn.resting:
            await self.turns()
        self.assertEqual(left_behind(self.factory), [])

    async def turns(self, count: int = 1) -> None:
        """Let the reactor turn."""
        for _ in range(count):
            await deferLater(reactor, 0, lambda: None)  # type: ignore[arg-type]

    async def lines_are(self, count: int) -> None:
        """Wait until so many lines were said in the lobby, and told of."""
        while self.factory.registry.room("lobby").lines < count:
            await self.turns()
        await self.factory.settled()
        await self.turns(2)

    async def person(self, name: str) -> Caller:
        """Somebody who is in the lobby."""
        caller = Caller(self, name)
        await caller.shakes_hands()
        await caller.says(name)
        await caller.hears("* You are in lobby")
        return caller

    def held(self, caller: Caller) -> int:
        """How many bytes wait in our memory for this connection, in the outlet and in all transports."""
        outlet, transport = caller.connection.outlet, caller.connection.transport
        raw = transport.transport if self.encrypted else transport
        below = len(raw.dataBuffer) - raw.offset + raw._tempDataLen
        return len(outlet._pending) + outlet._kept_back + below


class PlainTests(SocketTestCase):
    """Over plain TCP, with the history in memory."""

    async def test_who_does_not_read_loses_nothing_and_costs_and_delays_nobody(self) -> None:
        alice, bob, carol = [await self.person(name) for name in ("alice", "bob", "carol")]
        most = 0
        for first in range(0, 3000, 60):
            await alice.says(*(f"t{number} {'.' * (number % 300)}" for number in range(first, first + 60)))
            await self.lines_are(first + 60)
            carol.reads()
            most = max(most, self.held(bob))
        await carol.hears("t2999")
        self.assertEqual(list(tokens(carol.lines())), [f"t{number}" for number in range(3000)])
        self.assertGreater(most, LIMIT // 4)
        self.assertLessEqual(most, LIMIT)
        await bob.hears("t2999")
        self.assertEqual(list(tokens(bob.lines())), ["carol came", *(f"t{number}" for number in range(3000))])
        (notice,) = (line for line in bob.lines() if "behind" in line)
        behind = re.fullmatch(r"\* you are ([\d,]+) lines behind, catching up", notice)
        assert behind
        place = bob.lines().index(notice)
        told = len(list(tokens(bob.lines()[place:])))
        self.assertLessEqual(int(behind[1].replace(",", "")), told)  # more may be said while it catches up

    async def test_what_goes_on_while_it_catches_up_and_stalls_again(self) -> None:
        for seed in range(2):
            await self.play(random.Random(seed), f"seed {seed}")
            await self.everyone_leaves()

    async def play(self, dice: random.Random, label: str) -> None:
        """Bob reads in fits and starts, while much is said to him, to the room, and to everyone."""
        oracle = Oracle()
        self.factory.router.watchers[:] = [oracle.watch]
        self.factory.router.watchers_of.clear()
        alice, bob, carol = [await self.person(name) for name in ("alice", "bob", "carol")]
        before = self.factory.registry.room("lobby").lines
        await alice.says(*(f"t{number} {'.' * 1000}" for number in range(200)))
        await self.lines_are(before + 200)
        word, reading = 200, 0
        for _ in range(120):
            many = dice.choice((0, 1, 5, 20))
            text = "." * dice.choice((3, 100, 1000))
            to = dice.choice(("", "", "", "@bob ", "/topic ", "/me ", "@all "))
            speaker = dice.choice((alice, carol))
            await speaker.says(
                *(f"{to}t{word + number} {text[: 0 if to == '/topic ' else None]}" for number in range(many))
            )
            word += many
            reading = dice.choice((0, 0, 100, 3000, 60_000)) if dice.random() < 0.2 else reading
            if reading:
                bob.reads(reading)
            alice.reads()
            carol.reads()
            self.assertLessEqual(self.held(bob), LIMIT, label)
            self.assertEqual(broken(self.factory), [], label)
        for speaker in (alice, carol):
            await speaker.says(f"t{word} {speaker.name}'s last of {label}")
            await bob.hears(f"{speaker.name}'s last of {label}", alice, carol)
        must = oracle.must_hear(bob.connection.me.id)
        self.assertEqual(list(tokens(bob.lines())), must, label)
        self.assertIn("lines behind, catching up", bob.heard.decode(), label)
        await self.turns(10)
        await alice.says(f"t{word} is live with {label}")
        await bob.hears(f"is live with {label}", alice, carol)
        self.assertTrue(bob.connection.outlet.clear, label)

    async def test_a_goodbye_arrives_and_the_connection_is_closed(self) -> None:
        (bob,) = [await self.person(name) for name in ("bob",)]
        await bob.says("/exit")
        await bob.hears_the_end()
        self.assertEqual(bob.lines()[-1], "* Bye bob.")
        await self.factory.everyone_gone()

    async def test_a_goodbye_arrives_behind_all_that_waits(self) -> None:
        alice, bob = [await self.person(name) for name in ("alice", "bob")]
        for number in range(60):
            await alice.says(f"t{number} {'.' * 500}")
        await self.lines_are(60)
        bob.connection.part("Bye bob.")
        await bob.hears_the_end()
        self.assertEqual(list(tokens(bob.lines())), [f"t{number}" for number in range(60)])
        self.assertEqual(bob.lines()[-1], "* Bye bob.")


class EncryptedTests(PlainTests):
    """The same over TLS."""

    encrypted = True


class StoredTests(PlainTests):
    """The same with the history on disk."""

    def new_history(self) -> Any:
        history = SQLiteHistory(reactor, self.mktemp(), self.fail)
        history.open()
        self.addCleanup(history.close)
        return history


class EncryptedStoredTests(StoredTests):
    """The same over TLS, with the history on disk."""

    encrypted = True
