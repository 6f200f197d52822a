"""Channels on IRC: names, modes, invitations, forwards, who sees whom, other names for channels."""

from __future__ import annotations

from tests.talk import ChatTestCase

ALICE, BOB, CAROL = (f":{name}!~{name}@127.0.0.1" for name in ("alice", "bob", "carol"))
SERVER = ":chat.example.org"


class NamesTests(ChatTestCase):
    def test_userhost_in_names(self) -> None:
        self.irc("alice", "#tea")
        bob = self.irc("bob", caps="userhost-in-names")
        bob.says("JOIN #tea")
        self.assertIn(f"{SERVER} 353 bob = #tea :@alice!~alice@127.0.0.1 bob!~bob@127.0.0.1", bob.hears())

    def test_multi_prefix(self) -> None:
        alice = self.irc("alice", "#tea", caps="multi-prefix userhost-in-names")
        alice.says("MODE #tea +v alice")
        alice.hears()
        alice.says("NAMES #tea")
        self.assertEqual(
            alice.hears(),
            [f"{SERVER} 353 alice = #tea @+alice!~alice@127.0.0.1", f"{SERVER} 366 alice #tea :End of NAMES list"],
        )

    def test_many_names_are_on_several_lines_of_at_most_512_bytes(self) -> None:
        people = [self.irc(f"{'ä' * 15}{number}", "#tea") for number in range(30)]
        people[0].says("NAMES #tea")
        lines = people[0].hears()
        names = [word for line in lines if " 353 " in line for word in line.split(" :")[1].split()]
        self.assertEqual(len(names), 30)
        self.assertLessEqual(max(len(line.encode()) for line in lines), 510)

    def test_nobody_is_told_the_names_with_no_implicit_names(self) -> None:
        for capability in ("no-implicit-names", "draft/no-implicit-names"):
            person = self.irc(capability[:5].replace("/", ""), caps=capability)
            person.says("JOIN #tea")
            self.assertEqual([line.split()[1] for line in person.hears()], ["JOIN"])
            person.says("NAMES #tea")
            self.assertIn(" 353 ", person.reads())

    def test_people_with_nc_are_in_the_same_room(self) -> None:
        self.person("bob")
        alice = self.irc("alice")
        alice.says("JOIN #lobby")
        self.assertIn(f"{SERVER} 353 alice = #lobby :bob alice", alice.hears())


class LobbyTests(ChatTestCase):
    def test_it_belongs_to_nobody_and_is_open(self) -> None:
        alice = self.irc("alice", "#lobby")
        alice.says("MODE #lobby", "TOPIC #lobby :tea", "MODE #lobby +m")
        heard = alice.hears()
        self.assertIn(f"{SERVER} 324 alice #lobby +n", heard)
        self.assertIn(f"{ALICE} TOPIC #lobby tea", heard)
        self.assertIn(f"{SERVER} 482 alice #lobby :You're not a channel operator", heard)

    def test_it_stays_nobodys_when_everyone_has_left(self) -> None:
        alice = self.irc("alice", "#lobby")
        alice.says("PART #lobby", "JOIN #lobby")
        self.assertIn(f"{SERVER} 353 alice = #lobby alice", alice.hears())

    def test_it_keeps_its_name(self) -> None:
        alice = self.irc("alice", "#lobby")
        alice.says("RENAME #lobby #tea")
        self.assertEqual(alice.hears(), [f"{SERVER} 482 alice #lobby :You're not a channel operator"])

    def test_it_was_made_when_the_chat_first_started(self) -> None:
        alice = self.irc("alice", "#lobby")
        self.assertEqual(alice.asks("MODE #lobby")[-1], ":chat.example.org 329 alice #lobby 1795176000")


class OwnershipTests(ChatTestCase):
    def test_a_guests_room_with_a_history_is_the_next_ones_when_it_is_empty(self) -> None:
        alice, bob = self.irc("alice", "#tea"), self.irc("bob")
        alice.says("PRIVMSG #tea :hi", "PART #tea")
        bob.says("JOIN #tea")
        self.assertIn(f"{SERVER} 353 bob = #tea @bob", bob.hears())


