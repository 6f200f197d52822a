"""Runs the terminal client: Textual draws on a loop of asyncio, and Twisted's reactor is put on the same one."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
import termios
import threading
from typing import TYPE_CHECKING

from twisted.internet import asyncioreactor

from chat.clients.options import Options
from chat.clients.remembered import Remembered

if TYPE_CHECKING:
    from chat.clients.terminal.app import ChatApp

#: Seconds after which a client whose terminal is gone ends in any case.
PATIENCE = 3.0


def run(options: Options) -> int:
    """Show the client until the person leaves; the exit status.  Install no reactor before."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    asyncioreactor.install(loop)
    from twisted.internet import reactor

    from chat.clients.terminal.app import ChatApp

    app = ChatApp(reactor, Remembered(), options)

    async def shown() -> None:
        for ending in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(ending, app.leave_now)
        signal.signal(signal.SIGHUP, lambda *_: hang_up(app, loop))
        try:
            await app.run_async()
        finally:
            reactor.stop()

    gc.freeze()  # the modules are never garbage
    gc.enable()
    tasks: list[asyncio.Task[None]] = []
    reactor.callWhenRunning(lambda: tasks.append(loop.create_task(shown())))
    reactor.run(installSignalHandlers=False)  # type: ignore[call-arg]
    for task in tasks:
        task.result()
    return app.return_code or 0


def hang_up(app: ChatApp, loop: asyncio.AbstractEventLoop) -> None:
    """End in order if there is a terminal; if it is gone, say goodbye to the server and draw no more.

    The system sends SIGCONT behind SIGHUP, whereupon Textual would begin to draw again, and wait for ever for a thread
    that has failed to write.
    """
    try:
        termios.tcgetattr(sys.__stdin__)  # type: ignore[arg-type]
    except termios.error:
        signal.signal(signal.SIGCONT, lambda *_: None)
        backstop = threading.Timer(PATIENCE, os._exit, (0,))
        backstop.daemon = True
        backstop.start()
        loop.call_soon_threadsafe(lambda: app.goodbye().addBoth(lambda _: os._exit(0)))
    else:
        loop.call_soon_threadsafe(app.leave_now)
