"""One server under one workload: it is started afresh, on a core of its own, and the load runs on another one."""

from __future__ import annotations

import atexit
import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from bench import asking, startup
from bench.processes import Failed, await_port, cores, free_ports, process
from bench.servers import BUILD, HERE, Place, Server, lines_of
from bench.workloads import Workload

#: Seconds that a run may take, and for a server to come to rest before it is measured.
DEADLINE, REST = 90, 0.2
#: Starts of which the median counts.
STARTS = 3

Row = dict[str, Any]


class Measure(NamedTuple):
    """How long a measured repeat lasts, and how many follow the warm-up."""

    seconds: float = 1.0
    repeats: int = 1


def build() -> None:
    """Make the load generator and the floor; Failed if there is no compiler."""
    try:
        done = subprocess.run(["make", "-s", "-C", str(HERE)], capture_output=True, text=True)
    except FileNotFoundError:
        raise Failed("make is not installed; a C compiler and the headers of OpenSSL are needed too.") from None
    if done.returncode:
        raise Failed(f"ircload.c and floor.c do not compile here: {done.stderr.strip()}")


def bout(server: Server, workload: Workload, measure: Measure) -> list[Row]:
    """What was measured, a row for each repeat; Failed if anything was lost, doubled or out of order."""
    if workload.kind == "start":
        return [start(server)]
    with running(server, workload) as (place, pid):
        time.sleep(REST)
        if workload.kind == "question":
            size = lines_of(server.name.partition(":")[2]) if server.history else 0
            return list(asking.measure(workload.load, place.plain, place.line, pid, size, measure.seconds))
        return load(server, workload, measure, place, pid)


@contextmanager
def running(server: Server, workload: Workload) -> Iterator[tuple[Place, int]]:
    """The server in a folder of its own, where it listens, and its pid."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        place, log = new_place(Path(name)), Path(name, "log")
        command = server.command(place, workload.tls)
        settings: dict[str, Any] = {"cwd": name, "env": server.environment(), "start_new_session": True}
        with process(command, log, **settings) as made:
            await_port(made, place.tls if workload.tls else place.plain, log)
            yield place, made.pid


def new_place(folder: Path) -> Place:
    certificate, key = new_certificate()
    plain, tls, line = free_ports(3)
    return Place(folder, plain, tls, line, certificate, key)


@cache
def new_certificate() -> tuple[Path, Path]:
    """A certificate on the curve P-256 and its key, which every server gets; they are gone with the next build."""
    certificate, key = BUILD / "certificate.pem", BUILD / "key.pem"
    if not certificate.exists():
        curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
        files = ("-keyout", str(key), "-out", str(certificate))
        command = ["openssl", "req", "-x509", *curve, "-days", "3650", "-subj", "/CN=bench.local", *files]
        BUILD.mkdir(exist_ok=True)
        subprocess.run(command, check=True, capture_output=True)
    return certificate, key


def load(server: Server, workload: Workload, measure: Measure, place: Place, pid: int) -> list[Row]:
    """Run the generator; its rows."""
    core = cores()
    command = [str(BUILD / "ircload"), "--deadline", str(DEADLINE), *workload.load.split(), *server.load]
    command += ["--port", str(place.tls if workload.tls else place.plain), "--pid", str(pid)]
    command += ["--repeats", str(measure.repeats)]
    command += ["--cpu", str(core[1])] if core else []
    command += ["--tls"] if workload.tls else []
    command += ["--line-port", str(place.line), "--line-every", "2"] if workload.line and server.line else []
    if workload.messages:
        command += ["--msgs", str(workload.messages), "--seconds", str(measure.seconds * workload.longer)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=3 * DEADLINE)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    if done.returncode or not rows:
        said = done.stderr.strip().splitlines()[:1] or ["Something was lost, doubled or out of order."]
        raise Failed(said[0].removeprefix("ircload: "))
    return [told(row) for row in rows]


def told(row: Row) -> Row:
    """Without what the workload says already."""
    known = ("label", "mode", "n", "line_every", "senders", "window", "rate", "tls", "unit", "slow")
    return {key: value for key, value in row.items() if key not in known}


# -- starts


@cache
def compiled(tree: Path) -> Path:
    """Where the modules of a checkout are kept compiled: none is compiled while a start is measured."""
    folder = Path(tempfile.mkdtemp(prefix="bench-compiled-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    startup.live(tree, folder)
    return folder


def start(server: Server) -> Row:
    """The median of some starts."""
    if server.folder is None:
        raise Failed("Only starts of ours are measured.")
    database: Sequence[str] = ("--database", str(server.history)) if server.history else ()
    lives = [startup.live(server.folder, compiled(server.folder), database) for _ in range(STARTS)]
    ready, stop, cpu = (sorted(figures)[STARTS // 2] for figures in zip(*lives, strict=True))
    return {"count": STARTS, "ready_ms": ready, "stop_ms": stop, "cpu_ms": cpu, "ok": True}
