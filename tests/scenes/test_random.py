"""Random people do random things on random wires: everyone hears what was said where they are, once, in one order.

CHAT_ROUNDS=N plays N rounds, the first with the seed CHAT_SEED; a failure says with which seed.
"""

from __future__ import annotations

import os
import random
import re
import unicodedata
from dataclasses import dataclass, field

from tests.scenes.stage import EVERYTHING
from tests.talk import ChatTestCase, Person

ROUNDS = int(os.environ.get("CHAT_ROUNDS", "10"))
FIRST = int(os.environ.get("CHAT_SEED", "0"))
ACTS = 80

ROOMS = ("tea", "milk", "cake")
#: The capabilities of IRC clients; None: on nc.
WIRES = (None, None, "", EVERYTHING, "message-tags", "echo-message", "draft/message-redaction", "server-time batch")
#: What stands around a word that is said: what terminals, IRC clients and parsers take for something else.
NOISE = (" ", ":", "\x02", "\x0304", "\x1b[2J", "\x07", "\x9b1m", "\u202e", "\t", "👍", '"', "\\", " :", "/", "\x0f")
WORD = re.compile(r"w\d+w")


@dataclass(eq=False)
class Guest:
    """Somebody, and in which rooms they are."""

    name: str
    caps: str | None
    person: Person
    rooms: set[str] = field(default_factory=set)
    heard: str = ""

    @property
    def echo(self) -> bool:
        return "echo-message" in (self.caps or "")

    def words(self) -> list[str]:
        """The words in the lines heard last, each line's last one: what came before may be a quote."""
        return [WORD.findall(line)[-1] for line in self.heard.splitlines() if WORD.search(line)]


@dataclass(eq=False)
class Line:
    """Something that was said: its latest word, or None when it was removed; whose it is, and its msgid."""

    word: str | None
    by: Person
    id: str


