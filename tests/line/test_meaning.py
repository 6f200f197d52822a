"""What a line means: the seven rules, the first that fits, and what only looks like one of them."""

from tests.talk import ChatTestCase, Person

TEXT = "Nothing was sent; start with a space to send it as text."


class MeaningTestCase(ChatTestCase):
    """Alice and bob are in the lobby, and alice types."""

    def setUp(self) -> None:
        super().setUp()
        self.alice, self.bob = self.people("alice", "bob")

    def assert_text(self, *lines: str) -> None:
        """Each line is said to the room as it is."""
        for line in lines:
            self.assertEqual(self.alice.asks(line), [], line)
            self.assertEqual(self.bob.hears(), [f"[12:00] alice: {line}"])

    def assert_said(self, line: str, text: str) -> None:
        self.assertEqual(self.alice.asks(line), [], line)
        self.assertEqual(self.bob.hears(), [f"[12:00] alice: {text}"])

    def assert_refused(self, line: str, why: str) -> None:
        """The line is refused, and nobody hears of it."""
        self.assertEqual(self.alice.asks(line), [f"! {why}"])
        self.assertEqual(self.bob.hears(), [])

    def id_of(self, person: Person) -> str:
        return str(person.connection.me.id)


class EmptyTests(MeaningTestCase):
    def test_an_empty_line_is_nothing(self) -> None:
        self.assertEqual(self.alice.asks("", " ", "   ", "\t", "\r", "\u3000"), [])
        self.assertEqual(self.bob.hears(), [])


class VerbatimTests(MeaningTestCase):
    def test_one_blank_makes_it_text(self) -> None:
        for text in ("/join dev", "@bob hi", "exit", "s/a/b/", "1795176000000: hi", "hi  there", "  indented"):
            self.assert_said(" " + text, text)

    def test_a_tab_is_a_blank(self) -> None:
        self.assert_said("\t/join dev", "/join dev")

    def test_two_marks_are_one(self) -> None:
        self.assert_said("//x", "/x")
        self.assert_said("//x y", "/x y")
        self.assert_said("@@x", "@x")
        self.assert_said("//", "/")
        self.assert_said("///", "//")


class ExitTests(MeaningTestCase):
    def test_exactly_exit(self) -> None:
        self.assertEqual(self.alice.asks("exit"), ["* Bye alice."])
        self.assertTrue(self.alice.is_gone)

    def test_what_is_not_exactly_exit(self) -> None:
        self.assert_text("exit now", "Exit", "EXIT", "exit.", "the exit")


class CommandTests(MeaningTestCase):
    def test_a_command_in_any_case(self) -> None:
        self.assertEqual(self.alice.asks("/TOPIC"), ["* lobby has no topic."])

    def test_an_unknown_command(self) -> None:
        self.assert_refused("/jion", f"No command /jion. Did you mean /join? {TEXT}")
        self.assert_refused("/jion dev", f"No command /jion. Did you mean /join? {TEXT}")
        self.assert_refused("/xyzzy", f"No command /xyzzy. {TEXT}")
        self.assert_refused("/etc/passwd is world readable", f"No command /etc/passwd. {TEXT}")
        self.assert_refused("/s/old/new/", f"No command /s/old/new/. {TEXT}")

    def test_no_command(self) -> None:
        for line in ("/", "/ join", "/ "):
            self.assert_refused(line, f"Which command? /help lists them. {TEXT}")

    def test_too_few_words_and_too_many(self) -> None:
        usage = "/join ROOM [KEY] -- go to a room, or make it; also @room ROOM"
        self.assert_refused("/join", f"That needs more words: {usage}")
        self.assert_refused("/join a b c", f"That is more than it takes: {usage}")

    def test_every_command_refuses_what_it_cannot_take(self) -> None:
        switches = ("ack", "numbers", "times", "tz", "color", "json")
        words = (
            "say",
            "me",
            "msg",
            "all",
            "send",
            "join",
            "nick",
            "seen",
            "reply",
            "react",
            "edit",
            "delete",
            "search",
        )
        few = [*words, *switches, "msg bob", "reply 1", "react 1", "edit 1", "send k", "tell-room lobby"]
        for line in few:
            (answer,) = self.alice.asks(f"/{line}")
            self.assertTrue(answer.startswith("! That needs more words: "), answer)
        names = (
            "leave",
            "rooms",
            "unread",
            "people",
            "nick",
            "back",
            "ignore",
            "seen",
            "whoami",
            "delete",
            "tls",
        )
        for name in (*names, *switches, "help"):
            (answer,) = self.alice.asks(f"/{name} a b")
            self.assertTrue(answer.startswith("! That is more than it takes: "), answer)
        self.assertEqual(self.bob.hears(), [])

    def test_say_takes_any_text(self) -> None:
        for text in ("/join dev", "@bob hi", "exit", "  indented"):
            self.assert_said(f"/say {text}", text)


