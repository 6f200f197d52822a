"""Accounts and passwords."""

from __future__ import annotations

from chat.core.refusals.base import Refused


class NoSuchAccount(Refused):
    """There is no such account."""

    sentence = 'There is no account "{0}".'


class NoGuests(Refused):
    """One has to have an account to be here."""

    sentence = "This server is for people with an account. Whoever runs it can give you one."


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
