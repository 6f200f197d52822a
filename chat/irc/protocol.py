"""An IRC client's connection: its lines become commands, what happens becomes messages."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from functools import partial
from itertools import count
from typing import Any

from twisted.internet.error import ConnectionLost

from chat.commands import Verb
from chat.core import refusals
from chat.core.events import Event, Left, Said, Told
from chat.core.refusals import Refused
from chat.core.registry import Room
from chat.core.session import SERVER
from chat.irc import numerics
from chat.irc.commands import COMMANDS
from chat.irc.commands.channels import show_names, show_topic
from chat.irc.message import LONGEST, LONGEST_CLIENT_TAGS, LONGEST_TAGS, Message, NoMessage
from chat.irc.numerics import Numeric
from chat.irc.refusals import numeric_of
from chat.irc.registration import Registration
from chat.irc.view import RENDER, View
from chat.protocol import ChatProtocol, Command

#: Capabilities that change how events look.
VISIBLE = frozenset(
    ("server-time", "message-tags", "account-tag", "extended-join", "setname", "away-notify", "invite-notify")
)
#: What a client may send before it is registered.
EARLY = frozenset(
    ("CAP", "NICK", "USER", "PASS", "QUIT", "PING", "PONG", "AUTHENTICATE", "WEBIRC", "REGISTER", "VERIFY")
)


class IRCProtocol(ChatProtocol):
    """The wire of IRC clients."""

    MAX_LENGTH = LONGEST_TAGS + LONGEST
    registration: Registration | None = None
    label = ""
    why = ""

    # -- coming and going

    def started(self) -> None:
        self.caps: set[str] = set()
        self.cap_version = 0
        self.active = self.factory.now()
        self._batches = count()
        self._held_back: list[Message] | None = None
        self._labels: dict[str, str] = {}
        self._private = View(frozenset())
        self.registration = Registration(self)

    def arrive(self, identity: str) -> None:
        """This connection is a session of the user of that identity from now on."""
        self.registration = None
        self.user = self.registry.ids[identity]
        self.user.sessions.append(self)

    def abandon(self, identity: str) -> None:
        """The connection was gone before its user had come."""
        self.factory.router.publish(Left(self.registry.ids[identity].author), SERVER)

    def connectionLost(self, *reason: Any) -> None:
        if self.registration is not None:
            self.registration.end()
        super().connectionLost(*reason)

    def farewell(self) -> str:
        return self.why

    def part(self, why: str) -> None:
        self.why = self.why or why
        self.send(Message("ERROR", [why]))
        self.leave()

    def ended(self) -> Awaitable[None] | None:
        self.part("Connection closed")
        return None

    # -- what comes in

    def understand(self, line: bytes) -> Command | None:
        line = line.rstrip(b"\r")
        tags, _, rest = line.partition(b" ") if line[:1] == b"@" else (b"", b"", line)
        if len(tags) > LONGEST_CLIENT_TAGS + 1 or len(rest) > LONGEST - 2:
            return Command(partial(self.numeric, numerics.ERR_INPUTTOOLONG))
        try:
            message = Message.parse(line.decode())
        except UnicodeDecodeError:
            return Command(partial(self.fail, "*", "INVALID_UTF8", "Message rejected: it is not UTF-8"))
        except NoMessage:
            return None
        self.active = self.factory.now()
        return self._command(message)

    def _command(self, message: Message) -> Command:
        if self.registration is not None and message.command not in EARLY:
            return self._answer(message, partial(self.numeric, numerics.ERR_NOTREGISTERED))
        if message.command not in COMMANDS:
            return self._answer(message, self._unknown(message))
        verb = COMMANDS.find(message.command)
        labelled = bool(message.tags.get("label")) and "labeled-response" in self.caps
        return self._answer(message, partial(self._do, verb, message), verb.speech and not labelled)

    def _unknown(self, message: Message) -> Callable[[], None]:
        return partial(self.numeric, numerics.ERR_UNKNOWNCOMMAND, message.command)

    def _answer(self, message: Message, run: Callable[[], Any], speech: bool = False) -> Command:
        """Have a command run with its label, if the client gave one."""
        label = message.tags.get("label", "") if "labeled-response" in self.caps else ""
        return Command(partial(self._labelled, label, run), speech) if label else Command(run, speech)

    def _do(self, verb: Verb, message: Message) -> Any:
        """Run the function of a command with the parameters of the line; what it is refused names the command."""
        self.message = message
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
        except Refused as refusal:
            self.refuse(refusal)
        finally:
            lines, self._held_back, self.label = self._held_back or [], None, ""
            self._send_labelled(label, lines)

    def _send_labelled(self, label: str, lines: list[Message]) -> None:
        if len(lines) == 1:
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
        return f"b{next(self._batches)}"

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
            return
        if "server-time" in self.caps and "time" not in message.tags:
            message.tags = {"time": self.factory.iso_now(), **message.tags}
        self.outlet.write(f"{message}\r\n".encode("utf-8", "replace"))

    def numeric(self, numeric: Numeric, *params: str) -> None:
        """Send a numeric with its parameters."""
        text = (numeric.text,) if numeric.text else ()
        self.send(Message(numeric.code, [self.nick, *params, *text], self.server))

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
        if self.label and not (isinstance(event, (Said, Told)) and "echo-message" not in self.caps):
            message = RENDER[type(event)](event, self._private)
            if message is not None:
                message.tags = self._private.tags(event, message)
                self.send(message)
        return event

    @property
    def host(self) -> str:
        """Where the client comes from, as others see it."""
        peer = self.transport.getPeer()
        return str(getattr(peer, "host", "localhost"))

    def entered(self, room: Room) -> None:
        show_topic(self, room)
        if "draft/no-implicit-names" not in self.caps:
            show_names(self, room)

    # -- how it sees the chat

    def view(self, room: Room | None) -> View:
        return self._private

    def set_caps(self, caps: set[str]) -> None:
        """What the client has negotiated, from now on."""
        self.caps = caps
        self._private = View(frozenset(caps & VISIBLE))
        for room in self.user.rooms.values() if self.user else ():
            if self in room.crowd:
                room.crowd.add(self)

    def sees_own(self, event: Event) -> bool:
        if self.label and not isinstance(event, (Said, Told)):
            return False
        if isinstance(event, (Said, Told)):
            return "echo-message" in self.caps and not self.label
        return True

    def said(self, event: Event) -> None:
        """A labelled message comes back under its label."""

    async def catch_up(self) -> None:
        raise ConnectionLost


__all__ = ["IRCProtocol"]
