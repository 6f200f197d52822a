"""The command line of `twistd chat`, which becomes a Config."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable
from dataclasses import fields, replace
from typing import ClassVar

from twisted.copyright import version as twisted_version
from twisted.python import usage

from chat import __version__
from chat.config import Config, load, merge
from chat.core.names import room_name
from chat.core.refusals import BadRoomName
from chat.values import ConfigError


class Options(usage.Options):
    """The command line of `twistd chat`: a long option for each field of Config."""

    synopsis = "[options]"
    longdesc = "A chat that people join with nc, telnet or openssl. Nothing that anybody was shown can be lost."
    optParameters: ClassVar[list[list[str | None]]] = [
        ["config", None, None, "TOML file with the same settings; the command line wins."],
        *(
            [field.name.replace("_", "-"), None, None, field.metadata["help"]]
            for field in fields(Config)
            if not isinstance(field.default, tuple)
        ),
    ]

    def __init__(self) -> None:
        super().__init__()
        for field in fields(Config):
            if isinstance(field.default, tuple):
                self[field.name] = []

    def opt_version(self) -> None:
        """Show the versions of the chat and of Twisted, and exit."""
        print(f"chat {__version__} on Twisted {twisted_version}")
        sys.exit(0)

    def parseArgs(self, *words: str) -> None:
        """There is nothing but options."""
        if words:
            raise usage.UsageError(f'"{words[0]}" is no option; options begin with "--".')

    def postOptions(self) -> None:
        """Check everything before anything is started."""
        try:
            self.chosen = read_config(self)
        except ConfigError as error:
            raise usage.UsageError(str(error)) from None


def _repeated(name: str, help: str) -> Callable[[Options, str], None]:
    def append(self: Options, value: str) -> None:
        self[name].append(value)

    append.__doc__ = help
    return append


for _field in fields(Config):
    if isinstance(_field.default, tuple):
        setattr(Options, f"opt_{_field.name}", _repeated(_field.name, _field.metadata["help"]))


def read_config(options: Options) -> Config:
    """What the command line and the file it names say; ConfigError."""
    path = options["config"]
    config = merge(options, load(path) if path else {})
    try:
        room_name(config.lobby)
    except BadRoomName as error:
        raise ConfigError(f'lobby: "{config.lobby}" is no name for a room. {error}') from None
    return replace(config, name=config.name or socket.gethostname())
