"""In plain words: what a client is told of things that it has no capability for."""

from __future__ import annotations

from typing import Any

from chat.core import events
from chat.core.events import Quote
from chat.irc.batch import ACTION, END


def action(did: str) -> str:
    """What somebody did, as clients show it behind the name: `* bob took back what they said`."""
    return f"{ACTION}{did.replace(END, '')}{END}"


def reply(quote: Quote) -> str:
    """What stands before an answer, for clients that do not show which line it is to."""
    _, _, name, text = quote
    return f'(re {name} "{text}") '


def edited(event: events.Edited) -> str:
    """`changed "helo" to: hello`"""
    return action(f"changed {quoted(event.quote)} to: {event.text}")


def reacted(event: events.Reacted) -> str:
    """`reacts to bob's "hello": 👍`"""
    return action(f"reacts to {event.author.name}'s {quoted(event.quote)}: {event.text}")


def removed(event: events.Removed) -> str:
    """`took back what they said 5 minutes ago`, `removed what bob said 5 minutes ago: spam`"""
    did = "took back what they said" if event.is_own else f"removed what {event.author.name} said"
    why = f": {event.why}" if event.why else ""
    return action(f"{did} {ago(event.time - event.said)}{why}")


def tagged(event: events.Tagged) -> str | None:
    """A reaction to something that is in no history: `reacts: 👍`; other tags are not for people."""
    emoji = event.tags.get("+draft/react")
    return action(f"reacts: {emoji}") if emoji else None


def quoted(quote: Any) -> str:
    return f'"{quote[3]}"' if quote else "a line"


def ago(ms: int) -> str:
    """How long ago, in the largest unit that fits."""
    for unit, size in (("day", 86_400_000), ("hour", 3_600_000), ("minute", 60_000), ("second", 1000)):
        count = ms // size
        if count > 0:
            return f"{count:,} {unit}{'' if count == 1 else 's'} ago"
    return "just now"
