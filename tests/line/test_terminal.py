"""Whatever any wire has stored, nothing of it drives or reorders the terminal of the one who reads it."""

import json
import re

from chat.core.events import (
    Announced,
    AwayChanged,
    Connected,
    Edited,
    Event,
    Joined,
    Left,
    Parted,
    Quote,
    Reacted,
    Removed,
    Said,
    Told,
    TopicChanged,
)
from chat.core.registry import Author
from chat.line.text import shown
from tests.talk import ChatTestCase

#: What other wires let through, and what is left of it.
NASTY = (
    ("\x1b[2J\x1b[1;1Hroot#", "root#"),
    ("\x9b31mred", "red"),
    ("\x1b]0;title\x07text", "text"),
    ("\x1bcreset", "creset"),
    ("bell\a\b\b\b\b\f\v\rtwo", "belltwo"),
    ("\x02bold\x02 \x1ditalic\x1d \x1funderlined\x1f", "bold italic underlined"),
    ("\x16turned\x16 \x1estruck\x1e \x11mono\x11\x0f", "turned struck mono"),
    ("\x034,12colour\x03 \x03off", "colour off"),
    ("\x0399,1x \x0312345", "x 345"),
    ("\x04ff0000hex\x04 \x04FF0000,00FF00both", "hex both"),
    ("so: \x01ACTION waves\x01", "so: ACTION waves"),
    ("a\tb", "a b"),
    ("nul\0 del\x7f nel\x85 line\u2028 paragraph\u2029", "nul del nel line paragraph"),
    ("\u202eevil", "\u202eevil\u202c"),
    ("\u202aa\u202bb\u202dc", "\u202aa\u202bb\u202dc\u202c\u202c\u202c"),
    ("\u2066a\u2067b\u2068c", "\u2066a\u2067b\u2068c\u2069\u2069\u2069"),
    ("\u202e\u2066mixed", "\u202e\u2066mixed\u2069\u202c"),
    ("\u2066\u202ecrossed\u2069", "\u2066\u202ecrossed\u2069"),
    ("\u202e\u2066not closed\u202c", "\u202e\u2066not closed\u2069\u202c"),
    ("closed\u202c\u2069", "closed"),
    ("\u202eclosed\u202c properly", "\u202eclosed\u202c properly"),
    ("\u202e\x02both", "\u202eboth\u202c"),
    ("עברית ولغات", "עברית ولغات"),
)
#: What no line may have but for its end: controls, and anything that begins a sequence.
DRIVES = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]")
ALL = " ".join(text for text, _ in NASTY)


def left_open(line: str) -> list[str]:
    """The embeddings and isolates that nothing in the line closes (UAX 9, X1 to X8)."""
    stack: list[str] = []
    for letter in line:
        if letter in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068":
            stack.append("isolate" if letter >= "\u2066" else "embedding")
        elif letter == "\u202c" and stack[-1:] == ["embedding"]:
            stack.pop()
        elif letter == "\u2069" and "isolate" in stack:
            while stack.pop() != "isolate":
                pass
    return stack


class TextTests(ChatTestCase):
    def test_what_is_left(self) -> None:
        for stored, left in NASTY:
            self.assertEqual(shown(stored), left)
            self.assertEqual(shown(left), left)


class WireTestCase(ChatTestCase):
    """Alice reads; mallory is in the lobby by another wire, and sends what the wire lets through."""

    def setUp(self) -> None:
        super().setUp()
        self.alice = self.person("alice")
        self.mallory = self.elsewhere("mallory")
        self.alice.hears()

    def everything(self, text: str) -> list[Event]:
        """Every kind of event that has a text, with that text."""
        me, alice = self.mallory, self.alice.connection.me.author
        quote = Quote(("some-id", 1, "mallory", text))
        about = ("lobby", "some-id", 1, me)
        return [
            Said(me, "lobby", text), Said(me, "lobby", text, emote=True), Said(me, "lobby", "x", quote=quote),
            Told(me, alice, text), Told(me, alice, text, emote=True), Announced(me, text),
            Edited(me, *about, text), Reacted(me, *about, text), TopicChanged(me, "lobby", text),
            Parted(me, "lobby", text), Joined(me, "lobby"), Left(me, text),
        ]  # fmt: skip

    def assert_harmless(self, said: str) -> None:
        self.assertIsNone(DRIVES.search(said), said)
        for line in said.splitlines():
            self.assertIn(line[0], "[*!+{")
            self.assertEqual(left_open(line), [], line)


