"""Who may do what in a room: operators, and those whom they invite, silence and put out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chat.commands import Text
from chat.core.events import Invited, Kicked, ModeChanged
from chat.core.mask import ACCOUNT, MUTE, normal
from chat.core.names import fold, nickname
from chat.core.refusals import BadValue, PersonNotInRoom
from chat.core.registry import Member, Room
from chat.line.commands.display import switch
from chat.line.phrases import whom
from chat.line.table import command

if TYPE_CHECKING:
    from chat.line.protocol import LineProtocol

#: Letters that names do not have, and masks do.
MASK = set("!@*?:")


@command("op")
async def op(client: LineProtocol, name: str) -> None:
    """/op NAME -- make someone an operator of this room

    An operator may do all that is listed here, and make others operators.  Whoever makes a room is its
    operator.  The undoing: /deop NAME
    """
    who = await grant(client, name, "+", "o", "an operator already")
    client.notice(f"{who} is an operator now.")


@command("deop")
async def deop(client: LineProtocol, name: str) -> None:
    """/deop NAME -- make an operator an ordinary member again"""
    client.notice(f"{await grant(client, name, '-', 'o', 'no operator')} is no operator any more.")


@command("found")
async def found(client: LineProtocol) -> None:
    """/found -- own this room, if nobody does and you are its operator

    Other operators can then neither put you out nor take your rights.  It takes an account: /register
    """
    room = client.require_room()
    room.require_operator(client.me.author)
    mine = room.members[client.me.id]
    if mine.is_founder:
        raise BadValue(f"{room.name} is yours already.")
    await change(client, room, "+", "q", mine.user.id)
    client.notice(f"{room.name} is yours: other operators can neither put you out nor unmake you.")


@command("voice")
async def voice(client: LineProtocol, name: str) -> None:
    """/voice NAME -- let someone speak where not everyone may

    The undoing: /unvoice NAME"""
    client.notice(f"{await grant(client, name, '+', 'v', 'allowed to speak already')} may speak.")


@command("unvoice")
async def unvoice(client: LineProtocol, name: str) -> None:
    """/unvoice NAME -- take away what /voice gave"""
    client.notice(f"{await grant(client, name, '-', 'v', 'not on the list of those who may')} has no voice any more.")


@command("kick")
async def kick(client: LineProtocol, name: str, why: Text | None = None) -> None:
    """/kick NAME [WHY] -- put someone out of this room

    They may come back; /ban keeps them out.
    """
    room = client.require_room()
    user = not_oneself(client, member(client, room, name)).user
    await client.publish(Kicked(client.me.author, room.name, user.author, why or ""))
    client.notice(f"You put {user.name} out of {room.name}.")


@command("mute")
async def mute(client: LineProtocol, name: str | None = None) -> None:
    """/mute [NAME] -- let someone listen here, but not speak

    The undoing: /unmute NAME.  Without a name: who is muted.
    It is about the account, or, of somebody without one, about the name.
    """
    room = client.require_room()
    if name is None:
        tell_list(client, room, muted=True)
        return
    mask = target(client, room, name)
    await add(client, room, MUTE + mask, "muted")
    client.notice(f"{whom(mask)} is muted in {room.name}. To undo it: /unmute {whom(mask)}")


@command("unmute")
async def unmute(client: LineProtocol, name: str) -> None:
    """/unmute NAME -- let someone speak again"""
    room = client.require_room()
    await remove(client, room, name, MUTE, "muted")
    client.notice(f"{name} may speak in {room.name} again.")


@command("ban")
async def ban(client: LineProtocol, name: str | None = None, why: Text | None = None) -> None:
    """/ban [NAME] [WHY] -- put someone out of this room and keep them out

    The undoing: /unban NAME.  Without a name: who is banned.
    It is about the account, or, of somebody without one, about the name.
    NAME may also be a mask like *!*@203.0.113.7, which is about people with IRC clients from there.
    """
    room = client.require_room()
    if name is None:
        tell_list(client, room, muted=False)
        return
    mask = target(client, room, name)
    await add(client, room, mask, "banned")
    user = client.registry.users.get(fold(name))
    if user is not None and user.id in room.members:
        await client.publish(Kicked(client.me.author, room.name, user.author, why or ""))
    client.notice(f"{whom(mask)} is banned from {room.name}. To undo it: /unban {whom(mask)}")


@command("unban")
async def unban(client: LineProtocol, name: str) -> None:
    """/unban NAME -- let someone in again"""
    room = client.require_room()
    await remove(client, room, name, "", "banned")
    client.notice(f"{name} may come to {room.name} again.")


@command("invite")
async def invite(client: LineProtocol, name: str, room: str | None = None) -> None:
    """/invite NAME [ROOM] -- ask someone into this room, or another one you are in

    They may come in even if the room is private or full.  The undoing: /uninvite NAME
    """
    where = client.registry.room(room.lstrip("#")) if room else client.require_room()
    user = client.registry.user(name)
    await client.publish(Invited(client.me.author, where.name, user.author))
    client.notice(f"You invited {user.name} to {where.name}.")


@command("uninvite")
async def uninvite(client: LineProtocol, name: str) -> None:
    """/uninvite NAME -- withdraw an invitation that was not used yet"""
    where = client.require_room()
    user = client.registry.user(name)
    where.require_operator(client.me.author)
    if where.key not in user.invited:
        raise BadValue(f"{user.name} is not invited to {where.name}.")
    await client.publish(Invited(client.me.author, where.name, user.author, withdrawn=True))
    client.notice(f"{user.name} is not invited to {where.name} any more.")


@command("private")
async def private(client: LineProtocol, on: str) -> None:
    """/private on|off -- only invited people may come into this room"""
    await flag(client, "i", on, "for invited people only: /invite NAME", "open to everyone")


@command("secret")
async def secret(client: LineProtocol, on: str) -> None:
    """/secret on|off -- only those who are in this room see that there is one"""
    await flag(client, "s", on, "seen only by those who are in it", "seen by everyone")


@command("moderated")
async def moderated(client: LineProtocol, on: str) -> None:
    """/moderated on|off -- only operators, and whom you /voice, may speak here"""
    await flag(client, "m", on, "moderated; let others speak with /voice NAME", "free for everyone to speak in")


# -- how it is done


async def change(client: LineProtocol, room: Room, sign: str, letter: str, argument: str = "") -> None:
    await client.publish(ModeChanged(client.me.author, room.name, ((sign, letter, argument),)))


async def flag(client: LineProtocol, letter: str, on: str, set: str, clear: str) -> None:
    """Switch a mode of the room, and say how it is now."""
    room, wanted = client.require_room(), switch(on)
    room.require_operator(client.me.author)
    if (letter in room.flags) != wanted:
        await change(client, room, "+" if wanted else "-", letter)
    client.notice(f"{room.name} is {set if wanted else clear}.")


def member(client: LineProtocol, room: Room, name: str) -> Member:
    """Who is called so and is in the room; NoSuchPerson, PersonNotInRoom, and NotOperator for whoever asks."""
    room.require_operator(client.me.author)
    user = client.registry.user(name)
    if user.id not in room.members:
        raise PersonNotInRoom(user.name, room.name)
    return room.members[user.id]


def not_oneself(client: LineProtocol, found: Member) -> Member:
    if found.user is client.me:
        raise BadValue("That is you.")
    return found


async def grant(client: LineProtocol, name: str, sign: str, letter: str, already: str) -> str:
    """Give a role (+), or take it away (-); the name of whoever has it now, or had it."""
    room = client.require_room()
    found = member(client, room, name)
    if (letter in found.roles) == (sign == "+"):
        raise BadValue(f"{found.user.name} is {already}.")
    await change(client, room, sign, letter, found.user.id)
    return found.user.name


def mask_of(client: LineProtocol, name: str) -> str:
    """The mask that is about whoever is called so, here or not: of the account if there is one; BadName."""
    if MASK & set(name):
        return normal(name.removeprefix(MUTE))
    user = client.registry.users.get(fold(name))
    known = client.registry.accounts.get(fold(name))
    account = user.account if user else known.name if known else ""
    return ACCOUNT + account if account else normal(nickname(name))


def target(client: LineProtocol, room: Room, name: str) -> str:
    """The mask about somebody who is to be silenced or kept out; BadValue for an operator, and for oneself."""
    room.require_operator(client.me.author)
    user = client.registry.users.get(fold(name))
    found = room.members.get(user.id) if user else None
    if found is not None and not_oneself(client, found).is_operator:
        raise BadValue(f"{found.user.name} is an operator. First: /deop {found.user.name}")
    return mask_of(client, name)


async def add(client: LineProtocol, room: Room, mask: str, word: str) -> None:
    """Put a mask on the list of the room."""
    if fold(mask) in room.masks["b"]:
        raise BadValue(f"{whom(mask)} is {word} already.")
    await change(client, room, "+", "b", mask)


async def remove(client: LineProtocol, room: Room, name: str, prefix: str, word: str) -> None:
    """Take what is about a name from the list of the room."""
    room.require_operator(client.me.author)
    about = {fold(prefix + mask) for mask in (mask_of(client, name), normal(name), ACCOUNT + name)}
    found = [mask.text for key, mask in room.masks["b"].items() if key in about]
    if not found:
        raise BadValue(f"{name} is not {word} in {room.name}.")
    for mask in found:
        await change(client, room, "-", "b", mask)


def tell_list(client: LineProtocol, room: Room, muted: bool) -> None:
    """Who is muted, or banned."""
    names = [whom(mask.text) for mask in room.masks["b"].values() if mask.text.startswith(MUTE) == muted]
    word = "Muted in" if muted else "Banned from"
    client.notice(f"{word} {room.name}: {', '.join(names) or 'nobody'}.")
