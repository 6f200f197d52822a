"""What a client believes, talking to the real server: people, what is unread, history, what becomes of lines."""

from __future__ import annotations

from chat.clients.model import Conversation
from chat.irc.capabilities import CAPABILITIES
from tests.clients.sitting import ClientTestCase, Sitter
from tests.talk import HeldHistory


def names(conversation: Conversation) -> list[str]:
    """Who is in a conversation, with prefixes and whether they are away."""
    return [f"{member.prefix}{member.nick}{' (away)' if member.away else ''}" for member in conversation.people]


class PeopleTests(ClientTestCase):
    def test_the_list_changes_by_itself(self) -> None:
        alice = self.client("alice", "#tea")
        self.assertEqual(names(alice.room), ["@alice"])
        bob = self.person("bob", "tea")
        carol = self.irc("carol", "#tea")
        self.assertEqual(names(alice.room), ["@alice", "bob", "carol"])
        bob.says("/away lunch")
        carol.says("NICK caroline")
        alice.types("/op caroline")
        self.assertEqual(names(alice.room), ["@alice", "@caroline", "bob (away)"])
        self.assertEqual(alice.chat.person("bob").away, "lunch")
        bob.says("/back", "/leave tea")
        carol.says("QUIT :bye")
        carol.hangs_up()
        self.assertEqual(names(alice.room), ["@alice"])
        self.assertEqual(
            [line for line in alice.sees() if line.startswith("-- ")],
            [
                "-- alice came",
                "-- bob came",
                "-- carol came",
                "-- carol is now caroline",
                "-- alice made caroline an operator",
                "-- bob left",
                "-- caroline left (Quit: bye)",
            ],
        )

    def test_who_was_there_before_is_known_with_all_there_is_to_know(self) -> None:
        bob, carol = self.person("bob", "tea"), self.irc("carol", "#tea", caps="setname")
        bob.says("/away lunch")
        carol.says("REGISTER * * :correct horse")
        for without in ((), ("no-implicit-names", "draft/no-implicit-names"), tuple(CAPABILITIES)):
            self.configure(without=without)
            alice = self.client(f"alice{len(without)}", "#tea")
            self.assertEqual(names(alice.room), ["@bob (away)", alice.chat.me, "carol"])
            self.assertEqual(alice.chat.person("carol").realname or "Carol", "Carol")
            alice.loses_link()
            alice.link.stop()

    def test_who_is_put_out_is_gone(self) -> None:
        alice, bob = self.client("alice", "#tea"), self.client("bob", "#tea")
        alice.types("/kick bob enough")
        self.assertEqual(names(alice.room), ["@alice"])
        self.assertEqual(bob.sees()[-1], "-- alice put out bob (enough)")
        self.assertFalse(bob.room.joined)

    def test_the_topic(self) -> None:
        alice, bob = self.client("alice", "#tea"), self.client("bob", "#tea")
        alice.types("/topic Darjeeling tonight")
        self.assertEqual(bob.room.topic, "Darjeeling tonight")
        self.assertEqual(self.client("carol", "#tea").room.topic, "Darjeeling tonight")

    def test_whether_somebody_one_talks_with_is_here(self) -> None:
        alice, bob = self.client("alice"), self.irc("bob")
        private = alice.chat.open("bob")
        self.pass_time(0)
        self.assertIs(private.present, True)
        bob.hangs_up()
        self.assertIs(private.present, False)

    def test_a_name_that_is_taken(self) -> None:
        self.person("bob")
        other = self.irc("alice")
        alice = self.client("alice")
        self.assertEqual(alice.chat.me, "alice_")
        self.assertIn("alice is in use; you are alice_ as long as it is.", alice.sees())
        other.hangs_up()
        self.assertEqual(alice.chat.me, "alice")
        self.assertIn("as alice.", alice.chat.state.sentence)


