"""Who may do what in a room: /op, /voice, /kick, /mute, /ban, /invite, /private, /moderated, and their undoing."""

from tests.talk import ChatTestCase, Person

PASSWORD = "correct horse"


class RoleTestCase(ChatTestCase):
    """alice has made the room dev, and bob and carol are in it."""

    def setUp(self) -> None:
        super().setUp()
        self.alice, self.bob, self.carol = (self.person(name, "dev") for name in ("alice", "bob", "carol"))
        self.everyone_has_read()

    def everyone_has_read(self) -> None:
        for person in (self.alice, self.bob, self.carol):
            person.hears()

    def assert_silent(self, person: Person) -> None:
        self.assertEqual(person.asks("hi"), ["! You may not speak in dev."])


class OperatorTests(RoleTestCase):
    def test_op_and_deop(self) -> None:
        self.assertEqual(self.bob.asks("/op bob"), ["! Only an operator of dev may do that."])
        self.assertEqual(self.alice.asks("/op BOB"), ["* bob is an operator now."])
        self.assertEqual(self.bob.hears(), ["* alice made bob an operator"])
        self.assertEqual(self.alice.asks("/op bob"), ["! bob is an operator already."])
        self.everyone_has_read()
        self.assertEqual(self.bob.asks("/deop alice"), ["* alice is no operator any more."])
        self.assertEqual(self.alice.hears(), ["* bob made alice an ordinary member"])
        self.assertEqual(self.bob.asks("/deop carol"), ["! carol is no operator."])

    def test_somebody_who_is_not_there(self) -> None:
        self.person("dave")
        self.assertEqual(self.alice.asks("/op dave")[-1:], ["! dave is not in dev."])
        self.assertEqual(self.alice.asks("/op nobody"), ['! Nobody here is called "nobody". Nothing was sent.'])

    def test_the_lobby_is_nobodys(self) -> None:
        self.alice.says("/join lobby")
        self.alice.hears()
        for line in ("/op bob", "/kick bob", "/mute bob", "/ban bob", "/unmute bob", "/private on", "/moderated off"):
            self.assertEqual(self.alice.asks(line), ["! Only an operator of lobby may do that."], line)

    def test_in_another_room_it_is_told_with_its_name(self) -> None:
        self.bob.says("/join lobby")
        self.bob.hears()
        self.alice.says("/op carol")
        self.assertEqual(self.bob.hears(), ["* #dev alice made carol an operator"])

    def test_an_account_keeps_it(self) -> None:
        self.bob.says("/register", PASSWORD)
        self.alice.says("/op bob")
        self.bob.hangs_up()
        bob = self.person("bob")
        bob.says(PASSWORD, "/join dev")
        bob.hears()
        self.assertEqual(bob.asks("/op carol"), ["* carol is an operator now."])


    def test_what_a_guest_made_is_kept_by_the_account_made_afterwards(self) -> None:
        self.alice.says("hello", "/register", PASSWORD)
        self.alice.hangs_up()
        self.carol.hears()
        alice = self.person("alice")
        alice.says(PASSWORD, "/join dev")
        alice.hears()
        self.assertEqual(alice.asks("/op carol"), ["* carol is an operator now."])

    def test_who_logs_in_later_is_an_operator_again_and_everyone_is_told(self) -> None:
        self.bob.says("/register", PASSWORD)
        self.alice.says("/op bob")
        self.bob.says("/logout")
        self.bob.hangs_up()
        bob = self.person("robert", "dev")
        self.everyone_has_read()
        bob.says("/login bob", PASSWORD)
        self.assertIn("* robert is an operator", self.carol.hears())


