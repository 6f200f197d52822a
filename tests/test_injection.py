"""Whatever text one wire takes, in whatever field: on every other wire it makes no line of its own and no control.

Each field takes a harmless text first, and then everything that has ever driven a terminal or ended a line. Nobody
may be sent more lines for that than for the harmless text, and every line obeys the laws of its wire: at once, in the
history, and in what lasts after the chat was started anew.  No record of the log has more than one line, either.
"""

from __future__ import annotations

import re

from twisted.logger import LogEvent, formatEvent, globalLogPublisher

from chat.config import Config
from chat.irc.commands import COMMANDS as IRC
from chat.line.commands import COMMANDS as LINE
from tests.onlookers import CONTROL, Onlooker, onlookers
from tests.talk import ChatTestCase, Person

HARMLESS = b"axb"
#: What may stand in a line of any wire.
PAYLOADS = [
    b"\r",
    b"\0",
    b"\r\rPRIVMSG #tea :forged",
    b"\x0b",
    b"\x0c",
    b"\x1c",
    b"\x1d",
    b"\x1e",
    b"\x85",
    b"\xff",
    b"\xff\xfd\x01x",
    b"\x1b[2J",
    b"\x1b[31m",
    b"\x1b]0;title\x07",
    b"\x1b]52;c;ZXZpbA==\x07",
    b"\x1bP+q544e\x1b\\",
    b"\x1b",
    b"\x1bc",
    b"\x1b[",
    b"\x08\x08\x08",
    b"\x7f",
    b"\x07",
    b"\x01",
    b"\x01VERSION\x01",
    b"\x02\x0304,05\x0f\x16\x1d\x1f",
    b"\x04ff0000",
    b"\x11",
    b"\\r\\n\\0\\:\\s\\",
    b"\\nPRIVMSG\\s#tea\\s:forged",
    b"\\r",
    b"%s{0}",
    b"\t",
    b"' \" <b> & |",
    *(chr(code).encode() for code in (0x80, 0x85, 0x8D, 0x90, 0x9B, 0x9C, 0x9D, 0x9F, 0xFF, 0x2028, 0x2029, 0x202A)),
    *(chr(code).encode() for code in (0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x202C, 0x2069, 0x200B, 0x200F, 0xFEFF)),
    "\u009b2J".encode(),
    "\u2067\u202e\u2069".encode(),
]
#: Commands that take a while, as they hash a password, or after which there is nobody to go on with.
SLOW = {"register", "login", "password", "oper", "nickserv", "ns", "quit", "exit", "authenticate", "webirc", "kill"}

