"""What a list in the sidebar is made of.  Nothing here needs a display."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Item:
    """One thing in a list.

    `person` draws a circle with an initial, `here` a full or a hollow dot at it; `sign` stands before the text,
    `detail` behind it; `count` is how many are unread, which is loud where it is for you.
    """

    key: str
    text: str
    sign: str = ""
    person: bool = False
    here: bool | None = None
    detail: str = ""
    count: int = 0
    loud: bool = False
    dim: bool = False
    heading: bool = False


def initial(name: str) -> str:
    """What stands in the circle of a person."""
    return next((letter for letter in name if letter.isalnum()), "?").upper()[:1]
