"""The words for tests of programs that draw: the program on a pseudoterminal, and what is to be seen there.

alice = Terminal("join", daemon.addresses[0], "--nick", "alice", home=self.directory)
alice.sees("Connected")
alice.types("hello\\r")
"""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable

import pyte

from tests.daemon.running import PATIENCE, ROOT

#: What keys send (xterm).
UP, ENTER, ESCAPE, BACKSPACE, CONTROL_B, CONTROL_C = "\x1b[A", "\r", "\x1b", "\x7f", "\x02", "\x03"
ALT_A, F5 = "\x1ba", "\x1b[15~"


class Terminal:
    """`twisted-chat` with these words, on a terminal of its own, and somebody who looks at it."""

    def __init__(self, *words: str, home: str, size: tuple[int, int] = (100, 30)) -> None:
        self.screen = pyte.Screen(*size)
        self._stream = pyte.ByteStream(self.screen)
        self.written = b""
        self.far, self.near = pty.openpty()
        self.resize(*size)
        self.before = termios.tcgetattr(self.near)
        environ = {"HOME": home, "XDG_STATE_HOME": home, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
        self.process = subprocess.Popen(
            (sys.executable, "-m", "chat", *words), cwd=home, env={**os.environ, "PYTHONPATH": ROOT, **environ},
            stdin=self.near, stdout=self.near, stderr=self.near, start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )  # fmt: skip

    # -- what somebody does

    def types(self, text: str) -> None:
        """Press keys, all at once."""
        os.write(self.far, text.encode())

    def pastes(self, text: str) -> None:
        """Paste a text, as terminals say it (bracketed paste)."""
        self.types(f"\x1b[200~{text}\x1b[201~")

    def resize(self, columns: int, rows: int) -> None:
        """Make the window larger or smaller."""
        fcntl.ioctl(self.far, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.screen.resize(rows, columns)

    def closes(self) -> None:
        """Close the window."""
        os.close(self.far)
        os.close(self.near)
        self.far = -1

    # -- what somebody sees

    @property
    def rows(self) -> list[str]:
        return list(self.screen.display)

    def __str__(self) -> str:
        return "\n".join(self.rows)

    def waits(self, for_what: Callable[[], object], words: str) -> None:
        """Look until it is there, or the program has ended; AssertionError if it does not come."""
        deadline = time.monotonic() + PATIENCE
        while not for_what():
            if not self._look() and not for_what():
                raise AssertionError(f"{words}: the program ended with {self.process.wait(PATIENCE)}:\n{self}")
            if time.monotonic() > deadline:
                raise AssertionError(f"{words}: not within {PATIENCE} seconds:\n{self}")

    def _look(self) -> bool:
        """Take in what was drawn; False at the end."""
        if not select.select([self.far], [], [], 0.05)[0]:
            return self.process.poll() is None
        data = os.read(self.far, 65_536)
        self.written += data
        self._stream.feed(data)
        return True

    def sees(self, *words: str) -> None:
        """Wait until these words are on the screen."""
        for each in words:
            self.waits(lambda each=each: each in str(self), repr(each))  # type: ignore[misc]

    def sees_no(self, *words: str) -> None:
        """Wait until these words are not on the screen any more."""
        for each in words:
            self.waits(lambda each=each: each not in str(self), f"no {each!r}")  # type: ignore[misc]

    def row_of(self, words: str) -> str:
        """The row with these words."""
        self.sees(words)
        return next(row for row in self.rows if words in row)

    # -- the end

    def ends(self) -> int:
        """Its exit status, when it has ended, and everything that it wrote is taken in."""
        self.waits(lambda: self.process.poll() is not None, "the end")
        while select.select([self.far], [], [], 0)[0] and self._look():
            pass
        return self.process.wait(PATIENCE)

    @property
    def restored(self) -> bool:
        """Whether the terminal is as it was: its modes, the screen there was before, a cursor that is seen."""
        modes = termios.tcgetattr(self.near) == self.before
        screen = self.written.rfind(b"\x1b[?1049l") > self.written.rfind(b"\x1b[?1049h")
        cursor = self.written.rfind(b"\x1b[?25h") > self.written.rfind(b"\x1b[?25l")
        mouse = self.written.rfind(b"\x1b[?1003l") > self.written.rfind(b"\x1b[?1003h")
        return modes and screen and cursor and mouse

    def reap(self) -> None:
        """Leave nothing behind."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if self.far >= 0:
            self.closes()
