"""What one client believes about the chat: who is here, which conversations there are, what is unread in them."""

from __future__ import annotations

from collections.abc import Callable

from chat.clients.conversation import PRIVATE, ROOM, SERVER, Conversation, Line, Person
from chat.clients.names import Support
from chat.clients.state import OFFLINE, ONLINE, Change, State
from chat.clients.text import clean


class Beliefs:
    """What is known, and who is told when it changes.  `now` gives the time in ms since 1970."""

    def __init__(self, me: str, now: Callable[[], int]) -> None:
        self.me, self.now = me, now
        #: The account that we are logged in to.
        self.account = ""
        self.state = State(OFFLINE, "You are not connected.")
        self.server = Conversation("server", SERVER)
        self.everyone: dict[str, Person] = {}
        self.support = Support()
        self.caps: set[str] = set()
        self.offered: dict[str, str] = {}
        self.looked_at: Conversation | None = None
        self._conversations: dict[str, Conversation] = {}
        self._observers: list[Callable[[Change], None]] = []

    # -- what is there to be seen

    @property
    def conversations(self) -> list[Conversation]:
        """Rooms and private conversations, in the order in which they were begun; the server's words come last."""
        return [*self._conversations.values(), *([self.server] if self.server.lines else ())]

    @property
    def online(self) -> bool:
        return self.state.kind == ONLINE

    @property
    def unread(self) -> int:
        """How many lines ask for our attention: those that name us, and all private ones."""
        return sum(c.mentions if c.kind == ROOM else c.unread for c in self._conversations.values())

    @property
    def multiline(self) -> bool:
        """Whether a text of several lines can be said as one."""
        return {"batch", "draft/multiline"} <= self.caps

    @property
    def can_edit(self) -> bool:
        return {"draft/message-edit", "message-tags"} <= self.caps

    @property
    def can_remove(self) -> bool:
        return "draft/message-redaction" in self.caps

    @property
    def can_react(self) -> bool:
        return "message-tags" in self.caps

    def is_me(self, nick: str) -> bool:
        return self.support.fold(nick) == self.support.fold(self.me)

    def find(self, name: str) -> Conversation | None:
        """The conversation of that name, if there is one."""
        return self._conversations.get(self.support.fold(name))

    def person(self, nick: str) -> Person:
        """Who is here under that name."""
        return self.everyone.setdefault(self.support.fold(nick), Person(clean(nick)))

    def rooms_of(self, nick: str) -> list[Conversation]:
        """The rooms in which somebody is, as far as we see."""
        key = self.support.fold(nick)
        return [conversation for conversation in self._conversations.values() if key in conversation.members]

    # -- who is told

    def observe(self, callback: Callable[[Change], None]) -> Callable[[], None]:
        """Have `callback` told of every change; what is returned ends that."""
        self._observers.append(callback)
        return lambda: self._observers.remove(callback)

    def changed(self, what: str, conversation: Conversation | None = None, line: Line | None = None) -> None:
        """Tell observers."""
        for callback in list(self._observers):
            callback(Change(what, conversation, line))

    def set_state(self, state: State) -> None:
        """How it is with the link now."""
        if state != self.state:
            self.state = state
            self.changed("state")

    def tell(self, text: str, conversation: Conversation | None = None, who: str = "") -> None:
        """Tell the person something, where it belongs or where they look."""
        where = conversation or self.looked_at or next(iter(self._conversations.values()), self.server)
        line = Line(who, clean(text), self.now(), "info")
        where.past.append(line)
        self.changed("line", where, line)

    # -- what becomes of it

    def learn(self, tokens: list[str]) -> None:
        """The server says what it supports; it may call other names equal than we thought."""
        self.support.learn(tokens)
        conversations = list(self._conversations.values())
        self._conversations = {self.support.fold(each.name): each for each in reversed(conversations)}
        self._conversations = dict(reversed(self._conversations.items()))

    def room(self, name: str) -> Conversation:
        """The room of that name, in which we are or want to be."""
        return self._conversation(name, ROOM)

    def private(self, nick: str) -> Conversation:
        """The private conversation with somebody."""
        return self._conversation(nick, PRIVATE)

    def _conversation(self, name: str, kind: str) -> Conversation:
        key = self.support.fold(name)
        conversation = self._conversations.get(key)
        if conversation is None:
            conversation = self._conversations[key] = Conversation(clean(name), kind)
            self.changed("conversations", conversation)
        return conversation

    def forget(self, conversation: Conversation) -> None:
        """We have nothing to do with it any more."""
        self._conversations.pop(self.support.fold(conversation.name), None)
        if self.looked_at is conversation:
            self.looked_at = None
        self.changed("conversations", conversation)

    def rename(self, old: str, new: str) -> Conversation | None:
        """A conversation is called otherwise; what it is now, if there is one.

        It keeps its place, unless there is one of the new name: then it becomes a part of that.
        """
        conversation, other = self.find(old), self.find(new)
        if conversation is None:
            return None
        if other is not None and other is not conversation:
            del self._conversations[self.support.fold(old)]
            other.absorb(conversation)
            self.looked_at = other if self.looked_at is conversation else self.looked_at
            self.changed("lines", other)
            self.changed("conversations", other)
            return other
        conversation.name = new
        others = {self.support.fold(each.name): each for each in self._conversations.values()}
        self._conversations = others
        self.changed("conversations", conversation)
        return conversation

    def seen(self, nick: str, present: bool) -> None:
        """Somebody is here, or not: people with whom there is a private conversation are looked after."""
        conversation = self.find(nick)
        if conversation is not None and conversation.kind == PRIVATE and conversation.present is not present:
            conversation.present = present
            self.changed("people", conversation)

    def count(self, conversation: Conversation, line: Line) -> None:
        """A line is new: unread, unless we look there, said it ourselves, or have read it elsewhere."""
        if line.mine or not line.spoken or line.time <= conversation.read_until or self.looked_at is conversation:
            return
        conversation.unread += 1
        conversation.mentions += line.mention
        self.changed("conversations", conversation)
        if line.kind != "notice" and (line.mention or conversation.kind == PRIVATE):
            self.changed("notification", conversation, line)

    def recount(self, conversation: Conversation) -> None:
        """We have learned up to when we have read; else it is up to what we said ourselves."""
        lines = [line for line in (*conversation.past, *conversation.live) if line.spoken]
        until = conversation.read_until or max((line.time for line in lines if line.mine), default=0)
        new = [line for line in lines if not line.mine and line.time > until]
        if self.looked_at is not conversation:
            conversation.unread, conversation.mentions = len(new), sum(line.mention for line in new)
        self.changed("conversations", conversation)
