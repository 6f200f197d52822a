"""Messages of several lines, between clients that know them and everyone else."""

from __future__ import annotations

from tests.talk import ChatTestCase

CAPS = "batch message-tags draft/multiline"


def batch(*lines: str, tags: str = "", target: str = "#tea") -> list[str]:
    """A batch as a client sends it; a line that begins with + goes on where the one before ended."""
    inner = [
        f"@batch=1;draft/multiline-concat PRIVMSG {target} :{line[1:]}" if line[:1] == "+"
        else f"@batch=1 PRIVMSG {target} :{line}"
        for line in lines
    ]  # fmt: skip
    return [f"{tags}BATCH +1 draft/multiline {target}", *inner, "BATCH -1"]


class MultilineTests(ChatTestCase):
    def test_each_sees_it_as_it_can(self) -> None:
        alice, bob = self.irc("alice", "#tea", caps=CAPS), self.irc("bob", "#tea", caps=CAPS)
        plain, carol = self.irc("plain", "#tea"), self.person("carol", "tea")
        for person in (alice, bob):
            person.hears()
        alice.says(*batch("one", "", "two ", "+three"))
        self.assertEqual(alice.hears(), [])
        start, *inner, end = bob.hears()
        ref = start.split("+")[1].split()[0]
        self.assertEqual(start, f"@msgid={ref} :alice!~alice@127.0.0.1 BATCH +{ref} draft/multiline #tea")
        self.assertEqual(
            [line.replace(ref, "1") for line in (*inner, end)],
            [
                "@batch=1 :alice!~alice@127.0.0.1 PRIVMSG #tea one",
                "@batch=1 :alice!~alice@127.0.0.1 PRIVMSG #tea :",
                "@batch=1 :alice!~alice@127.0.0.1 PRIVMSG #tea :two ",
                "@batch=1;draft/multiline-concat :alice!~alice@127.0.0.1 PRIVMSG #tea three",
                ":alice!~alice@127.0.0.1 BATCH -1",
            ],
        )
        self.assertEqual([line.partition("#tea ")[2] for line in plain.hears()[-3:]], ["one", ":two ", "three"])
        self.assertEqual(carol.hears()[-3:], ["[12:00] alice: one", "[12:00] alice: ", "[12:00] alice: two three"])

    def test_no_line_of_a_text_looks_like_the_servers(self) -> None:
        alice, carol = self.irc("alice", "#tea", caps=CAPS), self.person("carol", "tea")
        bob = self.person("bob")
        carol.says("/times off")
        carol.hears()
        alice.says(*batch("hi", "* Server is restarting", "! Not sent"))
        self.assertEqual(carol.hears(), ["[alice] hi", "[alice] * Server is restarting", "[alice] ! Not sent"])
        alice.says(*batch("\x01ACTION waves", "! and bows\x01"))
        self.assertEqual(carol.hears(), ["[* alice waves]", "[* alice ! and bows]"])
        alice.says(*batch("one", "* two", target="bob"))
        self.assertEqual(bob.hears(), ["[12:00] alice -> you: one", "[12:00] alice -> you: * two"])
        carol.says("/reply 1 yes", "/react 1 :+1:")
        plain = self.irc("plain", "#tea")
        carol.says("/reply 1 no")
        self.assertEqual(
            plain.hears(), [':carol!people@chat PRIVMSG #tea :(re alice "hi * Server is restarting ! Not sent") no']
        )

    def test_a_line_longer_than_irc_has_is_cut_at_blanks_and_nothing_is_lost(self) -> None:
        alice, plain = self.irc("alice", "#tea", caps=CAPS), self.irc("plain", "#tea")
        carol = self.person("carol", "tea")
        alice.hears()
        plain.hears()
        text = " ".join(f"wörd{number}" for number in range(300))
        carol.says(text)
        lines = plain.hears()
        self.assertTrue(all(len(line.encode()) <= 510 for line in lines))
        self.assertEqual("".join(line.partition("#tea :")[2] for line in lines), text)
        start, *inner, _ = alice.hears()
        self.assertIn("draft/multiline #tea", start)
        self.assertEqual("".join(line.partition("#tea :")[2] for line in inner), text)
        self.assertEqual(sum("draft/multiline-concat" in line for line in inner), len(inner) - 1)

    def test_history_shows_it_as_one_again(self) -> None:
        alice = self.irc("alice", "#tea", caps=CAPS)
        alice.says(*batch("one", "two ", "+three"))
        alice.says("CHATHISTORY LATEST #tea * 5")
        lines = [line.partition(" ")[2] if line[:1] == "@" else line for line in alice.hears()]
        self.assertEqual([line.split()[1] for line in lines], ["BATCH", "BATCH", *["PRIVMSG"] * 3, "BATCH", "BATCH"])

    def test_a_batch_that_is_wrong_is_refused_once_under_its_label(self) -> None:
        alice, bob = self.irc("alice", "#tea", caps=CAPS + " labeled-response"), self.irc("bob", "#tea")
        alice.hears()
        alice.says(*batch("one", *["+" + "x" * 400] * 12, tags="@label=z "))
        self.assertEqual(
            alice.hears(),
            ["@label=z :chat.example.org FAIL BATCH MULTILINE_MAX_BYTES 4096 :More than 4,096 bytes. Not sent."],
        )
        alice.says(*batch("", ""))
        self.assertIn("FAIL BATCH MULTILINE_INVALID", alice.hears()[0])
        alice.says("BATCH +1 draft/multiline #tea", "@batch=1 PRIVMSG #milk :x", "BATCH -1", "PRIVMSG #tea :fine")
        self.assertEqual(
            alice.hears(),
            [":chat.example.org FAIL BATCH MULTILINE_INVALID_TARGET #tea #milk :Invalid multiline target"],
        )
        self.assertEqual(bob.hears(), [":alice!~alice@127.0.0.1 PRIVMSG #tea fine"])

    def test_the_echo_carries_the_label_where_the_batch_begins(self) -> None:
        alice = self.irc("alice", "#tea", caps=CAPS + " labeled-response echo-message")
        alice.says(*batch("one", "two", tags="@label=z "))
        heard = alice.hears()
        self.assertEqual([("label=z" in line) for line in heard], [True, False, False, False])
