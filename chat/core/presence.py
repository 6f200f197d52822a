"""Who stays without a connection, over a restart too: how such a user is written down and brought back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from chat.core.room import State
from chat.core.user import Author, User

if TYPE_CHECKING:
    from chat.core.registry import Registry

#: The kind of the states of those who stay; their keys are identities.
PRESENCE = "presence"


def presence(user: User) -> State:
    """Where a user is and what it is there; being an operator of the server ends with the connection."""
    lasting = {
        "author": user.author,
        "since": user.since,
        "realname": user.realname,
        "modes": "".join(sorted(user.modes - {"o"})),
        "metadata": dict(user.metadata),
        "rooms": {room.name: "".join(sorted(room.members[user.id].roles)) for room in user.rooms.values()},
    }
    return State(PRESENCE, user.id, json.dumps(lasting))


def bring_back(registry: Registry, value: str) -> None:
    """Have a user here again, without a connection; not if its account no longer wants that, or the name is taken."""
    lasting = json.loads(value)
    user = User(Author(*lasting["author"]), lasting["since"], lasting["realname"], lasting["modes"])
    registry.lasting.add(user.id)
    registry.changed.add(user.id)
    if registry.holder(user.name) is not None or not registry.stays(user):
        return
    user.metadata, user.alone = dict(lasting["metadata"]), registry.time
    registry.add_user(user)
    for name, roles in lasting["rooms"].items():
        registry.enter(user, registry.room_or_new(name)).roles |= set(roles)
