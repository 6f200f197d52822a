"""What a search asks for: words, with a few forms that people know from elsewhere."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from chat.core.refusals import BadSearch

PART = re.compile(r"[^\W_]+")
#: What unicode61, the tokenizer of SQLite, takes for accents.
ACCENTS = dict.fromkeys(range(0x300, 0x331))


class Term(NamedTuple):
    """A word to look for; with `prefix` every word that begins so.

    A word with other characters inside (`don't`, `3.5`) is its parts, one behind the other.
    """

    word: str
    prefix: bool

    def expression(self) -> str:
        """The term for FTS5: between quotes nothing in it is an operator."""
        return '"' + self.word.replace('"', '""') + '"' + ("*" if self.prefix else "")

    def occurs(self, words: list[str]) -> bool:
        """Whether the parts of this word stand somewhere in `words`, as `words_of` gives them."""
        parts = words_of(self.word)
        *whole, last = parts
        for start in range(len(words) - len(parts) + 1):
            here = words[start : start + len(parts)]
            if here[:-1] == whole and (here[-1].startswith(last) if self.prefix else here[-1] == last):
                return True
        return False


def terms(text: str) -> list[Term]:
    """What `text` asks for; BadSearch if that is nothing.  `tea*` is a prefix; a quote or a star alone is nothing."""
    clean = text.encode("utf-8", "replace").decode().replace("\0", " ")
    found = dict.fromkeys(Term(word.rstrip("*"), word.endswith("*")) for word in clean.split() if PART.search(word))
    if not found:
        raise BadSearch(text)
    return list(found)


def words_of(text: str) -> list[str]:
    """The words of a text as they are compared: without case and accents."""
    bare = unicodedata.normalize("NFD", text.lower()).translate(ACCENTS)
    return PART.findall(unicodedata.normalize("NFC", bare))
