"""The terminal client: which screen is shown, the theme, the bell, the title of the terminal."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, ClassVar

from textual.app import App
from textual.binding import BindingType
from twisted.internet.defer import Deferred, succeed

from chat.clients.address import Address, BadAddress, parse
from chat.clients.link import Endpoints, Link, endpoint
from chat.clients.model import WAITING, Change, Chat, Conversation, Identity, Line
from chat.clients.options import Options
from chat.clients.remembered import Remembered
from chat.clients.state import ONLINE, REFUSED, UNTRUSTED
from chat.clients.terminal.help import HelpScreen
from chat.clients.terminal.keys import EVERYWHERE, bindings
from chat.clients.terminal.palette import Commands
from chat.clients.terminal.question import CertificateScreen
from chat.clients.terminal.signin import Entry, SignInScreen
from chat.clients.terminal.talk import TalkScreen
from chat.clients.terminal.themes import DEFAULT, THEMES

NAMES = [theme.name for theme in THEMES]
#: Where a server is that one runs oneself.
LOCAL = "127.0.0.1:5050"
#: Seconds that saying goodbye to the server may take.
FAREWELL = 1.0


class ChatApp(App[int]):
    """The client in a terminal.  With a server and a nick it connects at once, otherwise it asks for them first."""

    TITLE = "chat"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (76, "-normal"), (120, "-wide")]  # noqa: RUF012 - Textual says that it is no ClassVar
    COMMANDS: ClassVar = {Commands}
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(EVERYWHERE, priority=True)]
    CSS = """
    Toast { background: $panel; color: $foreground; }
    Button { background: $panel; color: $foreground; }
    Button.-primary, Button.-primary:hover { background: $primary; color: $on-primary; }
    Button.-warning { background: $panel; color: $foreground; }
    Button:focus, Button.-primary:focus, Button.-warning:focus {
        background: $primary; color: $on-primary; text-style: bold underline;
    }
    """

    def __init__(
        self,
        reactor: Any,
        remembered: Remembered,
        options: Options,
        endpoints: Endpoints = endpoint,
        now: Callable[[], int] = lambda: int(time.time() * 1000),
    ) -> None:
        super().__init__()
        self.reactor, self.remembered, self.options, self._endpoints = reactor, remembered, options, endpoints
        self._now = now
        server = str(options.address) if options.address else remembered.get("server", LOCAL)
        self.entry = Entry(server, options.nick or remembered.get("nick"), options.password)
        self.talk: TalkScreen | None = None
        self.link: Link | None = None
        self.rings = remembered.get("bell") == "on"
        self._leaving = False
        for name in list(self.available_themes):
            if name not in NAMES:
                self.unregister_theme(name)
        for theme in THEMES:
            self.register_theme(theme)
        known = remembered.get("theme")
        self.theme = known if known in NAMES else DEFAULT

    def on_mount(self) -> None:
        self.write("\x1b[22;2t")  # keep the title of the terminal (XTWINOPS)
        if self.options.address and self.options.nick and not self.options.asks_password:
            self.enter(self.entry)
        else:
            self.ask(field="password" if self.options.asks_password and self.options.nick else "")

    def on_unmount(self) -> None:
        self.write("\x1b[23;2t")  # and give it back

    # -- signing in

    def ask(self, why: str = "", field: str = "") -> None:
        """Ask for a server and a nick."""
        if not isinstance(self.screen, SignInScreen):
            self.push_screen(SignInScreen(self.entry, why, field), self.enter)

    def enter(self, entry: Entry | None) -> None:
        """Connect as it was filled in."""
        if entry is None:
            return
        self.entry = entry
        try:
            address = self._address(entry.server)
        except BadAddress as error:
            self.ask(str(error), "server")
            return
        if self.options.trust and address == self.options.address:
            self.remembered.trust(str(address), self.options.trust.upper())
        identity = Identity(entry.nick, entry.password, self.options.account if entry.password else "")
        if self.link is not None and self.link.address == address:
            self.link.chat.identity = identity
            self.link.retry()
            return
        self._close()
        chat = Chat(identity, self._now, self.options.rooms)
        chat.observe(self._observe)
        self.link = Link(chat, address, self.remembered, self.reactor, self._endpoints)
        self.talk = TalkScreen(chat)
        self.push_screen(self.talk)
        self.link.start()

    def _address(self, server: str) -> Address:
        """Where a server is, with TLS or not as the command line says, or as it was the last time; BadAddress."""
        if self.options.address and server == str(self.options.address):
            return self.options.address
        last = {"yes": True, "no": False}.get(self.remembered.get("tls"))
        return parse(server, last if server == self.remembered.get("server") else None)

    def _close(self) -> None:
        """Leave the server that we are connected to, if there is one."""
        if self.link is not None:
            self.link.stop()
        if self.talk is not None:
            self.talk.dismiss()
        self.link = self.talk = None

    def _observe(self, change: Change) -> None:
        if change.what == "state":
            self.call_later(self._state_changed)
        elif change.what == "notification" and self.rings:
            self.bell()
        elif change.what == "conversations":
            self.call_later(self.draw_title)

    def _state_changed(self) -> None:
        if self.link is None or self._leaving:
            return
        state, chat = self.link.chat.state, self.link.chat
        if state.kind == ONLINE:
            tls = "yes" if self.link.address.tls else "no"
            self.remembered.put(server=str(self.link.address), tls=tls, nick=chat.me)
        elif state.kind == REFUSED:
            self.ask(state.sentence, state.needs)
        elif state.kind == UNTRUSTED and not isinstance(self.screen, CertificateScreen):
            question = CertificateScreen(str(self.link.address), state.sentence, state.fingerprint)
            self.push_screen(question, self._trusted)
        self.draw_title()

    def _trusted(self, yes: bool | None) -> None:
        if yes and self.link:
            self.link.trust()
        else:
            self.ask()

    # -- what a person asks for

    def perform(self, conversation: Conversation, text: str, reply_to: Line | None) -> None:
        """Do what a typed line says: the terminal's own commands here, all others in the model."""
        command, _, rest = text.partition(" ")
        if command == "/theme":
            self.use_theme(rest.strip())
        elif command == "/bell":
            self.action_ring()
        elif command in ("/quit", "/exit"):
            self.leave()
        elif self.link is not None:
            self.link.chat.perform(conversation, text, reply_to)

    def action_help(self) -> None:
        """Show the keys."""
        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen())

    def action_next_theme(self) -> None:
        """Use the next theme."""
        self.use_theme(NAMES[(NAMES.index(self.theme) + 1) % len(NAMES)])

    def use_theme(self, name: str) -> None:
        """Use the theme of that name."""
        if name in NAMES:
            self.theme = name
            self.remembered.put(theme=name)
            self.notify(f"Theme {name}", timeout=2)
        else:
            self.notify(f"Themes are called {', '.join(NAMES)}.", severity="warning")

    @property
    def ringing(self) -> str:
        """What the bell does, in words."""
        return f"it is {'on' if self.rings else 'off'}: ring for mentions and private messages, or not"

    def action_ring(self) -> None:
        """Ring for mentions and private messages from now on, or no longer."""
        self.rings = not self.rings
        self.remembered.put(bell="on" if self.rings else "off")
        self.notify(f"The bell is {'on' if self.rings else 'off'}.", timeout=2)

    def action_retry(self) -> None:
        """Try to connect now."""
        if self.link is not None:
            self.link.retry()

    async def action_quit(self) -> None:
        self.leave()

    def leave(self) -> None:
        """Leave; if something was not sent yet, only when that was asked for again."""
        if self._leaving or self.link is None:
            self.exit(0)
            return
        unsent = sum(line.state == WAITING for each in self.link.chat.conversations for line in each.waiting)
        if unsent and not self._warned:
            self._warned = True
            lines = "1 line is" if unsent == 1 else f"{unsent} lines are"
            self.notify(f"{lines} not sent yet and would be lost. Ctrl+C once more leaves.", severity="warning")
            return
        self.leave_now()

    def leave_now(self) -> None:
        """Say goodbye to the server, and end."""
        self.goodbye().addBoth(lambda _: self.exit(0))

    def goodbye(self) -> Deferred[None]:
        """Say goodbye to the server, if it is there; fires when that is done, or has taken too long."""
        self._leaving = True
        if self.link is None:
            return succeed(None)
        gone: Deferred[None] = self.link.stop()
        return gone.addTimeout(FAREWELL, self.reactor)

    _warned = False

    # -- the terminal

    def on_app_blur(self) -> None:
        if self.talk is not None:
            self.talk.look_away()

    def on_app_focus(self) -> None:
        if self.talk is not None:
            self.talk.look_again()

    def draw_title(self) -> None:
        """The title of the terminal: how many lines call us, and where we are."""
        if self.link is not None and self.talk is not None:
            unread = self.link.chat.unread
            count = f"({unread}) " if unread else ""
            name = "".join(letter for letter in self.talk.current.name if letter.isprintable())
            self.write(f"\x1b]2;{count}{name} · {self.link.address}\x07")

    def write(self, codes: str) -> None:
        """Write something to the terminal itself."""
        if self._driver is not None and not self.is_headless:
            self._driver.write(codes)
