"""What a word is going to be: names, rooms, commands, emoji."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from chat.clients.commands import COMMANDS
from chat.clients.conversation import PRIVATE, ROOM, Conversation
from chat.clients.emoji import named

if TYPE_CHECKING:
    from chat.clients.chat import Chat

#: Emoji that are shown at a time.
MOST_EMOJI = 20


class Candidate(NamedTuple):
    """What a word may become, and how it is shown: an emoji with its name."""

    text: str
    shown: str


class Completion(NamedTuple):
    """What may stand in the place of text[start:end]: at least one candidate, the likeliest first."""

    start: int
    end: int
    candidates: list[Candidate]


def complete(chat: Chat, conversation: Conversation, text: str, position: int) -> Completion | None:
    """What the word that ends at `position` may become; None if nothing is known."""
    start = max(text.rfind(" ", 0, position), text.rfind("\n", 0, position)) + 1
    word = text[start:position]
    if not word:
        return None
    if start == 0 and word[0] == "/":
        found = [Candidate(f"/{name} ", f"/{name}") for name in sorted(COMMANDS) if name.startswith(word[1:].lower())]
    elif word[0] == ":" and len(word) > 2:
        found = [Candidate(emoji, f"{emoji} :{name}:") for name, emoji in named(word.strip(":"))[:MOST_EMOJI]]
    elif chat.support.is_room(word):
        rooms = [each.name for each in chat.conversations if each.kind == ROOM]
        found = [Candidate(f"{name} ", name) for name in rooms if begins(chat, name, word)]
    else:
        found = _names(chat, conversation, word, start)
    return Completion(start, position, found) if found else None


def begins(chat: Chat, name: str, word: str) -> bool:
    return chat.support.fold(name).startswith(chat.support.fold(word))


def _names(chat: Chat, conversation: Conversation, word: str, start: int) -> list[Candidate]:
    """Names that begin so: who spoke last comes first.  At the beginning of a line somebody is addressed."""
    at, word = ("@", word[1:]) if word[0] == "@" else ("", word)
    nicks = {member.nick for member in conversation.people} - {chat.me}
    if conversation.kind == PRIVATE:
        nicks.add(conversation.name)
    spoke = {line.who: place for place, line in enumerate(conversation.past) if line.spoken}
    behind = ": " if start == 0 and not at else " "
    ordered = sorted(nicks, key=lambda nick: (-spoke.get(nick, -1), nick.lower()))
    return [Candidate(f"{at}{nick}{behind}", nick) for nick in ordered if begins(chat, nick, word)]
