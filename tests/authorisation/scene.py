"""A place to try a deed in: a room of some kind, the people around it, and somebody in some role."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from twisted.internet.task import Clock

from chat.core.events import (
    AccountRegistered,
    Connected,
    Invited,
    Joined,
    Kicked,
    Left,
    LoggedIn,
    ModeChanged,
    Parted,
    RoomMetadataChanged,
    Said,
    TopicChanged,
    UserModeChanged,
)
from chat.core.registry import Author, Room, User
from chat.core.room import FLAGS
from tests.authorisation.deeds import PASSWORD, SESAME, SINCE, UNTIL
from tests.authorisation.law import ACCOUNTS, OUTSIDE
from tests.talk import NOON

if TYPE_CHECKING:
    from chat.core.events import Event
    from tests.talk import ChatTestCase, Person

CAPS = "message-tags batch draft/multiline draft/message-edit draft/message-redaction draft/metadata-3"
TOPIC, KEYS = "all about tea", {"url": "tea.example"}
#: The modes that make a room one of that kind.
MODES = {
    "moderated": ("+", "m"),
    "private": ("+", "i"),
    "keyed": ("+", "k"),
    "secret": ("+", "s"),
    "full": ("+", "l"),
    "accounts": ("+", "R"),
    "quiet": ("+", "M"),
    "topic": ("-", "t"),
    "outside": ("-", "n"),
    "stage": ("+", "E"),
}


class Scene:
    """`ann`, of whom it is about, in a role; and around her

    fay, who made the room, on IRC; wes and wil, who are in it, on IRC and with nc; from elsewhere oz, an operator with
    a voice, una, who has an account, and ivy, who is invited; otto, on IRC, who is not in the room.  ben is banned, mia
    muted, eve excepted from all that, gus gone.
    """

    def __init__(self, test: ChatTestCase, kind: str, role: str, wire: str) -> None:
        self.test, self.kind, self.role, self.wire = test, kind, role, wire
        self.name = "lobby" if kind == "lobby" else "tea"
        self.turn = 0
        self.lines: list[Any] = []
        test.clock = Clock()
        test.clock.advance(NOON)
        test.history = test.history_class(test.clock)
        test.factory = test.new_factory(test.config)
        test.factory.reload = lambda: "Read again."  # type: ignore[method-assign]
        test.factory.router.watchers.append(self._notes)
        self.registry = test.factory.registry
        self.actor = self._newcomer("ann")
        if role == "founder":
            self._comes_in()
            self.modes(("+", "q", self.user("ann").id))
        self._company()
        self._past()
        self._takes_role()
        self._furnish()
        self.first = self.state()
        self.roles = {member.user.name: "".join(member.roles) for member in self.room.members.values()}
        self.invited = {user.name for user in self.registry.users.values() if self.room.key in user.invited}
        self.furnished = modes_of(self.room)
        for each in (self.actor, *self.people.values()):
            each.hears()

    # -- how it is made

    def _newcomer(self, name: str) -> Person:
        if self.role == "stranger":
            return self.test.connects() if self.wire == "line" else self.test.irc_connects()
        person = self.test.person(name) if self.wire == "line" else self.test.irc(name, "#den", caps=CAPS)
        if self.role in ACCOUNTS:
            self._owns_account(name)
            if self.wire == "irc":
                person.connection.account = name
        if self.wire == "line" and not (self.kind == "lobby" and self.role not in OUTSIDE):
            person.says("/leave lobby")
        return person

    def _owns_account(self, name: str) -> None:
        author = self.user(name).author
        self.test.happens(AccountRegistered(author, name), LoggedIn(author, name))

    def _comes_in(self) -> None:
        if self.wire == "irc":
            self.actor.says(f"JOIN #{self.name}")
        elif self.kind != "lobby" or self.role in OUTSIDE:
            self.actor.says(f"/join {self.name}")

    def _company(self) -> None:
        test, name = self.test, self.name
        fay = test.irc("fay", f"#{name}")
        self._owns_account("fay")
        if self.kind == "lobby":
            test.happens(UserModeChanged(self.user("fay").author, "o", ""))
        elif self.role != "founder":
            self.modes(("+", "q", self.user("fay").id))
        wes = test.irc("wes", f"#{name}", caps=CAPS)
        wes.says("METADATA * SUB url", "MODE wes +w")
        wil = test.person("wil", None if self.kind == "lobby" else name)
        self.people = {"fay": fay, "wes": wes, "wil": wil, "otto": test.irc("otto")}
        ivy, oz, una, gus = (Author(each, test.factory.new_identity()) for each in ("ivy", "oz", "una", "gus"))
        test.happens(Connected(ivy), Connected(gus), Left(gus))
        test.happens(Connected(oz), Joined(oz, name), Connected(una), Joined(una, name))
        self._owns_account("una")
        self.by_boss(Invited(self.boss, name, ivy))
        masks = [("+", "b", "ben!*@*"), ("+", "b", "m:mia!*@*"), ("+", "e", "eve!*@*"), ("+", "I", "eve!*@*")]
        self.modes(("+", "o", oz.id), ("+", "v", oz.id), ("+", "o", self.user("fay").id), *masks)

    def _notes(self, event: Event) -> None:
        if isinstance(event, Said) and event.text in ("tea for two", "mine"):
            self.lines.append(event)

    def _past(self) -> None:
        wes = self.people["wes"]
        wes.hears()
        wes.says(f"PRIVMSG #{self.name} :tea for two")
        if self.role not in ("stranger", "founder"):
            self._comes_in()
        if self.role != "stranger":
            self.actor.says(f"@#{self.name} mine" if self.wire == "line" else f"PRIVMSG #{self.name} :mine")

    def _takes_role(self) -> None:
        role, name = self.role, self.name
        if role == "stranger":
            return
        ann = self.user("ann").author
        if role == "voiced":
            self.modes(("+", "v", ann.id))
        if role in ("operator", "absent"):
            self.modes(("+", "o", ann.id))
        if role in ("banned", "barred"):
            self.modes(("+", "b", "ann!*@*"))
        if role == "muted":
            self.modes(("+", "b", "m:ann!*@*"))
        if role == "banned":
            self.by_boss(Kicked(self.boss, name, ann))
        elif role in OUTSIDE:
            self.test.happens(Parted(ann, name))
        if role == "invited":
            self.by_boss(Invited(self.boss, name, ann))
        if role in ("helper", "warden"):
            self.test.happens(UserModeChanged(ann, "o", ""))
        assert (role not in OUTSIDE) == (ann.id in self.room.members), "ann is not where she belongs"

    def _furnish(self) -> None:
        self.by_boss(
            TopicChanged(self.boss, self.name, TOPIC),
            RoomMetadataChanged(self.boss, self.name, KEYS),
        )
        if self.kind in MODES:
            sign, letter = MODES[self.kind]
            argument = {"k": SESAME, "l": str(len(self.room.members))}.get(letter, "")
            self.modes((sign, letter, argument))

    @property
    def boss(self) -> Author:
        """Who may do everything in the room."""
        return self.user("ann" if self.role == "founder" else "fay").author

    def by_boss(self, *events: Event) -> None:
        """Have the boss do something, which nobody refuses."""
        before = self.registry.seq
        self.test.happens(*events)
        kept = sum(event.durability.name != "PASSING" for event in events)
        assert self.registry.seq - before >= kept, "the boss was refused"

    def modes(self, *changes: tuple[str, str, str]) -> None:
        self.by_boss(ModeChanged(self.boss, self.name, changes))

    # -- how it is put back, which is sooner done than to make another

    def put_back(self) -> None:
        """Have the boss take back what is different, and people be where they were, as far as that is simple."""
        gone = self.role != "stranger" and "ann" not in self.registry.users
        if gone or self.name not in self.registry.rooms or self.boss.id not in self.room.members:
            return
        self._put_people_back()
        changes = self._changed_modes()
        if any(letter == "q" for _, letter, _ in changes):
            return
        if changes:
            self.modes(*changes)
        if self.room.topic is None or self.room.topic.text != TOPIC:
            self.by_boss(TopicChanged(self.boss, self.name, TOPIC))
        if self.room.metadata != KEYS:
            self.by_boss(RoomMetadataChanged(self.boss, self.name, KEYS))
        for each in (self.actor, *self.people.values()):
            each.hears()

    def _put_people_back(self) -> None:
        inside = {member.user.name for member in self.room.members.values()}
        if "wil" in self.registry.users and "wil" not in inside:
            self.people["wil"].says(f"/join {self.name}")
        if self.role in OUTSIDE and "ann" in inside:
            self.test.happens(Parted(self.user("ann").author, self.name))
        elif self.role not in (*OUTSIDE, "stranger") and "ann" not in inside:
            self._comes_in()
        for user in tuple(self.registry.users.values()):
            was, now = user.name in self.invited, self.room.key in user.invited
            if was != now and user.id not in self.room.members:
                self.by_boss(Invited(self.boss, self.name, user.author, withdrawn=now))

    def _changed_modes(self) -> list[tuple[str, str, str]]:
        """The changes of modes that make the room what it was, as far as those are there whom they are about."""
        here = {member.user.name: member for member in self.room.members.values()}
        was = {(letter, here[name].user.id) for name in here.keys() & self.roles for letter in self.roles[name]}
        now = {(letter, member.user.id) for member in here.values() for letter in member.roles}
        return [*differences(self.furnished, modes_of(self.room)), *differences(was, now)]

    # -- what one sees

    @property
    def room(self) -> Room:
        return self.registry.rooms[self.name]

    def user(self, name: str) -> User:
        return self.registry.users[name]

    def words(self) -> dict[str, Any]:
        """What stands for what in the deeds."""
        room = self.room
        flags = {f"+{letter}": ("-" if letter in room.flags else "+") + letter for letter in FLAGS}
        ids = {}
        for name, line in zip(("theirs", "mine"), [*self.lines, self.lines[0]], strict=False):
            ids |= {name: line.number, f"{name}_id": line.id}
        switches = {"private": "i", "moderated": "m", "secret": "s"}
        return {
            "room": self.name,
            "turn": self.turn,
            "since": SINCE,
            "until": UNTIL,
            "password": PASSWORD,
            "+k": "-k" if room.password else "+k",
            **{word: "off" if letter in room.flags else "on" for word, letter in switches.items()},
            **flags,
            **ids,
        }

    def fill(self, text: str) -> str:
        """A text of a deed, for this scene."""
        words = self.words()
        return re.sub(r"\{([^}]+)\}", lambda match: str(words[match[1]]), text)

    def state(self) -> Any:
        """All of the registry that deeds change, but for how much was said."""
        return (
            {key: portrait(room) for key, room in self.registry.rooms.items()},
            {key: likeness(user) for key, user in self.registry.users.items()},
            {key: account.settings for key, account in self.registry.accounts.items()},
        )


def modes_of(room: Room) -> set[tuple[str, str]]:
    """The modes of a room with their arguments, but for those of members."""
    settings = {("k", room.password), ("l", str(room.limit or "")), ("f", room.forward)}
    masks = {(letter, mask.text) for letter, masks in room.masks.items() for mask in masks.values()}
    return {(letter, "") for letter in room.flags} | {each for each in settings if each[1]} | masks


def differences(wanted: set[tuple[str, str]], found: set[tuple[str, str]]) -> list[tuple[str, str, str]]:
    """The changes of modes that make what was found what is wanted."""
    return [("-", *each) for each in sorted(found - wanted)] + [("+", *each) for each in sorted(wanted - found)]


def portrait(room: Room) -> Any:
    return (
        room.name,
        room.topic and room.topic.text,
        {member.user.name: "".join(sorted(member.roles)) for member in room.members.values()},
        dict(room.roles),
        "".join(sorted(room.flags)),
        (room.password, room.limit, room.forward, room.founder, dict(room.metadata)),
        {letter: sorted(mask.text for mask in masks.values()) for letter, masks in room.masks.items()},
    )


def likeness(user: User) -> Any:
    return (
        user.name,
        user.author,
        user.away,
        user.realname,
        "".join(sorted(user.modes)),
        sorted(user.invited),
        sorted(user.rooms),
        dict(user.metadata),
    )
