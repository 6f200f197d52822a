"""What stands in the log of a conversation, row after row.  Nothing here needs a display."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from chat.clients.model import Conversation, Line

#: What a row is: something said in plain words or as an action, a notice, what somebody did, words for us alone; the
#: day that begins; where the unread ones begin; what is to be said above the oldest line.
MESSAGE, ACTION, NOTICE, EVENT, INFO, DAY, UNREAD, TOP = (
    "message", "action", "notice", "event", "info", "day", "unread", "top",
)  # fmt: skip
#: Lines of one person that are no further apart than so many ms stand under one name.
TOGETHER = 5 * 60_000
#: So many people who did the same are named; of others it is said how many.
MOST_NAMES = 5
#: Characters of a line that is quoted above its answer.
QUOTED = 90


@dataclass(frozen=True, slots=True)
class Chip:
    """A reaction: the emoji, how many react so, whether you do, and who they are."""

    emoji: str
    count: int
    mine: bool
    names: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row; rows that are equal look alike.  `line` is what was said; `head`: name and time stand above it."""

    kind: str
    line: Line | None = None
    text: str = ""
    who: str = ""
    time: str = ""
    head: bool = False
    mine: bool = False
    loud: bool = False
    quote: tuple[str, str] | None = None
    edited: bool = False
    removed: bool = False
    state: str = ""
    why: str = ""
    chips: tuple[Chip, ...] = ()

    @property
    def spoken(self) -> bool:
        """Whether something can be done with it: answered, copied."""
        return self.kind in (MESSAGE, ACTION, NOTICE)


def rows(
    conversation: Conversation, me: str, unread_after: int | None, today: str, hidden: int = 0
) -> list[Row]:
    """The rows of a conversation, but for its first lines, of which so many are `hidden`.

    `unread_after` is up to when one had read, in ms, where that is to be shown; `today` is a `day`.
    """
    found: list[Row] = []
    before: Line | None = None
    marked = unread_after is None
    for line in _together(conversation.lines[hidden:]):
        first, fresh = line[0], False
        if before is None or day(first.time) != day(before.time):
            found.append(Row(DAY, text=day_name(first.time, today)))
            fresh = True
        if not marked and first.time > (unread_after or 0) and first.spoken and not first.mine:
            found.append(Row(UNREAD, text="New"))
            marked = fresh = True
        if first.spoken:
            found.append(_said(conversation, first, me, fresh or not _follows(first, before)))
        else:
            found.append(_told(line))
        before = line[-1]
    return found


def _together(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Lines one by one, but what people did in one heap, as long as it is one day."""
    heap: list[Line] = []
    for line in lines:
        if heap and (line.kind != "event" or day(line.time) != day(heap[0].time)):
            yield heap
            heap = []
        if line.kind == "event":
            heap.append(line)
        else:
            yield [line]
    if heap:
        yield heap


def _follows(line: Line, before: Line | None) -> bool:
    """Whether a line may stand under the name of the one before it."""
    return (
        before is not None
        and before.kind == line.kind == "message"
        and before.who == line.who
        and not line.reply
        and 0 <= line.time - before.time <= TOGETHER
    )


def _said(conversation: Conversation, line: Line, me: str, head: bool) -> Row:
    kind = {"action": ACTION, "notice": NOTICE}.get(line.kind, MESSAGE)
    return Row(
        kind, line, line.text, line.who, clock(line.time), head or kind != MESSAGE, line.mine,
        line.mention and not line.mine, _quote(conversation, line), line.edited, line.removed,
        line.state if line.mine else "", line.why, _chips(line, me),
    )  # fmt: skip


def _quote(conversation: Conversation, line: Line) -> tuple[str, str] | None:
    """Who is answered, and what they had said, in one short line."""
    if not line.reply:
        return None
    quoted = conversation.quoted(line)
    if quoted is None:
        return "", "an older message"
    text = " ".join(quoted.text.split()) if not quoted.removed else "removed"
    return quoted.who, text if len(text) <= QUOTED else text[: QUOTED - 1] + "…"


def _chips(line: Line, me: str) -> tuple[Chip, ...]:
    return tuple(
        Chip(emoji, len(names), me in names, ", ".join(names)) for emoji, names in line.reactions.items() if names
    )


def _told(lines: list[Line]) -> Row:
    """What people did, or words of the server."""
    if lines[0].kind != "event":
        return Row(INFO, lines[0], lines[0].text, time=clock(lines[0].time))
    did: dict[str, list[str]] = {}
    for line in lines:
        verb = line.text.partition(" (")[0] if len(lines) > 1 else line.text
        names = did.setdefault(verb, [])
        if line.who not in names:
            names.append(line.who)
    told = [f"{listed(names)} {verb}" for verb, names in did.items()]
    return Row(EVENT, lines[0], "  ·  ".join(told), time=clock(lines[-1].time))


def listed(names: list[str]) -> str:
    """Names in a sentence, of many only the first."""
    if len(names) > MOST_NAMES:
        names = [*names[: MOST_NAMES - 1], f"{len(names) - MOST_NAMES + 1} more"]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def unread_after(conversation: Conversation) -> int | None:
    """Up to when everything was read (ms), where something is unread."""
    if not conversation.unread:
        return None
    spoken = [line for line in conversation.lines if line.spoken and not line.mine]
    first = spoken[-conversation.unread :][:1]
    return first[0].time - 1 if first else None


def clock(ms: int) -> str:
    """The time of day of somebody here: 12:04."""
    return _moment(ms // 60_000, time.timezone)[1]


def day(ms: int) -> str:
    """The day of somebody here: 2026-11-20."""
    return _moment(ms // 60_000, time.timezone)[0]


@lru_cache(4096)
def _moment(minute: int, zone: int) -> tuple[str, str]:
    moment = time.localtime(60 * minute)
    return time.strftime("%Y-%m-%d", moment), time.strftime("%H:%M", moment)


def day_name(ms: int, today: str) -> str:
    """What a day is called on the day `today`."""
    if day(ms) == today:
        return "Today"
    if day(ms + 86_400_000) == today:
        return "Yesterday"
    moment = time.localtime(ms / 1000)
    year = "" if time.strftime("%Y", moment) == today[:4] else time.strftime(" %Y", moment)
    return f"{time.strftime('%A', moment)}, {moment.tm_mday} {time.strftime('%B', moment)}{year}"
