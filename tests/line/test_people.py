"""Who is here, and who one is: /people, /nick, /away, /back, /ignore, /seen, /whoami, /exit."""

from chat.core.events import AwayChanged, Left
from tests.talk import ChatTestCase, Person


def id_of(person: Person) -> str:
    return str(person.connection.me.id)


class WhoTests(ChatTestCase):
    def test_everyone_but_oneself(self) -> None:
        alice, carol, bob = self.people("alice", "carol", "Bob")
        for line in ("/people", "@people", "/who", "/people lobby", "@people #LOBBY"):
            self.assertEqual(
                alice.asks(line), [f"* Bob in lobby; id {id_of(bob)}", f"* carol in lobby; id {id_of(carol)}"]
            )

    def test_rooms_idle_and_away(self) -> None:
        alice, bob = self.people("alice", "bob")
        bob.says("/join dev", "/away lunch; back at one")
        for seconds, idle in ((59, ""), (1, "idle 1 minute; "), (7200, "idle 2 hours; "), (86_400, "idle 1 day; ")):
            self.pass_time(seconds)
            self.assertEqual(
                alice.asks("/people"),
                [f"* bob in lobby, dev; {idle}away: lunch; back at one; id {id_of(bob)}"],
            )
        bob.says("/leave", "/leave", "/back")
        self.assertEqual(alice.asks("/people")[-1], f"* bob in no room; id {id_of(bob)}")

    def test_how_long(self) -> None:
        alice = self.person("alice")
        told = 0
        for seconds, span in (
            (0, "a moment"), (1, "1 second"), (59, "59 seconds"), (60, "1 minute"), (3599, "59 minutes"),
            (3600, "1 hour"), (86_399, "23 hours"), (86_400, "1 day"), (1000 * 86_400, "1,000 days"),
        ):  # fmt: skip
            self.pass_time(seconds - told)
            told = seconds
            self.assertEqual(alice.asks("/whoami")[0], f"* You are alice, in lobby, here for {span}.")

    def test_a_room_has_its_own_people(self) -> None:
        alice, bob = self.people("alice", "bob")
        carol = self.person("carol", "dev")
        carol.says("/leave lobby")
        alice.hears()
        self.assertEqual(alice.asks("/people lobby"), [f"* bob in lobby; id {id_of(bob)}"])
        self.assertEqual(alice.asks("/people dev"), [f"* carol in dev; id {id_of(carol)}"])

    def test_nobody(self) -> None:
        alice = self.person("alice")
        self.assertEqual(alice.asks("/people"), ["* Nobody else is here."])
        self.assertEqual(alice.asks("/people #Lobby"), ["* Nobody else is in lobby."])
        self.assertEqual(alice.asks("/people nowhere"), ['! There is no room "nowhere".'])

    def test_somebody_on_another_wire_or_node(self) -> None:
        alice = self.person("alice")
        bob = self.elsewhere("bob")
        self.assertEqual(alice.asks("/people"), ["* bob came", f"* bob in lobby; id {bob.id}"])

    def test_oneself(self) -> None:
        alice = self.person("alice", "dev")
        self.pass_time(150)
        time = id_of(alice).partition("-")[0]
        self.assertEqual(alice.asks("/whoami"), [
            "* You are alice, in lobby, dev, here for 2 minutes.",
            f"* Your id is {id_of(alice)}; anyone can write to you with it: {time}:hello",
            "* Your link is not encrypted.",
        ])  # fmt: skip

    def test_the_id_it_shows_reaches_one_alone(self) -> None:
        alice, bob = self.people("alice", "bob")
        shortest = bob.asks("/whoami")[1].rpartition(" ")[2]
        self.assertEqual(shortest, f"{id_of(bob)[:22]}:hello")
        alice.says(shortest)
        self.assertEqual(bob.hears(), ["[12:00] alice -> you: hello"])


