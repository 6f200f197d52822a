"""The emoji picker: a field to search in, and below it what is found, in rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.screen import ModalScreen
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widgets import Input, Static

from chat.clients.emoji import groups, named

#: Columns for each.
CELL = 4


class Grid(ScrollView):
    """Emoji in rows.  One of them is under the cursor."""

    DEFAULT_CSS = """
    Grid {
        height: 6; overflow-x: hidden; scrollbar-size-vertical: 1; background: $surface;
        & .grid--cursor { background: $primary; color: $on-primary; }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"grid--cursor"}

    cursor = reactive(0, repaint=True)

    class Picked(Message):
        """Somebody clicked on one."""

    def __init__(self) -> None:
        super().__init__()
        self.found: Sequence[tuple[str, str]] = ()

    @property
    def columns(self) -> int:
        return max(self.size.width // CELL, 1)

    def show(self, found: Sequence[tuple[str, str]]) -> None:
        """Show these, each with its name."""
        self.found, self.cursor = found, 0
        self.virtual_size = Size(0, -(-len(found) // self.columns))
        self.scroll_to(y=0, animate=False, immediate=True)
        self.refresh()

    def move(self, steps: int) -> None:
        """Move the cursor."""
        self.cursor = max(0, min(self.cursor + steps, len(self.found) - 1))
        row, top = self.cursor // self.columns, self.scroll_offset.y
        if not top <= row < top + self.size.height:
            self.scroll_to(y=row if row < top else row - self.size.height + 1, animate=False, immediate=True)

    @property
    def at_cursor(self) -> tuple[str, str] | None:
        """The emoji under the cursor, and its name."""
        return self.found[self.cursor] if self.cursor < len(self.found) else None

    def on_resize(self) -> None:
        self.virtual_size = Size(0, -(-len(self.found) // self.columns))

    def render_line(self, y: int) -> Strip:
        first = (y + self.scroll_offset.y) * self.columns
        marked = self.get_visual_style("grid--cursor", partial=True)
        row = Content()
        for index in range(first, min(first + self.columns, len(self.found))):
            emoji = self.found[index][0]
            cell = Content(f" {emoji}{' ' * (CELL - 1 - cell_len(emoji))}")
            row += cell.stylize(marked) if index == self.cursor else cell
        strip = Strip(row.render_segments(self.visual_style), row.cell_length)
        return strip.adjust_cell_length(self.size.width, self.visual_style.rich_style)

    def on_click(self, event: events.Click) -> None:
        index = (event.y + self.scroll_offset.y) * self.columns + event.x // CELL
        if event.x // CELL < self.columns and index < len(self.found):
            self.cursor = index
            self.post_message(self.Picked())


def search(text: str) -> list[tuple[str, str]]:
    """The emoji whose name has this in it, each with a name; all that are usual, when nothing is asked for."""
    words = text.strip().strip(":").replace(" ", "_")
    pairs = named(words) if words else [pair for group in groups().values() for pair in group]
    usual = {emoji for group in groups().values() for _, emoji in group}
    found = {emoji: name for name, emoji in reversed(pairs) if emoji in usual or cell_len(emoji) == 2}
    return [(emoji, found.pop(emoji)) for _, emoji in pairs if emoji in found]


class EmojiScreen(ModalScreen[str]):
    """Gives the emoji that was picked, or None."""

    CSS = """
    EmojiScreen { align: center middle; }
    EmojiScreen > Vertical {
        width: 46; max-width: 95%; height: auto; padding: 0 1; background: $surface; border: round $primary;
        border-title-color: $primary; border-title-style: bold;
    }
    EmojiScreen Input { border: none; height: 1; padding: 0; margin: 0 0 1 0; background: $panel; }
    #named { height: 1; margin: 1 0 0 0; color: $muted; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", show=False),
        Binding("left", "move(-1)", show=False, priority=True),
        Binding("right", "move(1)", show=False, priority=True),
        Binding("up", "row(-1)", show=False, priority=True),
        Binding("down", "row(1)", show=False, priority=True),
        Binding("enter", "pick", show=False, priority=True),
    ]

    def __init__(self, title: str) -> None:
        super().__init__()
        self.title_ = title

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = self.title_
            yield Input(placeholder="type to search", compact=True, select_on_focus=False)
            yield Grid()
            yield Static(id="named", markup=False)

    def on_mount(self) -> None:
        self.grid = self.query_one(Grid)
        self.call_after_refresh(self._search, "")

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        self._search(event.value)

    def _search(self, text: str) -> None:
        self.grid.show(search(text))
        self._tell()

    def _tell(self) -> None:
        found = self.grid.at_cursor
        self.query_one("#named", Static).update(f"{found[0]}  :{found[1]}:" if found else "no emoji is called that")

    def action_move(self, steps: int) -> None:
        """Move the cursor."""
        self.grid.move(steps)
        self._tell()

    def action_row(self, rows: int) -> None:
        """Move the cursor up or down."""
        self.action_move(rows * self.grid.columns)

    @on(Grid.Picked)
    def action_pick(self) -> None:
        """Give the one under the cursor."""
        if found := self.grid.at_cursor:
            self.dismiss(found[0])