class FounderTests(ChatTestCase):
    """A channel may belong to an account: the mode q, and ChanServ, which asks for it in words."""

    def setUp(self) -> None:
        super().setUp()
        self.alice, self.bob = self.irc("alice", "#tea"), self.irc("bob", "#tea")
        self.alice.says("REGISTER * * :correct horse")
        self.alice.hears()
        self.bob.hears()

    def chanserv(self, *said: str) -> list[str]:
        return [f":ChanServ!services@chat.example.org NOTICE alice :{each}" for each in said]

    def test_a_channel_is_registered_and_given_on(self) -> None:
        mode = ":alice!~alice@127.0.0.1 MODE #tea +q alice"
        self.assertEqual(self.alice.asks("PRIVMSG ChanServ :register #tea"), [mode, *self.chanserv("#tea is yours.")])
        self.assertEqual(self.bob.hears(), [mode])
        self.assertIn(":~alice bob", self.alice.asks("NAMES #tea")[0])
        self.assertEqual(self.alice.asks("CS INFO #tea"), self.chanserv("#tea belongs to alice."))
        self.assertEqual(self.alice.asks("CS REGISTER #tea"), self.chanserv("#tea belongs to alice."))
        refused = self.alice.asks("CS TRANSFER #tea bob")
        self.assertEqual(refused, self.chanserv("bob has no account, or is not logged in to it."))
        self.bob.says("REGISTER * * :correct horse")
        self.bob.hears()
        self.assertEqual(self.alice.asks("CS TRANSFER #tea bob")[-1:], self.chanserv("#tea belongs to bob."))
        self.assertEqual(self.alice.asks("CS INFO #tea"), self.chanserv("#tea belongs to bob."))
        heard = self.bob.asks("CS DROP #tea", "CS INFO #tea")
        self.assertIn("belongs to nobody", heard[-1])

    def test_the_founder_is_safe_from_operators(self) -> None:
        self.alice.says("CS REGISTER #tea", "CS OP #tea bob")
        self.assertIn("MODE #tea +o bob", self.bob.hears()[-1])
        for line in ("KICK #tea alice", "MODE #tea -o alice", "MODE #tea -q alice", "MODE #tea +q bob"):
            refused = self.bob.asks(line)[0]
            self.assertIn(" 482 " if "+q" not in line else "no account", refused, line)
        self.assertIn("~alice", self.bob.asks("NAMES #tea")[0])

    def test_it_lasts(self) -> None:
        self.alice.says("CS REGISTER #tea", "TOPIC #tea :mine", "QUIT")
        self.bob.says("QUIT")
        self.factory = self.new_factory(self.config)
        carol = self.irc("carol")
        self.assertIn("carol", [line.split()[-1] for line in carol.asks("JOIN #tea") if " 353 " in line])

    def test_one_has_to_be_operator(self) -> None:
        self.bob.says("REGISTER * * :correct horse")
        self.bob.hears()
        self.assertIn("Only an operator of tea may do that.", self.bob.asks("CS REGISTER #tea")[0])
        self.assertIn(" 482 ", self.bob.asks("MODE #tea +q bob")[0])

    def test_what_is_hidden_is_not_told(self) -> None:
        self.alice.says("MODE #tea +s")
        carol = self.irc("carol")
        self.assertEqual(carol.asks("CS INFO #tea")[0][-29:], carol.asks("CS INFO #xyz")[0][-29:].replace("xyz", "tea"))


class DisguiseTests(ChatTestCase):
    def test_a_ban_is_not_shed_by_another_nickname(self) -> None:
        alice, bob = self.irc("alice", "#tea"), self.irc("bob", "#tea")
        alice.says("MODE #tea +b bob!*@*")
        bob.hears()
        self.assertIn(" 435 bob #tea :", bob.asks("NICK robert")[0])
        alice.says("MODE #tea +v bob")
        bob.hears()
        self.assertEqual(bob.asks("NICK robert"), [":bob!~bob@127.0.0.1 NICK robert"])


class InviteTests(ChatTestCase):
    def test_only_an_operators_invitation_opens_the_door(self) -> None:
        alice, bob, carol = self.irc("alice", "#tea"), self.irc("bob", "#tea"), self.irc("carol")
        alice.says("MODE #tea +k sesame")
        bob.says("INVITE carol #tea")
        carol.hears()
        self.assertIn(" 475 ", carol.asks("JOIN #tea")[0])
        alice.says("INVITE carol #tea")
        carol.hears()
        self.assertIn("JOIN #tea", carol.asks("JOIN #tea")[0])

    def test_operators_who_asked_hear_of_invitations(self) -> None:
        alice = self.irc("alice", "#tea", caps="invite-notify")
        bob, carol = self.irc("bob", "#tea", caps="invite-notify"), self.irc("carol", "#tea")
        member, dave = self.irc("eve", "#tea", caps="invite-notify"), self.irc("dave")
        alice.says("MODE #tea +oo bob carol")
        for person in (alice, bob, carol, member):
            person.hears()
        alice.says("INVITE dave #tea")
        invitation = f"{ALICE} INVITE dave #tea"
        self.assertEqual(dave.hears(), [invitation])
        self.assertEqual(bob.hears(), [invitation])
        self.assertEqual(carol.hears(), [])
        self.assertEqual(member.hears(), [])
        self.assertEqual(alice.hears(), [f"{SERVER} 341 alice dave #tea"])


