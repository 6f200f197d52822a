"""The log: the lines of a conversation, of which one can be selected to answer, edit, react to or remove it.

Drawn are only the rows that can be seen; what a line looks like is kept until the line, the width or the theme changes.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from chat.clients.model import Conversation, Line
from chat.clients.terminal.drawing import BOLD, Page, day, follows, footfall, is_footfall, rows, rule
from chat.clients.terminal.keys import SELECTED, bindings
from chat.clients.terminal.themes import Ink

#: Rows above the first one that is seen, within which older lines are asked for.
NEAR_TOP = 5
#: Lines that are drawn at first, and more each time one looks at the oldest of them.
PORTION = 400
#: What stands in front of the line that is selected.
BAR = Strip([Segment("▌")], 1)


@dataclass(frozen=True)
class Block:
    """The rows of one line, or a rule between lines, for which `line` is None."""

    key: Any
    line: Line | None
    rows: tuple[Strip, ...]


class Log(ScrollView, can_focus=True):
    """A conversation.  It stays at the end as long as one looks at the end, and otherwise where one looks."""

    DEFAULT_CSS = """
    Log {
        background: $background; overflow-x: hidden; overflow-y: scroll; scrollbar-size-vertical: 1;
        & .log--selected { background: $panel; }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"log--selected"}
    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "select(-1)", show=False),
        Binding("down,j", "select(1)", show=False),
        Binding("home,g", "select(-1000000)", show=False),
        Binding("end,G", "select(1000000)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        *bindings(SELECTED),
    ]

    selected: reactive[Line | None] = reactive(None, repaint=True)

    class Selected(Message):
        """Another line is selected, or none."""

        def __init__(self, line: Line | None) -> None:
            super().__init__()
            self.line = line

    class Named(Message):
        """Somebody clicked on a name."""

        def __init__(self, nick: str) -> None:
            super().__init__()
            self.nick = nick

    class Reacted(Message):
        """Somebody clicked on a reaction, to join it or to take their own back."""

        def __init__(self, line: Line, emoji: str) -> None:
            super().__init__()
            self.line, self.emoji = line, emoji

    class Beginning(Message):
        """Somebody looks at the oldest line that is here."""

    def __init__(self) -> None:
        super().__init__(id="log")
        self.conversation: Conversation | None = None
        self.me = ""
        self.marker: int | None = None
        self._blocks: list[Block] = []
        self._tops: list[int] = []
        self._drawn: dict[Any, Block] = {}
        self._page: Page | None = None
        self._at_end = True
        #: The first line that is drawn, if not all are.
        self._first: Line | None = None

    # -- what is shown

    def show(self, conversation: Conversation, me: str, marker: int | None) -> None:
        """Show a conversation from its end; lines since `marker` (ms) stand behind a rule that says they are new."""
        self.conversation, self.me, self.marker = conversation, me, marker
        self.selected, self._first, self._at_end = None, None, True
        self._drawn.clear()
        self.draw_anew()

    def draw_anew(self) -> None:
        """Lines have come or changed: draw what differs, and stay where one looks."""
        if self.conversation is None or not self.size.width:
            return
        anchor = self._anchor()
        page = Page(self.size.width, Ink.of(self.app.theme_variables), self.me)
        if page != self._page:
            self._page, self._drawn = page, {}
        self._blocks = list(self._arranged(page, self.conversation))
        self._drawn = {block.key: block for block in self._blocks}
        height = max(self.size.height - sum(len(block.rows) for block in self._blocks), 0)
        self._tops = []
        for block in self._blocks:  # a few lines stand at the bottom, where one types
            self._tops.append(height)
            height += len(block.rows)
        if self.selected is not None and not any(block.line is self.selected for block in self._blocks):
            self.selected = None
        self.virtual_size = Size(self.size.width, height)
        self._return_to(anchor)
        self.refresh()

    def _lines(self, conversation: Conversation) -> list[Line]:
        """The lines that are drawn: at the end not many more than a portion, however many there are."""
        lines = conversation.lines
        if self._at_end and len(lines) > 2 * PORTION:
            self._first = lines[-PORTION]
        return lines[lines.index(self._first) :] if self._first in lines else lines

    def _look_back(self) -> None:
        """One looks at the oldest line that is drawn: draw older ones, or ask for them."""
        lines = self.conversation.lines if self.conversation else []
        if self._first not in lines:
            self.post_message(self.Beginning())
            return
        at = lines.index(self._first)
        self._first, self._at_end = lines[at - PORTION] if at > PORTION else None, False
        self.draw_anew()

    def _arranged(self, page: Page, conversation: Conversation) -> Iterator[Block]:
        """The lines, with a rule where a day begins, and where the new ones begin."""
        today, before, new = datetime.now().date(), None, self.marker is None
        steps: list[Line] = []
        lines = self._lines(conversation)
        if conversation.complete and lines and self._first is None:
            yield self._rule(page, "this is where it begins", "beginning", page.ink.muted)
        for line in lines:
            rules = []
            if before is None or _day(line) != _day(before):
                rules.append(self._rule(page, day(_day(line), today), _day(line), page.ink.muted))
            if not new and line.time > (self.marker or 0) and not line.mine:
                new = True
                rules.append(self._rule(page, "new", "new", page.ink.warning + BOLD))
            if steps and (rules or not is_footfall(line)):
                yield self._footfall(page, steps)
                steps = []
            yield from rules
            if is_footfall(line):
                steps.append(line)
            else:
                yield self._block(page, conversation, line, not rules and follows(line, before))
            before = line
        if steps:
            yield self._footfall(page, steps)

    def _footfall(self, page: Page, steps: list[Line]) -> Block:
        key = ("footfall", *((id(line), line.who, line.text) for line in steps))
        return self._drawn.get(key) or Block(key, steps[-1], tuple(map(_strip, footfall(page, steps))))

    def _rule(self, page: Page, words: str, key: Any, style: Any) -> Block:
        known = self._drawn.get((key, words))
        return known or Block((key, words), None, (_strip(rule(page, words, style)),))

    def _block(self, page: Page, conversation: Conversation, line: Line, goes_on: bool) -> Block:
        quoted = conversation.quoted(line)
        reactions = tuple((emoji, *names) for emoji, names in line.reactions.items())
        key = (
            id(line), goes_on, line.who, line.text, line.state, line.why, line.mention, line.edited, line.removed,
            line.time, reactions, quoted and (quoted.who, quoted.text, quoted.removed),
        )  # fmt: skip
        known = self._drawn.get(key)
        return known or Block(key, line, tuple(map(_strip, rows(page, conversation, line, goes_on))))

    # -- where one looks

    def _anchor(self) -> tuple[Any, int] | None:
        """The line at the top and how far above its rows one looks; None when one looks at the end."""
        if self._at_end or not self._blocks:
            return None
        index = max(bisect_right(self._tops, self.scroll_offset.y) - 1, 0)
        while self._blocks[index].line is None and index + 1 < len(self._blocks):
            index += 1
        return self._blocks[index].line, self.scroll_offset.y - self._tops[index]

    def _return_to(self, anchor: tuple[Any, int] | None) -> None:
        if anchor is None:
            self.scroll_end(animate=False, immediate=True, x_axis=False)
            return
        line, offset = anchor
        top = next((top for top, block in zip(self._tops, self._blocks, strict=True) if block.line is line), None)
        if top is not None:
            self.scroll_to(y=top + offset, animate=False, immediate=True)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self._at_end = self.max_scroll_y - round(new_value) < 1
        if round(new_value) < round(old_value) and new_value <= NEAR_TOP:
            self._look_back()

    def on_resize(self) -> None:
        self.draw_anew()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        if self._page and self.is_attached:
            self.call_after_refresh(self.draw_anew)

    @property
    def drawn(self) -> list[Line]:
        """The lines that are drawn, whether they can be seen or not."""
        return [block.line for block in self._blocks if block.line]

    @property
    def at_end(self) -> bool:
        """Whether one looks at the newest line."""
        return self._at_end

    def look(self, pages: int) -> None:
        """Look up or down by what can be seen at once, less a row."""
        step = pages * max(self.size.height - 1, 1)
        self.scroll_to(y=self.scroll_offset.y + step, animate=False, immediate=True)
        if pages < 0 and self.scroll_offset.y <= NEAR_TOP:
            self._look_back()

    # -- the line that is selected

    def action_select(self, steps: int) -> None:
        """Select the line so many further; behind the last one, none."""
        lines = self.drawn
        if not lines:
            return
        at = lines.index(self.selected) if self.selected in lines else len(lines)
        at = max(at + steps, 0)
        if at == 0 and steps < 0:
            self._look_back()
        if at >= len(lines) and abs(steps) == 1:
            self.selected = None
        else:
            self.selected = lines[min(at, len(lines) - 1)]

    def action_page(self, pages: int) -> None:
        """Select a line that is a page further."""
        self.action_select(pages * max(self.size.height // 2, 2))

    def watch_selected(self, line: Line | None) -> None:
        """See the whole line."""
        for top, block in zip(self._tops, self._blocks, strict=True):
            if line is not None and block.line is line:
                bottom = top + len(block.rows)
                if top < self.scroll_offset.y:
                    self.scroll_to(y=top, animate=False, immediate=True)
                elif bottom > self.scroll_offset.y + self.size.height:
                    self.scroll_to(y=bottom - self.size.height, animate=False, immediate=True)
        self.post_message(self.Selected(line))

    def on_click(self, event: events.Click) -> None:
        block = self._block_at(event.y + self.scroll_offset.y)
        if block is None or block.line is None:
            return
        meta = event.style.meta
        if nick := meta.get("nick"):
            self.post_message(self.Named(nick))
        elif emoji := meta.get("emoji"):
            self.post_message(self.Reacted(block.line, emoji))
        else:
            self.selected = None if self.selected is block.line else block.line

    # -- drawing

    def _block_at(self, y: int) -> Block | None:
        index = bisect_right(self._tops, y) - 1
        if index < 0 or y >= self._tops[index] + len(self._blocks[index].rows):
            return None
        return self._blocks[index]

    def render_line(self, y: int) -> Strip:
        y += self.scroll_offset.y
        width = self.size.width
        block = self._block_at(y)
        ground = self.visual_style.rich_style
        if block is None:
            return Strip.blank(width, ground)
        strip = block.rows[y - self._tops[bisect_right(self._tops, y) - 1]]
        if block.line is not None and block.line is self.selected:
            ground = self.get_visual_style("log--selected").rich_style
            strip = Strip.join([BAR, strip.crop(1)])
        return strip.adjust_cell_length(width).apply_style(ground)


def _day(line: Line) -> date:
    return datetime.fromtimestamp(line.time / 1000).date()


def _strip(row: Content) -> Strip:
    return Strip(row.render_segments(), row.cell_length)