class FounderTests(RoleTestCase):
    """Who owns a room is an operator whom the others cannot put out."""

    def setUp(self) -> None:
        super().setUp()
        self.alice.says("/register", PASSWORD)
        self.alice.hears()

    def test_an_operator_may_have_a_room_that_nobody_founded(self) -> None:
        self.assertEqual(self.bob.asks("/found"), ["! Only an operator of dev may do that."])
        said = ["* dev is yours: other operators can neither put you out nor unmake you."]
        self.assertEqual(self.alice.asks("/found"), said)
        self.assertEqual(self.bob.hears(), ["* alice has founded the room"])
        self.assertEqual(self.alice.asks("/found"), ["! dev is yours already."])

    def test_an_account_is_needed(self) -> None:
        bob = self.person("dave", "den")
        self.assertEqual(bob.asks("/found"), ["! dave has no account, or is not logged in to it."])

    def test_the_founder_is_safe_from_operators(self) -> None:
        self.alice.says("/found", "/op bob")
        self.bob.says("/register", PASSWORD)
        self.everyone_has_read()
        only = ["! Only the founder of dev may do that."]
        for line in ("/kick alice", "/deop alice", "/found"):
            self.assertEqual(self.bob.asks(line), only, line)
        self.assertEqual(self.bob.asks("/ban alice"), ["! alice is an operator. First: /deop alice"])
        self.assertEqual(self.alice.asks("/deop bob"), ["* bob is no operator any more."])

    def test_the_lobby_is_nobodys(self) -> None:
        self.alice.says("/join lobby")
        self.alice.hears()
        self.assertEqual(self.alice.asks("/found"), ["! Only an operator of lobby may do that."])


class KickTests(RoleTestCase):
    def test_who_is_put_out_is_told_where_they_are(self) -> None:
        self.assertEqual(self.alice.asks("/kick bob too loud"), ["* You put bob out of dev."])
        self.assertEqual(self.carol.hears(), ["* alice put bob out of the room (too loud)"])
        self.assertEqual(self.bob.hears(), [
            "* alice put bob out of the room (too loud)", "* You left dev. You are in lobby.",
        ])  # fmt: skip
        self.alice.says("hi")
        self.assertEqual(self.bob.hears(), [])
        self.assertEqual(self.bob.asks("/join dev")[0][:14], "* You are in d")

    def test_not_oneself_and_not_by_everyone(self) -> None:
        self.assertEqual(self.alice.asks("/kick alice"), ["! That is you."])
        self.assertEqual(self.bob.asks("/kick carol"), ["! Only an operator of dev may do that."])

    def test_of_somebody_with_an_irc_client(self) -> None:
        dave = self.irc("dave", "#dev")
        self.everyone_has_read()
        self.alice.says("/kick dave")
        self.assertEqual(dave.hears(), [":alice!people@chat KICK #dev dave alice"])
        dave.says("JOIN #dev")
        self.everyone_has_read()
        self.alice.says("/op dave")
        self.everyone_has_read()
        dave.says("KICK #dev bob")
        self.assertEqual(self.carol.hears(), ["* dave put bob out of the room"])


class MuteTests(RoleTestCase):
    def test_mute_and_unmute(self) -> None:
        self.assertEqual(self.alice.asks("/mute bob"), ["* bob is muted in dev. To undo it: /unmute bob"])
        self.assertEqual(self.bob.hears(), ["* alice muted bob"])
        self.assert_silent(self.bob)
        self.assertEqual(self.alice.asks("/mute"), ["* Muted in dev: bob."])
        self.assertEqual(self.alice.asks("/mute bob"), ["! bob is muted already."])
        self.assertEqual(self.alice.asks("/unmute bob"), ["* bob may speak in dev again."])
        self.assertEqual(self.bob.hears(), ["* alice unmuted bob"])
        self.assertEqual(self.bob.asks("hi"), [])
        heard = self.alice.asks("/unmute bob", "/mute")
        self.assertEqual(heard[1:], ["! bob is not muted in dev.", "* Muted in dev: nobody."])

    def test_of_an_account_it_holds_under_any_name(self) -> None:
        self.bob.says("/register", PASSWORD)
        self.alice.says("/mute bob")
        self.bob.says("/nick robert")
        self.bob.hears()
        self.assert_silent(self.bob)
        self.alice.says("/unmute robert")
        self.bob.hears()
        self.assertEqual(self.bob.asks("hi"), [])

    def test_it_is_not_shed_by_another_name(self) -> None:
        self.alice.says("/mute bob", "/ban carol")
        self.alice.says("/unban carol")
        self.everyone_has_read()
        stays = "! While you may not speak in dev you stay who you are. Leave it first: /leave dev"
        self.assertEqual(self.bob.asks("/nick robert"), [stays])
        self.bob.says("/leave dev")
        self.bob.hears()
        self.assertEqual(self.bob.asks("/nick robert"), ["* You are now robert."])

    def test_nor_by_leaving_the_account(self) -> None:
        self.bob.says("/register", PASSWORD)
        self.alice.says("/mute bob")
        self.bob.hears()
        self.assertIn("stay who you are", self.bob.asks("/logout")[0])
        self.alice.says("/unmute bob")
        self.bob.hears()
        self.assertIn("* You are logged out.", self.bob.asks("/logout")[0])

    def test_no_operator_and_not_oneself(self) -> None:
        self.alice.says("/op bob")
        self.everyone_has_read()
        for line in ("/mute bob", "/ban bob"):
            self.assertEqual(self.alice.asks(line), ["! bob is an operator. First: /deop bob"])
        self.assertEqual(self.alice.asks("/mute alice"), ["! That is you."])


