"""What stands in the log and in the sidebar of a window, of conversations with the real factory."""

from __future__ import annotations

from chat.clients.window import roster, row
from chat.clients.window.action import actions, keyed
from chat.clients.window.roster import destinations
from chat.clients.window.row import Row, unread_after
from chat.clients.window.words import described, folded, title, typing
from tests.clients.sitting import ClientTestCase, Sitter

TODAY = "2026-11-20"


def rows(sitter: Sitter, unread: int | None = None) -> list[Row]:
    return row.rows(sitter.room, sitter.chat.me, unread, TODAY)


def said(sitter: Sitter) -> list[Row]:
    return [each for each in rows(sitter) if each.spoken]


class LogTests(ClientTestCase):
    def test_lines_of_one_person_stand_under_one_name(self) -> None:
        alice, bob = self.client("alice"), self.person("bob")
        alice.types("one")
        alice.types("two")
        bob.says("three")
        self.pass_time(0)
        for _ in range(6):
            self.pass_time(60)
        alice.types("four")
        self.pass_time(10)
        alice.types("five")
        heads = [(each.text, each.head) for each in said(alice)]
        self.assertEqual(heads, [("one", True), ("two", False), ("three", True), ("four", True), ("five", False)])
        alice.room.lines[-1].time += row.TOGETHER
        self.assertTrue(said(alice)[-1].head)

    def test_a_day_begins_with_its_name(self) -> None:
        alice = self.client("alice")
        alice.types("one")
        self.pass_time(86_400)
        alice.types("two")
        names = [each.text for each in row.rows(alice.room, "alice", None, "2026-11-21") if each.kind == row.DAY]
        self.assertEqual(names, ["Yesterday", "Today"])
        self.assertEqual(row.day_name(int(self.clock.seconds() * 1000), "2027-02-01"), "Saturday, 21 November 2026")

    def test_the_new_ones_begin_behind_what_was_read(self) -> None:
        alice, bob = self.client("alice"), self.person("bob")
        bob.says("old")
        self.pass_time(1)
        alice.chat.read(alice.room)
        bob.says("new", "newer")
        self.pass_time(0)
        kinds = [each.text for each in rows(alice, unread_after(alice.room)) if each.kind in (row.UNREAD, row.MESSAGE)]
        self.assertEqual(kinds, ["old", "New", "new", "newer"])

    def test_nothing_is_new_where_all_was_read(self) -> None:
        alice, bob = self.client("alice"), self.person("bob")
        bob.says("old")
        self.pass_time(1)
        alice.chat.read(alice.room)
        self.assertIsNone(unread_after(alice.room))

    def test_what_people_did_stands_in_one_row(self) -> None:
        alice = self.client("alice")
        people = [self.person(name) for name in ("ann", "ben", "cid", "dan", "eve", "fay", "gus")]
        for person in people[:2]:
            person.hangs_up()
        self.person("ann").hangs_up()
        self.pass_time(0)
        told = [each.text for each in rows(alice) if each.kind == row.EVENT]
        self.assertEqual(told, ["alice, ann, ben, cid and 4 more came  ·  ann and ben left"])

    def test_what_one_person_did_is_told_in_full(self) -> None:
        alice, bob = self.client("alice"), self.irc("bob", "#lobby")
        alice.types("hi")
        bob.says("QUIT :tea")
        bob.hangs_up()
        self.pass_time(0)
        self.assertEqual([each.text for each in rows(alice) if each.kind == row.EVENT][-1], "bob left (Quit: tea)")

    def test_an_answer_has_what_it_answers_above_it(self) -> None:
        alice, bob = self.client("alice"), self.person("bob")
        bob.says("tea at four, " + "x" * 200)
        self.pass_time(0)
        alice.types("yes", reply_to=alice.room.lines[-1])
        who, text = said(alice)[-1].quote or ("", "")
        self.assertEqual(who, "bob")
        self.assertTrue(text.startswith("tea at four, xxx") and text.endswith("…") and len(text) == row.QUOTED, text)
        bob.says("/delete 1")
        self.pass_time(0)
        self.assertEqual(said(alice)[-1].quote, ("bob", "removed"))

    def test_what_became_of_a_line_can_be_seen(self) -> None:
        alice, bob = self.client("alice"), self.person("bob")
        bob.says("helo")
        bob.says("s/helo/hello/", "/react 1 :+1:")
        self.pass_time(0)
        line = said(alice)[-1]
        self.assertEqual((line.text, line.edited, line.removed), ("hello", True, False))
        self.assertEqual(line.chips, (row.Chip("👍", 1, False, "bob"),))
        bob.says("/delete 1")
        self.pass_time(0)
        self.assertTrue(said(alice)[-1].removed)

    def test_what_waits_looks_other_than_what_is_kept(self) -> None:
        alice, bob = self.client("alice"), self.person("bob")
        alice.types("kept")
        bob.says("not mine")
        self.pass_time(0)
        alice.loses_link()
        alice.types("waits")
        self.assertEqual([each.state for each in said(alice)], ["kept", "", "waiting"])

    def test_a_line_that_names_one_is_loud_and_one_s_own_is_not(self) -> None:
        alice, bob = self.client("alice"), self.person("bob")
        bob.says("alice: tea?")
        alice.types("alice says yes")
        self.assertEqual([each.loud for each in said(alice)], [True, False])

    def test_rows_of_what_has_not_changed_are_equal(self) -> None:
        alice, bob = self.client("alice"), self.person("bob")
        bob.says("one")
        self.pass_time(0)
        before = rows(alice)
        bob.says("two")
        self.pass_time(0)
        self.assertEqual(rows(alice)[: len(before)], before)


