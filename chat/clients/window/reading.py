"""What one reads: the lines of a conversation, where the new ones begin, and what can be done with a line."""

from __future__ import annotations

import time
import tkinter as tk
from collections.abc import Callable

from chat.clients.model import Chat, Conversation, Line
from chat.clients.window import row
from chat.clients.window.action import Action, actions, keyed
from chat.clients.window.log import Log
from chat.clients.window.row import Chip, Row, unread_after
from chat.clients.window.spans import links, visit

#: Lines that are shown to begin with, and more each time somebody scrolls to the first.
SHOWN = 200


class Reading:
    """Between the log and the chat.  `begin` takes what is begun here and done elsewhere: an answer, an edit."""

    def __init__(self, chat: Chat, log: Log, begin: Callable[[str, Line], None], menu: Callable[[], tk.Menu]) -> None:
        self.chat, self.log, self.begin, self.menu = chat, log, begin, menu
        self.conversation: Conversation | None = None
        self.looking = False
        self._unread_after: int | None = None
        #: How many lines of the conversation are not shown, since nobody has scrolled so far.
        self._hidden = 0
        log.older, log.moved = self._older, self.look
        log.ask, log.again, log.react, log.key = self._ask, self._again, self._react, self._key
        log.tool = self._tool

    # -- where one reads

    def go_to(self, conversation: Conversation) -> None:
        """Read there from now on."""
        self.conversation = conversation
        self._unread_after = unread_after(conversation)
        self._hidden = max(0, len(conversation.lines) - conversation.unread - SHOWN)
        self.log.show(self.rows(), fresh=True)

    def rows(self) -> list[Row]:
        """What stands there now."""
        conversation = self.conversation
        if conversation is None:
            return []
        today = time.strftime("%Y-%m-%d", time.localtime(self.chat.now() / 1000))
        found = row.rows(conversation, self.chat.me, self._unread_after, today, self._hidden)
        if self._hidden:
            words = ""
        elif conversation.complete and conversation.kind != "server":
            with_whom = "your conversation with " if conversation.kind == "private" else ""
            words = f"This is the beginning of {with_whom}{conversation.name}."
        elif not found and conversation.catching_up:
            words = "Fetching what was said …"
        else:
            words = ""
        return [Row(row.TOP, text=words), *found] if words else found

    def refresh(self) -> None:
        """The lines have changed."""
        if self.conversation is not None:
            if not self.reads and self.conversation.unread and self._unread_after is None:
                self._unread_after = unread_after(self.conversation)
            lines = len(self.conversation.lines)
            if self.log.at_end and lines - self._hidden > 2 * SHOWN:
                self._hidden = lines - SHOWN
            self.log.show(self.rows())

    @property
    def reads(self) -> bool:
        """Whether the person sees the newest line."""
        return self.looking and self.log.at_end

    def look(self) -> None:
        """Tell the chat what is looked at."""
        if self.reads and self.conversation is not None:
            self.chat.look(self.conversation)
        elif self.chat.looked_at is self.conversation:
            self.chat.look(None)

    def forget_unread(self) -> None:
        """What was new is so no longer: one has answered."""
        self._unread_after = None

    def _older(self) -> None:
        """Show older lines; get them, where all that are here are shown."""
        if self.conversation is not None:
            if self._hidden:
                self._hidden = max(0, self._hidden - SHOWN)
                self.refresh()
            else:
                self.chat.older(self.conversation)

    # -- what can be done with a line

    def _ask(self, row: Row, x: int, y: int) -> None:
        """Offer what can be done."""
        line, menu = row.line, self.menu()
        if line is None or self.conversation is None:
            return
        self.log.choose(row)
        for action in actions(self.chat, self.conversation, line):
            menu.add_command(
                label=action.label, accelerator=action.sign, command=lambda action=action: self.do(action, line)  # type: ignore[misc]
            )
        if menu.index("end") is not None:
            menu.tk_popup(x, y)

    def _tool(self, row: Row, name: str, x: int, y: int) -> None:
        if name == "more":
            self._ask(row, x, y)
        elif row.line is not None and self.conversation is not None:
            for action in actions(self.chat, self.conversation, row.line):
                if action.name == name:
                    self.do(action, row.line)

    def _key(self, row: Row, key: str) -> bool:
        if row.line is None or self.conversation is None:
            return False
        action = keyed(self.chat, self.conversation, row.line, key)
        if action is not None:
            self.do(action, row.line)
        return action is not None

    def do(self, action: Action, line: Line) -> None:
        """Do it."""
        conversation = self.conversation
        if conversation is None:
            return
        if action.name == "copy":
            self.log.clipboard_clear()
            self.log.clipboard_append(line.text)
        elif action.name == "open":
            visit(links(line.text)[0])
        elif action.name == "again":
            self.chat.resend(conversation, line)
        elif action.name == "discard":
            self.chat.discard(conversation, line)
        elif action.name == "remove":
            self.chat.remove(conversation, line)
        else:
            self.begin(action.name, line)

    def _again(self, row: Row) -> None:
        if row.line is not None and self.conversation is not None:
            self.chat.resend(self.conversation, row.line)

    def _react(self, row: Row, chip: Chip) -> None:
        if row.line is not None and self.conversation is not None:
            self.chat.react(self.conversation, row.line, chip.emoji)
