"""What was said before: /history in all its forms, and /search."""

from tests.talk import ChatTestCase, Person

USAGE = "! Like this: /history 50, /history before 412, /history since 2h"


class HistoryTestCase(ChatTestCase):
    """Bob has said 30 lines, one a minute from noon on; alice reads."""

    def setUp(self) -> None:
        super().setUp()
        self.alice, self.bob = self.people("alice", "bob")
        for n in range(1, 31):
            self.bob.says(f"line {n}")
            self.pass_time(60)
        self.alice.hears()

    def lines(self, first: int, last: int) -> list[str]:
        return [f"[{n} 12:{n - 1:02}] bob: line {n}" for n in range(first, last + 1)]


class PageTests(HistoryTestCase):
    def test_the_last_20(self) -> None:
        heard = self.alice.asks("/history")
        self.assertEqual(heard, [*self.lines(11, 30), "* 20 lines of lobby. Older ones: /history before 11"])

    def test_the_last_n(self) -> None:
        heard = self.alice.asks("/history 2")
        self.assertEqual(heard, [*self.lines(29, 30), "* 2 lines of lobby. Older ones: /history before 29"])
        self.assertEqual(self.alice.asks("/history 1")[1], "* 1 line of lobby. Older ones: /history before 30")
        self.assertEqual(self.alice.asks("/history 1000"), [*self.lines(1, 30), "* 30 lines of lobby."])
        self.assertEqual(self.alice.asks(f"/history {'9' * 100}")[-1], "* 30 lines of lobby.")

    def test_before_a_line(self) -> None:
        heard = self.alice.asks("/history before 11")
        self.assertEqual(heard, [*self.lines(1, 10), "* 10 lines of lobby."])
        heard = self.alice.asks("/history BEFORE #30")
        self.assertEqual(heard, [*self.lines(10, 29), "* 20 lines of lobby. Older ones: /history before 10"])
        self.assertEqual(self.alice.asks("/history before 1"), ["* No such lines in lobby."])
        self.assertEqual(self.alice.asks("/history before 31"), ["! There is no line 31 in lobby."])
        self.assertEqual(
            self.alice.asks("/history before x"), ['! "x" is no line number. /numbers on shows the numbers.']
        )

    def test_before_a_line_that_was_removed(self) -> None:
        self.bob.says("/delete 11")
        self.alice.hears()
        self.assertEqual(self.alice.asks("/history before 11"), [*self.lines(1, 10), "* 10 lines of lobby."])

    def test_since(self) -> None:
        heard = self.alice.asks("/history since 2m")
        self.assertEqual(heard, [*self.lines(29, 30), "* 2 lines of lobby. Older ones: /history before 29"])
        heard = self.alice.asks("/history since 90s")
        self.assertEqual(heard, [*self.lines(30, 30), "* 1 line of lobby. Older ones: /history before 30"])
        for span in ("2h", "1d", "3W", "900000w"):
            self.assertEqual(self.alice.asks(f"/history since {span}"), [*self.lines(1, 30), "* 30 lines of lobby."])
        self.pass_time(3600)
        self.assertEqual(self.alice.asks("/history since 2m"), ["* No such lines in lobby."])

    def test_what_it_cannot_take(self) -> None:
        for words in ("x", "-1", "0", "2.5", "before", "1 2", "before 1 2", "²", "dev"):
            self.assertEqual(self.alice.asks(f"/history {words}"), [USAGE], words)
        for span in ("2", "h", "2y", "-2h", "2 h", "yesterday"):
            self.assertEqual(self.alice.asks(f"/history since {span}")[0][0], "!", span)
        self.assertEqual(
            self.alice.asks("/history since 2y"), ["! Since when? Like: /history since 30m, since 2h, since 3d"]
        )

    def test_an_empty_room(self) -> None:
        self.assertEqual(self.alice.asks("/join dev", "/history")[1:], ["* No lines in dev."])

    def test_numbers_stay_off(self) -> None:
        self.alice.asks("/history 1")
        self.bob.says("hi")
        self.assertEqual(self.alice.hears(), ["[12:30] bob: hi"])

    def test_without_times(self) -> None:
        self.assertEqual(self.alice.asks("/times off", "/history 1")[1], "[30 bob] line 30")

    def test_a_long_page_is_whole(self) -> None:
        self.bob.says(*(f"more {n}" for n in range(600)))
        self.alice.hears()
        heard = self.alice.asks("/history 500")
        self.assertEqual(heard[0], "[131 12:30] bob: more 100")
        self.assertEqual(heard[499], "[630 12:30] bob: more 599")
        self.assertEqual(heard[500:], ["* 500 lines of lobby. Older ones: /history before 131"])
        self.assertEqual(self.alice.asks("/history 1000"), heard)


class SinceTests(ChatTestCase):
    def test_each_unit(self) -> None:
        alice = self.person("alice")
        for unit, seconds in (("s", 1), ("m", 60), ("h", 3600), ("d", 86_400), ("w", 604_800)):
            alice.says(f"/join {unit}", "one")
            self.pass_time(2 * seconds)
            alice.hears()
            self.assertEqual(len(alice.asks(f"/history since 2{unit}")), 2 if seconds < 86_400 else 3)
            self.pass_time(1)
            self.assertEqual(alice.asks(f"/history since 2{unit}"), [f"* No such lines in {unit}."])

    def test_lines_without_numbers(self) -> None:
        alice, _ = self.people("alice", "bob")
        alice.says("@all hi")
        self.assertEqual(alice.asks("/history"), ["[12:00] alice -> all: hi", "* 1 line of lobby."])


