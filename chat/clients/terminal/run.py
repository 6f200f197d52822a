"""Runs the terminal client: Textual draws on a loop of asyncio, and Twisted's reactor is put on the same one."""

from __future__ import annotations

import asyncio
import signal

from twisted.internet import asyncioreactor

from chat.clients.options import Options
from chat.clients.remembered import Remembered

#: What ends a program from outside ends this one in order: the terminal is as it was before.
ENDINGS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


def run(options: Options) -> int:
    """Show the client until the person leaves; the exit status.  Install no reactor before."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    asyncioreactor.install(loop)
    from twisted.internet import reactor

    from chat.clients.terminal.app import ChatApp

    app = ChatApp(reactor, Remembered(), options)

    async def shown() -> None:
        for ending in ENDINGS:
            loop.add_signal_handler(ending, app.leave_now)
        try:
            await app.run_async()
        finally:
            reactor.stop()

    tasks: list[asyncio.Task[None]] = []
    reactor.callWhenRunning(lambda: tasks.append(loop.create_task(shown())))
    reactor.run(installSignalHandlers=False)  # type: ignore[call-arg]
    for task in tasks:
        task.result()
    return app.return_code or 0
