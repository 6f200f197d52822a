"""The log of a conversation: rows in a text that one can scroll, search with the eye, mark and copy."""

from __future__ import annotations

import tkinter as tk
from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate
from tkinter import ttk

from chat.clients.window import palette
from chat.clients.window.drawing import Drawing
from chat.clients.window.look import Look
from chat.clients.window.row import Chip, Row
from chat.clients.window.spans import visit
from chat.clients.window.toolbar import Toolbar

#: A part of the window this high is scrolled by one notch of the wheel, in units.
NOTCH = 60


class Log(ttk.Frame):
    """The rows, which of them is chosen, and where one has scrolled to.

    `older` is called when one has scrolled to the top, `moved` when one sees something else, `ask` for a menu, `send`
    to try a failed line once more, `react` when a reaction is pressed, `tool` when a tool at a row is, `leave` to give
    the keyboard away.
    """

    def __init__(self, master: tk.Misc, look: Look) -> None:
        super().__init__(master)
        self.look = look
        self.older: Callable[[], None] = lambda: None
        self.moved: Callable[[], None] = lambda: None
        self.ask: Callable[[Row, int, int], None] = lambda row, x, y: None
        self.again: Callable[[Row], None] = lambda row: None
        self.react: Callable[[Row, Chip], None] = lambda row, chip: None
        self.key: Callable[[Row, str], bool] = lambda row, key: False
        self.tool: Callable[[Row, str, int, int], None] = lambda row, name, x, y: None
        self.leave: Callable[[], None] = lambda: None
        self.rows: list[Row] = []
        self.chosen: Row | None = None
        self._lines: list[int] = []
        self._starts: list[int] = [1]
        self._over: Row | None = None
        self._at_end = True
        self.columnconfigure(0, weight=1)
        self.rowconfigure(0, weight=1)
        self.text = tk.Text(
            self, background=palette.BACK, foreground=palette.TEXT, font="ChatBody", wrap="word", borderwidth=0,
            highlightthickness=look.px(2), highlightbackground=palette.BACK, highlightcolor=palette.RING,
            padx=0, pady=look.px(8), cursor="arrow", state="disabled", width=1, height=1,
            insertwidth=0, selectbackground=palette.CHOSEN, selectforeground=palette.TEXT,
            inactiveselectbackground=palette.CHOSEN, takefocus=True,
        )  # fmt: skip
        self.text.grid(row=0, column=0, sticky="nsew")
        self.bar = ttk.Scrollbar(self, command=self._turned, style="Vertical.TScrollbar", takefocus=False)
        self.bar.grid(row=0, column=1, sticky="ns")
        self.text.configure(yscrollcommand=self._scrolled)
        self.jump = ttk.Button(self, style="Bright.TButton", text="New messages ↓", command=self.to_end)
        self.drawing = Drawing(self.text, look, self._press_chip)
        self.tools = Toolbar(self.text, look, lambda row, name, x, y: self.tool(row, name, x, y))
        self._listen()

    def _listen(self) -> None:
        text = self.text
        text.bind("<Configure>", lambda event: self._resized())
        text.bind("<Motion>", lambda event: self._hover(self._row_at(event.x, event.y)))
        text.bind("<Leave>", self._leaves)
        self.tools.bind("<Leave>", self._leaves)
        text.bind("<Button-1>", lambda event: text.focus_set(), add=True)
        text.bind("<Button-3>", lambda event: self._menu(event.x, event.y, event.x_root, event.y_root))
        for key in ("Menu", "Shift-F10"):
            text.bind(f"<{key}>", lambda event: self._menu_here())
        for key, step in (("Up", -1), ("Down", 1)):
            text.bind(f"<{key}>", lambda event, step=step: self.move(step))  # type: ignore[misc]
        for key, pages in (("Prior", -1), ("Next", 1)):
            text.bind(f"<{key}>", lambda event, pages=pages: self.page(pages))  # type: ignore[misc]
        text.bind("<Home>", lambda event: self._moved("moveto", "0"))
        text.bind("<End>", lambda event: self.to_end())
        text.bind("<Escape>", lambda event: self._escape())
        text.bind("<Key>", self._key)
        text.bind("<FocusOut>", lambda event: self.after_idle(self._left))
        self.drawing.bind_wheel(lambda step: self._turned("scroll", str(step * self.look.px(NOTCH)), "pixels"))
        text.tag_bind("link", "<Button-1>", lambda event: self._open(event))
        text.tag_bind("again", "<Button-1>", lambda event: self._again(event))
        for tag in ("link", "again"):
            text.tag_bind(tag, "<Enter>", lambda event: text.configure(cursor="hand2"))
            text.tag_bind(tag, "<Leave>", lambda event: text.configure(cursor="arrow"))

    # -- the rows

    def show(self, rows: Sequence[Row], fresh: bool = False) -> None:
        """Show these rows: what is the same stays where it is; `fresh` begins anew, where the unread ones are."""
        new = list(rows)
        if fresh:
            self._replace(0, len(self.rows), new)
            self._begin()
            return
        first = 0
        while first < min(len(new), len(self.rows)) and new[first] == self.rows[first]:
            first += 1
        last = 0
        while last < min(len(new), len(self.rows)) - first and new[-1 - last] == self.rows[-1 - last]:
            last += 1
        end = len(self.rows) - last
        if first == end and len(new) == len(self.rows):
            return
        came = len(new) - last > first and any(row.spoken and not row.mine for row in new[max(end, first) : len(new)])
        follow, anchor = self.at_end, None if self.at_end else self._anchor()
        self._replace(first, end, new[first : len(new) - last])
        if follow:
            self.to_end()
        elif anchor:
            self._hold(*anchor)
            if came and last == 0:
                self._offer(new=True)

    def _replace(self, first: int, end: int, new: list[Row]) -> None:
        """Draw rows in the place of others."""
        text = self.text
        text.configure(state="normal")
        start = self._starts[first]
        self.drawing.erase(f"{start}.0", f"{self._starts[end]}.0")
        text.mark_set("pen", f"{start}.0")
        lines = [self.drawing.draw(row) for row in new]
        text.configure(state="disabled")
        self.rows[first:end], self._lines[first:end] = new, lines
        self._starts = list(accumulate(self._lines, initial=1))
        self._over = None
        self.tools.show(None)
        if self.chosen is not None:
            self.choose(next((row for row in new if row.line is self.chosen.line), None) or self._still(self.chosen))

    def _still(self, row: Row) -> Row | None:
        return row if row in self.rows else None

    def _begin(self) -> None:
        """Show the end, or where the unread ones begin if that is further up."""
        self.to_end()
        unread = next((n for n, row in enumerate(self.rows) if row.kind == "unread"), None)
        if unread is not None and self.text.bbox(f"{self._starts[unread]}.0") is None:
            self.text.yview(f"{self._starts[max(0, unread - 1)]}.0")

    # -- where one is

    @property
    def at_end(self) -> bool:
        """Whether the last row can be seen, and is to be followed by the next."""
        return self._at_end

    def to_end(self) -> str:
        """Go to the newest row, and stay with the newest from now on."""
        self._at_end = True
        self.text.yview_moveto(1.0)
        self._offer(False)
        self.moved()
        return "break"

    def page(self, pages: int) -> str:
        """Scroll by so many pages."""
        return self._moved("scroll", str(pages * max(1, self.text.winfo_height() - self.look.px(NOTCH))), "pixels")

    def _turned(self, *words: str) -> None:
        """The scrollbar was moved."""
        self._moved(*words)

    def _moved(self, *words: str) -> str:
        """The person has scrolled."""
        self._hover(None)
        self.text.yview(*words)
        first, last = self.text.yview()
        self._at_end = last >= 1.0
        self._offer(False if self._at_end else None)
        self.moved()
        if first <= 0.0:
            self.older()
        return "break"

    def _left(self) -> None:
        """The keyboard is elsewhere: in another part of the window, or only in a menu."""
        to = str(self.tk.call("focus"))
        if to not in ("", str(self.text)) and self.tk.call("winfo", "class", to) != "Menu":
            self.choose(None)

    def _scrolled(self, first: float, last: float) -> None:
        self.bar.set(first, last)
        if float(first) <= 0.0 and float(last) >= 1.0:
            self.bar.grid_remove()
        else:
            self.bar.grid()

    def _resized(self) -> None:
        self._hover(None)
        if self._at_end:
            self.text.yview_moveto(1.0)

    def _offer(self, new: bool | None = None) -> None:
        """Offer a way to the end, where it cannot be seen; and say whether something new has come there."""
        if new is not None:
            words, style = ("New messages ↓", "Bright.TButton") if new else ("Newest ↓", "Plain.TButton")
            self.jump.configure(text=words, style=style)
        if self._at_end:
            self.jump.place_forget()
        else:
            self.jump.place(relx=0.5, rely=1.0, y=-self.look.px(10), anchor="s")

    def _anchor(self) -> tuple[Row, int] | None:
        """A row that can be seen, and how far down it begins, in pixels."""
        for row, line in zip(self.rows, self._starts, strict=False):
            if row.line is not None and (box := self.text.dlineinfo(f"{line}.0")):
                return row, box[1]
        return None

    def _hold(self, anchor: Row, down: int) -> None:
        """Have a row where it was."""
        for row, line in zip(self.rows, self._starts, strict=False):
            if row.line is anchor.line:
                self.text.yview(f"{line}.0")
                self.text.update_idletasks()
                box = self.text.dlineinfo(f"{line}.0")
                self.text.yview_scroll((box[1] if box else 0) - down, "pixels")
                return

    # -- the pointer and the keyboard

    def _row_at(self, x: int, y: int) -> Row | None:
        return self._row_of(self.text.index(f"@{x},{y}"))

    def _row_of(self, index: str) -> Row | None:
        place = bisect_right(self._starts, int(index.split(".")[0])) - 1
        return self.rows[place] if 0 <= place < len(self.rows) else None

    def _range(self, row: Row) -> tuple[str, str]:
        place = next(n for n, other in enumerate(self.rows) if other is row)
        return f"{self._starts[place]}.0", f"{self._starts[place + 1]}.0"

    def _hover(self, row: Row | None) -> None:
        row = row if row is not None and row.spoken else None
        if row is not self._over:
            self._over = row
            self.drawing.tint("hover", self._range(row) if row else None)
            box = self.text.dlineinfo(self._range(row)[0]) if row else None
            self.tools.show(row if row and not row.removed else None, box[1] if box else 0)

    def _leaves(self, event: tk.Event[tk.Misc]) -> None:
        """The pointer leaves the text, or goes from it to the tools."""
        to = self.winfo_containing(event.x_root, event.y_root)
        if to is not self.text and not self.tools.has(to):
            self._hover(None)

    def choose(self, row: Row | None) -> None:
        """Choose a row, or none."""
        self.chosen = row
        self.drawing.tint("chosen", self._range(row) if row else None)
        if row is not None:
            first, last = self._range(row)
            self.text.see(f"{last} - 1 char")
            self.text.see(first)
            self._at_end = self.text.yview()[1] >= 1.0
            self._offer()

    def move(self, step: int) -> str:
        """Choose the row before or behind the chosen one; behind the last, give the keyboard away."""
        spoken = [row for row in self.rows if row.spoken]
        place = next((n for n, row in enumerate(spoken) if row is self.chosen), len(spoken)) + step
        if place >= len(spoken):
            self.leave()
        elif place < 0:
            self._moved("moveto", "0")
        else:
            self.choose(spoken[place])
        return "break"

    def _escape(self) -> str:
        self.choose(None)
        self.leave()
        return "break"

    def _key(self, event: tk.Event[tk.Text]) -> str | None:
        control = int(event.state) & 0x4
        taken = self.chosen is not None and not control and self.key(self.chosen, event.keysym)
        return "break" if taken else None

    def _menu(self, x: int, y: int, x_root: int, y_root: int) -> str:
        row = self._row_at(x, y)
        if row is not None and row.spoken:
            self.ask(row, x_root, y_root)
        return "break"

    def _menu_here(self) -> str:
        if self.chosen is not None:
            box = self.text.bbox(self._range(self.chosen)[0]) or (0, 0, 0, 0)
            self.ask(self.chosen, self.text.winfo_rootx() + box[0] + box[2], self.text.winfo_rooty() + box[1] + box[3])
        return "break"

    def _press_chip(self, row: Row, chip: Chip) -> None:
        self.react(row, chip)

    def _open(self, event: tk.Event[tk.Text]) -> None:
        bounds = self.text.tag_prevrange("link", f"@{event.x},{event.y} + 1 char")
        if bounds:
            visit(self.text.get(*bounds))

    def _again(self, event: tk.Event[tk.Text]) -> None:
        row = self._row_at(event.x, event.y)
        if row is not None:
            self.again(row)
