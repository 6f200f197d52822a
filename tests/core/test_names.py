"""What may be a name, which names are one, and which look like one.

Many names here are not what they seem: that is their point.  "аlice" starts with a Cyrillic letter.
"""

from __future__ import annotations

import string
import sys
import unicodedata

from twisted.trial.unittest import SynchronousTestCase

from chat.core.confusables import CONFUSABLES
from chat.core.names import NICKNAME_LENGTH, RESERVED, ROOM_NAME_LENGTH, fold, nickname, room_name, skeleton
from chat.core.refusals import BadName, BadRoomName, NameReserved

CODE_POINTS = [chr(code) for code in range(sys.maxunicode + 1)]
ASSIGNED = [c for c in CODE_POINTS if unicodedata.category(c) not in ("Cn", "Co", "Cs")]
OF_NO_USE = [c for c in CODE_POINTS if unicodedata.category(c) in ("Cn", "Co", "Cs")]

FULLWIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
PLAIN = string.ascii_letters + string.digits + "-_."

# The letters whose capital looks like one thing and whose small letter like another: the exceptions of `skeleton`.
TWO_LOOKS = frozenset("ΒΓΗΝΥ\u0345БҊƁƊƓƘƤƬƳƉƼꞴꭴ\U000118a4\U000118a6\U000118b5\U000118bc")

LOOKALIKES = {
    look: characters for look, characters in (group.split("=") for group in CONFUSABLES.split()) if look in PLAIN
}


def accepted(character: str) -> str:
    """The character as a name shows it, alone or after a letter; nothing if no name may have it."""
    for text in (character, "x" + character):
        try:
            return room_name(text)[-1]
        except BadRoomName:
            pass
    return ""


ACCEPTED = sorted({shown for character in ASSIGNED if (shown := accepted(character))})


class NicknameTests(SynchronousTestCase):
    """A nickname as it will be shown."""

    def test_a_plain_name_is_shown_as_typed(self) -> None:
        for name in ("alice", "Alice", "a", "A1", "a-b_c", "x--", "bench10", "Q" * NICKNAME_LENGTH):
            self.assertEqual(nickname(name), name)

    def test_letters_of_every_script_are_letters(self) -> None:
        european = ("Zoë", "Søren", "Nguyễn", "Борис", "Νίκος", "Ἀχιλλεύς", "Հայկ")
        asian = ("田中", "さくら", "カナー", "김철수", "أحمد", "שרה", "हिन्दी", "สมชาย")
        for name in european + asian:
            self.assertEqual(nickname(name), unicodedata.normalize("NFC", name))

    def test_blanks_around_a_name_are_dropped(self) -> None:
        for text in (" alice", "alice ", "\talice \t", "\u3000alice\u00a0"):
            self.assertEqual(nickname(text), "alice")

    def test_a_letter_and_its_accent_become_one_character(self) -> None:
        self.assertEqual(nickname("Zoe\u0308"), "Zo\u00eb")

    def test_fullwidth_and_halfwidth_become_the_usual_width(self) -> None:
        self.assertEqual(nickname("ＡＬice＿１"), "ALice_1")
        self.assertEqual(nickname("ｶﾞｷ"), "ガキ")

    def test_length(self) -> None:
        for length in (1, 2, NICKNAME_LENGTH):
            self.assertEqual(nickname("x" * length), "x" * length)
            self.assertEqual(nickname("e\u0301" * length), "\u00e9" * length)
        for length in (0, NICKNAME_LENGTH + 1, 4096):
            self.assertRaises(BadName, nickname, "x" * length)

    def test_the_first_character_is_a_letter(self) -> None:
        for text in ("1", "1a", "12:30", "1732060800123", "-a", "_a", "٣a", "३", "\u0301a", "\u0301"):
            self.assertRaises(BadName, nickname, text)

    def test_nothing_but_letters_digits_and_joiners(self) -> None:
        ascii = ("", " ", "a b", "a.b", "#a", "@a", "a/b", "a:b", "a,b", "a!b@c", "~a", "a|", "[a]")
        for text in (*ascii, "\u3000", "a😀", "l·l", "カ・ナ", "a’b", "a‐b"):
            self.assertRaises(BadName, nickname, text)

    def test_no_control_characters_even_around_the_name(self) -> None:
        for control in map(chr, [*range(9), *range(10, 32), *range(127, 160)]):
            for text in ("al" + control + "ce", "alice" + control, control + "alice"):
                self.assertRaises(BadName, nickname, text)

    def test_nothing_invisible(self) -> None:
        letters_and_marks = "\u034f\u115f\u1160\u17b4\u180b\u3164\ufe0f\uffa0\U000e0101"
        formats = "\u00ad\u061c\u180e\u200b\u200c\u200d\u200e\u202e\u2060\u2066\u2800\ufeff\U000e0061"
        for invisible in letters_and_marks + formats:
            for text in ("al" + invisible + "ce", "alice" + invisible, invisible + "alice"):
                self.assertRaises(BadName, nickname, text)

    def test_no_compatibility_characters(self) -> None:
        for text in ("ﬁne", "xⅣ", "xª", "x²", "x①", "𝐚lice", "ǆ", "ŀl", "ﷺ", "ㄱ", "ﾡ"):
            self.assertRaises(BadName, nickname, text)

    def test_neither_contextual_nor_disallowed_characters(self) -> None:
        for text in ("عمر٣", "عمر۳", "عـمر", "ߖߺ", "x\u302e", "ײ\u05f3", "\u1112", "\ua960", "\ud7b0"):
            self.assertRaises(BadName, nickname, text)

    def test_modern_jamo_become_syllables(self) -> None:
        self.assertEqual(nickname("\u1112\u1161\u11ab"), "한")

    def test_a_mark_follows_a_letter(self) -> None:
        self.assertEqual(nickname("xa\u0323\u0331"), "xạ\u0331")
        for text in ("x1\u0301", "x_\u0301", "x-\u0323\u0331", "x\u20dd"):
            self.assertRaises(BadName, nickname, text)

    def test_a_name_runs_in_one_direction(self) -> None:
        for name in ("שרה1", "שרה-לאה", "עمر"):
            self.assertEqual(nickname(name), name)
        for text in ("aש", "שa", "ש1a", "عمرx", "Жع", "ש३"):
            self.assertRaises(BadName, nickname, text)

    def test_every_character_is_refused_or_kept(self) -> None:
        for character in ASSIGNED:
            letter = "א" if unicodedata.bidirectional(character) in ("R", "AL") else "x"
            text = letter + character + letter
            try:
                name = nickname(text)
            except BadName:
                continue
            kept = nickname(name) == name == unicodedata.normalize("NFKC", name) and fold(name) == fold(text)
            self.assertTrue(kept, ascii(text))

    def test_surrogates_private_and_unassigned_code_points_are_refused(self) -> None:
        for character in OF_NO_USE[::61]:
            self.assertRaises(BadName, nickname, "x" + character)

    def test_the_refusal_says_what_a_name_is(self) -> None:
        refusal = self.assertRaises(BadName, nickname, "{0} 1")
        self.assertEqual(str(refusal), "Names are 1-32 letters, digits, _ or -, and start with a letter.")


