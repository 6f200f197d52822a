"""How often a password may be guessed."""

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from chat.core.refusals import TooManyGuesses
from chat.guesses import MOST, PER_ACCOUNT, PER_NETWORK, Guesses, network


class GuessTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.guesses = Guesses(self.clock.seconds)

    def spend(self, account: str, host: str, times: int) -> None:
        for _ in range(times):
            self.guesses.spend(account, host)

    def refuses(self, account: str, host: str) -> None:
        self.assertRaises(TooManyGuesses, self.guesses.spend, account, host)

    def test_five_a_minute_for_an_account_from_wherever(self) -> None:
        for number in range(PER_ACCOUNT):
            self.guesses.spend("Alice", f"192.0.2.{number}")
        self.refuses("alice", "192.0.2.200")
        self.guesses.spend("bob", "192.0.2.200")

    def test_twenty_a_minute_from_one_network_for_whatever_accounts(self) -> None:
        for number in range(PER_NETWORK):
            self.guesses.spend(f"account{number}", f"2001:db8:1:2::{number:x}")
        self.refuses("another", "2001:db8:1:2:ffff::1")
        self.guesses.spend("another", "2001:db8:1:3::1")

    def test_what_is_refused_costs_the_account_nothing(self) -> None:
        self.spend("bob", "192.0.2.1", PER_ACCOUNT)
        for number in range(PER_NETWORK - PER_ACCOUNT):
            self.guesses.spend(f"account{number}", "192.0.2.1")
        self.refuses("alice", "192.0.2.1")
        self.spend("alice", "192.0.2.2", PER_ACCOUNT)

    def test_it_is_said_how_long_to_wait_and_that_is_long_enough(self) -> None:
        self.spend("alice", "192.0.2.1", PER_ACCOUNT)
        refusal = self.assertRaises(TooManyGuesses, self.guesses.spend, "alice", "192.0.2.1")
        self.clock.advance(refusal.args[0])
        self.guesses.spend("alice", "192.0.2.1")

    def test_the_owner_gets_in_while_strangers_guess(self) -> None:
        self.guesses.right("Alice", "198.51.100.7")
        for number in range(PER_ACCOUNT):
            self.guesses.spend("alice", f"192.0.2.{number}")
        self.refuses("alice", "192.0.2.99")
        self.guesses.spend("alice", "198.51.100.7")

    def test_a_right_password_is_no_guess(self) -> None:
        for _ in range(3 * PER_NETWORK):
            self.guesses.spend("alice", "198.51.100.7")
            self.guesses.right("alice", "198.51.100.7")
        self.spend("alice", "192.0.2.1", PER_ACCOUNT)
        self.refuses("alice", "192.0.2.1")

    def test_even_from_a_known_address_there_is_an_end(self) -> None:
        self.guesses.right("alice", "198.51.100.7")
        self.spend("alice", "198.51.100.7", PER_ACCOUNT)
        self.refuses("alice", "198.51.100.7")

    def test_what_is_remembered_is_bounded(self) -> None:
        for number in range(MOST + 10):
            self.guesses.right(f"account{number}", "192.0.2.1")
            self.guesses.spend(f"account{number}", f"10.{number // 65536}.{number // 256 % 256}.{number % 256}")
        self.assertLessEqual(len(self.guesses._budgets), MOST)
        self.assertLessEqual(len(self.guesses._known), MOST)

    def test_what_is_one_place(self) -> None:
        self.assertEqual(network("2001:db8:1:2:3:4:5:6"), network("2001:db8:1:2::"))
        self.assertNotEqual(network("192.0.2.1"), network("192.0.2.2"))
        self.assertEqual(network("unix"), "unix")
