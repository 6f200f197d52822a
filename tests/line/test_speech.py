"""Saying something, and who hears it."""

from chat.core.events import Told
from tests.invariants import broken
from tests.talk import ChatTestCase, HeldHistory


class RoomTests(ChatTestCase):
    def test_a_bare_line_goes_to_the_room_and_not_back(self) -> None:
        alice, bob = self.person("alice"), self.person("bob")
        alice.hears()
        alice.says("hi")
        self.assertEqual(bob.hears(), ["[12:00] bob: hi".replace("bob", "alice")])
        self.assertEqual(alice.hears(), [])

    def test_lines_of_one_turn_arrive_in_order_in_one_write(self) -> None:
        alice, bob = self.person("alice"), self.person("bob")
        alice.says(*(f"line {n}" for n in range(50)))
        self.assertEqual(bob.hears(), [f"[12:00] alice: line {n}" for n in range(50)])


class CommitTests(ChatTestCase):
    history_class = HeldHistory

    def test_nothing_is_heard_before_it_is_committed(self) -> None:
        alice, bob = self.person("alice"), self.person("bob")
        alice.hears()
        alice.says("/ack on")
        alice.hears()
        self.history.holding = True
        alice.says("one", "two")
        self.assertEqual(bob.hears(), [])
        self.assertEqual(alice.hears(), [])
        self.history.let_go()
        self.pass_time(0)
        self.assertEqual(bob.hears(), ["[12:00] alice: one", "[12:00] alice: two"])
        self.assertEqual(alice.hears(), ["+ 1 lobby 2026-11-20T12:00:00.000Z", "+ 2 lobby 2026-11-20T12:00:00.000Z"])

    def test_whatever_is_said_at_once_shares_a_commit(self) -> None:
        alice, bob = self.people("alice", "bob")
        self.history.holding = True
        alice.says("one", " two", "/say three", "/me four", "@bob five", "@#lobby six", "@all seven")
        self.assertEqual(len(self.history.held), 1)
        self.history.let_go()
        self.pass_time(0)
        said = [line.split()[-1] for line in bob.hears()]
        self.assertEqual(said, ["one", "two", "three", "four", "five", "six", "seven"])

    def test_a_line_that_was_not_stored_is_refused_and_heard_by_nobody(self) -> None:
        alice, bob = self.person("alice"), self.person("bob")
        alice.hears()
        self.history.holding = True
        alice.says("/topic tea")
        self.history.fail("disk full")
        self.pass_time(0)
        self.assertEqual(alice.hears(), ["! Not stored: disk full. Not sent."])
        self.assertEqual(bob.hears(), [])
        self.history.holding = False
        bob.says("/topic")
        self.assertEqual(bob.hears(), ["* lobby has no topic."])

    def test_reading_still_works_and_so_does_saying_when_there_is_room_again(self) -> None:
        alice, bob = self.people("alice", "bob")
        alice.says("one")
        bob.hears()
        self.history.holding = True
        for line in ("two", "/me waves", "@bob hi", "@all hi", "/reply 1 yes", "/edit 1 uno", "/delete 1", "/send k x"):
            alice.says(line)
            self.history.fail("disk full")
            self.pass_time(0)
            self.assertEqual(alice.hears(), ["! Not stored: disk full. Not sent."], line)
        self.assertEqual(bob.hears(), [])
        self.assertEqual(alice.asks("/history"), ["[1 12:00] alice: one", "* 1 line of lobby."])
        self.history.holding = False
        self.assertEqual(alice.asks("/send k x")[0][-7:], " stored")
        self.assertEqual(bob.hears(), ["[12:00] alice: x"])

    def test_numbers_are_taken_back_before_anybody_can_say_more(self) -> None:
        """Whoever is refused may speak at once: what they say then gets the next number, once."""
        alice, bob = self.person("alice"), self.person("bob")
        bob.asks("/ack on")
        self.history.holding = True
        alice.says(*(f"line {number}" for number in range(80)))  # more than may be in flight
        self.history.fail("disk full")
        self.history.holding = False
        self.pass_time(0)
        while self.history.held:
            self.history.let_go()
            self.pass_time(0)
        bob.says("last")
        alice.hears()
        numbers = [int(line[1:].split()[0]) for line in alice.asks("/history 100") if line.startswith("[")]
        self.assertEqual(numbers, list(range(1, 80 - 64 + 2)))

    def test_what_was_not_stored_has_no_number_and_is_not_unread(self) -> None:
        alice, bob = self.people("alice", "bob")
        bob.says("/join dev")
        alice.says("one")
        bob.hears()
        self.history.holding = True
        alice.says("two")
        self.history.fail("disk full")
        self.pass_time(0)
        self.history.holding = False
        self.assertEqual(bob.asks("/unread"), ["* lobby: 1 unread; /join lobby takes you there"])
        self.assertEqual(alice.asks("/send k two")[-1], "+ 2 stored")

    def test_who_comes_and_goes_is_told_of_even_when_nothing_can_be_stored(self) -> None:
        alice = self.person("alice")
        self.history.holding = True
        bob = self.connects()
        for step in ("bob\n", "", "/leave\n"):
            bob.types(step.encode())
            if self.history.held:
                self.history.fail("disk full")
                self.pass_time(0)
        self.assertEqual(alice.hears(), ["* bob came", "* bob left the room"])

    def test_whoever_is_put_out_is_out_even_when_that_cannot_be_stored(self) -> None:
        alice, bob, carol = self.person("alice", "tea"), self.person("bob", "tea"), self.person("carol", "tea")
        for person in (alice, bob, carol):
            person.hears()
        self.history.holding = True
        alice.says("/kick bob")
        self.history.fail("disk full")
        self.pass_time(0)
        self.history.holding = False
        self.assertEqual(carol.hears(), ["* alice put bob out of the room"])
        self.assertIn("* You left tea. You are in lobby.", bob.hears())
        alice.says("he is gone")
        self.assertNotIn("he is gone", bob.reads())
        self.assertEqual(broken(self.factory, quiet=True), [])

    def test_what_is_said_after_a_command_waits_for_it(self) -> None:
        alice, bob = self.people("alice", "bob")
        self.history.holding = True
        alice.says("/nick alicia", "hi")
        self.assertEqual(bob.hears(), [])
        self.history.holding = False
        self.history.let_go()
        self.pass_time(0)
        self.assertEqual(bob.hears(), ["* alice is now alicia", "[12:00] alicia: hi"])


