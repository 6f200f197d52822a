"""People and the server: who is here, what operators do, whom one follows, what is known of people and channels."""

from __future__ import annotations

from pathlib import Path

from twisted.internet.address import IPv4Address
from twisted.internet.testing import StringTransport

from chat.config import load, merge
from chat.passwords import hashed
from chat.values import ConfigError
from tests.invariants import left_behind
from tests.talk import ChatTestCase, Person


class OperatorCase(ChatTestCase):
    def setUp(self) -> None:
        super().setUp()
        path = Path(self.mktemp())
        path.write_text("tea and biscuits\n")
        self.configure(operators=(("root", f"file:{path}"), ("hashed", hashed("scones"))))

    def operator(self, name: str, *rooms: str, caps: str = "") -> Person:
        person = self.irc(name, *rooms, caps=caps)
        person.says("OPER root :tea and biscuits")
        self.assertIn("381", person.reads())
        return person


class OperTests(OperatorCase):
    def test_a_secret_may_be_a_hash(self) -> None:
        alice = self.irc("alice")
        alice.says("OPER hashed scones")
        self.assertEqual(
            alice.hears(),
            [
                ":alice!~alice@127.0.0.1 MODE alice +o",
                ":chat.example.org 381 alice :You are now an operator of this server",
            ],
        )

    def test_wrong_names_and_wrong_passwords_are_answered_alike(self) -> None:
        alice = self.irc("alice")
        alice.says("OPER hashed cake", "OPER nobody cake", "OPER root cake")
        self.assertEqual(alice.hears(), [":chat.example.org 464 alice :Password incorrect"] * 3)

    def test_only_so_many_guesses_a_minute(self) -> None:
        alice = self.irc("alice")
        alice.says(*["OPER root cake"] * 6)
        self.assertIn("Too many guesses", alice.hears()[-1])

    def test_a_file_that_cannot_be_read_makes_no_operators(self) -> None:
        self.configure(operators=(("root", "file:/does/not/exist"),))
        alice = self.irc("alice")
        alice.says("OPER root :")
        self.assertEqual(alice.hears(), [":chat.example.org 464 alice :Password incorrect"])
        alice.says("OPER root x")
        self.assertEqual(alice.hears(), [":chat.example.org 464 alice :Password incorrect"])

    def test_rehash_says_what_became_of_it(self) -> None:
        self.factory.reload = lambda: "Configuration reloaded."
        alice, bob = self.operator("alice"), self.irc("bob")
        alice.says("REHASH")
        self.assertEqual(
            alice.hears(),
            [
                ":chat.example.org 382 alice configuration Rehashing",
                ":chat.example.org NOTICE alice :Configuration reloaded.",
            ],
        )
        bob.says("REHASH")
        self.assertIn(" 481 bob ", bob.reads())


class KillTests(OperatorCase):
    def test_the_connection_is_closed_and_the_rooms_see_it_leave(self) -> None:
        alice, bob, carol = self.operator("alice"), self.irc("bob", "#tea"), self.irc("carol", "#tea")
        bob.hears()
        alice.says("KILL bob :enough")
        self.assertEqual(
            bob.hears(),
            [":alice!~alice@127.0.0.1 KILL bob enough", "ERROR :Killed (alice (enough))"],
        )
        self.assertTrue(bob.is_gone)
        self.assertEqual(carol.hears(), [":bob!~bob@127.0.0.1 QUIT :Killed (alice (enough))"])
        carol.says("WHOIS bob")
        self.assertIn(" 401 carol bob ", carol.reads())

    def test_people_with_nc_are_put_out_as_well(self) -> None:
        alice, dave, erin = self.operator("alice"), self.person("dave"), self.person("erin")
        dave.hears()
        alice.says("KILL dave")
        self.assertEqual(dave.hears(), ["* Killed (alice)"])
        self.assertTrue(dave.is_gone)
        self.assertEqual(erin.hears(), ["* dave left (Killed (alice))"])

    def test_one_may_kill_oneself(self) -> None:
        alice = self.operator("alice", caps="labeled-response batch")
        alice.says("@label=1 KILL alice")
        self.assertIn("ERROR :Killed (alice)", alice.reads())
        self.assertTrue(alice.is_gone)

    def test_nobody_else_may_and_they_do_not_learn_who_is_here(self) -> None:
        bob = self.irc("bob")
        bob.says("KILL nobody")
        self.assertIn(" 481 bob ", bob.reads())


