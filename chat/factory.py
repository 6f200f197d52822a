"""What all connections share: the registry, the road of events, the turn, the limits."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable
from datetime import datetime, timezone
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple

from twisted.internet.address import UNIXAddress
from twisted.internet.defer import Deferred, succeed
from twisted.internet.interfaces import IAddress
from twisted.internet.protocol import Factory, ServerFactory
from twisted.internet.task import LoopingCall, deferLater
from twisted.logger import Logger

from chat.accounts import Accounts
from chat.config import Config
from chat.core.events import BanPlaced, Event
from chat.core.history import History
from chat.core.names import nickname, skeleton
from chat.core.order import LocalOrder, Order
from chat.core.refusals import BadName, NameReserved
from chat.core.registry import Registry, User
from chat.core.router import Router
from chat.flood import NO_LIMIT, Bucket, NoLimit
from chat.headcount import Headcount
from chat.outlet import Outlet
from chat.passwords import Passwords
from chat.patience import PATIENCE, Patience
from chat.protocol import ChatProtocol
from chat.publication import Publication
from chat.turn import Turn

if TYPE_CHECKING:
    from chat.files.host import FileHost

log = Logger(namespace="chat")

#: Seconds after which a connection that takes nothing is given up, and how often that is looked at.
DEAD, LOOK = 90, 15
#: Seconds between the looks at whether a connection that was told something acknowledges it.
PROBES = (0.05, 0.2, 0.75, 2)
#: Connections that a browser opens at once to load a page.
BROWSER = 6


class WebDoor(NamedTuple):
    """Where browsers come in: whether over TLS, and how addresses there begin, for everyone and on this machine.

    `local`: only from this machine.
    """

    tls: bool
    url: str
    near: str
    local: bool = False


class ChatFactory(ServerFactory):
    """The chat of this node: makes a connection for whoever comes in, and knows them all.

    `clock` is the reactor, or what stands for it in tests.
    """

    noisy = False

    def __init__(
        self,
        config: Config,
        history: History,
        clock: Any,
        order: Order | None = None,
        passwords: Passwords | None = None,
    ) -> None:
        self.config, self.history, self.clock = config, history, clock
        self.registry = Registry()
        self.router = Router(self.registry, history, order or LocalOrder(), self.now, self._new_event_id)
        self.router.watch(self._put_out, BanPlaced)
        self.turn, self.patience = Turn(clock), Patience(clock, PATIENCE)
        self.passwords = passwords or Passwords(clock)
        self.accounts = Accounts(self, self.passwords)
        self.secret = os.urandom(16)
        #: Everyone who is connected, and where from.
        self.connections: dict[ChatProtocol, tuple[Any, ...]] = {}
        #: Those who have not signed in.
        self.strangers: set[ChatProtocol] = set()
        self.stopping = False
        #: Hosts and ports where one can come in over TLS, as people would type them.
        self.tls_doors: list[tuple[str, int]] = []
        #: The same for IRC clients.
        self.irc_tls_doors: list[tuple[str, int]] = []
        self.web_doors: list[WebDoor] = []
        #: Where files are kept that people send, if they are.
        self.files: FileHost | None = None
        self.started = f"{datetime.fromtimestamp(clock.seconds(), timezone.utc):%a %b %d %Y at %H:%M:%S UTC}"
        self.since = clock.seconds()
        self.most_users = 0
        #: Reads the configuration anew and says in a sentence what became of it; the service puts its own here.
        self.reload: Callable[[], str] = lambda: "There is nothing to reload."
        #: Those who are in, and those who still wait in a doorway to be recognised.
        self.inside, self.waiting = Headcount(), Headcount()
        self._stuck: dict[Outlet, tuple[int | None, int]] = {}
        self._look = LoopingCall(self._give_up_the_dead)
        self._look.clock = clock
        self._node, self._count = os.urandom(6).hex(), count()
        self._gone: Deferred[None] | None = None

    def start(self) -> None:
        """Believe what the history says lasts, and begin to look after the connections."""
        self.passwords.start()
        self._tell_core()
        self.router.load()
        lobby = self.registry.room_or_new(self.config.lobby)
        lobby.permanent = True
        lobby.created = lobby.created or self.now()
        if not lobby.saved:
            lobby.flags = {"n"}
        self._look.start(LOOK, now=False)

    # -- time and ids, for the core, which has neither

    def now(self) -> int:
        """The time in ms since 1970."""
        return int(self.clock.seconds() * 1000)

    def _new_event_id(self, now: int) -> str:
        return f"{now:x}-{self._node}-{next(self._count):x}"

    def new_identity(self) -> str:
        """A unique id for somebody without an account: the time in ms, and a UUID."""
        return f"{self.now()}-{uuid.uuid4()}"

    def nickname(self, text: str) -> str:
        """The name a person asked for, as it will be shown; BadName, NameReserved also as this server will have it."""
        name = nickname(text)
        if self.config.names == "ascii" and not name.isascii():
            raise BadName(text)
        if skeleton(name) in map(skeleton, self.config.reserved):
            raise NameReserved(name)
        return name

    def _tell_core(self) -> None:
        """The core has no configuration; this is what it has to know of it."""
        self.registry.always_on = self.config.always_on
        self.registry.guests = self.config.guests == "allow"

    def reconfigure(self, config: Config) -> None:
        """These settings hold from now on."""
        self.config = config
        self._tell_core()
        for connection in tuple(self.connections):
            connection.reconfigured()

    # -- connections

    def speaking(self, wire: type[ChatProtocol]) -> Wire:
        """The factory of a port where everyone speaks `wire`."""
        return Wire(self, wire)

    def admit(self, connection: ChatProtocol) -> None:
        """Count a new connection; Full when there are too many, in all or from its address."""
        peer = peer_of(connection)
        host = str(peer[0])
        log.info("[NEW CONNECTION] {peer} connected.", peer=peer)
        self.connections[connection] = peer
        self.strangers.add(connection)
        connection.came = self.now()
        self.inside.add(connection, host)
        most_there = 0 if connection.is_gateway else self.config.max_per_address
        self.inside.require_room(connection, self.config.max_connections, most_there)
        self.registry.bans.require_welcome_from(host)

    def admit_from(self, connection: ChatProtocol, address: str) -> None:
        """A gateway has said where a connection comes from, which counts from now on; Full, Banned."""
        self.inside.add(connection, address)
        self.inside.require_room(connection, 0, self.config.max_per_address)
        self.registry.bans.require_welcome_from(address)

    def let_wait(self, visitor: Any) -> None:
        """Count somebody who waits to be recognised: as many may as may be inside, or as one browser opens; Full."""
        most_there = self.config.max_per_address
        self.waiting.add(visitor, str(peer_of(visitor)[0]))
        self.waiting.require_room(visitor, self.config.max_connections, most_there and max(most_there, BROWSER))

    def forget(self, connection: ChatProtocol) -> None:
        """A connection is gone."""
        if connection not in self.connections:
            return
        peer = self.connections.pop(connection)
        self.strangers.discard(connection)
        log.info("[DISCONNECTED] {peer} disconnected.", peer=peer)
        self.inside.drop(connection)
        if self._gone is not None and not self.connections:
            gone, self._gone = self._gone, None
            gone.callback(None)

    def _put_out(self, event: Event) -> None:
        """A ban of an address is about those who are here from there, whether they have signed in or not."""
        for connection, peer in tuple(self.connections.items()):
            ban = self.registry.bans.on_address(connection.address or str(peer[0]))
            if ban is not None:
                connection.dismiss(ban.goodbye)

    def publish(self, event: Event) -> Deferred[Event]:
        """Say that `event` happens, for nobody's connection; fires when it was told of, or with the refusal."""
        publication = Publication(None)
        self.router.publish(event, publication)
        return publication.outcome

    def idle(self, user: User) -> int | None:
        """Ms since `user` last typed something; None where it is not known, on another node."""
        active = [session.active for session in user.sessions]  # type: ignore[attr-defined]
        return self.now() - max(active) if active else None

    async def probe(self, name: str) -> bool:
        """Whether `name` can be had, because whoever has it is only a dead connection, which is closed then.

        It is told that somebody asks for the name.  A live one's machine acknowledges that, or, if it cannot
        take it because its user does not read, at least says so.
        """
        user = self.registry.holder(name)
        sessions: tuple[Any, ...] = user.sessions if user else ()
        for session in sessions:
            session.knock(name)
            session.outlet.flush()
        for wait in PROBES:
            await deferLater(self.clock, wait, lambda: None)
            if self.registry.holder(name) is None:
                return True
            if not sessions or not all(session.outlet.unsent() for session in sessions):
                return False
        if not all(session.outlet.unanswered() for session in sessions):
            return False
        for session in sessions:
            session.detach()
            session.transport.abortConnection()
        return True

    def flood_limit(self) -> Bucket | NoLimit:
        """A fresh limit for one connection."""
        limit = self.config.flood_limit
        return Bucket(*limit, self.clock.seconds) if limit else NO_LIMIT

    def _give_up_the_dead(self) -> None:
        """Close the connections that have taken nothing for `DEAD` seconds."""
        stuck = {}
        for outlet in tuple(self.turn.blocked):
            unsent = outlet.unsent()
            before, looks = self._stuck.get(outlet, (unsent, -1))
            looks = 0 if outlet.moved or unsent != before else looks + 1
            outlet.moved = False
            if looks * LOOK >= DEAD:
                outlet.transport.abortConnection()
            else:
                stuck[outlet] = unsent, looks
        self._stuck = stuck

    # -- the end

    def settled(self) -> Deferred[None]:
        """Fires when everything that was accepted so far is on disk and was told of."""
        done: Deferred[None] = Deferred()
        self.history.after(lambda refusal: done.callback(None))
        return done

    def everyone_gone(self) -> Deferred[None]:
        """Fires when the last connection is closed."""
        if not self.connections:
            return succeed(None)
        self._gone = Deferred()
        return self._gone

    def stop(self) -> None:
        """Look after nothing any more."""
        self.passwords.stop()
        if self.files is not None:
            self.files.stop()
        if self._look.running:
            self._look.stop()


class Wire(Factory):
    """Makes the connections of one port, all of one wire, for the chat they share."""

    noisy = False

    def __init__(self, chat: ChatFactory, wire: type[ChatProtocol]) -> None:
        self.chat, self.wire, self.greets = chat, wire, wire.greets

    def buildProtocol(self, addr: IAddress | None) -> ChatProtocol:  # type: ignore[override]
        connection = self.wire()
        connection.factory = self.chat
        return connection


def peer_of(connection: Any) -> tuple[Any, ...]:
    """Who is at the other end, as a host and port where it has them."""
    peer = connection.transport.getPeer()
    if isinstance(peer, UNIXAddress):
        return (peer.name.decode("utf-8", "replace") if peer.name else "unix",)
    return getattr(peer, "host", None) or str(peer), getattr(peer, "port", 0)