#: What a person can type; {} is the field.  {id} and {number} are a line that was said before.
TYPED = [
    b"{}",
    b" {}",
    b"//{}",
    b"/me {}",
    b"/topic {}",
    b"/away {}",
    b"/nick {}",
    b"/msg pam {}",
    b"/all {}",
    b"@#tea {}",
    b"@pam {}",
    b"s/a/{}/",
    b"/send {} text",
    b"/send k{} {}",
    b"/reply {number} {}",
    b"/edit {number} {}",
    b"/kick mal {}",
]
#: And what is seen by nobody else, as it is refused, or answered.
TYPED_IN_VAIN = [
    b"/join {}",
    b"/msg {} hi",
    b"@{} hi",
    b"/{} x",
    b"/mute {}",
    b"/invite {}",
    b"/search {}",
    b"/history {}",
    b"/tz {}",
    b"1234567890123:{}",
    b"/react {number} {}",
    b"/react {number} :+1:{}",
    b"/ban {}",
    b"/ban nobody {}",
    b"@pam,{} hi",
]
#: What an IRC client can send.
SENT = [
    b"PRIVMSG #tea :{}",
    b"NOTICE #tea :{}",
    b"PRIVMSG pam :{}",
    b"NOTICE ivy :{}",
    b"PRIVMSG #tea :\x01ACTION {}\x01",
    b"@+draft/reply={id} PRIVMSG #tea :{}",
    b"@+draft/reply={} PRIVMSG #tea :hi",
    b"@+draft/react={};+draft/reply={id} TAGMSG #tea",
    b"@+draft/react={} TAGMSG #tea",
    b"@+draft/unreact={};+draft/reply={id} TAGMSG #tea",
    b"@+draft/unreact={} TAGMSG #tea",
    b"@+x={} TAGMSG #tea",
    b"@+{}=x PRIVMSG #tea :hi",
    b"@label={} PRIVMSG #tea :hi",
    b"@time={};msgid={};account={} PRIVMSG #tea :hi",
    b"@batch={} PRIVMSG #tea :hi",
    b":eve!{}@x PRIVMSG #tea :hi",
    b"TOPIC #tea :{}",
    b"AWAY :{}",
    b"NICK {}",
    b"NICK :ev{}",
    b"SETNAME :{}",
    b"KICK #tea mal :{}",
    b"PART #tea :{}\r\nJOIN #tea",
    b"MODE #tea +b {}\r\nMODE #tea -b {}",
    b"MODE #tea +eI {} {}\r\nMODE #tea -e {}",
    b"MODE #tea +k {}\r\nMODE #tea -k x",
    b"MODE #tea +s-s{}",
    b"MODE #tea +b m:{}\r\nMODE #tea -b m:{}",
    b"MODE #tea +b a:{}\r\nMODE #tea -b a:{}",
    b"METADATA * SET url :{}",
    b"METADATA #tea SET url :{}",
    b"METADATA * SET {} :x",
    b"METADATA #tea SET x{} :x",
    b"NPC #tea {} :hi",
    b"NPC #tea Bob :{}",
    b"NPCA #tea Bob :{}",
    b"SCENE #tea :{}",
    b"RELAYMSG #tea {}/net :hi",
    b"RELAYMSG #tea bob/{} :hi",
    b"RELAYMSG #tea bob/net :{}",
    b"RENAME #tea #{}\r\nRENAME #{} #tea",
    b"RENAME #tea #tea2 :{}\r\nRENAME #tea2 #tea",
    b"PRIVMSG #tea :gone\r\nREDACT #tea {id} :{}",
    b"WALLOPS :{}",
    b"CHGHOST eve {} host",
    b"CHGHOST eve user {}",
    b"BATCH +1 draft/multiline #tea\r\n@batch=1 PRIVMSG #tea :{}\r\n"
    b"@batch=1;draft/multiline-concat PRIVMSG #tea :{}\r\nBATCH -1",
    b"BATCH +1 draft/multiline #tea\r\n@batch=1 PRIVMSG #tea :\x01ACTION {}\r\n"
    b"@batch=1 PRIVMSG #tea :{}\x01\r\nBATCH -1",
]
#: And what is seen by nobody else.
SENT_IN_VAIN = [
    b"MODE #tea +f #{}",
    b"PRIVMSG {} :hi",
    b"PRIVMSG #{} :hi",
    b"@+draft/react={};+draft/reply={} TAGMSG pam",
    b"@label={} PING x",
    b"INVITE {} #tea",
    b"INVITE pam #{}",
    b"JOIN #{}",
    b"JOIN #x {}",
    b"MODE #tea +l {}",
    b"MODE eve {}",
    b"REDACT #tea {} :x",
    b"MARKREAD #tea {}",
    b"BATCH +{} draft/multiline #tea\r\nBATCH +1 draft/multiline",
    b"BATCH +1 {} #tea",
    b"USERHOST {}",
    b"MODE #tea -b {}",
]
#: How a client can come and go again.
VISITS = [
    b"NICK v{}\r\nUSER v 0 * :V",
    b"NICK vic\r\nUSER {} 0 * :V",
    b"NICK vic\r\nUSER v 0 * :{}",
    b"NICK vic\r\nUSER v {} {} V",
    b"WEBIRC gate {} host 192.0.2.7\r\nNICK vic\r\nUSER v 0 * V",
    b"WEBIRC gate g {} 192.0.2.7\r\nNICK vic\r\nUSER v 0 * V",
    b"WEBIRC gate g ! :fe80::1%{}\r\nNICK vic\r\nUSER v 0 * V",
    b"PASS {}\r\nNICK vic\r\nUSER v 0 * V",
    b"AWAY :{}\r\nNICK vic\r\nUSER v 0 * V",
    b"NICK vic\r\nUSER v 0 * V\r\nJOIN #tea\r\nQUIT :{}",
    b"METADATA * SET url :{}\r\nNICK vic\r\nUSER v 0 * V",
    b"CAP REQ :{}\r\nNICK vic\r\nUSER v 0 * V\r\nCAP END",
]