class LiveTests(WireTestCase):
    def test_texts(self) -> None:
        for stored, left in NASTY:
            self.happens(Said(self.mallory, "lobby", stored), Said(self.mallory, "lobby", stored, emote=True))
            self.happens(Told(self.mallory, self.alice.connection.me.author, stored))
            self.assertEqual(self.alice.hears(), [
                f"[12:00] mallory: {left}", f"[12:00] * mallory {left}", f"[12:00] mallory -> you: {left}"
            ])  # fmt: skip

    def test_topics_and_whys(self) -> None:
        for stored, left in NASTY:
            self.happens(TopicChanged(self.mallory, "lobby", stored), Parted(self.mallory, "lobby", stored))
            self.happens(Joined(self.mallory, "lobby"))
            self.assertEqual(self.alice.hears(), [
                f"* mallory changed the topic to: {left}", f"* mallory left the room ({left})", "* mallory came"
            ])  # fmt: skip

    def test_every_event_in_every_display(self) -> None:
        for setting in ("/numbers on", "/times off", "/json on"):
            self.alice.asks(setting)
            for event in self.everything(ALL):
                self.happens(event)
                said = self.alice.reads()
                self.assertEqual(said.count("\n"), 1, event)
                self.assert_harmless(said)
            self.mallory = self.elsewhere("mallory")
            self.alice.hears()

    def test_colours_are_the_servers_alone(self) -> None:
        self.alice.asks("/color on")
        for event in self.everything(ALL):
            self.happens(event)
            self.assert_harmless(re.sub("\x1b\\[[0-9]+m", "", self.alice.reads()))

    def test_json_stays_json(self) -> None:
        self.alice.asks("/json on")
        for stored, left in NASTY:
            self.happens(Said(self.mallory, "lobby", stored))
            self.assertEqual(json.loads(self.alice.reads())["text"], left)


class AnswerTests(WireTestCase):
    def test_away(self) -> None:
        for stored, left in NASTY:
            self.happens(AwayChanged(self.mallory, stored))
            self.assertEqual(self.alice.asks("@mallory hi"), [f"* mallory is away: {left}."])
            self.assertEqual(self.alice.asks("/people"), [f"* mallory in lobby; away: {left}; id {self.mallory.id}"])

    def test_reasons_of_which_nothing_is_left(self) -> None:
        self.happens(AwayChanged(self.mallory, "\x02\x0f"))
        self.assertEqual(self.alice.asks("@mallory hi"), ["* mallory is away."])
        self.happens(Left(self.mallory, "\x02\x0f"))
        self.assertEqual(self.alice.hears(), ["* mallory left"])

    def test_topics(self) -> None:
        for stored, left in NASTY:
            self.happens(TopicChanged(self.mallory, "lobby", stored))
            self.alice.hears()
            self.assertEqual(self.alice.asks("/topic"), [f"* Topic of lobby: {left} (set by mallory)"])
            self.assertEqual(self.alice.asks("/rooms"), [f"* lobby (2 people, you are here): {left}"])

    def test_the_history(self) -> None:
        for stored, left in NASTY:
            self.happens(Said(self.mallory, "lobby", f"needle {stored}"))
            self.alice.hears()
            self.assertIn(f"mallory: needle {left}", self.alice.asks("/history 1")[0])
            self.assertIn(f"mallory: needle {left}", self.alice.asks("/search needle")[-2])

    def test_a_quote(self) -> None:
        bob = self.person("bob")
        self.happens(Said(self.mallory, "lobby", "\u202eevil\x1b[2J"))
        self.alice.hears()
        bob.says("/reply 1 yes")
        self.assertEqual(self.alice.hears(), ['[12:00] bob (re 1 mallory "\u202eevil\u202c"): yes'])

    def test_all_of_it_on_coming_in_and_on_asking(self) -> None:
        self.happens(AwayChanged(self.mallory, ALL), *self.everything(ALL)[:9])
        bob = self.connects()
        bob.says(
            "bob", "/topic", "/rooms", "/people", "/history", "/search x", "/seen mallory", "/react 1 x", "@mallory x"
        )
        self.assert_harmless(bob.reads().replace("Your name? ", ""))
        self.assert_harmless(self.alice.reads())


class EchoTests(ChatTestCase):
    def test_what_one_typed_oneself(self) -> None:
        alice = self.person("alice")
        alice.says("tae")
        for line in (
            "/edit 1 \u202etea", "/topic \u202etea", "/search \u202etea", "@\u202ebob hi", "/\u202ejion",
            "/react 1 \u202ex", "/away \u202elunch", "/seen \u202ebob", "/ack \u202eon", "/join \u202edev",
            "/tz \u202eutc", "/reply \u202e1 x", "/history before \u202e", "/people \u202e", "/help \u202e",
            "/leave \u202e", "/ignore \u202e",
        ):  # fmt: skip
            for answer in alice.asks(line):
                opened, closed = answer.count("\u202e"), answer.count("\u202c")
                self.assertEqual(opened, closed, answer)

    def test_removed_lines_and_names(self) -> None:
        alice = self.person("alice")
        bob = Author("bob", self.factory.new_identity())
        self.happens(Connected(bob), Joined(bob, "lobby"), Said(bob, "lobby", "x"))
        self.happens(Removed(bob, "lobby", "some-id", 1, bob))
        self.assertEqual(alice.hears(), ["* bob came", "[12:00] bob: x", "[12:00] bob removed 1"])
