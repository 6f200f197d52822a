"""The script `twisted-chat`.  `python -m chat [options]` is `twisted-chat serve [options]`, also from a checkout."""

from __future__ import annotations

import gc
import sys
from typing import ClassVar

USAGE = """\
usage: twisted-chat serve [options]      run the chat, like "twistd -n chat [options]"
       twisted-chat admin COMMAND ...    command the chat, or its database while it does not run
       twisted-chat join [HOST[:PORT]]   join a chat in the terminal; with --plain, lines in and lines out
       twisted-chat window [HOST[:PORT]] join a chat in a window
       twisted-chat PART --help          more about one of them
"""


def serve(words: list[str]) -> None:
    """Run the daemon in the foreground."""
    gc.disable()
    from twisted.application.app import run
    from twisted.internet import reactor
    from twisted.scripts import twistd

    from twisted.plugins.chat_plugin import chat

    class Options(twistd.ServerOptions):  # type: ignore[name-defined, misc]
        """Those of twistd, which need not look through all plugins there are to find this one."""

        loadedPlugins: ClassVar = {chat.tapname: chat}
        subCommands: ClassVar = [(chat.tapname, None, chat.options, chat.description)]

    reactor.callWhenRunning(_collect_garbage)
    sys.argv = ["twistd", "-n", "--pidfile=", "--logger=chat.ops.log.observer", "chat", *words]
    run(twistd.runApp, Options)


def _collect_garbage() -> None:
    """From now on, and only what comes from now on: the modules are never garbage, and it takes long to look.

    What waits for one commit is thousands of objects, none of them garbage: the collector is to look more rarely.
    """
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    gc.enable()


def admin(words: list[str]) -> None:
    """Command the daemon."""
    from chat.ops.commandline import main as command

    sys.exit(command(words))


def join(words: list[str]) -> None:
    """Join a chat in the terminal."""
    from chat.clients.parts import join

    sys.exit(join(words))


def window(words: list[str]) -> None:
    """Join a chat in a window."""
    from chat.clients.parts import window

    sys.exit(window(words))


#: Each imports what it needs when it is asked for: a command line starts at once.
PARTS = {"serve": serve, "admin": admin, "join": join, "window": window}


def main() -> None:
    """Run the part that the first word names."""
    word, words = (sys.argv[1:2] or [""])[0], sys.argv[2:]
    if word in PARTS:
        PARTS[word](words)
    elif word in ("-h", "--help"):
        print(USAGE, end="")
    else:
        print(f'There is no part "{word}".\n{USAGE}' if word else USAGE, end="", file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    if not sys.argv[1:] or sys.argv[1].startswith("-"):
        sys.argv.insert(1, "serve")
    main()
