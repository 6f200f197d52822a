"""What can be done with a line, by menu and by key.  Nothing here needs a display."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from chat.clients.model import FAILED, Chat, Conversation, Line
from chat.clients.window.spans import links

Deed = Callable[[Chat, Conversation, Line], bool]


@dataclass(frozen=True, slots=True)
class Action:
    """Its name for the program, what the menu says, the key, and whether it may be done to a line."""

    name: str
    label: str
    key: str
    sign: str
    may: Deed


def _is_there(chat: Chat, conversation: Conversation, line: Line) -> bool:
    return line.spoken and not line.removed


def _known(chat: Chat, conversation: Conversation, line: Line) -> bool:
    """The server knows it, so that it can be pointed at."""
    return _is_there(chat, conversation, line) and bool(line.id)


def _operates(chat: Chat, conversation: Conversation) -> bool:
    member = conversation.members.get(chat.support.fold(chat.me))
    return member is not None and member.operator


#: In the order of the menu.
ACTIONS = (
    Action("reply", "Reply", "r", "R", _known),
    Action("react", "React …", "plus", "+", lambda chat, room, line: chat.can_react and _known(chat, room, line)),
    Action("edit", "Edit", "e", "E", lambda chat, room, line: line.mine and chat.can_edit and _known(chat, room, line)),
    Action("again", "Send again", "s", "S", lambda chat, room, line: line.state == FAILED),
    Action("discard", "Forget it", "Delete", "Del", lambda chat, room, line: line.state == FAILED),
    Action("open", "Open the link", "o", "O", lambda chat, room, line: bool(links(line.text))),
    Action("copy", "Copy text", "c", "C", _is_there),
    Action("write", "Write in private", "w", "W", lambda chat, room, line: not line.mine and room.kind == "room"),
    Action(
        "remove", "Remove", "Delete", "Del",
        lambda chat, room, line: chat.can_remove and _known(chat, room, line) and (line.mine or _operates(chat, room)),
    ),
)  # fmt: skip


def actions(chat: Chat, conversation: Conversation, line: Line) -> list[Action]:
    """What may be done with this line."""
    return [action for action in ACTIONS if action.may(chat, conversation, line)]


def keyed(chat: Chat, conversation: Conversation, line: Line, key: str) -> Action | None:
    """What a key does with this line."""
    return next((action for action in actions(chat, conversation, line) if action.key == key), None)
