"""The grammar of an IRC line: RFC 1459 section 2.3.1, and IRCv3 message tags.

    @tag=value;other :nick!user@host PRIVMSG #tea :hello there
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

#: Bytes of a line without tags, its end included (RFC 1459, section 2.3).
LONGEST = 512
#: Bytes of tags: all that a server sends, and those that a client may send (message-tags, "Size limit").
LONGEST_TAGS = 8191
LONGEST_CLIENT_TAGS = 4094

KEY = re.compile(r"\+?(?:[A-Za-z0-9.-]+/)?[A-Za-z0-9-]+")
ESCAPES = {";": r"\:", " ": r"\s", "\\": r"\\", "\r": r"\r", "\n": r"\n"}
UNESCAPES = {":": ";", "s": " ", "\\": "\\", "r": "\r", "n": "\n"}
#: What would end a line is a blank in it.
ONE_LINE = bytes.maketrans(b"\0\r\n", b"   ")
blank_in = re.compile("[ \0\r\n]").search
ESCAPED = re.compile(r"\\(.?)", re.DOTALL)
TO_ESCAPE = re.compile(r"[; \\\r\n]")


class NoMessage(ValueError):
    """Bytes that are no IRC line; the text says why."""


def middle(text: str) -> str:
    """What somebody sent as a parameter that others follow: * if it cannot be one."""
    return text if text and text[0] != ":" and not blank_in(text) else "*"


def one_line(text: str) -> str:
    """A text without what would end a line."""
    return text.translate({0: " ", 10: " ", 13: " "})


def clipped(text: str, size: int) -> str:
    """As much of a text, on one line, as fits into so many bytes."""
    return " ".join(text.split("\n")).encode()[:size].decode("utf-8", "ignore")


def escape(value: str) -> str:
    """A tag value as it is sent."""
    return TO_ESCAPE.sub(lambda match: ESCAPES[match[0]], value)


def unescape(value: str) -> str:
    """A tag value as it was meant; a lone backslash at the end and unknown escapes lose the backslash."""
    return ESCAPED.sub(lambda match: UNESCAPES.get(match[1], match[1]), value) if "\\" in value else value


@dataclass(slots=True)
class Message:
    """One line: a command with its parameters, from somebody, with tags.  A tag without a value has an empty one."""

    command: str
    params: Sequence[str] = ()
    source: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def parse(cls, line: str) -> Message:
        """A line without its end; NoMessage."""
        tags: Mapping[str, str] = {}
        if line[:1] == "@":
            raw, _, line = line[1:].partition(" ")
            tags = parse_tags(raw)
            line = line.lstrip(" ")
        source = ""
        if line[:1] == ":":
            source, _, line = line[1:].partition(" ")
            line = line.lstrip(" ")
        head, colon, trailing = line.partition(" :")
        words = [word for word in head.split(" ") if word]
        if not words or words[0][0] == ":":
            raise NoMessage("there is no command in it")
        if colon:
            words.append(trailing)
        return cls(words[0].upper(), words[1:], source, tags)

    def __str__(self) -> str:
        """The line without its end.  The last parameter is the only one that may be empty or have blanks."""
        tags = f"@{format_tags(self.tags)} " if self.tags else ""
        source = f":{self.source} " if self.source else ""
        return tags + source + self.untagged()

    def untagged(self) -> str:
        """The command with its parameters."""
        if not self.params:
            return self.command
        *others, last = self.params
        if not last or last[0] == ":" or " " in last or blank_in(last):
            last = ":" + last
        return " ".join([self.command, *map(middle, others), last])

    def encode(self) -> bytes:
        """The line as it is sent, with its end: never two lines, and never so long that a client would cut it.

        What is too long behind the source loses its end; a text for people was made to fit before.
        """
        head = (f"@{format_tags(self.tags)} " if self.tags else "") + (f":{self.source} " if self.source else "")
        text = self.untagged()
        if len(text) <= LONGEST - 2 and (line := head + text).isascii() and line.isprintable():
            return f"{line}\r\n".encode()
        rest = text.encode("utf-8", "replace").translate(ONE_LINE)
        if len(rest) > LONGEST - 2:
            rest = rest[: LONGEST - 2].decode("utf-8", "ignore").rstrip(" ").encode()
        return head.encode("utf-8", "replace").translate(None, b"\0\r\n") + rest + b"\r\n"


@cache
def bare(command: str) -> Message:
    """A command, one for all who gave it: for where it is held until the next one comes, and no more of it matters."""
    return Message(command)


def rows(words: Iterable[str], separator: str = " ", most: int = 380) -> Iterator[str]:
    """Words in as few lines as they need, each of at most `most` bytes."""
    row, size = "", 0
    for word in words:
        length = len(separator) + len(word.encode())
        if row and size + length > most:
            yield row
            row, size = "", 0
        size += length
        row += (separator if row else "") + word
    if row:
        yield row


def parse_tags(raw: str) -> dict[str, str]:
    """Tags as they stand between @ and the blank; of a key that comes twice the last counts; bad keys are dropped."""
    tags = {}
    for tag in raw.split(";"):
        key, _, value = tag.partition("=")
        if KEY.fullmatch(key):
            tags[key] = unescape(value)
    return tags


def format_tags(tags: Mapping[str, str]) -> str:
    """Tags as they stand between @ and the blank."""
    if TO_ESCAPE.search("".join(tags.values())):
        tags = {key: escape(value) for key, value in tags.items()}
    return ";".join([f"{key}={value}" if value else key for key, value in tags.items()])


def is_text(line: bytes) -> bool:
    """Whether a line is UTF-8."""
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def shown_host(host: str) -> str:
    """An address as it may stand in a line: one that begins with a colon gets a zero in front."""
    return f"0{host}" if host.startswith(":") else host
