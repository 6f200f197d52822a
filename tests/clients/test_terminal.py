"""The terminal client, in conversation with people on other wires."""

from __future__ import annotations

from tests.clients.terminal import MISSING, Screen, TerminalTestCase
from tests.talk import HeldHistory

if not MISSING:
    from chat.clients.terminal import log


class TalkTests(TerminalTestCase):
    def test_what_is_typed_is_heard_and_what_is_heard_is_seen(self) -> None:
        bob = self.person("bob")

        async def alice(at: Screen) -> None:
            await at.types("hello bob", "enter")
            self.assertEqual(bob.hears(), ["* alice came", "[12:00] alice: hello bob"])
            at.sees("hello bob")
            self.assertEqual(at.typed, "")
            bob.says("hello alice")
            await at.rests()
            self.assertIn("@12:00", at.row_of("hello alice"))

        self.sits("alice", alice)

    def test_half_typed_text_survives_fifty_lines(self) -> None:
        bob = self.person("bob")

        async def alice(at: Screen) -> None:
            await at.types("I think that", "left", "left")
            for number in range(50):
                bob.says(f"line {number}")
                await at.rests()
            at.sees("line 49", "I think that")
            await at.types("X")
            self.assertEqual(at.typed, "I think thXat")

        self.sits("alice", alice)

    def test_a_paste_of_many_lines_is_one_message_and_is_sent_when_enter_is_pressed(self) -> None:
        bob = self.person("bob")

        async def alice(at: Screen) -> None:
            bob.hears()
            await at.pastes("one\r\ntwo\r\n  three\r\n")
            self.assertEqual(bob.hears(), [])
            self.assertEqual(at.typed, "one\ntwo\n  three")
            await at.presses("enter")
            self.assertEqual([line.text for line in at.talk.current.lines if line.spoken], ["one\ntwo\n  three"])
            self.assertEqual(len(bob.hears()), 3)

        self.sits("alice", alice)

    def test_a_new_line_can_be_typed(self) -> None:
        async def alice(at: Screen) -> None:
            await at.types("one\ntwo", "enter")
            self.assertEqual([line.text for line in at.talk.current.lines if line.spoken], ["one\ntwo"])

        self.sits("alice", alice)

    def test_names_emoji_and_commands_are_completed_and_the_next_one_comes_with_the_next_tab(self) -> None:
        self.people("bob", "bertha")

        async def alice(at: Screen) -> None:
            await at.types("b", "tab")
            self.assertEqual(at.typed, "bertha: ")
            at.sees("bertha  bob")
            await at.presses("tab")
            self.assertEqual(at.typed, "bob: ")
            await at.types("take a :smile", "tab")
            self.assertEqual(at.typed, "bob: take a 😄")
            at.talk.composer.put("")
            await at.types("/aw", "tab")
            self.assertEqual(at.typed, "/away ")

        self.sits("alice", alice)

    def test_what_is_typed_in_one_conversation_waits_there(self) -> None:
        self.person("bob")

        async def alice(at: Screen) -> None:
            await at.types("half a")
            at.talk.talk_to("bob")
            await at.rests()
            self.assertEqual(at.typed, "")
            await at.types("psst")
            await at.presses("ctrl+n")
            self.assertEqual(at.typed, "half a")
            await at.bursts(*" sent", "ctrl+b", *" hey", "ctrl+n", *"ence")
            self.assertEqual(at.typed, "half a sentence")
            await at.presses("ctrl+b")
            self.assertEqual(at.typed, "psst hey")

        self.sits("alice", alice)

    def test_others_see_that_one_types_and_one_sees_it_of_others(self) -> None:
        bob = self.irc("bob", "#lobby", caps="message-tags")

        async def alice(at: Screen) -> None:
            bob.hears()
            await at.types("w")
            self.assertIn("+typing=active", bob.reads())
            bob.says("@+typing=active TAGMSG #lobby")
            await at.rests()
            at.sees("bob is typing")
            bob.says("PRIVMSG #lobby :done")
            await at.rests()
            at.sees_no("bob is typing")

        self.sits("alice", alice)

    def test_what_would_drive_the_terminal_does_not_reach_it(self) -> None:
        bob = self.irc("bob", "#lobby")

        async def alice(at: Screen) -> None:
            bob.says("PRIVMSG #lobby :\x1b[2J\x1b]0;owned\x07\x9b31mred \u202eneves", "TOPIC #lobby :\x1b[2Jhot")
            await at.rests()
            at.sees("red", "hot")
            drawn = "".join(strip.text for strip in at.app.screen._compositor.render_strips())
            self.assertEqual([letter for letter in drawn if not letter.isprintable() and letter != "\u202e"], [])
            self.assertNotIn("\u202e", drawn)

        self.sits("alice", alice)


