"""Text that is safe for a terminal: what people type is cleaned before it is kept, and again when it is shown."""

from __future__ import annotations

import re

#: Controls that have no business in a line: C0, DEL, C1, and the separators that some terminals break at.
CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
#: What drives a terminal, whole (ECMA-48): control sequences, strings, shifts, designations.  An arrow key types one.
ESCAPES = re.compile(
    "(?:\x1b\\[|\x9b)[0-?]*[ -/]*[@-~]"
    "|(?:\x1b[PX\\]^_]|[\x90\x98\x9d-\x9f])[^\x00-\x1f\x7f-\x9f]*(?:\x07|\x1b\\\\|\x9c)"
    "|\x1b[NO ][@-~]|\x1b[#-/]+[0-~]"
)
#: IRC formatting with its arguments: colour, hex colour, and the switches.
FORMATTING = re.compile(
    "\x03(?:[0-9]{1,2}(?:,[0-9]{1,2})?)?|\x04(?:[0-9A-Fa-f]{6}(?:,[0-9A-Fa-f]{6})?)?|[\x02\x0f\x11\x16\x1d\x1e\x1f]"
)
#: Embeddings, overrides and isolates of the bidirectional algorithm (UAX 9), and what closes them.
BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
POP_EMBEDDING, POP_ISOLATE = "\u202c", "\u2069"


def typed(text: str) -> str:
    """What somebody typed, without controls; a tab is a blank."""
    return CONTROLS.sub("", ESCAPES.sub("", text.replace("\t", " "))) if CONTROLS.search(text) else text


def shown(text: str) -> str:
    """What any wire has stored, so that it can neither drive nor reorder the reader's terminal."""
    if CONTROLS.search(text):
        text = typed(FORMATTING.sub("", text))
    return close_bidi(text) if BIDI.search(text) else text


def close_bidi(text: str) -> str:
    """Close the embeddings and isolates that are open at the end, and drop closings of nothing.

    The end of an isolate closes the embeddings in it; that of an embedding closes no isolate (UAX 9, X6a and X7).
    """
    open_: list[str] = []
    kept = []
    for letter in text:
        if letter in "\u202a\u202b\u202d\u202e":
            open_.append(POP_EMBEDDING)
        elif letter in "\u2066\u2067\u2068":
            open_.append(POP_ISOLATE)
        elif letter == POP_EMBEDDING:
            if open_[-1:] != [letter]:
                continue
            open_.pop()
        elif letter == POP_ISOLATE:
            if letter not in open_:
                continue
            while open_.pop() != letter:
                pass
        kept.append(letter)
    return "".join(kept + open_[::-1])
