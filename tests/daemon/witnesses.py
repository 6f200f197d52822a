"""People who talk as fast as they can and remember, in order, all that they were shown, for when the daemon is killed.

What the daemon has written is delivered by the kernel even if the daemon is killed in the same moment.  So each of
these people reads to the very end, and the history is held to all of it.
"""

from __future__ import annotations

import re
from threading import Thread

from tests.daemon.running import Daemon

#: How a line of the lobby is shown, with its number; a line in private; an edit; a topic; a receipt.
SHOWN = re.compile(r"\[(\d+) [^\]]+\] (.*)")
TOLD = re.compile(r"\[\S+ -> you\] (.*)")
EDITED = re.compile(r"(?:\[\S+ edited|\* Line) (\d+)(?:\]| is now:) (.*)")
TOPIC = re.compile(r"(?:\* \S+ changed the topic to|\* Topic of lobby): topic (\d+)")
RECEIPT = re.compile(r"\+ (\d+|-) (\S+).*")


class Witness:
    """Somebody in the lobby who only reads, in a thread of its own, until the connection ends."""

    def __init__(self, daemon: Daemon, name: str, life: int) -> None:
        self.name, self.life = name, life
        self.here = False
        self.caller = daemon.caller()
        #: The numbers of lines, in the order in which they were shown or their receipts came.
        self.numbers: list[int] = []
        self.shown: dict[int, str] = {}
        self.edits: dict[int, str] = {}
        self.told: list[str] = []
        self.topic = 0
        #: The receipts: the number of a line, or "-", and the word behind it.
        self.receipts: list[tuple[str, str]] = []
        self.refused: list[str] = []
        #: The last line, and what came of another that was cut off by the end.
        self.last, self.rest = "", ""
        self._thread = Thread(target=self._live)

    def come(self) -> None:
        """Sign in, unless that is done."""
        if self.here:
            return
        self.here = True
        self.caller.signs_in(self.name)
        self.caller.says("/times off", "/numbers on", "/ack on")
        self.caller.hears("* You get a receipt for each line.\n")

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def finish(self) -> None:
        """Wait for the end."""
        self._thread.join()

    def _live(self) -> None:
        try:
            self.come()
            self.live()
        except (EOFError, OSError):
            self.rest = self.caller.unread

    def live(self) -> None:
        """Read on and on."""
        while True:
            self.read()

    def read(self) -> None:
        """Read one line, and remember what it says; EOFError."""
        self.last = line = self.caller.reads_line()
        if match := SHOWN.fullmatch(line):
            self.numbers.append(int(match[1]))
            self.shown[int(match[1])] = match[2]
        elif match := RECEIPT.fullmatch(line):
            self.receipts.append((match[1], match[2]))
            if match[1] != "-" and match[2] != "duplicate":
                self.numbers.append(int(match[1]))
        elif match := TOLD.fullmatch(line):
            self.told.append(match[1])
        elif match := EDITED.fullmatch(line):
            self.edits[int(match[1])] = match[2]
        elif match := TOPIC.match(line):
            self.topic = int(match[1])
        elif line.startswith("! "):
            self.refused.append(line)

    def gets_receipts(self, count: int) -> None:
        """Read until there are so many receipts."""
        while len(self.receipts) < count:
            self.read()


class Sender(Witness):
    """Says lines, none of them twice, without waiting for the receipt of each."""

    prefix = ""
    #: Lines that are said at a time.
    BATCH = 20

    def __init__(self, daemon: Daemon, name: str, life: int) -> None:
        super().__init__(daemon, name, life)
        self.said: list[str] = []

    def live(self) -> None:
        while True:
            batch = [f"{self.name} {self.life}.{len(self.said) + number}" for number in range(self.BATCH)]
            self.said += batch
            self.caller.says(*(self.prefix + text for text in batch))
            self.gets_receipts(len(self.said) - self.BATCH // 2)


class Whisperer(Sender):
    """Says lines to ruth alone, who has to be there first."""

    prefix = "@ruth "


class Program(Witness):
    """Sends numbered texts under keys, one after the other, and again if it cannot know whether one arrived.

    `answered` are the numbers of the lines that it got for them, in all the lives of the daemon.
    """

    def __init__(self, daemon: Daemon, name: str, life: int, answered: list[int]) -> None:
        super().__init__(daemon, name, life)
        self.answered = answered

    def live(self) -> None:
        while True:
            count = len(self.answered)
            self.caller.says(f"/send key-{count} {self.name} {count}")
            self.gets_receipts(len(self.receipts) + 1)
            self.answered.append(int(self.receipts[-1][0]))


class Editor(Witness):
    """Says a line, changes it, and says what the room is about; then the next."""

    def live(self) -> None:
        count = 0
        while True:
            count += 1
            self.caller.says(f"{self.name} {self.life}.{count}")
            self.gets_receipts(count)
            number = int(self.receipts[-1][0])
            self.caller.says(f"/edit {number} {self.name} {self.life}.{count} edited")
            while number not in self.edits:
                self.read()
            topic = self.life * 1_000_000 + count
            self.caller.says(f"/topic topic {topic}")
            while self.topic < topic:
                self.read()
