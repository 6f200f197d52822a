"""What is done to a line: /reply, /react, /edit, /delete, s/old/new/."""

from tests.talk import ChatTestCase


class ReplyTests(ChatTestCase):
    def test_it_quotes_the_line(self) -> None:
        alice, bob = self.people("alice", "bob")
        alice.says("hi")
        self.assertEqual(bob.asks("/reply 1 yes,  hi")[1:], [])
        self.assertEqual(alice.hears(), ['[12:00] bob (re 1 alice "hi"): yes,  hi'])
        alice.says("/reply #1 indeed")
        self.assertEqual(bob.hears(), ['[12:00] alice (re 1 alice "hi"): indeed'])

    def test_a_long_line_is_quoted_by_its_beginning(self) -> None:
        alice, bob = self.people("alice", "bob")
        alice.says("x" * 41, "/reply 1 yes")
        self.assertEqual(bob.hears()[1], f'[12:00] alice (re 1 alice "{"x" * 37}..."): yes')

    def test_a_reply_is_a_line_with_a_number(self) -> None:
        alice, bob = self.people("alice", "bob")
        alice.says("one", "/reply 1 two", "/reply 2 three", "s/three/drei/")
        self.assertEqual(bob.hears()[1:], [
            '[12:00] alice (re 1 alice "one"): two',
            '[12:00] alice (re 2 alice "two"): three',
            "[12:00] alice edited 3: drei",
        ])  # fmt: skip

    def test_the_quote_has_the_latest_wording(self) -> None:
        alice, bob = self.people("alice", "bob")
        alice.says("tae", "s/tae/tea/", "/reply 1 yes")
        self.assertEqual(bob.hears()[-1], '[12:00] alice (re 1 alice "tea"): yes')


class NumberTests(ChatTestCase):
    def test_a_line_there_is_not(self) -> None:
        alice, bob = self.people("alice", "bob")
        commands = ("/reply {} x", "/react {} x", "/edit {} x", "/delete {}")
        for command in commands:
            self.assertEqual(alice.asks(command.format(1)), ["! There is no line 1 in lobby."])
        alice.says("hi", "/delete 1")
        bob.hears(), alice.hears()
        for command in commands:
            self.assertEqual(alice.asks(command.format(1)), ["! There is no line 1 in lobby."])
            self.assertEqual(alice.asks(command.format(0)), ["! There is no line 0 in lobby."])
            for word in ("x", "-1", "1.5", "1e3", "²", "١", "#", "9" * 30):
                refusal = f'! "{word}" is no line number. /numbers on shows the numbers.'
                self.assertEqual(alice.asks(command.format(word)), [refusal])
        self.assertEqual(bob.hears(), [])

    def test_numbers_are_those_of_the_room_one_looks_at(self) -> None:
        alice, bob = self.people("alice", "bob")
        bob.says("in lobby", "/join dev", "in dev")
        alice.says("/join dev", "/reply 1 yes")
        self.assertEqual(bob.hears()[-1], '[12:00] alice (re 1 bob "in dev"): yes')
        alice.says("/join empty")
        alice.hears()
        self.assertEqual(alice.asks("/reply 1 yes"), ["! There is no line 1 in empty."])


class ReactTests(ChatTestCase):
    def test_emoji_names_and_words(self) -> None:
        alice, bob = self.people("alice", "bob")
        bob.says("hi")
        alice.hears()
        for word, shown in (
            (":+1:", "👍"), (":TADA:", "🎉"), (":fox_face:", "🦊"), ("👩‍💻", "👩‍💻"), ("+1", "+1"), ("nice", "nice"),
            ("x" * 32, "x" * 32),
        ):  # fmt: skip
            self.assertEqual(alice.asks(f"/react 1 {word}"), [f"* You react to line 1 with {shown}"])
            self.assertEqual(bob.hears(), [f"[12:00] alice reacts to 1: {shown}"])

    def test_what_is_no_emoji(self) -> None:
        alice, bob = self.people("alice", "bob")
        bob.says("hi")
        alice.hears(), bob.hears()
        self.assertEqual(
            alice.asks("/react 1 :nosuch:"),
            ["! No emoji is called :nosuch:. Try :+1: or :tada:, or paste the emoji itself."],
        )
        self.assertEqual(
            alice.asks(f"/react 1 {'x' * 33}"), ["! React with an emoji or a short word, like: /react 412 :+1:"]
        )
        self.assertEqual(alice.asks("/react 1 two words")[0][:9], "! That is")
        self.assertEqual(bob.hears(), [])


