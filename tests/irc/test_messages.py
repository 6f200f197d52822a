"""Messages on IRC: labelled answers, echoes that mean "on disk", tags, typing."""

from __future__ import annotations

import re

from tests.talk import ChatTestCase, HeldHistory, Person

ALICE, BOB = (f":{name}!~{name}@127.0.0.1" for name in ("alice", "bob"))
SERVER = ":chat.example.org"
LABELS = "batch labeled-response"


def untimed(lines: list[str]) -> list[str]:
    """Lines without the tags that are different each time."""
    return [re.sub(r"(time|msgid)=[^; ]*;?", "", line) for line in lines]


class LabelTests(ChatTestCase):
    def test_one_line_carries_the_label_itself(self) -> None:
        alice = self.irc("alice", caps=LABELS)
        alice.says("@label=a PING x")
        self.assertEqual(alice.hears(), [f"@label=a {SERVER} PONG chat.example.org x"])

    def test_several_lines_are_a_batch(self) -> None:
        alice = self.irc("alice", caps=LABELS)
        alice.says("@label=a JOIN #tea")
        first, *lines, last = alice.hears()
        batch = re.fullmatch(rf"@label=a {SERVER} BATCH \+(\w+) labeled-response", first)
        assert batch is not None
        self.assertEqual(last, f"{SERVER} BATCH -{batch[1]}")
        self.assertEqual([line.split()[2] for line in lines], ["JOIN", "353", "366"])
        self.assertTrue(all(line.startswith(f"@batch={batch[1]} ") for line in lines))

    def test_nothing_to_say_is_acknowledged(self) -> None:
        alice = self.irc("alice", "#tea", caps=LABELS)
        alice.says("@label=a PONG x", "@label=b PRIVMSG #tea :hi")
        self.assertEqual(alice.hears(), [f"@label=a {SERVER} ACK", f"@label=b {SERVER} ACK"])

    def test_every_refusal_carries_it(self) -> None:
        alice = self.irc("alice", caps=LABELS)
        alice.says("@label=a PRIVMSG nobody :hi", "@label=b NOTHING", "@label=c TOPIC", f"@label=d {'x' * 511}")
        alice.types(b"@label=e PRIVMSG alice :\xff\n")
        self.assertEqual(
            [line.rpartition(" :")[0] for line in alice.hears()],
            [
                f"@label=a {SERVER} 401 alice nobody",
                f"@label=b {SERVER} 421 alice NOTHING",
                f"@label=c {SERVER} 461 alice TOPIC",
                f"@label=d {SERVER} 417 alice",
                f"@label=e {SERVER} FAIL PRIVMSG INVALID_UTF8",
            ],
        )

    def test_others_do_not_see_it(self) -> None:
        alice, bob = self.irc("alice", "#tea", caps=LABELS), self.irc("bob", "#tea", caps=LABELS + " message-tags")
        alice.hears()
        alice.says("@label=a PRIVMSG #tea :hi")
        self.assertEqual(untimed(bob.hears()), [f"@ {ALICE} PRIVMSG #tea hi"])

    def test_what_one_says_to_oneself_comes_twice_and_one_is_labelled(self) -> None:
        alice = self.irc("alice", caps=LABELS + " echo-message")
        for line in ("PRIVMSG alice :hi", "NOTICE alice :hi"):
            alice.says(f"@label=a {line}", line)
            labelled = [seen.startswith("@label=a ") for seen in alice.hears()]
            self.assertEqual(sorted(labelled), [False, False, False, True])

    def test_it_is_nothing_without_the_capability(self) -> None:
        alice = self.irc("alice")
        alice.says("@label=a PING x")
        self.assertEqual(alice.hears(), [f"{SERVER} PONG chat.example.org x"])

    def test_what_was_sent_before_and_is_read_after_it_comes_first(self) -> None:
        """Of two connections that can be read in one turn nobody knows which was written to first."""
        alice, bob = self.irc("alice"), self.irc("bob")
        bob.connection.dataReceived(b"PING x\r\n")
        alice.connection.dataReceived(b"PRIVMSG bob :hello\r\n")
        self.pass_time(0)
        self.assertEqual(bob.hears(), [f"{ALICE} PRIVMSG bob hello", f"{SERVER} PONG chat.example.org x"])


