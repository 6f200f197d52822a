"""What one types behind a slash, what Tab makes of a word, and emoji by their names."""

from __future__ import annotations

import inspect

from twisted.trial.unittest import TestCase

from chat.clients.commands import COMMANDS, commands
from chat.clients.emoji import emoji_of, groups, named, names, with_emoji
from chat.clients.text import clean, mentions, parts, pieces
from tests.clients.sitting import ClientTestCase


class CommandTests(ClientTestCase):
    def test_what_is_mistyped_is_never_published(self) -> None:
        alice, bob = self.client("alice"), self.person("bob")
        for line in ("/jion tea", "/msg", "/nosuchthing", "/me"):
            before = len(alice.sees())
            alice.types(line)
            self.assertGreater(len(alice.sees()), before, line)
        self.assertEqual(bob.hears(), [])
        self.assertIn("Did you mean /join?", " ".join(alice.sees()))
        self.assertIn("That needs more words: /msg NAME TEXT", alice.sees())

    def test_a_slash_can_be_said(self) -> None:
        alice, bob = self.client("alice"), self.person("bob")
        alice.types("//etc/passwd")
        self.assertEqual(bob.hears(), ["[12:00] alice: /etc/passwd"])

    def test_every_command_has_its_syntax_and_what_it_is_for(self) -> None:
        for each in commands():
            self.assertTrue(each.syntax.startswith(f"/{each.name}"), each)
            self.assertTrue(each.help and each.help[0].islower() and "\n" not in each.help, each)
            optional = each.syntax.count("[")
            words = list(inspect.signature(each.function).parameters.values())[2:]
            self.assertEqual(sum(word.default is not word.empty for word in words) > 0, optional > 0, each.name)

    def test_help_tells_of_all_of_them_and_of_one(self) -> None:
        alice = self.client("alice")
        alice.types("/help")
        self.assertGreaterEqual(len([line for line in alice.sees() if line.startswith("/")]), len(commands()))
        alice.types("/help part")
        self.assertEqual(
            alice.sees()[-1],
            "/leave [ROOM] -- leave a room, or put a private conversation away (also /part, /close)",
        )

    def test_they_do_what_they_say(self) -> None:
        alice, bob = self.client("alice", "#tea"), self.client("bob", "#tea")
        alice.types("/join dev")
        dev = alice.chat.find("#dev")
        assert dev is not None
        self.assertTrue(dev.joined)
        self.assertIs(alice.chat.looked_at, dev)
        alice.types("/leave", dev)
        self.assertEqual([each.name for each in alice.chat.conversations], ["#tea"])
        alice.types("/query bob")
        alice.types("psst", alice.chat.looked_at)
        self.assertEqual([each.name for each in bob.chat.conversations], ["#tea", "alice"])
        alice.types("/nick alicia")
        self.assertEqual(alice.chat.me, "alicia")
        self.assertEqual([each.name for each in bob.chat.conversations], ["#tea", "alicia"])
        alice.types("/op bob")
        self.assertTrue(next(member for member in bob.room.people if member.nick == "bob").operator)
        alice.types("/whois bob")
        self.assertIn("bob is ", " ".join(alice.sees(alice.chat.looked_at)))
        alice.types("/rooms")
        self.assertIn("#tea (2)", " ".join(alice.sees(alice.chat.looked_at)))
        alice.types("/away lunch")
        self.assertEqual(bob.chat.person("alicia").away, "lunch")
        alice.types("/back")
        self.assertIsNone(bob.chat.person("alicia").away)
        bob.types("/ban eve")
        self.assertEqual(alice.sees(alice.room)[-1], "-- bob banned eve!*@*")
        alice.types("/quit")
        self.assertEqual(alice.chat.state.kind, "offline")

    def test_who_is_away_is_told_once(self) -> None:
        alice, bob = self.client("alice"), self.person("bob")
        bob.says("/away lunch")
        alice.types("/msg bob hello")
        alice.types("/msg bob and then")
        private = alice.chat.find("bob")
        self.assertLessEqual(alice.sees(private).count("bob is away: lunch"), 1)
        self.assertEqual(alice.sees_spoken(private), ["alice: hello", "alice: and then"])


