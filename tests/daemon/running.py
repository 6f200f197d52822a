"""The words for tests of the real daemon: a process of its own, and people who talk to it over sockets.

    class TalkTests(DaemonTestCase):
        def test_two_people_talk(self) -> None:
            daemon = self.daemon()
            alice, bob = daemon.person("alice"), daemon.person("bob")
            alice.says("hi")
            bob.hears("alice: hi")

These tests block: each works in a directory of its own, ends every process that it started, and waits for
whatever it expects no longer than `PATIENCE`.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from typing import TypeVar

from twisted.trial.unittest import SynchronousTestCase

import chat
from chat.core.events import Said
from chat.core.history import Query
from chat.stores.database import connect
from chat.stores.reader import page

T = TypeVar("T")

#: Seconds that anything may take before it counts as never.
PATIENCE = 90
#: The checkout that is tested; the daemon runs in another directory and has to find it.
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(chat.__file__)))

#: The twistd of the interpreter that runs the tests.
TWISTD = (sys.executable, "-c", "import sys; from twisted.scripts.twistd import run; sys.argv[0] = 'twistd'; run()")
FOREGROUND = (*TWISTD, "-n")
LISTENING = re.compile(r"\[LISTENING\] Server is listening on (\S+)")
LOCAL = "tcp:0:interface=127.0.0.1"


def until(happens: Callable[[], T], what: str) -> T:
    """What `happens` gives as soon as it gives something; AssertionError if it takes longer than `PATIENCE`."""
    deadline = time.monotonic() + PATIENCE
    while not (result := happens()):
        if time.monotonic() > deadline:
            raise AssertionError(f"{what}: not within {PATIENCE} seconds")
        time.sleep(0.002)
    return result


def trusting(root: str) -> ssl.SSLContext:
    """A client that trusts one certificate, in PEM; not as strict as Python 3.13, which wants more in it than we do."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=root)
    return context


class Caller:
    """Somebody at the other end of a socket."""

    def __init__(self, connection: socket.socket) -> None:
        self.socket = connection
        self.socket.settimeout(PATIENCE)
        self._data, self._at = b"", 0

    @property
    def unread(self) -> str:
        """What has come and was not looked at."""
        return self._data[self._at :].decode()

    def types(self, data: bytes) -> None:
        """Send bytes as they are."""
        self.socket.sendall(data)

    def says(self, *lines: str) -> None:
        """Send whole lines, in one piece."""
        self.types("".join(line + "\n" for line in lines).encode())

    def hears(self, text: str) -> str:
        """Read until `text` has come; all that has come since the last time, up to and with it; EOFError."""
        wanted = text.encode()
        while (found := self._data.find(wanted, self._at)) < 0:
            if not self._read():
                raise EOFError(f"{text!r} never came, but {self.unread!r}, and then the end")
        start, self._at = self._at, found + len(wanted)
        return self._data[start : self._at].decode()

    def reads_line(self) -> str:
        """One line, without its end; EOFError."""
        return self.hears("\n")[:-1]

    def hears_to_the_end(self) -> str:
        """Everything else, until the server closes the connection."""
        while self._read():
            pass
        return self.unread

    def _read(self) -> bool:
        data = self.socket.recv(65_536)
        self._data, self._at = self._data[self._at :] + data, 0
        return bool(data)

    def signs_in(self, name: str) -> Caller:
        """Give a name, without waiting to be asked, and come to be in the lobby."""
        self.says(name)
        self.hears("* You are in ")
        self.hears("\n")
        return self

    def stops_typing(self) -> None:
        """Send nothing more, but go on reading."""
        self.socket.shutdown(socket.SHUT_WR)