class EchoTests(ChatTestCase):
    history_class = HeldHistory

    def test_an_echo_means_that_it_is_on_disk(self) -> None:
        alice, bob = self.irc("alice", "#tea", caps="echo-message"), self.irc("bob", "#tea")
        alice.hears()
        self.history.holding = True
        alice.says("PRIVMSG #tea :one", "PRIVMSG #tea :two")
        self.assertEqual((alice.hears(), bob.hears()), ([], []))
        self.history.let_go()
        self.pass_time(0)
        said = [f"{ALICE} PRIVMSG #tea one", f"{ALICE} PRIVMSG #tea two"]
        self.assertEqual((alice.hears(), bob.hears()), (said, said))

    def test_what_could_not_be_written_is_not_echoed_and_nobody_hears_it(self) -> None:
        alice, bob = self.irc("alice", "#tea", caps="echo-message " + LABELS), self.irc("bob", "#tea")
        alice.hears()
        self.history.holding = True
        alice.says("@label=a PRIVMSG #tea :one")
        self.history.fail("disk full")
        self.pass_time(0)
        self.assertEqual(
            alice.hears(), [f"@label=a {SERVER} FAIL PRIVMSG NOT_STORED :Not stored: disk full. Not sent."]
        )
        self.assertEqual(bob.hears(), [])

    def test_a_failed_change_of_name_of_a_channel_is_taken_back(self) -> None:
        alice = self.irc("alice", "#tea", caps="draft/channel-rename")
        alice.says("PRIVMSG #tea :kept")
        self.history.holding = True
        alice.says("RENAME #tea #coffee")
        self.history.fail("disk full")
        self.pass_time(0)
        self.assertIn("NOT_STORED", alice.reads())
        self.history.holding = False
        alice.says("NAMES #tea", "NAMES #coffee")
        self.assertEqual(
            [line.split(" :")[0] for line in alice.hears()],
            [f"{SERVER} 353 alice = #tea @alice", f"{SERVER} 366 alice #tea", f"{SERVER} 366 alice #coffee"],
        )


class TagTests(ChatTestCase):
    def test_client_tags_go_to_those_who_know_tags_and_no_others(self) -> None:
        alice = self.irc("alice", "#tea", caps="message-tags")
        bob, carol = self.irc("bob", "#tea", caps="message-tags"), self.irc("carol", "#tea")
        alice.says(r"@+play=a\:b\sc;not=this;+again=1;+again=2 PRIVMSG #tea :hi")
        self.assertEqual(untimed(bob.hears())[-1], rf"@+play=a\:b\sc;+again=2 {ALICE} PRIVMSG #tea hi")
        self.assertEqual(carol.hears(), [f"{ALICE} PRIVMSG #tea hi"])

    def test_typing_reaches_those_who_know_tags_and_is_not_kept(self) -> None:
        alice, bob = self.irc("alice", "#tea", caps="message-tags"), self.irc("bob", "#tea", caps="message-tags")
        carol, nc = self.irc("carol", "#tea"), self.person("dave", "tea")
        for person in (alice, bob, carol):
            person.hears()
        alice.says("@+typing=active TAGMSG #tea", "@+typing=done TAGMSG bob", "TAGMSG #tea", "@not=this TAGMSG #tea")
        self.assertEqual(
            untimed(bob.hears()), [f"@+typing=active {ALICE} TAGMSG #tea", f"@+typing=done {ALICE} TAGMSG bob"]
        )
        self.assertEqual((alice.hears(), carol.hears(), nc.hears()), ([], [], []))

    def test_typing_is_echoed_to_who_asked_for_echoes(self) -> None:
        alice = self.irc("alice", "#tea", caps="message-tags echo-message")
        alice.says("@+typing=active TAGMSG #tea")
        self.assertEqual(untimed(alice.hears()), [f"@+typing=active {ALICE} TAGMSG #tea"])

    def test_tags_for_operators_are_for_operators(self) -> None:
        alice, bob = self.irc("alice", "#tea", caps="message-tags"), self.irc("bob", "#tea", caps="message-tags")
        carol = self.irc("carol", "#tea", caps="message-tags")
        bob.says("@+typing=active TAGMSG @#tea")
        self.assertEqual(untimed(alice.hears())[-1], f"@+typing=active {BOB} TAGMSG @#tea")
        self.assertNotIn("TAGMSG", carol.reads())

    def test_too_many_tags(self) -> None:
        alice = self.irc("alice", "#tea", caps="message-tags echo-message")
        alice.says(f"@+a={'b' * 4091} TAGMSG #tea", f"@+a={'b' * 4092} TAGMSG #tea")
        first, second = alice.hears()
        self.assertIn("TAGMSG #tea", first)
        self.assertEqual(second, f"{SERVER} 417 alice :Input line was too long")


