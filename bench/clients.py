"""What the clients cost: how long until one has come into the room, what it has taken by then, what it takes at rest.

`python -m bench.clients` starts each of them in turn, again and again, on a daemon of this checkout.  The clock runs
from the start of the process until somebody else in the room is told that it has come.  Half a second later its memory
is read: what others use too is counted in part (Pss, proc(5)).  CPU is that of the process until then, and at rest.

Those with a window get an Xvfb of 1280 x 800, the others a terminal of 120 x 40.  Peers that are not installed are left
out.  The first round is not counted: it compiles modules and brings files into memory.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import os
import pty
import select
import shutil
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from bench.processes import Failed, await_port, cpu_of, free_ports, process

HERE = Path(__file__).resolve().parent.parent
#: Seconds until a client is taken to have failed, until its memory is read, and of rest that is measured.
PATIENCE, SETTLED, REST = 60.0, 0.5, 5.0
#: HexChat will not be run by root.
NOBODY = 65_534

HEXCHAT = """\
version = 2.16.1
irc_nick1 = {nick}
irc_user_name = {nick}
irc_real_name = {nick}
irc_join_delay = 0
gui_slist_skip = 1
identd_server = 0
"""


class Client(NamedTuple):
    """A client: the program it takes, what it needs written in its folder, and how it is started."""

    program: str
    window: bool
    command: Callable[[Path, int, str], list[str]]
    prepare: Callable[[Path, str], object] = lambda folder, nick: None


class Cost(NamedTuple):
    """What one start has cost: ms until it is there, MiB, ms of CPU until then, and per second at rest."""

    start: float
    memory: float
    cpu: float
    rest: float


def ours(part: str) -> Callable[[Path, int, str], list[str]]:
    """The command line of a client of ours."""
    return lambda folder, port, nick: [sys.executable, "-m", "chat", *part.split(), f"127.0.0.1:{port}", "--nick", nick]


CLIENTS = {
    "window": Client(sys.executable, True, ours("window")),
    "hexchat": Client(
        "hexchat", True,
        lambda folder, port, nick: ["hexchat", "-d", str(folder), f"irc://127.0.0.1:{port}/#lobby"],
        lambda folder, nick: (folder / "hexchat.conf").write_text(HEXCHAT.format(nick=nick)),
    ),
    "join": Client(sys.executable, False, ours("join")),
    "weechat": Client(
        "weechat", False,
        lambda folder, port, nick: [
            "weechat", "-d", str(folder),
            "-r", f"/server add here 127.0.0.1/{port} -notls -nicks={nick} -autojoin=#lobby", "-r", "/connect here",
        ],
    ),
}  # fmt: skip


class Witness:
    """Somebody with nc, who sees who comes and who goes."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), PATIENCE)
        self.data = b""
        self.socket.sendall(b"witness\n")
        self.sees("You are in lobby")

    def sees(self, text: str) -> None:
        """Wait for some words; TimeoutError."""
        while text.encode() not in self.data:
            self.data += self.socket.recv(4096)
        self.data = self.data.partition(text.encode())[2]


@contextlib.contextmanager
def screen() -> Iterator[str]:
    """An Xvfb of its own: its name."""
    ours, its = os.pipe()
    command = ["Xvfb", "-displayfd", str(its), "-screen", "0", "1280x800x24", "-ac", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[its], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(its)
    try:
        name = b""
        while not name.endswith(b"\n"):
            if not (more := os.read(ours, 16)):
                raise OSError("Xvfb did not start")
            name += more
        yield f":{name.decode().strip()}"
    finally:
        server.terminate()
        server.wait()
        os.close(ours)


@contextlib.contextmanager
def terminal() -> Iterator[int]:
    """A terminal, whose screen is read and thrown away: its file descriptor."""
    near, far = pty.openpty()
    fcntl.ioctl(far, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            if select.select([near], [], [], 0.05)[0]:
                with contextlib.suppress(OSError):
                    os.read(near, 65_536)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        yield far
    finally:
        done.set()
        reader.join()
        os.close(near)
        os.close(far)


def pss(pid: int) -> float:
    """MiB of a process: what it shares with others is counted in part."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return int(next(line for line in rollup if line.startswith("Pss:")).split()[1]) / 1024


def live(client: Client, port: int, witness: Witness, display: str, nick: str) -> Cost:
    """Start a client, see it come, see what it takes, and end it."""
    with tempfile.TemporaryDirectory() as name, terminal() as far:
        folder = Path(name)
        client.prepare(folder, nick)
        drops = client.program == "hexchat" and os.geteuid() == 0
        if drops:
            for path in (folder, *folder.iterdir()):
                os.chown(path, NOBODY, NOBODY)
        environment = {
            **os.environ, "PYTHONPATH": str(HERE), "XDG_STATE_HOME": name, "HOME": name, "TERM": "xterm-256color",
            "DISPLAY": display if client.window else "", "LANG": "C.UTF-8",
        }  # fmt: skip
        streams = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL if client.window else far)
        user = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if drops else {}
        began = time.perf_counter()
        running = subprocess.Popen(
            client.command(folder, port, nick), cwd=name, env=environment, start_new_session=True, **streams, **user
        )  # type: ignore[call-overload]
        try:
            try:
                witness.sees(f"* {nick} came")
            except TimeoutError:
                raise Failed(f"{client.program} did not come: {running.poll()}") from None
            start = time.perf_counter() - began
            time.sleep(SETTLED)
            memory, cpu = pss(running.pid), cpu_of(running.pid)
            time.sleep(REST)
            rest = (cpu_of(running.pid) - cpu) / REST
        finally:
            running.kill()
            running.wait()
        witness.sees(f"* {nick} left")
        return Cost(1000 * start, memory, 1000 * cpu, 1000 * rest)


def measure(names: list[str], rounds: int) -> dict[str, list[Cost]]:
    """What each client costs, in so many rounds."""
    found: dict[str, list[Cost]] = {name: [] for name in names}
    with tempfile.TemporaryDirectory() as name, screen() as display:
        port = free_ports(1)[0]
        log = Path(name) / "log"
        command = [sys.executable, "-m", "chat", "--listen", f"tcp:{port}:interface=127.0.0.1", "--flood", "off"]
        with process(command, log, cwd=name, env={**os.environ, "PYTHONPATH": str(HERE)}) as daemon:
            await_port(daemon, port, log)
            witness = Witness(port)
            for round_ in range(-1, rounds):
                for place, each in enumerate(names):
                    cost = live(CLIENTS[each], port, witness, display, f"somebody{round_ + 1}-{place}")
                    if round_ >= 0:
                        found[each].append(cost)
    return found


def main() -> None:
    """Do what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clients", nargs="*", help=f"which: {', '.join(CLIENTS)} (all that are there)")
    parser.add_argument("--rounds", type=int, default=7, help="how often each is started (7)")
    options = parser.parse_args()
    names = options.clients or [name for name, client in CLIENTS.items() if shutil.which(client.program)]
    print("| | ms until it is in the room | MiB | ms of CPU by then | ms of CPU a second at rest |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for name, costs in measure(names, options.rounds).items():
        cells = [
            f"{statistics.median(column):.0f} ({min(column):.0f} to {max(column):.0f})"
            for column in zip(*costs, strict=True)
        ]
        print(f"| {name} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
