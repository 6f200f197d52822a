"""What was said while one was away, for clients made for the ZNC bouncer: `PRIVMSG *playback :play ...`.

The module of ZNC that this speaks like is documented at https://wiki.znc.in/Playback.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chat.core.history import Query
from chat.core.refusals import NoSuchPerson, NoSuchRoom, NotInRoom
from chat.irc.commands.history import gather, most, playback, show
from chat.irc.conversations import Conversation, conversation, private, talked_with

if TYPE_CHECKING:
    from chat.irc.protocol import IRCProtocol

#: Whom such a client writes to.
PLAYER = "*playback"
SYNTAX = "play <* or target{,target}> [<from> [<to>]], with times in seconds since 1970"


async def play(client: IRCProtocol, text: str) -> None:
    """Do what a client tells the player: show what was said, in all its conversations or in some, in a time."""
    verb, *words = text.split() or [""]
    times = [moment(word) for word in words[1:]]
    if verb.lower() != "play" or not 1 <= len(words) <= 3 or None in times:
        client.notice(SYNTAX)
        return
    start, end = ([time for time in times if time is not None] + [0, 0])[:2]
    end = end or Query.end
    for where in await chosen(client, words[0]):
        query = Query(
            (where.key,), limit=most(client), lines=not playback(client), reworded=True, start=start, end=end
        )
        messages = await gather(client, query)
        if messages:
            show(client, where.name, messages, "znc.in/playback")
        await client.outlet.drained()


def moment(word: str) -> int | None:
    """Seconds since 1970, perhaps with a fraction, as ms; None for what is none."""
    whole, _, fraction = word.partition(".")
    if not (word.isascii() and whole.isdigit() and len(whole) < 12 and (fraction or "0").isdigit()):
        return None
    return round(float(word) * 1000)


async def chosen(client: IRCProtocol, targets: str) -> list[Conversation]:
    """The conversations of these targets, or all; what is none is left out."""
    if targets == "*":
        rooms = [Conversation(room.key, f"#{room.name}", room) for room in client.me.rooms.values()]
        return rooms + [private(client, person, person.name) for person, _ in await talked_with(client)]
    found = []
    for target in targets.split(","):
        try:
            found.append(await conversation(client, target))
        except (NoSuchRoom, NotInRoom, NoSuchPerson):
            client.notice(f"There is no history of {target}.")
    return found
