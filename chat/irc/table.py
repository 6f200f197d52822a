"""The table of the commands IRC clients send."""

from chat.commands import Commands

command = Commands()