class BanTests(RoleTestCase):
    def test_ban_and_unban(self) -> None:
        self.assertEqual(self.alice.asks("/ban bob spam"), ["* bob is banned from dev. To undo it: /unban bob"])
        self.assertEqual(self.carol.hears(), ["* alice banned bob", "* alice put bob out of the room (spam)"])
        self.bob.hears()
        self.assertEqual(self.bob.asks("/join dev"), ["! You are banned from dev."])
        self.assertEqual(self.alice.asks("/ban"), ["* Banned from dev: bob."])
        self.assertEqual(self.alice.asks("/unban bob"), ["* bob may come to dev again."])
        self.assertEqual(self.bob.asks("/join dev")[0][:22], "* You are in dev (3 pe")

    def test_somebody_who_is_not_here(self) -> None:
        self.alice.says("/ban dave")
        self.assertEqual(self.person("dave").asks("/join dev"), ["! You are banned from dev."])
        self.assertEqual(self.alice.asks("/ban 9lives")[-1][:15], "! Names are 1-3")

    def test_a_mask_of_irc(self) -> None:
        self.assertEqual(self.alice.asks("/ban *!*@203.0.113.7")[0][:31], "* *!*@203.0.113.7 is banned fro")
        self.assertEqual(self.carol.hears(), ["* alice banned *!*@203.0.113.7"])
        self.assertEqual(self.alice.asks("/unban *!*@203.0.113.7")[0][:20], "* *!*@203.0.113.7 ma")

    def test_it_lasts(self) -> None:
        self.alice.says("/ban bob")
        self.factory = self.new_factory(self.config)
        self.assertEqual(self.person("bob").asks("/join dev"), ["! You are banned from dev."])


