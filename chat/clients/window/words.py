"""The sentences of a window.  Nothing here needs a display."""

from __future__ import annotations

from collections.abc import Sequence

from chat.clients.model import Chat, Conversation
from chat.clients.window.row import listed


def typing(names: Sequence[str]) -> str:
    """Who is typing, in words."""
    if not names:
        return ""
    if len(names) > 3:
        return "Several people are typing …"
    return f"{listed(list(names))} {'is' if len(names) == 1 else 'are'} typing …"


def title(chat: Chat, here: Conversation | None) -> str:
    """The title of the window: how many lines ask for attention, where one is, on which server."""
    others = sum(each.unread for each in chat.conversations)
    count = f"({chat.unread}) " if chat.unread else "• " if others else ""
    return count + " – ".join(part for part in (here.name if here else "", chat.support.network or "Chat") if part)


def folded(chat: Chat, here: Conversation | None) -> str:
    """What stands on the button that unfolds the sidebar: whether something is unread in it."""
    unread = any(each.unread for each in chat.conversations if each is not here)
    return f"☰ {chat.unread}" if chat.unread else "☰ •" if unread else "☰"


def described(here: Conversation) -> str:
    """What stands in the place of a topic."""
    if here.kind == "room":
        people = len(here.members)
        return f"{people} {'person' if people == 1 else 'people'} here" if here.joined else "You are not in this room"
    if here.kind == "private":
        return "In private" + (" – not here now" if here.present is False else "")
    return "What the server says"
