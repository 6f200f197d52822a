"""How a session shows things: /numbers, /times, /tz, /color, /json, /tls, /help."""

import json
from typing import Any

from twisted.internet.address import IPv4Address
from twisted.internet.interfaces import ISSLTransport
from twisted.internet.testing import StringTransport
from zope.interface import directlyProvides

from chat.line.commands import COMMANDS
from tests.talk import ChatTestCase


class SwitchTests(ChatTestCase):
    def test_on_or_off(self) -> None:
        alice = self.person("alice")
        for name in ("ack", "numbers", "times", "color", "json"):
            self.assertEqual(alice.asks(f"/{name} maybe"), ['! Say "on" or "off", not "maybe".'])
            self.assertEqual(alice.asks(f"/{name} OFF")[0][0], "*")

    def test_each_is_one_sessions_own(self) -> None:
        alice, bob, carol = self.people("alice", "bob", "carol")
        alice.says("/numbers on")
        carol.says("/times off")
        bob.says("hi")
        self.assertEqual(alice.hears()[-1], "[1 12:00] bob: hi")
        self.assertEqual(carol.hears()[-1], "[bob] hi")


class NumberTests(ChatTestCase):
    def test_lines_with_numbers(self) -> None:
        alice, bob = self.people("alice", "bob")
        self.assertEqual(alice.asks("/numbers on"), ["* Lines have numbers."])
        bob.says("hi", "/me waves", "@alice hi", "@all hi", "/reply 1 yes", "/edit 1 ho", "/react 1 x", "/delete 1")
        self.assertEqual(alice.hears(), [
            "[1 12:00] bob: hi",
            "[2 12:00] * bob waves",
            "[12:00] bob -> you: hi",
            "[12:00] bob -> all: hi",
            '[3 12:00] bob (re 1 bob "hi"): yes',
            "[12:00] bob edited 1: ho",
            "[12:00] bob reacts to 1: x",
            "[12:00] bob removed 1",
        ])  # fmt: skip
        self.assertEqual(alice.asks("/numbers off"), ["* Lines have no numbers."])
        bob.says("hi")
        self.assertEqual(alice.hears(), ["[12:00] bob: hi"])


class TimeTests(ChatTestCase):
    def test_without_times(self) -> None:
        alice, bob = self.people("alice", "bob")
        self.assertEqual(alice.asks("/times off"), ["* Lines have no times."])
        bob.says("hi", "/me waves", "@alice hi", "@all hi", "/reply 1 yes", "/edit 1 ho", "/react 1 x", "/delete 1")
        bob.says("/join dev", "@#lobby hi")
        self.assertEqual(alice.hears(), [
            "[bob] hi",
            "[* bob waves]",
            "[bob -> you] hi",
            "[bob -> all] hi",
            '[bob (re 1 bob "hi")] yes',
            "[bob edited 1] ho",
            "[bob reacts to 1] x",
            "[bob removed 1]",
            "[bob] hi",
        ])  # fmt: skip
        self.assertEqual(alice.asks("/times on", "/numbers on")[0], "* Lines have times.")
        bob.says("@#lobby hi")
        self.assertEqual(alice.hears(), ["[5 12:00] bob: hi"])

    def test_in_another_room_without_times(self) -> None:
        alice, bob = self.people("alice", "bob")
        alice.says("/times off", "/numbers on", "/join dev")
        alice.hears()
        bob.says("hi")
        self.assertEqual(alice.hears(), ["[1 #lobby bob] hi"])

    def test_zones(self) -> None:
        alice, bob = self.people("alice", "bob")
        for zone, time in (
            ("+05:45", "17:45"), ("-8", "04:00"), ("+0530", "17:30"), ("-00:30", "11:30"), ("+14:00", "02:00"),
            ("+00:59", "12:59"), ("utc", "12:00"), ("UTC", "12:00"), ("Z", "12:00"),
        ):  # fmt: skip
            self.assertEqual(alice.asks(f"/tz {zone}"), [f"* Times are shown in {zone}."])
            bob.says("hi")
            self.assertEqual(alice.hears(), [f"[{time}] bob: hi"])
        self.assertEqual(alice.asks("/tz server"), ["* Times are the server's."])
        bob.says("hi")
        self.assertEqual(alice.hears(), ["[12:00] bob: hi"])

    def test_what_is_no_zone(self) -> None:
        alice = self.person("alice")
        for zone in ("Berlin", "5", "+25", "+14:01", "+05:60", "+24", "-99", "+1:2", "+", "+٣"):
            self.assertEqual(alice.asks(f"/tz {zone}"), ["! A time zone is like +05:45, -8, utc or server."], zone)