class SidebarTests(ClientTestCase):
    def test_rooms_and_people_with_what_is_unread(self) -> None:
        alice, bob = self.client("alice", "#lobby", "#tea"), self.person("bob")
        bob.says("hi", "hello alice", "@alice psst")
        self.pass_time(0)
        items = [(each.text, each.count, each.loud) for each in roster.conversations(alice.chat)]
        self.assertEqual(items, [
            ("ROOMS", 0, False), ("lobby", 2, True), ("tea", 0, False), ("PRIVATE", 0, False), ("bob", 1, True),
        ])  # fmt: skip

    def test_who_is_here_and_how(self) -> None:
        alice, bob = self.client("alice"), self.irc("bob", "#lobby")
        bob.says("AWAY :lunch")
        self.pass_time(0)
        items = roster.people(roster.present(alice.chat, alice.room), "alice")
        self.assertEqual([each.text for each in items], ["HERE — 2", "alice", "bob"])
        self.assertIn("you", items[1].detail)
        self.assertEqual((items[2].here, items[2].detail), (False, "away: lunch"))
        alice.chat.open("bob")
        self.pass_time(0)
        private = roster.conversations(alice.chat)[-1]
        self.assertEqual((private.here, private.detail), (False, "away"))
        bob.says("BACK", "AWAY")
        self.pass_time(0)
        private = roster.conversations(alice.chat)[-1]
        self.assertEqual((private.here, private.detail), (True, ""))
        bob.hangs_up()
        self.pass_time(0)
        private = roster.conversations(alice.chat)[-1]
        self.assertEqual((private.here, private.detail), (False, "not here"))

    def test_beside_a_private_conversation_stands_everyone_one_can_see(self) -> None:
        alice = self.client("alice")
        self.person("bob")
        private = alice.chat.open("bob")
        self.pass_time(0)
        self.assertEqual([each.nick for each in roster.present(alice.chat, private)], ["alice", "bob"])

    def test_the_title_counts_what_asks_for_attention(self) -> None:
        alice, bob = self.client("alice"), self.person("bob")
        plain = title(alice.chat, alice.room)
        self.assertTrue(plain.startswith("#lobby"), plain)
        bob.says("hi")
        self.pass_time(0)
        self.assertEqual(title(alice.chat, alice.room), f"• {plain}")
        self.assertEqual((folded(alice.chat, alice.room), folded(alice.chat, None)), ("☰", "☰ •"))
        bob.says("hi alice", "@alice psst")
        self.pass_time(0)
        self.assertEqual(title(alice.chat, alice.room), f"(2) {plain}")
        self.assertEqual(folded(alice.chat, alice.room), "☰ 2")
        self.assertEqual(described(alice.room), "2 people here")

    def test_who_is_typing(self) -> None:
        self.assertEqual(typing([]), "")
        self.assertEqual(typing(["bob"]), "bob is typing …")
        self.assertEqual(typing(["bob", "carol", "dan"]), "bob, carol and dan are typing …")
        self.assertEqual(typing(["a", "b", "c", "d"]), "Several people are typing …")


class ActionTests(ClientTestCase):
    def names(self, sitter: Sitter, number: int = -1) -> list[str]:
        return [action.name for action in actions(sitter.chat, sitter.room, sitter.room.lines[number])]

    def test_one_may_change_one_s_own_and_answer_the_others(self) -> None:
        alice, bob = self.client("alice"), self.person("bob")
        alice.types("mine")
        self.assertIn("edit", self.names(alice))
        self.assertIn("remove", self.names(alice))
        self.assertNotIn("write", self.names(alice))
        bob.says("his")
        self.pass_time(0)
        self.assertNotIn("edit", self.names(alice))
        self.assertTrue({"reply", "react", "copy", "write"} <= set(self.names(alice)))

    def test_a_link_can_be_opened(self) -> None:
        alice = self.client("alice")
        alice.types("no link")
        self.assertNotIn("open", self.names(alice))
        alice.types("see https://tea.example.")
        self.assertIn("open", self.names(alice))

    def test_nothing_can_be_done_with_what_is_removed(self) -> None:
        alice = self.client("alice")
        alice.types("mine")
        alice.types("/delete")
        line = next(line for line in alice.room.lines if line.removed)
        self.assertEqual(actions(alice.chat, alice.room, line), [])

    def test_what_has_failed_can_be_sent_again_or_forgotten(self) -> None:
        alice = self.client("alice")
        alice.types("mine")
        line = alice.room.lines[-1]
        line.state, line.id = "failed", None
        self.assertEqual(self.names(alice), ["again", "discard", "copy"])
        found = keyed(alice.chat, alice.room, line, "Delete")
        self.assertEqual(found and found.name, "discard")
        self.assertIsNone(keyed(alice.chat, alice.room, line, "e"))

    def test_where_one_can_go(self) -> None:
        alice = self.client("alice", "#lobby", "#tea")
        self.person("teo")
        self.pass_time(0)
        self.assertEqual([each.key for each in destinations(alice.chat, "te")], ["#tea", "teo", "#te"])
        self.assertEqual([each.key for each in destinations(alice.chat, "")], ["#lobby", "#tea", "teo"])
        self.assertEqual([each.key for each in destinations(alice.chat, "#new")], ["#new"])
        self.assertEqual(destinations(alice.chat, "two words"), [])
