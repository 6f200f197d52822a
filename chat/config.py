"""The settings of the daemon: one frozen Config, from the command line and an optional TOML file.

Both use the same keys: the field's name with "-" for "_". The command line wins.
Each field carries in its metadata a one-line "help", and the "convert" that checks a value from either side: it returns
the value of the field, or raises ConfigError with the end of a sentence, which load() and merge() begin with the place.
"""

from __future__ import annotations

import difflib
import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Literal

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

DEFAULT_LISTEN = ("tcp:5050:interface=127.0.0.1",)


class ConfigError(Exception):
    """A setting cannot be used; str() is one sentence for the person who wrote it."""


def _shown(raw: object) -> str:
    """A value as the person wrote it, near enough, and never longer than a line."""
    text = json.dumps(raw, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else text[:57] + "..."


def _text(raw: object) -> str:
    if not isinstance(raw, str) or "\0" in raw:
        raise ConfigError(f"must be text in quotes, not {_shown(raw)}.")
    return raw


def _server_name(raw: object) -> str:
    """RFC 1459 section 1.1: at most 63 characters. It stands alone at the head of IRC lines, so it is one word."""
    name = _text(raw)
    if not re.fullmatch(r"([A-Za-z0-9][A-Za-z0-9._-]{0,62})?", name):
        raise ConfigError(f'must be like a host name, such as "chat.example.org", at most 63 long, not {_shown(raw)}.')
    return name


def _room(raw: object) -> str:
    name = _text(raw)
    if not name or not name.isprintable() or re.search(r"[\s,#]", name):
        raise ConfigError(f'must be the name of a room, such as "lobby", without "#", not {_shown(raw)}.')
    return name


def _endpoints(raw: object) -> tuple[str, ...]:
    given = [raw] if isinstance(raw, str) else raw
    if not isinstance(given, (list, tuple)) or not given or not all(isinstance(e, str) and e.strip() for e in given):
        raise ConfigError(f'must be one endpoint such as "tcp:5050", or a list of them, not {_shown(raw)}.')
    return tuple(given)


def _capabilities(raw: object) -> tuple[str, ...]:
    given = [raw] if isinstance(raw, str) else raw
    if not isinstance(given, (list, tuple)) or not all(re.fullmatch(r"[a-z0-9./-]+", str(each)) for each in given):
        raise ConfigError(f'must be an IRC capability such as "sasl", or a list of them, not {_shown(raw)}.')
    return tuple(map(str, given))


def _count(raw: object) -> int:
    if isinstance(raw, str) and re.fullmatch(r"[0-9]{1,9}", raw):
        return int(raw)
    if not isinstance(raw, int) or isinstance(raw, bool) or raw < 0:
        raise ConfigError(f"must be a whole number, 0 or more, not {_shown(raw)}.")
    return raw


def _duration(raw: object) -> int | None:
    """Seconds, or days as "30d"; None for off."""
    if raw in (None, "off"):
        return None
    found = re.fullmatch(r"([0-9]{1,9})(d?)", str(raw))
    if not found or isinstance(raw, bool):
        raise ConfigError(f'must be "off", seconds, or days such as "30d", not {_shown(raw)}.')
    return int(found[1]) * (86_400 if found[2] else 1)


def _switch(raw: object) -> bool:
    word = str(raw).lower()
    if word in ("true", "on", "yes"):
        return True
    if word in ("false", "off", "no"):
        return False
    raise ConfigError(f"must be true or false, not {_shown(raw)}.")


def _one_of(*choices: str) -> Callable[[object], str]:
    def convert(raw: object) -> str:
        if raw not in choices:
            quoted = [f'"{choice}"' for choice in choices]
            raise ConfigError(f"must be {', '.join(quoted[:-1])} or {quoted[-1]}, not {_shown(raw)}.")
        return str(raw)

    return convert


def _flood_limit(flood: str) -> tuple[int, float] | None:
    if flood == "off":
        return None
    match = re.fullmatch(r"([0-9]{1,9})/([0-9]{1,9}(?:\.[0-9]{1,9})?)", flood)
    burst, rate = (int(match[1]), float(match[2])) if match else (0, 0.0)
    if burst < 1 or rate <= 0:
        raise ConfigError(f'must be "off", or burst/lines per second such as "10/2", not {_shown(flood)}.')
    return burst, rate


def _flood(raw: object) -> str:
    flood = _text(raw)
    _flood_limit(flood)
    return flood


#: Names with their secrets: an argon2id hash in the PHC form, or `file:` and the path of a file with one or the other.
Secrets = tuple[tuple[str, str], ...]


def _secrets(raw: object) -> Secrets:
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


def _gateways(raw: object) -> Secrets:
    """The same, by the address of a gateway or the network it is in."""
    pairs = _secrets(raw)
    for address, _ in pairs:
        try:
            ip_network(address)
        except ValueError:
            raise ConfigError(f"must begin with an address or a network, not {_shown(address)}.") from None
    return pairs


def _networks(raw: object) -> tuple[str, ...]:
    given = [raw] if isinstance(raw, str) else raw
    if not isinstance(given, (list, tuple)):
        given = [raw]
    for each in given:
        try:
            ip_network(_text(each))
        except (ConfigError, ValueError):
            raise ConfigError(f'must be networks such as "127.0.0.1/32", not {_shown(each)}.') from None
    return tuple(given)


def _user_modes(raw: object) -> str:
    modes = _text(raw).removeprefix("+")
    if not set(modes) <= set("BRTiw"):
        raise ConfigError(f'must be some of B, R, T, i and w, such as "+i", not {_shown(raw)}.')
    return modes


def _setting(default: object, convert: Callable[[object], object], help: str) -> Any:
    return field(default=default, metadata={"help": help, "convert": convert})


@dataclass(frozen=True)
class Config:
    """Everything an operator can choose, checked; a field whose default is a tuple may be given again and again."""

    name: str = _setting("", _server_name, "Name of this server, shown to people [default: this host's name].")
    listen: tuple[str, ...] = _setting(
        (), _endpoints, f"Twisted endpoint for every wire; may be repeated [default: {DEFAULT_LISTEN[0]}]."
    )
    line: tuple[str, ...] = _setting((), _endpoints, "Twisted endpoint for the line protocol only; may be repeated.")
    tls_cert: str = _setting("", _text, "PEM file with the TLS certificate, its chain, and the key if it is there too.")
    tls_key: str = _setting("", _text, "PEM file with the private key of the TLS certificate.")
    sts: int | None = _setting(
        None,
        _duration,
        "How long an IRC client that was here over TLS may use nothing else (STS): seconds, or days such as 30d. "
        "Clients keep to it, so they stay out if TLS fails in that time; 0 has them forget it [default: off].",
    )
    sts_port: int = _setting(0, _count, "Port with TLS where sts sends IRC clients that come without.")
    sts_preload: bool = _setting(False, _switch, "Whether IRC clients may be delivered knowing that sts holds here.")
    database: str = _setting(
        "", _text, 'SQLite file, or ":memory:" [default: chat.sqlite in $STATE_DIRECTORY, else in this directory].'
    )
    irc: tuple[str, ...] = _setting((), _endpoints, "Twisted endpoint for IRC only; may be repeated.")
    network: str = _setting("Chat", _text, "Name of the network, as IRC clients show it [default: Chat].")
    info: str = _setting("a chat", _text, "What this server is, in a few words.")
    history_lines: int = _setting(
        200, _count, "Most lines of history that an IRC client gets at once [default: 200]."
    )
    motd: str = _setting("", _text, "Message of the day.")
    password: str = _setting("", _text, "Password that IRC clients have to give.")
    admin: str = _setting("", _text, "Who runs this server and how to reach them.")
    operators: tuple[tuple[str, str], ...] = _setting(
        (), _secrets, "NAME=SECRET of an operator: SECRET is an argon2id hash ($argon2id$...) or file:PATH; repeatable."
    )
    webirc: tuple[tuple[str, str], ...] = _setting(
        (), _gateways, "ADDRESS=SECRET of a WebIRC gateway that may say where its users come from; may be repeated."
    )
    proxy: tuple[str, ...] = _setting(
        (), _networks, "Network of proxies that say by the PROXY protocol who their clients are; may be repeated."
    )
    proxy_header: Literal["required", "optional"] = _setting(
        "required", _one_of("required", "optional"), "Whether a connection from a proxy has to begin with its header."
    )
    user_modes: str = _setting("", _user_modes, "Modes that IRC clients start with, such as +i.")
    register_early: bool = _setting(False, _switch, "Whether IRC clients may make an account before coming in.")
    always_on: bool = _setting(False, _switch, "Whether accounts stay here without a client unless they say otherwise.")
    shortest_password: int = _setting(8, _count, "How many characters a password has at least [default: 8].")
    register_email: bool = _setting(False, _switch, "Whether an account takes an address of mail.")
    lobby: str = _setting("lobby", _room, "Room that everyone starts in [default: lobby].")
    all: Literal["everyone", "members", "operators"] = _setting(
        "everyone", _one_of("everyone", "members", "operators"), "Who may use @all: everyone, members or operators."
    )
    without: tuple[str, ...] = _setting(
        (), _capabilities, "IRC capability that is not offered, such as draft/multiline; may be repeated."
    )
    names: Literal["unicode", "ascii"] = _setting(
        "unicode", _one_of("unicode", "ascii"), "Letters of nicknames: unicode, every script, or ascii."
    )
    flood: str = _setting("10/2", _flood, 'Burst/lines per second of one connection, or "off" [default: 10/2].')
    max_connections: int = _setting(0, _count, "Most connections at once; 0 means no limit.")
    max_per_address: int = _setting(0, _count, "Most connections at once from one address; 0 means no limit.")

    def __post_init__(self) -> None:
        if not (self.listen or self.line or self.irc):
            object.__setattr__(self, "listen", DEFAULT_LISTEN)

    @property
    def flood_limit(self) -> tuple[int, float] | None:
        """The flood limit as (burst in lines, lines per second), or None when it is off."""
        return _flood_limit(self.flood)

    def database_path(self, environ: Mapping[str, str]) -> str:
        """The SQLite file to open, or ":memory:"; systemd may name several state directories, and the first counts."""
        directory = environ.get("STATE_DIRECTORY", "").split(":")[0]
        return self.database or os.path.join(directory, "chat.sqlite")


def key_of(name: str) -> str:
    """The TOML key, and after "--" the long option, of the field of that name."""
    return name.replace("_", "-")


_NAMES = {key_of(setting.name): setting.name for setting in fields(Config)}
_CONVERT = {setting.name: setting.metadata["convert"] for setting in fields(Config)}


class ConfigFile(dict[str, object]):
    """The checked values of one TOML file by field name, and where in the file each stands."""

    def __init__(self, path: str, text: str) -> None:
        super().__init__()
        self.path = path
        self.text = text

    def place(self, key: str) -> str:
        """The file, and the line of a key when it can be told: "chat.toml, line 3"."""
        number = _line_of(self.text, key)
        return f"{self.path}, line {number}" if number else self.path

    def add(self, key: str, raw: object) -> None:
        """Check a value and keep it; ConfigError says which line cannot be used."""
        if key not in _NAMES:
            raise ConfigError(f"{self.place(key)}: {_no_such_key(key, raw)}")
        name = _NAMES[key]
        try:
            self[name] = _CONVERT[name](raw)
        except ConfigError as error:
            raise ConfigError(f"{self.place(key)}: {key} {error}") from None


def load(path: str) -> ConfigFile:
    """Read a TOML file; ConfigError says what in it cannot be used."""
    text = _read(path)
    file = ConfigFile(path, text)
    for key, raw in _parse(path, text).items():
        file.add(key, raw)
    return file


def merge(command_line: Mapping[str, object], file: Mapping[str, object]) -> Config:
    """One Config from raw options and the values of load(), or {}.

    Keys of the command line may be spelled with "-" or "_". None and an empty list mean "not given". Options that are
    no setting, such as the path of the file itself, are passed over.
    """
    options: dict[str, Any] = {}
    for key, name in _NAMES.items():
        raw = command_line.get(key, command_line.get(name))
        if raw is None or raw == []:
            continue
        try:
            options[name] = _CONVERT[name](raw)
        except ConfigError as error:
            raise ConfigError(f"--{key}: {error}") from None
    config = Config(**{**file, **options})
    for name, needed in _missing(config):
        key = key_of(name)
        place = f"--{key}:"
        if isinstance(file, ConfigFile) and name not in options:
            place = f"{file.place(key)}: {key}"
        raise ConfigError(f"{place} needs {needed} as well.")
    return config


def _missing(config: Config) -> Iterator[tuple[str, str]]:
    """Settings that mean nothing, or do harm, without another one."""
    if config.tls_key and not config.tls_cert:
        yield "tls_key", "tls-cert"
    doors = "".join(config.listen + config.irc)
    if config.sts and not (config.tls_cert or config.proxy or "ssl:" in doors):
        yield "sts", "tls-cert"
    if config.sts and not config.sts_port:
        yield "sts", "sts-port"


def _read(path: str) -> str:
    """The text of a file; a byte order mark, which Windows editors write, is dropped."""
    try:
        data = Path(path).read_bytes()
    except FileNotFoundError:
        raise ConfigError(f"{path}: there is no such file.") from None
    except OSError as error:
        raise ConfigError(f"{path}: it cannot be read: {(error.strerror or str(error)).lower()}.") from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        number = data.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{path}, line {number}: this is not UTF-8 text.") from None


_PLAINER = {
    "Invalid value": "invalid value; text must stand in quotes",
    "Cannot overwrite a value": "this key is given above already",
}


def _parse(path: str, text: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except ValueError as error:
        reason, _, at = str(error).partition(" (at ")
        told = re.match(r"line ([0-9]+)", at)
        number = int(told[1]) if told else text.rstrip("\n").count("\n") + 1
        reason = _PLAINER.get(reason, reason[:1].lower() + reason[1:])
        raise ConfigError(f"{path}, line {number}: this is not valid TOML: {reason}.") from None


def _no_such_key(key: str, raw: object) -> str:
    if isinstance(raw, dict):
        return f'there is no section "{key}"; all keys stand at the top of the file.'
    near = difflib.get_close_matches(key.lower(), _NAMES, 1)
    return f'there is no key "{key}".' + (f' Did you mean "{near[0]}"?' if near else "")


def _line_of(text: str, key: str) -> int | None:
    """The number of the line where a top-level key stands, or None.

    The parser does not tell. A line that looks like the key may be part of a longer string or list; it is the key
    itself only if everything before it is a whole document.
    """
    lines = text.split("\n")
    looks_like_it = re.compile(rf"""\s*\[{{0,2}}\s*["']?{re.escape(key)}["']?\s*[\].=]""")
    for index, line in enumerate(lines):
        if looks_like_it.match(line) and _is_whole("\n".join(lines[:index])):
            return index + 1
    return None


def _is_whole(text: str) -> bool:
    try:
        tomllib.loads(text)
    except ValueError:
        return False
    return True