class CompletionTests(ClientTestCase):
    def test_names_rooms_commands_and_emoji(self) -> None:
        alice = self.client("alice", "#tea", "#dev")
        bob, bert = self.person("bob", "tea"), self.person("bert", "tea")
        self.pass_time(0)
        for typed, expected in {
            "b": ["bert: ", "bob: "],
            "hello B": ["bert ", "bob "],
            "@bo": ["@bob "],
            "/jo": ["/join "],
            "see #d": ["#dev "],
            "x :tada": ["🎉"],
            "zz": [],
            "": [],
            "hello ": [],
        }.items():
            found = alice.chat.complete(alice.room, typed, len(typed))
            self.assertEqual([each.text for each in found.candidates[:2]] if found else [], expected, typed)
        found = alice.chat.complete(alice.room, "well, bo there", 8)
        self.assertEqual((found.start, found.end) if found else None, (6, 8))
        bob.says("hi")
        self.pass_time(0)
        found = alice.chat.complete(alice.room, "b", 1)
        self.assertEqual(found.candidates[0].shown if found else "", "bob")
        self.assertEqual(bert.hears()[-1], "[12:00] bob: hi")


class EmojiTests(TestCase):
    def test_by_name(self) -> None:
        for name, emoji in {":+1:": "👍", ":smile:": "😄", ":tea:": "🍵", ":teacup_without_handle:": "🍵"}.items():
            self.assertEqual(emoji_of(name), emoji)
        self.assertEqual(emoji_of(":no_such_thing:"), ":no_such_thing:")
        self.assertEqual(with_emoji("at 12:30: :tada: :+1:!"), "at 12:30: 🎉 👍!")
        self.assertEqual(next(name for name, _ in named("smil")), "smile")

    def test_the_picker_has_each_once_with_a_name_of_its_own(self) -> None:
        pairs = [pair for group in groups().values() for pair in group]
        self.assertEqual(len({name for name, _ in pairs}), len(pairs))
        self.assertEqual(len({emoji for _, emoji in pairs}), len(pairs))
        self.assertTrue(all(name.isascii() and not emoji.isascii() for name, emoji in pairs))
        self.assertGreater(len(names()), 1000)
        self.assertIn("COMMANDS", globals())
        self.assertIn("join", COMMANDS)


class TextTests(TestCase):
    def test_what_may_be_shown(self) -> None:
        self.assertEqual(clean("a\x02b\x1f\x0312,4c\x04FF0000d\x1b[2J\u202e\u2066\x85\u2028e\tf\ng"), "abcd[2Je f\ng")

    def test_whom_a_text_names(self) -> None:
        for text, nick, named_there in (
            ("bob: hi", "bob", True), ("hi BOB!", "bob", True), ("bobby", "bob", False), ("bob-2", "bob", False),
            ("a.b", "a.b", True), ("axb", "a.b", False), ("", "bob", False), ("x", "", False),
        ):  # fmt: skip
            self.assertIs(mentions(text, nick), named_there, text)

    def test_as_few_messages_as_may_be(self) -> None:
        text = "\n".join(["x" * 100] * 100)
        found = parts(text, True, (32, 4096))
        self.assertEqual("\n".join(found), text)
        self.assertEqual(len(found), 4)
        self.assertTrue(all(len(part.encode()) <= 4096 and part.count("\n") < 32 for part in found))
        self.assertEqual(parts("a\r\n\nb\n", False, (0, 0)), ["a", "b"])
        self.assertEqual(parts("\n \n", True, (32, 4096)), [])

    def test_pieces_lose_nothing(self) -> None:
        for line in ("word " * 300, "ä" * 1000, "👍" * 300, ""):
            found = list(pieces(line))
            self.assertEqual("".join(found), line)
            self.assertTrue(all(len(piece.encode()) <= 350 for piece in found))
