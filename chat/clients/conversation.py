"""A conversation: a room with its people, or what is said in private; and its lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

#: What is known of a line of one's own: not on disk yet, on disk, refused or lost.
WAITING, KEPT, FAILED = "waiting", "kept", "failed"
#: Kinds of conversations.
ROOM, PRIVATE, SERVER = "room", "private", "server"
#: Kinds of lines that somebody said; the others are "event" (what somebody did) and "info" (for our eyes only).
SPOKEN = ("message", "action", "notice")
#: Prefixes of those who run a room.
OPERATORS = frozenset("~&@%!")
#: Somebody who started to type has stopped after so many ms (IRCv3 typing).
TYPING = {"active": 6_000, "paused": 30_000}


@dataclass(eq=False)
class Person:
    """Somebody who is here.  `away` is None, or why they are away, which may be empty."""

    nick: str
    user: str = ""
    host: str = ""
    account: str = ""
    realname: str = ""
    away: str | None = None
    bot: bool = False


@dataclass(eq=False)
class Member:
    """A person in a room, with the prefixes of their roles there, highest first: `@+`."""

    person: Person
    prefixes: str = ""

    @property
    def nick(self) -> str:
        return self.person.nick

    @property
    def away(self) -> bool:
        return self.person.away is not None

    @property
    def prefix(self) -> str:
        """The highest role, as it stands before a name; perhaps nothing."""
        return self.prefixes[:1]

    @property
    def operator(self) -> bool:
        return not OPERATORS.isdisjoint(self.prefixes)


@dataclass(eq=False)
class Line:
    """A line.  `time` is in ms since 1970; `id` is its msgid, if it is known; `state` is about lines of one's own.

    `kind`: message, action, notice: somebody, `who`, said that.  event: `who` did what `text` says.  info: the server
    or the client says something to us alone.  `reply` is the id of the line that it answers: `Conversation.quoted`.
    `reactions`: an emoji, and who reacts so.  Of a removed line nothing is left but that it was there.
    """

    who: str
    text: str
    time: int
    kind: str = "message"
    id: str | None = None
    state: str = KEPT
    why: str = ""
    mine: bool = False
    mention: bool = False
    bot: bool = False
    account: str = ""
    reply: str = ""
    edited: bool = False
    removed: bool = False
    reactions: dict[str, list[str]] = field(default_factory=dict)
    nonce: str = ""

    @property
    def spoken(self) -> bool:
        """Whether somebody said that."""
        return self.kind in SPOKEN

    def react(self, nick: str, emoji: str, on: bool = True) -> None:
        """Somebody reacts with an emoji, or does so no longer."""
        names = self.reactions.setdefault(emoji, [])
        if on and nick not in names:
            names.append(nick)
        elif not on and nick in names:
            names.remove(nick)
        if not names:
            del self.reactions[emoji]

    def remove(self) -> None:
        """It was taken back."""
        self.text, self.removed = "", True
        self.reactions.clear()


Afterthought = Callable[[Line], None]


class Conversation:
    """A room or a private conversation, or what the server says.

    `lines` are, in this order, those of the past; those heard since the link is there, as long as what was missed
    before them is fetched; and one's own that the server has not acknowledged.  `draft` is what one has typed and not
    sent: the interface keeps it here.
    """

    def __init__(self, name: str, kind: str) -> None:
        self.name, self.kind = name, kind
        self.topic = ""
        self.members: dict[str, Member] = {}
        #: Whether we are in the room; whether the other one of a private conversation is here, None: not known.
        self.joined = False
        #: Why we are not let into the room, or are no longer in it.
        self.barred = ""
        self.present: bool | None = None
        self.unread = self.mentions = 0
        #: Up to when one has read (ms), as the server remembers it.
        self.read_until = 0
        self.draft = ""
        #: What was missed is being fetched; there is nothing older to fetch.
        self.catching_up = False
        self.complete = False
        #: The id of the oldest of what was fetched, which need not be a line: a page may be all reactions.
        self.reached = ""
        self.past: list[Line] = []
        self.live: list[Line] = []
        self.waiting: list[Line] = []
        #: By the id of a reaction: the line it is to, who reacts, and how.
        self.reactions: dict[str, tuple[str, str, str]] = {}
        self._by_id: dict[str, Line] = {}
        self._afterthoughts: dict[str, list[Afterthought]] = {}
        self._typing: dict[str, int] = {}

    # -- what is seen of it

    @property
    def lines(self) -> list[Line]:
        """All lines, in order."""
        return [*self.past, *self.live, *self.waiting]

    @property
    def people(self) -> list[Member]:
        """Who is here: those who run the room first, then by name."""
        return sorted(self.members.values(), key=lambda member: (not member.operator, member.nick.lower()))

    @property
    def typing(self) -> list[str]:
        """Who is typing."""
        return list(self._typing)

    def find(self, id: str) -> Line | None:
        """The line of that id, if it is here."""
        return self._by_id.get(id)

    def quoted(self, line: Line) -> Line | None:
        """The line that this one answers, if it is here."""
        return self._by_id.get(line.reply) if line.reply else None

    @property
    def last_of_mine(self) -> Line | None:
        """What one said last, as far as it can be changed."""
        mine = (line for line in reversed([*self.past, *self.live]) if line.mine and line.spoken and line.id)
        return next((line for line in mine if not line.removed), None)

    # -- lines

    def has(self, line: Line) -> bool:
        """Whether this line is here already."""
        if line.id:
            return line.id in self._by_id
        same = (line.time, line.who, line.text)
        return any((other.time, other.who, other.text) == same for other in (self.past + self.live)[-200:])

    def add(self, line: Line) -> None:
        """A line that was heard just now."""
        (self.live if self.catching_up else self.past).append(line)
        self._know(line)

    def put(self, line: Line) -> None:
        """A line of the past that is newer than all others of the past."""
        self.past.append(line)
        self._know(line)

    def put_before(self, lines: Iterable[Line]) -> None:
        """Lines that are older than all others."""
        new = list(lines)
        self.past[:0] = new
        for line in new:
            self._know(line)

    def without_id(self, nonce: str) -> Line | None:
        """The line of one's own with this nonce that is kept under an id that we do not know."""
        lines = (line for line in reversed([*self.past, *self.live]) if line.mine and line.nonce == nonce)
        return next((line for line in lines if not line.id), None) if nonce else None

    def take_out(self, line: Line) -> None:
        """A line of one's own is to have another place."""
        for place in (self.waiting, self.live, self.past):
            if line in place:
                place.remove(line)

    def _know(self, line: Line) -> None:
        if line.id:
            self._by_id[line.id] = line
            for afterthought in self._afterthoughts.pop(line.id, ()):
                afterthought(line)

    def afterwards(self, id: str, afterthought: Afterthought) -> Line | None:
        """Do something to the line of that id, now or when it comes; the line, if it is here."""
        line = self._by_id.get(id)
        if line is None:
            self._afterthoughts.setdefault(id, []).append(afterthought)
        else:
            afterthought(line)
        return line

    @property
    def anchor(self) -> Line | None:
        """The last line of the past that the server knows, too.  What people did may be in no history."""
        return next((line for line in reversed(self.past) if line.id and line.spoken), None)

    def absorb(self, other: Conversation) -> None:
        """Another conversation has turned out to be with the same person: its lines are lines of this one."""
        for line in [*other.past, *other.live]:
            if not self.has(line):
                self.past.append(line)
                self._know(line)
        self.past.sort(key=lambda line: line.time)
        self.waiting += other.waiting
        self.unread, self.mentions = self.unread + other.unread, self.mentions + other.mentions

    def begin_anew(self) -> None:
        """Nothing is known that the history could go on from: what it has is read from it, without a gap."""
        for line in self.past:
            self._by_id.pop(line.id or "", None)
        self.past = [line for line in self.past if not line.id]
        self.complete, self.reached = False, ""

    def caught_up(self) -> None:
        """Nothing is missing between the past and what was heard since."""
        self.catching_up = False
        self.past += self.live
        self.live = []

    def cut(self) -> None:
        """The link is gone.  What was heard behind a gap is fetched again with what is in the gap."""
        for line in self.live:
            if line.id:
                self._by_id.pop(line.id, None)
        self.past += [line for line in self.live if line.state == FAILED]
        self.live, self.catching_up, self.joined, self.present = [], False, False, None
        self.members.clear()
        self._typing.clear()

    # -- typing

    def types(self, nick: str, how: str, now: int) -> None:
        """Somebody is typing: active, paused or done."""
        if how in TYPING:
            self._typing[nick] = now + TYPING[how]
        else:
            self._typing.pop(nick, None)

    def stop_typing(self, now: int) -> bool:
        """Who typed long ago types no longer; whether there was somebody."""
        over = [nick for nick, until in self._typing.items() if until <= now]
        for nick in over:
            del self._typing[nick]
        return bool(over)
