"""The first words between a person and the server: a name, and into the lobby."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chat.core.events import Connected
from chat.core.refusals import Goodbye, NameInUse
from chat.core.registry import Author
from chat.line.commands.rooms import enter

if TYPE_CHECKING:
    from chat.line.protocol import LineProtocol

#: Seconds without a name, and answers that are no name, after which the server gives up.
PATIENCE, ANSWERS = 60, 5

LEAVE = ("exit", "@exit", "/exit", "/quit")
PROMPT = "Your name? "


class SignIn:
    """Asks for a name until it gets one."""

    def __init__(self, client: LineProtocol) -> None:
        self._client = client
        self._bad = 0
        self._timer = client.factory.clock.callLater(PATIENCE, self._give_up)

    def greet(self) -> None:
        """Say where one is, and ask."""
        here = len(self._client.registry.users)
        people = {0: "Nobody else is here yet.", 1: "1 person is here."}.get(here, f"{here:,} people are here.")
        name = self._client.factory.config.name
        self._client.notice(f"Welcome to {name}. {people} Lines you type go to the room; /help lists commands.")
        self._ask()

    def _ask(self) -> None:
        self._client.prompt(PROMPT)

    def ask_again(self) -> None:
        """An answer was refused: ask once more, but not for ever."""
        self._bad += 1
        if self._bad < ANSWERS:
            self._ask()
        else:
            self._client.refuse(Goodbye("That was five times. Come back when you have a name."))
            self._client.leave()

    async def answer(self, text: str) -> None:
        """Somebody answered with `text`: they are in, or they leave; Refused if it is no name for them."""
        client = self._client
        if text.strip() in LEAVE:
            client.bye()
            return
        identity = client.factory.new_identity()
        guest = not text.strip()
        name = self._guest(identity) if guest else client.factory.nickname(text)
        await self._connect(Author(name, identity))
        if client.outlet.closed:
            client.abandon(identity)
            return
        self.end()
        client.arrive(identity)
        client.notice(f"You are {name}. Change it with /nick." if guest else f"Hello {name}. Your id is {identity}")
        if guest:
            client.notice(f"Your id is {identity}")
        await enter(client, client.factory.config.lobby)

    def _guest(self, identity: str) -> str:
        """A name for somebody who gave none: no longer than it must be to be free."""
        *short, longest = (f"guest-{identity[-length:]}" for length in (4, 8, 12))
        return next((name for name in short if self._client.registry.holder(name) is None), longest)

    async def _connect(self, author: Author) -> None:
        """Be there under that name, if need be in place of a dead connection; NameInUse."""
        client = self._client
        try:
            await client.publish(Connected(author))
        except NameInUse:
            if not await client.factory.probe(author.name):
                raise
            await client.publish(Connected(author))

    def end(self) -> None:
        """Ask no more."""
        if self._timer.active():
            self._timer.cancel()

    def _give_up(self) -> None:
        self._client.notice(f"No name for {PATIENCE} seconds. Bye.")
        self._client.leave()
