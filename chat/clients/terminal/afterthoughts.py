"""What can be done with the selected line: answer, react, edit, remove, send again, copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.screen import Screen

from chat.clients.model import FAILED, Chat, Conversation, Line
from chat.clients.terminal.context import EDIT, REPLY, Intent, allowed
from chat.clients.terminal.emojis import EmojiScreen

if TYPE_CHECKING:
    from chat.clients.terminal.composer import Composer
    from chat.clients.terminal.log import Log


class Afterthoughts(Screen[None]):
    """The part of a screen that does things to the selected line of its log."""

    chat: Chat
    current: Conversation
    log_: Log
    composer: Composer
    intent: Intent | None
    #: Whether it was asked once to remove the line.
    removing: bool

    def draw_context(self) -> None:
        """Draw what goes on."""
        raise NotImplementedError

    def talk_to(self, nick: str) -> None:
        """Look at the private conversation with somebody."""
        raise NotImplementedError

    def _may(self, action: str) -> Line | None:
        """The selected line, if that can be done with it."""
        line = self.log_.selected
        offered = allowed(self.chat, self.current, line) if line else []
        return line if any(action == each for _, _, each in offered) else None

    def action_reply(self) -> None:
        """Answer it."""
        if line := self._may("reply"):
            self.cancel_intent()
            self.intent = Intent(REPLY, line)
            self.deselect()

    def action_edit(self) -> None:
        """Give it new words."""
        if line := self._may("edit"):
            self.cancel_intent()
            self.intent = Intent(EDIT, line, self.composer.text)
            self.composer.put(line.text)
            self.deselect()

    def action_react(self) -> None:
        """React to it."""
        if line := self._may("react"):
            conversation = self.current

            def react(emoji: str | None) -> None:
                if emoji:
                    self.chat.react(conversation, line, emoji)
                self.deselect()

            self.app.push_screen(EmojiScreen(f"React to {line.who}"), react)

    def action_remove(self) -> None:
        """Remove it, once that was asked for twice; forget one that was not sent at once."""
        line = self._may("remove")
        if line and line.state == FAILED:
            self.chat.discard(self.current, line)
            self.deselect()
        elif line and self.removing:
            self.chat.remove(self.current, line)
            self.deselect()
        elif line:
            self.removing = True
            self.draw_context()

    def action_send_again(self) -> None:
        """Send again what was not sent."""
        if line := self._may("send_again"):
            self.chat.resend(self.current, line)
            self.deselect()

    def action_private(self) -> None:
        """Talk to its author in private."""
        if line := self._may("private"):
            self.talk_to(line.who)

    def action_copy(self) -> None:
        """Copy the text, by way of the terminal (OSC 52)."""
        if line := self._may("copy"):
            self.app.copy_to_clipboard(line.text)
            self.notify("Copied.", timeout=2)
            self.deselect()

    def deselect(self) -> None:
        """Type again."""
        self.log_.selected = None
        self.set_focus(self.composer)

    def cancel_intent(self) -> None:
        """What is typed is simply said; what was typed before an edit is there again."""
        intent, self.intent = self.intent, None
        if intent and intent.what == EDIT:
            self.composer.put(intent.draft)
