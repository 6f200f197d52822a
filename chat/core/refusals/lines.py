"""What is said, the store that keeps it, and the line that it is typed on."""

from __future__ import annotations

from chat.core.refusals.base import Goodbye, Refused


class NoSuchLine(Refused):
    """The room has no line of that number, or it was removed."""

    sentence = "There is no line {0} in {1}."


class NotYours(Refused):
    """Only its author may change or remove a line."""

    sentence = "Line {0} is not yours but {1}'s."


class Duplicate(Refused):
    """An event with that id is kept already: it is not told again."""

    sentence = "That was sent before."


class NotStored(Refused):
    """It could not be written, so it did not happen.  Argument: why, in a few words."""

    sentence = "Not stored: {0}. Not sent."


class NoBackup(Refused):
    """The history could not be copied.  Argument: why, in a few words."""

    sentence = "No backup was made: {0}."


class BadSearch(Refused):
    """There is nothing to search for."""

    sentence = "Search for a word, like: /search coffee in lobby from bob"


class TooLong(Refused):
    """A line of more bytes than are accepted.  Arguments: how many, and the limit."""

    sentence = "Too long ({0:,} bytes, limit {1:,}). Not sent."


class NotUTF8(Refused):
    """A line that is not UTF-8."""

    sentence = "That line is not UTF-8, not sent. Is your terminal set to Latin-1?"


class BannedFromServer(Goodbye):
    """A ban of the server is about this person, or where they are.  Argument: a colon and why, or a full stop."""

    sentence = "You are banned from this server{0}"


class Full(Goodbye):
    """Too many connections.  Argument: what is too many."""

    sentence = "{0}. Try again later."


class NoSuchCommand(Refused):
    """No command has that name.  Arguments: the name, and a hint that may be empty."""

    sentence = "No command {0}.{1} Nothing was sent; start with a space to send it as text."


class NeedsMore(Refused):
    """A command was given too few words.  Arguments: its syntax and what it does."""

    sentence = "That needs more words: {0} -- {1}"


class TooMuch(Refused):
    """A command was given too many words.  Arguments: its syntax and what it does."""

    sentence = "That is more than it takes: {0} -- {1}"


class TooOften(Refused):
    """Something may be done only so often.  Arguments: what, and seconds to wait."""

    sentence = "{0} only now and then. Try again in {1} s."


class Denied(Refused):
    """The policy of this server does not allow it.  Argument: a sentence."""


class BadValue(Refused):
    """A word of a command is not what it should be.  Argument: a sentence."""


class NotInAnyRoom(Refused):
    """There is no current room."""

    sentence = "You are in no room. /rooms lists them, /join takes you to one."
