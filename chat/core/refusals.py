"""Why something may not happen, in words a person understands.

`Event.check` raises a `Refused`; nothing has changed then.  A wire translates it once: people read
`str(refusal)` as it is, other wires look the class up in a table of their own.
"""

from __future__ import annotations

from typing import ClassVar


class Refused(Exception):
    """Something a person asked for may not happen.  Nothing has changed.

    A subclass gives `sentence`, with `{0}`, `{1}` for the arguments it was raised with.
    """

    sentence: ClassVar[str] = "{0}"

    def __str__(self) -> str:
        return self.sentence.format(*self.args)


class Goodbye(Refused):
    """A refusal after which the connection is closed."""


# -- names ---------------------------------------------------------------------------------------


class BadName(Refused):
    """A nickname outside the rules of `names`."""

    sentence = "Names are 1-32 letters, digits, _ or -, and start with a letter."


class NameReserved(Refused):
    """A nickname that means something to the server, or looks as if it did."""

    sentence = '"{0}" is reserved.'


class NameInUse(Refused):
    """Somebody who is here has that name, or one that looks the same."""

    sentence = '"{0}" is in use.'


class BadRoomName(Refused):
    """A room name outside the rules of `names`."""

    sentence = "Room names are 1-64 letters, digits, _, - or ., and start with a letter or digit."


# -- people and rooms ----------------------------------------------------------------------------


class NoSuchPerson(Refused):
    """Nobody who is here has that name or id."""

    sentence = 'Nobody here is called "{0}". Nothing was sent.'


class NoSuchId(Refused):
    """Nobody who is here has that id."""

    sentence = "Nobody here has the id {0}. Nothing was sent; start with a space to send it as text."


class Ambiguous(Refused):
    """Several people have an id that begins so."""

    sentence = "Several people have an id that begins with {0}; give the whole id. Nothing was sent."


class NoSuchRoom(Refused):
    """There is no such room."""

    sentence = 'There is no room "{0}".'


class NotInRoom(Refused):
    """Only those who are in a room may do that."""

    sentence = "You are not in {0}."


class AlreadyInRoom(Refused):
    """One cannot join a room twice."""

    sentence = "You are in {0} already."


# -- lines ---------------------------------------------------------------------------------------


class NoSuchLine(Refused):
    """The room has no line of that number, or it was removed."""

    sentence = "There is no line {0} in {1}."


class NotYours(Refused):
    """Only its author may change or remove a line."""

    sentence = "Line {0} is not yours but {1}'s."


class Duplicate(Refused):
    """An event with that id is kept already: it is not told again."""

    sentence = "That was sent before."


# -- the store -----------------------------------------------------------------------------------


class NotStored(Refused):
    """It could not be written, so it did not happen.  Argument: why, in a few words."""

    sentence = "Not stored: {0}. Not sent."


class BadSearch(Refused):
    """There is nothing to search for."""

    sentence = "Search for a word, like: /search coffee in lobby from bob"


# -- the line itself -----------------------------------------------------------------------------


class TooLong(Refused):
    """A line of more bytes than are accepted.  Arguments: how many, and the limit."""

    sentence = "Too long ({0:,} bytes, limit {1:,}). Not sent."


class NotUTF8(Refused):
    """A line that is not UTF-8."""

    sentence = "That line is not UTF-8, not sent. Is your terminal set to Latin-1?"


class Full(Goodbye):
    """Too many connections.  Argument: what is too many."""

    sentence = "{0}. Try again later."


# -- commands ------------------------------------------------------------------------------------


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