class UnreadTests(ClientTestCase):
    def counts(self, sitter: Sitter) -> list[tuple[str, int, int]]:
        return [(each.name, each.unread, each.mentions) for each in sitter.chat.conversations]

    def test_lines_and_names_and_what_is_private(self) -> None:
        alice, bob = self.client("alice", "#tea", "#dev"), self.person("bob", "tea")
        alice.chat.look(alice.room)
        bob.says("/join dev", "hello", "are you there, Alice?", "malice", "@#tea seen at once", "@alice psst")
        self.pass_time(0)
        self.assertEqual(self.counts(alice), [("#tea", 0, 0), ("#dev", 3, 1), ("bob", 1, 0)])
        self.assertEqual(alice.chat.unread, 2)
        told = [change.line.text for change in alice.changes if change.what == "notification" and change.line]
        self.assertEqual(told, ["are you there, Alice?", "psst"])
        alice.chat.look(alice.chat.find("#dev"))
        self.assertEqual(alice.chat.unread, 1)

    def test_what_was_read_with_one_client_is_read_in_the_other(self) -> None:
        bob = self.person("bob", "tea")
        before = self.irc("alice", "#tea")
        before.says("REGISTER * * :correct horse")
        before.hangs_up()
        one = self.client("alice", "#tea", password="correct horse")
        two = self.client("alice", "#tea", password="correct horse")
        bob.says("one", "two")
        self.pass_time(0)
        self.assertEqual((one.room.unread, two.room.unread), (2, 2))
        one.chat.look(one.room)
        self.pass_time(0)
        self.assertEqual((one.room.unread, two.room.unread), (0, 0))
        for sitter in (one, two):
            sitter.link.stop()
        self.pass_time(5)
        bob.says("while you were away")
        self.assertEqual(self.client("alice", "#tea", password="correct horse").room.unread, 1)

    def test_what_was_missed_here_and_read_elsewhere_is_read(self) -> None:
        bob, before = self.person("bob", "tea"), self.irc("alice", "#tea")
        before.says("REGISTER * * :correct horse")
        before.hangs_up()
        one, two = (self.client("alice", "#tea", password="correct horse") for _ in range(2))
        bob.says("before")
        self.pass_time(0)
        one.closed = True
        one.loses_link()
        bob.says("are you there, alice?")
        two.chat.look(two.room)
        self.pass_time(1)
        two.chat.look(None)
        bob.says("alice?")
        one.closed = False
        self.pass_time(5)
        self.assertEqual(one.sees_spoken(), ["bob: before", "bob: are you there, alice?", "bob: alice?"])
        self.assertEqual((one.room.unread, one.room.mentions), (1, 1))

    def test_private_lines_of_the_time_one_was_away(self) -> None:
        bob = self.person("bob")
        before = self.irc("alice")
        before.says("REGISTER * * :correct horse", "PRIVMSG bob :hello")
        before.hangs_up()
        self.pass_time(1)
        bob.says("@alice are you there?", "@alice well, later")
        alice = self.client("alice", password="correct horse")
        private = alice.chat.find("bob")
        assert private is not None
        self.assertEqual(alice.sees(private), ["alice: hello", "bob: are you there?", "bob: well, later"])
        self.assertEqual(private.unread, 2)


