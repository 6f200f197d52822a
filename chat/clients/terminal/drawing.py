"""How a line of a conversation looks: its rows, for a width and the colours of a theme.

A mark stands in front of a line that is not simply there: `…` not yet on the disk of the server, `✗` not sent,
`@` calls you.  So nothing is said by colour alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from rich.cells import cell_len
from textual.content import Content
from textual.style import Style

from chat.clients.model import FAILED, WAITING, Conversation, Line
from chat.clients.terminal.themes import Ink

#: Columns in front of the time for the marks, and of the time with the blank behind it.
MARKS, TIME = 2, 6
#: A log that is narrower has no column for names: they stand in the text.
NARROW = 62
#: Rows that are further apart than so many ms are not drawn as one person going on.
PAUSE = 5 * 60_000
LINK = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?)\]}']")
ITALIC, BOLD, UNDERLINE = Style(italic=True), Style(bold=True), Style(underline=True)


@dataclass(frozen=True)
class Page:
    """What lines are drawn on: how wide, in which colours, and who reads."""

    width: int
    ink: Ink
    me: str

    @property
    def narrow(self) -> bool:
        return self.width < NARROW

    @property
    def name_width(self) -> int:
        """Columns of the names."""
        return max(8, min(16, self.width // 7))

    @property
    def indent(self) -> int:
        """Where the text begins."""
        return MARKS + TIME + (0 if self.narrow else self.name_width + 3)

    @property
    def text_width(self) -> int:
        """Columns of the text; one stays free at the right."""
        return max(self.width - self.indent - 1, 8)


def rule(page: Page, words: str, style: Style) -> Content:
    """A line across, with words in the middle."""
    words = f" {words} "
    side = max(page.width - cell_len(words) - 2, 2)
    line = page.ink.rule
    return Content.assemble(" ", ("─" * (side // 2), line), (words, style), ("─" * (side - side // 2), line))


def day(time: date, today: date) -> str:
    """`Friday 20 November`, with the year if it is another."""
    return f"{time:%A} {time.day} {time:%B}" + (f" {time.year}" if time.year != today.year else "")


def follows(line: Line, before: Line | None) -> bool:
    """Whether a line is drawn as the same person going on."""
    return (
        before is not None
        and line.kind == before.kind == "message"
        and line.who == before.who
        and not line.reply
        and 0 <= line.time - before.time < PAUSE
    )


def is_footfall(line: Line) -> bool:
    """Whether somebody came or left: many of those in a row are drawn as one."""
    return line.kind == "event" and (line.text == "came" or line.text.startswith("left"))


def footfall(page: Page, lines: list[Line]) -> list[Content]:
    """`alice, bob came · carol left`"""
    said: list[tuple[str, list[str]]] = []
    for line in lines:
        what = line.text.partition(" ")[0]
        if said and said[-1][0] == what:
            said[-1][1].append(line.who)
        else:
            said.append((what, [line.who]))
    body = Content(" · ").join(
        Content.assemble(Content(", ").join(_clickable(who) for who in names), " ", what) for what, names in said
    )
    return _beside(page, lines[0], body.stylize_before(page.ink.muted).wrap(page.text_width))


def _clickable(who: str) -> Content:
    return Content(who).stylize(Style.from_meta({"nick": who}))


def _beside(page: Page, line: Line, texts: list[Content], goes_on: bool = False) -> list[Content]:
    """Rows of text beside the time and the name of a line."""
    rest = Content(" " * page.indent)
    if not page.narrow:
        rest = Content.assemble(" " * (page.indent - 2), ("│ ", page.ink.rule))
    return [(rest if index else _head(page, line, goes_on)) + text for index, text in enumerate(texts)]


def rows(page: Page, conversation: Conversation, line: Line, goes_on: bool) -> list[Content]:
    """The rows of a line; one that `goes_on` needs no name."""
    quote = [_quote(page, conversation, line)] if line.reply else []
    body = _body(page, line)
    if page.narrow and not goes_on:
        body = _name(page, line) + body
    texts = [*quote, *body.wrap(page.text_width)]
    texts += [row for below in _below(page, line) for row in below.wrap(page.text_width)]
    return _beside(page, line, texts, goes_on)


def _head(page: Page, line: Line, goes_on: bool) -> Content:
    time = " " * 5 if goes_on else datetime.fromtimestamp(line.time / 1000).strftime("%H:%M")
    head = Content.assemble(" ", _mark(page, line), (time, page.ink.muted), " ")
    if page.narrow:
        return head
    name = Content() if goes_on else _name(page, line).truncate(page.name_width, ellipsis=True)
    return head + Content.assemble(" " * (page.name_width - name.cell_length), name, " ", ("│ ", page.ink.rule))


def _mark(page: Page, line: Line) -> tuple[str, Style]:
    if line.state == WAITING:
        return "…", page.ink.muted
    if line.state == FAILED:
        return "✗", page.ink.error + BOLD
    if line.mention:
        return "@", page.ink.warning + BOLD
    return " ", page.ink.muted


def _name(page: Page, line: Line) -> Content:
    """Who said it; in a narrow log with what stands between a name and the text."""
    ink = page.ink
    if line.kind == "action":
        return Content.assemble(("* ", ink.muted)) if page.narrow else Content.assemble(("*", ink.muted))
    if not line.spoken:
        sign = "·" if line.kind == "event" else "-"
        return Content.assemble((sign + " " if page.narrow else sign, ink.muted))
    style = (ink.foreground if line.mine else ink.name(line.who)) + BOLD + Style.from_meta({"nick": line.who})
    who = f"-{line.who}-" if line.kind == "notice" else line.who
    return Content.assemble((who, style), ": " if page.narrow and line.kind == "message" else " " * page.narrow)


def _body(page: Page, line: Line) -> Content:
    ink = page.ink
    if line.removed:
        return Content("message removed").stylize(ink.muted + ITALIC)
    body = Content(line.text).stylize(_style(page, line))
    for found in LINK.finditer(body.plain):
        body = body.stylize(ink.primary + UNDERLINE + Style(link=found[0]), found.start(), found.end())
    if line.mention and page.me:
        for found in re.finditer(rf"(?<![\w-]){re.escape(page.me)}(?![\w-])", body.plain, re.IGNORECASE):
            body = body.stylize(ink.mark + BOLD, found.start(), found.end())
    if line.kind in ("action", "event"):
        clickable = Style.from_meta({"nick": line.who})
        who = ink.name(line.who) + BOLD if line.kind == "action" else ink.muted
        body = Content.assemble((line.who, who + clickable), " ", body) if line.who else body
    return Content.assemble(body, (" (edited)", ink.muted)) if line.edited else body


def _style(page: Page, line: Line) -> Style:
    if line.state == WAITING:
        return page.ink.muted + ITALIC
    if line.kind == "action":
        return page.ink.foreground + ITALIC
    return page.ink.foreground if line.spoken else page.ink.muted


def _quote(page: Page, conversation: Conversation, line: Line) -> Content:
    """What a line answers, in one row above it."""
    quoted = conversation.quoted(line)
    if quoted is None:
        words = Content("an older line")
    elif quoted.removed:
        words = Content(f"{quoted.who}: message removed")
    else:
        words = Content(f"{quoted.who}: {' '.join(quoted.text.split())}")
    return (Content("↱ ") + words).stylize(page.ink.muted).truncate(page.text_width, ellipsis=True)


def _below(page: Page, line: Line) -> list[Content]:
    """What stands under a line: reactions, and why it was not sent."""
    below = []
    if line.reactions:
        below.append(Content("   ").join(_reaction(page, emoji, names) for emoji, names in line.reactions.items()))
    if line.state == FAILED:
        why = (line.why or "no answer").rstrip(".")
        below.append(Content(f"Not sent: {why}. Select it and press s to send it again.").stylize(page.ink.error))
    return below


def _reaction(page: Page, emoji: str, names: list[str]) -> Content:
    """An emoji and who reacts with it: names while they are few, then how many."""
    mine = page.me in names
    who = ", ".join(names) if len(names) <= 3 else str(len(names))
    style = page.ink.primary + BOLD if mine else page.ink.muted
    return Content.assemble(emoji, " ", (who, style + Style.from_meta({"emoji": emoji})))
