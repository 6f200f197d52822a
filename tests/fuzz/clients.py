"""What IRC clients send when they are as wrong as can be: every command, with words that may fit and that never do."""

from __future__ import annotations

import base64
import random
from collections.abc import Iterator
from typing import Any

from chat.core.registry import Registry
from chat.irc.capabilities import CAPABILITIES, TOLD
from chat.irc.commands import COMMANDS
from tests.fuzz.party import IRC, Caller
from tests.fuzz.typist import NAMES, NOISE, WORDS
from tests.fuzz.wellformed import flaws
from tests.talk import requests

#: Commands that hash a password or end the connection: they are seldom sent.
SELDOM = ["REGISTER", "OPER", "QUIT", "WEBIRC", "KILL", "NICKSERV", "NS"]
VERBS = [name.upper() for name in COMMANDS._verbs if name.upper() not in SELDOM]
CHANNELS = ["#lobby", "#dev", "#DEV", "#tea", "#" + "𐍈" * 64, "#" + "x" * 65, "#", "##", "x", "", "0", "#a,#b", "&x"]
#: What belongs where it says: the words behind a command, each a kind of its own; the last may come again and again.
PLAUSIBLE = {
    "CHATHISTORY": "page channel reference reference number", "METADATA": "target deed key text key key",
    "MODE": "target modes mask name number", "MONITOR": "monitor names", "BATCH": "batch kind target",
    "REDACT": "target id text", "MARKREAD": "target reference", "CAP": "cap caps", "AUTHENTICATE": "sasl",
    "JOIN": "channels names", "PART": "channels text", "KICK": "channels names text", "TOPIC": "channel text",
    "PRIVMSG": "targets text", "NOTICE": "targets text", "TAGMSG": "targets", "NICK": "name", "INVITE": "name channel",
    "WHO": "mask fields", "WHOIS": "name name", "WHOWAS": "mask number", "RENAME": "channel channel text",
    "LIST": "elist", "NPC": "channel name text", "NPCA": "channel name text", "SCENE": "channel text",
    "RELAYMSG": "channel foreign text", "ACCEPT": "monitor", "CHGHOST": "name word word", "AWAY": "text",
    "WEBIRC": "secret word word address word", "OPER": "word secret", "REGISTER": "name word word",
    "USER": "word number number text", "SETNAME": "text", "NICKSERV": "service word word", "NS": "service word word",
}  # fmt: skip
CHOICES = {
    "page": ["LATEST", "BEFORE", "AFTER", "AROUND", "BETWEEN", "TARGETS", "latest", "x"],
    "deed": ["GET", "LIST", "SET", "CLEAR", "SUB", "UNSUB", "SUBS", "SYNC", "x"],
    "batch": ["+1", "-1", "+a", "-a", "+", "-", "+a b", "1", "+\u0661"],
    "kind": ["draft/multiline", "draft/multiline", "netjoin", "", "x"],
    "cap": ["LS", "LIST", "REQ", "REQ", "END", "ACK", "NEW", "x"],
    "monitor": ["+", "-", "C", "L", "S", "*", "", "+alice", "-bob"],
    "key": ["url", "display-name", "a/b", "URL", "", "é", "x" * 65, "*"],
    "service": ["help", "register", "identify", "password", "cert", "set", "x", ""],
    "secret": ["secret", "gate", "wrong"],
    "address": ["192.0.2.7", "::1", "fe80::1%x", "fe80::1%\x1b[2J", "256.1.1.1", ""],
    "elist": [">0", "<2", "C>1", "T<10", "*tea*", "!#dev", ">²", "<99999999999999999999", "C>", "#lobby"],
    "fields": ["o", "%tcuihsnfdlaor,42", "%,", "%t,²", "%", "%" + "n" * 50],
    "foreign": ["bob/net", "eve/net", "eve/net", "b\x9bb/net", "b\u202eb/net", "/", "a/b/c", "bob"],
    "number": ["0", "1", "1", "10", "10", "50", "-1", "²", "٣", "9" * 20, "9" * 400, "", "1e3", " 1"],
    "sasl": ["PLAIN", "SCRAM-SHA-256", "EXTERNAL", "*", "+", "=", "x", "A" * 400, "A" * 401, "plain", ""],
}
#: What may be in an AUTHENTICATE line, before it is in base64.
OPENINGS = ["n,,n=alice,r=x", "n,a=bob,n=alice,r=x", "p=tls,,n=a,r=b", "y,,n=,r=", "c=biws,r=x,p=x", "\0alice\0pass"]
OPENINGS += ["\0\0", ""]
BEGINNINGS = ["", "", "\x01ACTION ", "\x01VERSION\x01", "play * ", ":", " ", "\x02\x0304,5", "\x1b]0;x\x07"]
TIMES = ["2026-11-20T12:00:00.000Z", "0001-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z", "٢٠26", "x"]
MASKS = ["*!*@*", "m:a:*", "a:alice", "m:", "a b!c@d", "!", "@", "*" * 300, "*a" * 50 + "b", "[", "?"]


