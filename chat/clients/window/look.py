"""How everything looks on one Tk: fonts that grow together, pictures that are made once, styles of ttk."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Iterable
from tkinter import font, ttk
from typing import Any

from chat.clients.window import palette, shapes

#: The families that text is set in, the first that is there; and those that draw emoji in colours.
FAMILIES = (
    "Inter", "Segoe UI Variable Text", "Segoe UI", "SF Pro Text", "Helvetica Neue", "Cantarell", "Ubuntu",
    "Noto Sans", "Open Sans", "Roboto", "DejaVu Sans", "Liberation Sans",
)  # fmt: skip
EMOJI = ("Noto Color Emoji", "Segoe UI Emoji", "Apple Color Emoji", "Twemoji", "EmojiOne Color")
#: Sizes of text in points, before it is made larger or smaller; (points, weight).
SIZES = {
    "ChatBody": (11, "normal"),
    "ChatBold": (11, "bold"),
    "ChatSmall": (9, "normal"),
    "ChatSmallBold": (9, "bold"),
    "ChatTitle": (14, "bold"),
    "ChatLarge": (20, "bold"),
    "ChatEmoji": (11, "normal"),
    "ChatEmojiSmall": (9, "normal"),
    "ChatEmojiLarge": (17, "normal"),
}
#: How much larger or smaller, in points.
SMALLEST, LARGEST = -3, 10


class Look:
    """The fonts, pictures and styles on one Tk."""

    def __init__(self, root: tk.Misc) -> None:
        self.root = root
        self.unit = max(1.0, root.winfo_fpixels("1i") / 96)
        self.larger = 0
        self._pictures: dict[tuple[object, ...], tk.PhotoImage] = {}
        there = set(font.families(root))
        family = _first(FAMILIES, there, font.nametofont("TkDefaultFont", root).actual("family"))
        self.emoji_family = _first(EMOJI, there, family)
        self.fonts = {
            name: font.Font(root, name=name, size=size, weight=weight, family=self._family(name, family))  # type: ignore[arg-type]
            for name, (size, weight) in SIZES.items()
        }
        self._styles()

    def _family(self, name: str, family: str) -> str:
        return self.emoji_family if "Emoji" in name else family

    def px(self, units: float) -> int:
        """So many pixels of a usual screen, on this one."""
        return round(units * self.unit)

    def zoom(self, step: int) -> None:
        """Make all text larger or smaller by so many points; 0 for the usual size."""
        self.larger = max(SMALLEST, min(LARGEST, self.larger + step)) if step else 0
        for name, (size, _) in SIZES.items():
            self.fonts[name].configure(size=size + self.larger)

    # -- pictures

    def circle(self, size: float, fill: str) -> tk.PhotoImage:
        """A circle, so many units across."""
        return self.pill(size, size, size / 2, fill)

    def pill(
        self, width: float, height: float, radius: float, fill: str, ring: str = "", thick: float = 0
    ) -> tk.PhotoImage:
        """A rectangle with round corners, in units."""
        key = (self.px(width), self.px(height), self.px(radius), fill, ring, self.px(thick))
        if key not in self._pictures:
            self._pictures[key] = tk.PhotoImage(master=self.root, data=shapes.rounded(*key))
        return self._pictures[key]

    def icon(self, asks: bool) -> tk.PhotoImage:
        """The icon of a window: a speech bubble, with a dot where something asks for attention."""
        key = ("icon", asks)
        if key not in self._pictures:
            data = shapes.bubble(48, palette.BRIGHT, palette.MENTION if asks else "")
            self._pictures[key] = tk.PhotoImage(master=self.root, data=data)
        return self._pictures[key]

    # -- styles

    def _styles(self) -> None:
        style = ttk.Style(self.root)
        style.theme_use("clam")
        style.configure(".", background=palette.BACK, foreground=palette.TEXT, font="ChatBody", borderwidth=0)
        for name, back in (("", palette.BACK), ("Side.", palette.SIDE), ("Card.", palette.SIDE)):
            style.configure(f"{name}TFrame", background=back)
            style.configure(f"{name}TLabel", background=back, foreground=palette.TEXT)
            style.configure(f"{name}Muted.TLabel", background=back, foreground=palette.MUTED, font="ChatSmall")
            style.configure(f"{name}Bad.TLabel", background=back, foreground=palette.BAD, font="ChatBody")
            style.configure(f"{name}Title.TLabel", background=back, foreground=palette.TEXT, font="ChatTitle")
            style.configure(f"{name}Large.TLabel", background=back, foreground=palette.TEXT, font="ChatLarge")
        style.configure("Rule.TFrame", background=palette.RULE)
        style.configure("Warning.TFrame", background=palette.WARNING)
        style.configure("Warning.TLabel", background=palette.WARNING, foreground=palette.TEXT)
        style.configure("Banner.TFrame", background=palette.HOVER)
        style.configure("Banner.TLabel", background=palette.HOVER, foreground=palette.MUTED, font="ChatSmall")
        self._buttons(style)
        self._fields(style)
        self._scrollbar(style)

    def _element(self, style: ttk.Style, name: str, *pictures: Any, border: float, padding: float = 0) -> None:
        """Something stretched between its corners: a picture, then others with the state that they are for."""
        style.element_create(name, "image", *pictures, border=self.px(border), padding=self.px(padding), sticky="nsew")

    def _buttons(self, style: ttk.Style) -> None:
        """Bright ones that ask to be pressed, plain ones, and quiet ones that show when the pointer is there."""
        kinds = {
            "Bright": (palette.BRIGHT, palette.BRIGHTER, palette.ON_BRIGHT, palette.BACK, "ChatBold"),
            "Plain": (palette.RAISED, palette.LIFTED, palette.TEXT, palette.BACK, "ChatBody"),
            "Quiet": (palette.BACK, palette.RAISED, palette.MUTED, palette.BACK, "ChatBody"),
            "QuietSide": (palette.SIDE, palette.RAISED, palette.MUTED, palette.SIDE, "ChatBody"),
            "QuietBanner": (palette.HOVER, palette.LIFTED, palette.MUTED, palette.HOVER, "ChatSmall"),
            "QuietField": (palette.RAISED, palette.LIFTED, palette.MUTED, palette.RAISED, "ChatBody"),
        }
        for kind, (fill, over, ink, back, face) in kinds.items():
            focused = palette.TEXT if kind == "Bright" else palette.RING
            still, lit = self.pill(28, 28, 8, fill), self.pill(28, 28, 8, over)
            ringed = self.pill(28, 28, 8, fill, focused, 2)
            self._element(
                style, f"{kind}.shape", still, ("disabled", still), ("focus", ringed), ("active", lit), border=9
            )  # fmt: skip
            name = f"{kind}.TButton"
            inside = ("Button.padding", {"sticky": "nsew", "children": [("Button.label", {"sticky": "nsew"})]})
            style.layout(name, [(f"{kind}.shape", {"sticky": "nsew", "children": [inside]})])  # type: ignore[list-item]
            style.configure(
                name, background=back, foreground=ink, font=face, padding=(self.px(12), self.px(6)), anchor="center",
                width=0,
            )
            lively = palette.TEXT if ink == palette.MUTED else ink
            style.map(name, background=[], foreground=[("disabled", ink), ("active", lively)])
        style.configure("QuietSide.TButton", anchor="w")
        style.configure("Tool.QuietField.TButton", padding=(self.px(7), self.px(2)), font="ChatBold")
        for kind in ("Quiet", "QuietField"):
            style.configure(f"Icon.{kind}.TButton", padding=(self.px(8), self.px(4)), font="ChatTitle")

    def _fields(self, style: ttk.Style) -> None:
        still = self.pill(28, 28, 8, palette.RAISED, palette.RULE, 1)
        ringed = self.pill(28, 28, 8, palette.RAISED, palette.RING, 2)
        self._element(style, "Round.field", still, ("focus", ringed), border=9, padding=4)
        inside = ("Entry.padding", {"sticky": "nsew", "children": [("Entry.textarea", {"sticky": "nsew"})]})
        style.layout("TEntry", [("Round.field", {"sticky": "nsew", "children": [inside]})])  # type: ignore[list-item]
        style.layout("Field.TFrame", [("Round.field", {"sticky": "nsew"})])
        style.configure("Field.TFrame", background=palette.BACK)
        style.configure(
            "TEntry", foreground=palette.TEXT, fieldbackground=palette.RAISED, insertcolor=palette.TEXT,
            background=palette.BACK, padding=(self.px(8), self.px(6)), selectbackground=palette.CHOSEN,
            selectforeground=palette.TEXT,
        )  # fmt: skip
        style.configure("TCheckbutton", background=palette.SIDE, foreground=palette.TEXT, focuscolor=palette.RING)
        style.map("TCheckbutton", background=[("active", palette.SIDE)], foreground=[])

    def _scrollbar(self, style: ttk.Style) -> None:
        for place, back in (("", palette.BACK), ("Side.", palette.SIDE)):
            still, lit = self.pill(10, 30, 5, palette.RULE, back, 2), self.pill(10, 30, 5, palette.MUTED, back, 2)
            self._element(style, f"{place}Round.thumb", still, ("pressed", lit), ("active", lit), border=5)
            thumb = (f"{place}Round.thumb", {"sticky": "nswe", "expand": True})
            name = f"{place}Vertical.TScrollbar"
            style.layout(name, [("Vertical.Scrollbar.trough", {"sticky": "ns", "children": [thumb]})])  # type: ignore[list-item]
            style.configure(name, troughcolor=back, background=back, bordercolor=back, troughrelief="flat")
            style.map(name, background=[])


def _first(wanted: Iterable[str], there: set[str], otherwise: str) -> str:
    return next((family for family in wanted if family in there), otherwise)