class SidebarTests(TerminalTestCase):
    def test_who_comes_and_who_leaves_is_seen_at_once(self) -> None:
        async def alice(at: Screen) -> None:
            bob = self.person("bob")
            await at.rests()
            at.sees("People  2", " bob")
            bob.hangs_up()
            await at.rests()
            at.sees("People  1")

        self.sits("alice", alice)

    def test_marks_for_who_is_away_and_who_runs_the_room(self) -> None:
        bob = self.irc("bob", "#tea")
        bob.says("AWAY :lunch")

        async def alice(at: Screen) -> None:
            self.assertRegex(at.aside("@bob"), "@bob +away")
            self.assertRegex(at.aside("alice"), " alice +you")

        self.sits("alice", alice, rooms=("#tea",))

    def test_a_click_on_a_name_opens_a_private_conversation(self) -> None:
        bob = self.person("bob")

        async def alice(at: Screen) -> None:
            bob.says("hello")
            await at.rests()
            await at.clicks("bob │ hello")
            at.sees("bob ›", "in private")
            await at.types("psst", "enter")
            self.assertEqual(bob.hears()[-1], "[12:00] alice -> you: psst")

        self.sits("alice", alice)

    def test_a_private_conversation_shows_what_is_unread_until_one_looks(self) -> None:
        bob = self.person("bob")

        async def alice(at: Screen) -> None:
            bob.says("@alice are you there?", "@alice hello?")
            await at.rests()
            at.sees("@2")
            await at.presses("alt+a")
            at.sees("bob ›", "are you there?")
            at.sees_no("@2")

        self.sits("alice", alice)

    def test_a_room_shows_how_many_lines_are_unread_and_whether_somebody_calls(self) -> None:
        bob = self.person("bob", "tea")

        async def alice(at: Screen) -> None:
            bob.says("one", "two", "three")
            await at.rests()
            self.assertRegex(at.aside("#tea"), "#tea +3 ")
            bob.says("where is alice")
            await at.rests()
            self.assertRegex(at.aside("#tea"), "#tea +@1 ")
            await at.clicks("#tea")
            at.sees("#tea ›", "where is alice")
            self.assertNotIn("@1", at.aside("#tea"))

        self.sits("alice", alice, rooms=("#lobby", "#tea"))

    def test_the_keyboard_reaches_the_lists(self) -> None:
        self.person("bob")

        async def alice(at: Screen) -> None:
            await at.presses("f6", "f6", "down", "enter")
            at.sees("bob ›")

        self.sits("alice", alice)


