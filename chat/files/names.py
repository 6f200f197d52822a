"""What a file is called, so that it harms neither disk nor terminal nor page of who gets it; and as HTTP says it."""

from __future__ import annotations

import re
import unicodedata
from email.message import Message
from email.utils import collapse_rfc2231_value
from urllib.parse import quote

#: Bytes of a name, and of the end of it that says what kind of file it is; characters of a name in an address.
LONGEST, LONGEST_SUFFIX, LONGEST_PLAIN = 150, 20, 40
NAMELESS = "file"
#: What some system takes for something else than a letter of a name.
SPECIAL = re.compile(r'[<>:"|?*\x7f]')
#: Names that are devices on Windows, whatever stands behind a full stop.
DEVICES = re.compile(r"(?i)(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9\u00b9\u00b2\u00b3]) *(\.|$)")
#: Letters that a name in an address may have without being encoded.
NOT_PLAIN = re.compile(r"[^A-Za-z0-9.-]+")


def cleaned(name: str) -> str:
    """A name as it is shown and handed on: the last part of a path, in one line, visible, and not too long."""
    name = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    name = " ".join("".join(" " if letter.isspace() else letter for letter in name if _is_seen(letter)).split(" "))
    name = re.sub(" +", " ", SPECIAL.sub("_", name)).strip(" .").lstrip(" .-")
    if DEVICES.match(name):
        name = f"_{name}"
    return _shortened(name, LONGEST, LONGEST_SUFFIX) or NAMELESS


def _is_seen(letter: str) -> bool:
    """Whether it is neither a control, nor orders what stands around it, nor is it none at all; blanks are."""
    return letter.isspace() or unicodedata.category(letter)[0] != "C"


def _shortened(name: str, most: int, most_of_suffix: int) -> str:
    """At most so many bytes of UTF-8, with its end, if that is a short one."""
    whole = name.encode()
    if len(whole) <= most:
        return name
    stem, dot, suffix = name.rpartition(".")
    end = f"{dot}{suffix}".encode()
    if not stem or len(end) > most_of_suffix:
        return whole[:most].decode("utf-8", "ignore").rstrip(" .")
    return whole[: most - len(end)].decode("utf-8", "ignore").rstrip(" .") + f".{suffix}"


def plain(name: str) -> str:
    """A clean name in the letters of an address, for those who read one: the name itself travels with the file."""
    ascii = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    stem, dot, suffix = NOT_PLAIN.sub("_", ascii).rpartition(".")
    stem, suffix = stem.strip("_.-"), suffix.strip("_.-")
    found = f"{stem or NAMELESS}.{suffix}" if dot and suffix else stem or suffix or NAMELESS
    return _shortened(found, LONGEST_PLAIN, LONGEST_SUFFIX)


def disposition(name: str) -> str:
    """The Content-Disposition of a file with a clean name (RFC 6266): it is to be kept, not shown."""
    if name.isascii() and "%" not in name:
        return f'attachment; filename="{name}"'
    return f"attachment; filename=\"{plain(name)}\"; filename*=UTF-8''{quote(name, safe='')}"


def named(field: bytes) -> str:
    """The name in a Content-Disposition, as it was sent (RFC 6266, and raw UTF-8); empty if there is none."""
    try:
        text = field.decode()
    except UnicodeDecodeError:
        text = field.decode("latin-1")
    message = Message()
    message["Content-Disposition"] = text
    found = [value for key, value in message.get_params([], "Content-Disposition") if key.lower() == "filename"]
    best = next((value for value in found if isinstance(value, tuple)), found[0] if found else "")
    return collapse_rfc2231_value(best)


def size_of(count: int) -> str:
    """A number of bytes as people read it: 84 kB, 1.2 MB."""
    value, units = float(count), ["B", "kB", "MB", "GB", "TB"]
    while value >= 999.5 and len(units) > 1:
        value /= 1000
        del units[0]
    return f"{value:.1f}".removesuffix(".0") + f" {units[0]}" if value < 9.95 else f"{value:.0f} {units[0]}"