class LineTests(ChatTestCase):
    def test_512_bytes_with_the_line_end(self) -> None:
        alice = self.irc("alice")
        alice.types(b"PING " + b"x" * 505 + b"\r\n")
        self.assertIn("PONG", alice.reads())
        alice.types(b"PING " + b"x" * 506 + b"\r\n")
        self.assertEqual(alice.hears(), [f"{SERVER} 417 alice :Input line was too long"])

    def test_a_line_longer_than_any_may_be_is_skipped_and_an_endless_one_is_the_end(self) -> None:
        alice = self.irc("alice")
        alice.types(b"x" * 10_000 + b"\n")
        self.assertEqual(alice.hears(), [f"{SERVER} 417 alice :Input line was too long"])
        alice.types(b"x" * 17_000 + b"\n")
        self.assertIn("ERROR", alice.reads())
        self.assertTrue(alice.is_gone)

    def test_a_long_topic_of_people_with_nc_is_cut(self) -> None:
        alice, nc = self.irc("alice", "#lobby"), self.person("bob")
        alice.hears()
        nc.says("/topic " + "é" * 1000)
        alice.says("TOPIC #lobby")
        self.assertLessEqual(max(len(line.encode()) for line in alice.hears()), 510)


class FloodTests(ChatTestCase):
    def test_what_comes_too_fast_waits(self) -> None:
        self.configure(flood="5/1")
        alice = self.irc_connects()
        alice.says("NICK alice", "USER alice 0 * :Alice", *(f"PING {number}" for number in range(6)))
        self.assertEqual([line.split()[-1] for line in alice.hears() if "PONG" in line], ["0", "1", "2"])
        self.pass_time(2)
        self.assertEqual([line.split()[-1] for line in alice.hears()], ["3", "4"])


class SlowReaderTests(ChatTestCase):
    def test_who_did_not_read_is_shown_what_was_missed(self) -> None:
        alice, bob = self.irc("alice", "#tea"), self.irc("bob", "#tea")
        bob.connection.outlet.pauseProducing()
        for start in range(0, 1000, 50):
            alice.says(*(f"PRIVMSG #tea :{number} {'x' * 100}" for number in range(start, start + 50)))
        bob.connection.outlet.resumeProducing()
        self.pass_time(0)
        found = [int(line.split(" :")[1].split()[0]) for line in bob.hears() if "PRIVMSG" in line]
        self.assertEqual(found, list(range(1000)))
        alice.says("PRIVMSG #tea :live")
        self.assertEqual(bob.hears(), [f"{ALICE} PRIVMSG #tea live"])


