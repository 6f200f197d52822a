"""The themes: every text on every ground it may stand on has a contrast of at least 4.5 to 1 (WCAG 2.1, 1.4.3).

The tests draw the client in each of them, and measure every letter on the screen.
"""

from __future__ import annotations

from dataclasses import dataclass
from zlib import crc32

from textual.color import Color
from textual.style import Style
from textual.theme import Theme

#: Names have colours of these hues, as light or dark as the theme needs them.
HUES = (205, 28, 140, 325, 265, 55, 175, 355, 95, 235)


@dataclass(frozen=True)
class Colours:
    """The colours of a theme.  `rule` draws lines, `mark` lies under one's own name.

    `names` are the saturation and the light of the colours of names.
    """

    name: str
    background: str
    surface: str
    panel: str
    foreground: str
    muted: str
    primary: str
    on_primary: str
    warning: str
    error: str
    success: str
    rule: str
    mark: str
    names: tuple[float, float]
    dark: bool = True

    def theme(self) -> Theme:
        """The theme that they make."""
        return Theme(
            name=self.name,
            dark=self.dark,
            background=self.background,
            surface=self.surface,
            panel=self.panel,
            boost=self.panel,
            foreground=self.foreground,
            primary=self.primary,
            secondary=self.primary,
            accent=self.primary,
            warning=self.warning,
            error=self.error,
            success=self.success,
            variables={name: getattr(self, colour) for name, colour in VARIABLES.items()}
            | {f"name-{index}": Color.from_hsl(hue / 360, *self.names).hex for index, hue in enumerate(HUES)}
            | {"block-cursor-text-style": "bold", "button-focus-text-style": "bold"},
        )


#: Which of them stands for what, in our words and, so that nothing is drawn in a blend, in those of Textual.
VARIABLES = {
    "muted": "muted",
    "rule": "rule",
    "mark": "mark",
    "on-primary": "on_primary",
    "text": "foreground",
    "text-muted": "muted",
    "text-disabled": "muted",
    "foreground-muted": "muted",
    "foreground-disabled": "muted",
    "border": "primary",
    "border-blurred": "rule",
    "block-cursor-foreground": "on_primary",
    "block-cursor-background": "primary",
    "block-cursor-blurred-foreground": "foreground",
    "block-cursor-blurred-background": "panel",
    "block-hover-background": "panel",
    "input-cursor-foreground": "background",
    "input-cursor-background": "foreground",
    "input-selection-foreground": "on_primary",
    "input-selection-background": "primary",
    "button-foreground": "foreground",
    "button-color-foreground": "on_primary",
    "scrollbar": "rule",
    "scrollbar-hover": "muted",
    "scrollbar-active": "primary",
    "scrollbar-background": "background",
    "scrollbar-background-hover": "background",
    "scrollbar-background-active": "background",
    "scrollbar-corner-color": "background",
}
_COLOURS = (
    Colours(
        "midnight", background="#10141c", surface="#161b25", panel="#222a38", foreground="#dde3ec", muted="#97a3b6",
        primary="#7fb0ff", on_primary="#0b0f16", warning="#f2c26b", error="#ff8b8b", success="#8edb9b", rule="#36415a",
        mark="#43351a", names=(0.62, 0.74),
    ),
    Colours(
        "ember", background="#1a1512", surface="#211a16", panel="#33271f", foreground="#f0e3d4", muted="#b5a391",
        primary="#f5a15c", on_primary="#1a100a", warning="#f6cf6e", error="#ff8f80", success="#b3cf79", rule="#51402f",
        mark="#4d3113", names=(0.58, 0.74),
    ),
    Colours(
        "moss", background="#0f1613", surface="#141d19", panel="#1f2c26", foreground="#dbe7df", muted="#93a89d",
        primary="#6fd0a3", on_primary="#08110d", warning="#e6c66a", error="#ff9185", success="#8fdc8b", rule="#33493f",
        mark="#40390f", names=(0.55, 0.74),
    ),
    Colours(
        "night", background="#000000", surface="#000000", panel="#262626", foreground="#ffffff", muted="#c8c8c8",
        primary="#ffe14d", on_primary="#000000", warning="#ffb84d", error="#ff9c9c", success="#7dff8a", rule="#7a7a7a",
        mark="#4a3a00", names=(0.9, 0.8),
    ),
    Colours(
        "paper", background="#fbf8f1", surface="#f3eee2", panel="#e6dfce", foreground="#2b2722", muted="#564e42",
        primary="#8a3b12", on_primary="#ffffff", warning="#7a4b00", error="#a3161c", success="#2a6130", rule="#c3b89f",
        mark="#ffe2a6", names=(0.75, 0.22), dark=False,
    ),
    Colours(
        "daylight", background="#ffffff", surface="#f4f6fa", panel="#e2e8f2", foreground="#1b2330", muted="#4c586a",
        primary="#1553b5", on_primary="#ffffff", warning="#7a4a00", error="#b01824", success="#176032", rule="#b8c3d4",
        mark="#ffe7a3", names=(0.8, 0.22), dark=False,
    ),
)  # fmt: skip
THEMES = tuple(colours.theme() for colours in _COLOURS)
DEFAULT = THEMES[0].name


@dataclass(frozen=True)
class Ink:
    """The colours of a theme, as they are drawn with."""

    foreground: Style
    muted: Style
    primary: Style
    warning: Style
    error: Style
    success: Style
    rule: Style
    mark: Style
    names: tuple[Style, ...]

    @classmethod
    def of(cls, variables: dict[str, str]) -> Ink:
        """The ink of the theme that has these variables."""

        def colour(name: str) -> Style:
            return Style(foreground=Color.parse(variables[name]))

        return cls(
            colour("foreground"),
            colour("muted"),
            colour("primary"),
            colour("warning"),
            colour("error"),
            colour("success"),
            colour("rule"),
            mark=Style(background=Color.parse(variables["mark"]), foreground=Color.parse(variables["foreground"])),
            names=tuple(colour(f"name-{index}") for index in range(len(HUES))),
        )

    def name(self, name: str) -> Style:
        """What a name is written in: always the same for the same name."""
        return self.names[(crc32(name.casefold().encode()) >> 8) % len(self.names)]
