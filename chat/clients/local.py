"""The server on this machine: found, or started when somebody joins without saying where and there is none.

One that was started goes on when who started it leaves, since others may have joined.  It keeps its history in the
state directory of the person, beside what the clients remember, and its log there, too.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from contextlib import suppress
from typing import IO

import chat
from chat.clients.address import PORT, Address

HERE = Address("127.0.0.1", PORT, tls=False)
#: Seconds that a server may take to start, and between two looks whether it has.
PATIENCE, LOOK = 30.0, 0.1


class NoServer(Exception):
    """There is no server on this machine, and none could be started; the words say why."""


def listens(address: Address = HERE) -> bool:
    """Whether somebody answers at an address."""
    with suppress(OSError), socket.create_connection((address.host, address.port), timeout=5):
        return True
    return False


def start(directory: str, address: Address = HERE) -> int:
    """Start a server at `address`, with its files in `directory`, and wait until it answers; its process id.

    NoServer, with what it said last.
    """
    log = os.path.join(directory, "server.log")
    try:
        os.makedirs(directory, mode=0o700, exist_ok=True)
        with open(log, "ab") as output:
            began, process = output.tell(), _serve(directory, address, output)
    except OSError as error:
        raise NoServer(f"A server could not be started: {error.strerror or error}.") from None
    deadline = time.monotonic() + PATIENCE
    while not listens(address):
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            raise NoServer(f"A server could not be started. It says: {_last_words(log, began)}")
        time.sleep(LOOK)
    return process.pid


def _serve(directory: str, address: Address, output: IO[bytes]) -> subprocess.Popen[bytes]:
    words = ["--listen", f"tcp:{address.port}:interface={address.host}"]
    words += ["--database", os.path.join(directory, "chat.sqlite")]
    root = os.path.dirname(os.path.dirname(os.path.abspath(chat.__file__)))
    path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH", "")]))
    process: subprocess.Popen[bytes] = subprocess.Popen(
        [sys.executable, "-m", "chat", "serve", *words], cwd=directory, env={**os.environ, "PYTHONPATH": path},
        stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True,
    )  # fmt: skip
    return process


def _last_words(log: str, began: int) -> str:
    with open(log, "rb") as file:
        file.seek(began)
        lines = file.read().decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else "nothing"


def find(directory: str, address: Address = HERE) -> str:
    """See to it that there is a server on this machine; what to tell people if it was not there before.  NoServer."""
    if listens(address):
        return ""
    process = start(directory, address)
    return (
        f"Nobody listened on {address}, so a server was started there; its history is in {directory}. "
        f"It goes on when you leave: kill {process} ends it."
    )
