"""What IRC clients can do: one function for each command, by family."""

from chat.irc.commands import channels, connection, members, messages, modes, people, server
from chat.irc.table import command

COMMANDS = command

__all__ = ["COMMANDS", "channels", "connection", "members", "messages", "modes", "people", "server"]
