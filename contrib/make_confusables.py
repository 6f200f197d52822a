"""Make `chat/core/confusables.py`: which characters of a name look like which.

    apt-get install python3-icu
    /usr/bin/python3 contrib/make_confusables.py > chat/core/confusables.py

It needs PyICU, for `uspoof_getSkeleton`: the prototypes of confusables.txt (UTS #39 section 4).  The Unicode version is
that of ICU, and the module made says which (ICU 72 of Debian 12: Unicode 15.0).  The same ICU gives the same module.
What could not be had is told on stderr.

Three laws, the first before the second, the second before the third:

1. Characters with the same prototype get the same look.
2. Two plain characters (ASCII letters, digits, "-", "_", ".") get different looks, but for those that confusables.txt
   and the case of letters make one: 1 I i L l, and 0 O o.
3. A letter looks the same in both cases.  So prototypes are made one: B is ʙ, as В looks like the one and в like the
   other.  Where that would break the second law it is not done: Ν looks like N and ν like v, and n is not v.
"""

from __future__ import annotations

import sys
import textwrap
from collections import defaultdict
from collections.abc import Iterator

import icu  # type: ignore

PUNCTUATION = "-_."
CYRILLIC = range(0x400, 0x530)
NFD = icu.Normalizer2.getNFDInstance()
NFKC = icu.Normalizer2.getNFKCInstance()
SPOOF = icu.SpoofChecker()

MODULE = '''\
"""Which characters of a name look like which: Unicode {unicode}, from ICU {icu}.  Made by contrib/make_confusables.py.

Data from Unicode's confusables.txt, (c) Unicode, Inc., under https://www.unicode.org/license.txt (Unicode-DFS-2016).
"""

from typing import Final

CONFUSABLES: Final = """\\
{groups}
"""
"""Groups parted by blanks, each one `LOOK=CHARACTERS`: in a name, every one of CHARACTERS looks like LOOK."""'''
GROUP_SIZE = 10


def prototype(text: str) -> str:
    """What confusables.txt makes of `text`: its UTS #39 skeleton."""
    return str(SPOOF.getSkeleton(0, text))


def case_folded(text: str) -> str:
    """`text` under the full case folding of CaseFolding.txt."""
    return str(icu.UnicodeString(text).foldCase())


def is_mark(character: str) -> bool:
    """True for the combining marks, M*."""
    return icu.Char.charType(character) in (
        icu.UCharCategory.NON_SPACING_MARK,
        icu.UCharCategory.ENCLOSING_MARK,
        icu.UCharCategory.COMBINING_SPACING_MARK,
    )


def is_plain(character: str) -> bool:
    """True for what a name in plain ASCII is made of."""
    return character.isascii() and (character.isalnum() or character in PUNCTUATION)


def may_stand_in_a_name(character: str) -> bool:
    """True for letters, marks and decimal digits that NFKC keeps: all that `names` accepts, and little more."""
    if is_plain(character):
        return True
    return (
        (icu.Char.isalpha(character) or icu.Char.isdigit(character) or is_mark(character))
        and not character.isascii()
        and NFKC.normalize(character) == character
        and not icu.Char.hasBinaryProperty(character, icu.UProperty.DEFAULT_IGNORABLE_CODE_POINT)
    )


def characters() -> list[str]:
    """Every character of the NFD form of a name, in code point order."""
    found: set[str] = set()
    for code in range(sys.maxunicode + 1):
        if may_stand_in_a_name(chr(code)):
            found.update(NFD.normalize(chr(code)))
    return sorted(found)


def without_common_ends(one: str, other: str) -> tuple[str, str]:
    """What is left of two strings when the start and then the end that they share are taken off."""
    while one and other and one[0] == other[0]:
        one, other = one[1:], other[1:]
    while one and other and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    return one, other


class Looks:
    """The look of each prototype character: itself, unless `settle` has found it another."""

    def __init__(self) -> None:
        self.found = {"1": "l", "I": "l", "i": "l", "0": "o", "O": "o"}
        self.found.update((letter, letter.lower()) for letter in "ABCDEFGHJKLMNPQRSTUVWXYZ")
        self.found["m"] = prototype("m")

    def look(self, text: str) -> str:
        """`text`, each character replaced until nothing more is known of it.

        Again and again, as a few prototypes have one themselves: ҋ has й, and и has ᴎ.
        """
        known = "".join(self.found.get(c, c) for c in prototype(text))
        return known if known == text else self.look(known)

    def settle(self, one: str, other: str) -> bool:
        """Give two strings the same look, and say whether that could be done.

        The difference must come down to one character that is not plain; that one takes the look of the rest.
        """
        one, other = without_common_ends(self.look(one), self.look(other))
        ways = [way for way in ((one, other), (other, one)) if self.may_become(*way)]
        if one != other and ways:
            character, rest = min(ways, key=lambda way: (case_folded(way[0]) == way[0], way))
            self.found[character] = rest
        return one == other or bool(ways)

    def may_become(self, text: str, rest: str) -> bool:
        """True if `text` is one character, free to look like `rest`.  A mark and what is not one never look alike."""
        return (
            len(text) == 1
            and text not in rest
            and not (text.isascii() and is_plain(text))
            and not is_mark(text)
            and not all(map(is_mark, rest))
        )


def both_cases_settled(looks: Looks, names: list[str]) -> Iterator[str]:
    """Settle each letter with its other case, and yield those for which that was not possible.

    Cyrillic comes first: Γ may side with г, which looks like r, or with γ, which looks like y.
    """
    cased = [c for c in names if case_folded(c) != c]
    for letter in sorted(cased, key=lambda c: (ord(c) not in CYRILLIC, c)):
        if not looks.settle(letter, case_folded(letter)):
            yield letter


def escaped(text: str) -> str:
    """`text` as it stands in a Python string, with all that is not plain as an escape: no source runs right to left."""
    return "".join(c if is_plain(c) else f"\\u{ord(c):04x}" if ord(c) < 0x10000 else f"\\U{ord(c):08x}" for c in text)


def groups(looks: Looks, names: list[str]) -> Iterator[str]:
    """The groups of the table: a look, then the characters that case folding alone would not give that look."""
    alike = defaultdict(list)
    for character in names:
        look = case_folded(looks.look(character))
        if look != case_folded(character):
            alike[look].append(character)
    for look, found in sorted(alike.items()):
        for start in range(0, len(found), GROUP_SIZE):
            yield f"{escaped(look)}={escaped(''.join(found[start : start + GROUP_SIZE]))}"


def unfit(looks: Looks, names: list[str]) -> list[str]:
    """Looks that look like something else, or would break the table: there must be none.

    Were there any, the skeleton of a skeleton would be another one.
    """
    found = {case_folded(looks.look(c)) for c in names}
    changing = {look for look in found if case_folded(looks.look(look)) != look}
    return sorted(changing | {look for look in found if "=" in look or look.split() != [look]})


def main() -> None:
    """Print the module; tell on stderr the letters whose two cases look different."""
    names, looks = characters(), Looks()
    apart = list(both_cases_settled(looks, names))
    if wrong := unfit(looks, names):
        raise SystemExit(f"These looks will not do: {wrong}")
    text = textwrap.fill(" ".join(groups(looks, names)), 120, break_long_words=False, break_on_hyphens=False)
    print(MODULE.format(unicode=icu.UNICODE_VERSION, icu=icu.ICU_VERSION, groups=text))
    print("Letters whose two cases look different:", *(f"{c} U+{ord(c):04X}," for c in apart), file=sys.stderr)


if __name__ == "__main__":
    main()
