"""An IRC client's connection: its lines become commands, what happens becomes messages."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from chat.backlog import catch_up
from chat.commands import Verb
from chat.core import refusals
from chat.core.events import (
    AwayChanged,
    Edited,
    Event,
    Left,
    MarkedRead,
    Reacted,
    RoomMetadataChanged,
    Said,
    Tagged,
    Told,
    UserMetadataChanged,
)
from chat.core.moment import iso
from chat.core.refusals import Refused
from chat.core.registry import Room
from chat.core.session import SERVER, Session
from chat.core.user import NO_KEYS
from chat.irc import numerics, speech
from chat.irc.alike import plain_line, time_tag
from chat.irc.batch import is_batch
from chat.irc.capabilities import shared
from chat.irc.commands import COMMANDS, channels, connection, metadata, monitor, multiline, webirc
from chat.irc.commands.accounts import Exchange
from chat.irc.commands.channels import show_names, show_topic
from chat.irc.commands.readmarker import show_mark
from chat.irc.message import LONGEST, LONGEST_CLIENT_TAGS, LONGEST_TAGS, Message, NoMessage, bare, is_text, shown_host
from chat.irc.numerics import Numeric
from chat.irc.refusals import numeric_of
from chat.irc.registration import Registration
from chat.irc.table import TELLS
from chat.irc.view import View, view_with
from chat.protocol import ChatProtocol
from chat.voice import Command

#: What a client that sent it sees only with echo-message.
ECHOED = (Said, Told, Tagged, Reacted, Edited)
#: What a client may send before it is registered.
EARLY = frozenset(
    ("CAP", "NICK", "USER", "PASS", "QUIT", "PING", "PONG", "AUTHENTICATE", "WEBIRC", "REGISTER", "VERIFY")
)

#: What a client with a capability may send then, too.
EARLY_WITH = {"AWAY": "draft/pre-away", "ISUPPORT": "draft/extended-isupport", "METADATA": "draft/metadata-3"}
#: Of what they do there, people are told by the answer to their command alone.
ANSWERED = (AwayChanged, RoomMetadataChanged, UserMetadataChanged, MarkedRead)
#: Capabilities with which nobody is told who is in a channel that it joins.
NO_NAMES = {"no-implicit-names", "draft/no-implicit-names"}


class IRCProtocol(ChatProtocol):
    """The wire of IRC clients."""

    __slots__ = (
        "caps", "cap_version", "follows", "host", "subscriptions", "talked_with", "_batches", "_held_back", "_private",
    )  # fmt: skip
    wire = "irc"
    greets = False
    MAX_LENGTH = LONGEST_TAGS + LONGEST
    ENDLESS = 2 * (LONGEST_TAGS + 1)
    registration: Registration | None = None
    exchange: Exchange | None = None
    account = ""
    label = ""
    why = ""
    #: What it was told of when it spoke of capabilities last.
    offered: Mapping[str, str] = NO_KEYS
    #: The gateway that a client came through (WEBIRC), and whether the client came to it by TLS.
    gateway = ""
    through_tls = False
    collected: multiline.Collected | None = None

    # -- coming and going

    def connectionMade(self) -> None:
        self.follows: Mapping[str, str] = NO_KEYS
        self.caps: frozenset[str] = shared(frozenset())
        self._held_back: list[Message] | None = None
        super().connectionMade()

    def started(self) -> None:
        self.cap_version = 0
        self.active = self.factory.now()
        self._batches = 0
        self._private = view_with(self.caps)
        self.subscriptions: tuple[str, ...] = ()
        self.host = self.address = shown_host(str(getattr(self.transport.getPeer(), "host", "localhost")))
        self.registration = Registration(self)

    def arrive(self, identity: str) -> None:
        """This connection is a session of the user of that identity from now on."""
        self.registration = None
        self.user = self.registry.ids[identity]
        self.user.sessions += (self,)
        self.factory.strangers.discard(self)

    def abandon(self, identity: str) -> None:
        """The connection was gone before its user had come."""
        self.factory.router.publish(Left(self.registry.ids[identity].author), SERVER)

    def connectionLost(self, *reason: Any) -> None:
        if self.registration is not None:
            self.registration.end()
        monitor.clear(self)
        super().connectionLost(*reason)

    @property
    def encrypted(self) -> bool:
        return super().encrypted and (not self.gateway or self.through_tls)

    @property
    def is_local(self) -> bool:
        return super().is_local and (not self.gateway or self.through_tls)

    @property
    def way_to_tls(self) -> str:
        doors = self.factory.irc_tls_doors
        return "Connect with TLS to {} {}.".format(*doors[0]) if doors else ""

    @property
    def is_gateway(self) -> bool:
        return webirc.secret_of(self) is not None

    @property
    def fingerprint(self) -> str:
        return "" if self.gateway else super().fingerprint

    def farewell(self) -> str:
        return self.why

    def part(self, why: str) -> None:
        self.why = self.why or why
        self.tell(Message("ERROR", [why]))
        self.leave()

    def ended(self) -> Awaitable[None] | None:
        self.part("Connection closed")
        return None

    # -- what comes in

    def understand(self, line: bytes) -> Command | Event | None:
        event = speech.understand(self, line)
        if event is not None:
            return event
        line = line.translate(None, b"\r\0")
        tags, _, rest = line.partition(b" ") if line[:1] == b"@" else (b"", b"", line)
        if len(tags) > LONGEST_CLIENT_TAGS + 1:
            return Command(partial(self.numeric, numerics.ERR_INPUTTOOLONG))
        text = line.decode("utf-8", "replace")
        try:
            message = Message.parse(text)
        except NoMessage:
            return None
        if len(rest) > LONGEST - 2:
            return self._answer(message, partial(self.numeric, numerics.ERR_INPUTTOOLONG))
        if "\N{REPLACEMENT CHARACTER}" in text and not is_text(line):
            verb = message.command if message.command in COMMANDS else "*"
            return self._answer(message, partial(self.fail, verb, "INVALID_UTF8", "That line is not UTF-8; not done"))
        self.active = self.factory.now()
        return self._command(message)

    def further(self, event: Event) -> Iterator[Event]:
        return speech.further(self, event)  # type: ignore[arg-type]

    def _command(self, message: Message) -> Command:
        if self.registration is not None and not self._may_come_early(message.command):
            return self._answer(message, partial(self.numeric, numerics.ERR_NOTREGISTERED))
        verb = COMMANDS.get(message.command)
        if verb is None:
            return self._answer(message, partial(self.numeric, numerics.ERR_UNKNOWNCOMMAND, message.command))
        if multiline.belongs(self, message):
            return self._batched(message)
        labelled = bool(message.tags.get("label")) and "labeled-response" in self.caps
        return self._answer(message, partial(self._do, verb, message), verb.speech and not labelled)

    def _may_come_early(self, command: str) -> bool:
        return command in EARLY or EARLY_WITH.get(command) in self.caps

    def _batched(self, message: Message) -> Command:
        """A line of a batch that a client sends; the last one is answered under the label of the first."""
        if message.command != "BATCH":
            return Command(partial(multiline.take, self, message))
        run = partial(self._do, COMMANDS.find("BATCH"), message)
        opening = multiline.opening(self, message)
        return self._answer(opening, run) if opening else Command(run)

    def _answer(self, message: Message, run: Callable[[], Any], speech: bool = False) -> Command:
        """Have a command run with its label, if the client gave one."""
        label = message.tags.get("label", "") if "labeled-response" in self.caps else ""
        return Command(partial(self._labelled, label, run), speech) if label else Command(run, speech)

    def _do(self, verb: Verb, message: Message) -> Any:
        """Run the function of a command with the parameters of the line; what it is refused names the command."""
        self.message = message if message.tags or message.command == "BATCH" else bare(message.command)
        if len(message.params) < verb.required or (verb.required and not message.params[0]):
            self.numeric(numerics.ERR_NEEDMOREPARAMS, message.command)
            return None
        return verb.function(self, *message.params[: verb.most])

    async def _labelled(self, label: str, run: Callable[[], Any]) -> None:
        """Everything that answers a labelled command carries its label: alone, in a batch, or as ACK."""
        self._held_back = []
        self.label = label
        try:
            result = run()
            if inspect.isawaitable(result):
                await result
        except refusals.Goodbye:
            raise
        except Refused as refusal:
            self.refuse(refusal)
        finally:
            lines, self._held_back, self.label = self._held_back or [], None, ""
            self._send_labelled(label, lines)

    def _send_labelled(self, label: str, lines: list[Message]) -> None:
        if len(lines) == 1 or is_batch(lines):
            lines[0].tags = {**lines[0].tags, "label": label}
        elif lines:
            batch = self.new_batch()
            for line in lines:
                line.tags = {**line.tags, "batch": line.tags.get("batch", batch)}
            start = Message("BATCH", [f"+{batch}", "labeled-response"], self.server, {"label": label})
            lines = [start, *lines, Message("BATCH", [f"-{batch}"], self.server)]
        for line in lines or [Message("ACK", [], self.server, {"label": label})]:
            self.send(line)

    def new_batch(self) -> str:
        self._batches += 1
        return f"b{self._batches - 1}"

    # -- what goes out

    @property
    def server(self) -> str:
        return self.factory.config.name

    @property
    def nick(self) -> str:
        """What numerics call this client."""
        if self.user is not None:
            return self.user.name
        return (self.registration.nick if self.registration else "") or "*"

    def send(self, message: Message) -> None:
        """Write a message of the server's to this client, with its label if it answers a labelled command."""
        if self._held_back is not None:
            self._held_back.append(message)
        else:
            self.tell(message)

    def tell(self, message: Message) -> None:
        """Write a message of the server's to this client, whatever command it waits for the answer of."""
        if "server-time" in self.caps and "time" not in message.tags:
            message.tags = {"time": iso(self.factory.now()), **message.tags}
        self.outlet.write(message.encode())

    def numeric(self, numeric: Numeric, *params: str) -> None:
        """Send a numeric with its parameters."""
        words = (self.nick, *params, numeric.text) if numeric.text else (self.nick, *params)
        line = plain_line(self.server, numeric.code, words) if self._held_back is None else None
        if line is None:
            self.send(Message(numeric.code, words, self.server))
        else:
            self.outlet.write(time_tag(self) + line)

    def fail(self, command: str, code: str, *details: str) -> None:
        """Send a standard reply of failure (IRCv3 standard-replies)."""
        self.send(Message("FAIL", [command, code, *details], self.server))

    def notice(self, text: str) -> None:
        self.send(Message("NOTICE", [self.nick, text], self.server))

    def refuse(self, refusal: Refused) -> None:
        numeric, params = numeric_of(refusal)
        if isinstance(refusal, refusals.NotStored):
            self.fail(getattr(self, "message", Message("*")).command, "NOT_STORED", str(refusal))
        elif numeric is None:
            self.notice(str(refusal))
        else:
            self.numeric(numeric, *params)
        if isinstance(refusal, refusals.Goodbye):
            self.send(Message("ERROR", [str(refusal)]))

    def apologise(self) -> None:
        self.fail("*", "UNKNOWN_ERROR", "Something went wrong on our side; it is noted in the log")

    async def act(self, event: Any) -> Any:
        """Publish an event and wait for it; under a label the client sees it in its answer."""
        await self.publish(event)
        if self.label and not (isinstance(event, ECHOED) and not self._echoes(event)):
            for message in self.drawn(event):
                self.send(message)
        return event

    def drawn(self, event: Event) -> list[Message]:
        """An event as this client sees it."""
        return self._private.messages(event)

    def burst(self) -> None:
        """What a client that has just come is told before the message of the day."""
        metadata.burst(self)

    def look_in(self, room: Room) -> None:
        """Another session of this user is in a room: listen there as well, and show it as if just joined."""
        room.crowd.add(self)
        self.send(Message("JOIN", [f"#{room.name}"], self.me.author.full))
        self.entered(room)

    def entered(self, room: Room) -> None:
        show_topic(self, room)
        show_mark(self, room)
        if not self.caps & NO_NAMES:
            show_names(self, room)
        metadata.entered(self, room)

    def moved(self, room: Room, event: Any) -> None:
        channels.tell_moved(self, room, event)

    def knock(self, name: str) -> None:
        """Somebody else asks for this user's name: see whether the client is there."""
        self.tell(Message("PING", [self.server]))

    def hear(self, event: Event, origin: Session | None) -> None:
        tell = TELLS.get(type(event))
        if tell is None:
            super().hear(event, origin)
        else:
            tell(self, event)

    def noticed(self, event: Event, name: str) -> None:
        monitor.noticed(self, event, name)

    # -- how it sees the chat

    def view(self, room: Room | None) -> View:
        return self._private

    def view_of(self, event: Event) -> View:
        return self._private

    def set_caps(self, caps: frozenset[str]) -> None:
        """What the client has negotiated, from now on."""
        if "draft/metadata-3" not in caps:
            self.subscriptions = ()
        self.caps = shared(caps)
        self._private = view_with(self.caps)
        for room in self.user.rooms.values() if self.user else ():
            if self in room.crowd:
                room.crowd.add(self)

    def sees_own(self, event: Event) -> bool:
        if isinstance(event, ECHOED):
            return self._echoes(event) and not self.label
        return not (self.label or isinstance(event, ANSWERED))

    def _echoes(self, event: Event) -> bool:
        """Whether a client is shown what it said: if it asked for that, and always what it said as somebody else."""
        return "echo-message" in self.caps or bool(getattr(event, "alias", ""))

    def said(self, event: Event) -> None:
        """A labelled message comes back under its label."""

    def reconfigured(self) -> None:
        connection.renegotiate(self)

    # -- after it fell behind

    async def catch_up(self) -> None:
        if self.user is not None:
            await catch_up(self, self.me.rooms)

    def behind(self, lines: int) -> None:
        """Lines were dropped and are about to be shown from the history, with the times they are of."""

    async def show_missed(self, events: Iterable[Event]) -> None:
        """Show what was dropped, but not what this client has said itself and would not be shown."""
        alone = len(self.me.sessions) == 1
        for event in events:
            if not (alone and event.by.id == self.me.id and isinstance(event, ECHOED) and not self._echoes(event)):
                self.outlet.write(self._private.render(event))
        self.outlet.flush()
        await self.outlet.drained()


__all__ = ["IRCProtocol"]
