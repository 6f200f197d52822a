"""What the value of a setting may be: each function takes what somebody wrote, on the command line or in TOML.

It returns the value of the setting, or raises ConfigError with the end of a sentence, which `chat.config` begins with
the place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from ipaddress import ip_network


class ConfigError(Exception):
    """A setting cannot be used; str() is one sentence for the person who wrote it."""


def shown(raw: object) -> str:
    """A value as the person wrote it, near enough, and never longer than a line."""
    text = json.dumps(raw, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else text[:57] + "..."


def text(raw: object) -> str:
    if not isinstance(raw, str) or "\0" in raw:
        raise ConfigError(f"must be text in quotes, not {shown(raw)}.")
    return raw


def server_name(raw: object) -> str:
    """RFC 1459 section 1.1: at most 63 characters. It stands alone at the head of IRC lines, so it is one word."""
    name = text(raw)
    if not re.fullmatch(r"([A-Za-z0-9][A-Za-z0-9._-]{0,62})?", name):
        raise ConfigError(f'must be like a host name, such as "chat.example.org", at most 63 long, not {shown(raw)}.')
    return name


def room(raw: object) -> str:
    name = text(raw)
    if not name or not name.isprintable() or re.search(r"[\s,#]", name):
        raise ConfigError(f'must be the name of a room, such as "lobby", without "#", not {shown(raw)}.')
    return name


def endpoints(raw: object) -> tuple[str, ...]:
    given = [raw] if isinstance(raw, str) else raw
    if not isinstance(given, (list, tuple)) or not given or not all(isinstance(e, str) and e.strip() for e in given):
        raise ConfigError(f'must be one endpoint such as "tcp:5050", or a list of them, not {shown(raw)}.')
    return tuple(given)


def nicknames(raw: object) -> tuple[str, ...]:
    given = [raw] if isinstance(raw, str) else raw
    if not isinstance(given, (list, tuple)) or not all(isinstance(name, str) and name.isprintable() for name in given):
        raise ConfigError(f'must be a name such as "admin", or a list of them, not {shown(raw)}.')
    return tuple(name for name in given if name)


def origins(raw: object) -> tuple[str, ...]:
    """As browsers say them (RFC 6454, section 6.2): without a path, and without the port that a scheme has anyway."""
    given = raw if isinstance(raw, (list, tuple)) else [raw]
    good = re.compile(r"\*|[A-Za-z][A-Za-z0-9+.-]*://[^\s/?#@]+")
    if not all(isinstance(each, str) and good.fullmatch(each) for each in given):
        raise ConfigError(f'must be a site such as "https://example.org", "*", or a list of them, not {shown(raw)}.')
    return tuple(given)


def capabilities(raw: object) -> tuple[str, ...]:
    given = [raw] if isinstance(raw, str) else raw
    if not isinstance(given, (list, tuple)) or not all(re.fullmatch(r"[a-z0-9./-]+", str(each)) for each in given):
        raise ConfigError(f'must be an IRC capability such as "sasl", or a list of them, not {shown(raw)}.')
    return tuple(map(str, given))


def count(raw: object) -> int:
    if isinstance(raw, str) and re.fullmatch(r"[0-9]{1,9}", raw):
        return int(raw)
    if not isinstance(raw, int) or isinstance(raw, bool) or raw < 0:
        raise ConfigError(f"must be a whole number, 0 or more, not {shown(raw)}.")
    return raw


def duration(raw: object) -> int | None:
    """Seconds, or days as "30d"; None for off."""
    if raw in (None, "off"):
        return None
    found = re.fullmatch(r"([0-9]{1,9})(d?)", str(raw))
    if not found or isinstance(raw, bool):
        raise ConfigError(f'must be "off", seconds, or days such as "30d", not {shown(raw)}.')
    return int(found[1]) * (86_400 if found[2] else 1)


#: What stands behind a number of bytes: 25M is 25,000,000 of them, 25Mi 26,214,400.
UNITS = {"": 1, "k": 10**3, "M": 10**6, "G": 10**9, "T": 10**12, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40}


def size(raw: object) -> int:
    """A number of bytes: 25000000, "25M", "25 MB" or "25MiB"."""
    found = re.fullmatch(r"([0-9]{1,15}) ?([kKMGT]?i?)B?", str(raw))
    unit = found[2].replace("K", "k").replace("ki", "Ki") if found else None
    if found is None or unit not in UNITS or isinstance(raw, bool):
        raise ConfigError(f'must be a number of bytes such as 25000000, "25M" or "1G", not {shown(raw)}.')
    return int(found[1]) * UNITS[unit]


def url(raw: object) -> str:
    """Where browsers find this server, without a "/" at the end."""
    given = text(raw)
    if not re.fullmatch(r"(https?://[!-~]+)?", given) or set(given) & set("?#=\\\"<>"):
        raise ConfigError(f'must be like "https://chat.example.org", not {shown(raw)}.')
    return given.rstrip("/")


def switch(raw: object) -> bool:
    word = str(raw).lower()
    if word in ("true", "on", "yes"):
        return True
    if word in ("false", "off", "no"):
        return False
    raise ConfigError(f"must be true or false, not {shown(raw)}.")


def one_of(*choices: str) -> Callable[[object], str]:
    def convert(raw: object) -> str:
        if raw not in choices:
            quoted = [f'"{choice}"' for choice in choices]
            raise ConfigError(f"must be {', '.join(quoted[:-1])} or {quoted[-1]}, not {shown(raw)}.")
        return str(raw)

    return convert


def flood_limit(flood: str) -> tuple[int, float] | None:
    if flood == "off":
        return None
    match = re.fullmatch(r"([0-9]{1,9})/([0-9]{1,9}(?:\.[0-9]{1,9})?)", flood)
    burst, rate = (int(match[1]), float(match[2])) if match else (0, 0.0)
    if burst < 1 or rate <= 0:
        raise ConfigError(f'must be "off", or burst/lines per second such as "10/2", not {shown(flood)}.')
    return burst, rate


def flood(raw: object) -> str:
    flood = text(raw)
    flood_limit(flood)
    return flood


#: Names with their secrets: an argon2id hash in the PHC form, or `file:` and the path of a file with one or the other.
Secrets = tuple[tuple[str, str], ...]


def secrets(raw: object) -> Secrets:
    """A TOML table, or `NAME=SECRET` again and again."""
    given = [raw] if isinstance(raw, str) else raw
    if isinstance(given, dict):
        pairs = list(given.items())
    elif isinstance(given, (list, tuple)):
        pairs = [(name, secret) for name, _, secret in (str(each).partition("=") for each in given)]
    else:
        pairs = [("", "")]
    for name, secret in pairs:
        if not re.fullmatch(r"[!-~]+", name) or not re.match(r"\$argon2id\$|file:.", str(secret)):
            raise ConfigError('must be names with their secrets: an argon2id hash "$argon2id$..." or "file:PATH".')
    return tuple((name, str(secret)) for name, secret in pairs)


def gateways(raw: object) -> Secrets:
    """The same, by the address of a gateway or the network it is in."""
    pairs = secrets(raw)
    for address, _ in pairs:
        try:
            ip_network(address)
        except ValueError:
            raise ConfigError(f"must begin with an address or a network, not {shown(address)}.") from None
    return pairs


def networks(raw: object) -> tuple[str, ...]:
    given = [raw] if isinstance(raw, str) else raw
    if not isinstance(given, (list, tuple)):
        given = [raw]
    for each in given:
        try:
            ip_network(text(each))
        except (ConfigError, ValueError):
            raise ConfigError(f'must be networks such as "127.0.0.1/32", not {shown(each)}.') from None
    return tuple(given)


def user_modes(raw: object) -> str:
    modes = text(raw).removeprefix("+")
    if not set(modes) <= set("BRTiw"):
        raise ConfigError(f'must be some of B, R, T, i and w, such as "+i", not {shown(raw)}.')
    return modes
