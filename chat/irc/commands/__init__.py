"""What IRC clients can do: one function for each command, by family."""

from chat.irc import chanserv, nickserv
from chat.irc.commands import (
    accept,
    accounts,
    channels,
    connection,
    history,
    listing,
    members,
    messages,
    metadata,
    modes,
    monitor,
    multiline,
    oper,
    people,
    playback,
    readmarker,
    redact,
    roleplay,
    server,
    webirc,
    who,
    whowas,
)
from chat.irc.table import command

COMMANDS = command

__all__ = [
    "COMMANDS",
    "accept",
    "accounts",
    "channels",
    "chanserv",
    "connection",
    "history",
    "listing",
    "members",
    "messages",
    "metadata",
    "modes",
    "monitor",
    "multiline",
    "nickserv",
    "oper",
    "people",
    "playback",
    "readmarker",
    "redact",
    "roleplay",
    "server",
    "webirc",
    "who",
    "whowas",
]
