"""Texts that are more than one line of IRC: a batch for clients that know it, lines for others (draft/multiline)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from chat.irc.message import LONGEST, Message

MULTILINE = "draft/multiline"
CONCAT = "draft/multiline-concat"
#: Lines and bytes of one multiline message that a client may send.
MOST_LINES, MOST_BYTES = 32, 4096
#: Bytes of text in a line, so that it fits behind most sources and targets (multiline, "Splitting long lines").
PIECE = 350

ACTION, END = "\x01ACTION ", "\x01"

#: A part of a text, and whether it goes on where the one before ended, on the same line.
Piece = tuple[str, bool]


def is_batch(lines: Sequence[Message]) -> bool:
    """Whether lines are one batch, which can have a label itself."""
    return bool(lines) and lines[-1].command == "BATCH" and lines[-1].params[0][1:] == lines[0].params[0][1:]


def fits(message: Message) -> bool:
    """Whether a client could have sent this text as one line; our source in front may make it longer then."""
    text = message.params[-1]
    size = len(message.command) + len(message.params[0]) + len(text)
    return "\n" not in text and (size * 4 < LONGEST or len(message.untagged().encode()) <= LONGEST - 2)


def fits_with_source(message: Message) -> bool:
    """Whether the text is one line for others, too, who see from whom it is."""
    return len(f":{message.source} {message.untagged()}".encode()) <= LONGEST - 2


def several(message: Message, joints: Sequence[int], batch: str) -> list[Message]:
    """A message with a text that does not fit as the lines it takes, in a batch of that name if there is a name.

    `joints` are the places where the text was cut before.  What the tags say of the whole is said once.
    """
    *target, text = message.params
    action = text.startswith(ACTION)
    if action:
        text = text[len(ACTION) :].removesuffix(END)
    room = LONGEST - 2 - len(f"{message.command} {target[0]} :{ACTION}{END}".encode())
    parts = list(pieces(text, joints, min(PIECE, room)))
    if batch:
        return _batch(message, parts, action, batch)
    lines = []
    tags = message.tags
    for part, _ in parts:
        if part:
            lines.append(Message(message.command, [*target, f"{ACTION}{part}{END}" if action else part], tags=tags))
            tags = {key: value for key, value in tags.items() if key != "msgid"}
    for line in lines:
        line.source = message.source
    return lines


def _batch(message: Message, parts: list[Piece], action: bool, batch: str) -> list[Message]:
    *target, _ = message.params
    if action:
        parts[0] = ACTION + parts[0][0], parts[0][1]
        parts[-1] = parts[-1][0] + END, parts[-1][1]
    common = {"batch": batch} | ({"time": message.tags["time"]} if "time" in message.tags else {})
    inner = [
        Message(message.command, [*target, part], message.source, common | ({CONCAT: ""} if goes_on else {}))
        for part, goes_on in parts
    ]
    start = Message("BATCH", [f"+{batch}", MULTILINE, *target], message.source, message.tags)
    return [start, *inner, Message("BATCH", [f"-{batch}"], message.source)]


def pieces(text: str, joints: Sequence[int], most: int = PIECE) -> Iterator[Piece]:
    """A text cut at its line breaks, at its joints, and wherever it is still too long for a line."""
    start = 0
    for line in text.split("\n"):
        places = [0, *(joint - start for joint in joints if 0 < joint - start < len(line)), len(line)]
        goes_on = False
        for begin, end in pairwise(places):
            for part in pieces_of_line(line[begin:end], most):
                yield part, goes_on
                goes_on = True
        start += len(line) + 1


def pieces_of_line(text: str, most: int) -> Iterator[str]:
    """A line cut into pieces of at most `most` bytes, behind a blank if one is near."""
    while len(text) * 4 > most and len(raw := text.encode()) > most:
        cut = len(raw[:most].decode(errors="ignore"))
        cut = text.rfind(" ", cut // 2, cut) + 1 or cut
        yield text[:cut]
        text = text[cut:]
    yield text
