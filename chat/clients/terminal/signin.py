"""The screen on which one says which server, and who one is."""

from __future__ import annotations

from typing import ClassVar, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.screen import Screen
from textual.widgets import Button, Input, Label, Static


class Entry(NamedTuple):
    """What was filled in."""

    server: str
    nick: str
    password: str


class SignInScreen(Screen[Entry]):
    """Gives what was filled in.  `why` says why it is asked: nothing, the first time."""

    CSS = """
    SignInScreen { align: center middle; background: $background; color: $foreground; }
    #card {
        width: 58; max-width: 100%; height: auto; max-height: 100%; padding: 0 2; background: $surface;
        border: round $primary; border-title-color: $primary; border-title-style: bold; border-subtitle-color: $muted;
        scrollbar-size-vertical: 1;
    }
    #card Label { color: $muted; height: 1; margin: 1 0 0 0; }
    #card Input { border: none; height: 1; padding: 0 1; background: $panel; color: $foreground; }
    #card Input:focus { background: $panel; border: none; }
    #card Input > .input--placeholder { color: $muted; }
    #why { color: $warning; height: auto; margin: 1 0 0 0; display: none; }
    #why.-said { display: block; }
    #buttons { height: 1; margin: 1 0; align-horizontal: right; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "app.focus_next", show=False),
        Binding("up", "app.focus_previous", show=False),
    ]

    def __init__(self, entry: Entry, why: str = "", focus: str = "") -> None:
        super().__init__()
        self.entry, self.why, self.begin = entry, why, focus

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="card", can_focus=False) as card:
            card.border_title = "Join a chat"
            card.border_subtitle = "Enter joins · Ctrl+C leaves"
            yield Static(self.why, id="why", classes="-said" if self.why else "", markup=False)
            yield Label("Server")
            yield Input(self.entry.server, id="server", placeholder="chat.example.org or 127.0.0.1:5050", compact=True)
            yield Label("Your name")
            yield Input(self.entry.nick, id="nick", placeholder="a name of your choice", compact=True, max_length=64)
            yield Label("Password")
            yield Input(
                self.entry.password, id="password", password=True, compact=True,
                placeholder="only if the name has an account",
            )  # fmt: skip
            with Horizontal(id="buttons"):
                yield Button("Join", variant="primary", id="join", compact=True)

    def on_mount(self) -> None:
        empty = [each.id for each in self.query(Input) if not each.value and each.id != "password"]
        self.query_one(f"#{self.begin or (empty or ['nick'])[0]}").focus()

    @on(Input.Submitted)
    @on(Button.Pressed)
    def _entered(self) -> None:
        server, nick, password = (self.query_one(f"#{each}", Input).value.strip() for each in Entry._fields)
        if not server:
            self._ask("Which server? A name or an address, with :PORT behind it if it is not 6697.", "server")
        elif not nick:
            self._ask("What shall others call you?", "nick")
        elif any(letter.isspace() for letter in nick):
            self._ask("A name has no blanks.", "nick")
        else:
            self.dismiss(Entry(server, nick, password))

    def _ask(self, why: str, field: str) -> None:
        shown = self.query_one("#why", Static)
        shown.update(why)
        shown.add_class("-said")
        self.query_one(f"#{field}").focus()
