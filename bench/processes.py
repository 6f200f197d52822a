"""Processes that are measured: each on a core of its own, ended by its pid, its CPU time and memory read from /proc."""

from __future__ import annotations

import contextlib
import os
import resource
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

#: Seconds a server may take to listen, and to end when it is told to.
START, END = 60, 30


class Failed(Exception):
    """A bout came to nothing; the text is a sentence."""


def cores() -> tuple[int, int] | None:
    """A core for the server and one for the load; None where there is only one."""
    here = sorted(os.sched_getaffinity(0))
    return (here[0], here[1]) if len(here) > 1 else None


@contextlib.contextmanager
def process(command: Sequence[str], log: Path, **settings: Any) -> Iterator[subprocess.Popen[bytes]]:
    """A process on the first core, which is ended with the block; what it says goes to a file."""
    core = cores()
    with log.open("ab") as output:
        made = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, **settings)
    try:
        if core is not None:
            os.sched_setaffinity(made.pid, {core[0]})
        yield made
    finally:
        made.terminate()
        try:
            made.wait(END)
        except subprocess.TimeoutExpired:
            made.kill()
            made.wait()


def await_port(running: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Wait until a server listens; Failed with the end of its log if it does not."""
    end = time.monotonic() + START
    while time.monotonic() < end and running.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    said = log.read_text(errors="replace").strip().splitlines()[-5:]
    raise Failed("It did not start: " + " / ".join(said))


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def cpu_of(pid: int) -> float:
    """Seconds of CPU time that all threads of a process have used, those that have ended among them."""
    return time.clock_gettime(~pid << 3 | 2)  # clock_getcpuclockid(3), which Python has for threads only


def memory_of(pid: int) -> int:
    """KiB of a process that are in memory."""
    status = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith("VmRSS:"))


def raise_file_limit(wanted: int = 30_000) -> None:
    """Let this process, and those it starts, open many files."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, max(wanted, hard)))
            return
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
