"""The help: every key, and what it does."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.screen import ModalScreen
from textual.style import Style
from textual.widget import Widget

from chat.clients.terminal.keys import SECTIONS
from chat.clients.terminal.themes import Ink

BOLD = Style(bold=True)
#: Columns for the keys.
COLUMN = 16
MARKS = (("…", "not yet on the disk of the server"), ("✗", "not sent"), ("@", "calls you"))


class HelpScreen(ModalScreen[None]):
    """Shows the keys; any of those that leave it leaves it."""

    CSS = """
    HelpScreen { align: center middle; }
    HelpScreen > VerticalScroll {
        width: 76; max-width: 95%; height: auto; max-height: 95%; padding: 0 1; background: $surface;
        border: round $primary; border-title-color: $primary; border-title-style: bold; border-subtitle-color: $muted;
        scrollbar-size-vertical: 1;
    }
    HelpScreen Keys { height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f1,ctrl+g,q,enter", "dismiss(None)", show=False, priority=True),
    ]

    def compose(self) -> ComposeResult:
        with VerticalScroll() as box:
            box.border_title = "Keys"
            box.border_subtitle = "Esc closes"
            yield Keys()


class Keys(Widget):
    """The keys, each with what it does beside it."""

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._rows(width))

    def render(self) -> Content:
        return Content("\n").join(self._rows(self.content_size.width))

    def _rows(self, width: int) -> list[Content]:
        ink = Ink.of(self.app.theme_variables)
        rows: list[Content] = []
        for title, keys in SECTIONS:
            rows += [Content(title).stylize(ink.primary + BOLD)]
            rows += [row for key in keys if key.shown for row in _rows(key.shown, key.words, width, ink)]
            rows += [Content()]
        rows += [Content("In front of a line").stylize(ink.primary + BOLD)]
        rows += [row for mark, words in MARKS for row in _rows(mark, words, width, ink)]
        rows += [Content(), Content("Hold Shift to select text with the mouse as in any terminal.").stylize(ink.muted)]
        return rows


def _rows(key: str, words: str, width: int, ink: Ink) -> list[Content]:
    """A key, and beside it what it does, in as many rows as that takes."""
    texts = Content(words).stylize(ink.foreground).wrap(max(width - COLUMN, 16))
    gap = " " * max(COLUMN - cell_len(key), 1)
    first = Content.assemble((key, ink.foreground + BOLD), gap, texts[0])
    return [first, *(Content(" " * COLUMN) + text for text in texts[1:])]