class RoomTests(RoleTestCase):
    def test_private_and_invite(self) -> None:
        dave = self.person("dave")
        self.assertEqual(self.alice.asks("/private on")[-1], "* dev is for invited people only: /invite NAME.")
        self.assertEqual(self.bob.hears()[-1], "* alice made the room private: for invited people only")
        self.assertEqual(dave.asks("/join dev"), ["! dev is for invited people only."])
        self.assertEqual(self.bob.asks("/invite dave"), ["! Only an operator of dev may do that."])
        self.assertEqual(self.alice.asks("/invite dave"), ["* You invited dave to dev."])
        self.assertEqual(dave.hears(), ["* alice invites you to dev: /join dev"])
        self.assertEqual(dave.asks("/join dev")[0][:20], "* You are in dev (4 ")
        self.assertEqual(self.alice.asks("/invite dave")[-1], "! dave is in dev already.")
        self.assertEqual(self.alice.asks("/private off"), ["* dev is open to everyone."])
        self.assertEqual(self.person("erin").asks("/join dev")[0][:20], "* You are in dev (5 ")

    def test_only_an_operators_invitation_opens_the_door(self) -> None:
        self.alice.says("/ban carol")
        self.bob.says("/invite carol")
        self.everyone_has_read()
        self.assertEqual(self.carol.asks("/join dev"), ["! You are banned from dev."])
        self.alice.says("/invite carol")
        self.carol.hears()
        self.assertIn("You are in dev", self.carol.asks("/join dev")[0])

    def test_a_key(self) -> None:
        irc = self.irc("erin", "#den")
        irc.says("MODE #den +k sesame")
        self.assertEqual(self.bob.asks("/join den"), ["! den needs its key: /join den KEY"])
        self.assertEqual(self.bob.asks("/join den wrong"), ["! den needs its key: /join den KEY"])
        self.assertIn("You are in den", self.bob.asks("/join den sesame")[0])

    def test_invite_to_another_room(self) -> None:
        dave = self.person("dave")
        self.bob.says("/join lobby")
        self.everyone_has_read()
        self.assertEqual(self.bob.asks("/invite dave #dev"), ["* You invited dave to dev."])
        self.assertEqual(dave.hears()[-1], "* bob invites you to dev: /join dev")
        self.assertEqual(self.alice.hears(), ["* bob invited dave to #dev"])

    def test_uninvite(self) -> None:
        dave, erin = self.person("dave"), self.irc("erin", caps="invite-notify")
        self.alice.says("/private on", "/invite dave", "/invite erin")
        for person in (dave, erin):
            person.hears()
        self.everyone_has_read()
        self.assertEqual(self.bob.asks("/uninvite dave"), ["! Only an operator of dev may do that."])
        self.assertEqual(self.alice.asks("/uninvite dave"), ["* dave is not invited to dev any more."])
        self.assertEqual(dave.hears(), ["* alice withdrew your invitation to #dev"])
        self.assertEqual(dave.asks("/join dev"), ["! dev is for invited people only."])
        self.assertEqual(self.alice.asks("/uninvite dave"), ["! dave is not invited to dev."])
        self.alice.says("/uninvite erin")
        self.assertEqual(erin.hears(), [])

    def test_moderated_and_voice(self) -> None:
        self.assertEqual(self.alice.asks("/moderated on"), ["* dev is moderated; let others speak with /voice NAME."])
        self.assertEqual(self.bob.hears(), ["* alice made the room moderated"])
        self.assert_silent(self.bob)
        self.assertEqual(self.alice.asks("/voice bob"), ["* bob may speak."])
        self.assertEqual(self.bob.hears(), ["* alice gave bob a voice"])
        self.assertEqual(self.bob.asks("hi"), [])
        self.assertEqual(self.alice.asks("/unvoice bob")[-1], "* bob has no voice any more.")
        self.assertEqual(self.bob.hears(), ["* alice took bob's voice"])
        self.assert_silent(self.bob)
        self.assertEqual(self.alice.asks("/moderated off"), ["* dev is free for everyone to speak in."])
        self.assertEqual(self.bob.asks("hi")[-1:], ["* alice let everyone speak again"])

    def test_what_an_irc_client_changes_is_told_in_plain_words(self) -> None:
        dave = self.irc("dave", "#dev")
        self.alice.says("/op dave")
        self.everyone_has_read()
        dave.says("MODE #dev +k-t+b sesame bad!*@*", "MODE #dev +C")
        self.assertEqual(self.bob.hears(), [
            "* dave gave the room a key, lets everyone change the topic, banned bad",
            "* dave forbids requests to people's programs (CTCP)",
        ])  # fmt: skip

    def test_on_or_off(self) -> None:
        self.assertEqual(self.alice.asks("/private yes"), ['! Say "on" or "off", not "yes".'])

    def test_a_secret_room_is_known_to_those_in_it_only(self) -> None:
        dave, erin = self.irc("dave", "#plot"), self.person("erin")
        dave.says("MODE #plot +s")
        self.assertNotIn("plot", "".join(erin.asks("/rooms", "/people")))
        self.assertEqual(erin.asks("/people plot"), ["! You are not in plot."])
        erin.says("/join plot")
        erin.hears()
        self.assertEqual("".join(erin.asks("/rooms", "/people")).count("plot"), 2)
