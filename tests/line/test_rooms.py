"""Going from room to room: /join, /leave, /rooms, /unread, /topic, and how comings and goings are told."""

from chat.core.events import Left, Parted, Renamed, Said
from tests.talk import ChatTestCase


class JoinTests(ChatTestCase):
    def test_a_room_is_made(self) -> None:
        alice = self.person("alice")
        for line in ("/join dev", "@room ops", "/join #tea", "/JOIN 2026.plan_a-b"):
            name = line.split()[1].lstrip("#")
            self.assertEqual(alice.asks(line), [f"* You are in {name}. Nobody else is here."])

    def test_who_is_there_hears_of_it(self) -> None:
        bob, alice = self.person("bob", "dev"), self.person("alice")
        bob.hears()
        self.assertEqual(alice.asks("/join DEV"), ["* You are in dev (2 people): bob."])
        self.assertEqual(bob.hears(), ["* alice came"])
        alice.says("hi")
        self.assertEqual(bob.hears(), ["[12:00] alice: hi"])

    def test_three_others_are_named_and_more_are_counted(self) -> None:
        alice = self.person("alice")
        for others in ("b", "b, c", "b, c, d", "b, c, d and 1 more", "b, c, d and 2 more"):
            count = len(self.factory.registry.room("lobby").members)
            self.elsewhere("bcdef"[count - 1])
            self.assertEqual(alice.asks("/join lobby")[-1], f"* You are in lobby ({count + 1} people): {others}.")

    def test_its_topic_and_its_past(self) -> None:
        bob, alice = self.person("bob", "dev"), self.person("alice")
        bob.says("/topic releases", "one", "two")
        self.assertEqual(alice.asks("/join dev"), [
            "* Topic of dev: releases (set by bob)",
            "* You are in dev (2 people): bob. Last 2 lines:",
            "[12:00] bob: one",
            "[12:00] bob: two",
            "* -- now --",
        ])  # fmt: skip

    def test_a_room_where_one_is(self) -> None:
        alice, bob = self.people("alice", "bob")
        self.assertEqual(alice.asks("/join lobby"), ["* You are in lobby (2 people): bob."])
        self.assertEqual(alice.asks("/join dev", "/join lobby")[-1], "* You are in lobby (2 people): bob.")
        self.assertEqual(bob.hears(), [])
        alice.says("hi")
        self.assertEqual(bob.hears(), ["[12:00] alice: hi"])

    def test_a_name_that_is_none(self) -> None:
        alice = self.person("alice")
        rule = "! Room names are 1-64 letters, digits, _, - or ., and start with a letter or digit."
        for name in ("-a", "a/b", "a,b", "##a", "x" * 65, "#"):
            self.assertEqual(alice.asks(f"/join {name}"), [rule])
        self.assertEqual(alice.asks("/rooms"), ["* lobby (1 person, you are here)"])

    def test_what_was_said_to_everyone_is_part_of_the_past(self) -> None:
        bob, alice = self.people("bob", "alice")
        bob.says("@all fire drill at noon")
        alice.hears()
        self.assertEqual(alice.asks("/join dev"), [
            "* You are in dev. Nobody else is here. Last line:",
            "[12:00] bob -> all: fire drill at noon",
            "* -- now --",
        ])  # fmt: skip

    def test_what_is_said_while_one_comes_in_is_seen_once_and_in_order(self) -> None:
        alice, bob = self.people("alice", "bob")
        bob.says("/join dev", "one")
        alice.connection.dataReceived(b"/join dev\n")
        bob.connection.dataReceived(b"two\nthree\n")
        self.pass_time(0)
        heard = [line for line in alice.hears() if "bob:" in line]
        self.assertEqual(heard, [f"[12:00] bob: {word}" for word in ("one", "two", "three")])


