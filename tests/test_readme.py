"""The README is true: its transcript is said to a real daemon, and every line that comes back is compared."""

from __future__ import annotations

import re
from pathlib import Path

from tests.daemon.running import ROOT, Caller, DaemonTestCase

SAID = re.compile(r"(\w+) +\| (Your name\? )?> (.*)")
SEEN = re.compile(r"(\w+) +\| (.*)")
CALLED = re.compile(r"(\w+) +\$ nc 127\.0\.0\.1 5050")

#: What differs from day to day and from machine to machine, and what stands for it.
VARIES = (
    (re.compile(r"\d{13}-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), "ID"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"), "TIME"),
    (re.compile(r"\d\d:\d\d\]"), "HH:MM]"),
)


def steady(line: str) -> str:
    """A line without what varies."""
    for pattern, stand_in in VARIES:
        line = pattern.sub(stand_in, line)
    return line


def transcript() -> list[str]:
    """The lines of the first block behind the marker."""
    text = (Path(ROOT) / "README.md").read_text("utf-8")
    block = text.partition("<!-- tests/test_readme.py")[2].split("```\n")[1]
    return [line for line in block.splitlines() if line]


class TranscriptTests(DaemonTestCase):
    def test_the_conversation_goes_as_it_stands_there(self) -> None:
        daemon = self.daemon("--name", "kettle")
        people: dict[str, Caller] = {}
        compared = 0
        for line in transcript():
            if called := CALLED.fullmatch(line):
                people[called[1]] = daemon.caller()
            elif said := SAID.fullmatch(line):
                if said[2]:
                    people[said[1]].hears(said[2])
                people[said[1]].says(said[3])
            else:
                seen = SEEN.fullmatch(line)
                assert seen, f"not a line of a transcript: {line}"
                self.assertEqual(steady(people[seen[1]].reads_line()), steady(seen[2]))
                compared += 1
        self.assertGreater(compared, 20)
        for name, person in people.items():
            self.assertEqual(person.unread, "", f"{name} has seen more than stands there")