class InjectionTests(ChatTestCase):
    config = Config(
        name="chat.example.org", flood="off", operators=(("root", "secret"),), webirc=(("127.0.0.0/8", "gate"),)
    )

    def setUp(self) -> None:
        super().setUp()
        self.logged: list[LogEvent] = []
        globalLogPublisher.addObserver(self.logged.append)
        self.addCleanup(globalLogPublisher.removeObserver, self.logged.append)
        self.host = self.irc("host", "#tea")
        self.host.says("MODE #tea +E", "OPER root secret", "CAP REQ :message-tags echo-message")
        self.looking = onlookers(self)

    # -- the attackers

    def test_what_a_person_types(self) -> None:
        eve = self.person("eve", "tea")
        self.host.says("MODE #tea +o eve")
        self.attack(eve, TYPED, b"\n", strict=True)

    def test_what_a_person_types_in_vain(self) -> None:
        eve = self.person("eve", "tea")
        self.attack(eve, TYPED_IN_VAIN, b"\n", strict=True, heard=False)

    def test_every_command_of_a_person(self) -> None:
        eve = self.person("eve", "tea")
        verbs = [name.encode() for name in LINE._verbs if name not in SLOW]
        forms = (b"/%s {}", b"/%s eve {}", b"/%s {number} {}")
        self.attack(
            eve,
            [form % verb for verb in verbs for form in forms],
            b"\n",
            strict=True,
            heard=None,
            payloads=PAYLOADS[::6],
        )

    def test_what_a_client_sends(self) -> None:
        eve = self.client()
        self.attack(eve, SENT, b"\r\n")

    def test_what_a_client_sends_in_vain(self) -> None:
        self.attack(self.client(), SENT_IN_VAIN, b"\r\n", heard=False)

    def test_every_command_of_a_client(self) -> None:
        eve = self.client()
        verbs = [name.upper().encode() for name in IRC._verbs if name not in SLOW]
        forms = (b"%s {}", b"%s :{}", b"%s #tea {}", b"%s eve :{}", b"%s #tea eve :{}", b"%s + {} :{}")
        self.attack(eve, [form % verb for verb in verbs for form in forms], b"\r\n", heard=None, payloads=PAYLOADS[::8])

    def test_how_a_client_comes_and_goes(self) -> None:
        for field in VISITS:
            allowed = self.visit(field, HARMLESS)
            for payload in PAYLOADS:
                self.compare(self.visit(field, b"a" + payload + b"b"), allowed, field, payload)
        self.look_back()

    def test_how_a_person_comes_and_goes(self) -> None:
        for field in (
            b"v{}",
            b"vic\n/join tea\n/exit {}",
            b"vic\n/login host\n{}",
            b"vic\n/register\n{}longer\n{}longer",
            b"{}\n{}\n{}",
        ):
            allowed: list[int] = []
            for payload in (b"x", *PAYLOADS[:: 8 if b"reg" in field else 1]):
                person = self.connects(50_000)
                rest = b"" if b"exit" in field else b"/join tea\nhello\n"
                person.types(field.replace(b"{}", b"a" + payload + b"b") + b"\n" + rest)
                person.hangs_up()
                counts = self.look(field, payload, strict=True)
                allowed = allowed or counts
                self.compare(counts, allowed, field, payload)
        self.look_back()

    def client(self) -> Person:
        eve = self.irc("eve", "#tea", caps="message-tags labeled-response batch draft/multiline echo-message")
        self.host.says("MODE #tea +o eve")
        eve.asks("OPER root secret")
        return eve

    def visit(self, field: bytes, text: bytes) -> list[int]:
        client = self.irc_connects(50_000)
        rest = b"" if b"QUIT" in field else b"JOIN #tea\r\nPRIVMSG #tea :hi\r\n"
        client.types(field.replace(b"{}", text) + b"\r\n" + rest)
        client.hangs_up()
        return self.look(field, text)

    # -- what becomes of it

    def attack(
        self,
        eve: Person,
        fields: list[bytes],
        end: bytes,
        strict: bool = False,
        payloads: list[bytes] = PAYLOADS,
        heard: bool | None = True,
    ) -> None:
        """Put everything into every field.  `strict`: no control passes at all; `heard`: whether somebody hears it."""
        mal = self.person("mal", "tea")
        for field in fields:
            eve.types(b"/nick eve\n" if end == b"\n" else b"NICK eve\r\n")
            self.prepare(eve, mal, end)
            allowed: list[int] = []
            for payload in (b"x", *payloads):
                self.send(eve, field, b"a" + payload + b"b", end)
                counts = self.look(field, payload, strict)
                if not allowed:
                    allowed = counts
                    self.assertEqual(any(counts), any(counts) if heard is None else heard, (field, counts))
                self.compare(counts, allowed, field, payload)
                if b"mal" in field:
                    mal.says("/join tea")
                    self.look(field, payload, strict)
        self.look_back()

    def prepare(self, eve: Person, mal: Person, end: bytes) -> None:
        """As it was at first, more or less, and something to speak of."""
        eve.reads()
        mal.says("/join tea")
        self.host.says("MODE #tea +E", "MODE #tea +o eve", "PRIVMSG #tea :hello")
        found = re.search("msgid=([^; ]+)", self.host.reads())
        assert found is not None
        self.ref = found[1].encode()
        eve.types(b"banana\n" if end == b"\n" else b"PRIVMSG #tea :banana\r\n")
        self.number = str(self.factory.registry.rooms["tea"].lines).encode()
        self.look(b"", b"")

    def send(self, eve: Person, field: bytes, text: bytes, end: bytes) -> None:
        line = field.replace(b"{id}", self.ref).replace(b"{number}", self.number).replace(b"{}", text)
        eve.types(line + end)
        eve.transport.clear()

    def look(self, field: bytes, payload: bytes, strict: bool = False) -> list[int]:
        """How many lines everyone was sent; each of them is as it has to be."""
        counts = []
        for onlooker in self.looking:
            lines = onlooker.lines()
            for line in lines:
                wrong = list(onlooker.wrong(line))
                if (
                    strict
                    and CONTROL.search(line.rstrip(b"\r").decode().replace("\x01", ""))
                    and onlooker.name[0] == "i"
                ):
                    wrong.append("a control of a person's")
                self.assertEqual(wrong, [], self.what(onlooker, field, payload, line))
            counts.append(len(lines))
        self.assertEqual([failure.getTraceback() for failure in self.flushLoggedErrors()], [], (field, payload))
        self.check_log()
        return counts

    def compare(self, counts: list[int], allowed: list[int], field: bytes, payload: bytes) -> None:
        more = [who.name for who, count, most in zip(self.looking, counts, allowed, strict=True) if count > most]
        self.assertEqual(more, [], f"were sent more than {allowed}: {counts} for {field!r} with {payload!r}")

    def what(self, onlooker: Onlooker, field: bytes, payload: bytes, line: bytes) -> str:
        return f"{type(onlooker).__name__} saw {line!r} of {field!r} with {payload!r}"

    def check_log(self) -> None:
        """Nobody writes a line of the log, or drives the terminal of whoever reads it."""
        for event in self.logged:
            text = formatEvent(event)
            self.assertIsNone(CONTROL.search(text), text)
        self.logged.clear()

    def look_back(self) -> None:
        """All that was said and is known, for those who were here, who come now, and who come after a new start."""
        self.ask_everyone("the history")
        for onlooker in self.looking:
            onlooker.person.hangs_up()
        self.looking = onlookers(self, "2")
        self.ask_everyone("the history, for newcomers")
        self.factory.stop()
        self.factory = self.new_factory(self.config)
        self.looking = onlookers(self, "3")
        self.ask_everyone("the history, after a new start")

    def ask_everyone(self, what: str) -> None:
        for onlooker in self.looking:
            onlooker.person.types(onlooker.asks())
        self.pass_time(1)
        self.look(what.encode(), b"")
