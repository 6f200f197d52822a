"""The row above what one types: what can be done with the selected line, what one answers or edits, who is typing."""

from __future__ import annotations

from dataclasses import dataclass, replace

from textual.content import Content
from textual.style import Style

from chat.clients.completion import Candidate, Completion
from chat.clients.model import FAILED, Chat, Conversation, Line
from chat.clients.terminal.bars import Bar, buttons
from chat.clients.terminal.themes import Ink

BOLD = Style(bold=True)
REPLY, EDIT = "reply", "edit"
#: Of more people than this only how many of them are typing is said.
FEW = 3


@dataclass(frozen=True)
class Intent:
    """What the text that is being typed is for, if it is not simply said: a reply to a line, or new words for one.

    `draft` is what was there before, to be had back.
    """

    what: str
    line: Line
    draft: str = ""


@dataclass(frozen=True)
class Tab:
    """A word that was completed: the text with candidate `index` in it, of those there are."""

    before: str
    behind: str
    candidates: tuple[Candidate, ...]
    index: int = 0

    @classmethod
    def first(cls, text: str, completion: Completion) -> Tab:
        """The likeliest candidate in its place."""
        return cls(text[: completion.start], text[completion.end :], tuple(completion.candidates))

    def next(self) -> Tab:
        """The next candidate in its place."""
        return replace(self, index=(self.index + 1) % len(self.candidates))

    @property
    def position(self) -> int:
        """Where the cursor is behind it."""
        return len(self.before) + len(self.candidates[self.index].text)

    @property
    def text(self) -> str:
        return self.before + self.candidates[self.index].text + self.behind


def allowed(chat: Chat, conversation: Conversation, line: Line) -> list[tuple[str, str, str]]:
    """What can be done with a line: each with its key, a word and the action."""
    here = bool(line.id) and line.spoken and not line.removed
    me = conversation.members.get(chat.support.fold(chat.me))
    offered = [
        (here, ("r", "reply", "reply")),
        (here and chat.can_react, ("+", "react", "react")),
        (here and line.mine and chat.can_edit, ("e", "edit", "edit")),
        (here and chat.can_remove and (line.mine or bool(me and me.operator)), ("d", "remove", "remove")),
        (line.state == FAILED, ("s", "send again", "send_again")),
        (line.state == FAILED, ("d", "forget", "remove")),
        (bool(line.who) and not chat.is_me(line.who), ("p", "private", "private")),
        (bool(line.text), ("y", "copy", "copy")),
        (True, ("Esc", "back", "back")),
    ]
    return [each for may, each in offered if may]


class Context(Bar):
    """Shows the first of these that holds."""

    DEFAULT_CSS = """
    Context { background: $surface; }
    """

    def draw(
        self,
        chat: Chat,
        conversation: Conversation,
        selected: Line | None,
        intent: Intent | None,
        tab: Tab | None,
        *,
        removing: bool,
        below: bool,
    ) -> None:
        """Show what goes on; `removing` a line is asked again, `below` the log there is more of it."""
        ink = self.ink
        typing = typists(conversation.typing, ink)
        if selected is not None and removing:
            again = [("d", "yes, remove it", "remove"), ("Esc", "no", "back")]
            self.show(Content.assemble(("Remove this line for everyone?   ", ink.warning + BOLD), buttons(ink, again)))
        elif selected is not None:
            self.show(buttons(ink, allowed(chat, conversation, selected), self.content_size.width))
        elif tab is not None and len(tab.candidates) > 1:
            self.show(_candidates(tab, ink), Content("Tab: next").stylize(ink.muted))
        elif intent is not None:
            self.show(_intent(intent, ink), buttons(ink, [("Esc", "cancel", "back")]))
        elif below:
            self.show(typing, buttons(ink, [("Esc", "newest line", "back")]))
        else:
            self.show(typing)


def typists(names: list[str], ink: Ink) -> Content:
    """`bob is typing`, `bob and carol are typing`, `5 people are typing`."""
    if not names:
        return Content()
    if len(names) > FEW:
        return Content(f"{len(names)} people are typing …").stylize(ink.muted)
    bold = [Content(name).stylize(ink.name(name) + BOLD) for name in names]
    last = Content(" and ").stylize(ink.muted) + bold[-1] if len(bold) > 1 else bold[-1]
    who = Content(", ").join(bold[:-1]) + last if len(bold) > 1 else last
    return Content.assemble(who, (" is typing …" if len(names) == 1 else " are typing …", ink.muted))


def _candidates(tab: Tab, ink: Ink) -> Content:
    """The candidate that stands in the text, and those that follow."""
    order = [*tab.candidates[tab.index :], *tab.candidates[: tab.index]]
    shown = [Content(each.shown).stylize(ink.muted) for each in order]
    return Content("  ").join([Content(order[0].shown).stylize(ink.primary + BOLD), *shown[1:]])


def _intent(intent: Intent, ink: Ink) -> Content:
    words = " ".join(intent.line.text.split())
    if intent.what == EDIT:
        return Content.assemble(("Editing: ", ink.primary + BOLD), (words, ink.muted))
    who = (intent.line.who, ink.name(intent.line.who) + BOLD)
    return Content.assemble(("Reply to ", ink.primary + BOLD), who, (f": {words}", ink.muted))
