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
SPAN = re.compile(r"(\d{1,6})([smhdw])")
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}


def number_of(word: str) -> int:
    """A line number, with or without a # before it; BadValue."""
    bare = word.lstrip("#")
    if not (bare.isascii() and bare.isdigit() and len(bare) < 16):
        raise BadValue(f'"{word}" is no line number. /numbers on shows the numbers.')
    return int(bare)


async def line_of(client: LineProtocol, word: str) -> Said:
    """The line of that number in the room that is looked at; NoSuchLine."""
    room = client.require_room()
    number = number_of(word)
    line = await client.history.line(room.key, number) if number else None
    if line is None or line.revised == "removed":
        raise NoSuchLine(number, room.name)
    return line  # type: ignore[no-any-return]


@command("reply")
async def reply(client: LineProtocol, number: str, text: Text) -> None:
    """/reply N TEXT -- answer line N of this room; /numbers on shows the numbers"""
    line = await line_of(client, number)
    event = await client.publish(Said(client.me.author, line.room, text, quote=Quote.of(line)))
    client.said(event)


@command("react")
async def react(client: LineProtocol, number: str, emoji: str) -> None:
    """/react N EMOJI -- react to line N, with an emoji or its name, as in: /react 412 :+1:"""
    text = reaction(emoji)
    line = await line_of(client, number)
    quote = Quote.of(line)
    await client.publish(Reacted(client.me.author, line.room, line.id, line.number, line.by, text, quote=quote))


@command("edit")
async def edit(client: LineProtocol, number: str, text: Text) -> None:
    """/edit N TEXT -- change what you said in line N; also s/OLD/NEW/ for your last line"""
    line = await line_of(client, number)
    await change(client, line, text)


async def change(client: LineProtocol, line: Any, text: str) -> None:
    if not text.strip():
        raise BadValue(f"Nothing would be left of it. /delete {line.number} removes it.")
    await client.publish(Edited(client.me.author, line.room, line.id, line.number, line.by, text, quote=Quote.of(line)))
    client.notice(f"Line {line.number} is now: {text}")


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
    """s/OLD/NEW/ -- change your last line, if OLD occurs in it; otherwise it is just something said"""
    match = SUBSTITUTE.fullmatch(text)
    last = client.last
    line = await client.history.line(fold(last.room), last.number) if last is not None and match else None
    if match is None or line is None or line.revised == "removed" or match[2] not in line.text:
        client.speak(Said(client.me.author, client.require_room().name, text))
        return
    await change(client, line, line.text.replace(match[2], match[3], 1))


@command("history")
async def history(client: LineProtocol, which: Text | None = None) -> None:
    """/history [N] -- the last lines of this room; also /history before N, /history since 2h"""
    room = client.require_room()
    query = await page_of(client, room.key, (which or "").split())
    found = await client.history.page(query)
    if not found:
        client.notice(f"No {'such ' if which else ''}lines in {room.name}.")
        return
    await client.show(client.render_page(found, replace(client.settings, numbers=True)))
    first = next((event.number for event in found if event.number), 0)
    older = f" Older ones: /history before {first}" if first > 1 else ""
    client.notice(f"{len(found):,} {'line' if len(found) == 1 else 'lines'} of {room.name}.{older}")


async def page_of(client: LineProtocol, key: str, words: list[str]) -> Query:
    """The page that the words behind /history ask for; BadValue."""
    conversations = (key, EVERYONE)
    if not words:
        return Query(conversations, limit=PAGE)
    if len(words) == 2 and words[0] == "before":
        line = await line_of(client, words[1])
        return Query(conversations, before=line.seq, limit=PAGE)
    if len(words) == 2 and words[0] == "since":
        span = SPAN.fullmatch(words[1])
        if not span:
            raise BadValue("Since when? Like: /history since 30m, since 2h, since 3d")
        past = client.factory.now() - int(span[1]) * SECONDS[span[2]] * 1000
        return Query(conversations, after=await client.history.since(past), limit=MOST)
    if len(words) == 1 and words[0].isascii() and words[0].isdigit():
        return Query(conversations, limit=max(1, min(int(words[0][:9]), MOST)))
    raise BadValue("Like this: /history 50, /history before 412, /history since 2h")


@command("search")
async def search(client: LineProtocol, words: Text) -> None:
    """/search WORDS [in ROOM] [from NAME] -- the newest lines you may see that have all these words"""
    wanted, places = words.split(), {"in": "", "from": ""}
    while len(wanted) > 2 and wanted[-2] in places:
        places[wanted[-2]] = wanted[-1]
        del wanted[-2:]
    if places["in"]:
        conversations = [client.registry.room(places["in"].lstrip("#")).key]
    else:
        conversations = [EVERYONE, *client.registry.rooms, *client.heard_from]
    if not any(letter.isalnum() for word in wanted for letter in word):
        raise BadSearch(words)
    found = await client.history.search(Search(" ".join(wanted), conversations, fold(places["from"])))
    if not found:
        client.notice(f'No line has "{" ".join(wanted)}".')
        return
    await client.show(client.render_page(found, replace(client.settings, numbers=True), elsewhere=True))
    client.notice(f"{len(found)} {'line' if len(found) == 1 else 'lines'} found, the newest last.")
