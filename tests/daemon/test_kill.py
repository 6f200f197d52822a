"""The daemon is killed at random moments: what anybody was shown, and what was acknowledged, is never lost.

The system goes on, so what is held to here is that nothing is shown before it is written; that it also survives
a power failure is SQLite's promise, with `PRAGMA synchronous = FULL`.

CHAT_KILLS says how often the daemon is killed, CHAT_SEED when.
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
from contextlib import closing

from chat.core.events import Said
from tests.daemon.running import FOREGROUND, Daemon, DaemonTestCase, until
from tests.daemon.witnesses import SHOWN, Editor, Program, Sender, Whisperer, Witness

KILLS = int(os.environ.get("CHAT_KILLS", "20"))
SEED = int(os.environ.get("CHAT_SEED", "1"))


class KillTests(DaemonTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.random = random.Random(SEED)
        self.lines: list[Said] = []
        self.topic = 0
        self.answered: list[int] = []

    def test_what_was_shown_or_acknowledged_is_kept_once_and_in_order(self) -> None:
        daemon = self.daemon()
        for life in range(1, KILLS + 1):
            people = self.people(daemon, life)
            self.let_them_talk(daemon, people)
            self.check_lines()
            for person in people:
                self.assertEqual(person.refused, [])
                self.check_what_was_shown(person)
                self.check_receipts(person)
            self.check_whispers(life, people)
            daemon.start()
            self.check_over_the_wire(daemon.ready())
        self.check_all_lines()
        self.check_keys()
        self.assertEqual(daemon.stop(), 0)
        self.check_file()

    def people(self, daemon: Daemon, life: int) -> list[Witness]:
        """Some who talk and some who read, the same each time."""
        ruth, rick = Witness(daemon, "ruth", life), Witness(daemon, "rick", life)
        ruth.come()
        senders = [Sender(daemon, name, life) for name in ("ann", "ben", "cat")]
        program = Program(daemon, "program", life, self.answered)
        return [ruth, rick, *senders, program, Editor(daemon, "edgar", life), Whisperer(daemon, "wim", life)]

    def let_them_talk(self, daemon: Daemon, people: list[Witness]) -> None:
        """Until ruth has read so many lines; sometimes the daemon is just about to end in an orderly way."""
        enough = self.random.randrange(1, 400)
        for person in people:
            person.start()
        until(lambda: len(people[0].numbers) >= enough or any(p.refused for p in people), f"{enough} lines")
        if self.random.random() < 0.2:
            daemon.send(signal.SIGTERM)
        daemon.kill()
        for person in people:
            person.finish()

    # -- what must be true after each kill

    def check_lines(self) -> None:
        """The new lines go on with the next number, at a later time, and none is there already."""
        new = self.history(after=self.lines[-1].seq if self.lines else 0)
        before = len(self.lines)
        self.lines += new
        self.assertEqual([line.number for line in new], list(range(before + 1, len(self.lines) + 1)))
        self.assertEqual(len({line.text for line in self.lines}), len(self.lines))
        self.assertEqual([line.time for line in self.lines], sorted(line.time for line in self.lines))

    def check_what_was_shown(self, person: Witness) -> None:
        """Without a gap, in the order of the numbers, and as it is kept."""
        if person.numbers:
            first = person.numbers[0]
            self.assertEqual(person.numbers, list(range(first, first + len(person.numbers))))
        for number, text in person.shown.items():
            line = self.lines[number - 1]
            self.assertEqual(line.text.removesuffix(" edited") if line.revised else line.text, text)
        for number, text in person.edits.items():
            self.assertEqual(self.lines[number - 1].text, text)
        if cut := SHOWN.fullmatch(person.rest):
            self.assertTrue(self.lines[int(cut[1]) - 1].text.startswith(cut[2]), person.rest)
        self.topic = max(self.topic, person.topic)

    def check_receipts(self, person: Witness) -> None:
        """Each receipt of a sender is for the line whose turn it was."""
        if isinstance(person, Sender) and not person.prefix:
            kept = [self.lines[int(number) - 1].text for number, _ in person.receipts]
            self.assertEqual(kept, person.said[: len(person.receipts)])

    def check_whispers(self, life: int, people: list[Witness]) -> None:
        """The same for what was said in private."""
        ruth, wim = people[0], people[-1]
        assert isinstance(wim, Whisperer)
        with closing(sqlite3.connect(self.path("chat.sqlite"))) as connection:
            sql = "SELECT text FROM event WHERE kind = 'Told' AND text LIKE ? ORDER BY seq"
            kept = [text for (text,) in connection.execute(sql, (f"wim {life}.%",))]
        self.assertEqual(kept, wim.said[: len(kept)])
        self.assertEqual(ruth.told, kept[: len(ruth.told)])
        self.assertLessEqual(len(wim.receipts), len(kept))

    def check_over_the_wire(self, daemon: Daemon) -> None:
        """What a person who comes now is told of the past is the same."""
        late = daemon.person("late")
        late.says("/times off", "/topic", "/history 500")
        late.hears("* Lines have no times.\n")
        topic = late.reads_line()
        if self.topic:
            self.assertGreaterEqual(int(topic.removeprefix("* Topic of lobby: topic ").split(" ")[0]), self.topic)
        shown = late.hears(" of lobby.").splitlines()[:-1]
        marks = {"": "", "edited": " (edited)"}
        expected = [f"[{line.number} {line.by.name}{marks[line.revised]}] {line.text}" for line in self.lines[-500:]]
        self.assertEqual(shown, expected)

    # -- and in the end

    def check_all_lines(self) -> None:
        """What was there once is there as it was."""
        known, now = ([(line.number, line.id, line.text) for line in lines] for lines in (self.lines, self.history()))
        self.assertEqual(known, now)

    def check_keys(self) -> None:
        """What was sent again under the same key was said once."""
        said = [line.number for line in self.lines if line.by.name == "program"]
        self.assertEqual(said[: len(self.answered)], self.answered)
        self.assertLessEqual(len(said), len(self.answered) + 1)

    def check_file(self) -> None:
        """Neither the tables nor the words of the search are damaged."""
        with closing(sqlite3.connect(self.path("chat.sqlite"))) as connection:
            self.assertEqual(connection.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
            connection.execute("INSERT INTO search (search) VALUES ('integrity-check')")


class KillAtTheStartTests(DaemonTestCase):
    def test_a_daemon_that_was_killed_while_it_started_starts_again(self) -> None:
        chance = random.Random(SEED)
        # Twisted refuses to start beside a pid file that a kill has left empty; under systemd there is none.
        twistd = (*FOREGROUND, "--pidfile=")
        daemon = self.new_daemon("--listen", "tcp:0:interface=127.0.0.1", twistd=twistd)
        for _ in range(max(5, KILLS // 4)):
            sign = chance.choice(["starting up", "History is kept", "[LISTENING]", "Join with"])
            daemon.start()
            daemon.logs(sign)
            daemon.kill()
        daemon.start()
        daemon.ready().person("alice").says("hi")
        self.assertEqual(daemon.stop(), 0)
