"""A room: who is in it, what it is about, who may do what there, and who listens."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from chat.core.mask import Mask, MaskList
from chat.core.names import fold
from chat.core.refusals import (
    AccountNeeded,
    Banned,
    NoRoleplay,
    NotAllowedToSpeak,
    NotInRoom,
    NotOperator,
    RoomFull,
    RoomInviteOnly,
    RoomTakesNoCTCP,
    Silenced,
    WrongKey,
)
from chat.core.session import Crowd
from chat.core.user import CTCP, EMPTY, Author, User

#: Modes that are on or off: C no CTCP, E people may speak as characters, M only accounts speak, R only accounts come
#: in, U only operators hear those without a role, i invitation only, m moderated, n nothing from outside, s secret,
#: t topic by operators, u comings and goings of those without a role are shown to those with one only.
FLAGS = "CEMRUimnstu"
#: Modes that are lists of masks: bans, exceptions from them, standing invitations.
LISTS = "Ieb"
#: Modes of a member: founder, operator, voice; and those who may do what an operator may.
ROLES = "qov"
RULERS = "qo"
#: Masks on one list of a room.
MOST_MASKS = 100


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
    roles: frozenset[str] = EMPTY

    @property
    def is_founder(self) -> bool:
        return "q" in self.roles

    @property
    def is_operator(self) -> bool:
        return not self.roles.isdisjoint(RULERS)

    @property
    def may_rule(self) -> bool:
        """Whether it may do what an operator may: of the room, or of the server."""
        return self.is_operator or self.user.is_operator

    @property
    def may_always_speak(self) -> bool:
        return bool(self.roles)


class Room:
    """A room.  `roles` are the letters that accounts keep when they are not there, by folded name.

    A `permanent` room is there even with nobody in it, and belongs to nobody.  `forward` is the name of the room
    for those who may not come in.
    """

    __slots__ = (
        "name", "key", "topic", "members", "lines", "saved", "crowd", "permanent", "forward",
        "roles", "flags", "password", "limit", "masks", "created", "metadata",
    )  # fmt: skip

    def __init__(self, name: str, created: int = 0) -> None:
        self.name = name
        self.key = fold(name)
        self.created = created
        self.topic: Topic | None = None
        self.roles: dict[str, str] = {}
        self.flags = {"n", "t"}
        self.password = ""
        self.limit = 0
        self.forward = ""
        self.permanent = False
        self.masks = {letter: MaskList() for letter in LISTS}
        self.members: dict[str, Member] = {}
        self.metadata: dict[str, str] = {}
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
        if not member.may_rule:
            raise NotOperator(self.name)
        return member

    def require_topic_right(self, author: Author) -> None:
        """NotOperator where only operators may change the topic; elsewhere it is for those who may speak."""
        if "t" in self.flags:
            self.require_operator(author)
        else:
            self.require_member(author)
            self.require_voice(author)

    def require_entry(self, user: User, password: str) -> None:
        """Whether `user` may come in; an invitation opens every door."""
        if user.is_operator or self.key in user.invited or not set(RULERS).isdisjoint(self.roles_of(user)):
            return
        if self.shuts_out(user.author):
            raise Banned(self.name)
        if "i" in self.flags and not self.masks["I"].holds(user.author):
            raise RoomInviteOnly(self.name)
        if "R" in self.flags and not user.account:
            raise AccountNeeded(self.name)
        if self.password and password != self.password:
            raise WrongKey(self.name)
        if self.limit and len(self.members) >= self.limit:
            raise RoomFull(self.name)

    def require_alias(self, author: Author, alias: str) -> None:
        """Whether `author` may speak here as somebody else: NotOperator for people of another network, NoRoleplay."""
        if "/" in alias:
            self.require_operator(author)
        elif "E" not in self.flags:
            raise NoRoleplay(self.name)

    def require_voice(self, author: Author, text: str = "") -> None:
        """Whether `author` may say `text` here; NotInRoom, NotAllowedToSpeak, RoomTakesNoCTCP."""
        member = self.members.get(author.id)
        if member is None and "n" in self.flags:
            raise NotInRoom(self.name)
        if "C" in self.flags and text.startswith(CTCP):
            raise RoomTakesNoCTCP(self.name)
        if member is not None and member.may_always_speak:
            return
        if "m" in self.flags or ("M" in self.flags and not author.account):
            raise NotAllowedToSpeak(self.name)
        if self.silences(author):
            raise NotAllowedToSpeak(self.name)

    def shuts_out(self, author: Author) -> bool:
        """Whether a ban is about `author`, and no exception."""
        return self.masks["b"].holds(author) and not self.masks["e"].holds(author)

    def silences(self, author: Author) -> bool:
        """Whether a ban or a mute is about `author`, and no exception."""
        banned, excepted = self.masks["b"], self.masks["e"]
        if not (banned and (banned.mutes(author) or banned.holds(author))):
            return False
        return not (excepted.mutes(author) or excepted.holds(author))

    def require_no_disguise(self, user: User, other: Author) -> None:
        """Silenced if what keeps a member from speaking would not be about `other`, whom it wants to be."""
        if not self.members[user.id].roles and self.silences(user.author) and not self.silences(other):
            raise Silenced(self.name)

    def roles_of(self, user: User) -> str:
        """The letters that the account of `user` keeps here."""
        return self.roles.get(fold(user.account), "") if user.account else ""

    def set_role(self, member: Member, letter: str, on: bool) -> None:
        """Give a member a role or take it; an account keeps it when it is not there."""
        member.roles = member.roles | {letter} if on else member.roles - {letter}
        self.remember_roles(member)

    def remember_roles(self, member: Member) -> None:
        """The account of a member, if there is one, keeps the roles that it has now."""
        account = fold(member.user.account)
        if account and member.roles:
            self.roles[account] = "".join(sorted(member.roles))
        elif account:
            self.roles.pop(account, None)

    @property
    def secret(self) -> bool:
        return "s" in self.flags

    @property
    def is_free(self) -> bool:
        """Whether whoever comes in becomes its operator: nobody is there, and it is nobody's."""
        return not (self.members or self.permanent or self.is_owned)

    @property
    def is_owned(self) -> bool:
        """Whether an account keeps the right to rule here."""
        return any(not set(RULERS).isdisjoint(letters) for letters in self.roles.values())

    @property
    def founder(self) -> str:
        """The account, folded, that the room belongs to, or nothing."""
        return next((account for account, letters in self.roles.items() if "q" in letters), "")

    # -- who sees and hears whom

    def ear(self, author: Author) -> str:
        """The roles of those who hear what `author` says here; empty: everyone does."""
        if "U" not in self.flags:
            return ""
        member = self.members.get(author.id)
        return "" if member and member.roles else RULERS

    def hides(self, member: Member) -> bool:
        """Whether only those with a role see this member come and go."""
        return "u" in self.flags and not member.roles

    def is_seen_by(self, user: User) -> bool:
        """Whether `user` may know that there is this room, what it is about, and who is in it."""
        return not self.secret or user.id in self.members or user.is_operator

    def require_sight(self, user: User) -> None:
        """NotInRoom for those who may not know anything of this room."""
        if not self.is_seen_by(user):
            raise NotInRoom(self.name)

    def shows(self, member: Member, user: User) -> bool:
        """Whether `user` sees this member here: those who hide from one another are seen by those with a role."""
        mine = self.members.get(user.id)
        return not self.hides(member) or member is mine or bool(mine and mine.roles)

    def shown_to(self, user: User) -> Collection[Member]:
        """The members whom `user` sees here."""
        if "u" not in self.flags:
            return self.members.values()
        return [member for member in self.members.values() if self.shows(member, user)]

    def witnesses(self, member: Member) -> Iterable[Member]:
        """Who sees this member come and go, itself included."""
        if not self.hides(member):
            return self.members.values()
        return [other for other in self.members.values() if other.roles or other is member]

    # -- what lasts

    def save(self) -> State:
        """What of this room lasts, from now on."""
        self.saved = True
        lasting = {
            "name": self.name,
            "created": self.created,
            "topic": self.topic,
            "roles": self.roles,
            "flags": "".join(sorted(self.flags)),
            "password": self.password,
            "limit": self.limit,
            "forward": self.forward,
            "metadata": self.metadata,
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
        self.roles = dict(lasting.get("roles", {}))
        self.flags = set(lasting.get("flags", "nt"))
        self.password = lasting.get("password", "")
        self.limit = lasting.get("limit", 0)
        self.forward = lasting.get("forward", "")
        self.metadata = dict(lasting.get("metadata", {}))
        for letter in LISTS:
            self.masks[letter] = MaskList()
            for mask in lasting.get("masks", {}).get(letter, ()):
                self.masks[letter].put(Mask(*mask))