class ForwardTests(ChatTestCase):
    def test_who_may_not_come_in_is_sent_on(self) -> None:
        alice, bob = self.irc("alice", "#tea", "#waiting"), self.irc("bob")
        alice.says("MODE #tea +if #waiting", "MODE #tea")
        heard = [f"{ALICE} MODE #tea +if #waiting", f"{SERVER} 324 alice #tea +intf #waiting"]
        self.assertEqual(alice.hears()[:2], heard)
        bob.says("JOIN #tea")
        self.assertEqual(
            bob.hears()[:2],
            [f"{SERVER} 470 bob #tea #waiting :You are sent on to another channel", f"{BOB} JOIN #waiting"],
        )

    def test_one_has_to_be_operator_at_both_ends(self) -> None:
        alice = self.irc("alice", "#tea")
        self.irc("bob", "#coffee")
        alice.says("MODE #tea +f #coffee", "MODE #tea +f #none")
        self.assertEqual(
            alice.hears(),
            [
                f"{SERVER} 482 alice #coffee :You're not a channel operator",
                f"{SERVER} 696 alice #tea f #none :There is no such channel",
            ],
        )


class AudienceTests(ChatTestCase):
    def test_a_message_to_operators_is_heard_by_them_only_and_has_no_number(self) -> None:
        alice, bob, carol = self.irc("alice", "#lobby"), self.irc("bob", "#lobby"), self.irc("carol", "#lobby")
        self.factory.registry.room("lobby").members[alice.connection.me.id].roles |= {"o"}
        for person in (alice, bob, carol):
            person.hears()
        bob.says("PRIVMSG @#lobby :help")
        self.assertEqual(alice.hears(), [f"{BOB} PRIVMSG @#lobby help"])
        self.assertEqual(carol.hears(), [])
        nc = self.person("dave")
        nc.says("/last 5")
        self.assertNotIn("help", nc.reads())

    def test_only_operators_hear_those_without_a_role_in_a_plus_U_channel(self) -> None:
        alice, bob, carol = self.irc("alice", "#tea"), self.irc("bob", "#tea"), self.irc("carol", "#tea")
        alice.says("MODE #tea +U")
        for person in (alice, bob, carol):
            person.hears()
        bob.says("PRIVMSG #tea :a question")
        alice.says("PRIVMSG #tea :an answer")
        self.assertEqual(alice.hears(), [f"{BOB} PRIVMSG #tea :a question"])
        self.assertEqual(carol.hears(), [f"{ALICE} PRIVMSG #tea :an answer"])

    def test_those_without_a_role_do_not_see_one_another_in_an_auditorium(self) -> None:
        alice, bob = self.irc("alice", "#tea"), self.irc("bob", "#tea")
        alice.says("MODE #tea +u")
        alice.hears(), bob.hears()
        carol = self.irc("carol", "#tea")
        self.assertEqual(alice.hears(), [f"{CAROL} JOIN #tea"])
        carol.says("NICK dora", "QUIT")
        carol.hangs_up()
        self.assertEqual(alice.hears(), [f"{CAROL} NICK dora", ":dora!~carol@127.0.0.1 QUIT Quit"])
        self.assertEqual(bob.hears(), [])


class RenameTests(ChatTestCase):
    def test_those_who_know_RENAME_see_it_and_the_others_change_channels(self) -> None:
        alice = self.irc("alice", "#tea", caps="draft/channel-rename")
        bob = self.irc("bob", "#tea", caps="extended-join")
        nc = self.person("carol", "tea")
        alice.says("TOPIC #tea :Darjeeling")
        for person in (alice, bob, nc):
            person.hears()
        alice.says("RENAME #tea #Coffee :tastes change")
        self.assertEqual(alice.hears(), [f"{ALICE} RENAME #tea #Coffee :tastes change"])
        self.assertEqual(nc.hears(), ["* alice renamed #tea to #Coffee (tastes change)"])
        seen = bob.hears()
        self.assertEqual(seen[:3], [
            f"{BOB} PART #tea :tastes change", f"{BOB} JOIN #Coffee * Bob", f"{SERVER} 332 bob #Coffee Darjeeling"
        ])  # fmt: skip
        self.assertEqual([line.split()[1] for line in seen[3:]], ["333", "353", "366"])
        nc.says("hello")
        self.assertEqual(bob.hears(), [":carol!people@chat PRIVMSG #Coffee hello"])

    def test_another_case_of_letters_is_no_other_channel(self) -> None:
        alice, bob = self.irc("alice", "#tea", caps="draft/channel-rename"), self.irc("bob", "#tea")
        alice.hears()
        alice.says("RENAME #tea #Tea")
        self.assertEqual(alice.hears(), [f"{ALICE} RENAME #tea #Tea :"])
        self.assertEqual(bob.hears(), [])

    def test_the_history_goes_with_it(self) -> None:
        alice = self.irc("alice", "#tea")
        alice.says("PRIVMSG #tea :hot", "RENAME #tea #coffee", "JOIN #tea")
        nc = self.person("bob")
        nc.says("/join coffee")
        self.assertIn("[12:00] alice: hot", nc.hears())
        nc.says("/join tea")
        self.assertNotIn("hot", nc.reads())

    def test_a_name_that_is_taken(self) -> None:
        alice = self.irc("alice", "#tea", "#coffee")
        alice.says("RENAME #tea #coffee", "RENAME #tea coffee", "RENAME #none #new")
        self.assertEqual(
            [line.split(" :")[0] for line in alice.hears()],
            [
                f"{SERVER} FAIL RENAME CHANNEL_NAME_IN_USE #tea #coffee",
                f"{SERVER} FAIL RENAME CANNOT_RENAME #tea coffee",
                f"{SERVER} 403 alice #none",
            ],
        )


