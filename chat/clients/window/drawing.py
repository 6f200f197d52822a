"""How a row is drawn into the text of the log."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from functools import partial
from itertools import count
from tkinter import font

from chat.clients.window import palette
from chat.clients.window.item import initial
from chat.clients.window.look import Look
from chat.clients.window.row import ACTION, DAY, EVENT, INFO, NOTICE, TOP, UNREAD, Chip, Row
from chat.clients.window.spans import only_emoji, spans

#: Where the words of a message begin, and the size of a person's circle, in units.
INDENT, CIRCLE = 56, 30
REMOVED = "This message was removed."


class Drawing:
    """Draws rows, each from the mark "pen" on, as whole lines."""

    def __init__(self, text: tk.Text, look: Look, press: Callable[[Row, Chip], None]) -> None:
        self.text, self.look, self.press = text, look, press
        self.wheel: Callable[[int], None] = lambda step: None
        self._tinted: dict[str, tuple[str, str]] = {}
        self._parts: dict[str, Callable[[], str]] = {}
        self._create = text.register(lambda number: self._parts.pop(number)())
        self._numbers = count()
        self._tags()

    def _tags(self) -> None:
        px, tag = self.look.px, self.text.tag_configure
        tag("said", lmargin1=px(INDENT), lmargin2=px(INDENT), rmargin=px(20), spacing1=px(1), spacing3=px(1))
        tag("head", lmargin1=px(14), lmargin2=px(INDENT), spacing1=px(9), rmargin=px(20), tabs=(px(INDENT),))
        tag("quote", lmargin1=px(INDENT), lmargin2=px(INDENT), rmargin=px(20), spacing1=px(2), spacing3=px(2))
        tag("quote", font="ChatSmall", foreground=palette.MUTED)
        tag("small", font="ChatSmall", foreground=palette.MUTED)
        tag("muted", foreground=palette.MUTED)
        tag("smallbold", font="ChatSmallBold")
        tag("told", lmargin1=px(INDENT), lmargin2=px(INDENT), rmargin=px(20), spacing1=px(4), spacing3=px(4))
        tag("day", justify="center", spacing1=px(14), spacing3=px(6), font="ChatSmallBold", foreground=palette.MUTED)
        tag("unread", justify="center", spacing1=px(8), spacing3=px(2), font="ChatSmallBold", foreground=palette.BAD)
        tag("chips", lmargin1=px(INDENT), lmargin2=px(INDENT), spacing1=px(3), spacing3=px(3), rmargin=px(20))
        tag("bad", foreground=palette.BAD, font="ChatSmallBold")
        tag("good", foreground=palette.GOOD, font="ChatSmall")
        tag("emoji", font="ChatEmoji")
        tag("large", font="ChatEmojiLarge")
        tag("link", foreground=palette.ACCENT, underline=True)
        tag("again", foreground=palette.ACCENT, underline=True, font="ChatSmallBold")
        for colour in palette.AUTHORS:
            tag(f"who{colour}", foreground=colour, font="ChatBold")
        for name, ground in (("loud", palette.MENTIONED), ("hover", palette.HOVER), ("chosen", palette.CHOSEN)):
            tag(name, background=ground, lmargincolor=ground, rmargincolor=ground)
        self.text.tag_raise("smallbold")
        self.text.tag_raise("sel")

    def bind_wheel(self, wheel: Callable[[int], None]) -> None:
        """Scroll, wherever in the log the pointer is."""
        self.wheel = wheel
        self._bind_wheel(self.text)

    def _bind_wheel(self, widget: tk.Misc) -> None:
        widget.bind("<Button-4>", lambda event: self._turn(-1))
        widget.bind("<Button-5>", lambda event: self._turn(1))
        widget.bind("<MouseWheel>", lambda event: self._turn(-1 if event.delta > 0 else 1))

    def _turn(self, step: int) -> str:
        self.wheel(step)
        return "break"

    # -- rows

    def draw(self, row: Row) -> int:
        """Draw a row; how many lines of the text it takes."""
        first = self._line()
        if row.kind in (DAY, UNREAD, TOP):
            rule = "─────────  " if row.kind == UNREAD else ""
            self._write(f"{rule}{row.text}{rule[::-1]}\n", UNREAD if row.kind == UNREAD else DAY)
        elif row.kind in (EVENT, INFO):
            self._write(row.text, "told", "small" if row.kind == EVENT else "muted")
            self._write(f"  {row.time}\n", "told", "small")
        else:
            self._draw_said(row)
        return self._line() - first

    def _line(self) -> int:
        return int(self.text.index("pen").split(".")[0])

    def _write(self, text: str, *tags: str) -> None:
        self.text.insert("pen", text, tags)

    def _embed(self, make: Callable[[], str], aside: int = 0) -> None:
        """Have a widget made, when it is first seen."""
        number = str(next(self._numbers))
        self._parts[number] = make
        self.text.window_create("pen", create=f"{self._create} {number}", padx=aside)

    def erase(self, first: str, last: str) -> None:
        """Take away what is drawn there."""
        for _, name, _ in self.text.dump(first, last, window=True):
            if name:
                self.text.nametowidget(name).destroy()
        self.text.delete(first, last)

    def _draw_said(self, row: Row) -> None:
        loud = ("loud",) if row.loud else ()
        if row.head:
            self._draw_head(row, *loud)
        if row.kind != ACTION:
            if row.quote:
                self._draw_quote(row.quote, *loud)
            self._draw_words(row, *loud)
        self._draw_marks(row, *loud)
        self._write("\n", "said", *loud)
        if row.chips:
            self._draw_chips(row, *loud)

    def _draw_quote(self, quote: tuple[str, str], *loud: str) -> None:
        """Who is answered, and as much of what they had said as goes in one line."""
        who, text = quote
        self._write("↪ ", "quote", *loud)
        if who:
            self._write(f"{who} ", "quote", *loud, f"who{palette.of(who)}", "smallbold")
        self._words(f"{text}\n", "quote", *loud)

    def _draw_head(self, row: Row, *loud: str) -> None:
        back = palette.MENTIONED if row.loud else palette.BACK
        self._embed(lambda: self._circle(row.who, back))
        start = self.text.index("pen - 1 char")
        self._write("\t", "head", *loud)
        self._write(row.who, "head", *loud, f"who{palette.of(row.who)}")
        if row.kind == ACTION and row.removed:
            self._write(f"  {REMOVED}", "head", *loud, "muted")
        elif row.kind == ACTION:
            self._words(f" {row.text}", "head", *loud)
        note = "  notice" if row.kind == NOTICE else ""
        self._write(f"{note}  {row.time}", "head", *loud, "small")
        if row.kind != ACTION:
            self._write("\n", "head", *loud)
        for tag in ("head", *loud):
            self.text.tag_add(tag, start)

    def _circle(self, who: str, back: str) -> str:
        """A person, as a circle of their colour with their initial."""
        label = tk.Label(
            self.text, image=self.look.circle(CIRCLE, palette.of(who)), text=initial(who), compound="center",
            font="ChatBold", foreground=palette.ON_BRIGHT, background=back, borderwidth=0, highlightthickness=0,
            padx=0, pady=0,
        )  # fmt: skip
        self._bind_wheel(label)
        return str(label)

    def _draw_words(self, row: Row, *loud: str) -> None:
        if row.removed:
            self._write(REMOVED, "said", *loud, "muted")
        else:
            self._words(row.text, "said", *loud)

    def _words(self, text: str, *tags: str) -> None:
        large = only_emoji(text)
        for piece, kind in spans(text):
            self._write(piece, *tags, *([("large" if large else kind)] if kind else []))

    def _draw_marks(self, row: Row, *loud: str) -> None:
        """What became of it, in words or signs."""
        if row.edited:
            self._write("  (edited)", "said", *loud, "small")
        if row.state == "waiting":
            self._write("  … sending", "said", *loud, "small")
        elif row.state == "failed":
            self._write(f"\n⚠ Not sent. {row.why} ".replace("  ", " "), "said", *loud, "bad")
            self._write("Send again", "said", *loud, "again")
        elif row.state == "kept":
            self._write("  ✓", "said", *loud, "good")

    def _draw_chips(self, row: Row, *loud: str) -> None:
        back = palette.MENTIONED if row.loud else palette.BACK
        start = self.text.index("pen")
        for chip in row.chips:
            self._embed(partial(self._chip, row, chip, back), aside=self.look.px(2))
        self._write("\n", "chips", *loud)
        self.text.tag_add("chips", start, "pen")
        for tag in loud:
            self.text.tag_add(tag, start, "pen")

    def _chip(self, row: Row, chip: Chip, back: str) -> str:
        """A reaction: an emoji and how many; with a ring if you are one of them."""
        px, unit = self.look.px, self.look.unit
        emoji, number = font.nametofont("ChatEmojiSmall", self.text), font.nametofont("ChatSmallBold", self.text)
        wide, tall = emoji.measure(chip.emoji) + px(8), number.metrics("linespace") + px(6)
        whole = wide + number.measure(str(chip.count)) + px(14)
        canvas = tk.Canvas(
            self.text, width=whole, height=tall, background=back, highlightthickness=0, borderwidth=0, cursor="hand2"
        )

        def draw(lit: bool) -> None:
            fill = palette.CHOSEN if chip.mine else palette.LIFTED if lit else palette.RAISED
            ring = palette.RING if chip.mine or lit else palette.RULE
            canvas.delete("all")
            canvas.create_image(
                0, 0, anchor="nw", image=self.look.pill(whole / unit, tall / unit, tall / unit / 2, fill, ring, 1)
            )
            canvas.create_text(px(8), tall // 2, anchor="w", text=chip.emoji, font=emoji, fill=palette.TEXT)
            canvas.create_text(
                wide + px(4), tall // 2, anchor="w", text=str(chip.count), font=number, fill=palette.TEXT
            )

        draw(False)
        canvas.bind("<Enter>", lambda event: draw(True))
        canvas.bind("<Leave>", lambda event: draw(False))
        canvas.bind("<Button-1>", lambda event: self.press(row, chip))
        self._bind_wheel(canvas)
        return str(canvas)

    # -- what lies behind

    def tint(self, tag: str, bounds: tuple[str, str] | None) -> None:
        """Have another ground behind a part of the text, and no longer behind the part before."""
        if tag in self._tinted:
            first, last = self._tinted.pop(tag)
            self.text.tag_remove(tag, first, last)
            self._ground(first, last)
        if bounds:
            self._tinted[tag] = bounds
            self.text.tag_add(tag, *bounds)
            self._ground(*bounds)

    def _ground(self, first: str, last: str) -> None:
        """Give what stands in the text as a widget the colour that lies behind it."""
        for _, name, index in self.text.dump(first, last, window=True):
            if name:
                tags = self.text.tag_names(index)
                grounds = {"loud": palette.MENTIONED, "hover": palette.HOVER, "chosen": palette.CHOSEN}
                back = next((grounds[tag] for tag in ("chosen", "hover", "loud") if tag in tags), palette.BACK)
                self.text.nametowidget(name).configure(background=back)
