"""Saying something: to the room, to one or several people, to everyone."""

from __future__ import annotations

import hashlib
from functools import partial
from typing import TYPE_CHECKING, Any

from chat.commands import Text
from chat.core.events import Announced, Said, Told
from chat.core.names import fold
from chat.core.refusals import Ambiguous, BadValue, Denied, Duplicate, NeedsMore, NoSuchId, TooOften
from chat.core.registry import Author
from chat.line.commands.people import absence
from chat.line.table import command

if TYPE_CHECKING:
    from chat.line.protocol import LineProtocol

#: Seconds between two lines of one person to everyone.
ALL_EVERY = 10
#: People that one line may be for.
MOST_PEOPLE = 20


@command("say", speech=True)
def say(client: LineProtocol, text: Text) -> None:
    """/say TEXT -- say something to the room, whatever it begins with

    The same does a blank before the line, and //x says /x, @@x says @x.
    """
    client.speak(Said(client.me.author, client.require_room().name, text))


@command("me", speech=True)
def me(client: LineProtocol, text: Text) -> None:
    """/me TEXT -- say what you do, as in: /me waves"""
    client.speak(Said(client.me.author, client.require_room().name, text, emote=True))


@command("tell-room", speech=True)
def tell_room(client: LineProtocol, room: str, text: Text) -> None:
    """@#ROOM TEXT -- say something in another room you are in"""
    client.speak(Said(client.me.author, client.registry.room(room).name, text))


@command("msg", "tell", speech=True)
def msg(client: LineProtocol, name: str, text: Text) -> None:
    """/msg NAME TEXT -- say something in private; also @NAME TEXT

    To several people: @BOB,CAROL TEXT.  By id: ID:TEXT, with the whole id of someone, its digits before the
    first -, or those and 8 letters more.  /people shows the ids.  Somebody with an account who is not
    here reads it on coming back.
    """
    people = [person(client, each) for each in name.split(",") if each]
    if not people:
        raise NeedsMore("@NAME TEXT", "say something in private")
    if len(people) > MOST_PEOPLE:
        raise BadValue(f"That is for {MOST_PEOPLE} people at most. Nothing was sent.")
    if client.me.author in people:
        raise BadValue("That is you. Nothing was sent.")
    for author in dict.fromkeys(people):
        client.speak(Told(client.me.author, author, text))
        user = client.registry.ids.get(author.id)
        if user is not None and user.away is not None:
            client.in_turn(partial(client.notice, f"{user.name} is {absence(user)}."))


def person(client: LineProtocol, name: str) -> Author:
    """Who has a name or an id, or an account of that name; NoSuchPerson, NoSuchId, Ambiguous."""
    if not name[0].isdigit():
        return client.registry.addressee(name)
    found = client.registry.people_by_id(name.lower())
    if not found:
        raise NoSuchId(name)
    if len(found) > 1:
        raise Ambiguous(name)
    return found[0].author


@command("all", speech=True)
def to_all(client: LineProtocol, text: Text) -> None:
    """/all TEXT -- say something to everyone in every room; also @all TEXT

    Once in 10 seconds.
    """
    if client.factory.config.all != "everyone":
        raise Denied("Only some people may speak to everyone here.")
    wait = client.announced + ALL_EVERY * 1000 - client.factory.now()
    if wait > 0:
        raise TooOften("You may speak to everyone", -(-wait // 1000))
    client.announced = client.factory.now()
    client.speak(Announced(client.me.author, text))


@command("send")
async def send(client: LineProtocol, key: str, text: Text) -> None:
    """/send KEY TEXT -- say something once: never again with that KEY

    For programs that cannot know whether a line arrived: send it again with the same KEY.  The answer
    is "+ NUMBER stored" or "+ NUMBER duplicate".
    """
    history = client.history
    said: Any = Said(client.me.author, client.require_room().name, text)
    said.id = "send-" + hashlib.sha256(f"{fold(client.me.name)}\0{key}".encode()).hexdigest()[:32]
    line = await history.find(said.id)
    if line is None:
        try:
            event: Any = await client.publish(said)
            client.last = event
            client.receipt(event, "stored")
            return
        except Duplicate:
            line = await history.find(said.id)
    client.receipt(line, "duplicate")
