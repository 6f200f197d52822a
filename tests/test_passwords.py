"""Passwords, hashed and checked."""

import base64
from typing import Any

from twisted.internet import reactor
from twisted.trial.unittest import TestCase

from chat.core.accounts import Verifier
from chat.core.refusals import Busy
from chat.passwords import WAITING, Passwords, derive, fits, hashed, is_old


class PasswordTests(TestCase):
    def test_the_right_one_fits_and_no_other(self) -> None:
        kept = derive("correct horse")
        self.assertTrue(fits("correct horse", kept.hash))
        self.assertFalse(fits("correct horsf", kept.hash))
        self.assertNotIn("correct", kept.hash)

    def test_the_same_password_is_never_kept_the_same(self) -> None:
        self.assertNotEqual(derive("correct horse"), derive("correct horse"))

    def test_nothing_fits_no_hash_or_a_broken_one(self) -> None:
        self.assertFalse(fits("", ""))
        self.assertFalse(fits("x", "$argon2id$broken"))

    def test_a_hash_of_other_settings_is_old(self) -> None:
        new = hashed("x")
        self.assertFalse(is_old(new))
        self.assertTrue(is_old(new.replace("t=2", "t=1")))

    def test_scram_as_the_rfc_has_it(self) -> None:
        """The example of RFC 7677, section 3."""
        verifier = Verifier.of("pencil", bytes.fromhex("5b6d99689d12358eeca04b141236fa81"), 4096)
        message = (
            b"n=user,r=rOprNGfwEbeRWgbNEkqO,"
            b"r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,"
            b"c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
        )
        self.assertFalse(verifier.proves(message, b"short"))
        right = base64.b64decode("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")
        self.assertTrue(verifier.proves(message, right))
        self.assertFalse(verifier.proves(message[:-1], right))
        self.assertEqual(
            base64.b64encode(verifier.signature(message)), b"6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="
        )

    async def test_threads_do_it_and_too_many_are_refused(self) -> None:
        passwords: Any = Passwords(reactor)
        passwords.start()
        self.addCleanup(passwords.stop)
        kept = await passwords.derive("correct horse")
        self.assertTrue(await passwords.fits("correct horse", kept.hash))
        waiting = [passwords.fits("x", "$broken") for _ in range(WAITING)]
        self.assertRaises(Busy, passwords.fits, "x", "$broken")
        for each in waiting:
            self.assertFalse(await each)
        self.assertTrue(await passwords.fits("correct horse", kept.hash))
