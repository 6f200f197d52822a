"""How often a password may be guessed, for an account and from an address; the owner gets in all the same.

An address that has logged in to an account is known to it, and has a budget of its own there: strangers cannot
use it up.
"""

from __future__ import annotations

import ipaddress
from collections import OrderedDict
from collections.abc import Callable

from chat.core.names import fold
from chat.core.refusals import TooManyGuesses
from chat.flood import Bucket

#: Guesses a minute.
PER_ACCOUNT, PER_NETWORK = 5, 20
#: Budgets and known addresses that are remembered.
MOST = 10_000


def network(host: str) -> str:
    """What counts as one place: a /64 of IPv6, one address of IPv4, or what it says."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    return str(ipaddress.ip_network((address, 64), strict=False)) if address.version == 6 else str(address)


class Guesses:
    """Counts guesses; `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._budgets: OrderedDict[tuple[str, str], Bucket] = OrderedDict()
        self._known: OrderedDict[tuple[str, str], None] = OrderedDict()

    def spend(self, account: str, host: str) -> None:
        """One guess; TooManyGuesses when there were too many."""
        place, key = network(host), fold(account)
        budgets = self._spent(key, place)
        wait = max(budget.wait() for budget in budgets)
        if wait:
            raise TooManyGuesses(int(wait) + 1)
        for budget in budgets:
            budget.spend()

    def right(self, account: str, host: str) -> None:
        """It was no guess, so it does not count: the address is known to the account from now on."""
        place, key = network(host), fold(account)
        for budget in self._spent(key, place):
            budget.give_back()
        self._known[key, place] = None
        while len(self._known) > MOST:
            self._known.popitem(last=False)

    def _spent(self, key: str, place: str) -> list[Bucket]:
        """The budgets that a guess is taken from."""
        who = place if (key, place) in self._known else ""
        return [self._budget("", place, PER_NETWORK), self._budget(key, who, PER_ACCOUNT)]

    def _budget(self, account: str, place: str, a_minute: int) -> Bucket:
        budget = self._budgets.setdefault((account, place), Bucket(a_minute, a_minute / 60, self._clock))
        self._budgets.move_to_end((account, place))
        while len(self._budgets) > MOST:
            self._budgets.popitem(last=False)
        return budget
