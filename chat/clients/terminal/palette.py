"""The command palette: every command of the chat, every conversation, every setting of the terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, cast

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from chat.clients.commands import Command, commands
from chat.clients.terminal.themes import THEMES

if TYPE_CHECKING:
    from chat.clients.terminal.app import ChatApp
    from chat.clients.terminal.talk import TalkScreen


class Choice(NamedTuple):
    """One thing to choose: what it is called, what it is for, what it does."""

    name: str
    words: str
    does: Callable[[], None]


def choices(app: ChatApp) -> Iterator[Choice]:
    """Everything there is to choose."""
    talk = app.talk
    if talk is not None:
        for conversation in talk.chat.conversations:
            if conversation is not talk.current:
                words = f"{conversation.unread} unread" if conversation.unread else "go there"
                yield Choice(conversation.name, words, partial(talk.turn_to, conversation))
        for command in commands():
            yield Choice(command.syntax, command.help, partial(_run, app, talk, command))
        yield Choice("Emoji", "pick an emoji (F2)", talk.action_emoji)
        yield Choice("Sidebar", "show or hide it (F4)", talk.action_sidebar)
    yield Choice("Bell", f"{app.ringing} (F5)", app.action_ring)
    for theme in THEMES:
        yield Choice(f"Theme {theme.name}", "dark" if theme.dark else "light", partial(app.use_theme, theme.name))
    yield Choice("Server", "join another one", app.ask)
    yield Choice("Keys", "what every key does (F1)", app.action_help)
    yield Choice("Leave", "end the chat (Ctrl+C)", app.leave)


def _run(app: ChatApp, talk: TalkScreen, command: Command) -> None:
    """Run a command, or begin to type it if it may need words."""
    if command.most:
        talk.composer.put(f"/{command.name} ")
        talk.composer.focus()
    else:
        app.perform(talk.current, f"/{command.name}", None)


class Commands(Provider):
    """What the palette offers."""

    def _choices(self) -> Iterator[Choice]:
        return choices(cast("ChatApp", self.app))

    async def discover(self) -> Hits:
        """All of them."""
        for choice in self._choices():
            yield DiscoveryHit(_plain(choice.name), choice.does, choice.name, _escaped(choice.words))

    async def search(self, query: str) -> Hits:
        """Those whose name or words are like what was typed."""
        matcher = self.matcher(query)
        for choice in self._choices():
            score = matcher.match(choice.name)
            described = matcher.match(choice.words) * 0.5
            if score > 0 or described > 0:
                shown = matcher.highlight(_escaped(choice.name)) if score > 0 else _plain(choice.name)
                yield Hit(max(score, described), shown, choice.does, choice.name, _escaped(choice.words))


def _plain(text: str) -> Content:
    return Content(text)


def _escaped(text: str) -> str:
    """A text in which brackets are brackets, for what Textual reads as markup."""
    return text.replace("[", r"\[")
