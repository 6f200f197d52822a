"""A client that asks a daemon about its history, and what the answers cost the daemon.

The histories are those of history.py.  Each answer is checked: so many lines, from the right place, oldest first.
"""

from __future__ import annotations

import random
import re
import socket
import statistics
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timezone
from typing import Any

from bench.history import NOON, RARE
from bench.processes import Failed, cpu_of, memory_of

#: Seconds to wait for an answer.
PATIENCE = 30
#: Lines of a page of CHATHISTORY.
PAGE = 100
#: Lines that are said in a room before its last page is asked for.
SPOKEN = 1_000
#: Questions that are asked before it counts.
WARM = 10

FOUND = re.compile(rb"^\* (?:The newest \d+ lines found|\d+ lines? found|No line )")


class Client:
    """One connection, which sends lines and waits for the line that ends an answer."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.lines = self.socket.makefile("rb")
        self.friend: Client | None = None

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        if self.friend:
            self.friend.__exit__()
        self.lines.close()
        self.socket.close()

    def ask(self, question: str, end: re.Pattern[bytes]) -> list[bytes]:
        """The lines up to the one that ends the answer, with it; Failed if it does not come."""
        self.socket.sendall(question.encode() + b"\r\n")
        answer: list[bytes] = []
        while True:
            try:
                line = self.lines.readline().rstrip(b"\r\n")
            except TimeoutError:
                line = b""
            if not line:
                raise Failed(f"No answer to {question}: {answer[-1:]}")
            answer.append(line)
            if end.search(line):
                return answer


def on_irc(port: int, name: str) -> Client:
    """Somebody in the room."""
    client = Client(port)
    capabilities = "CAP REQ :batch server-time message-tags draft/chathistory\r\nCAP END\r\n"
    client.ask(f"{capabilities}NICK {name}\r\nUSER {name} 0 * :{name}", re.compile(rb" 422 "))
    client.ask("JOIN #big", re.compile(rb" 366 "))
    return client


#: The last line of a batch, and one of those in it.
END, SAID = re.compile(rb" BATCH -"), re.compile(rb"[@;]time=([^ ;]+)\S* :\S+ PRIVMSG #big :?(.*)")


def page(port: int, size: int, chance: random.Random) -> tuple[Client, Callable[[], None]]:
    """CHATHISTORY on IRC, in a room of half as many lines as there are."""
    client = on_irc(port, "asker")

    def ask() -> None:
        moment = NOON + 10 * chance.randrange(size // 10, size)
        when = f"{datetime.fromtimestamp(moment / 1000, timezone.utc):%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z"
        lines = [SAID.search(line) for line in client.ask(f"CHATHISTORY BEFORE #big timestamp={when} {PAGE}", END)]
        times = [line[1].decode() for line in lines if line]
        if len(times) != PAGE or times != sorted(set(times)) or times[-1] >= when:
            raise Failed(f"{len(times)} lines before {when}: {times[:1]} to {times[-1:]}")

    return client, ask


def latest(port: int, size: int, chance: random.Random) -> tuple[Client, Callable[[], None]]:
    """The last page of what was said a moment ago; any server with CHATHISTORY can be asked this."""
    client = on_irc(port, "asker")
    client.friend = speaker = on_irc(port, "speaker")  # who stays, for some keep in the history who goes
    said = [f"{number} the kettle is on again, who would like a cup of tea" for number in range(SPOKEN)]
    for line in said:
        speaker.socket.sendall(f"PRIVMSG #big :{line}\r\n".encode())
    for each in (speaker, client):
        each.ask("PING :done", re.compile(rb" PONG .*done"))

    def ask() -> None:
        answer = client.ask(f"CHATHISTORY LATEST #big * {PAGE}", END)
        lines = [SAID.search(line) for line in answer if b"batch=" in line]
        if [line[2].decode() for line in lines if line] != said[-PAGE:]:
            raise Failed(f"Not the last {PAGE} lines, but {answer[1:2]} to {answer[-2:-1]}")

    return client, ask


def search(words: Callable[[random.Random], str], room: str, found: int) -> Callable[..., Any]:
    """/search on the line wire, which is to find that many lines."""

    def begin(port: int, size: int, chance: random.Random) -> tuple[Client, Callable[[], None]]:
        client = Client(port)
        client.ask("asker", re.compile(rb"^\* You are in lobby"))
        client.ask(f"/join {room}", re.compile(rf"^\* You are in {room}".encode()))

        def ask() -> None:
            text = words(chance)
            lines = client.ask(f"/search {text} in {room}", FOUND)
            hits = [line for line in lines if line.startswith(b"[") and b" #" + room.encode() + b" " in line]
            if len(hits) < found or not all(word.encode() in hit for hit in hits for word in text.split()):
                raise Failed(f"Search for {text} found {len(hits)} lines: {hits[:1]}")

        return client, ask

    return begin


#: Questions that are asked on IRC, not on the line wire.
ON_IRC = ("past", "latest")
#: Words are the more common the smaller their number is: the first ten stand in most lines.
QUESTIONS: dict[str, Callable[..., tuple[Client, Callable[[], None]]]] = {
    "past": page,
    "latest": latest,
    "rare": search(lambda chance: RARE, "big", 1),
    "common": search(lambda chance: f"w{chance.randrange(10):x}", "big", 10),
    "both": search(lambda chance: f"w{chance.randrange(5):x} w{chance.randrange(5, 10):x}", "big", 10),
    "absent": search(lambda chance: f"w{chance.randrange(10):x}", "silence", 0),
}


def measure(question: str, plain: int, line: int, pid: int, size: int, seconds: float) -> Sequence[dict[str, Any]]:
    """Ask for so many seconds; a row like those of ircload."""
    if not size and question != "latest":
        raise Failed(f"{question} is asked of a server with a history, as ours:2m is.")
    chance = random.Random(3)
    client, ask = QUESTIONS[question](plain if question in ON_IRC else line, size, chance)
    with client:
        for _ in range(WARM):
            ask()
        took, memory, cpu, start = [], memory_of(pid), cpu_of(pid), time.perf_counter()
        while time.perf_counter() < start + seconds:
            asked = time.perf_counter()
            ask()
            took.append((time.perf_counter() - asked) * 1e6)
        used, wall = cpu_of(pid) - cpu, time.perf_counter() - start
    low, high = statistics.median(took), statistics.quantiles(took, n=100)[-1] if len(took) > 1 else took[0]
    figures = {"count": len(took), "cpu_us": used / len(took) * 1e6, "per_s": len(took) / wall}
    grown = {"rss_kb": memory_of(pid), "grew_kb": memory_of(pid) - memory}
    return [{**figures, "p50_us": low, "p99_us": high, **grown, "ok": True}]
