"""A list to choose from, with the keyboard or the mouse: the rooms, the people.

It draws only what can be seen, so that ten thousand people cost no more than ten.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.style import Style


@dataclass(frozen=True)
class Item:
    """One row: `text` is cut off where it meets `tail`, which stands at the right."""

    key: str
    text: Content
    tail: Content


class Listing(ScrollView, can_focus=True):
    """Items below each other; posts `Chosen` for the one that was clicked or entered."""

    DEFAULT_CSS = """
    Listing {
        overflow-x: hidden; scrollbar-size-vertical: 1; background: $surface;
        & .listing--current { background: $panel; text-style: bold; }
        & .listing--hover { background: $panel; }
        & .listing--cursor { background: $primary; color: $on-primary; text-style: bold; }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"listing--cursor", "listing--current", "listing--hover"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", show=False),
        Binding("down,j", "move(1)", show=False),
        Binding("home,g", "move(-1000000)", show=False),
        Binding("end,G", "move(1000000)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("enter,space", "choose", show=False),
    ]

    cursor = reactive(0, repaint=True)
    pointed = reactive(-1, repaint=True)

    class Chosen(Message):
        """Somebody wants the item with this key."""

        def __init__(self, listing: Listing, key: str) -> None:
            super().__init__()
            self.listing, self.key = listing, key

        @property
        def control(self) -> Listing:
            return self.listing

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self.items: tuple[Item, ...] = ()
        self.current = ""

    def show(self, items: Sequence[Item], current: str = "") -> None:
        """Show these, and mark the one with the key `current`; the cursor stays on its item where it can."""
        items = tuple(items)
        held = self.items[self.cursor].key if self.cursor < len(self.items) else ""
        self.items, self.current = items, current
        keys = [item.key for item in items]
        self.cursor = keys.index(held) if held in keys else min(self.cursor, max(len(keys) - 1, 0))
        if self.virtual_size.height != len(items):
            self.virtual_size = Size(0, len(items))
            self.refresh(layout=True)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        index = y + self.scroll_offset.y
        width = self.size.width
        ground = self.visual_style
        if index >= len(self.items):
            return Strip.blank(width, ground.rich_style)
        item = self.items[index]
        style = self._style(index, item)
        tail = item.tail
        text = item.text.truncate(max(width - tail.cell_length - 2 - bool(tail), 1), ellipsis=True)
        gap = width - text.cell_length - tail.cell_length - 2
        row = Content.assemble(" ", text, " " * max(gap, 0), tail, " ")
        if index == self.cursor and self.has_focus:
            row = row.without_spans  # the ground under the cursor is made for one colour only
        return Strip(row.render_segments(style), row.cell_length).adjust_cell_length(width, style.rich_style)

    def _style(self, index: int, item: Item) -> Style:
        if index == self.cursor and self.has_focus:
            return self.get_visual_style("listing--cursor")
        if item.key == self.current:
            return self.get_visual_style("listing--current")
        return self.get_visual_style("listing--hover") if index == self.pointed else self.visual_style

    # -- the keyboard

    def action_move(self, rows: int) -> None:
        """Move the cursor."""
        self.cursor = max(0, min(self.cursor + rows, len(self.items) - 1))
        self._see_cursor()

    def action_page(self, pages: int) -> None:
        """Move the cursor by what can be seen at once."""
        self.action_move(pages * max(self.size.height - 1, 1))

    def action_choose(self) -> None:
        """Choose what the cursor is on."""
        if self.cursor < len(self.items):
            self.post_message(self.Chosen(self, self.items[self.cursor].key))

    def _see_cursor(self) -> None:
        top = self.scroll_offset.y
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False)
        elif self.cursor >= top + self.size.height:
            self.scroll_to(y=self.cursor - self.size.height + 1, animate=False)

    def on_focus(self) -> None:
        """Begin at the item that is marked."""
        keys = [item.key for item in self.items]
        if self.current in keys:
            self.cursor = keys.index(self.current)
            self._see_cursor()

    # -- the mouse

    def on_mouse_move(self, event: events.MouseMove) -> None:
        index = event.y + self.scroll_offset.y
        self.pointed = index if index < len(self.items) else -1

    def on_leave(self) -> None:
        self.pointed = -1

    def on_click(self, event: events.Click) -> None:
        index = event.y + self.scroll_offset.y
        if index < len(self.items):
            self.cursor = index
            self.action_choose()
