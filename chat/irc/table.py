"""The tables of what IRC clients send, and of what each of them is told in its own words."""

from collections.abc import Callable
from typing import Any

from chat.commands import Commands

command = Commands()

#: How one client is told of an event that does not look the same to all who have the same capabilities.
TELLS: dict[type, Callable[[Any, Any], None]] = {}


def tells(kind: type) -> Callable[[Callable[[Any, Any], None]], Callable[[Any, Any], None]]:
    """Decorate the function that tells a client (first) of an event (second) of that kind."""

    def register(function: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
        TELLS[kind] = function
        return function

    return register
