"""People and rooms."""

from __future__ import annotations

from chat.core.refusals.base import Refused


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
