"""Rounds of bouts, A B C A B C ..., and their rows, kept as JSON lines so that a campaign goes on where it stopped.

The first line of a file says what was measured on which machine; each other one is a row of a bout.  A round is
written when all its servers have been through it: ratios are taken within rounds.
"""

from __future__ import annotations

import json
import os
import platform
import sqlite3
import ssl
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import twisted
from bench.bout import Measure, Row, bout
from bench.history import fill
from bench.processes import Failed, cores
from bench.servers import ROOT, Server, find, versions
from bench.workloads import Workload


class Campaign:
    """A file of rows, and what has been measured so far."""

    def __init__(self, path: Path | None, measure: Measure) -> None:
        self.path, self.measure = path, measure
        self.rows: list[Row] = []
        self.about: dict[str, Any] = {}
        if path and path.exists():
            self.about, *self.rows = [json.loads(line) for line in path.read_text().splitlines()]

    def begin(self, names: Sequence[str], note: str) -> None:
        """Say on which machine, if that is not said yet."""
        if not self.about:
            self.about = about(names, note)
            self._append([self.about])

    def has(self, workload: Workload, servers: Sequence[str], number: int) -> bool:
        """Whether that round was measured before."""
        done = {row["server"] for row in self.rows if (row["work"], row["round"]) == (workload.name, number)}
        return done >= set(servers)

    def add(self, rows: list[Row]) -> None:
        """Keep the rows of a round."""
        self.rows += rows
        self._append(rows)

    def _append(self, rows: list[dict[str, Any]]) -> None:
        if self.path:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a") as file:
                file.writelines(json.dumps(row) + "\n" for row in rows)


def about(names: Sequence[str], note: str) -> dict[str, Any]:
    """The machine, the day, the versions."""
    git = ["git", "-C", str(ROOT), "describe", "--always", "--dirty", "--abbrev=9", "--exclude=*"]
    revision = subprocess.run(git, capture_output=True, text=True).stdout.strip()
    said = {"python": platform.python_version(), "twisted": twisted.__version__, "sqlite": sqlite3.sqlite_version}
    said |= {"openssl": ssl.OPENSSL_VERSION, **versions(names)}
    return {
        "date": f"{datetime.now(timezone.utc):%Y-%m-%d}",
        "revision": revision,
        "machine": f"{os.cpu_count()} × {processor()}, Linux {platform.release()}",
        "cores": "one for the server, another one for the load" if cores() else "one for both",
        "versions": said,
        "note": note,
    }


def processor() -> str:
    """What the kernel calls it."""
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def run(campaign: Campaign, works: Sequence[Workload], names: Sequence[str], rounds: int, histories: Path) -> None:
    """Measure what is not measured yet; each round, and what fails, is told on standard error."""
    plan = [(workload, [*names] or usable(workload.servers, histories)) for workload in works]
    total = sum(min(rounds, workload.rounds or rounds) for workload, _ in plan)
    started, done, measured = time.monotonic(), 0, 0
    for workload, named in plan:
        servers = [find(name, histories) for name in named]
        for server in servers:
            prepare(server)
        for number in range(min(rounds, workload.rounds or rounds)):
            done += 1
            if campaign.has(workload, named, number):
                continue
            say(f"{clock(time.monotonic() - started)}  {done}/{total}  {workload.name}, round {number + 1}", end="  ")
            campaign.add(round_of(workload, servers, number, campaign.measure))
            measured += 1
            left = (time.monotonic() - started) / measured * (total - done)
            say(f"  about {clock(left)} left")


def usable(names: Sequence[str], histories: Path) -> list[str]:
    """Those of the servers that are installed here."""
    here = []
    for name in names:
        try:
            find(name, histories)
            here.append(name)
        except Failed as reason:
            if name not in MISSING:
                say(f"Without {name}: {reason}")
            MISSING.add(name)
    return here


#: Servers of which it was said that they are not here.
MISSING: set[str] = set()


def prepare(server: Server) -> None:
    """Make the history that a server comes with, if it is not there; ten million lines take five minutes and 2 GB."""
    if server.history and not server.history.exists():
        say(f"Making {server.history}", end=" ")
        begun, unfinished = time.monotonic(), server.history.with_suffix(".unfinished")
        unfinished.parent.mkdir(parents=True, exist_ok=True)
        for left in unfinished.parent.glob(f"{unfinished.name}*"):
            left.unlink()
        fill(str(unfinished), int(server.history.stem))
        unfinished.rename(server.history)
        say(f"took {clock(time.monotonic() - begun)}.")


def round_of(workload: Workload, servers: Sequence[Server], number: int, measure: Measure) -> list[Row]:
    """One bout of each server; one that fails has a row that says why."""
    rows = []
    for server in servers:
        place = {"work": workload.name, "server": server.name, "round": number}
        try:
            found = bout(server, workload, measure)
        except (Failed, OSError, subprocess.SubprocessError) as reason:
            say(f"{server.name} failed: {reason}", end="  ")
            found = [{"ok": False, "error": str(reason)}]
        else:
            say(f"{server.name} {found[-1][workload.figure]:.3g}", end="  ")
        rows += [{**place, **rounded(row)} for row in found]
    return rows


def rounded(row: Row) -> Row:
    """Five digits are more than any of this can tell."""
    return {key: float(f"{value:.5g}") if isinstance(value, float) else value for key, value in row.items()}


def clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def say(text: str, end: str = "\n") -> None:
    print(text, end=end, file=sys.stderr, flush=True)
