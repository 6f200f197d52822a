"""Files that people send one another."""

from __future__ import annotations

from chat.core.refusals.base import Refused


class NoFiles(Refused):
    """The server keeps no files."""

    sentence = "This server takes no files. Whoever runs it can change that."


class FilesForAccounts(Refused):
    """A guest may send no files."""

    sentence = "Only people with an account may send files here."


class BadPermit(Refused):
    """What was given as a permit to send a file is none, or is none any more."""

    sentence = "This permit is good no more: it is for one file, for {0} minutes, while you are here. Ask for another."


class PermitBusy(Refused):
    """A file comes by that permit already."""

    sentence = "A file is coming by this permit already."


class FileTooLarge(Refused):
    """A file of more bytes than one may have.  Argument: how many those are, in words."""

    sentence = "That is too large: a file may have {0} here. Nothing of it was kept."


class NoRoomForFile(Refused):
    """The files of the server have all the room that they may have."""

    sentence = "There is no room for that file here any more. Nothing of it was kept."


class NoRoomForYourFiles(Refused):
    """The files of one person have all the room that they may have.  Argument: how much that is, in words."""

    sentence = "Your files here may have {0} together, and this would be more. Nothing of it was kept."


class TooManyFiles(Refused):
    """Too many files come at once.  Argument: from whom, and how many may."""

    sentence = "Only {0} at once. Try again when one of them is done."


class DamagedFile(Refused):
    """What came is not what was sent."""

    sentence = "That is not what you sent: its checksum is another one. Nothing of it was kept."


class NotYourFile(Refused):
    """Only who sent a file may take it back."""

    sentence = "That file is not yours."
