"""The keys, one table: they are bound by it, and F1 shows it."""

from __future__ import annotations

from typing import NamedTuple


class Shortcut(NamedTuple):
    """Keys as people say them, what they do, and where Tk binds them: its name for the keys, and for what they do."""

    keys: str
    does: str
    event: str = ""
    name: str = ""


EVERYWHERE = (
    Shortcut("F1", "Show this list", "<F1>", "help"),
    Shortcut("Alt ↓   Alt ↑", "Next or previous conversation", "<Alt-Down> <Alt-Up>", "next previous"),
    Shortcut("Alt A", "Next conversation with something unread", "<Alt-a>", "unread"),
    Shortcut("Ctrl K", "Go to a room or a person, or join one", "<Control-k>", "join"),
    Shortcut("Ctrl E", "Choose an emoji", "<Control-e>", "emoji"),
    Shortcut("Ctrl B", "Show the sidebar, and go there", "<Control-b>", "sidebar"),
    Shortcut("Ctrl N", "Another window", "<Control-n>", "window"),
    Shortcut("Ctrl Shift N", "Another window, for another server", "<Control-N>", "server"),
    Shortcut("Ctrl W", "Close this window", "<Control-w>", "close"),
    Shortcut(
        "Ctrl +   Ctrl −   Ctrl 0", "Larger, smaller, usual text",
        "<Control-plus> <Control-equal> <Control-minus> <Control-0>", "larger larger smaller usual",
    ),
    Shortcut("Tab   Shift Tab", "To the next or previous part of the window"),
)  # fmt: skip
WRITING = (
    Shortcut("Enter", "Send"),
    Shortcut("Shift Enter", "A new line in the same message"),
    Shortcut("Tab", "Complete a name, a /command or an :emoji:"),
    Shortcut("↑", "In an empty field: edit what you said last"),
    Shortcut("Ctrl ↑", "Choose a message"),
    Shortcut("Page Up   Page Down", "Scroll through the messages"),
    Shortcut("Esc", "Neither answer nor edit; to the newest message"),
)
READING = (
    Shortcut("↑   ↓", "Choose a message"),
    Shortcut("R   E   +", "Reply, edit, react"),
    Shortcut("C   Del", "Copy, remove"),
    Shortcut("S", "Send again what has failed"),
    Shortcut("O", "Open the link in it"),
    Shortcut("W", "Write in private to whoever said it"),
    Shortcut("Menu", "Everything that can be done with it"),
    Shortcut("Esc", "Back to the field"),
)
SECTIONS = (("Everywhere", EVERYWHERE), ("Writing", WRITING), ("In the messages", READING))


def bound() -> list[tuple[str, str]]:
    """The keys that do something everywhere, as Tk calls them, each with what it does."""
    return [pair for one in EVERYWHERE for pair in zip(one.event.split(), one.name.split(), strict=True)]
