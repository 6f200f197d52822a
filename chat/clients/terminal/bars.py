"""The single rows: the topic above the log, what goes on above the text that is typed, the link at the bottom."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.content import Content
from textual.message import Message
from textual.style import Style
from textual.widget import Widget

from chat.clients.terminal.themes import Ink


class Bar(Widget):
    """One row: a text, cut off where it meets the other that stands at the right."""

    DEFAULT_CSS = """
    Bar { height: 1; width: 1fr; padding: 0 1; }
    Bar.-wraps { height: auto; max-height: 4; }
    """

    class Pressed(Message):
        """Somebody clicked on a word that does something."""

        def __init__(self, action: str) -> None:
            super().__init__()
            self.action = action

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self.text, self.tail = Content(), Content()

    @property
    def ink(self) -> Ink:
        """The colours of the theme."""
        return Ink.of(self.app.theme_variables)

    def show(self, text: Content, tail: Content | None = None, wraps: bool = False) -> None:
        """Show this; if it `wraps`, whole, in as many rows as that takes."""
        self.text, self.tail = text, tail or Content()
        self.set_class(wraps, "-wraps")
        self.refresh(layout=wraps)

    def render(self) -> Content:
        if self.has_class("-wraps"):
            return Content("   ").join([self.text, self.tail]) if self.tail else self.text
        width = self.content_size.width
        tail = self.tail if self.tail.cell_length < width // 2 else Content()
        text = self.text.truncate(max(width - tail.cell_length - 2 * bool(tail), 1), ellipsis=True)
        gap = max(width - text.cell_length - tail.cell_length, 0)
        return Content.assemble(text, " " * gap, tail)

    def on_click(self, event: events.Click) -> None:
        if action := event.style.meta.get("press"):
            self.post_message(self.Pressed(action))


def button(key: str, words: str, action: str, ink: Ink) -> Content:
    """A word that can be clicked, with the key that does the same."""
    press = Style.from_meta({"press": action})
    return Content.assemble((key, ink.primary + Style(bold=True) + press), " ", (words, ink.foreground + press))


def buttons(ink: Ink, offered: Sequence[tuple[str, str, str]], width: int = 0) -> Content:
    """Buttons in a row: each a key, words and an action.  With a `width`, so close and so few that they fit."""
    made = [button(key, words, action, ink) for key, words, action in offered]
    for blanks in (3, 2, 1):
        row = Content(" " * blanks).join(made)
        if not width or row.cell_length <= width:
            return row
    return buttons(ink, offered[:-1], width) if len(offered) > 1 else row
