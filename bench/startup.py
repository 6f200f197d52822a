"""How long the daemon takes until it listens, and until it has ended: this checkout, alone or beside another.

`python -m bench.startup` starts and stops the daemon with an empty database; with the path of another checkout it
does so with both in turn, and prints the ratio of this one to that one.  `--imports` says which packages the time
goes to, as `-X importtime` counts it (only what is counted for one package beside another says something there).

The daemon listens when it tells systemd that it is ready; it has ended when its process is gone.  CPU is that of the
whole life of the process.  Modules are compiled before, as they are where the daemon is installed.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent.parent
#: Seconds that a start may take.
PATIENCE = 60
#: Packages whose parts are counted each for itself.
TAKEN_APART = ("chat", "twisted")


class Life(NamedTuple):
    """One start and stop of a daemon, in milliseconds."""

    start: float
    stop: float
    cpu: float


def live(
    tree: Path, compiled: Path, arguments: Sequence[str] = (), options: Sequence[str] = (), log: Path = Path(os.devnull)
) -> Life:
    """Start a daemon from a checkout with these arguments, and stop it as soon as it is ready."""
    with tempfile.TemporaryDirectory() as directory, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(f"{directory}/notify")
        systemd.settimeout(PATIENCE)
        environment = {
            **os.environ,
            "PYTHONPATH": str(tree),
            "PYTHONPYCACHEPREFIX": str(compiled),
            "PYTHONDONTWRITEBYTECODE": "",
            "NOTIFY_SOCKET": f"{directory}/notify",
        }
        command = [sys.executable, *options, "-m", "chat", "--listen", "tcp:0:interface=127.0.0.1", *arguments]
        with log.open("w") as output:
            began = time.perf_counter()
            process = subprocess.Popen(command, env=environment, cwd=directory, stdout=output, stderr=output)
            try:
                while b"READY=1" not in systemd.recv(4096):
                    pass
                ready = time.perf_counter()
            finally:
                stopping = time.perf_counter()
                process.send_signal(signal.SIGTERM)
                _, status, used = os.wait4(process.pid, 0)
                process.returncode = os.waitstatus_to_exitcode(status)
        ended = time.perf_counter()
    return Life(*(1000 * each for each in (ready - began, ended - stopping, used.ru_utime + used.ru_stime)))


def compare(trees: Sequence[Path], compiled: Path, rounds: int) -> None:
    """Print the median and the range for each tree, then of the ratios of each round."""
    lives: Mapping[Path, list[Life]] = {tree: [] for tree in trees}
    for round_ in range(-1, rounds):
        for tree in trees:
            life = live(tree, compiled)
            if round_ >= 0:  # before, modules are compiled
                lives[tree].append(life)
    width = max(len(str(tree)) for tree in trees)
    print(f"{'ms, ' + str(rounds) + ' rounds':{width}}", *(f"{field:>22}" for field in Life._fields))
    for tree, found in lives.items():
        print(f"{tree!s:{width}}", *(f"{spread(column, '.0f'):>22}" for column in zip(*found, strict=True)))
    if len(trees) == 2:
        pairs = zip(*lives.values(), strict=True)
        ratios = [[mine / other for mine, other in zip(*pair, strict=True)] for pair in pairs]
        print(f"{'ratio':{width}}", *(f"{spread(column, '.2f'):>22}" for column in zip(*ratios, strict=True)))


def spread(figures: Sequence[float], form: str) -> str:
    """`median (least-most)`."""
    return f"{statistics.median(figures):{form}} ({min(figures):{form}}-{max(figures):{form}})"


def imports(tree: Path, compiled: Path) -> None:
    """Print how much of the time to import all modules goes to which package."""
    log = compiled / "importtime"
    for _ in range(2):  # the first time, modules are compiled
        live(tree, compiled, options=("-X", "importtime"), log=log)
    spent: Counter[str] = Counter()
    modules: Counter[str] = Counter()
    for microseconds, name in re.findall(r"^import time: +(\d+) \| +\d+ \| +(\S+)$", log.read_text(), re.MULTILINE):
        parts = name.split(".")
        package = ".".join(parts[: 2 if parts[0] in TAKEN_APART else 1])
        spent[package] += int(microseconds)
        modules[package] += 1
    print(f"{'ms':>7} {'%':>5} {'modules':>8}  package")
    for package, microseconds in spent.most_common(30):
        share = 100 * microseconds / spent.total()
        print(f"{microseconds / 1000:7.1f} {share:5.1f} {modules[package]:8}  {package}")
    print(f"{spent.total() / 1000:7.1f} {100:5.1f} {modules.total():8}  all")


def main() -> None:
    """Do what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("other", nargs="?", type=Path, help="another checkout to compare this one with")
    parser.add_argument("--rounds", type=int, default=15, help="how often each is started (15)")
    parser.add_argument("--imports", action="store_true", help="show where the time for imports goes instead")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as compiled:
        if options.imports:
            imports(HERE, Path(compiled))
        else:
            trees = [HERE, options.other.resolve()] if options.other else [HERE]
            compare(trees, Path(compiled), options.rounds)


if __name__ == "__main__":
    main()
