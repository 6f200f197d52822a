"""The client in a terminal, drawn by Textual: `twisted-chat join`.

It shows what the model believes, and asks of it what a person wants; it knows no IRC.

    app.py       which screen is shown, the theme, the bell, the title
    signin.py, question.py, help.py, emojis.py, palette.py   the screens
    talk.py      the screen on which one talks, made of
        log.py, drawing.py       the lines
        sidebar.py, listing.py   conversations and people
        composer.py, context.py  what one types, and what for
        bars.py, status.py       the single rows
    keys.py, themes.py           the tables
"""

from __future__ import annotations

import gc
import sys

from chat.clients.options import Options

MISSING = (
    "The client for the terminal needs Textual: pip install 'twisted-chat[tui]'. "
    "`twisted-chat join --plain` works without it."
)


def hindrance() -> str:
    """Why nothing can be drawn here, or nothing."""
    try:
        import textual  # noqa: F401 - it is there, or it is not
    except ImportError:
        return MISSING
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return "This is no terminal. `twisted-chat join --plain` works everywhere."
    return ""


def main(options: Options) -> int:
    """Join as the command line says; the status to exit with."""
    gc.disable()  # a tenth of the start; `run` has it collect again
    from chat.clients.terminal.run import run

    return run(options)
