"""A stage: four people in different seats, and scripts that say what each of them sees.

    self.plays('''
        nora > hello
        fay  < @time=NOON;msgid=id1 :nora!people@chat PRIVMSG #tea hello
        pat  < :nora!people@chat PRIVMSG #tea hello
    ''')

`>` is what somebody sends, `<` is each line that somebody sees of it, in full: whoever is not named sees nothing.
A blank line ends an act.  NOON is that time of day in UTC, id1 the first id of an event that anybody was shown, ␁ the
byte 1.  `time > 60` lets a minute pass.
"""

from __future__ import annotations

import re
from base64 import b64encode
from textwrap import dedent

from chat.irc.capabilities import CAPABILITIES, TOLD
from tests.talk import ChatTestCase, Person

#: Every capability that a client can ask for.
EVERYTHING = " ".join(name for name in CAPABILITIES if name not in TOLD)
NOON = "2026-11-20T12:00:00.000Z"
#: A line of a script: who, whether they send or see it, and what.
LINE = re.compile(r"(\w+) +([<>]) ?(.*)")
#: What the router gives events for an id.
ID = re.compile(r"\b[0-9a-f]{11}-[0-9a-f]{12}-[0-9a-f]+\b")


class SceneTestCase(ChatTestCase):
    """Nora is on nc, Fay's client has every capability and Pat's none, all in tea; Eve is elsewhere, in milk.

    The room is Fay's: she is its operator.
    """

    def setUp(self) -> None:
        super().setUp()
        self.ids: dict[str, str] = {}
        self.cast: dict[str, Person] = {}
        self.enters("fay", self.irc("fay", "#tea", caps=EVERYTHING))
        self.enters("nora", self.person("nora", "tea"))
        self.enters("pat", self.irc("pat", "#tea"))
        self.enters("eve", self.irc("eve", "#milk", caps=EVERYTHING))
        self.assertEqual(self.cast["fay"].connection.caps, set(EVERYTHING.split()))

    def enters(self, name: str, person: Person) -> Person:
        """Somebody is on the stage, and everybody has read what that made them see."""
        self.cast[name] = person
        for each in self.cast.values():
            each.hears()
        return person

    def logs_in(self, seat: str, account: str, password: str, caps: str = "") -> Person:
        """Somebody enters with an IRC client that logs in to an account."""
        return self.enters(seat, self.comes_back(account, password, caps))

    def comes_back(self, account: str, password: str, caps: str = "") -> Person:
        """An IRC client logs in to an account, and has not read anything yet."""
        person = self.irc_connects()
        proof = b64encode(f"{account}\0{account}\0{password}".encode()).decode()
        person.says(f"CAP REQ :sasl {caps}", "AUTHENTICATE PLAIN", f"AUTHENTICATE {proof}")
        person.says(f"NICK {account}", f"USER {account} 0 * :{account.title()}", "CAP END")
        return person

    def restarts(self) -> None:
        """Everybody leaves, and the server starts anew with what it has kept."""
        for person in self.cast.values():
            person.hangs_up()
        self.cast.clear()
        self.factory.stop()
        self.factory = self.new_factory(self.config)

    def plays(self, script: str) -> None:
        """Have the people do what the script says, and see exactly what it says."""
        for act in dedent(script).strip("\n").split("\n\n"):
            lines = [LINE.fullmatch(line) for line in act.splitlines()]
            assert all(lines), act
            for name, sign, text in (line.groups() for line in lines if line):
                if sign == ">":
                    self.does(name, text)
            seen = [f"{line[1]} < {line[3]}" for line in lines if line and line[2] == "<"]
            self.assertEqual("\n".join(self.sees()), "\n".join(seen), act)

    def does(self, name: str, text: str) -> None:
        """Have somebody send a line; or let time pass."""
        if name == "time":
            self.pass_time(float(text))
            return
        known = {short: id for id, short in self.ids.items()}
        text = re.sub(r"\bid\d+\b", lambda found: known.get(found[0], found[0]), text)
        person = self.cast[name]
        person.says(text.replace("␁", "\x01"))
        if person.is_gone:
            person.hangs_up()

    def sees(self) -> list[str]:
        """What everybody has seen since the last time, one after the other."""
        return [f"{name} < {self.short(line)}" for name, person in self.cast.items() for line in self.lines(person)]

    def lines(self, person: Person) -> list[str]:
        return person.reads().replace("\r\n", "\n").removesuffix("\n").split("\n") if person.transport.value() else []

    def short(self, line: str) -> str:
        """A line with the time and the ids as scripts have them."""
        found = ID.sub(self._named, line)
        return found.replace(NOON, "NOON").replace("\x01", "␁")

    def _named(self, id: re.Match[str]) -> str:
        return self.ids.setdefault(id[0], f"id{len(self.ids) + 1}")
