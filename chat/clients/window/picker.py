"""Emoji to choose from: a field to search by name, and a grid for the pointer and the arrow keys."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from tkinter import font, ttk

from chat.clients.window import palette
from chat.clients.window.look import Look

#: Cells in a row, and rows to be seen at once.
ACROSS, DOWN = 8, 6


class Picker(tk.Frame):
    """Lies above the window until one is chosen.  `search` gives pairs of an emoji and its name."""

    def __init__(
        self, master: tk.Misc, look: Look, search: Callable[[str], Sequence[tuple[str, str]]],
        choose: Callable[[str], None], close: Callable[[], None],
    ) -> None:  # fmt: skip
        super().__init__(
            master, background=palette.SIDE, highlightthickness=look.px(1), highlightbackground=palette.RULE,
            highlightcolor=palette.RULE, padx=look.px(10), pady=look.px(10),
        )  # fmt: skip
        self.look, self.search, self.choose, self.close = look, search, choose, close
        self.found: Sequence[tuple[str, str]] = ()
        self.at, self._top = 0, 0
        self.cell = font.nametofont("ChatEmojiLarge", self).metrics("linespace") + look.px(8)
        self.field = ttk.Entry(self, font="ChatBody")
        self.field.grid(row=0, column=0, sticky="ew")
        self.grid_of = tk.Canvas(
            self, background=palette.SIDE, highlightthickness=0, borderwidth=0, width=self.cell * ACROSS,
            height=self.cell * DOWN, cursor="hand2",
        )  # fmt: skip
        self.grid_of.grid(row=1, column=0, pady=look.px(8))
        self.name = ttk.Label(self, style="Side.Muted.TLabel", width=1)
        self.name.grid(row=2, column=0, sticky="ew")
        self._listen()
        self.seek()

    def _listen(self) -> None:
        self.field.bind("<KeyRelease>", lambda event: self.seek())
        for key, step in (("Left", -1), ("Right", 1), ("Up", -ACROSS), ("Down", ACROSS)):
            self.field.bind(f"<{key}>", lambda event, step=step: self.go(self.at + step))  # type: ignore[misc]
        self.field.bind("<Return>", lambda event: self._pick(self.at))
        self.field.bind("<Escape>", lambda event: self._leave())
        self.field.bind("<Tab>", lambda event: self._leave())
        grid = self.grid_of
        grid.bind("<Motion>", lambda event: self.go(self._cell(event.x, event.y), show=False))
        grid.bind("<Button-1>", lambda event: self._pick(self._cell(event.x, event.y)))
        grid.bind("<Button-4>", lambda event: self._scroll(-1))
        grid.bind("<Button-5>", lambda event: self._scroll(1))
        grid.bind("<MouseWheel>", lambda event: self._scroll(-1 if event.delta > 0 else 1))

    def seek(self) -> None:
        """Show what the field asks for."""
        found = self.search(self.field.get().strip().strip(":").lower())
        if found != self.found:
            self.found, self._top = found, 0
            self.go(0)
        if not found:
            self.name.configure(text="No emoji has that in its name.")
            self.grid_of.delete("all")

    def go(self, place: int, show: bool = True) -> str:
        """Be at another cell, and have it in sight."""
        if 0 <= place < len(self.found):
            self.at = place
            row = place // ACROSS
            if show:
                self._top = max(row - DOWN + 1, min(self._top, row))
            self.name.configure(text=f":{self.found[place][1]}:")
            self._draw()
        return "break"

    def _cell(self, x: int, y: int) -> int:
        return (y // self.cell + self._top) * ACROSS + min(ACROSS - 1, x // self.cell)

    def _pick(self, place: int) -> str:
        if 0 <= place < len(self.found):
            self.choose(self.found[place][0])
            self.close()
        return "break"

    def _leave(self) -> str:
        self.close()
        return "break"

    def _scroll(self, rows: int) -> None:
        self._top = max(0, min(self._top + rows, -(-len(self.found) // ACROSS) - DOWN))
        self._draw()

    def _draw(self) -> None:
        grid, cell = self.grid_of, self.cell
        grid.delete("all")
        for place in range(self._top * ACROSS, min(len(self.found), (self._top + DOWN) * ACROSS)):
            x, y = place % ACROSS * cell, (place // ACROSS - self._top) * cell
            if place == self.at:
                size = cell / self.look.unit
                ring = self.look.pill(size, size, 7, palette.CHOSEN, palette.RING, 2)
                grid.create_image(x, y, anchor="nw", image=ring)
            grid.create_text(
                x + cell // 2, y + cell // 2, text=self.found[place][0], font="ChatEmojiLarge", fill=palette.TEXT
            )