class HistoryTests(ClientTestCase):
    def test_on_joining_and_on_scrolling_back(self) -> None:
        bob = self.person("bob", "tea")
        bob.says(*(f"line {number}" for number in range(130)))
        alice = self.client("alice", "#tea")
        self.assertEqual(alice.sees_spoken(), [f"bob: line {number}" for number in range(81, 130)])
        while alice.chat.older(alice.room):
            self.pass_time(0)
        self.assertEqual(alice.sees_spoken(), [f"bob: line {number}" for number in range(130)])
        self.assertTrue(alice.room.complete)

    def test_what_was_missed_is_fetched_page_by_page_and_in_its_place(self) -> None:
        alice, bob = self.client("alice", "#tea"), self.person("bob", "tea")
        bob.says("before")
        self.pass_time(0)
        alice.closed = True
        alice.loses_link()
        bob.says(*(f"missed {number}" for number in range(130)))
        alice.closed = False
        self.pass_time(3)
        bob.says("after")
        self.pass_time(0)
        lines = ["bob: before", *(f"bob: missed {number}" for number in range(130)), "bob: after"]
        self.assertEqual(alice.sees_spoken(), lines)
        self.assertEqual(alice.room.unread, 132)

    def test_what_became_of_lines_while_the_link_was_lost(self) -> None:
        alice, bob = self.client("alice", "#tea"), self.person("bob", "tea")
        bob.says("helo", "spam", "stays")
        self.pass_time(0)
        alice.closed = True
        alice.loses_link()
        bob.says("/edit 1 hello", "/delete 2", "/react 3 :+1:")
        alice.closed = False
        self.pass_time(3)
        self.assertEqual(alice.sees_spoken(), ["bob: hello (edited)", "bob: (removed)", "bob: stays"])
        line = next(line for line in alice.room.lines if line.text == "stays")
        self.assertEqual(line.reactions, {"👍": ["bob"]})

    def test_pages_that_are_all_reactions_end_the_history_in_neither_direction(self) -> None:
        bob = self.person("bob", "tea")
        reactions = [f"/react 2 word{number}" for number in range(120)]
        bob.says("first", "second", *reactions)
        alice = self.client("alice", "#tea")
        while alice.chat.older(alice.room):
            self.pass_time(0)
        self.assertEqual(alice.sees_spoken(), ["bob: first", "bob: second"])
        alice.closed = True
        alice.loses_link()
        bob.says("third", *(line.replace("2", "1", 1) for line in reactions), "fourth")
        alice.closed = False
        self.pass_time(3)
        self.assertEqual(alice.sees_spoken(), ["bob: first", "bob: second", "bob: third", "bob: fourth"])
        first = next(line for line in alice.room.lines if line.text == "first")
        self.assertEqual(len(first.reactions), 120)

    def test_a_page_of_nothing_but_comings_and_goings_is_followed_by_another(self) -> None:
        bob = self.person("bob", "tea")
        bob.says(*(f"line {number}" for number in range(5)), *(f"/topic {number}" for number in range(70)))
        self.assertEqual(self.client("alice", "#tea").sees_spoken(), [f"bob: line {number}" for number in range(5)])

    def test_a_history_that_never_comes_is_not_waited_for(self) -> None:
        bob = self.person("bob", "tea")
        alice = self.client_that_waits("alice", "#tea")
        send = alice.chat.send
        self.patch(alice.chat, "send", lambda verb, *more, **tags: verb == "CHATHISTORY" or send(verb, *more, **tags))
        alice.connect()
        self.pass_time(0)
        alice.types("hello")
        bob.says("hi")
        self.pass_time(50)
        self.assertEqual(alice.sees_spoken(), ["bob: hi", "(waiting) alice: hello"])
        self.pass_time(15)
        self.assertEqual(alice.sees_spoken(), ["bob: hi", "alice: hello"])

    def test_reactions_of_the_past(self) -> None:
        bob = self.person("bob", "tea")
        bob.says("hello", "/react 1 :tea:")
        alice = self.client("alice", "#tea")
        line = next(line for line in alice.room.lines if line.text == "hello")
        self.assertEqual(line.reactions, {"🍵": ["bob"]})


