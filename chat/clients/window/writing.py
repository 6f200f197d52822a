"""What one writes, until it is said: drafts, answers, edits, completion, and that others see one typing."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from dataclasses import dataclass

from chat.clients.completion import Candidate
from chat.clients.emoji import with_emoji
from chat.clients.model import Chat, Completion, Conversation, Line
from chat.clients.window import palette
from chat.clients.window.compose import Compose
from chat.clients.window.item import Item
from chat.clients.window.listing import Listing
from chat.clients.window.look import Look

#: Candidates that can be seen at a time.
MOST_SEEN = 8


@dataclass
class Aim:
    """What the text in the field is for: an answer to a line, or other words for a line of one's own."""

    reply: Line | None = None
    edit: Line | None = None

    @property
    def words(self) -> str:
        """What to say of it."""
        if self.edit is not None:
            return f"Editing: {_short(self.edit)}"
        return f"Replying to {self.reply.who}: {_short(self.reply)}" if self.reply is not None else ""


def _item(number: int, candidate: Candidate) -> Item:
    sign, _, name = candidate.shown.partition(" ")
    return Item(str(number), name, sign) if name else Item(str(number), candidate.shown)


def _short(line: Line) -> str:
    return " ".join(line.text.split())


class Suggestions(tk.Frame):
    """What a word may become, above the field."""

    def __init__(self, compose: Compose, look: Look, choose: Callable[[int], None]) -> None:
        super().__init__(compose.winfo_toplevel(), background=palette.RULE, padx=1, pady=1)
        self.compose, self.look = compose, look
        self.list = Listing(self, look, lambda item: choose(int(item.key)), low=True)
        self.list.configure(takefocus=False)
        self.list.pack(fill="both", expand=True)

    @property
    def open(self) -> bool:
        """Whether it can be seen."""
        return bool(self.winfo_manager())

    def show(self, completion: Completion, at: int) -> None:
        """Show the candidates, and which of them is meant."""
        self.list.show([_item(n, each) for n, each in enumerate(completion.candidates)])
        self.list.point(at)
        rows = min(MOST_SEEN, len(completion.candidates))
        self.list.configure(height=rows * self.list.row_height + self.look.px(4), width=self.look.px(300))
        self.place(in_=self.compose, x=self.look.px(14), y=-self.look.px(2), anchor="sw")
        self.lift()

    def hide(self) -> None:
        """Show it no longer."""
        self.place_forget()


