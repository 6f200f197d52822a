"""A room: who is in it, what it is about, who may do what there, and who listens."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from chat.core.mask import Mask, MaskList
from chat.core.names import fold
from chat.core.refusals import Banned, NotAllowedToSpeak, NotInRoom, NotOperator, RoomFull, RoomInviteOnly, WrongKey
from chat.core.session import Crowd
from chat.core.user import Author, User

#: Modes that are on or off: C no CTCP, i invitation only, m moderated, n nothing from outside, R accounts only,
#: s secret, t topic by operators.
FLAGS = "CRimnst"
#: Modes that are lists of masks: bans, exceptions from them, standing invitations.
LISTS = "Ieb"
#: Modes of a member: operator, voice.
ROLES = "ov"


class Topic(NamedTuple):
    """What a room is about, who said so, and when (ms since 1970)."""

    text: str
    by: str
    time: int


class State(NamedTuple):
    """Something that outlasts a restart, as it is kept: a kind, its key, and its JSON; None: gone."""

    kind: str
    key: str
    value: str | None


@dataclass(slots=True)
class Member:
    """A user in a room, since when (ms), and the letters of what it is there."""

    user: User
    joined: int
    roles: set[str] = field(default_factory=set)

    @property
    def is_operator(self) -> bool:
        return "o" in self.roles

    @property
    def may_always_speak(self) -> bool:
        return bool(self.roles)


class Room:
    """A room.  `roles` are those that accounts keep when they are not there; `founder` is the account that made it."""

    __slots__ = (
        "name", "key", "topic", "members", "lines", "saved", "crowd",
        "founder", "roles", "flags", "password", "limit", "masks", "created",
    )  # fmt: skip

    def __init__(self, name: str, created: int = 0) -> None:
        self.name = name
        self.key = fold(name)
        self.created = created
        self.topic: Topic | None = None
        self.founder = ""
        self.roles: dict[str, str] = {}
        self.flags = {"n", "t"}
        self.password = ""
        self.limit = 0
        self.masks = {letter: MaskList() for letter in LISTS}
        self.members: dict[str, Member] = {}
        self.lines = 0
        self.saved = False
        self.crowd = Crowd(self)

    # -- who may

    def require_member(self, author: Author) -> Member:
        """The member `author` is; NotInRoom if it is none."""
        try:
            return self.members[author.id]
        except KeyError:
            raise NotInRoom(self.name) from None

    def require_operator(self, author: Author) -> Member:
        """The member `author` is, if it is an operator of the room; NotInRoom, NotOperator."""
        member = self.require_member(author)
        if not (member.is_operator or member.user.is_operator):
            raise NotOperator(self.name)
        return member

    def require_topic_right(self, author: Author) -> None:
        """NotOperator where only operators may change the topic."""
        if "t" in self.flags:
            self.require_operator(author)
        else:
            self.require_member(author)

    def require_entry(self, user: User, password: str) -> None:
        """Whether `user` may come in; an invitation opens every door but a ban that has no exception."""
        invited = self.key in user.invited
        if user.is_operator or self.role_of(user) == "o":
            return
        if self.masks["b"].holds(user.author) and not self.masks["e"].holds(user.author) and not invited:
            raise Banned(self.name)
        if "i" in self.flags and not invited and not self.masks["I"].holds(user.author):
            raise RoomInviteOnly(self.name)
        if self.password and password != self.password and not invited:
            raise WrongKey(self.name)
        if self.limit and len(self.members) >= self.limit and not invited:
            raise RoomFull(self.name)

    def require_voice(self, author: Author) -> None:
        """Whether `author` may speak here; NotInRoom, NotAllowedToSpeak."""
        member = self.members.get(author.id)
        if member is None:
            if "n" in self.flags:
                raise NotInRoom(self.name)
        elif member.may_always_speak:
            return
        if "m" in self.flags or ("R" in self.flags and not author.account):
            raise NotAllowedToSpeak(self.name)
        if self._silenced(self.masks["b"], author) and not self._silenced(self.masks["e"], author):
            raise NotAllowedToSpeak(self.name)

    @staticmethod
    def _silenced(masks: MaskList, author: Author) -> bool:
        return masks.mutes(author) or masks.holds(author)

    def role_of(self, user: User) -> str:
        """The role that the account of `user` keeps here, or nothing."""
        account = fold(user.account)
        if account and account == fold(self.founder):
            return "o"
        return self.roles.get(account, "")

    def set_role(self, member: Member, letter: str, on: bool) -> None:
        """Give a member a role or take it; an account keeps it when it is not there."""
        (member.roles.add if on else member.roles.discard)(letter)
        account = fold(member.user.account)
        if account and on:
            self.roles[account] = letter
        elif account and self.roles.get(account) == letter:
            del self.roles[account]

    @property
    def secret(self) -> bool:
        return "s" in self.flags

    # -- what lasts

    def save(self) -> State:
        """What of this room lasts, from now on."""
        self.saved = True
        lasting = {
            "name": self.name,
            "created": self.created,
            "topic": self.topic,
            "founder": self.founder,
            "roles": self.roles,
            "flags": "".join(sorted(self.flags)),
            "password": self.password,
            "limit": self.limit,
            "masks": {letter: list(masks.values()) for letter, masks in self.masks.items() if masks},
        }
        return State("room", self.key, json.dumps(lasting))

    def restore(self, value: str | None) -> None:
        """Be again what `save` said; None: nothing of this room lasts."""
        lasting: dict[str, Any] = json.loads(value) if value else {}
        self.saved = value is not None
        self.name = lasting.get("name", self.name)
        self.created = lasting.get("created", self.created)
        self.topic = Topic(*lasting["topic"]) if lasting.get("topic") else None
        self.founder = lasting.get("founder", "")
        self.roles = dict(lasting.get("roles", {}))
        self.flags = set(lasting.get("flags", "nt"))
        self.password = lasting.get("password", "")
        self.limit = lasting.get("limit", 0)
        for letter in LISTS:
            self.masks[letter] = MaskList()
            for mask in lasting.get("masks", {}).get(letter, ()):
                self.masks[letter].put(Mask(*mask))
