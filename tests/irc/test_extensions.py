"""Extensions that change what a client sees: chghost, invite-notify, userhost-in-names, typing; and what others see."""

from __future__ import annotations

from tests.irc.test_people import OperatorCase
from tests.talk import ChatTestCase, Person

SERVER = ":chat.example.org"


def untagged(lines: list[str]) -> list[str]:
    """Lines without the tags that differ from run to run."""
    return [line.partition(" ")[2] if line.startswith("@") else line for line in lines]


class ChghostTests(OperatorCase):
    def setUp(self) -> None:
        super().setUp()
        self.rita = self.operator("rita", "#tea")
        self.bob, self.dave = self.irc("bob", "#tea"), self.person("dave", "tea")
        self.rita.says("MODE #tea +v bob")

    def hears_of(self, name: str, person: Person) -> list[str]:
        """What somebody hears when the host of the one of that name is changed."""
        person.hears()
        self.rita.says(f"CHGHOST {name} cup tea.example")
        return person.hears()

    def test_with_it_one_line(self) -> None:
        carol = self.irc("carol", "#tea", caps="chghost away-notify extended-join")
        self.assertEqual(self.hears_of("bob", carol), [":bob!~bob@127.0.0.1 CHGHOST cup tea.example"])

    def test_without_it_one_seems_to_have_gone_and_come_back_as_what_one_was(self) -> None:
        self.bob.says("REGISTER * * :correct horse")
        carol = self.irc("carol", "#tea", caps="extended-join")
        self.assertEqual(
            self.hears_of("bob", carol),
            [
                ":bob!~bob@127.0.0.1 QUIT :Changing host",
                ":bob!cup@tea.example JOIN #tea bob Bob",
                f"{SERVER} MODE #tea +v bob",
            ],
        )

    def test_people_with_nc_have_a_host_too_and_hear_nothing_of_it(self) -> None:
        carol = self.irc("carol", "#tea", caps="extended-join")
        self.dave.hears()
        self.assertEqual(self.hears_of("dave", carol)[-1], ":dave!cup@tea.example JOIN #tea * dave")
        self.assertEqual(self.dave.hears(), [])

    def test_who_shares_no_channel_hears_nothing(self) -> None:
        for caps in ("", "chghost"):
            eve = self.irc(f"eve{len(caps)}", caps=caps)
            self.assertEqual(self.hears_of("bob", eve), [])

    def test_who_cannot_be_seen_in_a_channel_does_not_seem_to_join_it(self) -> None:
        carol = self.irc("carol", "#tea", "#hall")
        self.rita.says("JOIN #cups", "MODE #cups +u")
        for person in (self.bob, carol):
            person.says("JOIN #cups")
        self.rita.says("MODE #tea -v bob")
        heard = self.hears_of("bob", carol)
        self.assertEqual(heard, [":bob!~bob@127.0.0.1 QUIT :Changing host", ":bob!cup@tea.example JOIN #tea"])

    def test_it_holds_wherever_one_is_shown(self) -> None:
        carol = self.irc("carol", "#tea", caps="userhost-in-names")
        self.hears_of("bob", carol)
        for question in ("NAMES #tea", "USERHOST bob"):
            self.assertIn("cup@tea.example", " ".join(carol.asks(question)))
        for question in ("WHO bob", "WHOIS bob"):
            self.assertIn(" cup tea.example ", " ".join(carol.asks(question)))
        self.bob.says("NICK robert")
        self.assertIn(":bob!cup@tea.example NICK robert", carol.hears())


class InviteNotifyTests(ChatTestCase):
    def test_those_hear_of_it_who_asked_and_may_invite(self) -> None:
        alice, eve = self.irc("alice", "#tea"), self.irc("eve", caps="invite-notify")
        friend, guest = self.irc("fay", "#tea", caps="invite-notify"), self.irc("guy", "#tea", caps="invite-notify")
        deaf, nc = self.irc("deb", "#tea"), self.person("dave", "tea")
        alice.says("MODE #tea +o fay", "MODE #tea +o deb", "MODE #tea +o dave")
        for person in (alice, eve, friend, guest, deaf, nc):
            person.hears()
        alice.says("INVITE eve #tea")
        invitation = ":alice!~alice@127.0.0.1 INVITE eve #tea"
        self.assertEqual((eve.hears(), friend.hears()), ([invitation], [invitation]))
        self.assertEqual((guest.hears(), deaf.hears(), len(nc.hears())), ([], [], 1))
        nc.says("/invite eve")
        self.assertEqual([len(each.hears()) for each in (eve, friend, guest, deaf)], [1, 1, 0, 0])


class UserhostInNamesTests(ChatTestCase):
    def test_everyone_has_one_and_prefixes_stay(self) -> None:
        self.irc("bob", "#tea").says("MODE #tea +v bob")
        self.person("dave", "tea")
        carol = self.irc("carol", "#tea", caps="userhost-in-names multi-prefix")
        names = carol.asks("NAMES #tea")[0].partition(" = #tea :")[2].split()
        self.assertEqual(names, ["@+bob!~bob@127.0.0.1", "dave!people@chat", "carol!~carol@127.0.0.1"])
        plain = self.irc("erin", "#tea").asks("NAMES #tea")[0].partition(" = #tea :")[2].split()
        self.assertEqual(plain, ["@bob", "dave", "carol", "erin"])


class TypingTests(ChatTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.alice = self.irc("alice", "#tea", caps="message-tags")
        self.bob = self.irc("bob", "#tea", caps="message-tags batch draft/chathistory draft/event-playback")
        self.plain, self.nc = self.irc("carol", "#tea"), self.person("dave", "tea")
        for person in (self.alice, self.bob, self.plain):
            person.hears()

    def test_it_is_never_in_any_history(self) -> None:
        kept = len(self.history._events)
        self.alice.says("@+typing=active TAGMSG #tea", "@+typing=paused TAGMSG bob", "@+typing=done TAGMSG dave")
        self.assertEqual(len(self.bob.hears()), 2)
        self.assertEqual(len(self.history._events), kept)
        for where in ("#tea", "alice"):
            self.assertNotIn("TAGMSG", " ".join(self.bob.asks(f"CHATHISTORY LATEST {where} * 100")))
        self.assertEqual((self.plain.hears(), self.nc.hears()), ([], []))

    def test_nobody_waits_for_a_disk(self) -> None:
        self.history.commit = lambda batch: None
        self.alice.says("@+typing=active TAGMSG #tea")
        self.assertEqual(untagged(self.bob.hears()), [":alice!~alice@127.0.0.1 TAGMSG #tea"])

    def test_who_may_not_speak_may_not_type(self) -> None:
        self.alice.says("MODE #tea +m")
        self.alice.hears(), self.bob.hears()
        self.assertIn(f"{SERVER} 404 bob #tea ", self.bob.asks("@+typing=active TAGMSG #tea")[0])
        self.assertEqual(self.alice.hears(), [])

    def test_what_is_not_for_others_is_not_passed_on(self) -> None:
        self.alice.says("@typing=active;+typing=active;account=bob TAGMSG #tea")
        tags, _, line = self.bob.hears()[0].partition(" ")
        self.assertEqual(line, ":alice!~alice@127.0.0.1 TAGMSG #tea")
        self.assertEqual([tag for tag in tags[1:].split(";") if not tag.startswith("msgid=")], ["+typing=active"])