class WallopsTests(OperatorCase):
    def test_those_with_the_mode_hear_it(self) -> None:
        alice, bob, carol = self.operator("alice"), self.irc("bob"), self.irc("carol")
        bob.says("MODE bob +w")
        bob.hears()
        alice.says("WALLOPS :tea is ready")
        self.assertEqual(bob.hears(), [":alice!~alice@127.0.0.1 WALLOPS :tea is ready"])
        self.assertEqual((alice.hears(), carol.hears()), ([], []))


class ChghostTests(OperatorCase):
    def test_clients_that_know_it_and_clients_that_do_not(self) -> None:
        alice = self.operator("alice")
        bob = self.irc("bob", "#tea")
        carol = self.irc("carol", "#tea", caps="chghost")
        dave = self.irc("dave", "#tea")
        for person in (bob, carol):
            person.hears()
        alice.says("CHGHOST bob cup tea.example")
        self.assertEqual(bob.hears(), [":chat.example.org 396 bob tea.example :is now your displayed host"])
        self.assertEqual(carol.hears(), [":bob!~bob@127.0.0.1 CHGHOST cup tea.example"])
        self.assertEqual(
            dave.hears(),
            [
                ":bob!~bob@127.0.0.1 QUIT :Changing host",
                ":bob!cup@tea.example JOIN #tea",
                ":chat.example.org MODE #tea +o bob",
            ],
        )
        bob.says("PRIVMSG #tea hi")
        self.assertEqual(dave.hears(), [":bob!cup@tea.example PRIVMSG #tea hi"])

    def test_a_mask_is_checked(self) -> None:
        alice, _ = self.operator("alice"), self.irc("bob")
        alice.says("CHGHOST bob a!b host", "CHGHOST bob user :ho st", "CHGHOST bob user ::1")
        self.assertEqual([line.split()[1:4] for line in alice.hears()], [["FAIL", "CHGHOST", "INVALID_MASK"]] * 3)


class WhoTests(OperatorCase):
    def test_the_fields_come_in_the_order_of_the_specification(self) -> None:
        self.irc("bob", "#tea")
        alice = self.irc("alice", "#tea")
        alice.says("WHO #tea %nuhcfrta,42")
        self.assertEqual(alice.hears()[0], ":chat.example.org 354 alice 42 #tea ~bob 127.0.0.1 bob H@ 0 Bob")

    def test_the_address_is_for_oneself_and_for_operators(self) -> None:
        alice, bob = self.operator("alice"), self.irc("bob")
        bob.says("WHO bob %i", "WHO alice %i")
        self.assertEqual([line.split()[3] for line in bob.hears() if " 354 " in line], ["127.0.0.1", "255.255.255.255"])
        alice.says("WHO bob %i")
        self.assertEqual(alice.hears()[0], ":chat.example.org 354 alice 127.0.0.1")

    def test_hosts_and_real_names_match_and_the_invisible_do_not(self) -> None:
        bob, carol = self.irc("bob"), self.irc("carol")
        bob.says("MODE bob +i")
        carol.says("WHO 127.*", "WHO B?b", "WHO bob")
        self.assertEqual([line.split()[7] for line in carol.hears() if " 352 " in line], ["carol", "bob"])


class WhowasTests(ChatTestCase):
    def test_the_last_comes_first_and_names_that_were_changed_count(self) -> None:
        alice, bob = self.irc("alice"), self.irc("bob")
        bob.says("NICK robert", "QUIT")
        bob.hangs_up()
        alice.says("WHOWAS bob,robert", "WHOWAS nobody")
        self.assertEqual(
            [line.split()[1:4] for line in alice.hears()],
            [
                ["314", "alice", "bob"],
                ["312", "alice", "bob"],
                ["369", "alice", "bob"],
                ["314", "alice", "robert"],
                ["312", "alice", "robert"],
                ["369", "alice", "robert"],
                ["406", "alice", "nobody"],
                ["369", "alice", "nobody"],
            ],
        )

    def test_it_is_bounded(self) -> None:
        self.assertEqual(self.factory.registry.past.maxlen, 1000)