class Clerk:
    """Writes lines of IRC, of people and channels that may be there."""

    def __init__(self, dice: random.Random, registry: Registry, ids: list[str]) -> None:
        self.dice, self.registry = dice, registry
        #: Messages that a client has seen.
        self.ids = ids

    def line(self) -> bytes:
        """A line with its end, or with another end, or none."""
        text = self.dice.choice([self.command] * 12 + [self.several] + [self.any])()
        data = text.encode("utf-8", "surrogatepass")
        if self.dice.random() < 0.1:
            place = self.dice.randrange(len(data) + 1)
            data = data[:place] + self.dice.choice(NOISE) + data[place:]
        if self.dice.random() < 0.01:
            data *= self.dice.choice((10, 100, 3000))
        return data[:10_000] + self.dice.choices((b"\r\n", b"\n", b"\r\n\r\n", b"", b"\r"), (80, 10, 5, 2, 1))[0]

    def goodbye(self) -> bytes:
        """A line after which the connection ends."""
        return self.dice.choice((b"QUIT", b"QUIT :" + b"x" * 490, b"quit :\x1b[2J", b"WEBIRC a b c d")) + b"\r\n"

    def opening(self, name: str) -> bytes:
        """What a client begins with."""
        names = sorted(CAPABILITIES.keys() - TOLD)
        caps = " ".join(self.dice.sample(names, self.dice.choice((0, 5, len(names)))))
        lines = requests(caps) or ["CAP REQ :"]
        lines += [f"NICK {name}", f"USER {self.word()} 0 * :{self.text()}", "CAP END"]
        lines += ["JOIN #lobby,#dev", "MODE #dev +E"] + ["OPER root secret"] * (self.dice.random() < 0.2)
        return "".join(line + "\r\n" for line in lines).encode("utf-8", "replace")

    # -- lines

    def command(self) -> str:
        usual = VERBS if self.dice.random() < 0.5 else [verb for verb in PLAUSIBLE if verb not in SELDOM]
        verb = self.dice.choice(usual if self.dice.random() < 0.97 else SELDOM)
        return self.tags() + self.spelt(verb) + self.parameters(self.words(verb))

    def any(self) -> str:
        """Something that need not be a line at all."""
        words = [self.word() for _ in range(self.dice.choice((0, 1, 2, 20, 100)))]
        return self.tags() + self.dice.choice(("", " ", ":", ":src ", "@", ":a!b@c  ")) + " ".join(words)

    def several(self) -> str:
        """A batch, or an exchange of SASL, that may lack something."""
        if self.dice.random() < 0.5:
            target = self.channel()
            tags = self.dice.choices(("@batch=1 ", "@batch=1;draft/multiline-concat ", "@batch=2 ", ""), k=3)
            inner = [f"{tag}PRIVMSG {target} :{self.text()}" for tag in tags]
            lines = [f"@label=m;+draft/reply={self.id()} BATCH +1 draft/multiline {target}", *inner, "BATCH -1"]
        else:
            answers = [base64.b64encode(self.dice.choice(OPENINGS).encode()).decode() or "+" for _ in range(2)]
            lines = [f"AUTHENTICATE {word}" for word in (self.dice.choice(("PLAIN", "SCRAM-SHA-256")), *answers)]
        return "\r\n".join(line for line in lines if self.dice.random() < 0.9)

    def spelt(self, verb: str) -> str:
        return verb if self.dice.random() < 0.9 else self.dice.choice((verb.lower(), verb[:-1], verb + "S", verb + " "))

    def words(self, verb: str) -> list[str]:
        if verb not in PLAUSIBLE or self.dice.random() < 0.2:
            return [self.word() for _ in range(self.dice.choice((0, 1, 2, 3, 16, 100)))]
        kinds = PLAUSIBLE[verb].split()
        size = len(kinds) + self.dice.choice((0, 0, 0, 0, -1, -1, 1, 5))
        return [self.of(kinds[min(at, len(kinds) - 1)]) for at in range(max(0, size))]

    def parameters(self, words: list[str]) -> str:
        if not words:
            return self.dice.choice(("", "", " ", " :"))
        *middle, last = words
        if self.dice.random() < 0.9:
            middle = [word.replace(" ", "") or "*" for word in middle]
        colon = ":" if " " in last or self.dice.random() < 0.5 else ""
        return "".join(f" {word}" for word in middle) + f" {colon}{last}"

    def tags(self) -> str:
        if self.dice.random() < 0.7:
            return ""
        values = (self.word, self.id, self.letters, lambda: "\\r\\n\\0\\:\\s\\", self.much)
        keys = (
            "label",
            "batch",
            "+draft/reply",
            "+draft/react",
            "+typing",
            "draft/multiline-concat",
            "+x",
            "",
            "a b",
            "é",
        )
        count = self.dice.choice((1, 2, 3, 3, 500))
        found = [f"{self.dice.choice(keys)}={self.dice.choice(values)()}" for _ in range(count)]
        return "@" + ";".join(found) + self.dice.choice((" ", " ", " ", "  ", ""))

    def much(self) -> str:
        return "x" * self.dice.choice((400, 4100, 9000))

    # -- words

    def of(self, kind: str) -> str:
        """A word of a kind, or, seldom, of another."""
        if self.dice.random() < 0.1:
            return self.word()
        if kind in CHOICES:
            return self.dice.choice(CHOICES[kind])
        return str(getattr(self, kind)())

    def word(self) -> str:
        kinds = (self.name, self.channel, self.some_word, self.letters, self.id, self.mask, self.modes, self.reference)
        return self.dice.choice(kinds)() if self.dice.random() < 0.8 else self.dice.choice(CHOICES["number"])

    def name(self) -> str:
        return self.dice.choice([*NAMES, "NickServ", "*playback", *(user.name for user in self.registry.ids.values())])

    def channel(self) -> str:
        return self.dice.choice(CHANNELS) if self.dice.random() < 0.5 else self.dice.choice(("#lobby", "#dev"))

    def target(self) -> str:
        return self.dice.choice((self.name(), self.channel(), self.channel(), "*", "@#dev", "+#lobby"))

    def targets(self) -> str:
        return ",".join(self.target() for _ in range(self.dice.choice((1, 1, 1, 2, 5, 50))))

    def channels(self) -> str:
        return ",".join(self.channel() for _ in range(self.dice.choice((1, 1, 2, 20))))

    def names(self) -> str:
        return ",".join(self.name() for _ in range(self.dice.choice((1, 1, 2, 40))))

    def some_word(self) -> str:
        return self.dice.choice(WORDS)

    def letters(self) -> str:
        ends = (256, 0xD7FF)
        return "".join(chr(self.dice.randrange(1, self.dice.choice(ends))) for _ in range(5))

    def text(self) -> str:
        return self.dice.choice(BEGINNINGS) + " ".join(self.word() for _ in range(self.dice.choice((0, 1, 3, 30))))

    def id(self) -> str:
        return self.dice.choice(self.ids[-20:] or ["x"])

    def reference(self) -> str:
        time = f"timestamp={self.dice.choice(TIMES)}"
        return self.dice.choice(("*", time, time, f"msgid={self.id()}", "msgid=", "x=y", "="))

    def mask(self) -> str:
        return self.dice.choice((*MASKS, self.name()))

    def modes(self) -> str:
        return "".join(self.dice.choices("+-beIklmnstiCofvMRTEBwXr²é :", k=self.dice.choice((1, 2, 5, 60))))

    def caps(self) -> str:
        names = [*CAPABILITIES, "x", "=", "-", "cap-notify=", *(f"-{name}" for name in CAPABILITIES), "302", "²"]
        return " ".join(self.dice.sample(names, self.dice.choice((0, 1, 3, 40))))


class Client(Caller):
    """An IRC client to be fuzzed, which looks at every line that it is sent."""

    wire = IRC
    rest = b""

    def __init__(self, factory: Any, port: int, typist: Clerk) -> None:
        super().__init__(factory, port, typist)
        self.last = b""

    def empty(self) -> list[str]:
        found = list(self.look(self.transport.value()))
        return found + super().empty()

    def look(self, data: bytes) -> Iterator[str]:
        """What is wrong with the lines that came."""
        *lines, self.rest = (self.rest + data).split(b"\r\n")
        for line in lines:
            self.last = line
            yield from (f"{what}: {line!r}" for what in flaws(line))
            if b"Something went wrong" in line:
                yield "an apology"
            head = line.partition(b" ")[0]
            if b"msgid=" in head:
                self.typist.ids.append(head.partition(b"msgid=")[2].partition(b";")[0].decode())
