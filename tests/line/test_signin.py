"""The first words: a greeting, a name, the lobby."""

import socket
from dataclasses import replace

from twisted.internet.testing import StringTransport

from chat.line.presence import free_guest_name
from tests.talk import ChatTestCase, HeldHistory, Person

BAD_NAME = "! Names are 1-32 letters, digits, _ or -, and start with a letter."


class GreetingTests(ChatTestCase):
    def test_the_first_words(self) -> None:
        alice = self.connects()
        self.assertEqual(
            alice.reads(),
            "* Welcome to chat.example.org. Nobody else is here yet."
            " Lines you type go to the room; /help lists commands.\n"
            "Your name? ",
        )

    def test_it_says_how_many_are_here(self) -> None:
        for count, people in ((1, "1 person is here."), (2, "2 people are here.")):
            self.person("alice" * count)
            self.assertIn(f" {people} ", self.connects().hears()[0])

    def test_hello_and_an_id(self) -> None:
        alice = self.connects()
        alice.hears()
        hello, room = alice.asks("alice")
        self.assertRegex(hello, "^[*] Hello alice. Your id is 1795176000000-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
        self.assertEqual(room, "* You are in lobby. Nobody else is here.")

    def test_the_lobby_as_it_is_and_was(self) -> None:
        bob, *_ = self.people("bob", "carol", "dave", "erin", "frank")
        bob.says("morning")
        self.pass_time(180)
        bob.says("coffee?")
        self.pass_time(60)
        bob.says("/me pours a cup")
        alice = self.connects()
        alice.hears()
        self.assertEqual(alice.asks("alice")[1:], [
            "* You are in lobby (6 people): bob, carol, dave and 2 more. Last 3 lines:",
            "[12:00] bob: morning",
            "[12:03] bob: coffee?",
            "[12:04] * bob pours a cup",
            "* -- now --",
        ])  # fmt: skip
        self.assertEqual(bob.hears()[-1], "* alice came")

    def test_the_topic_and_one_line(self) -> None:
        bob = self.person("bob")
        bob.says("/topic tea", "one")
        alice = self.connects()
        alice.hears()
        self.assertEqual(alice.asks("alice")[1:], [
            "* Topic of lobby: tea (set by bob)",
            "* You are in lobby (2 people): bob. Last line:",
            "[12:00] bob: one",
            "* -- now --",
        ])  # fmt: skip

    def test_the_past_is_20_lines_and_has_its_days(self) -> None:
        bob = self.person("bob")
        bob.says(*(f"line {n}" for n in range(15)))
        self.pass_time(86_400)
        bob.says(*(f"line {n}" for n in range(15, 30)))
        alice = self.connects()
        alice.hears()
        heard = alice.asks("alice")
        self.assertEqual(heard[1], "* You are in lobby (2 people): bob. Last 20 lines:")
        self.assertEqual(heard[2:4], ["* -- Friday 20 November 2026 --", "[12:00] bob: line 10"])
        self.assertEqual(heard[8:10], ["* -- Saturday 21 November 2026 --", "[12:00] bob: line 15"])
        self.assertEqual(heard[-2:], ["[12:00] bob: line 29", "* -- now --"])


class NameTests(ChatTestCase):
    def answers(self, *names: str) -> list[str]:
        """What somebody who gives these names is told."""
        alice = self.connects()
        alice.hears()
        alice.says(*names)
        self.pass_time(0.1)
        return alice.hears()

    def test_without_a_name_one_is_a_guest(self) -> None:
        for name in ("", "   "):
            guest, identity, room = self.answers(name)[:3]
            self.assertRegex(guest, "^[*] You are guest-[0-9a-f]{4}. Change it with /nick.$")
            self.assertEqual(identity[-4:], guest[16:20])
            self.assertTrue(room.startswith("* You are in lobby"))

    def test_blanks_around_a_name_are_dropped(self) -> None:
        self.assertTrue(self.answers("  alice ")[0].startswith("* Hello alice."))

    def test_a_name_may_be_of_any_script(self) -> None:
        for name in ("Ólafur", "宮崎", "Дмитрий", "a", "z" * 32, "a-b_c9"):
            self.assertTrue(self.answers(name)[0].startswith(f"* Hello {name}."))

    def test_a_name_that_is_none(self) -> None:
        for name in ("9lives", "-a", "_a", "a b", "@all", "#dev", "a/b", "a:b", "z" * 33, "a.b", "<script>", "👍"):
            self.assertEqual(self.answers(name), [BAD_NAME, "Your name? "], name)

    def test_a_reserved_name(self) -> None:
        words = "all people room rooms help history server system me you admin root"
        for name in (*words.split(), "Admin", "R00T", "heIp"):
            self.assertEqual(self.answers(name), [f'! "{name}" is reserved.', "Your name? "])

    def test_a_closed_server_is_for_accounts_only(self) -> None:
        self.person("alice").says("/register", "correct horse")
        self.factory.reconfigure(replace(self.config, guests="deny"))
        refusal = "! This server is for people with an account. Whoever runs it can give you one."
        self.assertEqual(self.answers("bob"), [refusal, "Your name? "])
        self.assertEqual(self.answers(""), [refusal, "Your name? "])
        alice = self.connects()
        alice.says("alice", "correct horse")
        self.assertIn("* You are in lobby", alice.reads())
        self.assertEqual(alice.asks("/logout"), [refusal])
        client = self.irc_connects()
        client.says("NICK bob", "USER bob 0 * :Bob")
        self.assertIn(" FAIL * ACCOUNT_REQUIRED :", client.reads())
        self.assertTrue(client.is_gone)

    def test_a_name_that_is_taken(self) -> None:
        self.person("alice")
        for name in ("alice", "ALICE", "аlice", "a1ice", "ａｌｉｃｅ"):
            shown = "alice" if name == "ａｌｉｃｅ" else name
            self.assertEqual(self.answers(name), [f'! "{shown}" is in use.', "Your name? "])

    def test_the_next_answer_may_be_better(self) -> None:
        self.person("alice")
        heard = self.answers("9", "alice", "alicia")
        self.assertEqual(heard[:2], [BAD_NAME, 'Your name? ! "alice" is in use.'])
        self.assertTrue(heard[2].startswith("Your name? * Hello alicia."))

    def test_two_who_ask_for_one_name_at_once(self) -> None:
        first, second = self.connects(), self.connects()
        first.connection.dataReceived(b"alice\n")
        second.connection.dataReceived(b"alice\n")
        self.pass_time(0)
        self.pass_time(0.1)
        self.assertIn("* Hello alice.", first.reads())
        self.assertIn('! "alice" is in use.', second.reads())

    def test_a_guest_gets_a_name_that_is_free(self) -> None:
        identity = "1795176000000-3f2a9c1e-7b44-4c0f-9d1e-2b6a5f8c0d11"
        self.factory.new_identity = lambda: identity  # type: ignore[method-assign]
        client = self.connects().connection
        self.assertEqual(free_guest_name(client, identity), "guest-0d11")
        self.person("guest-0d11")
        self.assertEqual(free_guest_name(client, identity), "guest-5f8c0d11")


class PatienceTests(ChatTestCase):
    def test_five_bad_answers(self) -> None:
        alice = self.connects()
        alice.hears()
        self.assertEqual(alice.asks("1", "2", "3", "4"), [BAD_NAME, *[f"Your name? {BAD_NAME}"] * 3, "Your name? "])
        self.assertFalse(alice.is_gone)
        self.assertEqual(alice.asks("5"), [BAD_NAME, "! That was five times. Come back when you have a name."])
        self.assertTrue(alice.is_gone)

    def test_lines_that_cannot_be_read_are_bad_answers(self) -> None:
        alice = self.connects()
        alice.hears()
        alice.types(b"\xe9lise\n")
        self.assertEqual(alice.hears()[-1], "Your name? ")
        self.assertEqual(alice.asks("x" * 5000), ["! Too long (5,000 bytes, limit 4,096). Not sent.", "Your name? "])
        self.assertEqual(alice.asks("1", "2", "3")[-1], "! That was five times. Come back when you have a name.")
        self.assertTrue(alice.is_gone)

    def test_64_kib_without_lf(self) -> None:
        alice = self.connects()
        alice.hears()
        alice.types(b"x" * 70_000)
        self.assertEqual(alice.hears(), ["! More than 65,536 bytes without a line end. Bye."])
        self.assertTrue(alice.is_gone)

    def test_sixty_seconds(self) -> None:
        alice = self.connects()
        alice.hears()
        self.pass_time(59)
        self.assertEqual(alice.reads(), "")
        self.pass_time(1)
        self.assertEqual(alice.reads(), "\n* No name for 60 seconds. Bye.\n")
        self.assertTrue(alice.is_gone)

    def test_a_bad_answer_gives_no_more_time(self) -> None:
        alice = self.connects()
        self.pass_time(59)
        alice.says("9")
        alice.hears()
        self.pass_time(1)
        self.assertEqual(alice.hears(), ["", "* No name for 60 seconds. Bye."])

    def test_who_has_a_name_has_all_the_time(self) -> None:
        alice = self.person("alice")
        self.pass_time(600)
        self.assertEqual(alice.hears(), [])
        self.assertFalse(alice.is_gone)


class LeavingTests(ChatTestCase):
    def test_at_the_prompt(self) -> None:
        for word in ("exit", "@exit", "/exit", "/quit", " exit "):
            alice = self.connects()
            alice.hears()
            self.assertEqual(alice.asks(word), ["* Bye."])
            self.assertTrue(alice.is_gone)

    def test_by_the_end_of_input(self) -> None:
        alice = self.connects()
        alice.hears()
        alice.ends_input()
        self.assertEqual(alice.reads(), "\n* Bye.\n")
        self.assertTrue(alice.is_gone)

    def test_when_the_server_stops(self) -> None:
        alice = self.connects()
        alice.hears()
        alice.connection.part("Server is restarting, back in about 5 s. Nothing you sent is lost.")
        self.assertEqual(alice.reads(), "\n* Server is restarting, back in about 5 s. Nothing you sent is lost.\n")
        self.assertTrue(alice.is_gone)

    def test_who_hung_up_is_told_nothing_more(self) -> None:
        timers = len(self.clock.getDelayedCalls())
        alice = self.connects()
        alice.hangs_up()
        alice.hears()
        self.assertEqual(len(self.clock.getDelayedCalls()), timers)
        self.pass_time(100)
        self.assertEqual(alice.hears(), [])

    def test_nobody_hears_of_somebody_without_a_name(self) -> None:
        bob = self.person("bob")
        self.connects().hangs_up()
        self.pass_time(100)
        self.assertEqual(bob.hears(), [])


class FullTests(ChatTestCase):
    def test_a_full_server_says_so(self) -> None:
        self.person("alice")
        self.configure(max_connections=1)
        bob = self.connects()
        self.assertEqual(bob.hears(), ["! This server is full. Try again later."])
        self.assertTrue(bob.is_gone)
        self.assertEqual(bob.asks("bob"), [])

    def test_too_many_from_one_address(self) -> None:
        self.person("alice")
        self.configure(max_per_address=1)
        self.assertEqual(
            self.connects().hears(), ["! There are too many connections from your address. Try again later."]
        )


class Unacknowledged(StringTransport):
    """A transport to a machine that acknowledges nothing: what is written waits in a real socket."""

    def __init__(self) -> None:
        super().__init__()
        self.near, self.far = socket.socketpair()

    def fileno(self) -> int:
        return self.near.fileno()

    def write(self, data: bytes) -> None:
        super().write(data)
        self.near.send(data)

    def close(self) -> None:
        self.near.close()
        self.far.close()


class NameClashTests(ChatTestCase):
    def dead(self, name: str) -> Person:
        """Somebody in the lobby whose machine is gone without a word."""
        transport = Unacknowledged()
        self.addCleanup(transport.close)
        person = self.connects(transport=transport)
        person.says(name)
        person.hears()
        return person

    def test_a_dead_session_is_probed_and_replaced(self) -> None:
        dead, bob = self.dead("alice"), self.person("bob")
        dead.hears()
        alice = self.connects()
        alice.hears()
        alice.says("alice")
        self.assertEqual(alice.hears(), [])
        self.pass_time(1)
        self.assertEqual(alice.hears(), [])
        for _ in range(4):
            self.pass_time(1)
        self.assertTrue(alice.hears()[0].startswith("* Hello alice. Your id is "))
        self.assertEqual(dead.hears(), ['* Somebody else asked for the name "alice".'])
        self.assertTrue(dead.is_gone)
        self.assertEqual(bob.hears(), ["* alice left", "* alice came"])

    def test_a_session_that_lives_keeps_its_name(self) -> None:
        living = self.dead("alice")
        alice = self.connects()
        alice.hears()
        alice.says("alice")
        self.pass_time(0.1)
        living.transport.far.recv(65_536)
        self.pass_time(0.5)
        self.assertEqual(alice.hears(), ['! "alice" is in use.', "Your name? "])
        self.assertEqual(living.hears(), ['* Somebody else asked for the name "alice".'])
        self.assertFalse(living.is_gone)

    def test_who_leaves_while_the_name_is_probed_is_not_there(self) -> None:
        self.dead("alice")
        bob, alice = self.person("bob"), self.connects()
        alice.says("alice")
        alice.hangs_up()
        for _ in range(5):
            self.pass_time(1)
        self.assertEqual(bob.hears(), ["* alice left"])
        self.assertEqual(bob.asks("/people"), ["* Nobody else is here."])


class SlowStoreTests(ChatTestCase):
    history_class = HeldHistory

    def test_who_leaves_before_the_store_is_ready_is_not_there(self) -> None:
        bob = self.person("bob")
        self.history.holding = True
        alice = self.connects()
        alice.says("alice")
        alice.hangs_up()
        self.history.holding = False
        self.history.let_go()
        self.pass_time(0)
        self.assertEqual(bob.asks("/people"), ["* Nobody else is here."])

    def test_who_is_interrupted_before_the_store_is_ready_is_not_there(self) -> None:
        bob = self.person("bob")
        self.history.holding = True
        alice = self.connects()
        alice.says("alice")
        alice.types(b"\xff\xf4")
        self.assertTrue(alice.is_gone)
        self.history.holding = False
        self.history.let_go()
        self.pass_time(0)
        self.assertEqual(bob.asks("/people"), ["* Nobody else is here."])

    def test_what_is_typed_ahead_waits_for_the_name(self) -> None:
        self.history.holding = True
        alice = self.connects()
        alice.says("alice", "/whoami")
        alice.hears()
        self.history.holding = False
        self.history.let_go()
        self.pass_time(0)
        self.assertEqual([line[:9] for line in alice.hears()[:3]], ["* Hello a", "* You are", "* You are"])