class ModeTests(ChatTestCase):
    def test_a_list_is_full_at_its_limit(self) -> None:
        alice = self.irc("alice", "#tea")
        for start in range(0, 100, 10):
            alice.says("MODE #tea +" + "b" * 10 + " " + " ".join(f"n{start + n}" for n in range(10)))
        alice.hears()
        alice.says("MODE #tea +b one-more")
        self.assertEqual(alice.hears(), [f"{SERVER} 478 alice #tea b :Channel list is full"])

    def test_nothing_is_told_of_what_does_not_change(self) -> None:
        alice = self.irc("alice", "#tea")
        alice.says("MODE #tea +nto-b alice nobody")
        self.assertEqual(alice.hears(), [])

    def test_no_ctcp_but_actions(self) -> None:
        alice, bob = self.irc("alice", "#tea"), self.irc("bob", "#tea")
        alice.says("MODE #tea +C")
        alice.hears(), bob.hears()
        bob.says("PRIVMSG #tea :\x01VERSION\x01", "PRIVMSG #tea :\x01ACTION sips\x01")
        self.assertEqual(bob.hears(), [f"{SERVER} 404 bob #tea :Cannot send to channel"])
        self.assertEqual(alice.hears(), [f"{BOB} PRIVMSG #tea :\x01ACTION sips\x01"])

    def test_only_accounts_come_into_a_plus_R_channel(self) -> None:
        alice, bob = self.irc("alice", "#tea"), self.irc("bob")
        alice.says("MODE #tea +R")
        bob.says("JOIN #tea")
        self.assertEqual(bob.hears(), [f"{SERVER} 477 bob #tea :You need an account for that"])

    def test_a_notice_that_may_not_be_said_is_not_answered(self) -> None:
        alice, bob = self.irc("alice", "#tea"), self.irc("bob")
        alice.says("MODE #tea +m")
        bob.says("NOTICE #tea :hi", "NOTICE nobody :hi", "NOTICE #none :hi")
        self.assertEqual(bob.hears(), [])


class ListTests(ChatTestCase):
    def test_what_is_sought(self) -> None:
        alice = self.irc("alice", "#tea", "#tequila", "#secret")
        alice.says("MODE #secret +s", "TOPIC #tea :Darjeeling")
        self.pass_time(600)
        bob = self.irc("bob", "#tea", "#new")
        for sought, found in {
            "": ["#tea", "#tequila", "#new"],
            "#te*": ["#tea", "#tequila"],
            "!*te*": ["#new"],
            "#tea,#new": ["#tea", "#new"],
            ">1": ["#tea"],
            "<2,!#new": ["#tequila"],
            "C<5": ["#new"],
            "C>5,*te*": ["#tea", "#tequila"],
            "T>5": ["#tea"],
            "T<5": [],
            "#none": [],
        }.items():
            bob.says(f"LIST {sought}".rstrip())
            lines = bob.hears()
            self.assertEqual([line.split()[3] for line in lines if " 322 " in line], found, sought)
            self.assertIn(" 323 ", lines[-1])


class NicknameTests(ChatTestCase):
    def test_letters_of_every_script_unless_the_configuration_says_ascii(self) -> None:
        alice = self.irc("alice")
        alice.says("NICK Zoë")
        self.assertEqual(alice.hears(), [f"{ALICE} NICK Zoë"])
        self.configure(names="ascii")
        alice.says("NICK Zoé")
        self.assertEqual(alice.hears(), [f"{SERVER} 432 Zoë Zoé :Erroneous nickname"])
        nc = self.connects()
        nc.says("Zoé")
        self.assertIn("! Names are 1-32 letters", nc.reads())
