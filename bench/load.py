"""The load: people in one room, one of whom speaks, and every byte that the others hear is checked.

`fanout.py` runs this as a process of its own and reads one JSON object from it.  It uses plain sockets and
epoll, and never looks at a line: all listeners must hear the same bytes, so each chunk is compared with the
place of the expected stream that its listener has come to.  A line that is lost, repeated, changed or out of
order is a byte that differs, or, at the end, a listener that is behind or ahead.  Then the load says which
one, and fails.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import select
import socket
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

#: What is said behind the number of a line: 80 bytes with it, and words, since words are indexed.
WORDS = b"the kettle is on again, who would like a cup of tea and a slice of cake"
#: Lines after which the numbers begin anew; far more than can be in flight, so a line is never taken for another.
CYCLE = 10_000
#: Bytes that are read at a time.
READ = 65_536
#: Seconds of silence, while something is awaited, after which the server is given up.
PATIENCE = 60
#: People who sign in at the same time.
AT_ONCE = 32
#: Connections from one source address: fewer than a system has ports for it.
PER_ADDRESS = 20_000
#: A Linux socket option that Python names only since 3.12: the port is chosen when the connection is made.
IP_BIND_ADDRESS_NO_PORT = 24
#: Connections that sign in before memory is first looked at, so that what all share is there.  They come one
#: after the other: CPython lets objects share the keys of their attributes only if the first ones of a class
#: are given all of them before there are 30 or so.  In a crowd that is chance, and worth up to 0.9 KiB each.
FIRST = 50
#: Seconds for a server to finish what it does after the last byte, before its CPU time is read.
MOMENT = 0.05

#: What the server says, and what is answered then.
Dialogue = Sequence[tuple[bytes, bytes]]


class Wire(NamedTuple):
    """How to talk to a kind of server.

    `sign_in` ends when one is in the room and sees lines as `[name] text`; `NAME` stands for the name.
    `afterwards` is said when all have heard everything, and its end is when the server has nothing left to
    do for the lines.  `notices` is how many seconds after the last one came people may still be told of it.
    """

    sign_in: Dialogue
    afterwards: Dialogue = ()
    notices: float = 0.3


SIGN_IN = ((b"Your name? ", b"NAME\n"), (b"* Hello ", b"/times off\n"), (b"* Lines have no times.", b""))

WIRES = {
    "bare": Wire(((b"Your name?\n", b"NAME\n"), (b"Hello ", b""))),
    # Comings in a big room are counted for 10 s.  A search first indexes the lines that it has not seen.
    "daemon": Wire(SIGN_IN, ((b"", b"/search nosuchword\n"), (b"nosuchword", b"")), notices=11),
    "daemon in memory": Wire(SIGN_IN, notices=11),
}


class Wrong(Exception):
    """The server did not do what it has to; the text is a sentence."""


@dataclass
class Fanout:
    """What a measured part came to; times in seconds, `later` is the CPU time after all had heard everything."""

    lines: int
    deliveries: int
    seconds: float
    cpu: float
    later: float
    own_cpu: float


# -- the server's process


def cpu_of(pid: int) -> float:
    """Seconds of CPU that all threads of a process have used; by the tick where the kernel keeps no schedstat."""
    tasks = Path(f"/proc/{pid}/task")
    if Path(f"/proc/{pid}/schedstat").exists():
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks.iterdir()) / 1e9
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def memory_of(pid: int) -> int:
    """KiB of a process that are in memory."""
    status = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith("VmRSS:"))


# -- the people


class Member:
    """One connection: its socket, its name, and how many bytes of the speech it has heard."""

    __slots__ = ("socket", "name", "step", "inbox", "heard")

    def __init__(self, port: int, number: int) -> None:
        self.socket = connect(port, f"127.0.0.{1 + number // PER_ADDRESS}")
        self.name = b"m%05d" % number
        self.step = 0
        self.inbox = b""
        self.heard = 0

    def read(self) -> bytes:
        """What has come; Wrong if the server has closed the connection."""
        try:
            chunk = self.socket.recv(READ)
        except OSError as error:
            raise Wrong(f"The connection of {self.name.decode()} broke: {error}.") from None
        if not chunk:
            raise Wrong(f"The server closed the connection of {self.name.decode()}.")
        return chunk

    def go_on(self, dialogue: Dialogue, chunk: bytes = b"") -> bool:
        """Answer what has come; whether the dialogue is at its end."""
        self.inbox += chunk
        while self.step < len(dialogue) and dialogue[self.step][0] in self.inbox:
            answer = dialogue[self.step][1].replace(b"NAME", self.name)
            self.step += 1
            self.inbox = b""
            self.socket.sendall(answer)
        return self.step == len(dialogue)


def connect(port: int, source: str) -> socket.socket:
    """A connection to the server from an address of this machine."""
    made = socket.socket()
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    made.setsockopt(socket.IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1)
    made.bind((source, 0))
    made.connect(("127.0.0.1", port))
    return made


class Room:
    """Everyone who is in the room; the first is the one who speaks."""

    def __init__(self, port: int, wire: Wire) -> None:
        self.port, self.wire = port, wire
        self.poll = select.epoll()
        self.members: dict[int, Member] = {}

    def told(self, seconds: float) -> list[Member]:
        """The members to whom something was said, waiting no longer than `seconds`."""
        return [self.members[fd] for fd, _ in self.poll.poll(seconds)]

    def awaited(self) -> list[Member]:
        """The members to whom something was said; Wrong if nobody is told anything."""
        told = self.told(PATIENCE)
        if not told:
            raise Wrong(f"The server was silent for {PATIENCE} s, while it had something to say.")
        return told

    def grow(self, people: int, at_once: int = AT_ONCE) -> None:
        """Have so many people in the room; no more than `at_once` sign in at the same time."""
        coming: set[Member] = set()
        while coming or len(self.members) < people:
            while len(coming) < at_once and len(self.members) < people:
                coming.add(self._open())
            for member in self.awaited():
                chunk = member.read()
                if member in coming and member.go_on(self.wire.sign_in, chunk):
                    coming.remove(member)
        self._let_pass(self.wire.notices)

    def _open(self) -> Member:
        member = Member(self.port, len(self.members))
        self.members[member.socket.fileno()] = member
        self.poll.register(member.socket.fileno(), select.EPOLLIN)
        return member

    def _let_pass(self, seconds: float) -> None:
        """Let time pass, and what is said meanwhile."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            for member in self.told(left):
                member.read()


