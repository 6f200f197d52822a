"""A question that has to be answered before anything goes on: whether a certificate is to be trusted."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Button, Static


class CertificateScreen(ModalScreen[bool]):
    """Gives whether the certificate of a server, which nobody vouches for, is to be trusted from now on."""

    CSS = """
    CertificateScreen { align: center middle; }
    CertificateScreen > VerticalScroll {
        width: 70; max-width: 98%; height: auto; max-height: 100%; padding: 0 2; background: $surface;
        border: round $warning; border-title-color: $warning; border-title-style: bold; scrollbar-size-vertical: 1;
    }
    CertificateScreen Static { height: auto; margin: 1 0 0 0; }
    #fingerprint { color: $primary; text-style: bold; }
    #answers { height: 1; margin: 1 0; align-horizontal: right; }
    #answers Button { margin: 0 0 0 2; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,n", "dismiss(False)", show=False),
        Binding("left", "app.focus_previous", show=False),
        Binding("right", "app.focus_next", show=False),
    ]

    def __init__(self, server: str, why: str, fingerprint: str) -> None:
        super().__init__()
        self.server, self.why, self.fingerprint = server, why, fingerprint

    def compose(self) -> ComposeResult:
        with VerticalScroll(can_focus=False) as box:
            box.border_title = f"Is this really {self.server}?"
            before, _, behind = self.why.partition(self.fingerprint)
            yield Static(before.strip(), markup=False)
            yield Static(grouped(self.fingerprint), id="fingerprint", markup=False)
            yield Static(behind.strip(". "), markup=False)
            with Horizontal(id="answers"):
                yield Button("Do not connect", id="no", compact=True)
                yield Button("Trust it", id="yes", variant="warning", compact=True)

    def on_mount(self) -> None:
        self.query_one("#no").focus()

    @on(Button.Pressed)
    def _answered(self, event: Button.Pressed) -> None:
        self.dismiss(event.button.id == "yes")


def grouped(fingerprint: str) -> str:
    """`ab:cd:..` or `abcd...` in groups of four that can be read out, two rows of eight."""
    letters = fingerprint.replace(":", "").lower()
    groups = [letters[at : at + 4] for at in range(0, len(letters), 4)]
    return "\n".join(" ".join(groups[at : at + 8]) for at in range(0, len(groups), 8))