class AtTests(MeaningTestCase):
    def test_words_that_are_commands(self) -> None:
        self.assertEqual(self.alice.asks("@help join")[0][:22], "* /join ROOM [KEY] -- ")
        self.assertEqual(self.alice.asks("@people")[0][:7], "* bob i")
        self.assertEqual(self.alice.asks("@people lobby")[0][:7], "* bob i")
        self.assertEqual(self.alice.asks("@room"), ["* lobby (2 people, you are here)"])
        self.assertEqual(self.alice.asks("@room dev"), ["* You are in dev. Nobody else is here."])
        self.assertEqual(self.alice.asks("@ROOM Lobby"), ["* You are in lobby (2 people): bob."])
        self.assertEqual(self.alice.asks("@all hi"), [])
        self.assertEqual(self.bob.hears(), ["[12:00] alice -> all: hi"])
        self.assertEqual(self.alice.asks("@exit"), ["* Bye alice."])

    def test_a_private_message(self) -> None:
        for line in ("@bob hi", "@BOB hi", "@bob   hi", "@bob: hi", "@bob, hi"):
            self.assertEqual(self.alice.asks(line), [])
            self.assertEqual(self.bob.hears(), ["[12:00] alice -> you: hi"])

    def test_to_several_people(self) -> None:
        carol = self.person("carol")
        self.bob.hears()
        self.alice.hears()
        too_many = ["! That is for 20 people at most. Nothing was sent."]
        self.assertEqual(self.alice.asks("@" + "bob," * 21 + " hi"), too_many)
        self.assertEqual(self.alice.asks("@bob,carol,bob hi"), [])
        self.assertEqual(self.bob.hears(), ["[12:00] alice -> you: hi"])
        self.assertEqual(carol.hears(), ["[12:00] alice -> you: hi"])

    def test_to_another_room(self) -> None:
        self.bob.says("/join dev")
        self.bob.hears()
        self.alice.asks("/join dev", "/join lobby")
        self.bob.hears()
        self.alice.says("@#dev hi  there")
        self.assertEqual(self.bob.hears(), ["[12:00] alice: hi  there"])

    def test_to_a_room_where_one_is_not(self) -> None:
        self.bob.says("/join dev")
        self.bob.hears()
        self.assert_refused("@#dev hi", "You are not in dev.")
        self.assert_refused("@#nowhere hi", 'There is no room "nowhere".')

    def test_an_unknown_name(self) -> None:
        self.assert_refused("@bbo hi", 'Nobody here is called "bbo". Nothing was sent.')
        self.assert_refused("@bob,crol hi", 'Nobody here is called "crol". Nothing was sent.')
        self.assert_refused("@alice hi", "That is you. Nothing was sent.")

    def test_half_a_line(self) -> None:
        whom = f"Whom? Like this: @bob hi. {TEXT}"
        self.assert_refused("@", whom)
        self.assert_refused("@ bob hi", whom)
        more = "That needs more words: /msg NAME TEXT -- say something in private; also @NAME TEXT"
        self.assert_refused("@bob", more)
        self.assert_refused("@bob ", more)
        for line in ("@all", "@#lobby", "@# hi", "@,"):
            self.assertEqual(self.alice.asks(line)[0][0], "!")
        self.assertEqual(self.bob.hears(), [])

    def test_an_at_that_does_not_begin_the_line_is_text(self) -> None:
        self.assert_text("me@example.org", "hi @bob")


class IdTests(MeaningTestCase):
    def test_a_full_id_a_timestamp_and_a_short_id(self) -> None:
        self.pass_time(1)
        carol = self.person("carol")
        self.alice.hears()
        full = self.id_of(carol)
        time, _, rest = full.partition("-")
        for id in (full, full.upper(), time, f"{time}-{rest[:8]}"):
            for blanks in ("", " ", "  "):
                self.assertEqual(self.alice.asks(f"{id}:{blanks}hi: there"), [])
                self.assertEqual(carol.hears(), ["[12:00] alice -> you: hi: there"])
        self.assertEqual(self.bob.hears(), ["* carol came"])

    def test_a_timestamp_of_two_people(self) -> None:
        time = self.id_of(self.bob).partition("-")[0]
        self.assert_refused(
            f"{time}: hi", f"Several people have an id that begins with {time}; give the whole id. Nothing was sent."
        )
        self.alice.says(f"{self.id_of(self.bob)[:22]}: hi")
        self.assertEqual(self.bob.hears(), ["[12:00] alice -> you: hi"])

    def test_an_unknown_id(self) -> None:
        time, _, rest = self.id_of(self.bob).partition("-")
        near = (f"{time}-", f"{time}-{rest[:7]}", f"{time}-zzz", f"{time}-{rest}0")
        for id in ("1234567890", "12345678901234567890", *near):
            self.assert_refused(
                f"{id}: hi", f"Nobody here has the id {id}. Nothing was sent; start with a space to send it as text."
            )

    def test_an_id_without_a_text(self) -> None:
        self.assertEqual(self.alice.asks(f"{self.id_of(self.bob)}:")[0][:9], "! That ne")
        self.assertEqual(self.bob.hears(), [])

    def test_what_looks_like_an_id_is_text(self) -> None:
        self.assert_text(
            "12:30 lunch?", "123456789: nine digits", "1234567890 : a blank", "x1234567890: a letter", "1234567890",
            "1234567890.5: a dot", "١٢٣٤٥٦٧٨٩٠: other digits",
        )  # fmt: skip


class TextTests(MeaningTestCase):
    def test_anything_else_is_text(self) -> None:
        self.assert_text(
            "http://example.org/", "bob: hi", "#dev hi", "!important", "* star", "+1", "?", "[12:00] bob: hi",
            "people", "quit", "help", "1", "s/he", "s/he/they", "s//x/", "sed s/a/b/", "s/a/b/g", "trailing  ",
        )  # fmt: skip

    def test_a_name_and_a_colon_is_public(self) -> None:
        carol = self.person("carol")
        self.alice.says("bob: hi")
        self.assertEqual(carol.hears(), ["[12:00] alice: bob: hi"])

    def test_without_a_room_there_is_nobody_to_hear_it(self) -> None:
        self.alice.says("/leave")
        self.alice.hears()
        self.bob.hears()
        self.assert_refused("hi", "You are in no room. /rooms lists them, /join takes you to one.")
        self.assert_refused("/me waves", "You are in no room. /rooms lists them, /join takes you to one.")
