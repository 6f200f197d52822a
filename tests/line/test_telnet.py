"""Telnet: its commands are no text, its options are refused, and its interrupt means exit."""

from tests.talk import ChatTestCase, Person

IAC, DONT, DO, WONT, WILL, SB, SE = 255, 254, 253, 252, 251, 250, 240
ECHO, TIMING_MARK, NAWS = 1, 6, 31
INTERRUPT, BREAK, NOP = 244, 243, 241


def raw(person: Person) -> bytes:
    """What has come since the last time, as bytes."""
    data: bytes = person.transport.value()
    person.transport.clear()
    return data


class CommandTests(ChatTestCase):
    def test_commands_are_no_text_however_they_are_cut(self) -> None:
        alice, bob = self.people("alice", "bob")
        data = b"he" + bytes([IAC, NOP]) + b"ll" + bytes([IAC, SB, NAWS, 0, 80, IAC, IAC, ord("x"), IAC, SE]) + b"o\r\n"
        for cut in range(len(data)):
            alice.types(data[:cut])
            alice.types(data[cut:])
            self.assertEqual(bob.hears(), ["[12:00] alice: hello"], f"cut at {cut}")
        for byte in data:
            alice.types(bytes([byte]))
        self.assertEqual(bob.hears(), ["[12:00] alice: hello"])

    def test_an_escaped_255_is_a_byte_and_no_byte_of_utf_8(self) -> None:
        alice = self.person("alice")
        alice.types(b"a" + bytes([IAC, IAC]) + b"b\n")
        self.assertEqual(alice.hears(), ["! That line is not UTF-8, not sent. Is your terminal set to Latin-1?"])


class OptionTests(ChatTestCase):
    def test_an_option_is_refused_once_however_it_is_cut(self) -> None:
        for cut in range(1, 4):
            alice = self.connects()
            alice.hears()
            for verb, refusal in ((DO, WONT), (WILL, DONT)):
                data = bytes([IAC, verb, ECHO])
                alice.types(data[:cut])
                alice.types(data[cut:])
                self.assertEqual(raw(alice), bytes([IAC, refusal, ECHO]))

    def test_each_request_is_answered_and_no_refusal_is(self) -> None:
        alice = self.person("alice")
        alice.types(bytes([IAC, DO, TIMING_MARK, IAC, DO, TIMING_MARK, IAC, WONT, ECHO, IAC, DONT, ECHO]))
        self.assertEqual(raw(alice), bytes([IAC, WONT, TIMING_MARK]) * 2)

    def test_who_reads_nothing_is_answered_nothing(self) -> None:
        alice = self.person("alice")
        alice.stops_reading()
        alice.types(bytes([IAC, DO, ECHO]) * 1000)
        alice.reads_on()
        self.assertEqual(raw(alice), b"")


class LineEndTests(ChatTestCase):
    def test_lines_end_with_crlf_once_a_command_was_seen(self) -> None:
        alice, bob = self.people("alice", "bob")
        bob.says("one")
        self.assertEqual(alice.reads(), "[12:00] bob: one\n")
        alice.types(bytes([IAC, NOP]))
        bob.says("two")
        self.assertEqual(alice.reads(), "[12:00] bob: two\r\n")
        alice.says("/whoami", "/jion")
        self.assertEqual(alice.reads().count("\n"), 4)

    def test_lines_end_with_crlf_once_a_line_did(self) -> None:
        alice = self.connects()
        alice.hears()
        alice.types(b"alice\r\n")
        for line in alice.reads().splitlines(keepends=True):
            self.assertTrue(line.endswith("\r\n"), line)

    def test_every_line_out_does(self) -> None:
        alice, bob = self.people("alice", "bob")
        alice.types(b"/json on\r\n/nothing\r\n/ack on\r\nhi\r\n/history\r\n")
        bob.says("hi", "@alice hi")
        said = alice.reads()
        self.assertEqual(said.count("\n"), said.count("\r\n"))
        self.assertGreater(said.count("\n"), 5)


class LeavingTests(ChatTestCase):
    def test_interrupt_and_break_mean_exit(self) -> None:
        for command in (INTERRUPT, BREAK):
            alice = self.person("alice")
            alice.types(bytes([IAC, command]))
            self.assertEqual(alice.hears(), ["* Bye alice."])
            self.assertTrue(alice.is_gone)
            alice.hangs_up()

    def test_an_interrupt_does_not_send_what_was_half_typed(self) -> None:
        alice, bob = self.people("alice", "bob")
        alice.types(b"sent\r\nhalf typ" + bytes([IAC, INTERRUPT, IAC, DO, TIMING_MARK]) + b"ed\r\n")
        self.assertEqual(bob.hears(), ["[12:00] alice: sent"])
        self.assertTrue(alice.is_gone)

    def test_an_interrupt_at_the_prompt_leaves(self) -> None:
        alice = self.connects()
        alice.hears()
        alice.types(bytes([IAC, INTERRUPT]))
        self.assertEqual(alice.reads(), "\r\n* Bye.\r\n")
        self.assertTrue(alice.is_gone)

    def test_a_lone_04_means_exit(self) -> None:
        for data in (b"\x04", b"\x04\n", b"\x04\r\n", b"hi\n\x04"):
            alice = self.person("alice")
            alice.types(data)
            self.assertEqual(alice.hears(), ["* Bye alice."], data)
            self.assertTrue(alice.is_gone)
            alice.hangs_up()

    def test_a_04_right_behind_a_line_end(self) -> None:
        alice, bob = self.people("alice", "bob")
        alice.types(b"hi")
        alice.types(b"\n\x04")
        self.assertEqual(bob.hears(), ["[12:00] alice: hi"])
        self.assertTrue(alice.is_gone)

    def test_a_04_that_is_not_alone_is_a_control_like_any_other(self) -> None:
        alice, bob = self.people("alice", "bob")
        alice.types(b"a\x04b\n\x04c\nd\x04")
        alice.types(b"\x04")
        alice.types(b"e\n")
        self.assertEqual(bob.hears(), ["[12:00] alice: ab", "[12:00] alice: c", "[12:00] alice: de"])
        self.assertFalse(alice.is_gone)

    def test_a_lone_04_at_the_prompt_leaves(self) -> None:
        alice = self.connects()
        alice.hears()
        alice.types(b"\x04")
        self.assertEqual(alice.hears(), ["* Bye."])
        self.assertTrue(alice.is_gone)
