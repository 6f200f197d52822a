"""How many connections there are, in all and from each address."""

from __future__ import annotations

from typing import Any

from chat.core.refusals import Full


class Headcount:
    """Connections, and the address that each of them counts for."""

    def __init__(self) -> None:
        self._of: dict[Any, str] = {}
        self.addresses: dict[str, int] = {}

    def add(self, connection: Any, address: str) -> None:
        """Count a connection for an address, and for no other any more."""
        self.drop(connection)
        self._of[connection] = address
        self.addresses[address] = self.addresses.get(address, 0) + 1

    def drop(self, connection: Any) -> None:
        """Count a connection no more."""
        address = self._of.pop(connection, None)
        if address is not None:
            self.addresses[address] -= 1
            if not self.addresses[address]:
                del self.addresses[address]

    def require_room(self, connection: Any, most: int, most_there: int) -> None:
        """Full if there are more than `most` in all, or than `most_there` from the address of this one; 0: no limit."""
        if 0 < most < len(self._of):
            raise Full("This server is full")
        if 0 < most_there < self.addresses[self._of[connection]]:
            raise Full("There are too many connections from your address")
