"""What is measured: this daemon, other commits of it, peers and floors; how each is started with its limits lifted.

| name | what it is |
| --- | --- |
| `ours` | this checkout: history on, an SQLite file, every line on disk before anyone hears it |
| `ours@REVISION`, `ours@DIRECTORY` | another commit of ours, or another checkout |
| `ours:2m` | ours with a history of so many lines, half of them in one room (k and m for thousands and millions) |
| `memory` | ours without a disk: `--database :memory:` |
| `inspircd`, `ngircd`, `ergo` | peers, if they are on PATH |
| `floor`, `floor-each` | floor.c: one send per member and turn of its loop; one per member and message |
| `naive` | naive.py: the textbook broadcast on Twisted's LineReceiver, nothing stored |
"""

from __future__ import annotations

import atexit
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from string import Template
from typing import NamedTuple

from bench.processes import Failed

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
BUILD = HERE / "build"
#: Letters behind the size of a history.
SIZES = {"": 1, "k": 1_000, "m": 1_000_000}


class Place(NamedTuple):
    """Where a server runs: a folder of its own, its ports, and the certificate that all have."""

    folder: Path
    plain: int
    tls: int
    line: int
    certificate: Path
    key: Path


class Server(NamedTuple):
    """What a server is called, what starts it (with TLS or without), and how the load has to treat it.

    `folder` is where our own modules are imported from; `line` says whether it has the line wire; `history` is the
    file it comes with, which it may change.
    """

    name: str
    command: Callable[[Place, bool], Sequence[str]]
    load: tuple[str, ...] = ()
    folder: Path | None = None
    line: bool = False
    history: Path | None = None

    def environment(self) -> dict[str, str]:
        """What it is started with."""
        environment = dict(os.environ)
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        if self.folder:
            environment["PYTHONPATH"] = str(self.folder)
        return environment


def find(name: str, histories: Path = BUILD) -> Server:
    """The server of that name; Failed if there is none, or it is not installed here."""
    mine = re.fullmatch(r"(ours|memory)(?:@(?P<revision>.+)|:(?P<size>\w+))?", name)
    if mine:
        return ours(name, mine["revision"] or "", mine["size"] or "", histories)
    if name in PEERS:
        return PEERS[name](name)
    raise Failed(f'There is no server "{name}": see bench/servers.py.')


# -- ours


def ours(name: str, revision: str, size: str, histories: Path) -> Server:
    """The daemon of a checkout or a commit, perhaps with a history made before."""
    folder = checkout(revision) if revision else ROOT
    in_memory = name.startswith("memory")
    history = histories.resolve() / f"{lines_of(size)}.sqlite" if size else None

    def command(place: Place, tls: bool) -> Sequence[str]:
        door = "tcp:{}:interface=127.0.0.1:backlog=4096"
        database = ":memory:" if in_memory else str(history or place.folder / "chat.sqlite")
        doors = ("--irc", door.format(place.tls if tls else place.plain), "--line", door.format(place.line))
        keys = ("--tls-cert", str(place.certificate), "--tls-key", str(place.key)) if tls else ()
        config = ("--config", str(HERE / "bench.toml"), "--database", database, "--admin-socket", "off")
        return (sys.executable, "-m", "chat", *config, *doors, *keys)

    return Server(name, command, folder=folder, line=True, history=history)


def lines_of(size: str) -> int:
    """How many lines `2m` or `100k` are."""
    match = re.fullmatch(r"(\d+)([km]?)", size)
    if not match:
        raise Failed(f'"{size}" is no size of a history: 100k and 10m are.')
    return int(match[1]) * SIZES[match[2]]


@cache
def checkout(revision: str) -> Path:
    """The folder itself, or a worktree of that commit, which is gone at the end."""
    if Path(revision, "chat").is_dir():
        return Path(revision).resolve()
    folder = Path(tempfile.mkdtemp(prefix="bench-"), "checkout")
    git = ["git", "-C", str(ROOT), "worktree"]
    made = subprocess.run([*git, "add", "--detach", str(folder), revision], capture_output=True, text=True)
    if made.returncode:
        raise Failed(f'git knows no commit "{revision}": {made.stderr.strip()}')

    def remove() -> None:
        subprocess.run([*git, "remove", "--force", str(folder)], check=False)
        shutil.rmtree(folder.parent, ignore_errors=True)

    atexit.register(remove)
    return folder


# -- peers and floors


def installed(program: str, version: str = "") -> str:
    """Where a program is; Failed if it is not on PATH, or another program of that name is."""
    path = shutil.which(program, path=os.environ["PATH"] + ":/usr/sbin")
    if path and version:
        said = subprocess.run([path, "--version"], capture_output=True, text=True).stdout
        path = path if version in said.lower() else None
    if not path:
        raise Failed(f"{program} is not on PATH.")
    return path


def filled(place: Place, name: str) -> str:
    """The path of a peer's configuration, filled in."""
    values = {**place._asdict(), "user": os.getuid(), "group": os.getgid()}
    path = place.folder / name
    path.write_text(Template((HERE / "peers" / name).read_text()).substitute(values))
    return str(path)


def inspircd(name: str) -> Server:
    path = installed("inspircd")
    as_root = ("--runasroot",) * (os.getuid() == 0)

    def command(place: Place, tls: bool) -> Sequence[str]:
        return (path, "--config", filled(place, "inspircd.conf"), "--nofork", *as_root)

    # It finishes registrations once a second: with fewer under way the load would wait for it.
    return Server(name, command, load=("--inflight", "2000"))


def ngircd(name: str) -> Server:
    path = installed("ngircd")

    def command(place: Place, tls: bool) -> Sequence[str]:
        return (path, "--nodaemon", "--config", filled(place, "ngircd.conf"))

    return Server(name, command)


def ergo(name: str) -> Server:
    path = installed("ergo", "ergo-")  # Debian has a program for quantum chemistry of this name

    def command(place: Place, tls: bool) -> Sequence[str]:
        config = ("--conf", filled(place, "ergo.yaml"))
        subprocess.run([path, "initdb", *config], capture_output=True, check=True, cwd=place.folder)
        return (path, "run", *config)

    return Server(name, command)


def floor(name: str) -> Server:
    how = "each" if name.endswith("each") else "coalesce"

    def command(place: Place, tls: bool) -> Sequence[str]:
        keys = (str(place.certificate), str(place.key)) if tls else ()
        return (str(BUILD / "floor"), str(place.tls if tls else place.plain), how, *keys)

    return Server(name, command)


def naive(name: str) -> Server:
    def command(place: Place, tls: bool) -> Sequence[str]:
        if tls:
            raise Failed("The naive server has no TLS.")
        return (sys.executable, "-m", "bench.naive", str(place.plain))

    return Server(name, command, folder=ROOT)


PEERS: dict[str, Callable[[str], Server]] = {
    "inspircd": inspircd,
    "ngircd": ngircd,
    "ergo": ergo,
    "floor": floor,
    "floor-each": floor,
    "naive": naive,
}


def versions(names: Sequence[str]) -> dict[str, str]:
    """What the peers say that they are."""
    said = {}
    for name in names:
        if name in ("inspircd", "ngircd", "ergo"):
            done = subprocess.run([installed(name), "--version"], capture_output=True, text=True)
            said[name] = (done.stdout or done.stderr).strip().splitlines()[0]
    return said
