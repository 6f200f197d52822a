"""What is said and done, as lines of text: each once, in the order of the conversation.

    [12:04] bob: hi                 in the room that one looks at
    [12:04] #dev bob: hi            in another one
    [12:04] bob -> you: hi          in private
    * bob came
    ! Not sent: hello (why)
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

from chat.clients.conversation import FAILED, PRIVATE, ROOM, WAITING, Conversation, Line
from chat.clients.model import Change, Chat

#: Lines of the past that are shown on coming into a room.
PAST = 10
#: Characters of a line that is referred to.
QUOTED = 40


class _Shown(NamedTuple):
    """A line as it was shown last."""

    text: str
    removed: bool
    reactions: dict[str, list[str]]
    state: str


class Transcript:
    """Writes what is new in a chat, by `write`, which is given lines without their ends."""

    def __init__(self, chat: Chat, write: Callable[[str], None]) -> None:
        self.chat, self._write = chat, write
        self._shown: dict[Line, _Shown] = {}
        self._begun: set[Conversation] = set()
        chat.observe(self._changed)

    def _changed(self, change: Change) -> None:
        conversation = change.conversation
        if change.what not in ("line", "lines") or conversation is None:
            return
        if change.line is not None and change.line not in self._shown and change.line.state == WAITING:
            self._remember(change.line)
        if conversation.catching_up:
            return
        if conversation not in self._begun and conversation.kind == ROOM:
            self._begin(conversation)
        for line in [change.line] if change.line is not None else conversation.lines:
            for text in self._news(conversation, line):
                self._write(text)

    def _begin(self, conversation: Conversation) -> None:
        """We are in a room, and have its past."""
        if not conversation.joined:
            return
        self._begun.add(conversation)
        spoken = [line for line in conversation.past if line.spoken and line not in self._shown]
        for line in conversation.past:
            if line not in spoken[-PAST:] and line.kind != "info":
                self._remember(line)
        for line in spoken[-PAST:]:
            for text in self._news(conversation, line):
                self._write(text)
        if spoken and self.chat.past.available:
            self._write("* -- now --")

    def _remember(self, line: Line) -> None:
        reactions = {emoji: list(names) for emoji, names in line.reactions.items()}
        self._shown[line] = _Shown(line.text, line.removed, reactions, line.state)

    def _news(self, conversation: Conversation, line: Line) -> Iterator[str]:
        """What there is to say of a line that was not said before."""
        before = self._shown.get(line)
        if before is None:
            yield from self._whole(conversation, line)
        elif before.state != line.state == FAILED:
            yield f"! Not sent: {brief(line)} ({line.why})"
        elif line.removed and not before.removed:
            yield f"* {line.who} took back: {quoted(before.text)}"
        elif line.text != before.text and before.state != WAITING:
            yield self._first(conversation, line, f" edited {quoted(before.text)}") + line.text
        if before is not None:
            yield from self._reactions(conversation, line, before)
        self._remember(line)

    def _whole(self, conversation: Conversation, line: Line) -> Iterator[str]:
        if line.kind == "info":
            yield f"* {line.who}: {line.text}" if line.who else f"* {line.text}"
        elif line.kind == "event":
            yield f"* {line.who} {line.text}"
        elif not line.removed:
            answered = conversation.quoted(line)
            reply = f" (re {answered.who} {quoted(answered.text)})" if answered is not None else ""
            first, *rest = line.text.split("\n")
            yield self._first(conversation, line, reply) + first
            for text in rest:
                yield self._first(conversation, line, "") + text

    def _first(self, conversation: Conversation, line: Line, how: str) -> str:
        """What stands before a text: when, where, who."""
        moment = time.strftime("%H:%M", time.localtime(line.time / 1000))
        who = "you" if line.mine else line.who
        if conversation.kind == PRIVATE:
            place = f"{who} -> {conversation.name if line.mine else 'you'}"
        else:
            place = who if conversation is self._here else f"{conversation.name} {who}"
        return f"[{moment}] * {place}{how} " if line.kind == "action" else f"[{moment}] {place}{how}: "

    @property
    def _here(self) -> Conversation | None:
        return self.chat.looked_at or next(iter(self.chat.conversations), None)

    def _reactions(self, conversation: Conversation, line: Line, before: _Shown) -> Iterator[str]:
        for emoji, names in line.reactions.items():
            for name in names:
                if name not in before.reactions.get(emoji, ()) and not self.chat.is_me(name):
                    yield f"* {name} reacts to {quoted(line.text)}: {emoji}"


def quoted(text: str) -> str:
    """How a line begins, in quotation marks."""
    text = " ".join(text.split())
    return f'"{text if len(text) <= QUOTED else text[: QUOTED - 3] + "..."}"'


def brief(line: Line) -> str:
    return " / ".join(line.text.split("\n"))
