"""What it costs to keep an event: CPU time of the thread that writes, commits and all, beside another commit of ours.

    python -m bench.store                       # microseconds an event, of this checkout
    python -m bench.store --against CHECKOUT    # and the ratio to another one, in turns

Each run is a process of its own with a new database, so `TMPDIR` decides which disk is measured.  What is kept
goes through `SQLiteHistory`, as the router uses it; the reactor is a queue, and does nothing else.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import queue
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parents[1]
#: Events in a batch, and events in a run.
BATCHES = {1: 2_000, 8: 12_000, 64: 48_000, 512: 96_000}
KINDS = ("Said", "Told")
#: Rooms that are spoken in by turns, and people who speak, each of them with the next one in private.
ROOMS, PEOPLE = 10, 500
TEXT = "the kettle is on again, who would like a cup of tea and a slice of cake"
NOON = 1_795_176_000_000


class Queue:
    """What the history needs of a reactor."""

    def __init__(self) -> None:
        self.calls: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self.seconds = time.monotonic

    def callLater(self, _: float, call: Any) -> None:
        self.calls.put(call)

    def callFromThread(self, call: Any) -> None:
        self.calls.put(call)


def events(kind: str) -> Iterator[Any]:
    """Events as the router stamps them, in the year 2026, a thousand a second."""
    from chat.core.events import Said, Told
    from chat.core.registry import Author

    identity = f"{NOON}-0d9e7a34-7b44-4c0f-9d1e"
    people = [Author(f"person{n}", f"{identity}-{n:012x}", f"~p{n}@192.0.2.7") for n in range(PEOPLE)]
    numbers = [count(1) for _ in range(ROOMS)]
    event: Any
    for seq in count(1):
        by = people[seq * 7 % PEOPLE]
        if kind == "Said":
            event = Said(by, f"room{seq % ROOMS}", f"{seq} {TEXT}")
            event.number = next(numbers[seq % ROOMS])
        else:
            event = Told(by, people[(seq * 7 + 1) % PEOPLE], f"{seq} {TEXT}")
        event.seq, event.time, event.id = seq, NOON + seq, f"{NOON + seq:x}-0123456789ab-{seq:x}"
        event.conversations()  # the router has asked for them, too
        yield event


def measure(kind: str, batch: int, total: int) -> dict[str, float]:
    """Keep `total` events; microseconds of the writer and bytes of the file for each."""
    from chat.stores.sqlite import SQLiteHistory

    made = events(kind)
    given = [[next(made) for _ in range(batch)] for _ in range(total // batch)]
    gc.freeze()  # what is given was not made by the one who is measured
    with tempfile.TemporaryDirectory() as folder:
        path, reactor, told = os.path.join(folder, "chat.sqlite"), Queue(), count(1)
        history = SQLiteHistory(reactor, path, print)
        history.open()
        (writer,) = (thread for thread in threading.enumerate() if thread.name == "chat-writer")
        clock = time.pthread_getcpuclockid(writer.ident or 0)
        last = 0

        def then(refusal: object) -> None:
            nonlocal last
            if refusal is not None:
                raise SystemExit(f"An event was refused: {refusal}")
            last = next(told)

        before, begun = time.clock_gettime(clock), time.perf_counter()
        for number, some in enumerate(given, 1):
            for event in some:
                history.keep(event, (), then)
            while last < number * batch:
                reactor.calls.get()()
        used, took = time.clock_gettime(clock) - before, time.perf_counter() - begun
        history.close()
        size = os.path.getsize(path)
    return {"cpu": used / last * 1e6, "wall": took / last * 1e6, "bytes": size / last}


def run(checkout: Path, kind: str, batch: int) -> dict[str, float]:
    """Measure in a process of its own, with the chat of `checkout`."""
    command = [sys.executable, str(Path(__file__).resolve()), "--measure", kind, str(batch)]
    environ = {**os.environ, "PYTHONPATH": str(checkout)}
    done = subprocess.run(command, env=environ, cwd=checkout, check=True, stdout=subprocess.PIPE, timeout=300)
    result: dict[str, float] = json.loads(done.stdout)
    return result


def spread(values: list[float]) -> str:
    return f"{statistics.median(values):8.2f} ({min(values):.2f} to {max(values):.2f})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--against", type=Path, metavar="CHECKOUT", help="another checkout, to compare with")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--batches", type=int, nargs="+", default=list(BATCHES), help="events in a batch")
    parser.add_argument("--kinds", nargs="+", default=KINDS, choices=KINDS)
    parser.add_argument("--measure", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        kind, batch = options.measure[0], int(options.measure[1])
        print(json.dumps(measure(kind, batch, BATCHES.get(batch, 1000 * batch))))
        return
    for kind in options.kinds:
        for batch in options.batches:
            compare(kind, batch, options.rounds, options.against)


def compare(kind: str, batch: int, rounds: int, against: Path | None) -> None:
    ours, others = [], []
    for _ in range(rounds):
        ours.append(run(HERE, kind, batch))
        if against is not None:
            others.append(run(against.resolve(), kind, batch))
    print(f"{kind} in batches of {batch}")
    for name, runs in (("here", ours), ("there", others)):
        if runs:
            cpu, wall = (spread([one[what] for one in runs]) for what in ("cpu", "wall"))
            print(f"  {name:6} {cpu} us of the writer, {wall} us in all, {runs[0]['bytes']:5.0f} bytes of the file")
    if others:
        ratios = [one["cpu"] / other["cpu"] for one, other in zip(ours, others, strict=True)]
        print(f"  ratio  {spread(ratios)}", flush=True)


if __name__ == "__main__":
    main()
