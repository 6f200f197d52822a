"""The words that tests are written in: people who say lines and hear lines, on transports in memory.

    class TopicTests(ChatTestCase):
        def test_everyone_in_the_room_hears_the_new_topic(self):
            alice, bob = self.person("alice"), self.person("bob")
            alice.hears()
            alice.says("/topic tea")
            self.assertEqual(bob.hears(), ["* alice changed the topic to: tea"])

The factory is the real one, on a `task.Clock`; it is noon on 20 November 2026 in UTC.
"""

from __future__ import annotations

import os
import time
from dataclasses import replace
from typing import Any

from twisted.internet.address import IPv4Address
from twisted.internet.error import ConnectionDone
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure
from twisted.trial.unittest import TestCase

from chat.config import Config
from chat.core.events import Connected, Event, Joined
from chat.core.registry import Author
from chat.core.session import SERVER
from chat.factory import ChatFactory
from chat.irc.message import rows
from chat.irc.protocol import IRCProtocol
from chat.line.footfall import WATCHED, Counter
from chat.line.phrases import MANY
from chat.line.protocol import LineProtocol
from chat.passwords import DirectPasswords
from chat.stores.commit import Entry
from chat.stores.memory import MemoryHistory

NOON = 1_795_176_000.0


def requests(caps: str) -> list[str]:
    """How a client asks for capabilities, on as many lines as that takes."""
    return [f"CAP REQ :{row}" for row in rows(caps.split())]


class HeldHistory(MemoryHistory):
    """Commits only when it is told to, or fails when it is told to."""

    def __init__(self, clock: Any) -> None:
        super().__init__(clock)
        self.held: list[list[Entry]] = []
        self.holding = False

    def commit(self, batch: list[Entry]) -> None:
        if self.holding:
            self.held.append(batch)
        else:
            super().commit(batch)

    def let_go(self) -> None:
        """Commit what is held."""
        super().commit(self.held.pop(0))

    def fail(self, why: str) -> None:
        """Fail what is held."""
        self.failed(self.held.pop(0), why)


class Person:
    """Somebody at a terminal: a connection, and what has come out of it."""

    def __init__(self, test: ChatTestCase, connection: Any, transport: Any) -> None:
        self._test, self.connection, self.transport = test, connection, transport

    def types(self, data: bytes) -> None:
        """Send bytes as they are."""
        self.connection.dataReceived(data)
        self._test.pass_time(0)

    def says(self, *lines: str) -> None:
        """Send whole lines, in one piece."""
        self.types("".join(line + "\n" for line in lines).encode())

    def ends_input(self) -> None:
        """Send nothing more, but go on reading."""
        self.connection.readConnectionLost()
        self._test.pass_time(0)

    def reads(self) -> str:
        """All that has come since the last time, as it is."""
        data: str = self.transport.value().decode()
        self.transport.clear()
        return data

    def hears(self) -> list[str]:
        """The lines that have come since the last time."""
        return self.reads().splitlines()

    def asks(self, *lines: str) -> list[str]:
        """Say whole lines, and hear what comes of them."""
        self.says(*lines)
        return self.hears()

    def stops_reading(self) -> None:
        """Take nothing more: what the server writes has to wait."""
        self.transport.producer.pauseProducing()

    def reads_on(self) -> None:
        """Take what has waited."""
        self.transport.producer.resumeProducing()
        self._test.pass_time(0)

    @property
    def is_gone(self) -> bool:
        """Whether the server has closed the connection."""
        return bool(self.transport.disconnecting or self.transport.disconnected)

    def hangs_up(self) -> None:
        """Close the connection."""
        self.transport.disconnecting = True
        self.connection.connectionLost(Failure(ConnectionDone()))
        self._test.pass_time(0)


class ChatTestCase(TestCase):
    """A chat of its own for each test, with the settings `config`."""

    config = Config(name="chat.example.org", flood="off")
    history_class: type[MemoryHistory] = MemoryHistory

    def setUp(self) -> None:
        zone = os.environ.get("TZ")
        os.environ["TZ"] = "UTC"
        time.tzset()
        self.addCleanup(self._restore_zone, zone)
        self.clock = Clock()
        self.clock.advance(NOON)
        self.history: Any = self.history_class(self.clock)
        self.factory = self.new_factory(self.config)

    def _restore_zone(self, zone: str | None) -> None:
        if zone is None:
            del os.environ["TZ"]
        else:
            os.environ["TZ"] = zone
        time.tzset()

    def new_factory(self, config: Config) -> ChatFactory:
        factory = ChatFactory(config, self.history, self.clock, passwords=DirectPasswords(self.clock))
        counter = Counter(factory.registry, MANY, self.clock.callLater, factory.now)
        factory.router.watch(counter.watch, *WATCHED)
        factory.start()
        self.addCleanup(factory.stop)
        return factory

    def configure(self, **changes: Any) -> None:
        """Change settings for connections to come."""
        self.factory.config = replace(self.factory.config, **changes)

    def pass_time(self, seconds: float) -> None:
        """Let time pass, and everything happen that was to happen by then."""
        self.clock.advance(seconds)
        for _ in range(1000):
            soon = [call for call in self.clock.getDelayedCalls() if call.getTime() <= self.clock.seconds()]
            if not soon:
                return
            self.clock.advance(0)
        self.fail("this never ends")

    def connects(self, port: int = 40_000, transport: StringTransport | None = None) -> Person:
        """Somebody has connected and was not asked anything yet."""
        transport = transport or StringTransport(peerAddress=IPv4Address("TCP", "127.0.0.1", port))
        connection = self.factory.speaking(LineProtocol).buildProtocol(None)
        connection.makeConnection(transport)
        self.pass_time(0)
        return Person(self, connection, transport)

    def irc(self, name: str, *rooms: str, caps: str = "") -> Person:
        """Somebody with an IRC client, with these capabilities, in these channels, who has read everything so far."""
        person = self.irc_connects()
        person.says(*requests(caps), f"NICK {name}", f"USER {name} 0 * :{name.title()}")
        person.says(*(["CAP END"] if caps else []), *(f"JOIN {room}" for room in rooms))
        person.hears()
        return person

    def irc_connects(self, port: int = 40_000, transport: StringTransport | None = None) -> Person:
        """An IRC client has connected and has said nothing yet."""
        transport = transport or StringTransport(peerAddress=IPv4Address("TCP", "127.0.0.1", port))
        connection = self.factory.speaking(IRCProtocol).buildProtocol(None)
        connection.makeConnection(transport)
        self.pass_time(0)
        return Person(self, connection, transport)

    def person(self, name: str, room: str | None = None) -> Person:
        """Somebody who is in the lobby, or in `room`, and has read everything so far."""
        person = self.connects()
        person.says(name)
        if room:
            person.says(f"/join {room}")
        person.hears()
        return person

    def people(self, *names: str) -> list[Person]:
        """Somebody of each name, in the lobby, who have all read everything so far."""
        people = [self.person(name) for name in names]
        for person in people:
            person.hears()
        return people

    def elsewhere(self, name: str, room: str = "lobby") -> Author:
        """Somebody who is in a room without a connection here: on another wire, or another node."""
        author = Author(name, self.factory.new_identity())
        self.happens(Connected(author), Joined(author, room))
        return author

    def happens(self, *events: Event) -> None:
        """Have things happen as if another wire had said so."""
        for event in events:
            self.factory.router.publish(event, SERVER)
        self.pass_time(0)
