"""`twisted-chat window`: the first window, or a sentence that says what is missing."""

from __future__ import annotations

import os
import sys
from typing import Any

from chat.clients.options import Options
from chat.clients.window.glyphs import keep_plain, version

NO_TK = "The window needs Tk, which this Python does not have: install it with your system's package python3-tk."
NO_DISPLAY = (
    "The window needs a display, and there is none: install a desktop or an X server such as xvfb, "
    "or use `twisted-chat join` in the terminal."
)
NO_FONT = "The window needs a font, and there is none: install your system's package fonts-dejavu-core, or another."

#: Milliseconds between two turns of Tk, and what happens in one at most: the link has its turn, too.
EVERY, MOST_EVENTS = 20, 500


class Turns:
    """Tk as the reactor drives it: what has happened is done.  Its own `update` waits for the X server each time."""

    def __init__(self, root: Any) -> None:
        self._root = root

    def update(self) -> None:
        """Do what has happened since the last time."""
        for _ in range(MOST_EVENTS):
            if not self._root.dooneevent(2):  # TCL_DONT_WAIT
                return


def main(wanted: Options) -> int:
    """Open a window, with the form to sign in or on a server; the exit status, when all windows are closed."""
    fonts = keep_plain(version(), os.environ)
    try:
        import tkinter as tk
    except ImportError:
        print(NO_TK, file=sys.stderr)
        return 1
    try:
        root = tk.Tk(className="Twisted-chat")
    except tk.TclError:
        print(NO_DISPLAY, file=sys.stderr)
        return 1
    root.withdraw()
    try:
        root.tk.call("font", "measure", "TkDefaultFont", "a")
    except tk.TclError:
        print(NO_FONT, file=sys.stderr)
        return 1
    _run(root, wanted)
    if fonts is not None:
        fonts.cleanup()
    return 0


def _run(root: Any, wanted: Options) -> None:
    from twisted.internet import reactor, tksupport

    from chat.clients.remembered import Remembered
    from chat.clients.window.application import Application

    loop: Any = reactor
    application = Application(root, loop, Remembered(), loop.stop)
    loop.addSystemEventTrigger("before", "shutdown", application.goodbye)
    loop.addSystemEventTrigger("during", "shutdown", tksupport.uninstall)
    application.begin(wanted)
    tksupport.install(Turns(root), ms=EVERY)
    loop.run()
    root.destroy()
