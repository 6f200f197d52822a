"""The window: a chat on the screen, made with Tk.

    begin.py         the first window, or a sentence that says what is missing
    application.py   all windows of one process, and the sessions they show
    window.py        one window on one session; reading.py and writing.py are its two halves, menus.py its menus
    admission.py     how it is with the link: the form to sign in, the question of trust, the words above the log
    frame.py         what is in a window, and where; log, compose, sidebar, listing, card and picker are its parts
    row.py, roster.py, item.py, action.py, words.py, spans.py, shortcut.py, palette.py   what needs no display
    look.py          fonts, pictures and styles; glyphs.py keeps old X libraries alive
"""

from chat.clients.window.begin import main

__all__ = ["main"]