class EmoteTests(ChatTestCase):
    def test_me(self) -> None:
        alice, bob = self.people("alice", "bob")
        self.assertEqual(alice.asks("/me waves at  you"), [])
        self.assertEqual(bob.hears(), ["[12:00] * alice waves at  you"])

    def test_in_another_room_and_in_private(self) -> None:
        alice, bob = self.people("alice", "bob")
        bob.says("/join dev")
        bob.hears()
        alice.says("/me waves")
        self.assertEqual(bob.hears(), ["[12:00] #lobby * alice waves"])
        carol = self.elsewhere("carol")
        self.happens(Told(carol, bob.connection.me.author, "waves", emote=True))
        self.assertEqual(bob.hears()[-1], "[12:00] carol -> you: * waves")


class TwoRoomTests(ChatTestCase):
    def test_what_is_said_in_another_room_has_its_name(self) -> None:
        alice, bob = self.people("alice", "bob")
        alice.says("/join dev")
        alice.hears()
        bob.says("hi", "/topic tea")
        self.assertEqual(alice.hears(), ["[12:00] #lobby bob: hi", "* #lobby bob changed the topic to: tea"])
        bob.says("/join dev", "hi")
        self.assertEqual(alice.hears(), ["* bob came", "[12:00] bob: hi"])

    def test_lines_of_two_rooms_keep_their_order(self) -> None:
        alice, bob = self.people("alice", "bob")
        alice.says("/join dev")
        bob.says("/join dev")
        alice.hears()
        bob.says("one", "@#lobby two", "three", "@alice four", "@#lobby five", "@all six")
        self.assertEqual(alice.hears(), [
            "[12:00] bob: one", "[12:00] #lobby bob: two", "[12:00] bob: three", "[12:00] bob -> you: four",
            "[12:00] #lobby bob: five", "[12:00] bob -> all: six",
        ])  # fmt: skip


