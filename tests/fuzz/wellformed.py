"""What a line of IRC has to be like, whatever it is about: read from the specifications, not from our code.

RFC 1459 section 2.3.1, Modern IRC ("Message format"), IRCv3 message-tags ("Format", "Size limit").
"""

from __future__ import annotations

import re
from collections.abc import Iterator

#: What may not stand in a name, of a person or a server, a user name or a host: blanks, controls, formatting, and
#: what cannot be seen or turns the direction of writing.
UNFIT = re.compile("[\\s\x00-\x20\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
TAG = re.compile(r"\+?(?:[A-Za-z0-9.-]+/)?[A-Za-z0-9-]+(?:=[^\0\r\n; ]*)?")
COMMAND = re.compile(r"[A-Z]+|[0-9]{3}")
NAME = re.compile(r"\*|[^\s\d:#&*@!,?][^\s:*@!,?]*")


def flaws(line: bytes) -> Iterator[str]:
    """What is wrong with a line of the server's, without its CR LF, in words."""
    try:
        text = line.decode()
    except UnicodeDecodeError:
        yield "it is not UTF-8"
        return
    if re.search("[\0\r\n]", text):
        yield "there is NUL, CR or LF in it"
    rest = text
    if rest.startswith("@"):
        tags, _, rest = rest.partition(" ")
        if len(tags.encode()) + 1 > 8191:
            yield f"its tags have {len(tags.encode()) + 1} bytes"
        yield from (f"{tag!r} is no tag" for tag in tags[1:].split(";") if not TAG.fullmatch(tag))
    source = ""
    if rest.startswith(":"):
        source, _, rest = rest[1:].partition(" ")
        if not source or UNFIT.search(source):
            yield f"{source!r} is no source"
    yield from flaws_of_rest(rest)


def flaws_of_rest(rest: str) -> Iterator[str]:
    """What is wrong with the command and its parameters."""
    if len(rest.encode()) + 2 > 512:
        yield f"it has {len(rest.encode()) + 2} bytes behind its source"
    head, _, _ = rest.partition(" :")
    command, *middle = head.split(" ")
    if not COMMAND.fullmatch(command):
        yield f"{command!r} is no command"
    elif not all(middle) or any(param.startswith(":") for param in middle):
        yield "a parameter in the middle is empty or begins with a colon"
    elif command.isdigit() and not (middle and NAME.fullmatch(middle[0])):
        yield "a numeric is not addressed"
    if len(middle) > 15:
        yield f"it has {len(middle)} parameters"
