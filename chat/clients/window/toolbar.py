"""What the pointer finds at the row it is on: reply, react, everything else."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from chat.clients.window import palette
from chat.clients.window.look import Look
from chat.clients.window.row import Row

#: What stands on the buttons, and what each is for; the last one asks for the whole menu.
BUTTONS = (("↩", "reply"), ("☺", "react"), ("⋮", "more"))


class Toolbar(tk.Frame):
    """Lies at the right end of a row; `press` takes the row, what is to be done, and where a menu may be."""

    def __init__(self, text: tk.Text, look: Look, press: Callable[[Row, str, int, int], None]) -> None:
        super().__init__(text, background=palette.RAISED, padx=look.px(1), pady=look.px(1))
        self.look, self.press = look, press
        self.row: Row | None = None
        for sign, name in BUTTONS:
            button = ttk.Button(self, text=sign, style="Tool.QuietField.TButton", takefocus=False, cursor="hand2")
            button.configure(command=lambda name=name, button=button: self._pressed(name, button))  # type: ignore[misc]
            button.pack(side="left")

    def _pressed(self, name: str, button: ttk.Button) -> None:
        if self.row is not None:
            self.press(self.row, name, button.winfo_rootx(), button.winfo_rooty() + button.winfo_height())

    def show(self, row: Row | None, top: int = 0) -> None:
        """Be at this row, so many pixels down; or nowhere."""
        self.row = row
        if row is None:
            self.place_forget()
        else:
            self.place(relx=1.0, x=-self.look.px(18), y=max(0, top - self.look.px(8)), anchor="ne")

    def has(self, widget: tk.Misc | None) -> bool:
        """Whether a widget is part of it."""
        return widget is not None and str(widget).startswith(str(self))
