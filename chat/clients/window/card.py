"""A card in the middle of a window: the form to sign in, a question, the list of keys."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from itertools import count
from tkinter import ttk

from chat.clients.window import palette, shortcut
from chat.clients.window.look import Look

#: The widths of cards, in units; where a window is narrower they take what there is.
NARROW, BROAD = 380, 520


class Card(tk.Frame):
    """Lies over a window; `body` is where its words and buttons go."""

    def __init__(self, master: tk.Misc, look: Look, width: int = NARROW) -> None:
        super().__init__(master, background=palette.BACK)
        self.look, self._width, self._rows = look, look.px(width), count()
        self.body = ttk.Frame(self, style="Card.TFrame", padding=look.px(24))
        self.body.columnconfigure(0, weight=1)
        self.body.place(relx=0.5, rely=0.5, anchor="center", width=self._width)
        self.bind("<Configure>", lambda event: self._fit())
        self.body.bind("<Configure>", lambda event: self._fit())

    def _fit(self) -> None:
        room, height = self.winfo_width() - self.look.px(24), self.winfo_height() - self.look.px(24)
        width = min(self._width, room) if room > 1 else self._width
        self.body.place_configure(width=width, height=height if 1 < height < self.body.winfo_reqheight() else "")
        for label in self.body.winfo_children():
            if isinstance(label, ttk.Label) and str(label.cget("wraplength")) not in ("", "0"):
                label.configure(wraplength=width - self.look.px(48))

    def words(self, text: str, style: str = "Card.TLabel", below: int = 8) -> ttk.Label:
        """Some words, as wide as the card."""
        label = ttk.Label(self.body, text=text, style=style, wraplength=self._width - self.look.px(48), justify="left")
        self.add(label, below)
        return label

    def add(self, widget: tk.Widget, below: int = 0, above: int = 0) -> int:
        """Put something under the rest; which row it is in."""
        row = next(self._rows)
        widget.grid(row=row, column=0, sticky="nsew", pady=(self.look.px(above), self.look.px(below)))
        return row

    def button(self, text: str, do: Callable[[], None], style: str = "Plain.TButton") -> ttk.Button:
        """A button, as wide as the card, that Return presses, too."""
        button = ttk.Button(self.body, text=text, style=style, command=do)
        button.bind("<Return>", lambda event: button.invoke())
        self.add(button, above=6)
        return button


def keys(master: tk.Misc, look: Look, close: Callable[[], None]) -> Card:
    """The list of keys."""
    card = Card(master, look, BROAD)
    card.words("Keys", "Card.Title.TLabel")
    table = tk.Text(
        card.body, background=palette.SIDE, foreground=palette.TEXT, font="ChatBody", borderwidth=0, wrap="word",
        highlightthickness=0, height=30, width=1, cursor="arrow", tabs=(look.px(190),), spacing1=look.px(2),
    )  # fmt: skip
    table.tag_configure("section", font="ChatSmallBold", foreground=palette.MUTED, spacing1=look.px(10))
    table.tag_configure("key", font="ChatBold", foreground=palette.ACCENT)
    table.tag_configure("row", lmargin2=look.px(190))
    for name, rows in shortcut.SECTIONS:
        table.insert("end", f"{name.upper()}\n", "section")
        for row in rows:
            table.insert("end", row.keys, ("row", "key"))
            table.insert("end", f"\t{row.does}\n", "row")
    table.configure(state="disabled")
    card.body.rowconfigure(card.add(table), weight=1)
    table.bind("<Escape>", lambda event: close())
    button = card.button("Close", close, "Bright.TButton")
    button.bind("<Escape>", lambda event: close())
    for key, step in (("Up", -2), ("Down", 2), ("Prior", -12), ("Next", 12)):
        button.bind(f"<{key}>", lambda event, step=step: table.yview_scroll(step, "units"))  # type: ignore[misc]
    button.focus_set()
    return card
