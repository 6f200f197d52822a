"""Where one types: Enter sends, everything else edits.  A paste of many lines stays one message."""

from __future__ import annotations

from textual import events
from textual.binding import Binding
from textual.widgets import TextArea

from chat.clients.terminal.keys import HERE, LOOK, actions

EDITING = [binding for binding in TextArea.BINDINGS if isinstance(binding, Binding)]
#: What keys do here.  A binding runs after letters that were typed behind it or, with priority, before those that were
#: typed ahead of it; so those of Textual's own are run from here, too.
ACTIONS = {
    **{key: binding.action for binding in EDITING for key in binding.key.split(",")},
    "enter": "screen.send",
    "ctrl+j": "newline",
    "shift+enter": "newline",
    "alt+enter": "newline",
    "tab": "screen.complete",
    "up": "up",
    **actions(HERE + LOOK),
}
#: What ends a line, for whatever was pasted from wherever.
NEWLINES = str.maketrans({"\r": "\n", "\u2028": "\n", "\u2029": "\n", "\x85": "\n"})


class Composer(TextArea):
    """The text that is being typed.  What it is for, the screen knows."""

    DEFAULT_CSS = """
    Composer {
        height: auto; max-height: 8; min-height: 1; width: 1fr;
        border: none; padding: 0 1 0 0; background: $surface; scrollbar-size-vertical: 1;
        &:focus { border: none; }
        & .text-area--placeholder { color: $muted; }
    }
    """

    def __init__(self) -> None:
        super().__init__(id="composer", soft_wrap=True, highlight_cursor_line=False, compact=True)
        self.cursor_blink = False

    @property
    def position(self) -> int:
        """Where the cursor is, in letters from the beginning."""
        row, column = self.cursor_location
        return sum(len(self.document.get_line(each)) + 1 for each in range(row)) + column

    def put(self, text: str, position: int | None = None) -> None:
        """Have this text instead, with the cursor at its end or at `position`."""
        self.load_text(text)
        before = text if position is None else text[:position]
        self.move_cursor((before.count("\n"), len(before) - (before.rfind("\n") + 1)))

    def action_newline(self) -> None:
        """Begin a new line of the same message."""
        self.insert("\n")
        self.scroll_cursor_visible()

    async def action_up(self) -> None:
        """Up, or from the first row into the log."""
        if self.cursor_at_first_line:
            await self.run_action("screen.into_log")
        else:
            self.action_cursor_up()

    def paste(self, text: str) -> None:
        """Take in a text of any number of lines; none of it is sent by itself."""
        self.insert(text.replace("\r\n", "\n").translate(NEWLINES).rstrip("\n"))
        self.scroll_cursor_visible()

    async def _on_key(self, event: events.Key) -> None:
        action = ACTIONS.get(event.key)
        if action is None:
            await super()._on_key(event)
        else:
            event.stop()
            event.prevent_default()
            await self.run_action(action)

    async def _on_paste(self, event: events.Paste) -> None:
        self.paste(event.text)
        event.stop()
        event.prevent_default()