class AfterwardsTests(ClientTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.alice, self.bob = self.client("alice", "#tea"), self.client("bob", "#tea")
        self.nc = self.person("nora", "tea")

    def test_an_answer(self) -> None:
        self.bob.types("tea?")
        self.alice.types("yes", reply_to=self.alice.room.lines[-1])
        line = self.bob.room.lines[-1]
        quoted = self.bob.room.quoted(line)
        self.assertEqual((line.text, quoted.text if quoted else ""), ("yes", "tea?"))
        self.assertEqual(self.nc.hears()[-1], '[12:00] alice (re 1 bob "tea?"): yes')

    def test_an_edit(self) -> None:
        self.alice.types("helo")
        self.alice.types("s/helo/hello/")
        for sitter in (self.alice, self.bob):
            self.assertEqual(sitter.sees()[-1], "alice: hello (edited)")
        self.alice.types("/edit good morning")
        self.assertEqual(self.bob.sees()[-1], "alice: good morning (edited)")
        self.assertEqual(self.nc.hears()[-1], "[12:00] alice edited 1: good morning")
        self.alice.types("s/nothing/of that/")
        self.assertEqual(self.bob.sees()[-1], "alice: s/nothing/of that/")

    def test_only_ones_own_is_edited(self) -> None:
        self.bob.types("hello")
        self.alice.chat.edit(self.alice.room, self.alice.room.lines[-1], "I am a fool")
        self.pass_time(0)
        self.assertEqual(self.bob.sees()[-1], "bob: hello")

    def test_a_line_is_taken_back(self) -> None:
        self.alice.types("oops")
        self.alice.types("/delete")
        for sitter in (self.alice, self.bob):
            self.assertEqual(sitter.sees_spoken(), ["alice: (removed)"])

    def test_a_reaction_and_its_end(self) -> None:
        self.alice.types("tea?")
        line = self.bob.room.lines[-1]
        self.bob.chat.react(self.bob.room, line, "👍")
        self.pass_time(0)
        self.alice.types("/react :+1:")
        self.assertEqual(self.alice.room.lines[-1].reactions, {"👍": ["bob", "alice"]})
        self.bob.chat.react(self.bob.room, line, "👍")
        self.pass_time(0)
        self.assertEqual(self.alice.room.lines[-1].reactions, {"👍": ["alice"]})
        line.react("carol", "👎", on=False)
        self.assertEqual(line.reactions, {"👍": ["alice"]})

    def test_who_is_typing(self) -> None:
        self.bob.chat.typing(self.bob.room, True)
        self.pass_time(0)
        self.assertEqual(self.alice.room.typing, ["bob"])
        self.pass_time(8)
        self.assertEqual(self.alice.room.typing, [])
        self.bob.chat.typing(self.bob.room, True)
        self.bob.types("done")
        self.assertEqual(self.alice.room.typing, [])

    def test_a_paste_is_one_message(self) -> None:
        self.alice.types("one\n\n  two\n" + "word " * 200)
        self.assertEqual(self.bob.room.lines[-1].text, "one\n\n  two\n" + "word " * 200)
        self.assertEqual(len(self.bob.sees_spoken()), 1)
        self.assertEqual(len(self.alice.sees_spoken()), 1)
        self.alice.types("\n".join(f"line {number}" for number in range(100)))
        text = "\n".join([line.text for line in self.bob.room.lines if line.spoken][1:])
        self.assertEqual(text, "\n".join(f"line {number}" for number in range(100)))
        self.assertEqual(len(self.bob.sees_spoken()), 1 + 4)

    def test_what_one_does(self) -> None:
        self.alice.types("/me waves")
        self.assertEqual(self.bob.sees()[-1], "* alice waves")

    def test_codes_of_terminals_and_colours_are_not_shown(self) -> None:
        self.irc("eve", "#tea").says("PRIVMSG #tea :\x02bold\x02 \x0304,12red\x03 \x1b[2Jgone \u202eback")
        self.pass_time(0)
        self.assertEqual(self.alice.sees()[-1], "eve: bold red [2Jgone back")


class WaitingTests(ClientTestCase):
    history_class = HeldHistory

    def test_a_line_waits_until_it_is_on_disk(self) -> None:
        alice = self.client("alice", "#tea")
        self.history.holding = True
        alice.types("hello")
        self.assertEqual(alice.sees()[-1], "(waiting) alice: hello")
        self.history.let_go()
        self.pass_time(0)
        self.assertEqual(alice.sees()[-1], "alice: hello")

    def test_one_that_could_not_be_stored_has_failed_and_can_be_sent_again(self) -> None:
        alice, bob = self.client("alice", "#tea"), self.client("bob", "#tea")
        self.history.holding = True
        alice.types("hello")
        self.history.fail("disk full")
        self.pass_time(0)
        self.assertEqual(alice.sees_spoken(), ["(failed) alice: hello"])
        self.assertIn("disk full", alice.room.lines[-1].why)
        self.history.holding = False
        alice.types("something else")
        alice.types("/resend")
        self.assertEqual(alice.sees_spoken(), ["alice: something else", "alice: hello"])
        self.assertEqual(bob.sees_spoken(), ["alice: something else", "alice: hello"])

    def test_what_is_typed_without_a_link_is_sent_when_there_is_one(self) -> None:
        alice, bob = self.client("alice", "#tea"), self.client("bob", "#tea")
        alice.closed = True
        alice.loses_link()
        alice.types("one")
        alice.types("two")
        self.assertEqual(alice.sees_spoken(), ["(waiting) alice: one", "(waiting) alice: two"])
        alice.closed = False
        self.pass_time(5)
        self.assertEqual(bob.sees_spoken(), ["alice: one", "alice: two"])
        self.assertEqual(alice.sees_spoken(), ["alice: one", "alice: two"])

    def test_one_may_not_speak(self) -> None:
        bob = self.client("bob", "#tea")
        alice = self.client("alice", "#tea")
        bob.types("/mode +m")
        alice.types("hello")
        self.assertEqual(alice.sees_spoken(), ["(failed) alice: hello"])
        self.assertNotIn("info", [line.kind for line in alice.room.lines], "the line says it, nothing else does")
        self.assertNotIn("alice: hello", bob.sees())
        alice.types("/msg nobody hello")
        private = alice.chat.find("nobody")
        assert private is not None
        self.assertEqual(alice.sees_spoken(private), ["(failed) alice: hello"])
