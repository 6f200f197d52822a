"""The colours of the window, and how well one can be read on another."""

from __future__ import annotations

import zlib

#: What lies behind: the messages, the sidebar, a field or a button, what the pointer is on, what is chosen.
BACK, SIDE, RAISED, HOVER, CHOSEN = "#1b1d23", "#15171c", "#292d37", "#23262e", "#2d3759"
#: A button under the pointer; a message that names you; a bar that warns.
LIFTED, MENTIONED, WARNING = "#353a47", "#322a1d", "#3a2426"
#: What is written: plainly, beside the point, an accent, a mention, well, badly.
TEXT, MUTED, ACCENT, MENTION, GOOD, BAD = "#e7e9ef", "#a6aebd", "#9db2ff", "#ffc27a", "#7fdfa8", "#ff9d96"
#: A button that asks to be pressed, under the pointer, and what is written on it.
BRIGHT, BRIGHTER, ON_BRIGHT = "#8fa6ff", "#aabcff", "#0f1220"
#: Lines that part one thing from another, and the ring around what has the keyboard.
RULE, RING = "#343945", "#9db2ff"

#: A person has one of these, by name.
AUTHORS = (
    "#ff9aa2", "#ffb27d", "#f2c960", "#c5d86d", "#8fdc8a", "#67d9b5",
    "#62d3e8", "#86c1ff", "#a9b4ff", "#c9a6ff", "#f09df0", "#ff9ec7",
)  # fmt: skip

#: Every colour that something is written in, and what it may lie on.
WRITTEN = {
    TEXT: (BACK, SIDE, RAISED, HOVER, CHOSEN, LIFTED, MENTIONED, WARNING),
    MUTED: (BACK, SIDE, RAISED, HOVER, CHOSEN, LIFTED, MENTIONED, WARNING),
    ACCENT: (BACK, SIDE, RAISED, HOVER, CHOSEN, LIFTED, MENTIONED, WARNING),
    MENTION: (BACK, SIDE, RAISED, HOVER, CHOSEN, LIFTED, MENTIONED),
    GOOD: (BACK, SIDE, HOVER, CHOSEN, MENTIONED),
    BAD: (BACK, SIDE, HOVER, CHOSEN, LIFTED, MENTIONED, WARNING),
    ON_BRIGHT: (BRIGHT, BRIGHTER, MENTION, *AUTHORS),
    **dict.fromkeys(AUTHORS, (BACK, SIDE, HOVER, CHOSEN, MENTIONED)),
}

#: The least contrast of text (WCAG 2.2, success criterion 1.4.3, level AA).
LEAST_CONTRAST = 4.5


def of(name: str) -> str:
    """The colour of a person: the same for everyone who looks, and on every day."""
    return AUTHORS[zlib.adler32(name.casefold().encode()) % len(AUTHORS)]


def rgb(colour: str) -> tuple[int, int, int]:
    """The parts of a colour like #9db2ff, 0 to 255 each."""
    red, green, blue = bytes.fromhex(colour[1:])
    return red, green, blue


def contrast(one: str, other: str) -> float:
    """How well one colour can be read on another, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    """WCAG 2.2, "relative luminance"."""
    parts = [part / 255 for part in rgb(colour)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