class LeaveTests(ChatTestCase):
    def test_the_room_one_is_in(self) -> None:
        alice, bob = self.people("alice", "bob")
        alice.says("/join dev")
        bob.says("/join dev")
        alice.hears(), bob.hears()
        self.assertEqual(alice.asks("/leave"), ["* You left dev. You are in lobby."])
        self.assertEqual(bob.hears(), ["* alice left the room"])
        bob.says("hi")
        self.assertEqual(alice.hears(), [])

    def test_another_room(self) -> None:
        alice, bob = self.people("alice", "bob")
        alice.says("/join dev")
        alice.hears()
        bob.says("/join dev")
        self.assertEqual(alice.asks("/leave #Lobby"), ["* bob came", "* You left lobby. You are in dev."])
        self.assertEqual(bob.hears()[-1], "* alice left #lobby")

    def test_the_last_room(self) -> None:
        alice = self.person("alice")
        self.assertEqual(alice.asks("/part"), ["* You left lobby. You are in no room; /join takes you to one."])
        nowhere = "! You are in no room. /rooms lists them, /join takes you to one."
        for line in ("hi", "/leave", "/history", "/topic", "/reply 1 x", "/send k x", "s/a/b/"):
            self.assertEqual(alice.asks(line), [nowhere], line)
        self.assertEqual(alice.asks("/unread"), ["* Nothing unread."])
        self.assertEqual(alice.asks("/rooms"), ["* lobby (nobody)"])
        self.assertEqual(alice.asks("/join lobby"), ["* You are in lobby. Nobody else is here."])

    def test_a_room_where_one_is_not(self) -> None:
        alice, bob = self.people("alice", "bob")
        bob.says("/join dev")
        self.assertEqual(alice.asks("/leave dev"), ["! You are not in dev."])
        self.assertEqual(alice.asks("/leave nowhere"), ['! There is no room "nowhere".'])

    def test_an_empty_room_in_which_nothing_was_said_is_no_more(self) -> None:
        alice = self.person("alice")
        alice.says("/join dev", "/leave", "/join ops", "hi", "/leave")
        alice.hears()
        self.assertEqual(alice.asks("/rooms"), ["* lobby (1 person, you are here)", "* ops (nobody)"])

    def test_who_leaves_the_chat(self) -> None:
        alice, bob = self.people("alice", "bob")
        bob.says("/join dev")
        alice.says("/exit see you")
        alice.hangs_up()
        self.assertEqual(bob.hears()[-1], "* alice left (see you)")
        carol = self.person("carol")
        carol.hangs_up()
        self.assertEqual(bob.hears(), ["* carol came to #lobby", "* carol left"])

    def test_who_shares_several_rooms_hears_of_it_once(self) -> None:
        alice, bob = self.people("alice", "bob")
        for each in (alice, bob):
            each.says("/join dev", "/join ops")
        bob.hears()
        alice.hangs_up()
        self.assertEqual(bob.hears(), ["* alice left"])


class UnreadTests(ChatTestCase):
    def test_it_counts_what_was_said_since_one_looked(self) -> None:
        alice, bob = self.people("alice", "bob")
        self.assertEqual(alice.asks("/unread"), ["* Nothing unread."])
        bob.says("seen")
        alice.says("/join dev")
        bob.says("one", "/me two", "/topic no line", "three")
        alice.hears()
        self.assertEqual(alice.asks("/unread"), ["* lobby: 3 unread; /join lobby takes you there"])
        self.assertEqual(
            alice.asks("/rooms"), ["* lobby (2 people, 3 unread, joined): no line", "* dev (1 person, you are here)"]
        )
        alice.says("/join lobby")
        alice.hears()
        self.assertEqual(alice.asks("/unread"), ["* Nothing unread."])

    def test_the_room_one_looks_at_has_nothing_unread(self) -> None:
        alice, bob = self.people("alice", "bob")
        bob.says("one", "two")
        self.assertEqual(alice.asks("/unread")[-1], "* Nothing unread.")
        self.assertEqual(alice.asks("/rooms"), ["* lobby (2 people, you are here)"])

    def test_a_room_where_one_is_not_has_nothing_unread(self) -> None:
        alice = self.person("alice")
        bob = self.person("bob", "dev")
        bob.says("hi")
        self.assertEqual(alice.asks("/unread")[-1], "* Nothing unread.")
        self.assertEqual(alice.asks("/rooms"), ["* lobby (2 people, you are here)", "* dev (1 person)"])