class ReservedTests(SynchronousTestCase):
    """Words of the server, and what looks like one."""

    def test_the_words(self) -> None:
        words = "all chanserv exit help history me nickserv people room rooms server system you"
        self.assertEqual(sorted(RESERVED), words.split())

    def test_in_any_case_and_width(self) -> None:
        for word in RESERVED:
            for text in (word, word.upper(), word.title(), f" {word} ", word.translate(FULLWIDTH)):
                self.assertRaises(NameReserved, nickname, text)

    def test_what_looks_like_one(self) -> None:
        plain = ("a11", "AII", "he1p", "heIp", "r00m", "RO0MS", "systern", "rne", "exlt")
        for text in (*plain, "rоom", "ехit", "уоu", "ΥOU", "sуstem", "aǁ"):
            self.assertRaises(NameReserved, nickname, text)

    def test_with_any_letter_replaced(self) -> None:
        for word in RESERVED:
            for place, letter in enumerate(word):
                for other in LOOKALIKES.get(letter, ""):
                    self.assertRaises((NameReserved, BadName), nickname, word[:place] + other + word[place + 1 :])

    def test_others_are_free(self) -> None:
        for name in ("allan", "roomy", "meg", "you2", "admin-bob", "résumé", "ädmin", "roof"):
            self.assertEqual(nickname(name), name)

    def test_the_refusal_says_which(self) -> None:
        self.assertEqual(str(self.assertRaises(NameReserved, nickname, " Rооm ")), '"Rооm" is reserved.')


class RoomNameTests(SynchronousTestCase):
    """A room name as it will be shown."""

    def test_plain_names(self) -> None:
        for name in ("lobby", "a", "7", "2026-plans", "v1.2", "a..b", "Dev_1", "日本語", "me", "x" * ROOM_NAME_LENGTH):
            self.assertEqual(room_name(name), name)

    def test_one_leading_hash_is_dropped(self) -> None:
        for text in ("#dev", " #dev ", "＃ｄｅｖ"):
            self.assertEqual(room_name(text), "dev")
        self.assertEqual(room_name("#" + "x" * ROOM_NAME_LENGTH), "x" * ROOM_NAME_LENGTH)
        for text in ("#", "##dev", "# dev", "d#ev", "dev#"):
            self.assertRaises(BadRoomName, room_name, text)

    def test_length(self) -> None:
        for text in ("", " ", "x" * (ROOM_NAME_LENGTH + 1), "#" + "x" * (ROOM_NAME_LENGTH + 1)):
            self.assertRaises(BadRoomName, room_name, text)

    def test_refused(self) -> None:
        paths = (".", "..", "../x", ".x", "a/b")
        for text in (*paths, "-x", "_x", "a b", "a,b", "a:b", "&x", "a\0", "a\r", "a\n", "\u0301a", "1\u0301", "ﬁ"):
            self.assertRaises(BadRoomName, room_name, text)

    def test_right_to_left_letters_come_first(self) -> None:
        self.assertEqual(room_name("שרה1"), "שרה1")
        for text in ("1שרה", "שרה.x", "x.שרה"):
            self.assertRaises(BadRoomName, room_name, text)

    def test_the_refusal_says_what_a_room_name_is(self) -> None:
        expected = "Room names are 1-64 letters, digits, _, - or ., and start with a letter or digit."
        self.assertEqual(str(self.assertRaises(BadRoomName, room_name, "{1}")), expected)