class MonitorTests(ChatTestCase):
    def test_people_with_nc_are_followed_like_others(self) -> None:
        alice = self.irc("alice")
        alice.says("MONITOR + dave")
        self.assertEqual(alice.hears(), [":chat.example.org 731 alice dave"])
        dave = self.person("Dave")
        self.assertEqual(alice.hears(), [":chat.example.org 730 alice Dave!people@chat"])
        dave.says("/nick david")
        self.assertEqual(alice.hears(), [":chat.example.org 731 alice Dave"])

    def test_a_list_is_bounded(self) -> None:
        alice = self.irc("alice")
        alice.says("MONITOR + " + ",".join(f"n{i}" for i in range(70)))
        alice.says("MONITOR + " + ",".join(f"m{i}" for i in range(40)))
        refused = [line for line in alice.hears() if " 734 " in line]
        wanted = ",".join(f"m{i}" for i in range(30, 40))
        self.assertEqual(refused, [f":chat.example.org 734 alice 100 {wanted} :Monitor list is full"])

    def test_what_changes_is_told_once_to_those_who_share_a_room(self) -> None:
        alice = self.irc("alice", "#tea", caps="extended-monitor away-notify")
        bob = self.irc("bob", "#tea")
        alice.says("MONITOR + bob")
        alice.hears()
        bob.says("AWAY :tea")
        self.assertEqual(alice.hears(), [":bob!~bob@127.0.0.1 AWAY tea"])
        bob.says("PART #tea", "AWAY")
        self.assertEqual(alice.hears(), [":bob!~bob@127.0.0.1 PART #tea", ":bob!~bob@127.0.0.1 AWAY"])

    def test_a_closed_connection_follows_nobody(self) -> None:
        alice = self.irc("alice")
        alice.says("MONITOR + bob")
        alice.hangs_up()
        self.assertEqual(self.factory.registry.followers, {})


class AwayTests(ChatTestCase):
    def test_one_may_be_away_before_one_is_here(self) -> None:
        alice = self.irc_connects()
        alice.says("CAP REQ :draft/pre-away", "AWAY :tea", "NICK alice", "USER alice 0 * :Alice", "CAP END")
        self.assertIn(":chat.example.org 306 * :You have been marked as being away", alice.hears())
        bob = self.irc("bob")
        bob.says("PRIVMSG alice hi")
        self.assertEqual(bob.hears(), [":chat.example.org 301 bob alice tea"])

    def test_without_the_capability_one_may_not(self) -> None:
        alice = self.irc_connects()
        alice.says("AWAY :tea")
        self.assertEqual(alice.hears(), [":chat.example.org 451 * :You have not registered"])

    def test_whoever_goes_away_is_not_told_twice(self) -> None:
        alice = self.irc("alice", "#tea", caps="away-notify")
        alice.says("AWAY :tea")
        self.assertEqual(alice.hears(), [":chat.example.org 306 alice :You have been marked as being away"])
        alice.says("JOIN #dev")
        self.assertNotIn("AWAY", alice.reads())

    def test_a_room_learns_that_whoever_comes_in_is_away(self) -> None:
        alice, dave = self.irc("alice", "#tea", caps="away-notify"), self.person("dave")
        dave.says("/away biscuits")
        dave.says("/join tea")
        self.assertEqual(alice.hears()[-1], ":dave!people@chat AWAY biscuits")


class AcceptTests(ChatTestCase):
    def test_it_is_listed_and_bounded_by_who_is_here(self) -> None:
        alice, bob = self.irc("alice"), self.irc("bob")
        alice.says("MODE alice +R")
        alice.hears()
        bob.says("PRIVMSG alice hi")
        self.assertIn(" 477 bob alice ", bob.reads())
        alice.says("ACCEPT bob,nobody", "ACCEPT *")
        self.assertEqual([line.split()[1] for line in alice.hears()], ["401", "281", "282"])
        bob.says("PRIVMSG alice hi")
        self.assertEqual(alice.hears(), [":bob!~bob@127.0.0.1 PRIVMSG alice hi"])

    def test_whoever_is_written_to_may_answer(self) -> None:
        alice, bob = self.irc("alice"), self.irc("bob")
        alice.says("MODE alice +R", "PRIVMSG bob hi")
        alice.hears()
        bob.says("PRIVMSG alice hi")
        self.assertEqual(alice.hears(), [":bob!~bob@127.0.0.1 PRIVMSG alice hi"])