class RandomTests(ChatTestCase):
    def test_everyone_hears_the_same_and_nobody_else_anything(self) -> None:
        for seed in range(FIRST, FIRST + ROUNDS):
            with self.subTest(seed=seed):
                self.factory.stop()
                self.history = self.history_class(self.clock)
                self.factory = self.new_factory(self.config)
                self.plays_round(random.Random(seed))

    def plays_round(self, dice: random.Random) -> None:
        self.dice, self.count = dice, 0
        self.lines: dict[str, list[Line]] = {room: [] for room in ROOMS}
        self.eye = Guest("eye", EVERYTHING, self.irc("eye", *(f"#{room}" for room in ROOMS), caps=EVERYTHING))
        self.ear = Guest("ear", None, self.person("ear"))
        self.ear.person.says("/numbers on", *(f"/join {room}" for room in ROOMS))
        self.eye.rooms = self.ear.rooms = set(ROOMS)
        self.guests = [self.eye, self.ear]
        for number in range(5):
            self.guests.append(self.comes(f"guest{number}"))
        self.listen()
        acts = (self.speech,) * 6 + (self.coming, self.going, self.edit, self.removal, self.reaction)
        for _ in range(ACTS):
            dice.choice((*acts, self.whisper, self.rename, self.kick, self.new_connection))()
        self.check_history()
        for guest in self.guests:
            guest.person.hangs_up()
        self.factory = self.new_factory(self.config)
        self.eye.person = self.irc("eye", *(f"#{room}" for room in ROOMS), caps=EVERYTHING)
        self.ear.person = self.person("ear")
        self.check_history()

    # -- who acts, and what is heard of it

    def comes(self, name: str) -> Guest:
        caps = self.dice.choice(WIRES)
        person = self.person(name) if caps is None else self.irc(name, caps=caps)
        return Guest(name, caps, person)

    def word(self) -> str:
        self.count += 1
        return f"w{self.count}w"

    def text(self, word: str) -> str:
        return "".join(self.dice.choices(NOISE, k=2)) + word + "".join(self.dice.choices(NOISE, k=2))

    def somebody(self) -> Guest:
        return self.dice.choice(self.guests[2:])

    def listen(self) -> None:
        """Everybody reads what has come, which is clean."""
        for guest in self.guests:
            guest.heard = guest.person.reads()
            if guest.caps is None:
                wrong = {char for char in guest.heard if unicodedata.category(char) == "Cc"} - {"\n"}
            else:
                wrong = set(guest.heard.replace("\r\n", "")) & set("\r\n\0")
            self.assertEqual(wrong, set(), guest.heard)

    def hear(self, said: dict[str, set[Guest]]) -> list[str]:
        """Each of these words was heard once, by these alone, in one order, which is returned."""
        self.listen()
        order = [word for word in self.eye.words() if word in said]
        for guest in self.guests:
            expected = [word for word in order if guest in said[word]]
            self.assertEqual([word for word in guest.words() if word in said], expected, (guest, said))
        self.assertEqual(sorted(order), sorted(word for word in said if said[word]))
        return order

    def members(self, room: str) -> set[Guest]:
        return {guest for guest in self.guests if room in guest.rooms}

    def hearers(self, room: str, by: Guest) -> set[Guest]:
        return self.members(room) - (set() if by.echo else {by})

    # -- what they do

    def speech(self) -> None:
        """Several people say something at once."""
        said: dict[str, set[Guest]] = {}
        where: dict[str, tuple[str, Guest]] = {}
        for _ in range(self.dice.randint(1, 4)):
            by, room, word = self.somebody(), self.dice.choice(ROOMS), self.word()
            by.person.connection.dataReceived(f"{self.utterance(by, room, self.text(word))}\n".encode())
            said[word] = self.hearers(room, by) if room in by.rooms else set()
            where[word] = room, by
        self.pass_time(0)
        for word in self.hear(said):
            room, by = where[word]
            line = next(line for line in self.eye.heard.splitlines() if word in line)
            found = re.search(r"msgid=([^ ;]+)", line)
            assert found, line
            self.lines[room].append(Line(word, by.person, found[1]))

    def utterance(self, by: Guest, room: str, text: str) -> str:
        if by.caps is None:
            return f"@#{room} {text}"
        tags, verb = "", self.dice.choice(("PRIVMSG", "PRIVMSG", "NOTICE"))
        if "message-tags" in by.caps and self.lines[room] and self.dice.random() < 0.3:
            tags = f"@+draft/reply={self.dice.choice(self.lines[room]).id} "
        return f"{tags}{verb} #{room} :" + (f"\x01ACTION {text}\x01" if self.dice.random() < 0.2 else text)

    def whisper(self) -> None:
        """Somebody says something to somebody else alone."""
        by, to, word = self.somebody(), self.somebody(), self.word()
        if by is not to:
            text = self.text(word)
            by.person.says(f"@{to.name} {text}" if by.caps is None else f"PRIVMSG {to.name} :{text}")
            self.listen()
            told = {to} | ({by} if by.echo else set())
            self.assertEqual({guest for guest in self.guests if word in guest.words()}, told)

    def coming(self) -> None:
        guest, room = self.somebody(), self.dice.choice(ROOMS)
        guest.person.says(f"/join {room}" if guest.caps is None else f"JOIN #{room}")
        guest.rooms.add(room)
        self.listen()

    def going(self) -> None:
        guest, room = self.somebody(), self.dice.choice(ROOMS)
        guest.person.says(f"/leave {room}" if guest.caps is None else f"PART #{room}")
        guest.rooms.discard(room)
        self.listen()

    def kick(self) -> None:
        guest, room = self.somebody(), self.dice.choice(ROOMS)
        self.eye.person.says(f"KICK #{room} {guest.name}")
        guest.rooms.discard(room)
        self.listen()

    def rename(self) -> None:
        guest = self.somebody()
        guest.name = f"guest-{self.dice.randrange(10**9)}"
        guest.person.says(f"/nick {guest.name}" if guest.caps is None else f"NICK {guest.name}")
        self.listen()

    def new_connection(self) -> None:
        """Somebody's connection breaks, and somebody else comes instead."""
        place = self.guests.index(self.somebody())
        self.guests[place].person.hangs_up()
        self.guests[place] = self.comes(f"guest-{self.dice.randrange(10**9)}")
        self.listen()

    def choice(self, by: Guest) -> tuple[str, int, Line] | None:
        """A line that somebody can see and do something to: its room, its number, and itself."""
        room = self.dice.choice(ROOMS)
        lines = [(number, line) for number, line in enumerate(self.lines[room], 1) if line.word]
        if room not in by.rooms or not lines:
            return None
        if by.caps is None:
            by.person.says(f"/join {room}")
        return room, *self.dice.choice(lines)

    def edit(self) -> None:
        by = self.somebody()
        chosen = self.choice(by) if by.caps is None else None
        if chosen is None:
            return
        room, number, line = chosen
        self.listen()
        word = self.word()
        by.person.says(f"/edit {number} {word}")
        mine = line.by is by.person
        self.hear({word: self.members(room) if mine else set()})
        line.word = word if mine else line.word

    def removal(self) -> None:
        by = self.somebody()
        chosen = self.choice(by)
        if chosen is None:
            return
        room, number, line = chosen
        self.listen()
        by.person.says(f"/delete {number}" if by.caps is None else f"REDACT #{room} {line.id}")
        self.listen()
        if line.by is by.person:
            line.word = None
        self.assertEqual({guest for guest in self.guests if guest.words()}, set())

    def reaction(self) -> None:
        by = self.somebody()
        chosen = self.choice(by)
        if chosen is None:
            return
        room, number, line = chosen
        self.listen()
        tags = f"@+draft/reply={line.id};+draft/react=👍"
        by.person.says(f"/react {number} 👍" if by.caps is None else f"{tags} TAGMSG #{room}")
        self.listen()
        if by.caps is None or "message-tags" in by.caps:
            told = self.members(room) - (set() if by.echo or by.caps is None else {by})
            self.assertEqual({guest for guest in self.guests if "👍" in guest.heard}, told)

    # -- afterwards

    def check_history(self) -> None:
        """What is read later is what was heard, as it is now."""
        for room in ROOMS:
            lines = self.lines[room]
            self.ear.person.asks(f"/join {room}")
            page = [line for line in self.ear.person.asks("/history 500") if line.startswith("[")]
            self.assertEqual(len(page), len(lines), page)
            for number, (seen, line) in enumerate(zip(page, lines, strict=True), 1):
                self.assertTrue(seen.startswith(f"[{number} 12:00] "), seen)
                self.assertTrue(line.word in seen if line.word else seen.endswith("was removed"), (seen, line))
            heard = self.eye.person.asks(f"CHATHISTORY LATEST #{room} * 200")
            said = [line for line in heard if re.search(r" (PRIVMSG|NOTICE) #", line)]
            self.assertEqual([WORD.findall(each)[-1] for each in said], [line.word for line in lines if line.word])