class LineTests(TerminalTestCase):
    def test_a_line_is_answered(self) -> None:
        bob = self.person("bob")

        async def alice(at: Screen) -> None:
            bob.says("coffee?")
            await at.rests()
            await at.presses("up", "r")
            at.sees("Reply to bob: coffee?")
            await at.types("yes", "enter")
            self.assertEqual(bob.hears()[-1], '[12:00] alice (re 1 bob "coffee?"): yes')
            at.sees("↱ bob: coffee?")
            at.sees_no("Reply to bob")

        self.sits("alice", alice)

    def test_an_answer_that_was_begun_can_be_given_up(self) -> None:
        bob = self.person("bob")

        async def alice(at: Screen) -> None:
            bob.says("coffee?")
            await at.rests()
            await at.presses("up", "r", "escape")
            await at.types("tea", "enter")
            self.assertEqual(bob.hears()[-1], "[12:00] alice: tea")

        self.sits("alice", alice)

    def test_a_reaction_is_picked_and_taken_back_by_a_click(self) -> None:
        bob = self.person("bob")

        async def alice(at: Screen) -> None:
            bob.says("coffee?")
            await at.rests()
            await at.presses("up", "plus")
            at.sees("React to bob")
            await at.types("coffee", "enter")
            self.assertEqual(bob.hears()[-1], "[12:00] alice reacts to 1: ☕")
            self.assertIn("alice", at.row_of("☕"))
            row = next(y for y, row in enumerate(at.rows) if "☕" in row)
            await at.pilot.click(offset=(at.rows[row].rindex("alice"), row))
            await at.rests()
            at.sees_no("☕")

        self.sits("alice", alice)

    def test_a_line_is_removed_when_that_was_asked_for_twice(self) -> None:
        bob = self.person("bob")

        async def alice(at: Screen) -> None:
            await at.types("oops", "enter")
            await at.presses("up", "d")
            at.sees("Remove this line for everyone?", "oops")
            await at.presses("d")
            self.assertEqual(bob.hears()[-1], "[12:00] alice removed 1")
            at.sees("message removed")
            at.sees_no("oops")

        self.sits("alice", alice)

    def test_a_line_is_edited_and_what_was_being_typed_is_there_again(self) -> None:
        bob = self.person("bob")

        async def alice(at: Screen) -> None:
            await at.types("tea at for?", "enter")
            await at.types("and ")
            await at.presses("up", "e")
            at.sees("Editing: tea at for?")
            self.assertEqual(at.typed, "tea at for?")
            await at.presses("backspace", "backspace")
            await at.types("ur?", "enter")
            self.assertEqual(bob.hears()[-1], "[12:00] alice edited 1: tea at four?")
            at.sees("tea at four? (edited)")
            self.assertEqual(at.typed, "and ")

        self.sits("alice", alice)

    def test_what_others_said_cannot_be_edited_nor_removed(self) -> None:
        bob = self.person("bob")

        async def alice(at: Screen) -> None:
            bob.says("coffee?")
            await at.rests()
            await at.presses("up")
            at.sees("r reply", "p private")
            at.sees_no("e edit", "d remove")
            await at.presses("d", "d", "e")
            at.sees("coffee?")

        self.sits("alice", alice)

    def test_a_click_selects_a_line_and_what_can_be_done_is_clicked_too(self) -> None:
        bob = self.person("bob")

        async def alice(at: Screen) -> None:
            bob.says("coffee?")
            await at.rests()
            await at.clicks("coffee?")
            await at.clicks("r reply")
            at.sees("Reply to bob")

        self.sits("alice", alice)

    def test_whoever_types_on_while_a_line_is_selected_is_typing(self) -> None:
        bob = self.person("bob")

        async def alice(at: Screen) -> None:
            bob.says("coffee?")
            await at.rests()
            await at.types("a", "up")
            await at.types("bc")
            self.assertEqual(at.typed, "abc")

        self.sits("alice", alice)


class StateTests(TerminalTestCase):
    history_class = HeldHistory

    def test_a_line_that_is_not_on_disk_looks_different_until_it_is(self) -> None:
        async def alice(at: Screen) -> None:
            self.history.holding = True
            await at.types("slowly", "enter")
            self.assertIn("…12:00", at.row_of("slowly"))
            while self.history.held:
                self.history.let_go()
            await at.rests()
            self.assertIn(" 12:00", at.row_of("slowly"))

        self.sits("alice", alice)

    def test_a_line_that_was_refused_says_so_and_is_sent_again(self) -> None:
        bob = self.person("bob")

        async def alice(at: Screen) -> None:
            bob.hears()
            self.history.holding = True
            await at.types("important", "enter")
            while self.history.held:
                self.history.fail("disk full")
            await at.rests()
            self.assertIn("✗12:00", at.row_of("important"))
            at.sees("Not sent")
            self.history.holding = False
            await at.presses("up", "s")
            self.assertEqual(bob.hears(), ["[12:00] alice: important"])
            self.assertIn(" 12:00", at.row_of("important"))
            self.assertEqual(str(at).count("important"), 1)

        self.sits("alice", alice)


