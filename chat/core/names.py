"""Nicknames and room names: which may be, which are one name, and which look like one.

A name has three forms.  It is *shown* as `nickname` or `room_name` returns it, it is *registered* under its `fold`, and
nobody may take a name whose `skeleton` somebody has.  A registry needs both keys: each tells names apart, or together,
that the other does not.

Letters of every script may be used: PRECIS (RFC 8264 IdentifierClass, RFC 8265 UsernameCaseMapped), and narrower where
that is simpler.  Characters with a contextual rule (RFC 8264 section 9.6) are refused; a name runs in one direction.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from chat.core.confusables import CONFUSABLES
from chat.core.refusals import BadName, BadRoomName, NameReserved

NICKNAME_LENGTH: Final = 32
"""The most characters (code points, after NFC) in a nickname."""

ROOM_NAME_LENGTH: Final = 64
"""The most characters in a room name, without its "#"."""

NAMES: Final = 1024
"""The names of which it is remembered what they look like: whoever comes in is looked up again and again."""

RESERVED: Final = frozenset(
    ("all", "people", "exit", "room", "rooms", "help", "history", "server", "system", "me", "you", "nickserv",
     "chanserv")
)
"""Words that mean something to the server, so that nobody may be called so."""

_BLANKS = " \t\u00a0\u3000"

# A name is checked as a word of kinds: L a letter, M a mark, D a digit, or itself for what joins them.
_KINDS = dict.fromkeys(("Lu", "Ll", "Lt", "Lm", "Lo"), "L") | {"Mn": "M", "Mc": "M", "Nd": "D"}
_JOINERS = "_-."
_NICKNAME = re.compile(r"LM*(?:LM*|[D_-])*")
_ROOM_NAME = re.compile(r"(?:LM*|D)(?:LM*|[D_.-])*")

# Letters, marks and digits that are refused all the same.
_REFUSED = re.compile(
    "["
    "\u0640\u07fa\u302e\u302f\u3031-\u3035\u303b"  # RFC 8264 section 9.6, disallowed
    "\u0660-\u0669\u06f0-\u06f9"  # the same, contextual: Arabic-Indic digits
    "\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff"  # section 9.9: old Hangul jamo
    "\u034f\u17b4\u17b5\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef"  # section 9.13: default-ignorable
    "]"
)

_RIGHT_TO_LEFT = frozenset(("R", "AL"))

# RFC 8264 section 5.2.1: fullwidth and halfwidth characters, by their decomposition ("<wide> 0041").
_WIDTHS = {
    code: chr(int(decomposition.split()[1], 16))
    for code in range(0xFF01, 0xFFEF)
    if (decomposition := unicodedata.decomposition(chr(code)))
}

_LOOKS = {
    ord(character): look
    for look, characters in (group.split("=") for group in CONFUSABLES.split())
    for character in characters
}
_ASCII_LOOKS = {code: _LOOKS.get(code, chr(code).lower()) for code in range(128)}


def nickname(text: str) -> str:
    """The name a person asked for by typing `text`, as it will be shown.

    1 to 32 letters, digits, "_" or "-", starting with a letter; blanks around it are dropped.
    Raises BadName, or NameReserved for a word in `RESERVED` and what looks like one.
    """
    name = _written(text)
    if len(name) > NICKNAME_LENGTH or not _is_spelt(_NICKNAME, name):
        raise BadName(text)
    if skeleton(name) in _RESERVED_LOOKS:
        raise NameReserved(name)
    return name


def room_name(text: str) -> str:
    """The room a person meant by typing `text`, as it will be shown; people type "#dev" for "dev".

    1 to 64 letters, digits, "_", "-" or ".", starting with a letter or digit; blanks around it are dropped.
    Raises BadRoomName.
    """
    name = _written(text).removeprefix("#")
    if len(name) > ROOM_NAME_LENGTH or not _is_spelt(_ROOM_NAME, name):
        raise BadRoomName(text)
    return name


def fold(name: str) -> str:
    """The key under which a name is registered: equal for names that differ in case or width only.

    Full case folding between normalisations, as Unicode's canonical caseless match (D145) has it.  RFC 8265 would
    rather have lower case; folding also makes one of ß and ss, and of σ and ς.  fold(fold(name)) == fold(name).
    """
    if name.isascii():
        folded = name.lower()
        return name if folded == name else folded  # most names need no second one in memory
    decomposed = unicodedata.normalize("NFD", name.translate(_WIDTHS))
    return unicodedata.normalize("NFC", decomposed.casefold())


@lru_cache(NAMES)
def skeleton(name: str) -> str:
    """What a name looks like: a key to compare, not to show.

    Equal, always, for names that look alike in the case they are shown in, that is with the same UTS #39 section 4
    skeleton.  Equal also for names with the same `fold`, except where a capital looks like one Latin letter and its
    small letter like another: with Ν like N and ν like v both promises would make n and v one.  Those are Greek Ββ Γγ
    Ηη Νν Υυ and the iota subscript, Cyrillic Бб Ҋҋ, Latin ƁƊƓƘƤƬƳ Ɖ Ƽ Ꞵ, Cherokee Ꭴ, four letters of Warang Citi.

    Of ASCII, 1 I i L l are one, 0 O o are one, and m is rn; else only case is lost.  So numbered names stay apart.
    skeleton(skeleton(name)) == skeleton(name).
    """
    if name.isascii():
        looks = name.translate(_ASCII_LOOKS)
        return name if looks == name else looks
    looks = unicodedata.normalize("NFD", name).translate(_LOOKS)
    return unicodedata.normalize("NFD", looks.casefold())


_RESERVED_LOOKS = frozenset(map(skeleton, RESERVED))


def _written(text: str) -> str:
    """`text` without blanks around it, in the usual width and in NFC."""
    name = text.strip(_BLANKS)
    return name if name.isascii() else unicodedata.normalize("NFC", name.translate(_WIDTHS))


def _is_spelt(grammar: re.Pattern[str], name: str) -> bool:
    """True if the kinds of the characters of `name` match `grammar`, and nothing else speaks against it."""
    if name.isascii():
        return grammar.fullmatch(name.translate(_ASCII_KINDS)) is not None
    kinds = "".join(map(_kind, name))
    return (
        grammar.fullmatch(kinds) is not None
        and _REFUSED.search(name) is None
        and unicodedata.is_normalized("NFKC", name)
        and _runs_one_way(name)
    )


def _kind(character: str) -> str:
    """The kind of a character as the grammars write it, "?" for one of no use."""
    return character if character in _JOINERS else _KINDS.get(unicodedata.category(character), "?")


_ASCII_KINDS = {code: _kind(chr(code)) for code in range(128)}


def _runs_one_way(name: str) -> bool:
    """True if no letters of `name` run against each other: RFC 5893 section 2, rules 1, 2 and 5, in spirit."""
    directions = [unicodedata.bidirectional(character) for character in name]
    if _RIGHT_TO_LEFT.isdisjoint(directions):
        return True
    return directions[0] in _RIGHT_TO_LEFT and "L" not in directions
