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


class NameHasAccount(NameInUse):
    """The name is that of somebody's account, or looks the same."""

    sentence = '"{0}" is the name of an account. Choose another.'


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


class PersonNotInRoom(Refused):
    """The person this is about is not in the room."""

    sentence = "{0} is not in {1}."


class PersonInRoom(Refused):
    """The person this is about is in the room already."""

    sentence = "{0} is in {1} already."


class NotOperator(Refused):
    """Only an operator of the room may do that."""

    sentence = "Only an operator of {0} may do that."


class NotFounder(NotOperator):
    """Only the founder of the room may do that."""

    sentence = "Only the founder of {0} may do that."


class NobodysRoom(NotOperator):
    """The room belongs to the server, so nobody can have it."""

    sentence = "{0} belongs to nobody."


class NoAccount(Refused):
    """The person this is about has no account, or is not logged in."""

    sentence = "{0} has no account, or is not logged in to it."


class Silenced(Refused):
    """One cannot shed a ban or a mute by another name or account."""

    sentence = "While you may not speak in {0} you stay who you are. Leave it first: /leave {0}"


class Banned(Refused):
    """A ban of the room is about this person."""

    sentence = "You are banned from {0}."


class RoomInviteOnly(Refused):
    """One has to be invited."""

    sentence = "{0} is for invited people only."


class WrongKey(Refused):
    """The room has a key, and this is not it."""

    sentence = "{0} needs its key: /join {0} KEY"


class AccountNeeded(Refused):
    """One has to have an account."""

    sentence = "{0} is for people with an account only."


class RoomFull(Refused):
    """The room has a limit, and it is reached."""

    sentence = "{0} is full."


class NotAllowedToSpeak(Refused):
    """The room is moderated, or this person is muted there."""

    sentence = "You may not speak in {0}."


class NoRoleplay(Refused):
    """People may not speak as characters in that room."""

    sentence = "Nobody may speak as a character in {0}."


class NotServerOperator(Refused):
    """Only an operator of the server may do that."""

    sentence = "Only an operator of this server may do that."


class NotYourself(Refused):
    """One may change that of oneself only.  Argument: whose it is."""

    sentence = "Only {0} may change that."


class TooManyKeys(Refused):
    """So much is kept of one person or room, and no more.  Arguments: of what, and how many."""

    sentence = "There is too much about {0}: {1} things at most."


class RoomTakesNoCTCP(Refused):
    """The room takes no questions to people's programs."""

    sentence = "{0} takes no CTCP."


class PersonTakesNoCTCP(Refused):
    """Somebody takes no questions to their program."""

    sentence = "{0} takes no CTCP."


class ListFull(Refused):
    """A list of masks of a room is full.  Arguments: the room, and the letter of the list."""

    sentence = "The list {1} of {0} is full."


class RoomNameInUse(Refused):
    """There is a room of that name."""

    sentence = 'There is a room "{0}" already.'


class CannotRename(Refused):
    """The room belongs to the server."""

    sentence = "{0} keeps its name."


class OnlyAccounts(Refused):
    """Somebody hears only from people with an account."""

    sentence = "{0} takes messages from people with an account only."


# -- accounts ------------------------------------------------------------------------------------


class NoSuchAccount(Refused):
    """There is no such account."""

    sentence = 'There is no account "{0}".'


class AccountExists(Refused):
    """The account is somebody's already."""

    sentence = '"{0}" has an account already.'


class AccountClosed(Refused):
    """Nothing opens that account any more."""

    sentence = "{0} is closed already."


class NobodyToBan(Refused):
    """Neither a name nor an address."""

    sentence = '"{0}" is neither a name nor an address, such as 192.0.2.7 or 2001:db8::/48.'


class NoBan(Refused):
    """There is no ban of that name or address."""

    sentence = "{0} is not banned."


class CertificateTaken(Refused):
    """A certificate opens one account."""

    sentence = "That certificate opens another account."


class BadPassword(Refused):
    """Not what may be a password.  Arguments: the fewest and the most characters."""

    sentence = "Passwords have {0} to {1} characters."


class SASLFailed(Refused):
    """What a client sent or showed does not prove that it owns an account.  Argument: a sentence, if there is one."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else "That proves nothing."


class WrongPassword(Refused):
    """The account and the password do not fit; it is not said which of them is wrong."""

    sentence = "That is not the password."


class TooManyGuesses(Refused):
    """Passwords were guessed too often.  Argument: seconds to wait."""

    sentence = "Too many guesses. Try again in {0} s."


class NotEncrypted(Refused):
    """A password may not travel over this link.  Argument: what to do instead."""

    sentence = "Not on an unencrypted link. {0}"


class Busy(Refused):
    """Too many people ask for that at once."""

    sentence = "Too many people are signing in just now. Try again in a moment."


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


class BannedFromServer(Goodbye):
    """A ban of the server is about this person, or where they are.  Argument: a colon and why, or a full stop."""

    sentence = "You are banned from this server{0}"


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
