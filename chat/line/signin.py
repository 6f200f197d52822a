"""The first words between a person and the server: a name, and into the lobby."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chat.certificates import opened
from chat.core.events import Connected, Renamed
from chat.core.names import fold
from chat.core.refusals import Goodbye, NameHasAccount, NameInUse, WrongPassword
from chat.core.registry import Author
from chat.line.commands.rooms import enter
from chat.line.presence import enter_with_news, free_guest_name, join_session, last_here, session_of
from chat.line.question import Question

if TYPE_CHECKING:
    from chat.line.protocol import LineProtocol

#: Answers that are no name after which the server gives up.
ANSWERS = 5
#: Wrong passwords after which it gives up.
WRONG = 3

LEAVE = ("exit", "@exit", "/exit", "/quit")
PROMPT = "Your name? "


class SignIn:
    """Asks for a name until it gets one."""

    def __init__(self, client: LineProtocol) -> None:
        self._client = client
        self._bad = self._wrong = 0
        #: The account whose password is asked for.
        self._account = ""
        client.factory.patience.begin(client, self._give_up)

    def greet(self) -> None:
        """Say where one is, and ask."""
        here = len(self._client.registry.users)
        people = {0: "Nobody else is here yet.", 1: "1 person is here."}.get(here, f"{here:,} people are here.")
        name = self._client.factory.config.name
        self._client.notice(f"Welcome to {name}. {people} Lines you type go to the room; /help lists commands.")
        self._ask()

    def _ask(self) -> None:
        """Ask for the password, or else for a name."""
        client = self._client
        if self._account:
            text = f'"{self._account}" has an account. Password:'
            client.question = Question(client, text, self._check, self._another_name)
        else:
            client.prompt(PROMPT)

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
        guest = not text.strip()
        name = "" if guest else client.factory.nickname(text)
        account = client.registry.accounts.get(fold(name)) if name else None
        if account is not None and account is opened(client):
            await self._own(account.name)
            return
        if account is not None:
            client.factory.accounts.require_safe_link(client)
            self._account = account.name
            self._ask()
            return
        identity = client.factory.new_identity()
        name = name or free_guest_name(client, identity)
        if not await self._arrive(Author(name, identity)):
            return
        client.notice(f"You are {name}. Change it with /nick." if guest else f"Hello {name}. Your id is {identity}")
        if guest:
            client.notice(f"Your id is {identity}")
        await enter(client, client.factory.config.lobby)

    async def _check(self, password: str) -> None:
        """Somebody gave a password: they are in as the owner of the account; WrongPassword, Goodbye."""
        client = self._client
        if password.strip() in LEAVE:
            client.bye()
            return
        try:
            account = await client.factory.accounts.prove(client, self._account, password)
        except WrongPassword:
            self._wrong += 1
            if self._wrong == WRONG:
                raise Goodbye("That was three times. Come back when you know the password.") from None
            raise
        await self._own(account.name)

    def _another_name(self) -> None:
        """Whoever it is does not own that account."""
        self._account = ""
        self.ask_again()

    async def _own(self, account: str) -> None:
        """Be there as the owner of an account, in one more window if they are there already."""
        client = self._client
        user = session_of(client, account)
        if user is not None:
            if not client.outlet.closed:
                self.end()
                await join_session(client, user)
            return
        since = await last_here(client, account)
        identity = client.factory.new_identity()
        if await self._arrive(Author(account, identity, account=account)):
            client.notice(f"Hello {account}. Your id is {identity}")
            if since is None:
                await enter(client, client.factory.config.lobby)
            else:
                await enter_with_news(client, since)

    async def _arrive(self, author: Author) -> bool:
        """Be there as `author`; whether the connection still is.  NameInUse."""
        client = self._client
        await self._connect(author)
        if client.outlet.closed:
            client.abandon(author.id)
            return False
        self.end()
        client.arrive(author.id)
        return True

    async def _connect(self, author: Author) -> None:
        """Be there under that name, if need be in place of a dead connection; NameInUse."""
        client = self._client
        try:
            await client.publish(Connected(author))
        except NameInUse as refusal:
            if isinstance(refusal, NameHasAccount):
                raise
            if not await client.factory.probe(author.name):
                await self._make_way(author)
            await client.publish(Connected(author))

    async def _make_way(self, owner: Author) -> None:
        """Whoever has the name of somebody's account, and it is not theirs, takes another; NameInUse where it is."""
        holder = self._client.registry.holder(owner.name)
        if not owner.account or (holder is not None and fold(holder.account) == fold(owner.account)):
            raise NameInUse(owner.name)
        if holder is not None:
            await self._client.publish(Renamed(holder.author, free_guest_name(self._client, holder.id)))

    def end(self) -> None:
        """Ask no more."""
        self._client.factory.patience.end(self._client)

    def _give_up(self) -> None:
        self._client.notice(f"No name for {self._client.factory.patience.seconds} seconds. Bye.")
        self._client.leave()
