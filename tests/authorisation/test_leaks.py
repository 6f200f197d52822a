"""What those outside do not learn: of secret rooms, and of what is said in a room when they are not in it."""

from __future__ import annotations

from tests.talk import ChatTestCase, Person

CAPS = "message-tags batch draft/chathistory draft/metadata-3 extended-monitor away-notify draft/read-marker"
SINCE, UNTIL = "timestamp=2026-11-20T00:00:00.000Z", "timestamp=2026-11-21T00:00:00.000Z"
#: Everything that one can ask on each wire without naming the room, and with its name.
LINE = (
    "/rooms", "/people", "/unread", "/seen alice", "/whoami", "/search treasure", "/history", "/topic", "/ban", "/mute",
    "/people cave", "/search treasure in cave", "/history since 1d", "/invite bob cave", "/leave cave", "@#cave hello",
)  # fmt: skip
IRC = (
    "LIST", "LIST *a*", "LIST >0", "NAMES", "WHO *", "WHO alice", "WHOIS alice", "WHOWAS alice", "LUSERS",
    "MONITOR + alice", "MONITOR S", "METADATA *ALL SYNC", "METADATA alice LIST", "INVITE",
    f"CHATHISTORY TARGETS {SINCE} {UNTIL} 50", "PRIVMSG *playback :play *", "USERHOST alice", "ISON alice", "STATS u",
    "LINKS", "NAMES #cave", "WHO #cave", "TOPIC #cave", "MODE #cave", "MODE #cave b", "MODE #cave e", "MODE #cave I",
    "LIST #cave", "METADATA #cave GET url", "METADATA #cave LIST", "METADATA #cave SYNC",
    "CHATHISTORY LATEST #cave * 50", "CS INFO #cave", "CS REGISTER #cave", "PRIVMSG *playback :play #cave",
    "PRIVMSG #cave :hello", "KICK #cave alice", "INVITE bob #cave", "RENAME #cave #den", "MARKREAD #cave",
)  # fmt: skip
#: What is only known in the room: who is there, what it is about, what was said, what is said of it, who is banned.
INSIDE = ("treasure", "below the well", "map.example", "mallory", "@alice", " 324 ", "belongs to", "alice in cave")


class SecretRoomTests(ChatTestCase):
    """alice is in a secret room; others ask for everything there is to ask."""

    def setUp(self) -> None:
        super().setUp()
        self.alice = self.irc("alice", "#cave", caps=CAPS)
        self.alice.says("MODE #cave +sb mallory!*@*", "TOPIC #cave :below the well")
        self.alice.says("METADATA #cave SET url map.example", "PRIVMSG #cave :the treasure", "AWAY :digging")
        self.alice.hears()

    def learns_nothing(self, person: Person, asked: tuple[str, ...]) -> None:
        for line in asked:
            answer = person.asks(line)
            named = "cave" in line
            for each in answer:
                told = each.replace("away: digging", "").replace(line, "")
                for secret in INSIDE:
                    self.assertNotIn(secret, told.replace('"treasure"', ""), line)
                if not named:
                    self.assertNotIn("cave", told, line)
        self.assertEqual(self.alice.hears(), [])

    def test_with_nc(self) -> None:
        bob = self.person("bob")
        self.learns_nothing(bob, LINE)

    def test_with_an_irc_client(self) -> None:
        bob = self.irc("bob", caps=CAPS)
        bob.says("METADATA * SUB url")
        bob.hears()
        self.learns_nothing(bob, IRC)

    def test_those_who_follow_somebody_in_it(self) -> None:
        bob = self.irc("bob", caps=CAPS)
        bob.says("MONITOR + alice")
        bob.hears()
        self.alice.says("PRIVMSG #cave :more treasure", "AWAY", "TOPIC #cave :deeper", "PART #cave :off to cave")
        self.assertNotIn("cave", "".join(line for line in bob.hears()))

    def test_the_same_questions_are_answered_in_the_room(self) -> None:
        """Questions that were never answered would hide nothing."""
        self.alice.says("MODE #cave -s")
        carol = self.person("carol", "cave")
        found = "\n".join(line for asked in LINE[:14] for line in carol.asks(asked))
        for secret in ("alice in cave", "treasure", "below the well", "mallory"):
            self.assertIn(secret, found)
        dave = self.irc("dave", "#cave", caps=CAPS)
        dave.says("METADATA * SUB url")
        found = "\n".join(line for asked in IRC for line in dave.asks(asked))
        for secret in INSIDE[:-1]:
            self.assertIn(secret, found)


class HiddenTests(ChatTestCase):
    """In a room with the mode u those without a role do not see one another."""

    def test_people_with_nc_see_who_has_a_role_and_themselves(self) -> None:
        alice = self.irc("alice", "#cave")
        alice.says("MODE #cave +u")
        self.person("bob", "cave")
        carol = self.connects()
        carol.says("carol", "/join cave")
        self.assertIn("* You are in cave (2 people): alice.", carol.hears())
        self.assertEqual([line.split()[1] for line in carol.asks("/people cave")], ["alice"])
        bob = next(line for line in carol.asks("/people") if line.startswith("* bob"))
        self.assertIn("bob in lobby;", bob)
        alice.hears()
        self.assertIn("#cave :@alice bob carol", alice.asks("NAMES #cave")[0])


class GoneTests(ChatTestCase):
    """Whoever left, by whose will ever, reads nothing of a room any more."""

    def setUp(self) -> None:
        super().setUp()
        self.alice = self.irc("alice", "#tea")
        self.bob = self.person("bob", "tea")
        self.carol = self.irc("carol", "#tea", caps=CAPS)
        self.alice.says("PRIVMSG #tea :before")

    def go(self, *lines: str) -> None:
        self.alice.says(*lines, "PRIVMSG #tea :afterwards")
        self.bob.hears(), self.carol.hears()

    def read_nothing(self) -> None:
        for line in ("/history", "/search before", "/search afterwards", "/search afterwards in tea", "/unread"):
            answer = [each for each in self.bob.asks(line) if not each.startswith("* No line")]
            self.assertNotIn("alice:", "\n".join(answer), line)
        for line in (
            "CHATHISTORY LATEST #tea * 50",
            f"CHATHISTORY BETWEEN #tea {SINCE} {UNTIL} 50",
            f"CHATHISTORY TARGETS {SINCE} {UNTIL} 50",
            "PRIVMSG *playback :play *",
            "PRIVMSG *playback :play #tea",
        ):
            answer = "\n".join(self.carol.asks(line))
            self.assertNotRegex(answer, "before|afterwards|TARGETS #tea", line)

    def test_put_out(self) -> None:
        self.go("KICK #tea bob", "KICK #tea carol")
        self.read_nothing()

    def test_banned(self) -> None:
        self.go("MODE #tea +bb bob!*@* carol!*@*", "KICK #tea bob,carol")
        self.read_nothing()
        self.assertEqual(self.bob.asks("/join tea"), ["! You are banned from tea."])
        self.read_nothing()

    def test_of_their_own_will(self) -> None:
        self.bob.says("/leave tea")
        self.carol.says("PART #tea")
        self.go()
        self.read_nothing()

    def test_who_comes_in_again_reads_what_was_said_meanwhile(self) -> None:
        self.go("KICK #tea bob", "KICK #tea carol")
        self.bob.says("/join tea")
        self.carol.says("JOIN #tea")
        self.carol.hears()
        self.assertIn("alice: afterwards", "\n".join(self.bob.hears()))
        self.assertIn("afterwards", "\n".join(self.carol.asks("CHATHISTORY LATEST #tea * 50")))
