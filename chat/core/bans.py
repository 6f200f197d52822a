"""Bans of the whole server: who may not come in, under which name or from where."""

from __future__ import annotations

import json
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import NamedTuple

from chat.core.names import fold, nickname, skeleton
from chat.core.refusals import BadName, BannedFromServer, NoBan, NobodyToBan
from chat.core.room import State
from chat.core.user import Author


class Ban(NamedTuple):
    """A ban of `target`: a name, with the account of that name, or an address or network; since when (ms), and why."""

    target: str
    time: int
    why: str = ""

    @property
    def key(self) -> str:
        return fold(self.target)

    @property
    def refusal(self) -> BannedFromServer:
        """What whoever it is about is told at the door."""
        return BannedFromServer(f": {self.why}" if self.why else ".")

    @property
    def goodbye(self) -> str:
        """What those see who are here, and whoever sees them go."""
        return f"Banned from this server: {self.why}" if self.why else "Banned from this server"

    def state(self) -> State:
        """What lasts of it: all."""
        return State("ban", self.key, json.dumps(self))


def target_of(text: str) -> str:
    """What an operator means to ban: a name, an address, or a network as its lowest address has it; NobodyToBan."""
    try:
        network = ip_network(text.strip("[]"), strict=False)
    except ValueError:
        pass
    else:
        return str(network if network.num_addresses > 1 else network.network_address)
    try:
        return nickname(text)
    except BadName:
        raise NobodyToBan(text) from None


@lru_cache(4096)
def network_of(target: str) -> IPv4Network | IPv6Network | None:
    """The addresses that a ban is about; None where it is about a name."""
    try:
        return ip_network(target)
    except ValueError:
        return None


class Bans(dict[str, Ban]):
    """All bans, by their folded targets."""

    def put(self, ban: Ban) -> None:
        self[ban.key] = ban

    def restore(self, key: str, value: str | None) -> None:
        """Believe what the store says of a ban; None: there is none."""
        if value:
            self.put(Ban(*json.loads(value)))
        else:
            self.pop(key, None)

    def require(self, target: str) -> Ban:
        """The ban of just this target; NoBan."""
        try:
            return self[fold(target)]
        except KeyError:
            raise NoBan(target) from None

    def on(self, author: Author) -> Ban | None:
        """The ban that is about somebody's name, or one that looks like it, or their account."""
        if not self:
            return None
        look, account = skeleton(author.name), fold(author.account)
        return next((ban for key, ban in self.items() if key == account or skeleton(ban.target) == look), None)

    def on_address(self, address: str) -> Ban | None:
        """The ban that is about an address, as a connection has it; an IPv4 address in IPv6 is that IPv4 address."""
        if not self:
            return None
        try:
            here = ip_address(address.partition("%")[0])
        except ValueError:
            return None
        here = getattr(here, "ipv4_mapped", None) or here
        return next((ban for ban in self.values() if here in (network_of(ban.target) or ())), None)

    def require_welcome(self, author: Author) -> None:
        """BannedFromServer if a ban is about the name or the account of `author`."""
        ban = self.on(author)
        if ban is not None:
            raise ban.refusal

    def require_welcome_from(self, address: str) -> None:
        """BannedFromServer if a ban is about this address."""
        ban = self.on_address(address)
        if ban is not None:
            raise ban.refusal
