"""The words for tests of the terminal client: somebody at a screen that is drawn for real, in memory.

    def test_what_is_typed_is_heard(self) -> None:
        bob = self.person("bob")

        async def alice(at: Screen) -> None:
            await at.types("hello", "enter")
            self.assertIn("alice: hello", bob.hears()[-1])

        self.sits("alice", alice)

Textual needs a loop of asyncio, and none can run inside Trial's reactor: `sits` runs one of its own to its end.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from twisted.trial.unittest import SkipTest

from chat.clients.address import Address
from chat.clients.options import Options
from chat.clients.remembered import Remembered
from tests.clients.sitting import ClientTestCase, Door, Wire

try:
    from rich.cells import cell_len
    from textual.events import AppBlur, AppFocus, Key, Paste

    from chat.clients.terminal.app import ChatApp
except ModuleNotFoundError:
    MISSING = "Textual is not installed; pip install '.[test]' brings it"
else:
    MISSING = ""

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from chat.clients.terminal.talk import TalkScreen


#: How often everybody has a turn until everything has come to rest: a key, the screen, the link, the daemon, and back.
ROUNDS = 5
#: Seconds after which what never ends is ended.
PATIENCE = 300


class Screen:
    """What somebody at the terminal does and sees."""

    def __init__(self, test: TerminalTestCase) -> None:
        self.test = test
        self.wires: list[Wire] = []
        self.budgets: list[int] = []
        self.closed = False
        self.app: ChatApp
        self.pilot: Pilot[int]

    def door(self, reactor: Any, address: Any, verified: Any) -> Door:
        return Door(self)  # type: ignore[arg-type]

    def carry(self) -> bool:
        return any([wire.carry() for wire in self.wires])  # noqa: C419 - all of them

    @property
    def talk(self) -> TalkScreen:
        assert self.app.talk is not None
        return self.app.talk

    async def rests(self) -> None:
        """Everything happens that was to happen, here and there."""
        for _ in range(ROUNDS):
            self.test.pass_time(0)
            if not self.app.is_running:
                return
            await self.pilot.pause(0)

    async def presses(self, *keys: str) -> None:
        """Press keys, as Textual names them, one after the other."""
        for key in keys:
            self.app.post_message(Key(key, key if len(key) == 1 else None))
            await self.rests()

    async def types(self, text: str, *keys: str) -> None:
        """Type a text, so fast that it comes in one piece, then press keys."""
        await self.bursts(*("ctrl+j" if letter == "\n" else letter for letter in text))
        await self.presses(*keys)

    async def bursts(self, *keys: str) -> None:
        """Press keys faster than anything is drawn."""
        for key in keys:
            self.app.post_message(Key(key, key if len(key) == 1 else None))
        await self.rests()

    async def pastes(self, text: str) -> None:
        """The terminal says that this was pasted."""
        self.app.screen.focused.post_message(Paste(text))  # type: ignore[union-attr]
        await self.rests()

    async def looks_away(self) -> None:
        """The terminal says that another window has the focus now."""
        self.app.post_message(AppBlur())
        await self.rests()

    async def looks_again(self) -> None:
        """The terminal says that it has the focus again."""
        self.app.post_message(AppFocus())
        await self.rests()

    async def arrives(self, words: str) -> None:
        """Wait until these words are there: what searches does so beside all else."""
        for _ in range(1000):
            if words in str(self):
                return
            await self.pilot.pause(0.01)
        self.sees(words)

    async def clicks(self, words: str) -> None:
        """Click where these words stand."""
        for y, row in enumerate(self.rows):
            if words in row:
                await self.pilot.click(offset=(row.index(words), y))
                await self.rests()
                return
        raise AssertionError(f"{words!r} is not to be seen in:\n{self}")

    @property
    def rows(self) -> list[str]:
        """The rows as they are drawn, a place for each column."""
        return [cells(strip.text) for strip in self.app.screen._compositor.render_strips()]

    def __str__(self) -> str:
        return "\n".join(self.rows)

    def sees(self, *words: str) -> None:
        """These words are somewhere on the screen."""
        for each in words:
            if each not in str(self):
                raise AssertionError(f"{each!r} is not to be seen in:\n{self}")

    def sees_no(self, *words: str) -> None:
        """These words are nowhere on the screen."""
        for each in words:
            if each in str(self):
                raise AssertionError(f"{each!r} is to be seen in:\n{self}")

    def row_of(self, words: str) -> str:
        """The row in which these words are."""
        self.sees(words)
        return next(row for row in self.rows if words in row)

    def aside(self, words: str) -> str:
        """The row of the sidebar in which these words are."""
        found = [row.partition("▕")[0] for row in self.rows if words in row.partition("▕")[0] and "▕" in row]
        if not found:
            raise AssertionError(f"{words!r} is not in the sidebar of:\n{self}")
        return found[0]

    @property
    def typed(self) -> str:
        """What is typed and not sent."""
        return self.talk.composer.text


def cells(text: str) -> str:
    """A text with a filler behind each letter that takes two columns."""
    return "".join(letter + "\0" * (cell_len(letter) - 1) for letter in text)


class TerminalTestCase(ClientTestCase):
    """A chat with somebody at a terminal in it."""

    def setUp(self) -> None:
        if MISSING:
            raise SkipTest(MISSING)
        super().setUp()

    def sits(
        self,
        nick: str,
        does: Callable[[Screen], Awaitable[None]],
        size: tuple[int, int] = (100, 30),
        server: bool = True,
        remembered: Remembered | None = None,
        **options: Any,
    ) -> None:
        """Somebody starts the client, with the server and the nick on the command line, and does things."""
        asyncio.run(asyncio.wait_for(self._sits(nick, does, size, server, remembered, options), PATIENCE))

    async def _sits(
        self, nick: str, does: Any, size: Any, server: bool, remembered: Remembered | None, options: dict[str, Any]
    ) -> None:
        at = Screen(self)
        self.sitters.append(at)  # type: ignore[arg-type]
        address = Address("127.0.0.1", 5050, False) if server else None
        wanted = {"rooms": ("#lobby",), "account": "", "asks_password": False, "plain": False} | options
        at.app = ChatApp(
            self.clock,
            remembered or Remembered(os.path.join(self.mktemp(), "remembered.json")),
            Options(address=address, nick=nick, **wanted),
            at.door,
            lambda: int(self.clock.seconds() * 1000),
        )
        async with at.app.run_test(size=size, notifications=True) as at.pilot:
            await at.rests()
            await does(at)
        if at.app.link:
            at.app.link.stop()
