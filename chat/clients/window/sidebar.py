"""The sidebar: who one is, the conversations, and who is here."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from tkinter import ttk

from chat.clients.window import palette
from chat.clients.window.item import Item, initial
from chat.clients.window.listing import Listing
from chat.clients.window.look import Look


class Panel(ttk.Frame):
    """A list with a scrollbar where it needs one."""

    def __init__(self, master: tk.Misc, look: Look, choose: Callable[[Item], None]) -> None:
        super().__init__(master, style="Side.TFrame")
        self.columnconfigure(0, weight=1)
        self.rowconfigure(0, weight=1)
        self.list = Listing(self, look, choose)
        self.list.grid(row=0, column=0, sticky="nsew")
        self.bar = ttk.Scrollbar(self, command=self.list.yview, style="Side.Vertical.TScrollbar", takefocus=False)
        self.list.scrolled = self._scrolled

    def _scrolled(self, first: float, last: float) -> None:
        self.bar.set(first, last)
        if first <= 0 and last >= 1:
            self.bar.grid_forget()
        else:
            self.bar.grid(row=0, column=1, sticky="ns")


class Sidebar(ttk.Frame):
    """Left of the conversation, or above it where there is little room."""

    def __init__(
        self, master: tk.Misc, look: Look, choose: Callable[[Item], None], join: Callable[[], None]
    ) -> None:
        super().__init__(master, style="Side.TFrame", padding=(0, look.px(10), 0, 0))
        self.look = look
        self.columnconfigure(0, weight=1)
        px = look.px
        you = ttk.Frame(self, style="Side.TFrame", padding=(px(12), 0, px(8), px(8)))
        you.grid(row=0, column=0, sticky="ew")
        you.columnconfigure(1, weight=1)
        self.circle = tk.Label(
            you, compound="center", font="ChatBold", foreground=palette.ON_BRIGHT, background=palette.SIDE,
            borderwidth=0,
        )  # fmt: skip
        self.circle.grid(row=0, column=0, rowspan=2, padx=(0, px(9)))
        self.name = ttk.Label(you, style="Side.TLabel", font="ChatBold", width=1)
        self.name.grid(row=0, column=1, sticky="ew")
        self.server = ttk.Label(you, style="Side.Muted.TLabel", width=1)
        self.server.grid(row=1, column=1, sticky="ew")
        self.conversations = Panel(self, look, choose)
        self.conversations.grid(row=1, column=0, sticky="nsew")
        self.add = ttk.Button(self, text="+  Room or person", style="QuietSide.TButton", command=join)
        self.add.grid(row=2, column=0, sticky="ew", padx=px(6), pady=(px(2), px(8)))
        ttk.Frame(self, style="Rule.TFrame", height=1).grid(row=3, column=0, sticky="ew")
        self.bind("<Configure>", lambda event: self.fit())

    def show_you(self, name: str, server: str) -> None:
        """Who one is, and where."""
        self.circle.configure(image=self.look.circle(32, palette.of(name)), text=initial(name))
        self.name.configure(text=name)
        self.server.configure(text=server)

    def show(self, items: Sequence[Item], chosen: str) -> None:
        """The conversations."""
        self.conversations.list.show(items, chosen)
        self.fit()

    def fit(self) -> None:
        """Give the conversations the height that they need, and no more than half of what there is."""
        whole = self.conversations.list.whole_height
        self.conversations.list.configure(height=min(whole, max(self.look.px(90), self.winfo_height() // 2)))