class PrivateTests(ChatTestCase):
    def test_only_one_hears_it(self) -> None:
        alice, bob, carol = self.people("alice", "bob", "carol")
        for line in ("/msg bob hi", "@bob hi", "/tell bob hi"):
            self.assertEqual(alice.asks(line), [])
            self.assertEqual(bob.hears(), ["[12:00] alice -> you: hi"])
            self.assertEqual(carol.hears(), [])

    def test_from_room_to_room(self) -> None:
        alice, bob = self.people("alice", "bob")
        alice.says("/leave")
        bob.says("/join dev", "/leave lobby")
        bob.hears()
        alice.says("@bob hi")
        self.assertEqual(bob.hears(), ["[12:00] alice -> you: hi"])

    def test_other_sessions_see_both_directions(self) -> None:
        alice, bob = self.people("alice", "bob")
        me, you = alice.connection.me.author, bob.connection.me.author
        self.happens(Told(me, you, "hi"))
        self.assertEqual(alice.hears(), ["[12:00] you -> bob: hi"])
        self.assertEqual(bob.hears(), ["[12:00] alice -> you: hi"])
        alice.says("/times off")
        alice.hears()
        self.happens(Told(me, you, "hi"))
        self.assertEqual(alice.hears(), ["[you -> bob] hi"])

    def test_to_oneself_or_nobody(self) -> None:
        alice = self.person("alice")
        self.assertEqual(alice.asks("/msg alice hi"), ["! That is you. Nothing was sent."])
        self.assertEqual(alice.asks("/msg zed hi"), ['! Nobody here is called "zed". Nothing was sent.'])
        self.assertEqual(alice.asks("/msg , hi")[0][:21], "! That needs more wor")

    def test_who_is_away_gets_it_and_one_is_told(self) -> None:
        alice, bob = self.people("alice", "bob")
        bob.says("/away lunch")
        self.assertEqual(alice.asks("@bob hi"), ["* bob is away: lunch."])
        bob.says("/away")
        self.assertEqual(alice.asks("@bob hi"), ["* bob is away."])
        self.assertEqual(bob.hears()[1::2], ["[12:00] alice -> you: hi"] * 2)


class AllTests(ChatTestCase):
    def test_everyone_hears_it_in_whatever_room(self) -> None:
        alice, bob, carol = self.people("alice", "bob", "carol")
        bob.says("/join dev", "/leave lobby")
        carol.says("/leave")
        bob.hears(), carol.hears(), alice.hears()
        self.assertEqual(alice.asks("/all hi"), [])
        self.assertEqual(bob.hears(), ["[12:00] alice -> all: hi"])
        self.assertEqual(carol.hears(), ["[12:00] alice -> all: hi"])

    def test_once_in_ten_seconds(self) -> None:
        alice, bob = self.people("alice", "bob")
        alice.says("@all one")
        bob.hears()
        self.assertEqual(alice.asks("@all two"), ["! You may speak to everyone only now and then. Try again in 10 s."])
        self.pass_time(9.5)
        self.assertEqual(alice.asks("@all two"), ["! You may speak to everyone only now and then. Try again in 1 s."])
        self.assertEqual(bob.asks("@all three"), [])
        self.assertEqual(alice.hears(), ["[12:00] bob -> all: three"])
        self.pass_time(0.5)
        self.assertEqual(alice.asks("@all two"), [])
        self.assertEqual(bob.hears(), ["[12:00] alice -> all: two"])

    def test_the_policy(self) -> None:
        alice, bob = self.people("alice", "bob")
        for policy in ("members", "operators"):
            self.configure(all=policy)
            self.assertEqual(alice.asks("@all hi"), ["! Only some people may speak to everyone here."])
        self.assertEqual(bob.hears(), [])


