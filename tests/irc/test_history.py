"""What was said before, as IRC clients ask for it."""

from __future__ import annotations

import re

from tests.talk import ChatTestCase, Person

CAPS = "batch message-tags draft/chathistory"


def texts(person: Person) -> list[str]:
    """The lines between the beginning and the end of a batch, without tags."""
    lines = [line.partition(" ")[2] if line[:1] == "@" else line for line in person.hears()]
    assert " BATCH +" in lines[0] and " BATCH -" in lines[-1], lines
    return lines[1:-1]


def id_of(line: str) -> str:
    """The id of the message in a line."""
    return next(tag[6:] for tag in line[1:].partition(" ")[0].split(";") if tag.startswith("msgid="))


def without_batch(line: str) -> str:
    """A line without the tag that says in which batch it is."""
    return re.sub("^@batch=[^; ]+(; ?| )", lambda match: "@" if match[1] == ";" else "", line)


class PageTests(ChatTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.alice = self.irc("alice", "#tea", caps=CAPS + " echo-message")
        self.alice.says(*(f"PRIVMSG #tea :{number}" for number in range(8)))
        self.ids = [id_of(line) for line in self.alice.hears()]

    def page(self, request: str) -> str:
        """What was said on a page, as a word."""
        self.alice.says(f"CHATHISTORY {request}")
        return "".join(line[-1] for line in texts(self.alice))

    def test_each_subcommand_gives_its_part(self) -> None:
        third, sixth = f"msgid={self.ids[2]}", f"msgid={self.ids[5]}"
        for request, expected in (
            ("LATEST #tea * 3", "567"),
            (f"LATEST #tea {sixth} 50", "67"),
            (f"BEFORE #tea {third} 50", "01"),
            (f"BEFORE #tea {third} 1", "1"),
            (f"AFTER #tea {third} 2", "34"),
            (f"AROUND #tea {third} 1", "2"),
            (f"AROUND #tea {third} 4", "1234"),
            (f"BETWEEN #tea {third} {sixth} 1", "3"),
            (f"BETWEEN #tea {sixth} {third} 1", "4"),
            ("BEFORE #tea timestamp=2026-11-20T12:00:00.000Z 50", ""),
            ("AFTER #tea timestamp=2026-11-20T11:59:59.999Z 50", "01234567"),
        ):
            with self.subTest(request):
                self.assertEqual(self.page(request), expected)

    def test_places_are_known_by_id_or_by_time(self) -> None:
        bob = self.irc("bob", "#milk", caps=CAPS + " echo-message")
        ids = []
        for number in range(6):
            self.pass_time(60)
            bob.says(f"PRIVMSG #milk :{number}")
            ids.append(id_of(bob.hears()[0]))
        at = [f"timestamp=2026-11-20T12:{minute:02}:00.000Z" for minute in range(1, 7)]
        between = "timestamp=2026-11-20T12:03:30.000Z"
        for request, expected in (
            (f"LATEST #milk {at[1]} 50", "2345"),
            (f"LATEST #milk {between} 2", "45"),
            (f"BEFORE #milk {at[2]} 50", "01"),
            (f"BEFORE #milk {between} 1", "2"),
            (f"AFTER #milk {at[2]} 50", "345"),
            (f"AFTER #milk {between} 2", "34"),
            (f"AROUND #milk {at[2]} 1", "2"),
            (f"AROUND #milk {at[2]} 4", "1234"),
            (f"AROUND #milk {between} 3", "123"),
            (f"BETWEEN #milk {at[1]} {at[4]} 1", "2"),
            (f"BETWEEN #milk {at[4]} {at[1]} 1", "3"),
            (f"BETWEEN #milk {at[1]} msgid={ids[4]} 50", "23"),
            (f"BETWEEN #milk msgid={ids[4]} {at[1]} 1", "3"),
            (f"BETWEEN #milk {at[4]} msgid={ids[1]} 1", "3"),
            (f"BETWEEN #milk {at[2]} msgid={ids[2]} 50", ""),
            (f"BETWEEN #milk msgid={ids[2]} {at[2]} 50", ""),
        ):
            with self.subTest(request):
                bob.says(f"CHATHISTORY {request}")
                self.assertEqual("".join(line[-1] for line in texts(bob)), expected)

    def test_what_cannot_be_answered_is_refused_in_words(self) -> None:
        bob = self.irc("bob", caps=CAPS)
        for request, refusal in (
            ("LATEST #tea * 5", "INVALID_TARGET LATEST #tea :Messages could not be retrieved"),
            ("LATEST nobody * 5", "INVALID_TARGET LATEST nobody :Messages could not be retrieved"),
            ("SOMETIME #tea * 5", "INVALID_PARAMS SOMETIME :Unknown command"),
            ("LATEST #tea", "INVALID_PARAMS LATEST :Insufficient parameters"),
            ("LATEST #tea * 5 6", "INVALID_PARAMS LATEST :Too many parameters"),
            ("LATEST #tea * none", "INVALID_PARAMS LATEST none :Invalid limit"),
        ):
            with self.subTest(request):
                bob.says(f"CHATHISTORY {request}")
                self.assertEqual(bob.hears(), [f":chat.example.org FAIL CHATHISTORY {refusal}"])
        for reference, refusal in (
            ("timestamp=yesterday", "INVALID_PARAMS BEFORE yesterday :Invalid timestamp"),
            ("msgid=none", "MESSAGE_ERROR BEFORE #tea none :There is no such message"),
            ("number=3", "INVALID_MSGREFTYPE BEFORE #tea number :Messages are known by msgid or timestamp"),
        ):
            with self.subTest(reference):
                self.alice.says(f"CHATHISTORY BEFORE #tea {reference} 5")
                self.assertEqual(self.alice.hears(), [f":chat.example.org FAIL CHATHISTORY {refusal}"])

    def test_a_message_of_another_conversation_is_no_place_in_this_one(self) -> None:
        bob = self.irc("bob", "#milk", caps=CAPS)
        bob.says(f"CHATHISTORY AFTER #milk msgid={self.ids[0]} 5")
        self.assertIn("FAIL CHATHISTORY MESSAGE_ERROR AFTER #milk", bob.hears()[0])

    def test_a_page_is_full_however_much_was_removed_at_its_end(self) -> None:
        spam = self.irc("spam", "#tea", caps=CAPS + " echo-message draft/message-redaction")
        spam.says(*(f"PRIVMSG #tea :buy {number}" for number in range(120)))
        ids = [id_of(line) for line in spam.hears()]
        spam.says(*(f"REDACT #tea {id}" for id in ids))
        self.alice.hears()
        self.assertEqual(self.page("LATEST #tea * 5"), "34567")

    def test_what_was_said_is_shown_again_as_it_was_heard(self) -> None:
        said = ("word", "two words", ":)", ": )", "end ", "\x02bold\x02", "caf\xe9", "\x01ACTION waves\x01", "x" * 400)
        for number in range(2**5):
            tags = ("batch", "server-time", "message-tags", "account-tag", "labeled-response")
            wanted = [tag for place, tag in enumerate(tags) if number >> place & 1]
            room = f"#room{number}"
            alice = self.irc(f"alice{number}", room, caps="message-tags")
            bob = self.irc(f"bob{number}", room, caps=" ".join((*wanted, "draft/chathistory")))
            if "account-tag" in wanted:
                alice.says("REGISTER * * :correct horse battery", f"MODE alice{number} +B")
            bob.hears()
            alice.says(*(f"{verb} {room} :{text}" for text in said for verb in ("PRIVMSG", "NOTICE")))
            alice.says(f"@+draft/reply=x;+a=b\\: PRIVMSG {room} :tagged")
            heard = bob.hears()
            self.assertEqual(len(heard), 2 * len(said) + 1, heard)
            for label in ("", "@label=x ") if {"batch", "labeled-response"} <= {*wanted} else ("",):
                with self.subTest(wanted, label=label):
                    self.pass_time(60)
                    bob.says(f"{label}CHATHISTORY LATEST {room} * 100")
                    shown = [line for line in bob.hears() if " BATCH " not in line]
                    self.assertEqual([without_batch(line) for line in shown], heard)
                    if "batch" in wanted:
                        self.assertTrue(all("batch=" in line for line in shown))

    def test_a_label_goes_on_the_batch_itself(self) -> None:
        bob = self.irc("bob", "#tea", caps=CAPS + " labeled-response")
        bob.says("@label=x CHATHISTORY LATEST #tea * 1")
        start, line, end = bob.hears()
        self.assertRegex(start, "^@label=x :chat.example.org BATCH [+]b0 chathistory #tea$")
        self.assertTrue(line.startswith("@batch=b0;msgid="))
        self.assertEqual(end, ":chat.example.org BATCH -b0")


class PlaybackTests(ChatTestCase):
    def test_an_edited_line_is_shown_as_it_is_now_and_its_author_as_it_was(self) -> None:
        carol = self.person("carol", "tea")
        carol.says("helo", "s/helo/hello/")
        alice = self.irc("alice", "#tea", caps=CAPS)
        alice.says("CHATHISTORY LATEST #tea * 5")
        self.assertEqual(texts(alice), [":carol!people@chat PRIVMSG #tea hello"])

    def test_comings_and_goings_only_with_event_playback(self) -> None:
        alice = self.irc("alice", "#tea", caps=CAPS)
        bob = self.irc("bob", "#tea", caps="message-tags")
        bob.says("TOPIC #tea :x", "PRIVMSG #tea :hi", "PART #tea")
        alice.says("TOPIC #tea :Assam", "MODE #tea +m")
        alice.hears()
        alice.says("CHATHISTORY LATEST #tea * 50")
        self.assertEqual(texts(alice), [":bob!~bob@127.0.0.1 PRIVMSG #tea hi"])
        alice.says("CAP REQ draft/event-playback")
        alice.hears()
        alice.says("CHATHISTORY LATEST #tea * 50")
        verbs = [line.split()[1] for line in texts(alice)]
        self.assertEqual(verbs, ["JOIN", "JOIN", "PRIVMSG", "PART", "TOPIC", "MODE"])

    def test_a_private_conversation_can_be_read_when_the_other_one_is_gone(self) -> None:
        alice, bob = self.irc("alice", caps=CAPS), self.irc("bob")
        alice.says("PRIVMSG bob :hi")
        bob.says("PRIVMSG alice :ho", "QUIT")
        bob.hangs_up()
        alice.hears()
        alice.says("CHATHISTORY LATEST bob * 5")
        self.assertEqual(
            texts(alice), [":alice!~alice@127.0.0.1 PRIVMSG bob hi", ":bob!~bob@127.0.0.1 PRIVMSG alice ho"]
        )

    def test_who_takes_a_name_over_cannot_read_what_was_said_to_it(self) -> None:
        alice, bob = self.irc("alice", caps=CAPS), self.irc("bob")
        alice.says("PRIVMSG bob :secret")
        bob.hangs_up()
        bob = self.irc("bob", caps=CAPS)
        bob.says("CHATHISTORY LATEST alice * 5")
        self.assertEqual(texts(bob), [])

    def test_targets_are_listed_by_the_time_of_what_was_said_last(self) -> None:
        alice, bob = self.irc("alice", "#tea", caps=CAPS), self.irc("bob", "#tea")
        for line in ("PRIVMSG #tea :one", "PRIVMSG alice :two"):
            self.pass_time(60)
            bob.says(line)
        alice.hears()
        alice.says("CHATHISTORY TARGETS timestamp=2026-11-20T12:00:00Z timestamp=2026-11-20T13:00:00Z 5")
        self.assertEqual(
            texts(alice),
            [
                ":chat.example.org CHATHISTORY TARGETS #tea 2026-11-20T12:01:00.000Z",
                ":chat.example.org CHATHISTORY TARGETS bob 2026-11-20T12:02:00.000Z",
            ],
        )

    def test_clients_made_for_zncs_playback_get_their_conversations(self) -> None:
        alice, bob = self.irc("alice", "#tea", caps=CAPS), self.irc("bob", "#tea")
        for line in ("PRIVMSG #tea :one", "PRIVMSG alice :two", "PRIVMSG #tea :three"):
            self.pass_time(60)
            bob.says(line)
        alice.hears()
        alice.says("PRIVMSG *playback :play * 1795176090.5")
        heard = [line.rpartition(" ")[2] for line in alice.hears() if "PRIVMSG" in line]
        self.assertEqual(heard, ["three", "two"])
        alice.says("PRIVMSG *playback :play #tea 0 1795176180")
        self.assertEqual(texts(alice), [":bob!~bob@127.0.0.1 PRIVMSG #tea one"])
