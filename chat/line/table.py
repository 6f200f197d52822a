"""The table of the commands people type."""

from chat.commands import Commands

command = Commands("/")
