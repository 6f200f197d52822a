"""Who is here: a name, and the identity behind it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from chat.core.events import Event
    from chat.core.room import Room
    from chat.core.session import Session


#: What is said to somebody's program, not to them, begins so (CTCP).
CTCP = "\x01"


def for_a_program(event: object) -> bool:
    """Whether what was said is a question to, or an answer of, somebody's program: nothing that people read."""
    return str(getattr(event, "text", "")).startswith(CTCP) and not getattr(event, "emote", False)


class Author(NamedTuple):
    """Who did something: the name as shown, the identity that stays when the name changes, and where from.

    `mask` is `user@host` as others see it; `account` is empty for a guest; `bot` when it is no person.
    """

    name: str
    id: str
    mask: str = "people@chat"
    account: str = ""
    bot: bool = False

    @property
    def full(self) -> str:
        """`nick!user@host`, which masks are matched with."""
        return f"{self.name}!{self.mask}"


#: Most people have no modes, invitations, keys, and so on: one empty set, and one empty table, for all of them.
EMPTY: frozenset[str] = frozenset()
NO_KEYS: Mapping[str, Any] = MappingProxyType({})
#: Who commands the server at the machine itself.  Nobody can have this name, and no user has this id.
CONSOLE = Author("admin", "admin", "admin@localhost")


class User:
    """A name that is here.  With no sessions on this node it is on another one, or kept while away.

    `modes` are letters: B a bot, i invisible, o an operator of the server, R only people with accounts may write
    to it, T it takes no CTCP, w hears what operators tell everyone.
    `invited` holds the keys of the rooms it was invited to, `accepted` the ids of those who may write to it
    whatever its modes.  `metadata` is what it says of itself, by key (IRCv3 metadata).  `alone` is since when (ms)
    it has had no session here, if it stayed all the same.
    """

    __slots__ = (
        "author", "since", "away", "rooms", "sessions", "realname", "modes", "invited", "accepted", "metadata",
        "alone",
    )  # fmt: skip

    def __init__(self, author: Author, since: int, realname: str = "", modes: str = "") -> None:
        self.author = author
        self.since = since
        self.realname = realname
        self.modes = frozenset(modes) if modes else EMPTY
        self.away: str | None = None
        self.rooms: dict[str, Room] = {}
        self.invited = self.accepted = EMPTY
        self.metadata: Mapping[str, str] = NO_KEYS
        self.sessions: tuple[Session, ...] = ()
        self.alone: int | None = None

    @property
    def name(self) -> str:
        return self.author.name

    @property
    def id(self) -> str:
        return self.author.id

    @property
    def account(self) -> str:
        return self.author.account

    @property
    def is_operator(self) -> bool:
        return "o" in self.modes

    def hear(self, event: Event, origin: Session | None) -> None:
        """Tell every session of this user, but the one it came from if that one has seen it."""
        for session in self.sessions:
            if session is not origin or session.sees_own(event):
                session.hear(event, origin)