class TopicTests(ChatTestCase):
    def test_it_is_read_changed_and_taken_away(self) -> None:
        alice, bob = self.people("alice", "bob")
        self.assertEqual(alice.asks("/topic"), ["* lobby has no topic."])
        self.assertEqual(alice.asks("/topic tea,  and cake"), ["* Topic of lobby: tea,  and cake (set by alice)"])
        self.assertEqual(bob.hears(), ["* alice changed the topic to: tea,  and cake"])
        self.assertEqual(bob.asks("/topic"), ["* Topic of lobby: tea,  and cake (set by alice)"])
        self.assertEqual(bob.asks("/topic -"), ["* lobby has no topic."])
        self.assertEqual(alice.hears(), ["* bob took the topic away"])

    def test_it_lasts(self) -> None:
        self.person("alice").says("/topic tea")
        self.factory = self.new_factory(self.config)
        self.assertEqual(self.person("bob").asks("/rooms"), ["* lobby (1 person, you are here): tea"])


class CrowdTests(ChatTestCase):
    """In rooms with more than 20 people comings and goings are counted."""

    def test_up_to_20_people_each_is_told(self) -> None:
        alice = self.person("alice")
        names = [f"b{n}" for n in range(19)]
        people = [self.elsewhere(name) for name in names]
        self.assertEqual(alice.hears(), [f"* {name} came" for name in names])
        self.happens(Renamed(people[0], "zoe"), Left(people[1]))
        self.assertEqual(alice.hears(), ["* b0 is now zoe", "* b1 left"])
        people += [self.elsewhere("b19"), self.elsewhere("b20")]
        self.assertEqual(alice.hears(), ["* b19 came"])
        self.happens(Parted(people[2], "lobby"))
        self.assertEqual(alice.hears(), ["* b2 left the room"])
        self.elsewhere("b21")
        self.happens(Left(people[3]))
        self.assertEqual(alice.hears(), ["* b3 left"])
        self.pass_time(10)
        self.assertEqual(alice.hears(), ["* 2 people came"])
        self.pass_time(20)
        self.assertEqual(alice.hears(), [])

    def test_above_20_they_are_counted(self) -> None:
        alice = self.person("alice")
        people = [self.elsewhere(f"b{n}") for n in range(26)]
        alice.hears()
        self.happens(*(Left(each) for each in people[:3]), Parted(people[3], "lobby"))
        self.happens(Renamed(people[4], "zoe"))
        self.assertEqual(alice.hears(), [])
        self.pass_time(10)
        self.assertEqual(alice.hears(), ["* 7 people came, 4 left, 1 took a new name"])

    def test_one_person_and_one_thing(self) -> None:
        alice = self.person("alice")
        for n in range(20):
            self.elsewhere(f"b{n}")
        alice.hears()
        self.pass_time(10)
        self.assertEqual(alice.hears(), ["* 1 person came"])

    def test_in_another_room(self) -> None:
        alice = self.person("alice", "dev")
        people = [self.elsewhere(f"b{n}") for n in range(22)]
        self.pass_time(10)
        alice.hears()
        self.happens(Left(people[0]), Left(people[1]))
        self.pass_time(10)
        self.assertEqual(alice.hears(), ["* #lobby 2 people left"])

    def test_who_is_in_a_crowd_still_hears_what_is_said(self) -> None:
        alice = self.person("alice")
        people = [self.elsewhere(f"b{n}") for n in range(30)]
        alice.hears()
        self.happens(Said(people[29], "lobby", "hi"))
        self.assertEqual(alice.hears(), ["[12:00] b29: hi"])
