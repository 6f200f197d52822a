"""What goes in and out as bytes: line ends, controls, limits, and the first character of every line."""

from tests.talk import ChatTestCase

LIMIT = 4096


class LineEndTests(ChatTestCase):
    def test_a_line_ends_with_lf(self) -> None:
        alice, bob = self.people("alice", "bob")
        alice.types(b"one\ntwo\n")
        self.assertEqual(bob.hears(), ["[12:00] alice: one", "[12:00] alice: two"])

    def test_a_line_without_its_end_waits(self) -> None:
        alice, bob = self.people("alice", "bob")
        alice.types(b"on")
        self.assertEqual(bob.hears(), [])
        alice.types(b"e\n")
        self.assertEqual(bob.hears(), ["[12:00] alice: one"])

    def test_a_cr_before_lf_is_dropped(self) -> None:
        alice, bob = self.people("alice", "bob")
        alice.types(b"one\r\n")
        self.assertEqual(bob.reads(), "[12:00] alice: one\n")

    def test_a_line_may_be_cut_anywhere(self) -> None:
        alice, bob = self.people("alice", "bob")
        for byte in "Grüße 👋\r\n".encode():
            alice.types(bytes([byte]))
        self.assertEqual(bob.hears(), ["[12:00] alice: Grüße 👋"])

    def test_every_line_out_ends_with_lf_alone(self) -> None:
        alice = self.connects()
        alice.says("alice", "/help")
        said = alice.reads()
        self.assertTrue(said.endswith("\n"))
        self.assertNotIn("\r", said)


