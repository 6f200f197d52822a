"""In plain words: what a client is told of things that it has no capability for."""

from __future__ import annotations

from chat.core import events
from chat.core.events import Quote
from chat.irc.batch import ACTION, END
from chat.irc.message import one_line


def action(did: str) -> str:
    """What somebody did, as clients show it behind the name: `* bob took back what they said`."""
    return f"{ACTION}{did.replace(END, '')}{END}"


def reply(quote: Quote) -> str:
    """What stands before an answer, for clients that do not show which line it is to; no words of a removed one."""
    _, _, name, text = quote
    return f'(re {name} "{text}") ' if text else f"(re {name}) "


def edited(event: events.Edited) -> str:
    """`changed "helo" to: hello`"""
    what = f'"{event.quote[3]}"' if event.quote and event.quote[3] else "a line"
    return action(f"changed {what} to: {event.text}")


def reacted(event: events.Reacted) -> str:
    """`reacts to bob's "hello": 👍`, `no longer reacts to bob's "hello": 👍`"""
    _, _, name, text = event.quote or ("", 0, event.author.name, "")
    what = f'{name}\'s "{text}"' if text else f"what {name} said"
    return action(f"{reacts(event.withdrawn)} to {what}: {event.text}")


def reacts(withdrawn: bool) -> str:
    return "no longer reacts" if withdrawn else "reacts"


def removed(event: events.Removed) -> str:
    """`took back what they said 5 minutes ago`, `removed what bob said 5 minutes ago: spam`"""
    how = "how" if event.of_reaction else "what"
    did = "reacted" if event.of_reaction else "said"
    deed = f"took back {how} they {did}" if event.is_own else f"removed {how} {event.author.name} {did}"
    why = f": {event.why}" if event.why else ""
    return action(f"{deed} {ago(event.time - event.said)}{why}")


def tagged(event: events.Tagged) -> str | None:
    """A reaction to something that is in no history: `reacts: 👍`; other tags are not for people."""
    emoji, withdrawn = (one_line(event.tags.get(f"+draft/{key}", "")) for key in ("react", "unreact"))
    return action(f"{reacts(not emoji)}: {emoji or withdrawn}") if emoji or withdrawn else None


def ago(ms: int) -> str:
    """How long ago, in the largest unit that fits."""
    for unit, size in (("day", 86_400_000), ("hour", 3_600_000), ("minute", 60_000), ("second", 1000)):
        count = ms // size
        if count > 0:
            return f"{count:,} {unit}{'' if count == 1 else 's'} ago"
    return "just now"
