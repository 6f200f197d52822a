"""What a line costs that many people hear: our daemon beside a bare Twisted server, in one interleaved run.

`python bench/fanout.py` prints, for 10, 100 and 1,000 people in a room, deliveries a second and the CPU time
of the server for each, then the memory of an idle connection; see README.md beside this file.  Every figure
is the median over the rounds with the range behind it; a ratio is taken in each round.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import re
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from load import FIRST, Fanout, numbers

import twisted

HERE = Path(__file__).resolve().parent
#: Seconds a server may take to start, and to end when it is told to.
START, END = 20, 30
#: Files that a server opens besides its connections.
SPARE = 100


class Failed(Exception):
    """A run came to nothing; the text is a sentence."""


class Contestant(NamedTuple):
    """A server to measure: its name in the table, how the load talks to it, what starts it."""

    name: str
    wire: str
    command: tuple[str, ...]


def daemon(database: str) -> tuple[str, ...]:
    """What starts our daemon, with nothing but the flood limit out of the ordinary."""
    listen = ("--listen", "tcp:0:interface=127.0.0.1", "--name", "bench")
    return (sys.executable, "-m", "chat", *listen, "--flood", "off", "--database", database)


OURS = Contestant("ours", "daemon", daemon("chat.sqlite"))
IN_MEMORY = Contestant("ours, in memory", "daemon in memory", daemon(":memory:"))
BARE = Contestant("bare", "bare", (sys.executable, str(HERE / "naive.py")))


# -- processes


def cores() -> tuple[int, int] | None:
    """A core for the server and one for the load; None where there is only one."""
    here = sorted(os.sched_getaffinity(0))
    return (here[0], here[1]) if len(here) > 1 else None


@contextlib.contextmanager
def process(command: Sequence[str], core: int | None, **settings: Any) -> Iterator[subprocess.Popen[str]]:
    """A process on a core of its own, which is ended with the block, by its pid."""
    with subprocess.Popen(command, text=True, stdin=subprocess.DEVNULL, **settings) as made:
        try:
            if core is not None:
                os.sched_setaffinity(made.pid, {core})
            yield made
        finally:
            made.terminate()
            try:
                made.wait(END)
            except subprocess.TimeoutExpired:
                made.kill()


@contextlib.contextmanager
def server(contestant: Contestant) -> Iterator[tuple[int, int]]:
    """A fresh server in a directory of its own, as its pid and its port."""
    path = os.pathsep.join(filter(None, (str(HERE.parent), os.environ.get("PYTHONPATH"))))
    core = cores()
    with tempfile.TemporaryDirectory(prefix="fanout-") as directory, open(f"{directory}/log", "w") as log:
        settings = {"cwd": directory, "env": {**os.environ, "PYTHONPATH": path}, "stdout": log, "stderr": log}
        with process(contestant.command, core and core[0], **settings) as running:
            yield running.pid, port_of(running, Path(log.name))


def port_of(running: subprocess.Popen[str], log: Path) -> int:
    """The port that a server says it listens on; Failed if it does not."""
    end = time.monotonic() + START
    while time.monotonic() < end:
        found = re.search(r"listening on 127\.0\.0\.1:(\d+)\n", log.read_text())
        if found:
            return int(found[1])
        if running.poll() is not None:
            break
        time.sleep(0.05)
    raise Failed(f"The server did not start:\n{log.read_text()[-2000:]}")


def load(contestant: Contestant, arguments: Sequence[str]) -> Any:
    """What the load measures at a fresh server, a Fanout or the memory; Failed if it found something wrong."""
    core = cores()
    with server(contestant) as (pid, port):
        command = [sys.executable, str(HERE / "load.py"), "--port", str(port), "--pid", str(pid)]
        command += ["--wire", contestant.wire, *arguments]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        with process(command, core and core[1], **pipes) as running:
            said, complaint = running.communicate()
            if running.returncode:
                raise Failed(f"{contestant.name}: {complaint.strip()}")
    return json.loads(said, object_hook=lambda fields: Fanout(**fields))


def raise_file_limit(wanted: int) -> int:
    """Let this process, and those it starts, open so many files; how many they may open then."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < wanted:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, max(wanted, hard)))
        except (OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


# -- tables

#: What was measured of each contestant, round by round.
Rounds = dict[Contestant, list[Any]]


class Column(NamedTuple):
    """One figure of a table: how it comes from a measurement, how it is written, whether its ratio says something."""

    head: str
    width: int
    figure: Callable[[Any], float]
    form: str
    compared: bool = True

    def cell(self, found: Sequence[Any]) -> str:
        """The figure over the rounds."""
        return with_range([self.figure(one) for one in found], self.form).rjust(self.width)

    def ratio(self, ones: Sequence[Any], bases: Sequence[Any]) -> str:
        """The figure of one server divided by that of the other in the same round."""
        pairs = zip(ones, bases, strict=True)
        ratios = [self.figure(one) / self.figure(base) for one, base in pairs if self.compared and self.figure(base)]
        return with_range(ratios, ".2f").rjust(self.width)


FANOUT = (
    Column("1,000 deliveries/s", 22, lambda fanout: fanout.deliveries / fanout.seconds / 1000, ",.0f"),
    Column("CPU a delivery, µs", 22, lambda fanout: (fanout.cpu + fanout.later) / fanout.deliveries * 1e6, ".3f"),
    Column("of it for the index", 21, lambda fanout: fanout.later / fanout.deliveries * 1e6, ".3f", False),
    Column("server busy, %", 14, lambda fanout: fanout.cpu / fanout.seconds * 100, ".0f", False),
    Column("load busy, %", 12, lambda fanout: fanout.own_cpu / fanout.seconds * 100, ".0f", False),
)


def memory_at(position: int) -> Column:
    """The memory of a connection at one of the steps."""
    return Column("KiB a connection", 22, lambda grown: grown[position], ".2f")


def with_range(figures: Sequence[float], form: str) -> str:
    """`median (least-most)`; of one figure there is no range, and of none nothing to say."""
    if not figures:
        return ""
    median = format(statistics.median(figures), form)
    return median if len(figures) == 1 else f"{median} ({min(figures):{form}}-{max(figures):{form}})"


def print_head(first: str, columns: Sequence[Column]) -> None:
    print(f"\n{first:>11}  {'server':19}", *(column.head.rjust(column.width) for column in columns), flush=True)


def print_rows(first: int, rounds: Rounds, columns: Sequence[Column]) -> None:
    """A row for each contestant, and one for the ratio of each to the last, the bare server."""
    for contestant, found in rounds.items():
        print(f"{first:>11,}  {contestant.name:19}", *(column.cell(found) for column in columns))
    *others, base = rounds
    for contestant in others:
        ratios = (column.ratio(rounds[contestant], rounds[base]) for column in columns)
        print(f"{'':11}  {contestant.name + '/bare':19}", *ratios, flush=True)


# -- the run


def interleaved(contestants: Sequence[Contestant], rounds: int, arguments: Sequence[str]) -> Rounds:
    """Measure A B A B ..., each time at a fresh server."""
    found: Rounds = {contestant: [] for contestant in contestants}
    for _ in range(rounds):
        for contestant in contestants:
            found[contestant].append(load(contestant, arguments))
    return found


def measure_fanout(options: argparse.Namespace, contestants: Sequence[Contestant]) -> None:
    print_head("people", FANOUT)
    for people in options.people:
        arguments = ("--people", str(people), "--seconds", str(options.seconds), "--window", str(options.window))
        print_rows(people, interleaved(contestants, options.rounds, arguments), FANOUT)


def measure_memory(options: argparse.Namespace, contestants: Sequence[Contestant]) -> None:
    rounds = interleaved(contestants, options.rounds, ("--idle", ",".join(map(str, options.idle))))
    print_head("connections", [memory_at(0)])
    for position, connections in enumerate(options.idle):
        print_rows(connections, rounds, [memory_at(position)])


def limit_connections(options: argparse.Namespace) -> None:
    """Measure with fewer people if the system does not let a process have so many connections."""
    wanted = max(*options.people, *options.idle)
    possible = max(2, raise_file_limit(wanted + FIRST + SPARE) - FIRST - SPARE)
    if possible < wanted:
        print(f"Only {possible:,} connections are possible: see ulimit -n.")
        options.people = sorted({min(people, possible) for people in options.people})
        options.idle = sorted({min(people, possible) for people in options.idle})


def print_machine(options: argparse.Namespace) -> None:
    """What was measured, when, and on what."""
    pinned = cores()
    where = f"server on core {pinned[0]}, load on core {pinned[1]}" if pinned else "server and load share a core"
    print(f"Fan-out, {time.strftime('%Y-%m-%d %H:%M')}: one in a room speaks, the others hear every line; all checked.")
    print(
        f"{os.cpu_count()} cores ({processor()}; {where}), {platform.python_implementation()} "
        f"{platform.python_version()}, Twisted {twisted.__version__}, {platform.system()} {platform.release()}"
    )
    print(
        f"Lines of 80 bytes, {options.window} in flight; {options.rounds} x {options.seconds:g} s each, median and "
        f"range; the history of ours is an SQLite file on {file_system(tempfile.gettempdir())}"
    )


def processor() -> str:
    """What the system calls the processor."""
    found = re.search(r"^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return found[1] if found else platform.machine()


def file_system(directory: str) -> str:
    """The kind of file system that a directory is on; one in memory costs no disk."""
    mounts = [line.split() for line in Path("/proc/self/mounts").read_text().splitlines()]
    over = [mount for mount in mounts if Path(directory).is_relative_to(mount[1])]
    return max(over, key=lambda mount: len(mount[1]))[2]


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--people", type=numbers, help="people in the room [default: 10,100,1000]")
    parser.add_argument("--idle", type=numbers, help="connections for the memory of one [default: 1000,10000]")
    parser.add_argument("--rounds", type=int, help="how often each server is measured [default: 3]")
    parser.add_argument("--seconds", type=float, help="how long a measured part lasts [default: 3]")
    parser.add_argument("--window", type=int, default=64, help="lines in flight [default: 64]")
    parser.add_argument("--memory-database", action="store_true", help="measure ours without a disk as well")
    parser.add_argument("--quick", action="store_true", help="one short round with fewer people, for a look")
    options = parser.parse_args()
    usual = ([10, 100], [500], 1, 1.0) if options.quick else ([10, 100, 1000], [1000, 10_000], 3, 3.0)
    for name, value in zip(("people", "idle", "rounds", "seconds"), usual, strict=True):
        if getattr(options, name) is None:
            setattr(options, name, value)
    if options.people[0] < 2 or min(options.rounds, options.seconds, options.window) <= 0:
        parser.error("there must be two people at least, and rounds, seconds and window must be more than 0")
    return options


def main() -> None:
    """Measure, and print as it goes; whatever was started is ended, however this ends."""
    options = read_options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    contestants = (OURS, IN_MEMORY, BARE) if options.memory_database else (OURS, BARE)
    print_machine(options)
    limit_connections(options)
    try:
        measure_fanout(options, contestants)
        measure_memory(options, contestants)
    except Failed as failed:
        sys.exit(str(failed))
    except KeyboardInterrupt:
        sys.exit(1)


if __name__ == "__main__":
    main()
