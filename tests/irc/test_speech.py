"""Plain words are understood at a glance; whatever else there is to a line, it is looked at in full."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence

from chat.config import Config
from tests.talk import ChatTestCase, Person

TARGETS = ("#tea", "#TEA", "bob", "BOB", "alice", "away", "#milk", "#nowhere", "nobody", "NickServ", "@#tea")
TEXTS = (
    "hi", "two words", ":colon", " blank first", "", "\x01ACTION waves\x01", "\x01VERSION\x01", "\x02bold", "é" * 100,
    *("x" * size for size in (180, 200, 450, 460, 470, 480, 490, 500)),
)  # fmt: skip


class SameTests(ChatTestCase):
    def test_the_short_way_leads_where_the_long_one_does(self) -> None:
        """A client that may not send tags has them ignored: with one the same line takes the long way."""
        self.irc("away").says("AWAY :gone")
        self.irc("carol", "#milk")
        alice, bob, nora = self.irc("alice", "#tea"), self.irc("bob", "#tea"), self.person("nora", "tea")
        alice.hears(), bob.hears()
        for target in TARGETS:
            for text in TEXTS:
                seen = [
                    (alice.asks(f"{tag}PRIVMSG {target} :{text}"), bob.hears(), nora.hears()) for tag in ("", "@x=y ")
                ]
                self.assertEqual(seen[0], seen[1], (target, text))

    def test_who_may_not_speak_is_told_so(self) -> None:
        alice, bob = self.irc("alice", "#tea"), self.irc("bob", "#tea")
        alice.says("MODE #tea +m")
        bob.hears()
        refusal = ":chat.example.org 404 bob #tea :Cannot send to channel"
        self.assertEqual(bob.asks("PRIVMSG #tea :hi", "@x=y PRIVMSG #tea :hi"), [refusal, refusal])


#: What somebody says who says much at once.
LINES = (
    *("PRIVMSG #tea :{}",) * 8, *("PRIVMSG bob :{}",) * 5, "PRIVMSG #TEA :{}", "PRIVMSG Bob :{}", "PRIVMSG #bob :{}",
    "PRIVMSG #tea,bob :{}", "NOTICE #tea :{}", "PRIVMSG #tea :\x01ACTION {}\x01", "@+draft/x=y PRIVMSG #tea :{}",
    "@label={} PRIVMSG #tea :{}", "PRIVMSG #tea {}", "PRIVMSG #tea :{}\r", "PRIVMSG #tea :" + "long " * 60 + "{}",
    "PRIVMSG alice :{}", "PRIVMSG alice :{}", "x" * 5000, "TOPIC #tea :{}", "PING {}", "",
    "PRIVMSG tea :{}", "PRIVMSG #milk :{}", "PRIVMSG gone :{}", "PRIVMSG gone :{}", "PRIVMSG #tea :",
    *("PRIVMSG #tea :" + "y" * 475 + "{}",) * 3, "PART #tea", "JOIN #tea", "NICK alice{}", "AWAY :{}",
)  # fmt: skip


class RunTests(ChatTestCase):
    """What stands behind a line and says more to the same people is said in one go with it: nobody can tell."""

    maxDiff = None

    def scene(self, script: Sequence[str], caps: str) -> Iterator[list[str]]:
        """What everyone hears who is there while alice says the lines of each piece at once."""
        alice, bob = self.irc("alice", "#tea", "#bob", caps=caps), self.irc("bob", "#tea", "#bob")
        carol, nora = self.irc("carol", "#tea", "#milk", caps="message-tags"), self.person("nora", "tea")
        self.irc("gone").says("AWAY :back soon")
        for person in (alice, bob, carol):
            person.hears()
        for piece in script:
            alice.types(piece.encode())
            yield [line for person in (alice, bob, carol, nora) for line in ("-", *self.heard(person))]

    def heard(self, person: Person) -> list[str]:
        """What somebody has heard, without the ids that are different each time."""
        return [re.sub("msgid=[^; ]+", "msgid", line) for line in person.hears()]

    def outcome(self, script: Sequence[str], caps: str) -> list[str]:
        """All that was heard in the end, by person."""
        heard = list(self.scene(script, caps))
        columns: list[list[str]] = [[], [], [], []]
        for step in heard:
            column = -1
            for line in step:
                column += line == "-"
                columns[column] += [line] if line != "-" else []
        return [line for column in columns for line in column]

    def test_it_is_as_if_each_line_had_come_by_itself(self) -> None:
        for seed in range(40):
            dice = random.Random(seed)
            caps = dice.choice(("", "message-tags", "echo-message", "echo-message labeled-response batch message-tags"))
            lines = [dice.choice(LINES).replace("{}", str(number)) + "\n" for number in range(150)]
            self.setUp()
            apart = self.outcome(lines, caps)
            self.setUp()
            text = "".join(lines)
            cuts = sorted(dice.sample(range(len(text)), 5))
            together = self.outcome([text[a:b] for a, b in zip([0, *cuts], [*cuts, None], strict=True)], caps)
            self.assertEqual("\n".join(together), "\n".join(apart), f"seed {seed}")
            self.assertIn("PRIVMSG #tea :", "".join(apart))

    def test_what_is_said_in_one_go_is_one_run(self) -> None:
        alice, bob = self.irc("alice", "#tea"), self.irc("bob", "#tea")
        runs: list[int] = []
        publish = self.factory.router.publish_run
        self.patch(self.factory.router, "publish_run", lambda run, by: (runs.append(len(run)), publish(run, by)))
        alice.says(*(f"PRIVMSG #tea :{number}" for number in range(100)), *["PRIVMSG bob :hi"] * 3)
        self.assertEqual([line.rpartition(" ")[2] for line in bob.hears()], [*map(str, range(100)), *["hi"] * 3])
        self.assertEqual((sum(runs), runs[0], runs[-1]), (103, 64, 3))

    def test_whoever_is_refused_in_one_go_is_told_for_each(self) -> None:
        alice, bob = self.irc("alice", "#tea"), self.irc("bob", "#tea")
        alice.says("MODE #tea +m")
        bob.hears(), alice.hears()
        refusal = ":chat.example.org 404 bob #tea :Cannot send to channel"
        self.assertEqual(bob.asks(*["PRIVMSG #tea :hi"] * 3), [refusal] * 3)
        self.assertEqual(alice.hears(), [])


class FloodTests(ChatTestCase):
    config = Config(name="chat.example.org", flood="3/1")

    def test_what_is_said_in_one_go_counts_by_the_line(self) -> None:
        alice, bob = self.irc("alice", "#tea"), self.irc("bob", "#tea")
        self.pass_time(60)
        bob.hears()
        alice.says(*(f"PRIVMSG #tea :{number}" for number in range(5)))
        self.assertEqual(len(bob.hears()), 3)
        self.pass_time(1)
        self.assertEqual(len(bob.hears()), 1)