class EditTests(ChatTestCase):
    def test_ones_own_line(self) -> None:
        alice, bob = self.people("alice", "bob")
        alice.says("tae", "more")
        bob.hears()
        self.assertEqual(alice.asks("/edit 1 tea,  please"), ["* Line 1 is now: tea,  please"])
        self.assertEqual(bob.hears(), ["[12:00] alice edited 1: tea,  please"])
        self.assertEqual(bob.asks("/history")[:2], ["[1 12:00] alice (edited): tea,  please", "[2 12:00] alice: more"])

    def test_an_emote_stays_one(self) -> None:
        alice, bob = self.people("alice", "bob")
        alice.says("/me wvaes", "s/wvaes/waves/")
        self.assertEqual(bob.hears()[1], "[12:00] alice edited 1: waves")
        self.assertEqual(bob.asks("/history")[0], "[1 12:00] * alice waves (edited)")

    def test_a_line_of_somebody_else(self) -> None:
        alice, bob = self.people("alice", "bob")
        bob.says("hi")
        alice.hears()
        self.assertEqual(alice.asks("/edit 1 x"), ["! Line 1 is not yours but bob's."])
        self.assertEqual(alice.asks("/delete 1"), ["! Line 1 is not yours but bob's."])
        self.assertEqual(bob.hears(), [])

    def test_delete(self) -> None:
        alice, bob = self.people("alice", "bob")
        alice.says("oops", "/reply 1 fine")
        bob.hears(), alice.hears()
        self.assertEqual(alice.asks("/delete 1"), ["* Line 1 is removed."])
        self.assertEqual(bob.hears(), ["[12:00] alice removed 1"])
        self.assertEqual(bob.asks("/history")[0], "[1 12:00] what alice said was removed")
        self.assertEqual(bob.asks("/search oops"), ['* No line has "oops".'])
        self.assertEqual(alice.asks("/remove 2"), ["* Line 2 is removed."])

    def test_in_another_room(self) -> None:
        alice, bob = self.people("alice", "bob")
        alice.says("hi")
        bob.says("/react 1 x", "/join dev")
        alice.says("/edit 1 ho", "/delete 1")
        bob.says("/leave", "hi", "/edit 2 ho")
        self.assertEqual(bob.hears()[-4:-2], ["[12:00] #lobby alice edited 1: ho", "[12:00] #lobby alice removed 1"])


class SubstituteTests(ChatTestCase):
    def test_it_edits_the_last_line(self) -> None:
        alice, bob = self.people("alice", "bob")
        alice.says("a cup of tae")
        bob.hears()
        self.assertEqual(alice.asks("s/tae/tea/"), ["* Line 1 is now: a cup of tea"])
        self.assertEqual(alice.asks("s/ of tea//"), ["* Line 1 is now: a cup"])
        self.assertEqual(alice.asks("s/a/the/"), ["* Line 1 is now: the cup"])
        self.assertEqual(bob.hears()[-1], "[12:00] alice edited 1: the cup")

    def test_it_is_no_pattern(self) -> None:
        alice, _ = self.people("alice", "bob")
        alice.says("1+1 (really) $1")
        self.assertEqual(alice.asks(r"s/1+1 (really)/\1/"), [r"* Line 1 is now: \1 $1"])

    def test_only_the_first_of_several(self) -> None:
        alice, _ = self.people("alice", "bob")
        alice.says("no no no")
        self.assertEqual(alice.asks("s/no/yes/"), ["* Line 1 is now: yes no no"])

    def test_what_does_not_occur_is_text(self) -> None:
        alice, bob = self.people("alice", "bob")
        for line in ("s/tae/tea/", "s/sugar/salt/"):
            self.assertEqual(alice.asks(line), [])
            self.assertEqual(bob.hears(), [f"[12:00] alice: {line}"])
        bob.says("a cup of tae")
        alice.hears()
        alice.says("s/a cup/tea/")
        self.assertEqual(bob.hears(), ["[12:00] alice: s/a cup/tea/"])

    def test_a_removed_line_is_not_edited(self) -> None:
        alice, bob = self.people("alice", "bob")
        alice.says("tae", "/delete 1")
        bob.hears()
        alice.says("s/tae/tea/")
        self.assertEqual(bob.hears(), ["[12:00] alice: s/tae/tea/"])

    def test_nothing_would_be_left(self) -> None:
        alice, bob = self.people("alice", "bob")
        alice.says("tae")
        bob.hears()
        self.assertEqual(alice.asks("s/tae//"), ["! Nothing would be left of it. /delete 1 removes it."])
        self.assertEqual(bob.hears(), [])

    def test_the_last_line_may_be_in_another_room(self) -> None:
        alice, bob = self.people("alice", "bob")
        alice.says("tae", "/join dev")
        alice.hears()
        self.assertEqual(alice.asks("s/tae/tea/"), ["* Line 1 of lobby is now: tea"])
        self.assertEqual(bob.hears()[-1], "[12:00] alice edited 1: tea")

    def test_right_behind_the_line_itself(self) -> None:
        alice, bob = self.people("alice", "bob")
        alice.says("tae", "s/tae/tea/")
        self.assertEqual(bob.hears(), ["[12:00] alice: tae", "[12:00] alice edited 1: tea"])

    def test_as_a_command_it_never_becomes_text(self) -> None:
        alice, bob = self.people("alice", "bob")
        self.assertEqual(alice.asks("/substitute tae tea"), ["! Like this: s/old/new/"])
        self.assertEqual(bob.hears(), [])
