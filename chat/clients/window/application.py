"""All windows of one process, and the sessions they show."""

from __future__ import annotations

import time
import tkinter as tk
from collections.abc import Callable
from typing import Any

from twisted.internet.defer import Deferred, DeferredList

from chat.clients.address import Address, BadAddress, is_loopback, parse
from chat.clients.link import Link
from chat.clients.model import Change, Chat, Conversation, Identity
from chat.clients.options import Options
from chat.clients.remembered import Remembered
from chat.clients.state import ONLINE
from chat.clients.window.look import Look
from chat.clients.window.window import Window

#: Seconds that servers have to say goodbye when everything is closed.
GOODBYE = 2


class Session:
    """A person on a server: what they know of the chat, and the link.  `server` is what they typed."""

    def __init__(self, server: str, chat: Chat, link: Link) -> None:
        self.server, self.chat, self.link = server, chat, link
        address = link.address
        #: What stands below one's name.
        self.place = server if address.tls or is_loopback(address.host) else f"{server}, not encrypted"
        #: Whether the server has let us in at some time.
        self.was_in = False


class Application:
    """Opens windows, begins sessions and ends them with their last window; `done` is called when none is left."""

    def __init__(self, root: tk.Tk, reactor: Any, remembered: Remembered, done: Callable[[], object]) -> None:
        self.root, self.reactor, self.remembered, self.done = root, reactor, remembered, done
        self.look = Look(root)
        self.windows: list[Window] = []
        self._given: Address | None = None
        self._account = ""
        self._rooms: tuple[str, ...] = ("#lobby",)

    # -- windows

    def begin(self, wanted: Options) -> Window:
        """The first window: on the server that was asked for, if a name is known; else with the form."""
        self._given, self._account, self._rooms = wanted.address, wanted.account, wanted.rooms
        window = self.open()
        server = str(wanted.address) if wanted.address else self.remembered.get("server") or "127.0.0.1"
        nick = wanted.nick or self.remembered.get("nick")
        window.admission.fill(server, nick, wanted.asks_password)
        if wanted.address and nick and not wanted.asks_password:
            self.enter(window, server, nick)
        return window

    def open(self, session: Session | None = None, conversation: Conversation | None = None) -> Window:
        """Another window, on a session or with the form to begin one."""
        window = Window(self)
        self.windows.append(window)
        if session is not None:
            window.attach(session, conversation)
        return window

    def closed(self, window: Window, session: Session | None) -> None:
        """A window is closed: what nobody sees any more ends."""
        self.windows.remove(window)
        self._end(session)
        if not self.windows:
            self.done()

    # -- sessions

    @property
    def sessions(self) -> list[Session]:
        """Those that some window shows."""
        return list(dict.fromkeys(window.session for window in self.windows if window.session))

    def last(self, session: Session | None) -> tuple[str, str]:
        """The server and the name to begin with: those of a session, or the last that were used."""
        if session is not None:
            return session.server, session.chat.identity.nick
        return self.remembered.get("server"), self.remembered.get("nick")

    def session(self, server: str, chat: Chat, link: Link) -> Session:
        """A session that is looked after: what is remembered of it, and the sounds."""
        session = Session(server, chat, link)
        chat.observe(lambda change: self._observe(session, change))
        return session

    def enter(self, window: Window, server: str, nick: str, password: str = "") -> str:
        """Begin a session in a window; what is wrong with the address, if something is."""
        try:
            address = self._address(server)
        except BadAddress as wrong:
            return str(wrong)
        account = self._account if password else ""
        chat = Chat(Identity(nick, password, account), lambda: int(time.time() * 1000), self._rooms)
        session = self.session(server, chat, Link(chat, address, self.remembered, self.reactor))
        before = window.session
        window.attach(session)
        self._end(before)
        session.link.start()
        return ""

    def _address(self, server: str) -> Address:
        """Where that is, encrypted or not as it was asked for, or as it was the last time; BadAddress."""
        if self._given and server == str(self._given):
            return self._given
        last = {"yes": True, "no": False}.get(self.remembered.get("tls"))
        return parse(server, last if server == self.remembered.get("server") else None)

    def _observe(self, session: Session, change: Change) -> None:
        if change.what == "notification":
            self.ding()
        if change.what == "state" and session.chat.state.kind == ONLINE and not session.was_in:
            session.was_in = True
            address = session.link.address
            tls = "yes" if address.tls else "no"
            self.remembered.put(server=str(address), tls=tls, nick=session.chat.identity.nick)

    def _end(self, session: Session | None) -> None:
        if session is not None and session not in self.sessions:
            session.link.stop()

    def sign_out(self, window: Window) -> None:
        """Leave the server of a window, which stays."""
        if window.session is not None:
            window.session.link.stop()

    def goodbye(self) -> Deferred[Any]:
        """Leave all servers; fires when they know."""
        return DeferredList(
            [session.link.stop().addTimeout(GOODBYE, self.reactor) for session in self.sessions], consumeErrors=True
        )

    # -- sounds

    def ding(self) -> None:
        """Make a sound, if the person wants one."""
        if self.sound:
            self.root.bell()

    @property
    def sound(self) -> bool:
        """Whether the person wants a sound."""
        return self.remembered.get("bell") == "on"

    def switch_sound(self) -> None:
        """The person wants a sound, or wants none any more."""
        self.remembered.put(bell="off" if self.sound else "on")
        self.ding()
