"""What is done to a line that was said: answer, react, edit, remove; and how lines are found again."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from chat.commands import Text
from chat.core.events import EVERYONE, Edited, Quote, Reacted, Removed, Said
from chat.core.history import Query, Search
from chat.core.names import fold
from chat.core.refusals import BadSearch, BadValue, NoSuchLine
from chat.line.emoji import reaction
from chat.line.grammar import SUBSTITUTE
from chat.line.table import command

if TYPE_CHECKING:
    from chat.line.protocol import LineProtocol

#: Lines of a page of history, if nothing is said, and at most.
PAGE, MOST = 20, 500
SPAN = re.compile(r"([0-9]{1,6})([smhdw])")
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}


def number_of(word: str) -> int:
    """A line number, with or without a # before it; BadValue."""
    bare = word.lstrip("#")
    if not (bare.isascii() and bare.isdigit() and len(bare) < 16):
        raise BadValue(f'"{word}" is no line number. /numbers on shows the numbers.')
    return int(bare)


async def line_of(client: LineProtocol, word: str) -> Said:
    """The line of that number in the room that is looked at, if it was not removed; NoSuchLine."""
    line = await numbered(client, word)
    if line.revised == "removed":
        raise NoSuchLine(line.number, line.room)
    return line


async def numbered(client: LineProtocol, word: str) -> Said:
    """The line of that number in the room that is looked at, even if it was removed; NoSuchLine."""
    room = client.require_room()
    number = number_of(word)
    line = await client.history.line(room.key, number) if number else None
    if line is None:
        raise NoSuchLine(number, room.name)
    return line  # type: ignore[no-any-return]


@command("reply")
async def reply(client: LineProtocol, number: str, text: Text) -> None:
    """/reply N TEXT -- answer line N of this room

    /numbers on shows the numbers; so does /history.
    """
    line = await line_of(client, number)
    event = await client.publish(Said(client.me.author, line.room, text, quote=Quote.of(line)))
    client.said(event)


@command("react")
async def react(client: LineProtocol, number: str, emoji: str) -> None:
    """/react N EMOJI -- react to line N, as in: /react 412 :+1:

    With an emoji, its name, or a short word.
    """
    text = reaction(emoji)
    line = await line_of(client, number)
    quote = Quote.of(line)
    await client.publish(Reacted(client.me.author, line.room, line.id, line.number, line.by, text, quote=quote))
    client.notice(f"You react to line {line.number} with {text}")


@command("edit")
async def edit(client: LineProtocol, number: str, text: Text) -> None:
    """/edit N TEXT -- change what you said in line N"""
    line = await line_of(client, number)
    await change(client, line, text)


async def change(client: LineProtocol, line: Any, text: str) -> None:
    if not text.strip():
        raise BadValue(f"Nothing would be left of it. /delete {line.number} removes it.")
    await client.publish(Edited(client.me.author, line.room, line.id, line.number, line.by, text, quote=Quote.of(line)))
    where = "" if client.room and client.room.key == fold(line.room) else f" of {line.room}"
    client.notice(f"Line {line.number}{where} is now: {text}")


@command("delete", "remove")
async def delete(client: LineProtocol, number: str) -> None:
    """/delete N -- take back what you said in line N"""
    line = await line_of(client, number)
    await client.publish(
        Removed(client.me.author, line.room, line.id, line.number, line.by, said=line.time)
    )
    client.notice(f"Line {line.number} is removed.")


@command("substitute")
async def substitute(client: LineProtocol, text: Text) -> None:
    """s/OLD/NEW/ -- change your last line, if OLD is in it; else it is text"""
    match = SUBSTITUTE.fullmatch(text)
    if match is None:
        raise BadValue("Like this: s/old/new/")
    last = client.last
    line = await client.history.line(fold(last.room), last.number) if last else None
    if line is None or line.revised == "removed" or match[1] not in line.text:
        client.speak(Said(client.me.author, client.require_room().name, text))
        return
    await change(client, line, line.text.replace(match[1], match[2], 1))


@command("history")
async def history(client: LineProtocol, which: Text | None = None) -> None:
    """/history [N] -- the last lines of this room, with their numbers

    Also /history before N for what was said before line N, and /history since 2h: 30m, 2h, 3d, 1w.
    """
    room = client.require_room()
    query = await page_of(client, room.key, (which or "").lower().split())
    page = await client.history.page(query)
    if not page:
        client.notice(f"No {'such ' if which else ''}lines in {room.name}.")
        return
    found = client.not_ignored(page)
    await client.show(client.render_page(found, replace(client.settings, numbers=True)))
    first = next((event.number for event in page if event.number), 0)
    older = f" Older ones: /history before {first}" if first > 1 else ""
    client.notice(f"{len(found):,} {'line' if len(found) == 1 else 'lines'} of {room.name}.{older}")


async def page_of(client: LineProtocol, key: str, words: list[str]) -> Query:
    """The page that the words behind /history ask for; BadValue."""
    conversations = (key, EVERYONE)
    if not words:
        return Query(conversations, limit=PAGE)
    if len(words) == 2 and words[0] == "before":
        line = await numbered(client, words[1])
        return Query(conversations, before=line.seq, limit=PAGE)
    if len(words) == 2 and words[0] == "since":
        span = SPAN.fullmatch(words[1])
        if not span:
            raise BadValue("Since when? Like: /history since 30m, since 2h, since 3d")
        past = client.factory.now() - int(span[1]) * SECONDS[span[2]] * 1000
        return Query(conversations, limit=MOST, start=past)
    if len(words) == 1 and words[0].isascii() and words[0].isdigit() and int(words[0][:9]):
        return Query(conversations, limit=min(int(words[0][:9]), MOST))
    raise BadValue("Like this: /history 50, /history before 412, /history since 2h")


@command("search")
async def search(client: LineProtocol, words: Text) -> None:
    """/search WORDS -- the newest 10 lines of your rooms with all these words

    What was said in a room is for those who are in it.  Behind the words may stand "in ROOM" and "from NAME":
    /search coffee in lobby from bob
    """
    wanted, places = words.split(), {"in": "", "from": ""}
    while len(wanted) > 2 and wanted[-2].lower() in places:
        places[wanted[-2].lower()] = wanted[-1]
        del wanted[-2:]
    if not any(letter.isalnum() for word in wanted for letter in word):
        raise BadSearch(words)
    room = client.registry.room(places["in"].lstrip("#")) if places["in"] else None
    if room is not None:
        room.require_member(client.me.author)
    conversations = [room.key] if room else [EVERYONE, *client.me.rooms, *client.talked_with]
    asked = Search(" ".join(wanted), conversations, fold(places["from"]))
    found = client.not_ignored(await client.history.search(asked))
    if not found:
        where = (f" from {places['from']}" if places["from"] else "") + (f" in {room.name}" if room else "")
        client.notice(f'No line{where} has "{asked.words}".')
        return
    await client.show(client.render_page(found, replace(client.settings, numbers=True), elsewhere=True))
    many = f"The newest {len(found)} lines found" if len(found) == asked.limit else f"{len(found)} lines found"
    client.notice("1 line found." if len(found) == 1 else f"{many}, newest last.")
