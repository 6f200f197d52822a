"""The menus of a window."""

from __future__ import annotations

import tkinter as tk
from typing import TYPE_CHECKING

from chat.clients.model import Conversation
from chat.clients.window import palette
from chat.clients.window.item import Item

if TYPE_CHECKING:
    from chat.clients.window.window import Window


class Menus:
    """Made when they are asked for, each in the place of the one before."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self._menu: tk.Menu | None = None

    def new(self) -> tk.Menu:
        """An empty menu."""
        if self._menu is not None:
            self._menu.destroy()
        self._menu = tk.Menu(
            self.window.frame, tearoff=False, background=palette.RAISED, foreground=palette.TEXT, font="ChatBody",
            activebackground=palette.CHOSEN, activeforeground=palette.TEXT, borderwidth=1, relief="flat",
            activeborderwidth=self.window.look.px(3), selectcolor=palette.ACCENT, disabledforeground=palette.MUTED,
        )  # fmt: skip
        return self._menu

    def show_main(self) -> None:
        """What concerns the whole window."""
        window, menu = self.window, self.new()
        here = window.conversation
        add = menu.add_command
        add(label="Go to …", accelerator="Ctrl K", command=window.jump)
        if here is not None and here.kind != "server":
            add(label=f"{leave_words(here)}", command=lambda: window.leave(here))
        menu.add_separator()
        add(label="New window", accelerator="Ctrl N", command=lambda: window.shortcut("window"))
        another = "New window for another server"
        add(label=another, accelerator="Ctrl Shift N", command=lambda: window.shortcut("server"))
        menu.add_separator()
        application = window.application
        add(label=sound_words(application.sound), command=application.switch_sound)
        add(label="Larger text", accelerator="Ctrl +", command=lambda: window.shortcut("larger"))
        add(label="Smaller text", accelerator="Ctrl −", command=lambda: window.shortcut("smaller"))
        menu.add_separator()
        add(label="Keys", accelerator="F1", command=lambda: window.shortcut("help"))
        if window.session is not None:
            add(label="Sign out", command=lambda: application.sign_out(window))
        add(label="Close this window", accelerator="Ctrl W", command=window.close)
        button = window.frame.more
        menu.update_idletasks()
        menu.tk_popup(
            button.winfo_rootx() + button.winfo_width() - menu.winfo_reqwidth(),
            button.winfo_rooty() + button.winfo_height(),
        )

    def show_conversation(self, item: Item, x: int, y: int) -> None:
        """What can be done with a conversation in the sidebar."""
        window = self.window
        found = window.chat.find(item.key) if window.chat else None
        if found is None:
            return
        menu = self.new()
        menu.add_command(label="Open in a new window", command=lambda: window.application.open(window.session, found))
        menu.add_command(label=leave_words(found), command=lambda: window.leave(found))
        menu.tk_popup(x, y)

    def show_person(self, item: Item, x: int, y: int) -> None:
        """What can be done with a person in the sidebar."""
        window, menu = self.window, self.new()
        if window.chat is None or window.chat.is_me(item.key):
            return
        menu.add_command(label="Write in private", command=lambda: window.go(item.key))
        menu.add_command(label="Name them here", command=lambda: window.frame.compose.insert(f"@{item.key} "))
        menu.tk_popup(x, y)


def sound_words(on: bool) -> str:
    """What the sound is, and what choosing that would change."""
    return "No sound when somebody names you" if on else "A sound when somebody names you"


def leave_words(conversation: Conversation) -> str:
    """What leaving a conversation is called."""
    return f"Leave {conversation.name}" if conversation.kind == "room" else f"Put {conversation.name} away"