class BotTests(ChatTestCase):
    def test_everything_it_does_is_marked(self) -> None:
        alice = self.irc("alice", "#tea", caps="message-tags")
        bob = self.irc("bob")
        bob.says("MODE bob +B", "JOIN #tea", "PRIVMSG #tea hi", "MODE bob -B", "PART #tea")
        marked = [line.startswith("@") and "bot" in line.split()[0].split(";") for line in alice.hears()]
        self.assertEqual(marked, [True, True, False])


class WebircTests(ChatTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.configure(webirc=(("10.0.0.0/8", hashed("gate")),))

    def gateway(self, host: str = "10.1.2.3") -> Person:
        return self.irc_connects(transport=StringTransport(peerAddress=IPv4Address("TCP", host, 40_000)))

    def test_the_user_seems_to_come_from_where_the_gateway_says(self) -> None:
        alice = self.gateway()
        alice.says("WEBIRC gate web kettle.example 198.51.100.3 :secure remote-port=3", "NICK alice", "USER a 0 * :A")
        self.assertIn("Welcome to the Chat Network, alice!~a@kettle.example", alice.reads())
        alice.says("WHOIS alice")
        self.assertIn(
            ":chat.example.org 338 alice alice ~a@kettle.example 198.51.100.3 :is actually using host", alice.hears()
        )

    def test_an_address_that_begins_with_a_colon_gets_a_zero(self) -> None:
        alice = self.gateway()
        alice.says("WEBIRC gate web 0::1 0::1", "NICK alice", "USER a 0 * :A")
        self.assertIn("alice!~a@0::1", alice.reads())

    def test_strangers_and_wrong_passwords_are_sent_away(self) -> None:
        for host, line in (
            ("10.1.2.3", "WEBIRC wrong web h 198.51.100.3"),
            ("192.0.2.1", "WEBIRC gate web h 198.51.100.3"),
        ):
            person = self.gateway(host)
            person.says(line)
            self.assertEqual(person.hears(), ["ERROR :Invalid WebIRC password"])
            self.assertTrue(person.is_gone)

    def test_limits_are_about_the_users_and_not_about_the_gateway(self) -> None:
        self.configure(max_per_address=1)
        alice, bob, carol = self.gateway(), self.gateway(), self.gateway()
        alice.says("WEBIRC gate web h 198.51.100.3", "NICK alice", "USER a 0 * :A")
        bob.says("WEBIRC gate web h 198.51.100.4", "NICK bob", "USER b 0 * :B")
        carol.says("WEBIRC gate web h 198.51.100.3", "NICK carol", "USER c 0 * :C")
        self.assertEqual([" 001 " in person.reads() for person in (alice, bob)], [True, True])
        self.assertIn("ERROR :There are too many connections from your address.", carol.hears()[-1])
        self.assertTrue(carol.is_gone)
        for person in (alice, bob, carol):
            person.hangs_up()
        self.assertEqual(left_behind(self.factory), [])

    def test_passwords_only_where_the_whole_way_is_safe(self) -> None:
        """Not if the user came to the gateway in the open, nor if the gateway came to us so from elsewhere."""
        for gateway, options, safe in (
            ("127.0.0.1", " :secure", True),
            ("127.0.0.1", " :secure=yes remote-port=1", True),
            ("127.0.0.1", " :remote-port=1", False),
            ("127.0.0.1", "", False),
            ("10.1.2.3", " :secure", False),
        ):
            self.configure(webirc=((f"{gateway}/32", hashed("gate")),))
            person = self.gateway(gateway)
            person.says(f"WEBIRC gate web h 198.51.100.3{options}", "CAP REQ sasl", "AUTHENTICATE PLAIN")
            heard = person.hears()
            self.assertEqual(heard[-1] == "AUTHENTICATE +", safe, (gateway, options))
            self.assertEqual("Not on an unencrypted link." in " ".join(heard), not safe)
            person.hangs_up()

    def test_an_address_of_ipv6(self) -> None:
        for given, shown in (("2001:DB8::7", "2001:DB8::7"), ("::ffff:198.51.100.3", "0::ffff:198.51.100.3")):
            person = self.gateway()
            person.says(f"WEBIRC gate web {given.replace('::ffff', '0::ffff')} {given.replace('::ffff', '0::ffff')}")
            person.says("NICK alice", "USER a 0 * :A")
            self.assertIn(f"alice!~a@{shown}", person.reads())
            person.says("QUIT")
            person.hangs_up()

    def test_an_address_that_is_none(self) -> None:
        person = self.gateway()
        self.assertEqual(person.asks("WEBIRC gate web h 300.1.2.3"), ["ERROR :Invalid WebIRC address"])

    def test_it_comes_first_and_once(self) -> None:
        alice = self.gateway()
        alice.says("NICK alice", "WEBIRC gate web h 198.51.100.3")
        self.assertEqual(alice.hears(), ["ERROR :WEBIRC comes first"])


class RoleplayTests(ChatTestCase):
    def test_a_character_is_seen_on_every_wire(self) -> None:
        alice = self.irc("alice", "#tea")
        dave = self.person("dave", "tea")
        alice.hears()
        alice.says("NPC #tea bilbo too much bread")
        self.assertIn(" 573 alice #tea ", alice.reads())
        alice.says("MODE #tea +E", "NPC #tea bilbo too much bread", "NPCA #tea bilbo sighs")
        self.assertEqual(
            alice.hears()[1:],
            [
                ":*bilbo*!~alice@127.0.0.1 PRIVMSG #tea :too much bread",
                ":*bilbo*!~alice@127.0.0.1 PRIVMSG #tea :\x01ACTION sighs\x01",
            ],
        )
        self.assertEqual(dave.hears()[-2:], ["[12:00] *bilbo*: too much bread", "[12:00] * *bilbo* sighs"])

    def test_a_name_of_another_network_cannot_be_taken_for_one_here(self) -> None:
        alice = self.irc("alice", "#tea")
        alice.says(*(f"RELAYMSG #tea {name} :hi" for name in ("bob", "b!b/x", "b@b/x", "#b/x", ":b/x", "b,b/x", "b/")))
        self.assertEqual([line.split()[3] for line in alice.hears()], ["INVALID_NICK"] * 7)


class MetadataTests(OperatorCase):
    CAPS = "draft/metadata-3 batch"

    def test_what_is_known_of_a_channel_outlasts_everyone_in_it(self) -> None:
        alice = self.irc("alice", "#tea", caps=self.CAPS)
        alice.says("METADATA #tea SET url :https://tea.example")
        self.assertEqual(alice.hears(), [":chat.example.org 761 alice #tea url * https://tea.example"])
        room = self.factory.registry.room("tea")
        kept = room.save()
        room.restore(None)
        self.assertEqual(room.metadata, {})
        room.restore(kept.value)
        self.assertEqual(room.metadata, {"url": "https://tea.example"})

    def test_subscribers_hear_of_it_in_a_room_or_by_following(self) -> None:
        alice = self.irc("alice", caps=self.CAPS)
        bob = self.irc("bob", caps=self.CAPS)
        bob.says("METADATA * SUB status", "MONITOR + alice")
        bob.hears()
        alice.says("METADATA * SET status :at tea", "METADATA * SET other :x", "METADATA * SET status")
        self.assertEqual(
            bob.hears(),
            [
                ":chat.example.org 761 bob alice status * :at tea",
                ":chat.example.org 766 bob alice status :Key is not set",
            ],
        )

    def test_others_are_for_operators_of_the_server(self) -> None:
        alice, bob = self.operator("alice"), self.irc("bob")
        bob.says("METADATA alice SET status :silly")
        self.assertIn("FAIL METADATA KEY_NO_PERMISSION alice status", bob.reads())
        alice.says("METADATA bob SET status :busy")
        self.assertEqual(alice.hears()[0], ":chat.example.org 761 alice status * busy")

    def test_there_are_limits(self) -> None:
        alice = self.irc("alice", caps=self.CAPS)
        alice.says(*(f"METADATA * SET key{i} v" for i in range(21)))
        self.assertIn("FAIL METADATA LIMIT_REACHED SET alice 20", alice.hears()[-1])
        alice.says(f"METADATA * SET key1 {'x' * 301}", "METADATA * SET UP v")
        self.assertEqual([line.split()[3] for line in alice.hears()], ["INVALID_VALUE", "INVALID_KEY"])
        alice.says("METADATA * SUB " + " ".join(f"k{i}" for i in range(30)))
        alice.says("METADATA * SUB " + " ".join(f"l{i}" for i in range(30)))
        self.assertIn(":chat.example.org FAIL METADATA LIMIT_REACHED SUB l20 50 :These are too many", alice.hears())

    def test_a_secret_channel_is_no_target_for_those_outside(self) -> None:
        alice, bob = self.irc("alice", "#tea", caps=self.CAPS), self.irc("bob", caps=self.CAPS)
        alice.says("MODE #tea +s")
        bob.says("METADATA #tea LIST", "METADATA #none LIST")
        self.assertEqual([line.split()[3] for line in bob.hears()], ["INVALID_TARGET"] * 2)

    def test_what_was_asked_wrongly(self) -> None:
        alice = self.irc("alice", caps=self.CAPS)
        alice.says("METADATA", "METADATA * SNEEZE", "METADATA * GET", "METADATA bob SUB key", "METADATA * LIST x")
        self.assertEqual(
            [line.split()[3:5] for line in alice.hears()],
            [
                ["INVALID_PARAMS", "*"],
                ["INVALID_PARAMS", "*"],
                ["INVALID_PARAMS", "GET"],
                ["INVALID_TARGET", "bob"],
                ["INVALID_PARAMS", "LIST"],
            ],
        )

    def test_without_the_capability_the_subscriptions_are_gone(self) -> None:
        alice = self.irc("alice", caps=self.CAPS)
        alice.says("METADATA * SUB status", "CAP REQ :-draft/metadata-3", "METADATA * SUBS")
        self.assertNotIn(" 772 ", alice.reads())


class ServerTests(OperatorCase):
    def test_links_are_for_operators(self) -> None:
        alice, bob = self.operator("alice"), self.irc("bob")
        alice.says("LINKS")
        bob.says("LINKS")
        self.assertEqual([line.split()[1] for line in alice.hears()], ["364", "365"])
        self.assertEqual([line.split()[1] for line in bob.hears()], ["365"])

    def test_admin(self) -> None:
        alice = self.irc("alice")
        alice.says("ADMIN")
        self.assertIn(" 423 ", alice.reads())
        self.configure(admin="carol@example.org")
        alice.says("ADMIN")
        self.assertEqual(alice.hears()[-1], ":chat.example.org 259 alice carol@example.org")

    def test_uptime(self) -> None:
        alice = self.irc("alice")
        self.pass_time(90_061)
        alice.says("STATS u")
        self.assertEqual(
            alice.hears()[-2:],
            [
                ":chat.example.org 242 alice :Server up 1 days 1:01:01",
                ":chat.example.org 219 alice u :End of STATS report",
            ],
        )

    def test_every_command_has_help(self) -> None:
        alice = self.irc("alice")
        alice.says("HELP")
        for name in [name for line in alice.hears() if " 705 " in line for name in line.partition(" :")[2].split()]:
            alice.says(f"HELP {name}")
            lines = alice.hears()
            self.assertEqual([lines[0].split()[1], lines[-1].split()[1]], ["704", "706"])
            self.assertGreater(len(lines), 2, name)

    def test_clients_start_with_the_modes_of_the_configuration(self) -> None:
        self.configure(user_modes="i")
        alice = self.irc("alice")
        alice.says("MODE alice")
        self.assertEqual(alice.hears(), [":chat.example.org 221 alice +i"])


class ConfigTests(ChatTestCase):
    def test_operators_are_a_table_or_pairs(self) -> None:
        wanted = (("root", "file:/run/secret"),)
        self.assertEqual(merge({"operators": ["root=file:/run/secret"]}, {}).operators, wanted)
        path = self.mktemp()
        Path(path).write_text('name = "kettle"\n[operators]\nroot = "file:/run/secret"\n')
        self.assertEqual(merge({}, load(path)).operators, wanted)

    def test_a_secret_in_the_open_is_refused(self) -> None:
        for setting in ({"operators": ["root=hunter2"]}, {"operators": ["root"]}, {"webirc": ["kettle=file:x"]}):
            with self.assertRaises(ConfigError):
                merge(setting, {})
