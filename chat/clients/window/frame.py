"""One window: what is in it, and where it goes when there is more or less room."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from chat.clients.window import palette
from chat.clients.window.caption import Caption
from chat.clients.window.compose import Compose
from chat.clients.window.item import Item
from chat.clients.window.log import Log
from chat.clients.window.look import Look
from chat.clients.window.sidebar import Panel, Sidebar

#: From so many units on the sidebar stands beside the log, and the people at the right.
BESIDE, WIDE = 640, 1100
#: The widths of the sidebar and of the people at the right, and the least size of a window, in units.
SIDEBAR, PEOPLE, LEAST = 232, 220, (360, 300)


class Frame(tk.Toplevel):
    """The parts of a window; what they do is set by whoever shows something in it."""

    def __init__(self, root: tk.Misc, look: Look) -> None:
        super().__init__(root, background=palette.BACK)
        self.look = look
        self.choose: Callable[[Item], None] = lambda item: None
        self.choose_person: Callable[[Item], None] = lambda item: None
        self.join: Callable[[], None] = lambda: None
        self.menu: Callable[[], None] = lambda: None
        self.folded, self.unfolded, self.wide = False, False, False
        self.minsize(*(look.px(size) for size in LEAST))
        self.geometry(f"{look.px(980)}x{look.px(680)}")
        self._cover: tk.Widget | None = None
        self._icon = ""
        self.columnconfigure(1, weight=1)
        self.rowconfigure(0, weight=1)
        self.main = ttk.Frame(self)
        self.main.columnconfigure(0, weight=1)
        self.main.rowconfigure(3, weight=1)
        self._header()
        self._state()
        self.log = Log(self.main, look)
        self.log.grid(row=3, column=0, sticky="nsew")
        self.typing = Caption(self.main, "Muted.TLabel", "ChatSmall")
        self.typing.grid(row=4, column=0, sticky="ew", padx=look.px(24), pady=(look.px(2), look.px(3)))
        self.compose = Compose(self.main, look)
        self.compose.grid(row=5, column=0, sticky="ew")
        self.sidebar = Sidebar(self, look, self._chosen, lambda: self.join())
        self.right = ttk.Frame(self, style="Side.TFrame", padding=(0, look.px(10), 0, 0))
        self.right.rowconfigure(0, weight=1)
        self.right.columnconfigure(0, weight=1)
        self.sidebar.rowconfigure(4, weight=1)
        self.people = Panel(self, look, lambda item: self.choose_person(item))
        self.bind("<Configure>", self._resized)
        self._arrange(self.winfo_reqwidth())

    def _header(self) -> None:
        px = self.look.px
        header = ttk.Frame(self.main, padding=(px(14), px(9), px(8), px(9)))
        header.grid(row=0, column=0, sticky="ew")
        header.columnconfigure(1, weight=1)
        self.fold = ttk.Button(header, text="☰", style="Icon.Quiet.TButton", command=self.toggle)
        self.title_line = Caption(header, "TLabel", "ChatTitle")
        self.title_line.grid(row=0, column=1, sticky="ew")
        self.topic = Caption(header, "Muted.TLabel", "ChatSmall")
        self.topic.grid(row=1, column=1, sticky="ew")
        self.more = ttk.Button(header, text="⋮", style="Icon.Quiet.TButton", command=lambda: self.menu())
        self.more.grid(row=0, column=2, rowspan=2, padx=(px(6), 0))
        ttk.Frame(self.main, style="Rule.TFrame", height=1).grid(row=1, column=0, sticky="ew")

    def _state(self) -> None:
        px = self.look.px
        self.bar = ttk.Frame(self.main, style="Warning.TFrame", padding=(px(14), px(5), px(8), px(5)))
        self.bar.columnconfigure(0, weight=1)
        self.sentence = ttk.Label(self.bar, style="Warning.TLabel", font="ChatSmall", wraplength=px(300), width=1)
        self.sentence.grid(row=0, column=0, sticky="ew")
        self.sentence.bind("<Configure>", lambda event: self.sentence.configure(wraplength=max(100, event.width)))
        self.retry = ttk.Button(self.bar, text="Try now", style="QuietBanner.TButton")

    # -- the size

    def _resized(self, event: tk.Event[tk.Misc]) -> None:
        if event.widget is self:
            self._arrange(event.width)

    def _arrange(self, width: int) -> None:
        """Put the parts where there is room for them."""
        now = width < self.look.px(BESIDE), width >= self.look.px(WIDE)
        if now != (self.folded, self.wide) or not self.people.winfo_manager():
            self.folded, self.wide = now
            self._place()

    def _place(self) -> None:
        """Have all parts in their places; what is covered is out of reach of the keyboard, too."""
        self.unfolded = False
        self.sidebar.place_forget()
        for part in (self.main, self.sidebar, self.right, self.fold):
            part.grid_forget()
        if self._cover is not None:
            return
        self.main.grid(row=0, column=1, sticky="nsew")
        if self.folded:
            self.fold.grid(row=0, column=0, rowspan=2, padx=(0, self.look.px(8)))
        else:
            self.sidebar.grid(row=0, column=0, sticky="nsew")
        if self.wide:
            self.right.grid(row=0, column=2, sticky="nsew")
            self.people.grid(in_=self.right, row=0, column=0, sticky="nsew", pady=0)
        else:
            self.people.grid(in_=self.sidebar, row=4, column=0, sticky="nsew", pady=(self.look.px(8), 0))
        self.columnconfigure(0, minsize=0 if self.folded else self.look.px(SIDEBAR))
        self.columnconfigure(2, minsize=self.look.px(PEOPLE) if self.wide else 0)
        self.people.lift()

    def toggle(self) -> None:
        """Unfold the sidebar over the conversation, or fold it away."""
        if self.folded and not self.unfolded:
            width = min(self.winfo_width() - self.look.px(60), self.look.px(280))
            self.sidebar.place(x=0, y=0, relheight=1.0, width=width)
            self.sidebar.lift()
            self.people.lift()
            self.unfolded = True
            self.sidebar.conversations.list.focus_set()
        else:
            self.fold_away()

    def fold_away(self) -> bool:
        """Fold the sidebar away, if it lies over the conversation; whether it did."""
        if not self.unfolded:
            return False
        self.sidebar.place_forget()
        self.unfolded = False
        self.compose.text.focus_set()
        return True

    def _chosen(self, item: Item) -> None:
        self.fold_away()
        self.choose(item)

    # -- what lies over the rest

    def say_state(self, sentence: str, retry: Callable[[], None] | None = None) -> None:
        """Say how it is with the link, or nothing where it is well."""
        if not sentence:
            self.bar.grid_forget()
            return
        self.sentence.configure(text=sentence)
        self.bar.grid(row=2, column=0, sticky="ew")
        if retry:
            self.retry.configure(command=retry)
            self.retry.grid(row=0, column=1)
        else:
            self.retry.grid_forget()

    def cover(self, widget: tk.Widget | None) -> None:
        """Have something lie over the whole window, in the place of what lay there before."""
        if self._cover is not None and self._cover is not widget:
            self._cover.destroy()
        self._cover = widget
        self._place()
        if widget is not None:
            widget.place(x=0, y=0, relwidth=1.0, relheight=1.0)
            widget.lift()

    @property
    def covered(self) -> tk.Widget | None:
        """What lies over the window."""
        return self._cover

    def badge(self, count: int) -> None:
        """Show on the icon of the window whether something asks for attention."""
        name = "asks" if count else "rests"
        if name != self._icon:
            self._icon = name
            self.iconphoto(False, self.look.icon(bool(count)))