class PasswordTests(ChatTestCase):
    def comes(self, *lines: str) -> Person:
        self.configure(password="secret")
        person = self.irc_connects()
        person.says(*lines, "NICK alice", "USER alice 0 * :Alice")
        return person

    def test_the_password_of_the_server(self) -> None:
        self.assertIn(" 001 alice ", self.comes("PASS secret").reads())

    def test_a_wrong_one_or_none(self) -> None:
        for lines in (["PASS wrong"], []):
            person = self.comes(*lines)
            self.assertEqual(
                person.hears(), [f"{SERVER} 464 alice :Password incorrect", "ERROR :Bad password"]
            )
            self.assertTrue(person.is_gone)


class CapabilityTests(ChatTestCase):
    def test_what_is_offered_no_more_is_taken_away_and_what_is_new_is_told(self) -> None:
        alice, bob = self.irc_connects(), self.irc("bob", caps="away-notify setname cap-notify")
        alice.says("CAP LS 302", "CAP REQ :setname", "NICK alice", "USER alice 0 * :Alice", "CAP END")
        alice.hears()
        self.configure(without=("setname", "draft/multiline"))
        self.factory.reconfigure(self.factory.config)
        self.pass_time(0)
        self.assertEqual(alice.hears(), [f"{SERVER} CAP alice DEL :draft/multiline setname"])
        bob.hears()
        bob.says("CAP LIST", "CAP REQ :setname")
        self.assertEqual(
            bob.hears(), [f"{SERVER} CAP bob LIST :away-notify cap-notify", f"{SERVER} CAP bob NAK setname"]
        )
        self.configure(without=())
        self.factory.reconfigure(self.factory.config)
        self.pass_time(0)
        (line,) = alice.hears()
        self.assertRegex(line, rf"^{SERVER} CAP alice NEW :draft/multiline=max-bytes=\d+,max-lines=\d+ setname$")

    def test_who_did_not_ask_is_not_told(self) -> None:
        alice = self.irc("alice", caps="setname")
        self.configure(without=("setname",))
        self.factory.reconfigure(self.factory.config)
        self.assertEqual(alice.hears(), [])

    def test_isupport_before_and_after(self) -> None:
        alice = self.irc_connects()
        alice.says("ISUPPORT", "CAP REQ :batch draft/extended-isupport", "ISUPPORT")
        lines = alice.hears()
        self.assertIn(" 451 ", lines[0])
        batch = re.fullmatch(rf"{SERVER} BATCH \+(\w+) draft/isupport", lines[2])
        assert batch is not None
        self.assertTrue(all(line.startswith(f"@batch={batch[1]} {SERVER} 005 * ") for line in lines[3:-1]))
        self.assertEqual(lines[-1], f"{SERVER} BATCH -{batch[1]}")


class ProgramTests(ChatTestCase):
    """CTCP: what one program asks another, https://modern.ircdocs.horse/ctcp."""

    def test_it_reaches_programs_and_is_not_shown_to_people(self) -> None:
        alice, bob, carol = self.irc("alice", "#tea"), self.irc("bob", "#tea"), self.person("carol", "tea")
        alice.hears(), bob.hears()
        alice.says("PRIVMSG #tea :\x01PING 1\x01", "PRIVMSG carol :\x01VERSION\x01", "NOTICE bob :\x01TIME now\x01")
        asked = ["PRIVMSG #tea :\x01PING 1\x01", "NOTICE bob :\x01TIME now\x01"]
        self.assertEqual(bob.hears(), [f":alice!~alice@127.0.0.1 {line}" for line in asked])
        self.assertEqual(carol.hears(), [])
        alice.says("PRIVMSG #tea :\x01ACTION sips\x01")
        self.assertEqual(carol.hears(), ["[12:00] * alice sips"])

    def test_it_is_not_asked_again_from_the_history(self) -> None:
        alice = self.irc("alice", "#tea")
        alice.says("PRIVMSG #tea :\x01PING 1\x01", "PRIVMSG #tea :hello")
        bob = self.irc("bob", caps="draft/chathistory")
        heard = bob.asks("JOIN #tea", "CHATHISTORY LATEST #tea * 10")
        self.assertEqual([line for line in heard if "PRIVMSG" in line], [":alice!~alice@127.0.0.1 PRIVMSG #tea hello"])