class Daemon:
    """A chat daemon as a process, in a directory where its log and its history stay when it ends."""

    def __init__(self, program: Sequence[str], directory: str, environ: Mapping[str, str]) -> None:
        self.program, self.directory = program, directory
        self.environ = {**os.environ, "PYTHONPATH": ROOT, **environ}
        self.process: subprocess.Popen[bytes] | None = None
        self._begin = 0
        self._connections: list[socket.socket] = []

    # -- the process

    def start(self, pass_fds: Sequence[int] = (), output: str = "log") -> None:
        """Begin, without waiting for anything; what it prints is added to the file `output`."""
        with open(self.path("log"), "ab") as log, open(self.path(output), "ab") as printed:
            self._begin = log.tell()
            self.process = subprocess.Popen(
                self.program, cwd=self.directory, env=self.environ, pass_fds=pass_fds,
                stdin=subprocess.DEVNULL, stdout=printed, stderr=printed,
            )  # fmt: skip

    def ready(self, doors: int = 1) -> Daemon:
        """Wait until it listens on so many doors."""
        until(lambda: len(self.addresses) >= doors or self.process.poll() is not None, "[LISTENING]")  # type: ignore[union-attr]
        if len(self.addresses) < doors:
            raise AssertionError(f"The daemon did not start:\n{self.log}")
        return self

    def send(self, number: signal.Signals) -> None:
        """Send it a signal."""
        assert self.process is not None
        self.process.send_signal(number)

    def wait(self, seconds: float = PATIENCE) -> int:
        """Its exit status, when it has ended; TimeoutExpired."""
        assert self.process is not None
        return self.process.wait(seconds)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """End it in an orderly way, and give its exit status."""
        self.send(number)
        return self.wait()

    def kill(self) -> None:
        """End it at once, whatever it is doing."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def reap(self) -> None:
        """Leave nothing behind: neither the process nor connections to it."""
        for connection in self._connections:
            connection.close()
        if self.process is not None and self.process.poll() is None:
            self.kill()

    # -- what can be seen of it

    def path(self, name: str) -> str:
        return os.path.join(self.directory, name)

    @property
    def log(self) -> str:
        """What it has written since it was started the last time."""
        with open(self.path("log"), "rb") as log:
            log.seek(self._begin)
            return log.read().decode()

    def logs(self, text: str) -> None:
        """Wait until `text` is in the log."""
        until(lambda: text in self.log, f"{text!r} in the log")

    @property
    def addresses(self) -> list[str]:
        """Where it says that it listens: 127.0.0.1:5050, [::1]:5050, or the path of a socket."""
        return LISTENING.findall(self.log)

    # -- people

    def connect(self, door: int = 0) -> socket.socket:
        """A connection to one of its doors."""
        host, _, port = self.addresses[door].rpartition(":")
        if host:
            connection = socket.create_connection((host.strip("[]"), int(port)), PATIENCE)
        else:
            connection = socket.socket(socket.AF_UNIX)
            connection.settimeout(PATIENCE)
            connection.connect(port)
        self._connections.append(connection)
        return connection

    def caller(self, door: int = 0, tls: ssl.SSLContext | None = None) -> Caller:
        """Somebody who has connected and was not asked anything yet; with `tls` encrypted."""
        connection = self.connect(door)
        if tls:
            connection = tls.wrap_socket(connection, server_hostname="chat.example.org")
            self._connections.append(connection)
        return Caller(connection)

    def person(self, name: str, door: int = 0, tls: ssl.SSLContext | None = None) -> Caller:
        """Somebody who is in the lobby."""
        return self.caller(door, tls).signs_in(name)


class DaemonTestCase(SynchronousTestCase):
    """A directory for each test, short enough for the address of a unix socket, and daemons in it."""

    def setUp(self) -> None:
        self.directory = tempfile.mkdtemp(prefix="chat-")
        self.addCleanup(shutil.rmtree, self.directory)

    def path(self, name: str) -> str:
        return os.path.join(self.directory, name)

    def write(self, name: str, content: str | bytes) -> str:
        """Put a new file in the place of the old; its path."""
        with open(self.path(name + ".new"), "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
        os.replace(self.path(name + ".new"), self.path(name))
        return self.path(name)

    def history(self, room: str = "lobby", after: int = 0) -> list[Said]:
        """What the store says was said in a room, in order, behind the event of the seq `after`."""
        with closing(connect(self.path("chat.sqlite"), write=False)) as connection:
            return page(connection, Query((room,), after, limit=sys.maxsize))  # type: ignore[return-value]

    def new_daemon(
        self, *options: str, twistd: Sequence[str] = FOREGROUND, environ: Mapping[str, str] | None = None
    ) -> Daemon:
        """A daemon that is not started yet, and is ended with the test."""
        daemon = Daemon((*twistd, "chat", *options), self.directory, environ or {})
        self.addCleanup(daemon.reap)
        return daemon

    def daemon(self, *options: str, doors: int = 1, twistd: Sequence[str] = FOREGROUND) -> Daemon:
        """A daemon that listens: on a port of 127.0.0.1, if no option says where, and without a flood limit."""
        given = options if "--listen" in options or "--line" in options else (*options, "--listen", LOCAL)
        daemon = self.new_daemon("--flood", "off", "--name", "chat.example.org", *given, twistd=twistd)
        daemon.start()
        return daemon.ready(doors)
