"""A list to choose from with the pointer or the keyboard; it draws what can be seen of it and nothing else."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from tkinter import font

from chat.clients.window import palette
from chat.clients.window.item import Item, initial
from chat.clients.window.look import Look


class Listing(tk.Canvas):
    """The items, and which of them is chosen."""

    def __init__(
        self, master: tk.Misc, look: Look, choose: Callable[[Item], None], back: str = palette.SIDE, low: bool = False
    ) -> None:
        super().__init__(
            master, background=back, highlightthickness=0, borderwidth=0, takefocus=True, width=look.px(200), height=1
        )
        self.look, self.choose, self.back, self.low = look, choose, back, low
        self.menu: Callable[[Item, int, int], None] = lambda item, x, y: None
        self.items: Sequence[Item] = ()
        self.chosen = ""
        self._at = self._over = self._wanted = -1
        self._top = 0
        self._drawing: str | None = None
        self.scrolled: Callable[[float, float], None] = lambda first, last: None
        self._listen()

    def _listen(self) -> None:
        self.bind("<Configure>", lambda event: self.draw())
        self.bind("<Motion>", lambda event: self._hover(self._row(event.y)))
        self.bind("<Leave>", lambda event: self._hover(-1))
        self.bind("<Button-1>", lambda event: self._pick(self._row(event.y)))
        self.bind("<Button-3>", lambda event: self._ask(self._row(event.y), event.x_root, event.y_root))
        for key, step in (("Up", -1), ("Down", 1), ("Prior", -10), ("Next", 10), ("Home", -100_000), ("End", 100_000)):
            self.bind(f"<{key}>", lambda event, step=step: self.go(step))  # type: ignore[misc]
        for key in ("Return", "space", "KP_Enter"):
            self.bind(f"<{key}>", lambda event: self._pick(self._at))
        for key in ("Menu", "Shift-F10"):
            self.bind(f"<{key}>", lambda event: self._ask_here())
        self.bind("<FocusIn>", lambda event: self._enter())
        self.bind("<FocusOut>", lambda event: self.draw())
        self.bind("<Button-4>", lambda event: self._scroll(-3 * self.row_height))
        self.bind("<Button-5>", lambda event: self._scroll(3 * self.row_height))
        self.bind("<MouseWheel>", lambda event: self._scroll(-event.delta))

    # -- what is in it

    def show(self, items: Sequence[Item], chosen: str = "") -> None:
        """Show other items; the one that the keyboard is at stays it."""
        items = tuple(items)
        if items == self.items and chosen == self.chosen:
            return
        key = self.items[self._at].key if 0 <= self._at < len(self.items) else ""
        self.items, self.chosen, self._over = items, chosen, -1
        self._at = next((n for n, item in enumerate(items) if item.key == key and not item.heading), -1)
        self.draw()

    @property
    def row_height(self) -> int:
        """In pixels, in the font as it is now."""
        line: int = font.nametofont("ChatBody", self).metrics("linespace")
        return line + self.look.px(7 if self.low else 12)

    @property
    def whole_height(self) -> int:
        """What it would take to show all, in pixels."""
        return self.row_height * len(self.items) + self.look.px(4)

    @property
    def current(self) -> Item | None:
        """Where the keyboard is."""
        return self.items[self._at] if 0 <= self._at < len(self.items) else None

    def go(self, step: int) -> str:
        """Go to another item, over headings."""
        rows = [n for n, item in enumerate(self.items) if not item.heading]
        if rows:
            place = rows.index(self._at) + step if self._at in rows else (0 if step > 0 else -1)
            self._at = rows[max(0, min(len(rows) - 1, place))]
            self._show_row(self._at)
        return "break"

    def point(self, row: int) -> None:
        """Have the keyboard at a row."""
        self._at = row
        self._show_row(row)

    def _enter(self) -> None:
        if self.current is None:
            self._at = next((n for n, item in enumerate(self.items) if item.key == self.chosen), -1)
            if self.current is None:
                self.go(1)
        self.draw()

    # -- the pointer

    def _row(self, y: int) -> int:
        row = (y + self._top) // self.row_height
        return row if 0 <= row < len(self.items) and not self.items[row].heading else -1

    def _hover(self, row: int) -> None:
        if row != self._over:
            self._over = row
            self.configure(cursor="hand2" if row >= 0 else "")
            self.draw()

    def _pick(self, row: int) -> str:
        if row >= 0:
            self._at = row
            self.choose(self.items[row])
        return "break"

    def _ask(self, row: int, x: int, y: int) -> None:
        if row >= 0:
            self._at = row
            self.menu(self.items[row], x, y)

    def _ask_here(self) -> str:
        y = self.winfo_rooty() + (self._at + 1) * self.row_height - self._top
        self._ask(self._at, self.winfo_rootx() + self.look.px(24), y)
        return "break"

    # -- scrolling

    def _scroll(self, pixels: int) -> None:
        self._top += pixels
        self.draw()

    def _show_row(self, row: int) -> None:
        """Have a row in sight; how much there is room for is known when it is drawn."""
        self._wanted = row
        self.draw()

    def yview(self, *words: str) -> None:  # type: ignore[override]
        """As a scrollbar asks for it."""
        if words[:1] == ("moveto",):
            self._top = round(float(words[1]) * self.whole_height)
        elif words:
            self._top += int(words[1]) * (self.row_height if words[2] == "units" else self.winfo_height())
        self.draw()

    # -- drawing

    def draw(self) -> None:
        """Draw it anew, once this turn is over."""
        if self._drawing is None:
            self._drawing = self.after_idle(self._draw)

    def destroy(self) -> None:
        """Be gone."""
        if self._drawing is not None:
            self.after_cancel(self._drawing)
        super().destroy()

    def _draw(self) -> None:
        self._drawing = None
        height, whole, row = self.winfo_height(), self.whole_height, self.row_height
        if height < row:
            return
        if self._wanted >= 0:
            self._top = max((self._wanted + 1) * row - height, min(self._top, self._wanted * row))
            self._wanted = -1
        self._top = max(0, min(self._top, whole - height))
        self.delete("all")
        first = self._top // self.row_height
        for place in range(first, min(len(self.items), first + height // row + 2)):
            self._draw_row(self.items[place], place, place * row - self._top)
        self.scrolled(self._top / max(1, whole), min(1.0, (self._top + height) / max(1, whole)))

    def _draw_row(self, item: Item, row: int, y: int) -> None:
        px, width, height = self.look.px, self.winfo_width(), self.row_height
        middle, left, right = y + height // 2, px(12), width - px(12)
        if item.heading:
            self.create_text(
                left, middle, text=item.text, anchor="w", font="ChatSmallBold", fill=palette.MUTED, width=0
            )
            return
        at_keyboard = row == self._at and (self.low or self.focus_get() is self)
        fill = palette.CHOSEN if item.key == self.chosen else palette.HOVER if row == self._over else ""
        if self.low and at_keyboard:
            fill = palette.CHOSEN
        if fill or at_keyboard:
            shape = self._bar(fill or self.back, palette.RING if at_keyboard and not self.low else "")
            self.create_image(px(6), y + px(1), image=shape, anchor="nw")
        if item.person:
            left = self._draw_person(item, left, middle)
        elif item.sign:
            face = "ChatBody" if item.sign.isascii() else "ChatEmoji"
            sign = self.create_text(left, middle, text=item.sign, anchor="w", font=face, fill=palette.MUTED)
            left = self.bbox(sign)[2] + px(7)
        if item.count:
            right = self._draw_count(item, right, middle)
        self._draw_words(item, left, middle, right)

    def _bar(self, fill: str, ring: str) -> tk.PhotoImage:
        unit = self.look.unit
        width, height = (self.winfo_width() / unit - 12), (self.row_height / unit - 2)
        return self.look.pill(max(16, width), height, 7, fill, ring, 2 if ring else 0)

    def _draw_person(self, item: Item, left: int, middle: int) -> int:
        px = self.look.px
        centre = left + px(12)
        self.create_image(centre, middle, image=self.look.circle(24, palette.of(item.key)))
        self.create_text(
            centre, middle, text=initial(item.text), font="ChatSmallBold", fill=palette.ON_BRIGHT
        )  # fmt: skip
        if item.here is not None:
            back = palette.CHOSEN if item.key == self.chosen else self.back
            dot = palette.GOOD if item.here else back
            self.create_image(centre + px(9), middle + px(8), image=self.look.circle(12, back))
            self.create_image(
                centre + px(9), middle + px(8),
                image=self.look.pill(9, 9, 4.5, dot, palette.GOOD if item.here else palette.MUTED, 2),
            )  # fmt: skip
        return left + px(33)

    def _draw_count(self, item: Item, right: int, middle: int) -> int:
        """How many are unread: on a bright ground, with an @ where some are for you."""
        px = self.look.px
        text = ("@ " if item.loud else "") + (str(item.count) if item.count < 1000 else "999+")
        wide = font.nametofont("ChatSmallBold", self).measure(text) / self.look.unit + 12
        tall = font.nametofont("ChatSmallBold", self).metrics("linespace") / self.look.unit + 4
        ground = palette.MENTION if item.loud else palette.BRIGHT
        self.create_image(right, middle, anchor="e", image=self.look.pill(max(wide, tall), tall, tall / 2, ground))
        self.create_text(
            right - px(max(wide, tall)) // 2, middle, text=text, font="ChatSmallBold", fill=palette.ON_BRIGHT
        )
        return right - px(wide) - px(6)

    def _draw_words(self, item: Item, left: int, middle: int, right: int) -> None:
        bold = bool(item.count)
        face = font.nametofont("ChatBold" if bold else "ChatBody", self)
        ink = palette.MUTED if item.dim else palette.TEXT
        text = shortened(item.text, right - left, face)
        self.create_text(left, middle, text=text, anchor="w", font=face, fill=ink)
        left += face.measure(text) + self.look.px(7)
        small = font.nametofont("ChatSmall", self)
        if item.detail and right - left > small.measure("mmmm"):
            text = shortened(item.detail, right - left, small)
            self.create_text(left, middle, text=text, anchor="w", font=small, fill=palette.MUTED)


def shortened(text: str, width: int, face: font.Font) -> str:
    """As much of a text as there is room for, in pixels."""
    if face.measure(text) <= width:
        return text
    low, high = 0, len(text)
    while low < high:
        half = (low + high + 1) // 2
        low, high = (half, high) if face.measure(text[:half] + "…") <= width else (low, half - 1)
    return text[:low] + "…" if low else ""
