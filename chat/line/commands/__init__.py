"""What people can do: one function for each command, by family."""

from chat.line.commands import display, help, lines, people, rooms, speech
from chat.line.table import command

COMMANDS = command

__all__ = ["COMMANDS", "display", "help", "lines", "people", "rooms", "speech"]
