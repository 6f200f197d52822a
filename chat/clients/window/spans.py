"""A text as the pieces it is drawn in: words, links, emoji."""

from __future__ import annotations

import re
import threading
import webbrowser
from collections.abc import Iterator

_LINK = r"https?://[^\s<>\"]+"
#: Emoji with what belongs to them: skin tone, variation selector, joiner and the next; flags; keycaps.
_BASE = r"[\u231a\u231b\u23e9-\u23f3\u2600-\u27bf\u2b05-\u2b07\u2b1b\u2b1c\u2b50\u2b55\U0001f000-\U0001faff]"
_EMOJI = rf"(?:{_BASE}[\U0001f3fb-\U0001f3ff]?\ufe0f?(?:\u200d{_BASE}\ufe0f?)*)+|[0-9#*]\ufe0f\u20e3"
_PIECE = re.compile(rf"(?P<link>{_LINK})|(?P<emoji>{_EMOJI})")
#: These end a sentence oftener than a link.
_TAIL = ".,;:!?'\")]}…"


def spans(text: str) -> Iterator[tuple[str, str]]:
    """The pieces of a text in order, each with its kind: "", "link" or "emoji"; together they are the text."""
    at = 0
    for found in _PIECE.finditer(text):
        start, end = found.span()
        if found.lastgroup == "link":
            end = start + len(_link(found[0]))
        if start > at:
            yield text[at:start], ""
        yield text[start:end], found.lastgroup or ""
        at = end
    if at < len(text):
        yield text[at:], ""


def _link(found: str) -> str:
    """A link without the end of the sentence it stands in; a bracket that it opened itself it may close."""
    while found and found[-1] in _TAIL:
        if found[-1] == ")" and found.count("(") >= found.count(")"):
            break
        found = found[:-1]
    return found


def only_emoji(text: str) -> bool:
    """Whether a text is a few emoji and nothing else: those are drawn large."""
    kinds = {kind for piece, kind in spans(text) if piece.strip()}
    return kinds == {"emoji"} and len(text) <= 12


def links(text: str) -> list[str]:
    """The links in a text."""
    return [piece for piece, kind in spans(text) if kind == "link"]


def visit(link: str) -> None:
    """Open a link in the browser, however long that takes to start."""
    threading.Thread(target=webbrowser.open, args=(link,), daemon=True).start()