class SendTests(ChatTestCase):
    def test_a_key_is_said_once(self) -> None:
        alice, bob = self.people("alice", "bob")
        self.assertEqual(alice.asks("/send k1 build  ok"), ["+ 1 stored"])
        self.assertEqual(alice.asks("/send k1 build ok", "/send k2 more"), ["+ 1 duplicate", "+ 2 stored"])
        self.assertEqual(bob.hears(), ["[12:00] alice: build  ok", "[12:00] alice: more"])

    def test_keys_are_each_persons_own(self) -> None:
        alice, bob = self.people("alice", "bob")
        self.assertEqual(alice.asks("/send k one"), ["+ 1 stored"])
        self.assertEqual(bob.asks("/send k two")[-1], "+ 2 stored")

    def test_it_holds_for_the_next_connection_and_in_another_room(self) -> None:
        alice = self.person("alice")
        alice.says("/send k one")
        alice.hangs_up()
        alice = self.person("alice", "dev")
        self.assertEqual(alice.asks("/send k one"), ["+ 1 duplicate"])

    def test_it_holds_after_a_restart(self) -> None:
        self.person("alice").says("one", "/send k two")
        self.factory = self.new_factory(self.config)
        alice, bob = self.people("alice", "bob")
        self.assertEqual(alice.asks("/send k two"), ["+ 2 duplicate"])
        self.assertEqual(alice.asks("/send k3 three"), ["+ 3 stored"])
        self.assertEqual(bob.hears(), ["[12:00] alice: three"])

    def test_s_old_new_changes_it_too(self) -> None:
        alice, bob = self.people("alice", "bob")
        alice.says("/send k tae")
        self.assertEqual(alice.asks("s/tae/tea/")[-1], "* Line 1 is now: tea")
        self.assertEqual(bob.hears()[-1], "[12:00] alice edited 1: tea")


class ReceiptTests(ChatTestCase):
    history_class = HeldHistory

    def test_a_receipt_for_each_line(self) -> None:
        alice, _ = self.people("alice", "bob")
        self.assertEqual(alice.asks("/ack on"), ["* You get a receipt for each line."])
        self.pass_time(271.207)
        self.assertEqual(alice.asks("hi", "/me waves", "@bob hi", "@all hi", "/reply 1 yes", " x"), [
            "+ 1 lobby 2026-11-20T12:04:31.207Z",
            "+ 2 lobby 2026-11-20T12:04:31.207Z",
            "+ - bob 2026-11-20T12:04:31.207Z",
            "+ - all 2026-11-20T12:04:31.207Z",
            "+ 3 lobby 2026-11-20T12:04:31.207Z",
            "+ 4 lobby 2026-11-20T12:04:31.207Z",
        ])  # fmt: skip

    def test_no_receipt_before_it_is_on_disk_and_none_if_it_is_not(self) -> None:
        alice = self.person("alice")
        alice.says("/ack on")
        alice.hears()
        self.history.holding = True
        self.assertEqual(alice.asks("one"), [])
        self.history.fail("disk full")
        self.pass_time(0)
        self.assertEqual(alice.hears(), ["! Not stored: disk full. Not sent."])

    def test_what_is_refused_takes_its_turn_among_them(self) -> None:
        """So a program that says many lines at once knows which one it was."""
        alice, bob = self.people("alice", "bob")
        bob.says("/away tea")
        alice.says("/ack on")
        alice.hears()
        heard = alice.asks("one", "@nobody hi", "two", "@bob hi", "/say", "three", "@room")
        self.assertEqual([line.partition(" 2026")[0] for line in heard], [
            "+ 1 lobby",
            '! Nobody here is called "nobody". Nothing was sent.',
            "+ 2 lobby",
            "+ - bob",
            "* bob is away: tea.",
            "! That needs more words: /say TEXT -- say something to the room, whatever it begins with",
            "+ 3 lobby",
            "* lobby (2 people, you are here)",
        ])  # fmt: skip

    def test_none_unless_asked_for(self) -> None:
        alice = self.person("alice")
        self.assertEqual(alice.asks("hi"), [])
        self.assertEqual(alice.asks("/ack on", "/ack off", "hi")[1:], ["* No receipts."])
