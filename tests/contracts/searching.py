"""The laws of searching."""

from __future__ import annotations

import random

from chat.core.events import EVERYONE, pair
from chat.core.history import Search
from chat.core.names import fold
from chat.core.refusals import BadSearch
from tests.contracts.events import ALICE, BOB, CAROL, facts, seqs
from tests.contracts.history import HistoryCase
from tests.contracts.model import CONVERSATIONS, Model, random_events

#: What is looked for, and whether "I don't like Café-Tea at 3.5 bar, naïve 茶 Ärger" has it.
TEXT = "I don't like Café-Tea at 3.5 bar, naïve 茶 Ärger x_y"
QUERIES = {
    "like": True,
    "LIKE i": True,
    "bar like": True,
    "lik": False,
    "lik*": True,
    "like*": True,
    "likes": False,
    "like milk": False,
    "like milk*": False,
    "cafe": True,
    "CAFÉ": True,
    "cafe-tea": True,
    "tea-cafe": False,
    "café-te*": True,
    "don't": True,
    "don't*": True,
    "dont": False,
    "t'don": False,
    "3.5": True,
    "5.3": False,
    "3.5bar": False,
    "naive": True,
    "nai\u0308ve": True,
    "arger": True,
    "茶": True,
    "x_y": True,
    "x": True,
    "like,": True,
    "(like)": True,
    '"like"': True,
    '"like': True,
    "*like": True,
    "^like": True,
    "-like": True,
    "text:like": False,
    "like:": True,
    "like OR milk": False,
    "like NOT milk": False,
    "like AND tea": False,
    "NEAR(like, tea)": False,
    "like + tea": True,
    "like 🍵": True,
    "{like} [tea]": True,
    "like\x00tea": True,
    "lik\udce9": False,
    "like\\": True,
    "'; DROP TABLE event; --": False,
    "%": None,
    "": None,
    "   ": None,
    "*": None,
    '"': None,
    '""': None,
    "🍵 👍": None,
    "- ^ : + ( ) AND": False,
    "\ud800": None,
}


SOUGHT = ("tea", "te*", "teapot", "COFFEE", "cafe", "milk", "42", "жар", "ж*")


