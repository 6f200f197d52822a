"""A text in one line, of which as much is shown as there is room for."""

from __future__ import annotations

import tkinter as tk
from tkinter import font, ttk

from chat.clients.window.listing import shortened


class Caption(ttk.Label):
    """A label that takes what width it is given; `full` is its whole text."""

    def __init__(self, master: tk.Misc, style: str = "TLabel", face: str = "ChatBody") -> None:
        super().__init__(master, style=style, font=face, width=1)
        self.face, self.full = face, ""
        self.bind("<Configure>", lambda event: self._fit())

    def show(self, text: str) -> None:
        """Show another text."""
        if text != self.full:
            self.full = text
            self._fit()

    def _fit(self) -> None:
        width = self.winfo_width()
        text = shortened(self.full, width, font.nametofont(self.face, self)) if width > 1 else self.full
        if text != self.cget("text"):
            self.configure(text=text)
