"""A person's connection: what they type becomes commands, what happens becomes lines."""

from __future__ import annotations

from collections.abc import Awaitable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from chat.backlog import catch_up
from chat.core.events import Announced, Event, Left, Said, Told
from chat.core.moment import iso
from chat.core.names import fold
from chat.core.refusals import Goodbye, NotInAnyRoom, NotUTF8, Refused
from chat.core.registry import Room
from chat.core.session import SERVER, Crowd, Session
from chat.line.commands import COMMANDS
from chat.line.grammar import understand
from chat.line.question import Question
from chat.line.signin import SignIn
from chat.line.telnet import Telnet
from chat.line.text import typed
from chat.line.view import NOTICE, QUESTION, RECEIPT, REFUSED, Settings, View, day
from chat.protocol import ChatProtocol
from chat.voice import Command

#: A terminal's end of input, on a line of its own.
END_OF_INPUT = b"\x04"
#: Bytes of a long answer that are written before the reader must have taken them.
AT_ONCE = 16_384


class LineProtocol(ChatProtocol):
    """The wire for people."""

    wire = "line"

    def __init__(self) -> None:
        self.settings = Settings()
        self.telnet = Telnet()
        self.signin: SignIn | None = None
        self.question: Question | None = None
        self.room: Room | None = None
        self.acks = False
        self.active = 0
        self.announced = -1_000_000
        self.talked_with: dict[str, None] = {}
        self.read: dict[str, int] = {}
        self.last: Said | None = None
        self.why = ""
        self._private = View(self.settings)
        self._prompted = False
        self._line_begins = True

    @property
    def way_to_tls(self) -> str:
        doors = self.factory.tls_doors
        return "Use: openssl s_client -quiet -connect {}:{}".format(*doors[0]) if doors else ""

    # -- greeting and sign-in

    def started(self) -> None:
        self.address = str(self.factory.connections[self][0])
        self.signin = SignIn(self)
        self.signin.greet()

    def arrive(self, identity: str) -> None:
        """This connection is a session of the user of that identity from now on."""
        self.signin = None
        self.user = self.registry.ids[identity]
        self.user.sessions += (self,)
        self.factory.strangers.discard(self)
        self.active = self.factory.now()
        self._private = View(self.settings, you=identity, account=self.user.account)
        self.acks = self.waiting_input > 0  # nobody types ahead of the greeting: this is a pipe

    def abandon(self, identity: str) -> None:
        """The connection was gone before its user had come."""
        user = self.registry.ids[identity]
        if not user.sessions:  # no other window of the same person has come meanwhile
            self.factory.router.publish(Left(user.author), SERVER)

    def connectionLost(self, *reason: Any) -> None:
        if self.signin is not None:
            self.signin.end()
        super().connectionLost(*reason)

    def knock(self, name: str) -> None:
        """Somebody else asks for this user's name."""
        self.notice(f'Somebody else asked for the name "{name}".')

    def farewell(self) -> str:
        return self.why

    # -- what comes in

    def dataReceived(self, data: bytes) -> None:
        text, answer = self.telnet.receive(data)
        if answer and self.outlet.clear:  # who reads nothing is told nothing: this must not fill our memory
            self.outlet.write(answer)
        if self.telnet.seen:
            self.speak_telnet()
        if text:
            super().dataReceived(self._with_end_of_input(text))
        if self.telnet.interrupted and not self.transport.disconnecting:
            self.bye()

    def _with_end_of_input(self, text: bytes) -> bytes:
        """A terminal sends its end of input at once, without a line end."""
        last = text[text.rfind(b"\n") + 1 :]
        alone = last == END_OF_INPUT and (self._line_begins or len(text) > 1)
        self._line_begins = not last or alone
        return text + b"\n" if alone else text

    def speak_telnet(self) -> None:
        """Lines end with CR LF from now on."""
        if self.settings.newline == "\n":
            self.set(newline="\r\n")

    def understand(self, line: bytes) -> Command | Event | None:
        self._prompted = False
        if line[-1:] == b"\r":
            line = line[:-1]
            self.speak_telnet()
        if line == END_OF_INPUT:
            return Command(self.bye)
        try:
            text = typed(line.decode())
        except UnicodeDecodeError:
            raise NotUTF8 from None
        self.active = self.factory.now()
        if self.question is not None:
            question, self.question = self.question, None
            question.end()
            return Command(partial(question.answer, text))
        if self.signin is not None:
            return Command(partial(self.signin.answer, text))
        intent = understand(text)
        if intent is None:
            return None
        if isinstance(intent, str):
            return Said(self.me.author, self.require_room().name, intent)
        verb = COMMANDS.find(intent.verb)
        return Command(partial(verb.function, self, *verb.arguments(intent.rest)), verb.speech)

    def ended(self) -> Awaitable[None] | None:
        """Input has ended; a name alone has been enough to look in."""
        self.bye()
        return None

    # -- what goes out

    def notice(self, text: str) -> None:
        """`* text`, on a line of its own."""
        if self._prompted:
            self._prompted = False
            self.outlet.write(self.settings.newline.encode())
        self.outlet.write(self.as_notice(text))

    def as_notice(self, text: str) -> bytes:
        return self._private.line(NOTICE, text)

    def prompt(self, text: str) -> None:
        """Ask for something on the same line: only before sign-in, when nothing else can come in between."""
        self.outlet.write(text.encode())
        self._prompted = True

    def ask(self, text: str) -> None:
        """`? text`: the next line is the answer."""
        self.outlet.write(self._private.line(QUESTION, text))

    def refuse(self, refusal: Refused) -> None:
        self.outlet.write(self._private.line(REFUSED, str(refusal)))
        if self.signin is not None and not isinstance(refusal, Goodbye):
            self.signin.ask_again()

    def apologise(self) -> None:
        self.refuse(Refused("Something went wrong on our side; it is noted in the log. Your line was not done."))

    def receipt(self, event: Any, word: str = "") -> None:
        """`+ 413 lobby 2026-11-20T12:04:31.207Z`, or `+ 413 stored`: the line is on disk."""
        said = isinstance(event, Said)
        where = event.room if said else event.to.name if isinstance(event, Told) else "all"
        about = {"number": event.number, "room": where} if said else {"to": where}
        text = f"{event.number or '-'} {word or f'{where} {iso(event.time)}'}"
        self.outlet.write(self._private.line(RECEIPT, text, **about, time=iso(event.time), id=event.id))

    async def show(self, lines: Iterable[bytes]) -> None:
        """Write a long answer, no faster than it is read."""
        size = 0
        for line in lines:
            self.outlet.write(line)
            size += len(line)
            if size >= AT_ONCE:
                size = 0
                self.outlet.flush()
                await self.outlet.drained()

    def part(self, why: str) -> None:
        """The server ends the connection, and says why."""
        self.notice(why)
        self.leave()

    def bye(self) -> None:
        """Say goodbye and close."""
        self.notice(f"Bye {self.user.name}." if self.user else "Bye.")
        self.leave()

    def said(self, event: Event) -> None:
        if isinstance(event, Said):
            self.last = event
        elif isinstance(event, Told):
            self.talked_with[event.conversations()[0]] = None
            if event.to.id not in self.registry.ids:
                self.notice(f"{event.to.name} is offline; stored for {event.to.name}.")
        if (self.acks or self.input_ended) and isinstance(event, (Said, Told, Announced)):
            self.receipt(event)

    def hear(self, event: Event, origin: Session | None) -> None:
        if isinstance(event, Told):
            self.talked_with[event.conversations()[0]] = None
        super().hear(event, origin)

    # -- how it sees the chat

    def sees_own(self, event: Event) -> bool:
        """The terminal has shown what its user typed."""
        return False

    def entered(self, room: Room) -> None:
        """Another session of this user has joined: what is said there is seen here as well."""

    def leaves(self, crowd: Crowd) -> None:
        """Whoever has left a room, of their own will or not, is told where they are now."""
        super().leaves(crowd)
        if self.user is None:
            return
        if self.room is crowd.room:
            self.look_at(next(iter(self.user.rooms.values()), None))
        now = f"You are in {self.room.name}." if self.room else "You are in no room; /join takes you to one."
        self.notice(f"You left {crowd.room.name}. {now}")

    def view(self, room: Room | None) -> View:
        if room is None:
            return self._private
        return View(self.settings, current=room is self.room)

    def set(self, **changes: Any) -> None:
        """Change what this session has set, and see everything so from now on."""
        self.settings = replace(self.settings, **changes)
        you, account = (self.user.id, self.user.account) if self.user else ("", "")
        self._private = View(self.settings, you=you, account=account)
        self.look_again()

    def look_at(self, room: Room | None) -> None:
        """What is typed goes to `room` from now on."""
        if self.room is not None:
            self.read[self.room.key] = self.room.lines
        self.room = room
        if room is not None:
            self.read[room.key] = room.lines
        self.look_again()

    def look_again(self) -> None:
        """Be told of every room that this session listens to as it is seen from now on."""
        for crowd in tuple(self.since):
            crowd.add(self)

    def require_room(self) -> Room:
        """The room that is looked at; NotInAnyRoom."""
        if self.room is None or self.room.key not in self.me.rooms:
            raise NotInAnyRoom
        return self.room

    def unread(self, room: Room) -> int:
        """How many lines were said in a room of this session's since it was looked at."""
        return 0 if room is self.room else max(0, room.lines - self.read.get(room.key, room.lines))

    def view_of(self, event: Any) -> View:
        """How this session sees an event that it is told of alone, or reads in the history."""
        name: str = getattr(event, "room", "")
        here = bool(name) and self.room is not None and self.room.key == fold(name)
        return replace(self._private, current=here)

    def not_ignored(self, events: Iterable[Any]) -> list[Any]:
        """The events that are not by somebody whom this session ignores."""
        return [event for event in events if not self.settings.ignores(event.by)]

    def render(self, events: Iterable[Any]) -> Iterator[bytes]:
        """What was missed, as it would have been seen."""
        return (line for event in events if (line := self.view_of(event).render(event)))

    def render_page(self, events: Iterable[Any], settings: Settings, elsewhere: bool = False) -> Iterator[bytes]:
        """A page of the history, with the days that are not today; `elsewhere`: with the names of the rooms."""
        zone = settings.zone
        today = day(self.factory.now() // 60_000, zone)
        for event in events:
            if (then := day(event.time // 60_000, zone)) != today:
                yield self.as_notice(f"-- {then} --")
                today = then
            view = self.view_of(event)
            yield replace(view, settings=settings, current=view.current and not elsewhere).render(event)

    # -- after it fell behind

    async def catch_up(self) -> None:
        await catch_up(self, self.talked_with)

    def behind(self, lines: int) -> None:
        """Lines were dropped and are about to be shown from the history."""
        self.notice(f"you are {lines:,} {'line' if lines == 1 else 'lines'} behind, catching up")

    async def show_missed(self, events: Iterable[Event]) -> None:
        """Show what was dropped; what this user said itself it knows."""
        alone = len(self.me.sessions) == 1
        await self.show(self.render(event for event in events if not (alone and event.by.id == self.me.id)))
