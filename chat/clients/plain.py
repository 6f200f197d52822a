"""`twisted-chat join --plain`: lines in, lines out, for pipes and bare systems.

What is said goes to standard output, how it is with the link to standard error.  `exit` and `@exit` leave, and so does
the end of the input, both after the server has acknowledged all that was typed.  The exit status is 0 if it has.
"""

from __future__ import annotations

import getpass
import os
import re
import sys
import time
from contextlib import suppress
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IHalfCloseableProtocol
from twisted.internet.protocol import Protocol, connectionDone
from twisted.internet.stdio import StandardIO
from twisted.python.failure import Failure
from zope.interface import implementer

from chat.clients.link import Link
from chat.clients.local import HERE
from chat.clients.model import Change, Chat, Identity
from chat.clients.options import Options
from chat.clients.remembered import Remembered
from chat.clients.state import ONLINE, REFUSED, UNTRUSTED, WAITING
from chat.clients.transcript import Transcript

#: Lines that may wait for the server; the input has to wait then.
MOST_WAITING = 64
#: Seconds in which nothing of what was typed gets to the server, after which we leave when the input has ended.
LAST_TRIES = 60
#: Words that leave.
ENDINGS = ("exit", "@exit", "/exit", "/quit")


@implementer(IHalfCloseableProtocol)
class Plain(Protocol):
    """Somebody at standard input and output.  `finished` fires with the exit status."""

    transport: Any

    def __init__(self, chat: Chat, link: Link, clock: Any) -> None:
        self.chat, self.link, self._clock = chat, link, clock
        self.finished: Deferred[int] = Deferred()
        self._rest = b""
        self._last_try: Any = None
        self._ended = self._was_online = self._paused = self._ready = False
        self._over = False
        #: Everything that was typed was answered; we have left the chat; nobody reads what we write.
        self._asked = self._left = self._deaf = False
        self._failed = 0

    def connectionMade(self) -> None:
        Transcript(self.chat, self._write)
        self.chat.observe(self._changed)
        self.chat.look(self.chat.conversations[0])
        self._settle()
        self.link.start()

    def _write(self, line: str) -> None:
        if not self._over:
            self.transport.write(line.encode() + b"\n")

    def _say(self, sentence: str) -> None:
        print(sentence, file=sys.stderr, flush=True)

    # -- input

    def dataReceived(self, data: bytes) -> None:
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            self.line(line.rstrip(b"\r"))

    def line(self, line: bytes) -> None:
        """A line that was typed."""
        if self._ended:
            return
        try:
            text = line.decode()
        except UnicodeDecodeError:
            self._write("! That line is not UTF-8; not sent.")
            return
        here = self.chat.looked_at or self.chat.conversations[0]
        if text.strip().lower() in ENDINGS:
            self.end()
        elif text.startswith((" ", "@@")):
            self.chat.say(here, text[1:])
        elif match := re.fullmatch(r"@(\S+) (.+)", text):
            self.chat.say(self.chat.open(match[1]), match[2])
        elif text in ("@people", "@help"):
            self.chat.perform(here, "/" + text[1:])
        else:
            self.chat.perform(here, text)
        self._settle()

    def readConnectionLost(self) -> None:
        if self._rest:
            self.line(self._rest.rstrip(b"\r"))
        self.end()

    def writeConnectionLost(self) -> None:
        self._deaf = True
        self._finish()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self._deaf = True
        if self._left and not self.finished.called:
            self.finished.callback(self.status)
        self._finish()

    def end(self) -> None:
        """Nothing more is typed: leave as soon as the server has everything."""
        if not self._ended:
            self._ended = True
            self._last_try = self._clock.callLater(LAST_TRIES, self._finish)
            self._settle()

    # -- what comes of it

    def _changed(self, change: Change) -> None:
        if change.what == "state":
            self._state()
        elif change.what == "lines" and change.line is not None:
            self._failed += change.line.state == "failed"
            if self._last_try is not None and self._last_try.active():
                self._last_try.reset(LAST_TRIES)
        self._settle()

    def _state(self) -> None:
        state = self.chat.state
        if state.kind == ONLINE:
            self._was_online = True
            self._say(state.sentence)
            self._clock.callLater(0, self.chat.barrier, self._begin)
        elif state.kind == WAITING:
            self._asked = False
            self._say(state.sentence if self._was_online else state.sentence.partition(" Trying again")[0])
            if not self._was_online:
                self._finish()
        elif state.kind == UNTRUSTED:
            self._say(f"{state.sentence} To trust it: --trust {state.fingerprint}")
            self._finish()
        elif state.kind == REFUSED:
            self._say(state.sentence)
            self._finish()

    def _begin(self) -> None:
        """We are in our rooms, or were not let in."""
        self._ready = True
        self._settle()

    def _settle(self) -> None:
        """Let the input wait, or go on, or leave, as much as waits to be sent."""
        waiting = len(self.chat.outbox)
        halt = waiting >= MOST_WAITING or not self._ready or (self.chat.online and self._busy())
        if self._ended:
            if not waiting and self.chat.online and not self._busy() and not self._asked:
                self._asked = True
                self.chat.barrier(self._finish)
        elif self._paused != halt:
            self._paused = halt
            (self.transport.pauseProducing if self._paused else self.transport.resumeProducing)()

    def _busy(self) -> bool:
        """Whether we are not yet where we wanted to be, or a file is under way."""
        return self.chat.files.busy or any(conversation.catching_up for conversation in self.chat.conversations)

    @property
    def status(self) -> int:
        """The exit status: 0 if the server has all that was typed."""
        return 0 if self._was_online and not len(self.chat.outbox) and not self._failed else 1

    def _finish(self) -> None:
        if self._over:
            return
        self._over = True
        waiting = len(self.chat.outbox)
        if waiting:
            self._say(f"{waiting} line{' was' if waiting == 1 else 's were'} not sent.")
        self.link.stop().addCallback(self._hang_up)

    def _hang_up(self, _: None) -> None:
        """We have left: what was written has to come out before the end."""
        self._left = True
        if self._deaf:
            self.finished.callback(self.status)
        else:
            self.transport.loseConnection()


def main(options: Options) -> int:
    """Join, and give the status to exit with."""
    from twisted.internet import reactor

    loop: Any = reactor
    remembered, address = Remembered(), options.address or HERE
    nick = options.nick or remembered.get("nick") or login()
    password = options.password
    if options.asks_password:
        try:
            password = getpass.getpass(f"The password of {options.account or nick}: ")
        except (EOFError, KeyboardInterrupt):
            return 1
    if options.trust:
        remembered.trust(str(address), options.trust.upper())
    chat = Chat(Identity(nick, password, options.account), lambda: int(time.time() * 1000), options.rooms)
    link = Link(chat, address, remembered, reactor)
    person = Plain(chat, link, reactor)
    person.finished.addCallback(lambda status: loop.stop() if loop.running else None)
    loop.callWhenRunning(StandardIO, person)
    loop.addSystemEventTrigger("before", "shutdown", link.stop)
    loop.run()
    for descriptor in (0, 1):  # others may have them, too, who do not know that StandardIO has made them so
        with suppress(OSError):
            os.set_blocking(descriptor, True)
    return person.status


def login() -> str:
    """What the person is called on this machine, as far as that can be a name in a chat."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        name = ""
    name = re.sub(r"[^A-Za-z0-9_-]", "", name)
    return name if re.match("[A-Za-z]", name) and name != "root" else "guest"
