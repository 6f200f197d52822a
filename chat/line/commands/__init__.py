"""What people can do: one function for each command, by family."""

from chat.line.commands import accounts, display, files, help, lines, people, roles, rooms, speech
from chat.line.table import command

COMMANDS = command

__all__ = ["COMMANDS", "accounts", "display", "files", "help", "lines", "people", "roles", "rooms", "speech"]
