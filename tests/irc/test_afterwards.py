"""What is done to a line after it was said, on every wire, as every wire sees it."""

from __future__ import annotations

from tests.irc.test_history import id_of
from tests.talk import ChatTestCase

TAGS = "message-tags echo-message"
REDACTION = TAGS + " draft/message-redaction"


class InPlainWordsTests(ChatTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.plain = self.irc("plain", "#tea")
        self.carol = self.person("carol", "tea")
        self.carol.says("helo wrld")
        self.plain.hears()

    def test_an_edit_quotes_what_it_changes(self) -> None:
        self.carol.says("/edit 1 hello world")
        self.assertEqual(
            self.plain.hears(),
            [':carol!people@chat PRIVMSG #tea :\x01ACTION changed "helo wrld" to: hello world\x01'],
        )

    def test_a_reaction_and_an_answer_quote_what_they_are_to(self) -> None:
        bob = self.irc("bob", "#tea", caps=TAGS)
        self.plain.hears()
        self.carol.says("/react 1 :+1:", "/reply 1 fixed")
        self.assertEqual(
            self.plain.hears(),
            [
                ":carol!people@chat PRIVMSG #tea :\x01ACTION reacts to carol's \"helo wrld\": 👍\x01",
                ':carol!people@chat PRIVMSG #tea :(re carol "helo wrld") fixed',
            ],
        )
        reaction, answer = bob.hears()
        self.assertRegex(reaction, "^@msgid=.*;[+]draft/react=👍;[+]draft/reply=.* :carol!people@chat TAGMSG #tea$")
        self.assertRegex(answer, "^@msgid=.*;[+]draft/reply=.* :carol!people@chat PRIVMSG #tea fixed$")

    def test_a_removal_says_what_and_when_and_does_not_repeat_it(self) -> None:
        knows = self.irc("knows", "#tea", caps="draft/message-redaction")
        self.plain.hears()
        self.pass_time(300)
        self.carol.says("/delete 1")
        self.assertEqual(
            self.plain.hears(),
            [":carol!people@chat PRIVMSG #tea :\x01ACTION took back what they said 5 minutes ago\x01"],
        )
        self.assertRegex(knows.hears()[0], "^:carol!people@chat REDACT #tea [0-9a-f-]+$")

    def test_answers_and_reactions_of_irc_clients_are_seen_by_people(self) -> None:
        bob = self.irc("bob", "#tea", caps=TAGS)
        self.carol.says("and you?")
        id = id_of(bob.hears()[0])
        self.carol.hears()
        bob.says(f"@+draft/reply={id} PRIVMSG #tea :me too", f"@+draft/reply={id};+draft/react=🎉 TAGMSG #tea")
        self.assertEqual(
            self.carol.hears(), ['[12:00] bob (re 2 carol "and you?"): me too', "[12:00] bob reacts to 2: 🎉"]
        )
        echoed = bob.hears()
        self.assertIn(f"+draft/reply={id}", echoed[0])
        self.assertIn("TAGMSG #tea", echoed[1])

    def test_a_reaction_in_private_quotes_the_line(self) -> None:
        bob = self.irc("bob", caps=TAGS)
        self.carol.says("@bob lunch?")
        id = id_of(bob.hears()[0])
        bob.says(f"@+draft/reply={id};+draft/react=👍 TAGMSG carol")
        self.assertEqual(self.carol.hears(), ['[12:00] bob reacts to "lunch?": 👍'])


class RedactionTests(ChatTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.alice = self.irc("alice", "#tea", caps=REDACTION)
        self.bob = self.irc("bob", "#tea", caps=REDACTION)
        self.alice.hears()

    def said(self, text: str = "x", target: str = "#tea") -> str:
        """The id of something bob says."""
        self.bob.says(f"PRIVMSG {target} :{text}")
        self.alice.hears()
        return id_of(self.bob.hears()[-1])

    def test_an_operator_may_remove_what_others_said_and_say_why(self) -> None:
        plain, carol = self.irc("plain", "#tea"), self.person("carol", "tea")
        id = self.said()
        carol.hears(), plain.hears()
        self.alice.says(f"REDACT #tea {id} :off topic")
        self.assertTrue(self.bob.hears()[-1].endswith(f":alice!~alice@127.0.0.1 REDACT #tea {id} :off topic"))
        self.assertEqual(carol.hears(), ["[12:00] alice removed 1 of bob (off topic)"])
        self.assertEqual(
            plain.hears(),
            [":alice!~alice@127.0.0.1 PRIVMSG #tea :\x01ACTION removed what bob said just now: off topic\x01"],
        )

    def test_others_may_not(self) -> None:
        self.alice.says("PRIVMSG #tea :mine")
        id = id_of(self.alice.hears()[0])
        self.bob.hears()
        self.bob.says(f"REDACT #tea {id}")
        self.assertIn(f"FAIL REDACT REDACT_FORBIDDEN #tea {id}", self.bob.hears()[0])
        self.assertEqual(self.alice.hears(), [])

    def test_what_is_removed_cannot_be_removed_again_nor_from_elsewhere(self) -> None:
        id = self.said()
        self.bob.says("JOIN #milk", f"REDACT #milk {id}", f"REDACT #tea {id}", f"REDACT #tea {id}")
        heard = [line for line in self.bob.hears() if "REDACT" in line]
        self.assertIn(f"UNKNOWN_MSGID #milk {id}", heard[0])
        self.assertIn(f"REDACT #tea {id}", heard[1])
        self.assertIn(f"UNKNOWN_MSGID #tea {id}", heard[2])

    def test_in_private_only_the_author_may(self) -> None:
        id = self.said(target="alice")
        self.alice.says(f"REDACT bob {id}")
        self.assertIn("REDACT_FORBIDDEN", self.alice.hears()[0])
        self.bob.says(f"REDACT alice {id}")
        self.assertTrue(self.alice.hears()[0].endswith(f":bob!~bob@127.0.0.1 REDACT alice {id}"))

    def test_who_may_not_speak_may_not_edit_either(self) -> None:
        carol = self.person("carol", "tea")
        carol.says("nice")
        self.alice.says("MODE #tea +m")
        carol.hears()
        carol.says("/edit 1 buy this", "/react 1 :+1:")
        self.assertEqual(carol.hears(), ["! You may not speak in tea."] * 2)


class ReadMarkerTests(ChatTestCase):
    def test_a_mark_only_ever_goes_on(self) -> None:
        alice = self.irc("alice", "#tea", caps="draft/read-marker")
        bob = self.irc("bob", "#tea", caps="draft/read-marker")
        alice.hears()
        for given, mark in (("10", "10"), ("09", "10"), ("23", "12")):
            alice.says(f"MARKREAD #tea timestamp=2026-11-20T{given}:00:00.000Z")
            self.assertEqual(alice.hears(), [f":chat.example.org MARKREAD #tea timestamp=2026-11-20T{mark}:00:00.000Z"])
        bob.says("MARKREAD #tea")
        self.assertEqual(bob.hears(), [":chat.example.org MARKREAD #tea *"])

    def test_a_guests_marks_go_with_the_guest(self) -> None:
        alice = self.irc("alice", "#tea", caps="draft/read-marker")
        alice.says("MARKREAD #tea timestamp=2026-11-20T10:00:00.000Z")
        alice.hangs_up()
        self.assertEqual(self.factory.registry.read, {})