class Writing:
    """Between the field and the chat.  `went` is told where a command has led."""

    def __init__(self, chat: Chat, compose: Compose, look: Look) -> None:
        self.chat, self.compose = chat, compose
        self.conversation: Conversation | None = None
        self.aim = Aim()
        self.suggestions = Suggestions(compose, look, self._accept)
        self._completion: Completion | None = None
        self._at = 0
        #: What we wrote there ourselves, as long as nobody has typed.
        self._written: str | None = None
        self.went: Callable[[Conversation], None] = lambda conversation: None
        compose.deliver = self.send
        compose.typed = self._typed
        compose.claims = {
            "Tab": self._tab, "Up": self._up, "Down": self._down, "Return": self._return, "Escape": self.cancel,
        }  # fmt: skip

    # -- where one writes

    def go_to(self, conversation: Conversation) -> None:
        """Write there from now on; what was not sent stays where it was written."""
        self.keep_draft()
        self.conversation, self.aim = conversation, Aim()
        self._put(conversation.draft)
        self.compose.show_banner("")
        target = conversation.name if conversation.kind != "server" else "/command"
        self.compose.place_hint(f"Message {target}")

    def keep_draft(self) -> None:
        """Remember what is written and not sent."""
        if self.conversation is not None and self.aim.edit is None:
            self.conversation.draft = self.compose.value

    def _put(self, text: str, position: int | None = None) -> None:
        self._written = text
        self.compose.write(text, position)
        self._hide()

    # -- answers and edits

    def reply(self, line: Line) -> None:
        """Answer a line."""
        if self.aim.edit is not None:
            self.cancel()
        self._take(Aim(reply=line))

    def edit(self, line: Line) -> None:
        """Give a line of one's own other words."""
        self.keep_draft()
        self._take(Aim(edit=line))
        self._put(line.text)

    def _take(self, aim: Aim) -> None:
        self.aim = aim
        self.compose.show_banner(aim.words)
        self.compose.text.focus_set()

    def cancel(self) -> bool:
        """Close the candidates; else neither answer nor edit; whether there was something to be closed."""
        if self.suggestions.open:
            self._hide()
            return True
        aim, self.aim = self.aim, Aim()
        self.compose.show_banner("")
        if aim.edit is not None and self.conversation is not None:
            self._put(self.conversation.draft)
        return bool(aim.words)

    def _up(self) -> bool:
        if self.suggestions.open:
            self._point(-1)
            return True
        last = self.conversation.last_of_mine if self.conversation else None
        if self.compose.value or last is None or not self.chat.can_edit:
            return False
        self.edit(last)
        return True

    def _down(self) -> bool:
        if self.suggestions.open:
            self._point(1)
        return self.suggestions.open

    # -- saying it

    def send(self, text: str) -> None:
        """Say what is written, or do what it says."""
        conversation, aim = self.conversation, self.aim
        if conversation is None:
            return
        text = with_emoji(text)
        self.aim = Aim()
        self.compose.show_banner("")
        if aim.edit is not None:
            self._put(conversation.draft)
            self.chat.edit(conversation, aim.edit, text)
            return
        conversation.draft = ""
        self._put("")
        before = self.chat.looked_at
        self.chat.perform(conversation, text, aim.reply)
        now = self.chat.looked_at
        if now is not None and now is not before:
            self.went(now)

    def _typed(self) -> None:
        """The text has changed."""
        text = self.compose.value
        if text == self._written or self.conversation is None:
            return
        self._written = None
        if not text.startswith("/"):
            self.chat.typing(self.conversation, bool(text))
        self._suggest(text)

    # -- completion

    def _suggest(self, text: str) -> None:
        """Emoji and commands are offered while one types."""
        found = self._complete(text)
        if found is not None and text[found.start : found.start + 1] in (":", "/"):
            self._completion, self._at = found, 0
            self.suggestions.show(found, 0)
        else:
            self._hide()

    def _complete(self, text: str) -> Completion | None:
        if self.conversation is None or (self.aim.edit is not None and text.startswith("/")):
            return None
        return self.chat.complete(self.conversation, text, self.compose.position)

    def _tab(self) -> bool:
        """Take the candidate that is meant; of names the next one, each time."""
        if self.suggestions.open and self._completion is not None:
            if self._cycling:
                self._write((self._at + 1) % len(self._completion.candidates))
            else:
                self._accept(self._at)
            return True
        found = self._complete(self.compose.value)
        if found is None:
            return False
        self._completion = found
        self._write(0)
        if len(found.candidates) == 1:
            self._hide()
        return True

    @property
    def _cycling(self) -> bool:
        """Whether a candidate stands in the text already."""
        found = self._completion
        return found is not None and self.compose.value[found.start : found.end] in [
            each.text for each in found.candidates
        ]

    def _write(self, at: int) -> None:
        """Have a candidate stand in the text, and the others in sight."""
        found = self._completion
        assert found is not None
        text, chosen = self.compose.value, found.candidates[at].text
        end = found.start + len(chosen)
        self._put(text[: found.start] + chosen + text[found.end :], end)
        self._completion, self._at = found._replace(end=end), at
        self.suggestions.show(self._completion, at)

    def _accept(self, at: int) -> None:
        """A candidate was chosen."""
        self._write(at)
        self._hide()
        self.compose.text.focus_set()

    def _return(self) -> bool:
        """The key that sends chooses an emoji, where emoji are offered."""
        found = self._completion
        if not self.suggestions.open or found is None or self._cycling:
            self._hide()
            return False
        if self.compose.value[found.start : found.start + 1] != ":":
            self._hide()
            return False
        self._accept(self._at)
        return True

    def _point(self, step: int) -> None:
        if self._completion is not None:
            at = max(0, min(len(self._completion.candidates) - 1, self._at + step))
            if self._cycling:
                self._write(at)
            else:
                self._at = at
                self.suggestions.list.point(at)

    def _hide(self) -> None:
        self._completion = None
        self.suggestions.hide()