# -- the speech


class Speech:
    """What the first in the room says, and how far the others have heard it."""

    def __init__(self, room: Room, window: int) -> None:
        self.room, self.window = room, window
        self.speaker, *self.listeners = room.members.values()
        lines = [b"%08d %s\n" % (number, WORDS) for number in range(CYCLE)]
        head = b"[" + self.speaker.name + b"] "
        self.text = b"".join(lines)
        self.shown = b"".join(head + line for line in lines)
        self.expected = self.shown + self.shown[:READ]
        #: Lines that were said, and lines that everyone has heard.
        self.said = self.heard = 0
        #: For the lines in flight, by their number modulo this length: how many listeners have heard just so many.
        self.standing = [0] * (window + 1)
        self.standing[0] = len(self.listeners)

    def go_on(self, seconds: float) -> None:
        """Speak for so long, then wait until everyone has heard everything."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._say()
            self._hear()
        while self.heard < self.said:
            self._hear()
        for member in self.room.told(MOMENT):
            raise Wrong(f"{member.name.decode()} heard more than was said: {member.read()[:200]!r}.")
        if any(member.heard * CYCLE != self.said * len(self.shown) for member in self.listeners):
            raise Wrong("Somebody heard more or less than was said.")

    def _say(self) -> None:
        """As many lines as the window lets."""
        length = len(self.text) // CYCLE
        while self.said < self.heard + self.window:
            start = self.said % CYCLE
            count = min(self.heard + self.window - self.said, CYCLE - start)
            self.speaker.socket.sendall(self.text[start * length : (start + count) * length])
            self.said += count

    def _hear(self) -> None:
        """What has come to the listeners, compared with what should have."""
        expected, cycle, standing, ring = self.expected, len(self.shown), self.standing, len(self.standing)
        length = cycle // CYCLE
        for member in self.room.awaited():
            chunk = member.read()
            before = member.heard
            if member is self.speaker or not expected.startswith(chunk, before % cycle):
                raise self._misheard(member, chunk)
            member.heard = after = before + len(chunk)
            standing[before // length % ring] -= 1
            standing[after // length % ring] += 1
        while self.heard < self.said and not standing[self.heard % ring]:
            self.heard += 1

    def _misheard(self, member: Member, chunk: bytes) -> Wrong:
        """Wrong, from the first byte on that differs; the speaker should hear nothing."""
        start = member.heard % len(self.shown)
        expected = b"" if member is self.speaker else self.expected[start : start + len(chunk)]
        same = alike(chunk, expected)
        line = (member.heard + same) * CYCLE // len(self.shown)
        heard, right = chunk[same : same + 120], expected[same : same + 120]
        return Wrong(f"{member.name.decode()} heard, in line {line:,}: {heard!r} instead of {right!r}.")

    def measure(self, pid: int, seconds: float) -> Fanout:
        """Speak for so long, and see what that costs the process `pid`."""
        lines, cpu, own_cpu, start = self.said, cpu_of(pid), time.process_time(), time.monotonic()
        self.go_on(seconds)
        end, own_end = time.monotonic() - MOMENT, time.process_time()
        heard = cpu_of(pid)
        self.finish()
        lines = self.said - lines
        deliveries = lines * len(self.listeners)
        return Fanout(lines, deliveries, end - start, heard - cpu, cpu_of(pid) - heard, own_end - own_cpu)

    def finish(self) -> None:
        """Wait until the server has nothing left to do for the lines."""
        self.speaker.step = 0
        done = self.speaker.go_on(self.room.wire.afterwards)
        while not done:
            for member in self.room.awaited():
                if member is not self.speaker:
                    raise self._misheard(member, member.read())
                done = member.go_on(self.room.wire.afterwards, member.read())
        time.sleep(MOMENT)


def alike(one: bytes, other: bytes) -> int:
    """How many bytes from the start on are the same."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def idle(room: Room, pid: int, steps: Sequence[int]) -> list[float]:
    """How many KiB the process `pid` has grown for each of so many more connections, at each step."""
    room.grow(FIRST, at_once=1)
    before = memory_of(pid)
    grown = []
    for people in steps:
        room.grow(FIRST + people)
        grown.append((memory_of(pid) - before) / people)
    return grown


def numbers(text: str) -> list[int]:
    """Whole numbers above 0, with commas between them, smallest first."""
    found = sorted(int(word) for word in text.split(","))
    if found[0] < 1:
        raise ValueError(text)
    return found


def main() -> None:
    """Do what the command line asks for, and print what it came to as JSON."""
    parser = argparse.ArgumentParser(description="People in a room of a server on 127.0.0.1.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--pid", type=int, required=True, help="the server's process")
    parser.add_argument("--wire", choices=WIRES, required=True)
    parser.add_argument("--people", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--window", type=int, default=64)
    parser.add_argument("--idle", type=numbers, help="measure memory over so many connections; nobody speaks")
    options = parser.parse_args()
    room = Room(options.port, WIRES[options.wire])
    gc.disable()
    try:
        if options.idle:
            print(json.dumps(idle(room, options.pid, options.idle)))
            return
        room.grow(options.people)
        speech = Speech(room, options.window)
        speech.go_on(options.seconds / 3)
        speech.finish()
        print(json.dumps(asdict(speech.measure(options.pid, options.seconds))))
    except (Wrong, OSError) as error:
        sys.exit(f"{error}")


if __name__ == "__main__":
    main()