class NickTests(ChatTestCase):
    def test_another_name(self) -> None:
        alice, bob = self.people("alice", "bob")
        self.assertEqual(alice.asks("/nick alicia"), ["* You are now alicia."])
        self.assertEqual(bob.hears(), ["* alice is now alicia"])
        self.assertEqual(bob.asks("@alice hi"), ['! Nobody here is called "alice". Nothing was sent.'])
        bob.says("@alicia hi")
        self.assertEqual(alice.hears(), ["[12:00] bob -> you: hi"])
        self.assertIn("* Hello alice.", self.sign_in("alice"))

    def sign_in(self, name: str) -> str:
        person = self.connects()
        person.says(name)
        self.pass_time(0.1)
        return person.reads()

    def test_ones_own_name_in_another_case(self) -> None:
        alice, bob = self.people("alice", "bob")
        self.assertEqual(alice.asks("/nick Alice"), ["* You are now Alice."])
        self.assertEqual(bob.hears(), ["* alice is now Alice"])
        self.assertEqual(alice.asks("/nick Alice"), ["! That is your name already."])
        self.assertEqual(bob.hears(), [])
        self.assertEqual(bob.asks("/seen alice"), ["* Alice is here."])

    def test_a_name_one_cannot_have(self) -> None:
        alice, bob = self.people("alice", "bob")
        for name, why in (
            ("bob", '"bob" is in use.'), ("B0B", '"B0B" is in use.'), ("admin", '"admin" is reserved.'),
            ("9", "Names are 1-32 letters, digits, _ or -, and start with a letter."),
        ):  # fmt: skip
            self.assertEqual(alice.asks(f"/nick {name}"), [f"! {why}"])
        self.assertEqual(bob.hears(), [])

    def test_a_guest_takes_a_name(self) -> None:
        guest = self.person("")
        self.assertEqual(guest.asks("/nick alice"), ["* You are now alice."])


class AwayTests(ChatTestCase):
    def test_away_and_back(self) -> None:
        alice, bob = self.people("alice", "bob")
        self.assertEqual(alice.asks("/away"), ["* You are away. Say /back when you return."])
        self.assertEqual(bob.asks("/people"), [f"* alice in lobby; away; id {id_of(alice)}"])
        self.assertEqual(alice.asks("/away lunch"), ["* You are away: lunch. Say /back when you return."])
        self.assertEqual(bob.asks("@alice hi"), ["* alice is away: lunch."])
        self.assertEqual(alice.asks("/back")[-1], "* Welcome back.")
        self.assertEqual(bob.asks("@alice hi"), [])
        self.assertEqual(bob.asks("/people"), [f"* alice in lobby; id {id_of(alice)}"])

    def test_back_without_away(self) -> None:
        self.assertEqual(self.person("alice").asks("/back"), ["! You were not away."])


class IgnoreTests(ChatTestCase):
    def test_nothing_more_is_seen_until_one_wants_to(self) -> None:
        alice, bob = self.people("alice", "bob")
        bob.says("before")
        alice.hears()
        self.assertEqual(alice.asks("/ignore Bob"), ["* You ignore bob. To hear them again: /ignore bob"])
        bob.says("hi", "/me waves", "@alice hi", "@all hi", "/react 1 x", "/edit 1 x", "/topic x")
        bob.says("/join dev", "/leave", "/leave", "/join lobby")
        self.assertEqual(alice.hears(), [])
        bob.says("/delete 2", "/exit")
        bob.hangs_up()
        self.assertEqual(alice.hears(), [])
        self.person("bob").says("hi")
        self.assertEqual(alice.hears(), [])
        self.assertEqual(alice.asks("/ignore"), ["* You ignore bob."])
        self.assertEqual(alice.asks("/ignore bob"), ["* You hear bob again."])
        self.assertEqual(alice.asks("/ignore"), ["* You ignore nobody."])

    def test_others_are_heard(self) -> None:
        alice, _, carol = self.people("alice", "bob", "carol")
        alice.says("/ignore bob")
        alice.hears()
        carol.says("hi")
        self.assertEqual(alice.hears(), ["[12:00] carol: hi"])

    def test_it_holds_under_another_name(self) -> None:
        alice, bob = self.people("alice", "bob")
        alice.says("/ignore bob")
        alice.hears()
        bob.says("/nick robert", "hi", "@alice hi")
        self.assertEqual(alice.hears(), [])
        self.assertEqual(alice.asks("/ignore"), ["* You ignore robert."])
        self.assertEqual(alice.asks("/ignore robert"), ["* You hear robert again."])
        bob.says("hi")
        self.assertEqual(alice.hears(), ["[12:00] robert: hi"])

    def test_what_was_said_before_is_not_shown_either(self) -> None:
        alice, bob, carol = self.people("alice", "bob", "carol")
        bob.says("one")
        carol.says("two")
        alice.says("/ignore bob")
        alice.hears()
        self.assertEqual(alice.asks("/history"), ["[2 12:00] carol: two", "* 1 line of lobby."])
        bob.says("three")
        self.assertEqual(alice.asks("/history 1"), ["* 0 lines of lobby. Older ones: /history before 3"])
        self.assertEqual(alice.asks("/search one"), ['* No line has "one".'])
        self.assertEqual(alice.asks("/leave", "/join lobby")[1:], [
            "* You are in lobby (3 people): bob, carol. Last line:", "[12:00] carol: two", "* -- now --"
        ])  # fmt: skip

    def test_somebody_who_is_not_here(self) -> None:
        alice = self.person("alice")
        self.assertEqual(alice.asks("/ignore bob"), ["* You ignore bob. To hear them again: /ignore bob"])
        self.person("bob").says("hi")
        self.assertEqual(alice.hears(), [])

    def test_oneself_and_no_name(self) -> None:
        alice = self.person("alice")
        self.assertEqual(alice.asks("/ignore ALICE"), ["! That is you."])
        self.assertEqual(alice.asks("/ignore 9")[0][:9], "! Names a")


