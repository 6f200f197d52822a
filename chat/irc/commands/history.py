"""What was said before: CHATHISTORY (IRCv3 draft/chathistory and draft/event-playback)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from chat.core.events import Edited, Event, Removed
from chat.core.history import Query
from chat.core.moment import iso
from chat.core.refusals import NoSuchPerson, NoSuchRoom, NotInRoom
from chat.core.user import for_a_program
from chat.irc.conversations import Conversation, conversation, message, milliseconds, talked_with
from chat.irc.message import Message
from chat.irc.table import command

if TYPE_CHECKING:
    from chat.irc.protocol import IRCProtocol

#: Events that are read at a time, at least, and how often, where little of what is read is to be shown.
PAGE, PAGES = 50, 20
#: How many references each subcommand takes behind its target.
REFERENCES = {"LATEST": 1, "BEFORE": 1, "AFTER": 1, "AROUND": 1, "BETWEEN": 2}


#: A line of the past: a message, or what was drawn as it is sent.
Line = Message | bytes


class Failure(Exception):
    """A CHATHISTORY that cannot be answered: the code of the standard reply and what goes with it."""


class Place(NamedTuple):
    """A place in the order of events: that of one of them, or a time (ms) without a seq."""

    time: int
    seq: int = 0

    def following(self, query: Query) -> Query:
        """Of what a query asks for, what comes behind this place."""
        return replace(query, after=self.seq) if self.seq else replace(query, start=self.time + 1)

    def preceding(self, query: Query) -> Query:
        """Of what a query asks for, what comes before this place."""
        return replace(query, before=self.seq) if self.seq else replace(query, end=self.time)

    def up_to(self, query: Query) -> Query:
        """Of what a query asks for, what comes before this place or is there."""
        return replace(query, before=self.seq + 1) if self.seq else replace(query, end=self.time + 1)


#: Before everything that ever happened.
BEGINNING = Place(-1)


@command("CHATHISTORY")
async def chathistory(client: IRCProtocol, subcommand: str = "", *params: str) -> None:
    """CHATHISTORY LATEST|BEFORE|AFTER|AROUND|BETWEEN <target> <reference> [<reference>] <limit> -- what was said

    A reference is timestamp=2026-11-20T12:04:31.207Z or msgid=...; LATEST also takes *.
    CHATHISTORY TARGETS <timestamp> <timestamp> <limit>: where something was said last between these times.
    """
    subcommand = subcommand.upper()
    try:
        if subcommand == "TARGETS":
            await targets(client, *checked(subcommand, params, 2))
        elif subcommand in REFERENCES:
            await page(client, subcommand, *checked(subcommand, params, 1 + REFERENCES[subcommand]))
        else:
            raise Failure("INVALID_PARAMS", "Unknown command")
    except Failure as failure:
        code, *details = failure.args
        client.fail("CHATHISTORY", code, subcommand or "*", *details)
    await client.outlet.drained()


def checked(subcommand: str, params: tuple[str, ...], words: int) -> list[Any]:
    """`words` parameters and a limit; Failure."""
    if len(params) != words + 1:
        raise Failure("INVALID_PARAMS", "Insufficient parameters" if len(params) <= words else "Too many parameters")
    limit = params[-1]
    if not (limit.isascii() and limit.isdigit() and int(limit[:9]) > 0):
        raise Failure("INVALID_PARAMS", limit or "*", "Invalid limit")
    return [*params[:-1], int(limit[:9])]


async def page(client: IRCProtocol, subcommand: str, target: str, *selection: Any) -> None:
    """Show a page of the history of `target`."""
    *references, limit = selection
    limit = min(limit, most(client))
    try:
        where = await conversation(client, target)
    except (NoSuchRoom, NotInRoom, NoSuchPerson):
        raise Failure("INVALID_TARGET", target, "Messages could not be retrieved") from None
    places = [await place(client, where, reference, subcommand) for reference in references]
    query = Query((where.key,), limit=limit, lines=not playback(client), reworded=True)
    if subcommand == "AROUND":
        until = await gather(client, replace(places[0].up_to(query), limit=(limit + 1) // 2))
        since = await gather(client, replace(places[0].following(query), newest=False), limit - len(until))
        show(client, where.name, until + since)
    else:
        show(client, where.name, await gather(client, selected(query, subcommand, places)))


def selected(query: Query, subcommand: str, places: list[Place]) -> Query:
    """The query for a subcommand with its references."""
    first, last = places[0], places[-1]
    if subcommand == "LATEST":
        return first.following(query)
    if subcommand == "BEFORE":
        return first.preceding(query)
    if subcommand == "AFTER":
        return replace(first.following(query), newest=False)
    if first <= last:
        return replace(first.following(last.preceding(query)), newest=False)
    return last.following(first.preceding(query))


async def place(client: IRCProtocol, where: Conversation, reference: str, subcommand: str) -> Place:
    """Where a reference points; Failure."""
    kind, _, value = reference.partition("=")
    if reference == "*" and subcommand == "LATEST":
        return BEGINNING
    if kind == "timestamp":
        return Place(moment(value))
    if kind == "msgid":
        event = await message(client, where.key, value)
        if event is None:
            raise Failure("MESSAGE_ERROR", where.name, value or "*", "There is no such message")
        return Place(event.time, event.seq)
    if "=" in reference:
        raise Failure("INVALID_MSGREFTYPE", where.name, kind or "*", "Messages are known by msgid or timestamp")
    raise Failure("INVALID_PARAMS", reference or "*", "Invalid reference")


def moment(value: str) -> int:
    """A time in ms; Failure."""
    time = milliseconds(value)
    if time is None:
        raise Failure("INVALID_PARAMS", value or "*", "Invalid timestamp")
    return time


def playback(client: IRCProtocol) -> bool:
    """Whether a client is shown more than what was said."""
    return "draft/event-playback" in client.caps


def most(client: IRCProtocol) -> int:
    """How many messages a client may ask for at once."""
    return max(1, client.factory.config.history_lines)


async def gather(
    client: IRCProtocol, query: Query, limit: int | None = None, draw: Callable[[Event], Sequence[Line]] | None = None
) -> list[Line]:
    """The lines of a page, oldest first.  More is read until it is full, since not all that is kept is shown.

    `draw` gives the lines of an event, if they are not those that the client would see now.
    """
    draw = draw or partial(drawn_again, client)
    limit = query.limit if limit is None else limit
    found: list[Sequence[Line]] = []
    for _ in range(PAGES if limit else 0):
        events = await client.history.page(replace(query, limit=max(limit, PAGE)))
        shown = [drawn for event in events if stands(event) and (drawn := draw(event))]
        found = shown + found if query.newest else found + shown
        if len(events) < max(limit, PAGE) or len(found) >= limit:
            break
        query = replace(query, before=events[0].seq) if query.newest else replace(query, after=events[-1].seq)
    chosen = found[-limit:] if query.newest else found[:limit]
    return [line for drawn in chosen for line in drawn] if limit else []


def drawn_again(client: IRCProtocol, event: Event) -> Sequence[Line]:
    """An event as this client would see it now.  Under a label there are only messages, which can be given one."""
    plain = b"" if client.label else client.view_of(event).plain(event)
    return (plain,) if plain else client.drawn(event)


def stands(event: Event) -> bool:
    """Whether an event is shown again.

    Not so what was removed; nor an edit, since its line has the latest wording; nor what one program asked another,
    which would be answered once more.
    """
    over = isinstance(event, (Edited, Removed)) or getattr(event, "revised", "") == "removed"
    return not (over or for_a_program(event))


def show(client: IRCProtocol, name: str, lines: Sequence[Line], kind: str = "chathistory") -> None:
    """Send lines of the past, in a batch if the client knows batches."""
    in_batch(client, [kind, name], lines)


def in_batch(client: IRCProtocol, kind: list[str], lines: Sequence[Line]) -> None:
    if "batch" not in client.caps:
        for line in lines:
            send(client, line)
        return
    batch = client.new_batch()
    tag, more = f"@batch={batch} ".encode(), f"@batch={batch};".encode()
    client.send(Message("BATCH", [f"+{batch}", *kind], client.server))
    for line in lines:
        if isinstance(line, Message):
            line.tags = {"batch": batch, **line.tags}
            client.send(line)
        else:
            client.outlet.write(more + line[1:] if line[:1] == b"@" else tag + line)
    client.send(Message("BATCH", [f"-{batch}"], client.server))


def send(client: IRCProtocol, line: Line) -> None:
    """Send a line of the past."""
    if isinstance(line, Message):
        client.send(line)
    else:
        client.outlet.write(line)


async def targets(client: IRCProtocol, one: str, other: str, limit: int) -> None:
    """Show where something was said last between two times."""
    start, end = (moment(bound.partition("=")[2] if bound.startswith("timestamp=") else "") for bound in (one, other))
    low, high = min(start, end), max(start, end)
    found = [(time, name) for name, time in await last_times(client) if low < time < high]
    found.sort(reverse=start > end)
    chosen: list[tuple[int, str]] = sorted(found[: min(limit, most(client))])
    lines = [Message("CHATHISTORY", ["TARGETS", name, iso(time)], client.server) for time, name in chosen]
    in_batch(client, ["draft/chathistory-targets"], lines)


async def last_times(client: IRCProtocol) -> list[tuple[str, int]]:
    """Every conversation of this client by its target, and when something was said there last (ms)."""
    times = [(person.name, time) for person, time in await talked_with(client)]
    for room in list(client.me.rooms.values()):
        last: list[Event] = await client.history.page(Query((room.key,), limit=1))
        times += [(f"#{room.name}", event.time) for event in last]
    return times
