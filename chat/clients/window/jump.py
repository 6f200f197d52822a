"""Where to go: a conversation, a person, a room one is not in yet."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from chat.clients.model import Chat
from chat.clients.window.card import Card
from chat.clients.window.listing import Listing
from chat.clients.window.look import Look
from chat.clients.window.roster import destinations


class Jump(Card):
    """A field, and below it what it may mean; `go` takes a name, or nothing."""

    def __init__(self, master: tk.Misc, look: Look, chat: Chat, go: Callable[[str], None]) -> None:
        super().__init__(master, look)
        self.chat, self.done = chat, go
        self.words("Go to", "Card.Title.TLabel")
        self.field = ttk.Entry(self.body, font="ChatBody")
        self.add(self.field, below=8)
        self.list = Listing(self.body, look, lambda item: go(item.key), low=True)
        self.list.configure(height=self.list.row_height * 8, takefocus=False)
        self.body.rowconfigure(self.add(self.list, below=4), weight=1)
        self.words("#room joins a room; a name writes to somebody.", "Card.Muted.TLabel", 0)
        for key, step in (("Up", -1), ("Down", 1), ("Prior", -8), ("Next", 8)):
            self.field.bind(f"<{key}>", lambda event, step=step: self.list.go(step))  # type: ignore[misc]
        self.field.bind("<KeyRelease>", lambda event: self.seek())
        self.field.bind("<Return>", lambda event: self._enter())
        self.field.bind("<Escape>", lambda event: go(""))
        self.bind("<Button-1>", lambda event: go(""))
        self.field.focus_set()
        self.seek()

    def seek(self) -> None:
        """Show what the field may mean."""
        items = destinations(self.chat, self.field.get().strip())
        if tuple(items) != tuple(self.list.items):
            self.list.show(items)
            self.list.point(0 if items else -1)

    def _enter(self) -> str:
        self.seek()
        item = self.list.current
        self.done(item.key if item else "")
        return "break"