class ColourTests(ChatTestCase):
    def test_names_have_colours_and_notices_are_dim(self) -> None:
        alice, bob = self.people("alice", "bob")
        self.assertEqual(alice.asks("/color on"), ["\x1b[2m* Names have colours.\x1b[0m"])
        bob.says("hi", "/me waves", "@alice hi", "/topic tea")
        room, emote, private, notice = alice.hears()
        self.assertRegex(room, "^\\[12:00\\] \x1b\\[[39][0-9]mbob\x1b\\[0m: hi$")
        name = room[8:-4]
        self.assertEqual(emote, f"[12:00] * {name} waves")
        self.assertEqual(private, f"[12:00] {name} -> you: hi")
        self.assertEqual(notice, "\x1b[2m* bob changed the topic to: tea\x1b[0m")
        self.assertEqual(alice.asks("/jion")[0][0], "!")
        bob.says("/nick BOB", "hi")
        self.assertEqual(alice.hears()[-1], f"[12:00] {name.replace('bob', 'BOB')}: hi")
        self.assertEqual(alice.asks("/colour off"), ["* No colours."])


class JSONTests(ChatTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.alice, self.bob = self.people("alice", "bob")
        self.alice.says("/json on")
        self.alice.hears()

    def hears(self) -> list[dict[str, Any]]:
        """What alice's program reads, but for ids and times."""
        heard = [json.loads(line) for line in self.alice.hears()]
        for line in heard:
            line.pop("id", "")
            self.assertEqual(line.pop("time", "2026-11-20T12:00:00.000Z"), "2026-11-20T12:00:00.000Z")
        return heard

    def test_what_is_said(self) -> None:
        self.bob.says("hi", "/me waves", "/reply 1 yes", "@alice hi", "@all hi")
        hi, waves, yes, private, to_all = self.hears()
        said = {"type": "said", "from": "bob", "room": "lobby"}
        self.assertEqual(hi, said | {"number": 1, "text": "hi", "emote": False})
        self.assertEqual(waves, said | {"number": 2, "text": "waves", "emote": True})
        quote = yes.pop("quote")
        self.assertEqual(yes, said | {"number": 3, "text": "yes", "emote": False})
        self.assertEqual((quote["number"], quote["from"], quote["text"]), (1, "bob", "hi"))
        self.assertEqual(private, {"type": "told", "from": "bob", "to": "alice", "text": "hi", "emote": False})
        self.assertEqual(to_all, {"type": "announced", "from": "bob", "text": "hi"})

    def test_what_is_done_to_it(self) -> None:
        self.bob.says("hi", "/edit 1 ho", "/react 1 :+1:", "/delete 1")
        _, edited, reacted, removed = self.hears()
        about = {"from": "bob", "room": "lobby", "line": 1, "author": "bob"}
        self.assertEqual(edited, about | {"type": "edited", "text": "ho"})
        self.assertEqual(reacted, about | {"type": "reacted", "text": "👍"})
        self.assertEqual(removed, about | {"type": "removed"})

    def test_who_comes_and_goes(self) -> None:
        self.bob.says("/nick rob", "/topic tea", "/away lunch", "/back", "/leave", "/join lobby", "/exit see you")
        self.bob.hangs_up()
        self.assertEqual(self.hears(), [
            {"type": "renamed", "from": "bob", "name": "rob"},
            {"type": "topic-changed", "from": "rob", "room": "lobby", "topic": "tea"},
            {"type": "away-changed", "from": "rob", "why": "lunch"},
            {"type": "away-changed", "from": "rob"},
            {"type": "parted", "from": "rob", "room": "lobby"},
            {"type": "joined", "from": "rob", "room": "lobby"},
            {"type": "left", "from": "rob", "why": "see you"},
        ])  # fmt: skip

    def test_a_crowd(self) -> None:
        for n in range(20):
            self.elsewhere(f"b{n}")
        self.alice.hears()
        self.pass_time(10)
        self.assertEqual(json.loads(self.alice.reads()), {
            "type": "footfall", "time": "2026-11-20T12:00:10.000Z", "room": "lobby", "came": 2, "left": 0, "renamed": 0
        })  # fmt: skip

    def test_the_servers_own_lines(self) -> None:
        self.alice.says("/topic", "/jion", "/ack on", "hi", "/send k ho")
        notice, refused, on, receipt, stored = self.hears()
        self.assertEqual(notice, {"type": "notice", "text": "lobby has no topic."})
        self.assertEqual((refused["type"], refused["text"][:17]), ("refused", "No command /jion."))
        self.assertEqual(on, {"type": "notice", "text": "You get a receipt for each line."})
        self.assertEqual(receipt, {
            "type": "receipt", "number": 1, "room": "lobby", "text": "1 lobby 2026-11-20T12:00:00.000Z"
        })  # fmt: skip
        self.assertEqual(stored, {"type": "receipt", "number": 2, "room": "lobby", "text": "2 stored"})
        self.alice.says("@bob hi")
        self.assertEqual(self.hears(), [{"type": "receipt", "to": "bob", "text": "- bob 2026-11-20T12:00:00.000Z"}])

    def test_the_history(self) -> None:
        self.bob.says("hi", "ho", "/edit 1 hello", "/delete 2")
        self.alice.hears()
        self.alice.says("/history")
        hi, ho, notice = self.hears()
        self.assertEqual((hi["text"], hi["revised"]), ("hello", "edited"))
        self.assertEqual((ho.get("text"), ho["revised"]), (None, "removed"))
        self.assertEqual(notice, {"type": "notice", "text": "2 lines of lobby."})

    def test_on_and_off_again(self) -> None:
        self.alice.says("/json on")
        self.assertEqual(self.hears(), [{"type": "notice", "text": "Every line is a JSON object."}])
        self.assertEqual(self.alice.asks("/json off"), ["* Lines are text."])
        self.bob.says("hi")
        self.assertEqual(self.alice.hears(), ["[12:00] bob: hi"])


class TLSTests(ChatTestCase):
    def test_how_to_come_in_encrypted(self) -> None:
        alice = self.person("alice")
        self.assertEqual(alice.asks("/tls"), [
            "* Your link is not encrypted.",
            "* This server has no certificate; its operator can give it one with --tls-cert and --tls-key.",
        ])  # fmt: skip
        self.factory.tls_doors.append(("chat.example.org", 6697))
        self.assertEqual(alice.asks("/tls"), [
            "* Your link is not encrypted.",
            "* openssl s_client -quiet -connect chat.example.org:6697",
            "* ncat --ssl chat.example.org 6697",
            "* socat - OPENSSL:chat.example.org:6697",
            "* With openssl, never leave out -quiet: without it a line that begins with Q ends the session.",
        ])  # fmt: skip

    def test_an_encrypted_link(self) -> None:
        transport = StringTransport(peerAddress=IPv4Address("TCP", "127.0.0.1", 40_000))
        directlyProvides(transport, ISSLTransport)
        alice = self.connects(transport=transport)
        alice.says("alice")
        self.assertEqual(alice.asks("/tls")[-2], "* Your link is encrypted.")
        self.assertEqual(alice.asks("/whoami")[2], "* Your link is encrypted.")


class HelpTests(ChatTestCase):
    def test_every_command_is_there_and_fits_a_terminal(self) -> None:
        alice = self.person("alice")
        for line in ("/help", "@help"):
            heard = alice.asks(line)
            self.assertEqual(
                heard[:2],
                ["* What you type goes to the room. /help COMMAND tells more, as in: /help join", "* -- Talk --"],
            )
            for verb in COMMANDS:
                (row,) = [row for row in heard if row[2:].startswith(verb.syntax + "  ")]
                self.assertTrue(row.endswith(f"  {verb.summary}"))
            self.assertEqual([row for row in heard if len(row) > 80 or row != row.rstrip()], [])

    def test_more_about_one_command_however_it_is_written(self) -> None:
        alice = self.person("alice")
        summary = "* /join ROOM [KEY] -- go to a room, or make it; also @room ROOM"
        for name in ("join", "/join", "JOIN", "/Join"):
            self.assertEqual(alice.asks(f"/help {name}")[0], summary)
        for name, syntax in (
            ("@all", "/all TEXT"), ("@people", "/people [ROOM]"), ("@bob", "/msg NAME TEXT"), ("@#dev", "@#ROOM TEXT"),
            ("s/old/new/", "s/OLD/NEW/"), ("part", "/leave [ROOM]"), ("quit", "/exit [WHY]"), ("exit", "/exit [WHY]"),
        ):  # fmt: skip
            self.assertTrue(alice.asks(f"/help {name}")[0].startswith(f"* {syntax} -- "), name)

    def test_the_whole_text_fits_a_wide_terminal(self) -> None:
        alice = self.person("alice")
        for verb in COMMANDS:
            heard = alice.asks(f"/help {verb.name}")
            self.assertEqual(len(heard), 1 + len(verb.details.splitlines()))
            self.assertEqual([row for row in heard if len(row) > 110 or row != row.rstrip()], [])

    def test_a_command_there_is_not(self) -> None:
        self.assertEqual(self.person("alice").asks("/help jion")[0][:38], "! No command /jion. Did you mean /join")
