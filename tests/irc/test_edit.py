"""Other words for what was said, from IRC clients and to them (draft/message-edit)."""

from __future__ import annotations

from tests.irc.test_multiline import batch
from tests.talk import ChatTestCase, Person

CAPS = "message-tags draft/message-edit batch draft/multiline draft/chathistory standard-replies"
ALICE = ":alice!~alice@127.0.0.1"


def msgid(line: str) -> str:
    """The id of a message."""
    return line.partition("msgid=")[2].partition(" ")[0].partition(";")[0]


def without_id(lines: list[str]) -> list[str]:
    return [line.replace(f";msgid={msgid(line)}", "").replace(f"msgid={msgid(line)};", "") for line in lines]


class EditTests(ChatTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.alice = self.irc("alice", "#tea", caps=CAPS + " echo-message")
        self.bob = self.irc("bob", "#tea", caps=CAPS)
        self.old, self.carol = self.irc("old", "#tea"), self.person("carol", "tea")
        self.first = self.says_line("PRIVMSG #tea :helo")

    def says_line(self, line: str, who: Person | None = None) -> str:
        """Have a line said, and read by everyone; its id."""
        (who or self.alice).says(line)
        heard = self.alice.hears()
        for person in (self.bob, self.old, self.carol):
            person.hears()
        return msgid(heard[-1])

    def test_each_sees_it_as_it_can(self) -> None:
        self.alice.says(f"@+draft/edit={self.first} PRIVMSG #tea :hello")
        edited = [f"@+draft/edit={self.first} {ALICE} PRIVMSG #tea hello"]
        for person in (self.alice, self.bob):
            self.assertEqual(without_id(person.hears()), edited)
        self.assertEqual(self.old.hears(), [f'{ALICE} PRIVMSG #tea :\x01ACTION changed "helo" to: hello\x01'])
        self.assertEqual(self.carol.hears(), ["[12:00] alice edited 1: hello"])

    def test_what_people_with_nc_edit_is_seen_the_same_way(self) -> None:
        self.carol.says("tpyo")
        id = msgid(self.bob.hears()[-1])
        self.carol.says("s/tpyo/typo/")
        self.assertEqual(without_id(self.bob.hears()), [f"@+draft/edit={id} :carol!people@chat PRIVMSG #tea typo"])

    def test_the_history_has_the_latest_words_and_says_so(self) -> None:
        self.alice.says(f"@+draft/edit={self.first} PRIVMSG #tea :hello")
        self.bob.hears()
        _, line, _ = self.bob.asks("CHATHISTORY LATEST #tea * 10")
        self.assertIn(f"msgid={self.first};twisted-chat/edited {ALICE} PRIVMSG #tea hello", line)
        plain = self.irc("plain", "#tea", caps="message-tags batch draft/chathistory")
        _, line, _ = plain.asks("CHATHISTORY LATEST #tea * 10")
        self.assertIn(f"msgid={self.first} {ALICE} PRIVMSG #tea hello", line)

    def test_an_edit_can_be_edited_by_either_id(self) -> None:
        self.alice.says(f"@+draft/edit={self.first} PRIVMSG #tea :hallo")
        second = msgid(self.alice.hears()[-1])
        self.assertNotEqual(second, self.first)
        self.alice.says(f"@+draft/edit={second} PRIVMSG #tea :hello")
        self.assertIn(f"+draft/edit={self.first} {ALICE} PRIVMSG #tea hello", self.bob.hears()[-1])

    def test_only_ones_own(self) -> None:
        for who, target in ((self.bob, "#tea"), (self.bob, "alice")):
            heard = who.asks(f"@+draft/edit={self.first} PRIVMSG {target} :I am a fool")
            code = "EDIT_FORBIDDEN" if target == "#tea" else "UNKNOWN_MSGID"
            self.assertIn(f"FAIL PRIVMSG {code} {target} {self.first} :", heard[0])
        self.assertEqual(self.alice.hears(), [])
        self.assertEqual(self.carol.hears(), [])

    def test_what_cannot_be_edited(self) -> None:
        for tag, target, code in (
            ("nothing", "#tea", "UNKNOWN_MSGID #tea nothing"),
            ("", "#tea", "UNKNOWN_MSGID #tea *"),
            (self.first, "#cups", "INVALID_TARGET #cups"),
            (self.first, "nobody", "INVALID_TARGET nobody"),
            (self.first, "bob", "UNKNOWN_MSGID bob"),
        ):
            heard = self.alice.asks(f"@+draft/edit={tag} PRIVMSG {target} :hello")
            self.assertIn(f"FAIL PRIVMSG {code}", heard[0], tag)
        self.assertEqual(self.bob.hears(), [])

    def test_what_was_taken_back_stays_so(self) -> None:
        self.alice.says(f"REDACT #tea {self.first}")
        self.alice.hears()
        self.assertIn("UNKNOWN_MSGID", self.alice.asks(f"@+draft/edit={self.first} PRIVMSG #tea :hello")[0])

    def test_nobody_sees_the_tag_on_what_is_no_edit(self) -> None:
        """A client that believes the tag is not to be made to believe that somebody else said something."""
        eve = self.irc("eve", "#tea", caps="message-tags")
        self.bob.hears()
        for verb in ("PRIVMSG", "NOTICE"):
            eve.says(f"@+draft/edit={self.first} {verb} #tea :alice is a fool")
        self.assertEqual(self.bob.hears(), [])
        self.assertEqual(len([line for line in eve.hears() if "EDIT_FORBIDDEN" in line]), 2)

    def test_who_may_not_speak_may_not_edit(self) -> None:
        self.alice.says("MODE #tea +mv bob")
        bobs = self.says_line("PRIVMSG #tea :from bob", self.bob)
        self.alice.says("MODE #tea -v bob")
        self.bob.hears()
        self.assertIn(" 404 bob #tea ", self.bob.asks(f"@+draft/edit={bobs} PRIVMSG #tea :changed")[0])

    def test_in_private(self) -> None:
        self.alice.says("PRIVMSG bob :helo")
        id = msgid(self.alice.hears()[-1])
        self.bob.hears()
        self.alice.says(f"@+draft/edit={id} PRIVMSG bob :hello")
        self.assertEqual(without_id(self.bob.hears()), [f"@+draft/edit={id} {ALICE} PRIVMSG bob hello"])
        self.assertEqual(without_id(self.alice.hears()), [f"@+draft/edit={id} {ALICE} PRIVMSG bob hello"])
        _, line, _ = self.bob.asks("CHATHISTORY LATEST alice * 10")
        self.assertIn("PRIVMSG bob hello", line)
        self.assertEqual(self.carol.hears(), [])

    def test_who_was_written_to_is_called_as_they_are_called_now(self) -> None:
        self.alice.says("PRIVMSG bob :helo")
        id = msgid(self.alice.hears()[-1])
        self.bob.says("NICK robert")
        self.bob.hears()
        self.alice.says(f"@+draft/edit={id} PRIVMSG robert :hello")
        self.assertEqual(without_id(self.bob.hears()), [f"@+draft/edit={id} {ALICE} PRIVMSG robert hello"])

    def test_of_several_lines(self) -> None:
        self.alice.says(*batch("one", "two", tags=f"@+draft/edit={self.first} "))
        start, one, two, _ = self.bob.hears()
        self.assertIn(f"+draft/edit={self.first}", start)
        self.assertEqual([line.rpartition(" ")[2] for line in (one, two)], ["one", "two"])
        self.assertEqual(self.carol.hears(), ["[12:00] alice edited 1: one", "[12:00] alice edited 1: two"])

    def test_what_one_does_stays_that(self) -> None:
        id = self.says_line("PRIVMSG #tea :\x01ACTION wavs\x01")
        self.alice.says(f"@+draft/edit={id} PRIVMSG #tea :\x01ACTION waves\x01")
        self.assertIn("PRIVMSG #tea waves", self.bob.hears()[-1])
        lines = self.bob.asks("CHATHISTORY LATEST #tea * 10")
        self.assertIn("PRIVMSG #tea :\x01ACTION waves\x01", lines[-2])

    def test_a_labelled_edit_is_answered_under_its_label(self) -> None:
        dora = self.irc("dora", "#tea", caps=CAPS + " echo-message labeled-response")
        dora.says("@label=a PRIVMSG #tea :helo")
        id = msgid(dora.hears()[-1])
        (echo,) = dora.asks(f"@label=b;+draft/edit={id} PRIVMSG #tea :hello")
        self.assertIn("label=b", echo)
        self.assertIn(f"+draft/edit={id}", echo)
        (refused,) = dora.asks(f"@label=c;+draft/edit={self.first} PRIVMSG #tea :hello")
        self.assertTrue(refused.startswith("@label=c :chat.example.org FAIL PRIVMSG EDIT_FORBIDDEN"), refused)