class ControlTests(ChatTestCase):
    TYPED = (
        ("a\tb", "a b"),
        ("a\0b", "ab"),
        ("a\rb", "ab"),
        ("bell\a, back\b, form\f, vertical\v, delete\x7f", "bell, back, form, vertical, delete"),
        ("next\x85line", "nextline"),
        ("lines\u2028and\u2029paragraphs", "linesandparagraphs"),
        ("a\x1bb", "ab"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("up\x1b[A and \x1bOAup", "up and up"),
        ("clear\x9b2J", "clear"),
        ("\x1b]0;a title\x07text", "text"),
        ("\x1b]0;a title\x1b\\text", "text"),
        ("\x1b]0;it never ends", "]0;it never ends"),
        ("\x1bP1$tdevice\x1b\\text", "text"),
        ("\x1b(0line drawing", "line drawing"),
        ("\x02bold\x02", "bold"),
        ("zero\u200bwidth joiner: 👩\u200d💻", "zero\u200bwidth joiner: 👩\u200d💻"),
    )

    def test_typed_controls_are_dropped_before_it_is_stored(self) -> None:
        alice, bob = self.people("alice", "bob")
        for typed, kept in self.TYPED:
            alice.says(typed)
            self.assertEqual(bob.hears(), [f"[12:00] alice: {kept}"])
            self.assertEqual(self.last_line(), kept)

    def last_line(self) -> str:
        room = self.factory.registry.room("lobby")
        line = self.successResultOf(self.history.line(room.key, room.lines))
        return str(line.text)

    def test_a_line_of_controls_is_nothing(self) -> None:
        alice, bob = self.people("alice", "bob")
        self.assertEqual(alice.asks("\x1b[A", "\x01\x02", "\a", "\x1b[15~"), [])
        self.assertEqual(bob.hears(), [])

    def test_controls_do_not_hide_a_command(self) -> None:
        alice, bob = self.people("alice", "bob")
        self.assertEqual(alice.asks("\x01/jion"), [
            "! No command /jion. Did you mean /join? Nothing was sent; start with a space to send it as text."
        ])  # fmt: skip
        self.assertEqual(bob.hears(), [])


class LimitTests(ChatTestCase):
    def test_4096_bytes_are_a_line(self) -> None:
        alice, bob = self.people("alice", "bob")
        for end in (b"\n", b"\r\n"):
            alice.types(b"x" * LIMIT + end)
            self.assertEqual(bob.hears(), ["[12:00] alice: " + "x" * LIMIT])

    def test_more_are_refused_and_the_connection_stays(self) -> None:
        alice, bob = self.people("alice", "bob")
        for length, shown in ((4097, "4,097"), (5212, "5,212"), (65_000, "65,000")):
            self.assertEqual(alice.asks("x" * length), [f"! Too long ({shown} bytes, limit 4,096). Not sent."])
        self.assertEqual(bob.hears(), [])
        alice.says("hi")
        self.assertEqual(bob.hears(), ["[12:00] alice: hi"])

    def test_bytes_are_counted_and_not_letters(self) -> None:
        alice, bob = self.people("alice", "bob")
        self.assertEqual(alice.asks("é" * 2049), ["! Too long (4,098 bytes, limit 4,096). Not sent."])
        alice.says("é" * 2048)
        self.assertEqual(bob.hears(), ["[12:00] alice: " + "é" * 2048])

    def test_nothing_of_a_line_that_comes_in_pieces_is_sent(self) -> None:
        alice, bob = self.people("alice", "bob")
        for _ in range(5):
            alice.types(b"x" * 2000)
        self.assertEqual(alice.hears(), [])
        alice.types(b"tail\nnext\n")
        self.assertEqual(alice.hears(), ["! Too long (10,004 bytes, limit 4,096). Not sent."])
        self.assertEqual(bob.hears(), ["[12:00] alice: next"])

    def test_64_kib_without_lf_close_the_connection(self) -> None:
        alice = self.person("alice")
        for _ in range(16):
            alice.types(b"x" * LIMIT)
        self.assertFalse(alice.is_gone)
        for _ in range(2):
            alice.types(b"x" * LIMIT)
        self.assertEqual(alice.hears(), ["! More than 65,536 bytes without a line end. Bye."])
        self.assertTrue(alice.is_gone)

    def test_a_line_that_is_not_utf_8_is_refused(self) -> None:
        alice, bob = self.people("alice", "bob")
        alice.types("Grüße\n".encode("latin-1"))
        self.assertEqual(alice.hears(), ["! That line is not UTF-8, not sent. Is your terminal set to Latin-1?"])
        alice.says("Grüße")
        self.assertEqual(bob.hears(), ["[12:00] alice: Grüße"])


class OutputClassTests(ChatTestCase):
    def test_no_text_of_a_person_looks_like_the_server(self) -> None:
        alice, bob = self.people("alice", "bob")
        for text in ("* Bye bob.", "! Not stored", "+ 1 lobby", "? Password:", "[12:00] carol: hi", "Your name? "):
            for line in (text, f"/me {text}", f"@bob {text}", f"@all {text}"):
                alice.says(line)
                self.pass_time(10)
                (heard,) = bob.hears()
                self.assertEqual(heard[0], "[")
        alice.says(f"/topic {text}")
        self.assertEqual(bob.hears()[0][:2], "* ")

    def test_every_line_has_a_class(self) -> None:
        alice, bob = self.people("alice", "bob")
        alice.says("/ack on", "/numbers on", "hi", "/me waves", "@bob hi", "/jion", "/help", "/react 1 :+1:", "/rooms")
        alice.says("/history", "/search hi", "/people", "/whoami", "/topic x", "/send k t", "@all hi", "/times off")
        bob.says("hi", "/reply 1 yes", "/edit 4 hello", "/delete 4", "/nick rob", "/join dev", "/leave dev")
        for line in alice.hears() + bob.hears():
            self.assertIn(line[0], "[*!+")

    def test_there_is_no_prompt_after_sign_in_and_no_colour_unless_asked_for(self) -> None:
        alice, bob = self.people("alice", "bob")
        for text in (alice.reads(), bob.reads()):
            self.assertNotIn("?", text)
        alice.says("hi", "/help", "/topic x")
        for text in (alice.reads(), bob.reads()):
            self.assertNotIn("\x1b", text)
            self.assertTrue(text.endswith("\n"))
