"""Masks: which people a ban, an exception or an invitation is about.

`nick!user@host` with * and ?, or `a:account` for people with an account, or `m:` before either for a mute: who
matches may stay, but not speak.  (IRCv3 account-extban; RFC 2812, section 2.5.)
"""

from __future__ import annotations

import fnmatch
import re
from functools import lru_cache
from typing import NamedTuple

from chat.core.names import fold
from chat.core.user import Author

MUTE, ACCOUNT = "m:", "a:"


class Mask(NamedTuple):
    """A mask on a list: as it is shown, who put it there, and when (ms)."""

    text: str
    by: str
    time: int


def normal(text: str) -> str:
    """A mask in full: `bob` is `bob!*@*`, `bob@host` is `*!bob@host`."""
    for prefix in (MUTE, ACCOUNT):
        if text.startswith(prefix):
            rest = text[len(prefix) :]
            return prefix + (normal(rest) if prefix == MUTE else rest)
    nick, bang, rest = text.partition("!")
    if not bang and "@" in nick:
        nick, rest = "*", nick
    user, _, host = rest.partition("@")
    return f"{nick or '*'}!{user or '*'}@{host or '*'}"


@lru_cache(4096)
def glob(text: str) -> re.Pattern[str]:
    """A pattern where * stands for any letters, and ? for one.

    `fnmatch` never goes back behind a * that was passed, so no mask takes longer than its length times the text's.
    """
    return re.compile(fnmatch.translate(text.replace("[", "[[]")))


def matches(mask: str, author: Author) -> bool:
    """Whether `mask`, without a mute before it, is about `author`."""
    if mask.startswith(ACCOUNT):
        return bool(author.account) and bool(glob(fold(mask[len(ACCOUNT) :])).fullmatch(fold(author.account)))
    return bool(glob(fold(mask)).fullmatch(fold(author.full)))


class MaskList(dict[str, Mask]):
    """The masks of one kind on a room, by their folded text."""

    def put(self, mask: Mask) -> None:
        self[fold(mask.text)] = mask

    def take(self, text: str) -> None:
        self.pop(fold(text), None)

    def holds(self, author: Author) -> bool:
        """Whether one of the masks, not a mute, is about `author`."""
        return any(matches(mask.text, author) for mask in self.values() if not mask.text.startswith(MUTE))

    def mutes(self, author: Author) -> bool:
        """Whether one of the masks mutes `author`."""
        return any(matches(mask.text[len(MUTE) :], author) for mask in self.values() if mask.text.startswith(MUTE))