class FoldTests(SynchronousTestCase):
    """The key under which a name is registered."""

    def test_case_does_not_matter(self) -> None:
        plain = (("Alice", "aLICE"), ("ÉCLAIR", "éclair"), ("БОРИС", "борис"), ("Straße", "STRASSE"), ("Ꭰ", "ꭰ"))
        greek = (("ΟΔΥΣΣΕΥΣ", "Οδυσσευς"), ("ᾼ", "αΙ"))
        otherwise_written = (("ＡＢ", "ab"), ("Zoe\u0308", "ZO\u00cb"))
        for one, other in plain + greek + otherwise_written:
            self.assertEqual(fold(one), fold(other))

    def test_all_else_does(self) -> None:
        for one, other in (("alice", "aIice"), ("alice", "аlice"), ("zoe", "zoë"), ("ı", "i"), ("a-b", "a_b")):
            self.assertNotEqual(fold(one), fold(other))

    def test_ascii(self) -> None:
        self.assertEqual(fold("Dev.Talk_[1]-X"), "dev.talk_[1]-x")

    def test_folding_again_changes_nothing(self) -> None:
        self.assertEqual([c for c in CODE_POINTS if fold(key := fold(c)) != key], [])

    def test_folding_again_changes_nothing_between_marks(self) -> None:
        for mark in filter(unicodedata.combining, ASSIGNED):
            key = fold("Α\u0345" + mark + "\u0301")
            self.assertEqual(fold(key), key)


class SkeletonTests(SynchronousTestCase):
    """What a name looks like."""

    def test_alike(self) -> None:
        for names in (
            ("alice", "Alice", "ALICE", "aIice", "a1ice", "аlice", "аlісе", "ɑlıce", "ΑLΙCΕ"),
            ("bob", "B0B", "ЬоЬ", "ВОВ", "вов"),
            ("scope", "ѕсоре", "ЅСОРЕ", "ꓢꓚꓳꓑꓰ"),
            ("modern", "rnodem", "MODERN", "мodern"),
            ("Nick", "Νick", "NICK"),
            ("zoë", "zoё", "ZOЁ", "zoe\u0308"),
            ("борис", "6орис"),
            ("шкаф", "ШКАФ", "Шкаф"),
        ):
            self.assertEqual(len(set(map(skeleton, names))), 1, names)

    def test_not_alike(self) -> None:
        for one, other in (("nick", "vick"), ("may", "mau"), ("zoe", "zoë"), ("Вера", "Лера"), ("五", "玉")):
            self.assertNotEqual(skeleton(one), skeleton(other))

    def test_ascii_characters_are_told_apart_but_for_two_classes(self) -> None:
        classes: dict[str, str] = {}
        for character in PLAIN:
            classes[skeleton(character)] = classes.get(skeleton(character), "") + character
        merged = {"ilIL1", "oO0"}
        pairs = {letter + letter.upper() for letter in "abcdefghjkmnpqrstuvwxyz"}
        self.assertEqual(set(classes.values()), merged | pairs | set("23456789-_."))

    def test_ascii_looks_the_same_among_other_letters(self) -> None:
        for name in (*PLAIN, "Maximilian_01", "rnm.O0o-1Iil"):
            self.assertEqual(skeleton("é" + name), skeleton("é") + skeleton(name))

    def test_numbered_names_stay_apart(self) -> None:
        for word in ("bench", "guest-", "user_", "o", "O", "l", "I", "rn", "m", "ol"):
            self.assertEqual(len({skeleton(f"{word}{number}") for number in range(2000)}), 2000)

    def test_every_lookalike_of_a_plain_character(self) -> None:
        for look, characters in LOOKALIKES.items():
            for name in (f"al{character}ce" for character in characters if accepted(character) == character):
                self.assertEqual(skeleton(name), skeleton(f"al{look}ce"), name)

    def test_names_equal_when_folded_look_alike(self) -> None:
        different = {c for c in ACCEPTED if skeleton(fold(c)) != skeleton(c)}
        excepted = {c for c in ACCEPTED if not TWO_LOOKS.isdisjoint(unicodedata.normalize("NFD", c))}
        self.assertEqual(different, excepted)

    def test_a_skeleton_is_its_own_skeleton(self) -> None:
        self.assertEqual([c for c in ACCEPTED if skeleton(look := skeleton(c)) != look], [])