class DayTests(ChatTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.bob = self.person("bob")
        for words in (("friday",), (), ("sunday", "still sunday"), ("today",)):
            self.bob.says(*words)
            self.pass_time(86_400 if words != ("today",) else 0)

    def test_each_day_that_is_not_today_is_named(self) -> None:
        self.assertEqual(self.bob.asks("/history"), [
            "* -- Friday 20 November 2026 --",
            "[1 12:00] bob: friday",
            "* -- Sunday 22 November 2026 --",
            "[2 12:00] bob: sunday",
            "[3 12:00] bob: still sunday",
            "* -- Monday 23 November 2026 --",
            "[4 12:00] bob: today",
            "* 4 lines of lobby.",
        ])  # fmt: skip
        self.assertEqual(self.bob.asks("/history 1")[0], "[4 12:00] bob: today")

    def test_days_are_those_of_the_reader(self) -> None:
        self.assertEqual(self.bob.asks("/tz +13", "/history")[1:4], [
            "* -- Saturday 21 November 2026 --",
            "[1 01:00] bob: friday",
            "* -- Monday 23 November 2026 --",
        ])  # fmt: skip


class SearchTests(ChatTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.alice, self.bob = self.people("alice", "bob")
        self.bob.says("Coffee in the kitchen", "/join dev", "no coffee, no code")
        self.alice.says("I like coffee", "/join dev", "/join lobby")
        self.alice.hears(), self.bob.hears()

    IN_LOBBY = "[1 12:00] #lobby bob: Coffee in the kitchen"
    IN_DEV = "[1 12:00] #dev bob: no coffee, no code"
    BY_ALICE = "[2 12:00] #lobby alice: I like coffee"

    def finds(self, words: str, *lines: str, person: Person | None = None) -> None:
        heard = (person or self.alice).asks(f"/search {words}")
        self.assertEqual(heard[:-1], list(lines))
        count = f"{len(lines)} lines found, newest last." if len(lines) > 1 else "1 line found."
        self.assertEqual(heard[-1], f"* {count}")

    def test_in_all_rooms(self) -> None:
        self.finds("coffee", self.IN_LOBBY, self.IN_DEV, self.BY_ALICE)
        self.finds("COFFEE no", self.IN_DEV)
        self.finds("in the kitchen", self.IN_LOBBY)
        self.finds("in kitchen", self.IN_LOBBY)

    def test_in_a_room_and_from_somebody(self) -> None:
        self.finds("coffee in dev", self.IN_DEV)
        self.finds("coffee in #Lobby", self.IN_LOBBY, self.BY_ALICE)
        self.finds("coffee from ALICE", self.BY_ALICE)
        self.finds("coffee in lobby from bob", self.IN_LOBBY)
        self.finds("coffee from bob in lobby", self.IN_LOBBY)
        self.finds("coffee FROM bob IN lobby", self.IN_LOBBY)

    def test_nothing_found(self) -> None:
        for words, sentence in (
            ("tea", '* No line has "tea".'),
            ("tea time", '* No line has "tea time".'),
            ("kitchen in dev", '* No line in dev has "kitchen".'),
            ("kitchen from alice", '* No line from alice has "kitchen".'),
            ("kitchen from alice in lobby", '* No line from alice in lobby has "kitchen".'),
            ("coffee in nowhere", '! There is no room "nowhere".'),
            ("...", "! Search for a word, like: /search coffee in lobby from bob"),
        ):
            self.assertEqual(self.alice.asks(f"/search {words}"), [sentence])

    def test_the_newest_10(self) -> None:
        self.bob.says(*(f"tea {n}" for n in range(12)))
        self.alice.hears()
        heard = self.alice.asks("/search tea")
        self.assertEqual(heard[0], "[4 12:00] #dev bob: tea 2")
        self.assertEqual(heard[9:], ["[13 12:00] #dev bob: tea 11", "* The newest 10 lines found, newest last."])

    def test_private_lines_are_found_by_the_two_alone(self) -> None:
        carol = self.person("carol")
        self.alice.hears(), self.bob.hears()
        self.alice.says("@bob a secret")
        self.bob.hears()
        self.finds("secret", "[12:00] you -> bob: a secret")
        self.finds("secret", "[12:00] alice -> you: a secret", person=self.bob)
        self.assertEqual(carol.asks("/search secret"), ['* No line has "secret".'])

    def test_what_was_said_to_everyone(self) -> None:
        self.bob.says("@all fire drill")
        self.alice.hears()
        self.finds("drill", "[12:00] bob -> all: fire drill")

    def test_the_latest_wording(self) -> None:
        self.alice.says("s/coffee/tea/")
        self.alice.hears()
        self.finds("tea", "[2 12:00] #lobby alice (edited): I like tea")
        self.finds("coffee", self.IN_LOBBY, self.IN_DEV)
