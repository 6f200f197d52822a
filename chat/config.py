"""The settings of the daemon: one frozen Config, from the command line and an optional TOML file.

Both use the same keys: the field's name with "-" for "_". The command line wins.
Each field carries in its metadata a one-line "help", and the "convert" that checks a value from either side: it returns
the value of the field, or raises ConfigError with the end of a sentence, which load() and merge() begin with the place.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal

from chat import values
from chat.values import ConfigError

DEFAULT_LISTEN = ("tcp:5050:interface=127.0.0.1",)


def _setting(default: object, convert: Callable[[object], object], help: str) -> Any:
    return field(default=default, metadata={"help": help, "convert": convert})


@dataclass(frozen=True)
class Config:
    """Everything an operator can choose, checked; a field whose default is a tuple may be given again and again."""

    name: str = _setting("", values.server_name, "Name of this server, shown to people [default: this host's name].")
    listen: tuple[str, ...] = _setting(
        (), values.endpoints, f"Twisted endpoint for every wire; may be repeated [default: {DEFAULT_LISTEN[0]}]."
    )
    line: tuple[str, ...] = _setting(
        (), values.endpoints, "Twisted endpoint for the line protocol only; may be repeated."
    )
    tls_cert: str = _setting(
        "", values.text, "PEM file with the TLS certificate, its chain, and the key if it is there too."
    )
    tls_key: str = _setting("", values.text, "PEM file with the private key of the TLS certificate.")
    sts: int | None = _setting(
        None,
        values.duration,
        "How long an IRC client that was here over TLS may use nothing else (STS): seconds, or days such as 30d. "
        "Clients keep to it, so they stay out if TLS fails in that time; 0 has them forget it [default: off].",
    )
    sts_port: int = _setting(0, values.count, "Port with TLS where sts sends IRC clients that come without.")
    sts_preload: bool = _setting(
        False, values.switch, "Whether IRC clients may be delivered knowing that sts holds here."
    )
    database: str = _setting(
        "",
        values.text,
        'SQLite file, or ":memory:" [default: chat.sqlite in $STATE_DIRECTORY, else in this directory].',
    )
    admin_socket: str = _setting(
        "", values.text, 'Unix socket of "twisted-chat admin", or "off" [default: FILE-admin beside the database].'
    )
    irc: tuple[str, ...] = _setting((), values.endpoints, "Twisted endpoint for IRC only; may be repeated.")
    web: tuple[str, ...] = _setting((), values.endpoints, "Twisted endpoint for web browsers only; may be repeated.")
    origins: tuple[str, ...] = _setting(
        (), values.origins, 'Site whose pages may chat here, such as https://example.org; "*" for all; may be repeated.'
    )
    network: str = _setting("Chat", values.text, "Name of the network, as IRC clients show it [default: Chat].")
    info: str = _setting("a chat", values.text, "What this server is, in a few words.")
    history_lines: int = _setting(
        200, values.count, "Most lines of history that an IRC client gets at once [default: 200]."
    )
    history_on_join: int = _setting(
        20, values.count, "Last lines of a channel for IRC clients that do not ask; 0 for none [default: 20]."
    )
    motd: str = _setting("", values.text, "Message of the day.")
    password: str = _setting("", values.text, "Password that IRC clients have to give.")
    admin: str = _setting("", values.text, "Who runs this server and how to reach them.")
    operators: tuple[tuple[str, str], ...] = _setting(
        (),
        values.secrets,
        "NAME=SECRET of an operator: SECRET is an argon2id hash ($argon2id$...) or file:PATH; repeatable.",
    )
    webirc: tuple[tuple[str, str], ...] = _setting(
        (),
        values.gateways,
        "ADDRESS=SECRET of a WebIRC gateway that may say where its users come from; may be repeated.",
    )
    proxy: tuple[str, ...] = _setting(
        (), values.networks, "Network of proxies that say by the PROXY protocol who their clients are; may be repeated."
    )
    proxy_header: Literal["required", "optional"] = _setting(
        "required",
        values.one_of("required", "optional"),
        "Whether a connection from a proxy has to begin with its header.",
    )
    user_modes: str = _setting("", values.user_modes, "Modes that IRC clients start with, such as +i.")
    register_early: bool = _setting(False, values.switch, "Whether IRC clients may make an account before coming in.")
    guests: Literal["allow", "deny"] = _setting(
        "allow", values.one_of("allow", "deny"), "Whether people may come without an account: allow, deny."
    )
    always_on: bool = _setting(
        False, values.switch, "Whether accounts stay here without a client unless they say otherwise."
    )
    shortest_password: int = _setting(8, values.count, "How many characters a password has at least [default: 8].")
    register_email: bool = _setting(False, values.switch, "Whether an account takes an address of mail.")
    lobby: str = _setting("lobby", values.room, "Room that everyone starts in [default: lobby].")
    all: Literal["everyone", "members", "operators"] = _setting(
        "everyone",
        values.one_of("everyone", "members", "operators"),
        "Who may use @all: everyone, members or operators.",
    )
    without: tuple[str, ...] = _setting(
        (), values.capabilities, "IRC capability that is not offered, such as draft/multiline; may be repeated."
    )
    names: Literal["unicode", "ascii"] = _setting(
        "unicode", values.one_of("unicode", "ascii"), "Letters of nicknames: unicode, every script, or ascii."
    )
    reserved: tuple[str, ...] = _setting(
        ("admin", "root"), values.nicknames, "Nickname that nobody may have; may be repeated [default: admin and root]."
    )
    files: str = _setting("", values.text, "Directory for the files that people send; without one they send none.")
    files_url: str = _setting(
        "", values.url, "Where browsers reach this server, such as https://chat.example.org [default: the first door]."
    )
    files_from: Literal["everyone", "accounts"] = _setting(
        "everyone", values.one_of("everyone", "accounts"), "Who may send files: everyone, accounts."
    )
    files_largest: int = _setting(25_000_000, values.size, "Most bytes of one file, such as 25M [default: 25M].")
    files_each: int = _setting(
        250_000_000, values.size, "Most bytes that all files of one person may have [default: 250M]."
    )
    files_quota: int = _setting(1_000_000_000, values.size, "Most bytes that all files may have [default: 1G].")
    files_keep: int | None = _setting(
        90 * 86_400, values.duration, 'How long a file is kept: seconds, days such as 30d, or "off" [default: 90d].'
    )
    flood: str = _setting("10/2", values.flood, 'Burst/lines per second of one connection, or "off" [default: 10/2].')
    max_connections: int = _setting(0, values.count, "Most connections at once; 0 means no limit.")
    max_per_address: int = _setting(0, values.count, "Most connections at once from one address; 0 means no limit.")

    def __post_init__(self) -> None:
        if not (self.listen or self.line or self.irc or self.web):
            object.__setattr__(self, "listen", DEFAULT_LISTEN)

    @property
    def flood_limit(self) -> tuple[int, float] | None:
        """The flood limit as (burst in lines, lines per second), or None when it is off."""
        return values.flood_limit(self.flood)

    def database_path(self, environ: Mapping[str, str]) -> str:
        """The SQLite file to open, or ":memory:"; systemd may name several state directories, and the first counts."""
        directory = environ.get("STATE_DIRECTORY", "").split(":")[0]
        return self.database or os.path.join(directory, "chat.sqlite")

    def admin_path(self, environ: Mapping[str, str]) -> str:
        """The unix socket for operators; empty for none, as where there is no file and no socket is named."""
        if self.admin_socket:
            return "" if self.admin_socket == "off" else self.admin_socket
        database = self.database_path(environ)
        return "" if database == ":memory:" else f"{database}-admin"


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


def _document(text: str) -> dict[str, object]:
    """What TOML says; ValueError.  Few have such a file, so the parser is imported for those who do."""
    if sys.version_info >= (3, 11):
        from tomllib import loads
    else:
        from tomli import loads
    return loads(text)


def _parse(path: str, text: str) -> dict[str, object]:
    try:
        return _document(text)
    except ValueError as error:
        reason, _, at = str(error).partition(" (at ")
        told = re.match(r"line ([0-9]+)", at)
        number = int(told[1]) if told else text.rstrip("\n").count("\n") + 1
        reason = _PLAINER.get(reason, reason[:1].lower() + reason[1:])
        raise ConfigError(f"{path}, line {number}: this is not valid TOML: {reason}.") from None


def _no_such_key(key: str, raw: object) -> str:
    if isinstance(raw, dict):
        return f'there is no section "{key}"; all keys stand at the top of the file.'
    from difflib import get_close_matches

    near = get_close_matches(key.lower(), _NAMES, 1)
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
        _document(text)
    except ValueError:
        return False
    return True
