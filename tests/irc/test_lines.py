"""The lines that a client is sent: each is one line, can be parsed, and is as long as a client may expect."""

from __future__ import annotations

from chat.config import Config
from chat.core.mask import glob
from chat.irc.message import Message
from tests.fuzz.wellformed import flaws
from tests.talk import ChatTestCase


class LineTests(ChatTestCase):
    config = Config(name="chat.example.org", flood="off", webirc=(("127.0.0.0/8", "gate"),))

    def test_words_are_parted_by_blanks_and_by_nothing_else(self) -> None:
        message = Message.parse("MODE #tea\x1d  a\u00a0b\tc \u2003 :x")
        self.assertEqual((message.command, message.params), ("MODE", ["#tea\x1d", "a\u00a0b\tc", "\u2003", "x"]))

    def test_what_cannot_stand_in_the_middle_is_a_star(self) -> None:
        for wrong in ("", " ", "a b", ":a"):
            self.assertEqual(str(Message("401", ["bob", wrong, "No"])), "401 bob * No")
        alice = self.irc("alice")
        self.assertEqual(alice.asks("WHOIS : x y")[0], ":chat.example.org 401 alice * :No such nick or channel")

    def test_there_is_one_line_in_a_message(self) -> None:
        line = Message("PRIVMSG", ["#tea", "a\r\nQUIT\0"], "bob").encode()
        self.assertEqual(line, b":bob PRIVMSG #tea :a  QUIT \r\n")

    def test_what_is_too_long_behind_the_source_loses_its_end(self) -> None:
        line = Message("QUIT", ["é" * 300], "bob", {"time": "x"}).encode()
        self.assertEqual(line, b"@time=x :bob QUIT " + "é".encode() * 252 + b"\r\n")
        alice = self.irc("alice")
        for length in range(460, 511):
            [unknown] = alice.asks("X" * length)
            self.assertEqual(list(flaws(unknown.encode())), [], length)
        [refused] = alice.asks("WHOIS " + "x" * 500)[:1]
        self.assertEqual(len(refused), len(":chat.example.org ") + 510)

    def test_a_text_for_a_channel_of_a_long_name_is_cut_and_whole(self) -> None:
        room = "#" + "𐍈" * 64
        alice, bob = self.irc("alice", room), self.irc("bob", room)
        carol = self.person("carol", room)
        alice.hears(), bob.hears()
        carol.says("x" * 1000)
        for reader in (alice, bob):
            lines = reader.hears()
            rest = [line.partition(" ")[2] for line in lines]
            self.assertTrue(all(len(line.encode()) <= 510 for line in rest))
            self.assertEqual("".join(line.partition(" :")[2] or line.rpartition(" ")[2] for line in rest), "x" * 1000)

    def test_what_would_be_too_long_with_its_source_is_refused_to_the_byte(self) -> None:
        alice, bob = self.irc("alice", "#tea"), self.irc("bob", "#tea")
        alice.hears(), bob.hears()
        for start in ("PRIVMSG #tea ", "PRIVMSG #tea :", "NOTICE alice :é ", "PRIVMSG #tea :\x01ACTION "):
            bob.says(f"{start}x")
            room = 510 - len(alice.hears()[0].encode()) + 1
            self.assertEqual(bob.asks(f"{start}{'x' * room}"), [])
            self.assertEqual([len(line.encode()) for line in alice.hears()], [510])
            refusal = ":chat.example.org 417 bob :Input line was too long"
            self.assertEqual(bob.asks(f"{start}{'x' * (room + 1)}"), [refusal])
            self.assertEqual(alice.hears(), [])

    def test_digits_of_other_scripts_are_no_version_of_cap(self) -> None:
        client = self.irc_connects()
        for version in ("²", "٣", "9" * 400):
            self.assertIn(" CAP * LS ", client.asks(f"CAP LS {version}")[0])

    def test_a_mask_has_no_blanks(self) -> None:
        alice = self.irc("alice", "#tea")
        self.assertEqual(
            alice.asks("MODE #tea +b :a b"), [":chat.example.org 696 alice #tea b * :A mask has no blanks"]
        )
        self.assertEqual(alice.asks("MODE #tea b"), [":chat.example.org 368 alice #tea :End of channel ban list"])

    def test_a_blank_to_the_player_is_answered(self) -> None:
        alice = self.irc("alice")
        self.assertIn("play <* or target", alice.asks("PRIVMSG *playback : ")[0])

    def test_a_foreign_name_has_nothing_that_drives_a_terminal(self) -> None:
        alice, bob = self.irc("alice", "#tea"), self.person("bob", "tea")
        alice.asks("MODE #tea +E")
        bob.hears()
        for letter in "\x1b\x7f\x9b\u202e\u2066\u200b\u2028\ufeff\u00a0":
            self.assertIn("INVALID_NICK", alice.asks(f"RELAYMSG #tea c{letter}/net :hi")[0])
        self.assertEqual(bob.hears(), [])

    def test_a_scope_is_no_part_of_an_address(self) -> None:
        client = self.irc_connects()
        client.says("WEBIRC gate kiwi ! :fe80::1%x QUIT\x1b[2J", "NICK eve", "USER eve 0 * :Eve")
        self.assertIn(":Welcome", client.hears()[0])
        self.assertEqual(self.factory.registry.users["eve"].author.mask, "~eve@fe80::1")


class MaskTests(ChatTestCase):
    def test_no_mask_takes_long(self) -> None:
        self.assertIsNone(glob("*a" * 150 + "*b").fullmatch("a" * 400))

    def test_only_stars_and_question_marks_are_special(self) -> None:
        for mask, text in (("[ab]?*", "[ab]x"), ("**", ""), ("a\\*", "a\\\nb"), ("?", "\n"), ("[!a]", "[!a]")):
            self.assertIsNotNone(glob(mask).fullmatch(text), mask)
        for mask, text in (("[ab]", "a"), ("?", ""), ("a.c", "abc"), ("a", "a\n")):
            self.assertIsNone(glob(mask).fullmatch(text), mask)
