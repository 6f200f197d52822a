"""The keys, in one table: what they are bound to, and what the help says of them."""

from __future__ import annotations

from typing import NamedTuple

from textual.binding import Binding


class Key(NamedTuple):
    """Keys as Textual names them, what they do, how people call them, and what for."""

    keys: str
    action: str
    shown: str
    words: str


#: Everywhere, also where one signs in.
EVERYWHERE = (
    Key("f1,ctrl+g", "app.help", "F1  Ctrl+G", "this help"),
    Key("ctrl+p", "", "Ctrl+P", "every command, by name"),
    Key("f3", "app.next_theme", "F3", "next theme"),
    Key("f5", "app.ring", "F5", "ring for mentions and private messages, or not"),
    Key("ctrl+r", "app.retry", "Ctrl+R", "connect again now, when the link is lost"),
    Key("ctrl+c,ctrl+q", "app.quit", "Ctrl+C", "leave"),
)
#: Everywhere in the chat.
HERE = (
    Key("ctrl+n,alt+down", "screen.turn(1)", "Ctrl+N  Alt+↓", "next conversation"),
    Key("ctrl+b,alt+up", "screen.turn(-1)", "Ctrl+B  Alt+↑", "previous conversation"),
    *(Key(f"alt+{number}", f"screen.turn_to({number})", "", "") for number in range(1, 10)),
    Key("", "", "Alt+1 … Alt+9", "the first to the ninth conversation"),
    Key("alt+a", "screen.turn_to_unread", "Alt+A", "next conversation with something unread"),
    Key("f2", "screen.emoji", "F2", "pick an emoji"),
    Key("f4", "screen.sidebar", "F4", "show or hide the sidebar"),
    Key("f6", "app.focus_next", "F6", "to the rooms, the people, the log, and back"),
)
#: Where the keys do not move a cursor through a list.
LOOK = (
    Key("pageup", "screen.look(-1)", "Page Up", "older lines"),
    Key("pagedown", "screen.look(1)", "Page Down", "newer lines"),
)
#: While one types.
TYPING = (
    Key("", "", "Enter", "send"),
    Key("", "", "Ctrl+J", "a new line of the same message (Shift+Enter too, where the terminal tells it)"),
    Key("", "", "Tab", "complete a name, :smile: or a /command; again for the next one"),
    Key("", "", "↑", "select a line of the log"),
    Key("", "", "Esc", "answer or edit no longer; look at the newest line"),
)
#: While a line of the log is selected.
SELECTED = (
    Key("r,enter", "screen.reply", "r  Enter", "reply"),
    Key("plus,a", "screen.react", "+  a", "react with an emoji"),
    Key("e", "screen.edit", "e", "edit what you said"),
    Key("d,delete", "screen.remove", "d  Delete", "remove it"),
    Key("s", "screen.send_again", "s", "send again what was not sent"),
    Key("p", "screen.private", "p", "talk to its author in private"),
    Key("y", "screen.copy", "y", "copy the text"),
    Key("escape", "screen.back", "Esc", "back to what you were typing"),
)
SECTIONS = (
    ("Anywhere", HERE + LOOK + EVERYWHERE),
    ("While you type", TYPING),
    ("With a line selected (↑, or click it)", SELECTED),
)


def bindings(keys: tuple[Key, ...], priority: bool = False) -> list[Binding]:
    """The bindings of a section."""
    return [Binding(key.keys, key.action, key.words, show=False, priority=priority) for key in keys if key.action]


def actions(keys: tuple[Key, ...]) -> dict[str, str]:
    """What each key of a section does."""
    return {name: key.action for key in keys if key.action for name in key.keys.split(",")}