class SearchLaws(HistoryCase):
    """Lines are found by their words, in their latest wording, where one may look."""

    async def found(
        self, words: str, conversations: tuple[str, ...] = ("lobby",), by: str = "", limit: int = 10
    ) -> list[int]:
        return seqs(await self.history.search(Search(words, conversations, by, limit)))

    async def test_what_matches(self) -> None:
        await self.kept(self.stream.said("milk"), self.stream.said(TEXT), self.stream.said("text"))
        for words, matches in QUERIES.items():
            if matches is None:
                with self.assertRaises(BadSearch, msg=words):
                    await self.found(words)
            else:
                self.assertEqual(2 in await self.found(words), matches, ascii(words))

    async def test_very_many_words(self) -> None:
        await self.kept(self.stream.said("a b c"))
        self.assertEqual(await self.found("a b c " * 600), [1])
        self.assertEqual(await self.found(" ".join(f"w{number}" for number in range(1500))), [])
        self.assertEqual(await self.found("x" * 4000), [])

    async def test_only_the_latest_wording(self) -> None:
        line, other = self.stream.said("green tea"), self.stream.said("black tea")
        await self.kept(line, other)
        self.assertEqual(await self.found("green"), [1])
        await self.kept(self.stream.edited(line, "white tea"), self.stream.edited(line, "red tea"))
        self.assertEqual([await self.found(word) for word in ("green", "white", "red", "tea")], [[], [], [1], [1, 2]])
        (found, _) = await self.history.search(Search("tea", ("lobby",)))
        self.assertEqual((found.text, found.revised), ("red tea", "edited"))

    async def test_a_removed_line_is_not_found(self) -> None:
        line, other = self.stream.said("green tea"), self.stream.said("black tea")
        edit = self.stream.edited(line, "white tea")
        await self.kept(line, other, edit)
        self.assertEqual(await self.found("tea"), [1, 2])
        await self.kept(self.stream.removed(line))
        self.assertEqual([await self.found(word) for word in ("green", "white", "tea", "te*")], [[], [], [2], [2]])

    async def test_a_line_that_was_removed_before_anybody_searched(self) -> None:
        line = self.stream.said("green tea")
        await self.kept(line, self.stream.edited(line, "white tea"), self.stream.removed(line), self.stream.said("tea"))
        self.assertEqual(await self.found("tea"), [4])

    async def test_reactions_names_and_rooms_are_not_found(self) -> None:
        line = self.stream.said("hello")
        await self.kept(
            line, self.stream.reacted(line, "wow"), self.stream.joined(), self.stream.said("so", quote=None)
        )
        for word in ("wow", "Alice", "lobby"):
            self.assertEqual(await self.found(word), [])

    async def test_only_where_one_may_look(self) -> None:
        await self.kept(self.stream.said("tea"), self.stream.said("tea", "dev"), self.stream.announced("tea"))
        await self.kept(self.stream.told("tea", ALICE, BOB), self.stream.told("tea", ALICE, CAROL))
        for conversations, expected in (
            (("lobby",), [1]),
            (("dev", "lobby"), [1, 2]),
            ((EVERYONE, pair(BOB.id, ALICE.id), "ops"), [3, 4]),
            ((), []),
        ):
            self.assertEqual(await self.found("tea", conversations), expected)

    async def test_by_somebody(self) -> None:
        await self.kept(self.stream.said("tea"), self.stream.said("tea", by=BOB), self.stream.said("tea", by=CAROL))
        for name, expected in (("", [1, 2, 3]), ("alice", [1]), (fold(CAROL.name), [3]), ("nobody", []), ("ALICE", [])):
            self.assertEqual(await self.found("tea", by=name), expected)

    async def test_the_newest_of_many_the_oldest_first(self) -> None:
        await self.kept(*(self.stream.said(f"tea {number}") for number in range(30)))
        self.assertEqual(await self.found("tea", limit=3), [28, 29, 30])
        self.assertEqual(await self.found("tea", limit=0), [])

    async def test_an_edited_line_is_as_new_as_its_edit(self) -> None:
        lines = [self.stream.said(f"tea {number}") for number in range(9)]
        await self.kept(*lines, self.stream.edited(lines[4], "more tea"))
        self.assertEqual(await self.found("tea", limit=2), [5, 9])

    async def test_lines_are_found_as_soon_as_they_were_told_of(self) -> None:
        for number in range(20):
            await self.kept(self.stream.said(f"word{number}"))
            self.assertEqual(await self.found(f"word{number}"), [number + 1])

    async def test_several_at_once_while_more_is_said(self) -> None:
        await self.kept(*(self.stream.said("tea") for _ in range(5000)))
        told = [self.give(self.stream.said("milk")) for _ in range(100)]
        answers = [self.history.search(Search("tea", ("lobby",), limit=number)) for number in range(5)]
        self.assertEqual([len(await answer) for answer in answers], [0, 1, 2, 3, 4])
        await told[-1]

    async def test_a_random_history_against_the_model(self) -> None:
        chance = random.Random(9)
        made = random_events(chance, self.stream, 400)
        await self.kept(*made)
        model = Model(made)
        for _ in range(300):
            words = " ".join(chance.choices(SOUGHT, k=chance.choice((1, 2))))
            by = chance.choice(("", "", "alice", "bob", fold(CAROL.name)))
            search = Search(words, chance.choices(CONVERSATIONS, k=4), by, chance.choice((1, 5, 1000)))
            found, expected = await self.history.search(search), model.search(search)
            self.assertEqual(*([facts(event) for event in events] for events in (found, expected)), str(search))