class LinkTests(TerminalTestCase):
    def test_a_lost_link_is_told_and_what_was_typed_meanwhile_is_sent_afterwards(self) -> None:
        bob = self.person("bob")

        async def alice(at: Screen) -> None:
            at.sees("● Connected")
            at.closed = True
            at.wires[-1].cut()
            await at.rests()
            at.sees("○", "Trying again", "Ctrl+R try now")
            await at.types("still here", "enter")
            self.assertIn("…12:00", at.row_of("still here"))
            at.sees("… 1 not sent yet")
            bob.says("where are you?")
            bob.hears()
            at.closed = False
            self.pass_time(5)
            await at.rests()
            at.sees("● Connected", "where are you?")
            self.assertEqual([line for line in bob.hears() if "still" in line], ["[12:00] alice: still here"])
            self.assertEqual(str(at).count("still here"), 1)

        self.sits("alice", alice)

    def test_a_command_leaves_too(self) -> None:
        bob = self.person("bob")

        async def alice(at: Screen) -> None:
            await at.types("/quit", "enter")
            self.assertEqual((at.app.is_running, at.app.return_code), (False, 0))
            self.assertEqual(bob.hears()[-1], "* alice left")

        async def alone(at: Screen) -> None:
            at.closed = True
            at.wires[-1].cut()
            await at.types("/exit", "enter")
            self.assertEqual((at.app.is_running, at.app.return_code), (False, 0))

        self.sits("alice", alice)
        self.sits("alice", alone)

    def test_leaving_with_something_unsent_is_asked_again(self) -> None:
        async def alice(at: Screen) -> None:
            at.closed = True
            at.wires[-1].cut()
            await at.types("lost?", "enter")
            await at.presses("ctrl+c")
            self.assertTrue(at.app.is_running)
            at.sees("1 line is not sent yet")
            await at.presses("ctrl+c")
            self.assertEqual(at.app.return_code, 0)

        self.sits("alice", alice)


class PastTests(TerminalTestCase):
    def test_those_who_come_and_leave_one_after_the_other_take_one_row(self) -> None:
        async def alice(at: Screen) -> None:
            bob, _carol = self.people("bob", "carol")
            bob.hangs_up()
            await at.rests()
            at.sees("alice, bob, carol came · bob left")

        self.sits("alice", alice)

    def test_older_lines_come_when_one_looks_at_the_oldest_and_one_stays_where_one_looks(self) -> None:
        bob = self.person("bob")
        bob.says(*(f"line {number:03}" for number in range(400)))

        async def alice(at: Screen) -> None:
            at.sees("line 399")
            before = len(at.talk.current.lines)
            for _ in range(20):
                seen = [row for row in at.rows if "line " in row]
                await at.presses("pageup")
                if len(at.talk.current.lines) > before:
                    break
            self.assertGreater(len(at.talk.current.lines), before)
            top = next(row for row in at.rows if "line " in row)
            await at.presses("pagedown")
            self.assertIn(seen[0][-40:].strip(), str(at) + top)
            for _ in range(60):
                await at.presses("pageup")
            at.sees("line 000", "this is where it begins")
            bob.says("new one")
            await at.rests()
            at.sees("line 000", "Esc newest line")
            await at.presses("escape")
            at.sees("new one")

        self.sits("alice", alice)

    def test_of_a_long_past_a_part_is_drawn_and_all_of_it_can_be_reached(self) -> None:
        self.patch(log, "PORTION", 40)
        bob = self.person("bob")
        bob.says(*(f"line {number:03}" for number in range(200)))

        async def alice(at: Screen) -> None:
            for _ in range(2):
                for _ in range(30):
                    await at.presses("pageup")
                at.sees("line 000", "this is where it begins")
                await at.presses("escape")
                bob.says("and more")
                await at.rests()
                at.sees("line 199", "and more")
                self.assertLess(len(at.talk.log_.drawn), 100)

        self.sits("alice", alice)

    def test_what_came_while_one_looked_elsewhere_stands_behind_a_rule(self) -> None:
        bob = self.person("bob")

        async def alice(at: Screen) -> None:
            bob.says("seen")
            await at.rests()
            at.sees_no("─ new ─")
            await at.looks_away()
            self.pass_time(20)
            bob.says("not seen")
            await at.rests()
            await at.looks_again()
            rows = [index for index, row in enumerate(at.rows) if "seen" in row or "─ new ─" in row]
            self.assertEqual(["new" in at.rows[index] for index in rows], [False, True, False])

        self.sits("alice", alice)

    def test_a_new_day_begins_with_a_rule(self) -> None:
        bob = self.person("bob")
        bob.says("tonight")
        self.pass_time(86_400)

        async def alice(at: Screen) -> None:
            bob.says("good morning")
            await at.rests()
            at.sees("─ Friday 20 November ─", "─ Saturday 21 November ─")

        self.sits("alice", alice)