class SeenTests(ChatTestCase):
    def test_here_gone_and_never(self) -> None:
        alice, bob = self.people("alice", "bob")
        self.assertEqual(alice.asks("/seen BOB"), ["* bob is here."])
        self.pass_time(300)
        self.assertEqual(alice.asks("/seen bob"), ["* bob is here, idle 5 minutes."])
        bob.hangs_up()
        alice.hears()
        self.assertEqual(alice.asks("/seen Bob"), ["* bob left a moment ago."])
        self.pass_time(7300)
        self.assertEqual(alice.asks("/seen bob"), ["* bob left 2 hours ago."])
        self.assertEqual(alice.asks("/seen zed"), ["* Nobody called zed was ever here."])
        self.assertEqual(alice.asks("/seen 9")[0][:9], "! Names a")

    def test_a_name_that_was_changed(self) -> None:
        alice, bob = self.people("alice", "bob")
        bob.says("/nick robert")
        alice.hears()
        self.pass_time(60)
        self.assertEqual(alice.asks("/seen bob"), ["* bob left 1 minute ago."])
        self.assertEqual(alice.asks("/seen robert"), ["* robert is here, idle 1 minute."])

    def test_after_a_crash(self) -> None:
        self.person("bob")
        self.factory = self.new_factory(self.config)
        self.pass_time(120)
        self.assertEqual(self.person("alice").asks("/seen bob"), ["* bob came 2 minutes ago, and is gone."])


class ExitTests(ChatTestCase):
    def test_every_way_out(self) -> None:
        bob = self.person("bob")
        for line in ("/exit", "@exit", "exit", "/quit", "/exit see you"):
            alice = self.person("alice")
            self.assertEqual(alice.asks(line), ["* Bye alice."])
            self.assertTrue(alice.is_gone)
            alice.hangs_up()
        self.assertEqual(bob.hears()[1::2], ["* alice left"] * 4 + ["* alice left (see you)"])

    def test_nothing_behind_it_is_done(self) -> None:
        alice, bob = self.people("alice", "bob")
        self.assertEqual(alice.asks("one", "exit", "two"), ["* Bye alice."])
        self.assertEqual(bob.hears(), ["[12:00] alice: one"])

    def test_a_line_that_was_cut_off_is_not_sent(self) -> None:
        alice, bob = self.people("alice", "bob")
        alice.types(b"half a li")
        alice.hangs_up()
        self.assertEqual(bob.hears(), ["* alice left"])


class QuietTests(ChatTestCase):
    def test_away_is_not_told_to_the_room(self) -> None:
        alice = self.person("alice")
        bob = self.elsewhere("bob")
        alice.hears()
        self.happens(AwayChanged(bob, "lunch"), AwayChanged(bob, None), Left(bob, ""))
        self.assertEqual(alice.hears(), ["* bob left"])
