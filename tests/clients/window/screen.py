"""The words for tests of windows on a screen: an Xvfb of our own, and windows that run in the reactor of the test.

    class SomeTests(ScreenTestCase):
        async def test_something(self) -> None:
            window = self.window()
            await until(lambda: window.frame.winfo_width() > 1, "a window")

They skip where Xvfb or Tk is missing.  Nothing waits longer than `PATIENCE`.
"""

from __future__ import annotations

import os
import select
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from functools import cache
from typing import Any

from twisted.internet import reactor
from twisted.internet.task import deferLater
from twisted.trial.unittest import SkipTest, TestCase

from chat.clients.remembered import Remembered
from chat.clients.window.begin import Turns
from tests.daemon.running import PATIENCE

try:
    import tkinter as tk

    from twisted.internet import tksupport
except ImportError:
    tk = None  # type: ignore[assignment]

WIDE, HIGH = 1700, 1000


async def until(happens: Callable[[], Any], what: str, patience: float = PATIENCE) -> Any:
    """What `happens` gives as soon as it gives something, while everything else goes on."""
    deadline = time.monotonic() + patience
    while not (result := happens()):
        if time.monotonic() > deadline:
            raise AssertionError(f"{what}: not within {patience} seconds")
        await deferLater(reactor, 0.005)  # type: ignore[arg-type]
    return result


def require_tk() -> None:
    """Skip without Tk."""
    if tk is None:
        raise SkipTest("This Python has no Tk (Debian: python3-tk)")


@cache
def display() -> str:
    """A screen for all tests of this process: its name; SkipTest."""
    require_tk()
    program = shutil.which("Xvfb")
    if program is None:
        raise SkipTest("Xvfb is not installed (Debian: xvfb)")
    ours, its = os.pipe()
    server = subprocess.Popen(
        [program, "-displayfd", str(its), "-screen", "0", f"{WIDE}x{HIGH}x24", "-dpi", "96", "-nolisten", "tcp"],
        pass_fds=[its], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(its)
    reactor.addSystemEventTrigger("after", "shutdown", server.kill)  # type: ignore[attr-defined]
    number = b""
    while not number.endswith(b"\n"):
        if not select.select([ours], [], [], PATIENCE)[0] or not (more := os.read(ours, 16)):
            raise AssertionError("Xvfb did not start")
        number += more
    os.close(ours)
    check = tk.Tk(screenName=f":{number.decode().strip()}")
    try:
        check.tk.call("font", "measure", "TkDefaultFont", "a")
    except tk.TclError:
        raise SkipTest("There is no font that Tk could use (Debian: fonts-dejavu-core)") from None
    finally:
        check.destroy()
    return f":{number.decode().strip()}"


class ScreenTestCase(TestCase):
    """An application on a screen.  What goes wrong in a callback of Tk fails the test."""

    timeout = 2 * PATIENCE

    def setUp(self) -> None:
        name = display()
        from chat.clients.window.application import Application

        self.root = tk.Tk(screenName=name)
        self.root.withdraw()
        self.wrong: list[BaseException] = []
        self.root.report_callback_exception = lambda kind, value, trace: self.wrong.append(value)  # type: ignore[method-assign]
        folder = tempfile.mkdtemp(prefix="chat-")
        self.addCleanup(shutil.rmtree, folder)
        self.remembered = Remembered(os.path.join(folder, "remembered.json"))
        self.dones: list[bool] = []
        self.application = Application(self.root, reactor, self.remembered, lambda: self.dones.append(True))
        tksupport.install(Turns(self.root), ms=5)
        self.addCleanup(self._close)

    async def _close(self) -> None:
        await self.application.goodbye()
        for window in list(self.application.windows):
            window.close()
        tksupport.uninstall()
        self.root.destroy()
        self.assertEqual(self.wrong, [])

    def window(self, width: int = 980, height: int = 700) -> Any:
        """A window of that size, with the form to sign in."""
        window = self.application.open()
        window.frame.geometry(f"{width}x{height}+0+0")
        return window


def inside(widget: tk.Misc, other: tk.Misc) -> bool:
    """Whether a widget can be seen, and lies wholly inside another."""
    left, top = widget.winfo_rootx() - other.winfo_rootx(), widget.winfo_rooty() - other.winfo_rooty()
    right, bottom = left + widget.winfo_width(), top + widget.winfo_height()
    within = left >= 0 and top >= 0 and right <= other.winfo_width() and bottom <= other.winfo_height()
    return bool(widget.winfo_viewable()) and within
