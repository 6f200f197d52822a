"""What stands in lists: conversations, who is here, where one can go.  Nothing here needs a display."""

from __future__ import annotations

from collections.abc import Iterable

from chat.clients.model import Chat, Conversation, Member
from chat.clients.window.item import Item


def conversations(chat: Chat) -> list[Item]:
    """The rooms, then the private conversations, each under a heading."""
    rooms = [_room(one) for one in chat.conversations if one.kind != "private"]
    private = [_private(chat, one) for one in chat.conversations if one.kind == "private"]
    items = [Item("*rooms", "ROOMS", heading=True), *rooms]
    if private:
        items += [Item("*private", "PRIVATE", heading=True), *private]
    return items


def _room(room: Conversation) -> Item:
    sign, text = (room.name[:1], room.name[1:]) if room.name[:1] in ("#", "&") else ("»", room.name)
    return Item(
        room.name, text, sign, count=room.unread, loud=bool(room.mentions),
        dim=not room.joined and room.kind == "room",
    )  # fmt: skip


def _private(chat: Chat, one: Conversation) -> Item:
    person = chat.everyone.get(chat.support.fold(one.name))
    away = one.present is not False and person is not None and person.away is not None
    return Item(
        one.name, one.name, person=True, here=one.present and not away, count=one.unread, loud=bool(one.unread),
        detail="not here" if one.present is False else "away" if away else "",
    )  # fmt: skip


def present(chat: Chat, here: Conversation | None) -> list[Member]:
    """Who is in a room; beside a private conversation, who is in any of ours."""
    if here is not None and here.kind == "room":
        return here.people
    found = {key: member.person for each in chat.conversations for key, member in each.members.items()}
    return [Member(found[key]) for key in sorted(found)]


def people(members: Iterable[Member], me: str) -> list[Item]:
    """Who is here, under a heading that says how many, if that is known."""
    items = [_person(member, me) for member in members]
    return [Item("*here", f"HERE — {len(items)}" if items else "HERE", heading=True), *items]


def _person(member: Member, me: str) -> Item:
    words = ["you"] if member.nick == me else []
    words += ["operator"] if member.operator else []
    words += [f"away: {member.person.away}" if member.person.away else "away"] if member.away else []
    return Item(member.nick, member.nick, person=True, here=not member.away, detail=", ".join(words), dim=member.away)


def destinations(chat: Chat, word: str) -> list[Item]:
    """What a word may mean: conversations first, then people, then what is not there yet."""
    low = word.lower()
    found = [
        Item(each.name, each.name, person=each.kind == "private", count=each.unread, loud=bool(each.mentions))
        for each in chat.conversations
        if each.kind != "server" and low in each.name.lower()
    ]
    known = {item.key.lower() for item in found}
    people = {member.nick for each in chat.conversations for member in each.people}
    found += [
        Item(nick, nick, person=True, detail="write in private")
        for nick in sorted(people, key=str.lower)
        if low in nick.lower() and not chat.is_me(nick) and nick.lower() not in known
    ]
    found.sort(key=lambda item: not item.key.lstrip("#&").lower().startswith(low.lstrip("#&")))
    name = word if chat.support.is_room(word) else f"#{word}"
    if word and " " not in word and name.lower() not in {item.key.lower() for item in found} and len(name) > 1:
        found.append(Item(name, name, detail="join this room"))
    return found
