"""Piped use: a name and lines in one piece, the end of input, receipts, goodbye."""

from tests.talk import ChatTestCase, HeldHistory


class PipeTests(ChatTestCase):
    def test_a_name_and_a_line_are_delivered_and_receipted(self) -> None:
        alice = self.person("alice")
        bot = self.connects()
        bot.hears()
        bot.types(b"bot\nbuild ok\n")
        bot.ends_input()
        self.assertEqual(alice.hears(), ["* bot came", "[12:00] bot: build ok"])
        hello, room, receipt, bye = bot.hears()
        self.assertEqual(hello[:12], "* Hello bot.")
        self.assertEqual(room, "* You are in lobby (2 people): alice.")
        self.assertEqual(receipt, "+ 1 lobby 2026-11-20T12:00:00.000Z")
        self.assertEqual(bye, "* Bye bot.")
        self.assertTrue(bot.is_gone)

    def test_the_last_line_needs_no_end(self) -> None:
        alice = self.person("alice")
        bot = self.connects()
        bot.types(b"bot\nbuild ok")
        bot.ends_input()
        self.assertEqual(alice.hears()[-1], "[12:00] bot: build ok")

    def test_without_the_end_of_input_it_stays(self) -> None:
        bot = self.connects()
        bot.hears()
        bot.types(b"bot\none\n")
        self.assertEqual(bot.hears()[-1], "+ 1 lobby 2026-11-20T12:00:00.000Z")
        self.assertEqual(bot.asks("two"), ["+ 2 lobby 2026-11-20T12:00:00.000Z"])
        self.assertFalse(bot.is_gone)

    def test_as_a_guest(self) -> None:
        alice = self.person("alice")
        bot = self.connects()
        bot.types(b"\nbuild ok\n")
        bot.ends_input()
        self.assertRegex(alice.hears()[-1], "^\\[12:00\\] guest-[0-9a-f]{4}: build ok$")

    def test_a_name_alone_looks_in(self) -> None:
        self.person("alice").says("hi")
        bot = self.connects()
        bot.types(b"bot\n")
        bot.ends_input()
        self.assertEqual(bot.hears()[-3:], ["[12:00] alice: hi", "* -- now --", "* Bye bot."])
        self.assertTrue(bot.is_gone)

    def test_nothing_at_all(self) -> None:
        bot = self.connects()
        bot.ends_input()
        self.assertEqual(bot.hears()[-1], "* Bye.")
        self.assertTrue(bot.is_gone)

    def test_somebody_at_a_terminal_gets_no_receipts(self) -> None:
        alice = self.connects()
        for line in ("alice", "hi"):
            alice.says(line)
        alice.ends_input()
        self.assertEqual([line for line in alice.hears() if line[0] == "+"], [])

    def test_a_name_that_is_taken(self) -> None:
        alice = self.person("bot")
        bot = self.connects()
        bot.hears()
        bot.types(b"bot\nbuild ok\n")
        bot.ends_input()
        self.pass_time(0.1)
        bad_name = "! Names are 1-32 letters, digits, _ or -, and start with a letter."
        self.assertEqual(bot.hears(), ['! "bot" is in use.', f"Your name? {bad_name}", "Your name? ", "* Bye."])
        self.assertTrue(bot.is_gone)
        self.assertEqual(alice.hears(), ['* Somebody else asked for the name "bot".'])


    def test_commands_are_answered(self) -> None:
        self.person("alice")
        bot = self.connects()
        bot.types(b"bot\n/join dev\n/topic tea\nhi\n/search hi\nexit\nnever\n")
        bot.ends_input()
        self.assertEqual(bot.hears()[-6:], [
            "* You are in dev. Nobody else is here.",
            "* Topic of dev: tea (set by bot)",
            "+ 1 dev 2026-11-20T12:00:00.000Z",
            "[1 12:00] #dev bot: hi",
            "* 1 line found.",
            "* Bye bot.",
        ])  # fmt: skip


class SlowStoreTests(ChatTestCase):
    history_class = HeldHistory

    def test_pending_receipts_are_sent_after_the_end_of_input(self) -> None:
        alice = self.person("alice")
        bot = self.person("bot")
        self.history.holding = True
        bot.types(b"one\ntwo\n")
        bot.ends_input()
        self.assertFalse(bot.is_gone)
        self.assertEqual(bot.hears(), [])
        self.history.let_go()
        self.pass_time(0)
        stored = ["+ 1 lobby 2026-11-20T12:00:00.000Z", "+ 2 lobby 2026-11-20T12:00:00.000Z"]
        self.assertEqual(bot.hears(), [*stored, "* Bye bot."])
        self.assertTrue(bot.is_gone)
        self.assertEqual(alice.hears()[-2:], ["[12:00] bot: one", "[12:00] bot: two"])

    def test_what_was_not_stored_is_refused_after_the_end_of_input(self) -> None:
        bot = self.person("bot")
        self.history.holding = True
        bot.types(b"one\n")
        bot.ends_input()
        self.history.fail("disk full")
        self.pass_time(0)
        self.assertEqual(bot.hears(), ["! Not stored: disk full. Not sent.", "* Bye bot."])
        self.assertTrue(bot.is_gone)
