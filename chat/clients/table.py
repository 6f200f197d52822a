"""What a client does when it hears something: one function for each command of the server's."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from chat.clients.text import clean
from chat.irc.message import Message

if TYPE_CHECKING:
    from chat.clients.chat import Chat

Heard = Callable[["Chat", Message], None]
HEARD: dict[str, Heard] = {}


def hears(*commands: str) -> Callable[[Heard], Heard]:
    """Decorate the function that understands these commands and numerics."""

    def register(function: Heard) -> Heard:
        HEARD.update(dict.fromkeys(commands, function))
        return function

    return register


def nick_of(message: Message) -> str:
    """Who a message is from, by name."""
    return clean(message.source.partition("!")[0])
