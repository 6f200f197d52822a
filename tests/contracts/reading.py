"""The laws of reading back: pages, counts, lines, events as they were."""

from __future__ import annotations

import random
from dataclasses import fields
from typing import Any

from chat.core import events
from chat.core.accounts import Verifier
from chat.core.events import EVERYONE, KINDS, Event, Quote, pair
from chat.core.history import Query, Search
from chat.core.refusals import Duplicate
from chat.core.registry import Author
from chat.core.user import CONSOLE
from tests.contracts.events import ALICE, BOB, CAROL, DORA, NOON, facts, seqs
from tests.contracts.history import HistoryCase
from tests.contracts.model import CONVERSATIONS, Model, random_events, random_query

ODD = (
    "tab\there, \"quotes\" 'n' <tags> \\ \x00 \x7f {json: [1]} 茶🍵👩‍👩‍👧 Ж e\u0301 \u202eabc\u202c  " + "long " * 2000
)

BOT = Author("beeper", "1732060800127-5d2c4f0e-3f56-4b1a-9a3a-6c7be1a0f8d2", bot=True)
QUOTE = Quote(("id-0", 41, "Alice", ODD))
SCRAM = Verifier("00", 5000, "11", "22")
VALUES = {"url": "https://example.org", "color": None}

#: One event of each kind; every field says something else than what it says if it is not given.
EXAMPLES: dict[str, Any] = {
    "Accepted": lambda: events.Accepted(DORA, BOB, True),
    "AccountShut": lambda: events.AccountShut(CONSOLE, "Dora"),
    "BanPlaced": lambda: events.BanPlaced(CONSOLE, "192.0.2.0/24", "spam: \u2603"),
    "BanLifted": lambda: events.BanLifted(CONSOLE, "mallory"),
    "RoomGiven": lambda: filled(events.RoomGiven(CONSOLE, "Lobby", "Dora"), names=("Dora", "dora2")),
    "AccountChanged": lambda: events.AccountChanged(DORA, "Dora", "hash", SCRAM, ("ab", "cd"), {"bouncer": "on"}),
    "AccountRegistered": lambda: events.AccountRegistered(DORA, "Dora", "hash", SCRAM),
    "Alerted": lambda: events.Alerted(ALICE, ODD),
    "Announced": lambda: events.Announced(ALICE, ODD),
    "AwayChanged": lambda: events.AwayChanged(ALICE, "lunch"),
    "Connected": lambda: events.Connected(CAROL, "Carol C.", "iw", "lunch", {"url": "https://example.org"}),
    "Edited": lambda: events.Edited(BOB, "Lobby", "id-0", 41, DORA, ODD, to=ALICE, quote=QUOTE),
    "FileSent": lambda: filled(events.FileSent(DORA, "Straße", ODD, False, QUOTE, tags={"+a": "b"}), number=41),
    "Invited": lambda: events.Invited(BOB, "Lobby", DORA),
    "Joined": lambda: filled(events.Joined(DORA, "Straße", "key"), realname="Dora D.", people=3, hidden=True),
    "Kicked": lambda: filled(events.Kicked(BOB, "Lobby", DORA, "spam"), people=2),
    "Killed": lambda: events.Killed(BOB, DORA, "spam"),
    "Left": lambda: filled(events.Left(BOB, "gone"), rooms=("lobby", "dev"), hidden=("ops",), people=4),
    "LoggedIn": lambda: events.LoggedIn(BOB, "Bob"),
    "MarkedRead": lambda: events.MarkedRead(DORA, "lobby", "#Lobby", NOON),
    "MaskChanged": lambda: filled(events.MaskChanged(BOB, DORA, "bob@home"), rooms=("lobby",)),
    "ModeChanged": lambda: filled(events.ModeChanged(BOB, "Lobby", (("+", "k", "a"), ("-", "s", ""))), names=("a", "")),
    "Parted": lambda: filled(events.Parted(BOB, "Lobby", "why"), people=2, hidden=True),
    "Reacted": lambda: events.Reacted(BOB, "Lobby", "id-0", 41, DORA, "👍", {"+a": "b"}, True, to=ALICE, quote=QUOTE),
    "RealnameChanged": lambda: events.RealnameChanged(BOB, "Bob B."),
    "Removed": lambda: events.Removed(BOB, "Lobby", "id-0", 41, DORA, "spam", NOON, True, to=ALICE),
    "Renamed": lambda: filled(events.Renamed(BOB, "Bób"), rooms=("lobby",), people=5),
    "RoomMetadataChanged": lambda: events.RoomMetadataChanged(BOB, "Lobby", VALUES),
    "RoomRenamed": lambda: events.RoomRenamed(BOB, "Dev", "Ops", "why"),
    "Said": lambda: filled(
        events.Said(DORA, "Straße", ODD, True, QUOTE, True, "o", {"+a": "b"}, (3, 17), "Iago"), number=42
    ),
    "Tagged": lambda: filled(events.Tagged(BOB, "Lobby", DORA, {"+typing": "active"}, "o", True), heard_by="ov"),
    "Told": lambda: events.Told(ALICE, DORA, ODD, True, True, {"+a": "b"}, (3, 17), QUOTE),
    "TopicChanged": lambda: events.TopicChanged(ALICE, "Lobby", ODD),
    "UserMetadataChanged": lambda: events.UserMetadataChanged(BOB, DORA, VALUES),
    "UserModeChanged": lambda: events.UserModeChanged(BOB, "iw", "R"),
}
#: And with as little in it as there can be.
LEAST: tuple[Any, ...] = (
    lambda: events.AwayChanged(BOB, None),
    lambda: events.Left(BOB),
    lambda: events.Said(BOB, "Lobby", ""),
    lambda: filled(events.Said(BOB, "Lobby", "for operators", to_roles="o"), heard_by="o"),
    lambda: events.Connected(BOB),
    lambda: events.Said(BOT, "Lobby", "beep"),
    lambda: events.Told(BOB, BOT, "beep?"),
    lambda: events.TopicChanged(BOB, "Lobby", ""),
)


def filled(event: Event, **values: object) -> Event:
    for name, value in values.items():
        setattr(event, name, value)
    return event


class RoundTripLaws(HistoryCase):
    """An event comes back as it was given."""

    async def test_every_kind_of_event_with_every_field(self) -> None:
        self.assertEqual(set(EXAMPLES), set(KINDS), "an example is missing: add one")
        for kind, example in EXAMPLES.items():
            event = self.stream.stamp(example())
            self.assertIs(type(event), KINDS[kind])
            await self.comes_back(event)

    async def test_events_that_say_little(self) -> None:
        for example in LEAST:
            await self.comes_back(self.stream.stamp(example()))

    async def comes_back(self, event: Event) -> None:
        """All but its secrets, which are not kept."""
        before = facts(event) | {field.name: field.default for field in fields(event) if field.name in event.secrets}
        await self.kept(event)
        found = await self.history.find(event.id)
        self.assertIs(type(found), type(event))
        self.assertEqual(facts(found), before)
        for field in fields(event):
            self.assertIs(type(getattr(found, field.name)), type(before[field.name]), field.name)
        for conversation in event.conversations():
            (found,) = await self.history.page(Query((conversation,), after=event.seq - 1, lines=False))
            self.assertEqual(facts(found), before)

    async def test_the_event_itself_is_not_changed(self) -> None:
        """It may not have been shown yet when it is edited or removed."""
        line = self.stream.said("secret")
        edit = self.stream.edited(line, "hidden")
        answer = self.stream.said("so", quote=Quote.of(line))
        before = [facts(event) for event in (line, edit, answer)]
        await self.kept(line, edit, answer, self.stream.removed(line))
        self.assertEqual([facts(event) for event in (line, edit, answer)], before)


class ModelLaws(HistoryCase):
    """Whatever is asked of a random history, a model of plain lists says the same."""

    async def fill(self, seed: int, count: int = 300) -> tuple[random.Random, Model]:
        chance = random.Random(seed)
        made = rest = random_events(chance, self.stream, count)
        while rest:
            size = chance.choice((1, 2, 30, 200))
            some, rest = rest[:size], rest[size:]
            await self.kept(*some)
        return chance, Model(made)

    def agree(self, found: list[Event | None], expected: list[Event | None], question: object) -> None:
        self.assertEqual(*([event and facts(event) for event in events] for events in (found, expected)), str(question))

    async def test_pages_and_counts(self) -> None:
        for seed in range(3):
            self.use(self.new_history())
            chance, model = await self.fill(seed)
            for _ in range(150):
                query = random_query(chance, self.stream.seq, [event.time for event in model.events])
                self.agree(await self.history.page(query), model.page(query), query)
                self.assertEqual(await self.history.count(query), len(model.range(query)), query)

    async def test_lines_and_events(self) -> None:
        _, model = await self.fill(7)
        for conversation in CONVERSATIONS:
            for number in range(-1, 60):
                found = await self.history.line(conversation, number)
                self.agree([found], [model.line(conversation, number)], (conversation, number))
        for id in ("", "nothing", *(event.id for event in model.events)):
            self.agree([await self.history.find(id)], [model.find(id)], id)

    async def test_from_a_time_and_up_to_it(self) -> None:
        _, model = await self.fill(8, 50)
        times = [event.time for event in model.events]
        for time in (-1, 0, NOON, *times, *(time + 1 for time in times), times[-1] + 10**9, 2**63 - 2):
            for query in (Query(CONVERSATIONS, start=time, lines=False), Query(CONVERSATIONS, end=time, lines=False)):
                self.agree(await self.history.page(query), model.page(query), query)

    async def test_latest(self) -> None:
        _, model = await self.fill(11)
        asked = [*CONVERSATIONS, "nowhere"]
        self.assertEqual(await self.history.latest(asked), model.latest(asked))
        self.assertEqual(await self.history.latest([]), {})

    async def test_a_time_at_which_much_happened(self) -> None:
        made = [self.stream.said("x") for _ in range(4)]
        for event in made[1:]:
            event.time = made[1].time
        await self.kept(*made)
        for more, before, behind in ((0, [1], [2, 3, 4]), (1, [1, 2, 3, 4], [])):
            time = made[1].time + more
            self.assertEqual(seqs(await self.history.page(Query(("lobby",), end=time))), before)
            self.assertEqual(seqs(await self.history.page(Query(("lobby",), start=time))), behind)


class PageLaws(HistoryCase):
    """A few pages by hand, so that one can see what is meant."""

    async def test_newest_and_oldest(self) -> None:
        await self.kept(*(self.stream.said(f"line {number}") for number in range(1, 8)))
        for query, expected in (
            (Query(("lobby",), limit=3), [5, 6, 7]),
            (Query(("lobby",), limit=3, newest=False), [1, 2, 3]),
            (Query(("lobby",), before=5, limit=3), [2, 3, 4]),
            (Query(("lobby",), after=2, before=5), [3, 4]),
            (Query(("lobby",), after=2, limit=2, newest=False), [3, 4]),
            (Query(("lobby",), limit=0), []),
            (Query((), limit=3), []),
            (Query(("dev",)), []),
        ):
            self.assertEqual(seqs(await self.history.page(query)), expected, str(query))

    async def test_an_event_in_several_conversations_comes_once(self) -> None:
        await self.kept(self.stream.said("x"), self.stream.said("y", "dev"), self.stream.left("lobby", "dev"))
        query = Query(("lobby", "dev", "lobby"), lines=False)
        self.assertEqual(seqs(await self.history.page(query)), [1, 2, 3])
        self.assertEqual(await self.history.count(query), 3)
        for key in ("lobby", "dev"):
            self.assertEqual(seqs(await self.history.page(Query((key,), lines=False)))[-1], 3)

    async def test_private_lines_are_in_one_conversation_whoever_speaks(self) -> None:
        await self.kept(
            self.stream.told("a", ALICE, BOB), self.stream.told("b", BOB, ALICE), self.stream.announced("c")
        )
        await self.kept(self.stream.told("d", BOB, CAROL))
        self.assertEqual(seqs(await self.history.page(Query((pair(BOB.id, ALICE.id),)))), [1, 2])
        self.assertEqual(seqs(await self.history.page(Query((EVERYONE, pair(CAROL.id, BOB.id))))), [3, 4])

    async def test_very_many_conversations(self) -> None:
        await self.kept(*(self.stream.said("x", f"room{number}") for number in range(1500)))
        query = Query([f"room{number}" for number in range(2000)], limit=4)
        self.assertEqual(seqs(await self.history.page(query)), [1497, 1498, 1499, 1500])
        self.assertEqual(await self.history.count(query), 1500)

    async def test_the_same_name_at_another_time_is_somebody_else(self) -> None:
        other = Author(ALICE.name, BOB.id)
        await self.kept(self.stream.said("a"), self.stream.said("b", by=other))
        self.assertEqual([line.by for line in await self.history.page(Query(("lobby",)))], [ALICE, other])


class WordingLaws(HistoryCase):
    """A line is shown in its latest wording, and says so; an event is found as it was."""

    async def test_an_edited_line(self) -> None:
        line = self.stream.said("helo")
        await self.kept(line, self.stream.edited(line, "hello"), self.stream.edited(line, "hello!"))
        for found in (*await self.history.page(Query(("lobby",))), await self.history.line("lobby", 1)):
            self.assertEqual((found.text, found.revised, found.seq), ("hello!", "edited", 1))
        as_was = await self.history.page(Query(("lobby",), lines=False))
        self.assertEqual([event.text for event in as_was], ["helo", "hello", "hello!"])
        reworded = await self.history.page(Query(("lobby",), lines=False, reworded=True))
        self.assertEqual([event.text for event in reworded], ["hello!", "hello", "hello!"])
        self.assertEqual(reworded[0].revised, "edited")
        self.assertEqual((await self.history.find("id-1")).text, "helo")

    async def test_a_removed_line_leaves_no_words_behind(self) -> None:
        line = self.stream.said("secret")
        edit, answer = self.stream.edited(line, "hidden"), self.stream.said("why?", quote=Quote.of(line))
        await self.kept(line, edit, answer, self.stream.reacted(line, "👍"))
        await self.kept(self.stream.removed(line))
        shown = await self.history.page(Query(("lobby",)))
        self.assertEqual([(event.text, event.revised) for event in shown], [("", "removed"), ("why?", "")])
        self.assertEqual(shown[1].quote, Quote(("id-1", 1, ALICE.name, "")))
        as_was = await self.history.page(Query(("lobby",), lines=False))
        self.assertEqual([getattr(event, "text", None) for event in as_was], ["", "", "why?", "👍", None])
        self.assertEqual((await self.history.find(edit.id)).text, "")
        self.assertEqual((await self.history.line("lobby", 1)).revised, "removed")
        self.assertEqual([event.quote[3] for event in as_was[1:4]], ["", "", ""])
        self.assertIsInstance(as_was[2].quote, Quote)

    async def test_private_lines_too(self) -> None:
        """And what was done to them is with them."""
        line, other = self.stream.told("secret"), self.stream.told("helo", BOB, ALICE)
        edited = self.stream.stamp(events.Edited(BOB, "", other.id, 0, BOB, "hello", to=ALICE))
        await self.kept(line, other, edited, self.stream.stamp(events.Removed(ALICE, "", line.id, 0, ALICE, to=BOB)))
        shown = await self.history.page(Query((pair(ALICE.id, BOB.id),)))
        self.assertEqual([(event.text, event.revised) for event in shown], [("", "removed"), ("hello", "edited")])
        self.assertEqual(await self.history.count(Query((pair(ALICE.id, BOB.id),), lines=False)), 4)
        self.assertEqual((await self.history.find(line.id)).text, "")

    async def test_what_is_removed_in_private_leaves_no_words_in_an_answer(self) -> None:
        line = self.stream.told("secret")
        answer = self.stream.stamp(events.Told(BOB, ALICE, "so", quote=Quote.of(line)))
        removed = self.stream.stamp(events.Removed(ALICE, "", line.id, 0, ALICE, to=BOB))
        await self.kept(line, answer, removed)
        found: Any = await self.history.find(answer.id)
        self.assertEqual(found.quote, (line.id, 0, ALICE.name, ""))

    async def test_a_reaction_can_be_removed(self) -> None:
        line = self.stream.said("tea")
        reaction = self.stream.reacted(line, "wow")
        await self.kept(line, reaction)
        self.assertEqual(seqs(await self.history.search(Search("tea", ("lobby",)))), [1])
        await self.kept(self.stream.stamp(events.Removed(BOB, "Lobby", reaction.id, 0, BOB)))
        found = (await self.history.page(Query(("lobby",), lines=False, reworded=True)))[1]
        self.assertEqual((found.text, found.revised), ("", "removed"))
        self.assertEqual((await self.history.find(line.id)).text, "tea")


class RenameLaws(HistoryCase):
    """When a room gets another name, its history goes with it."""

    async def shown(self, conversation: str) -> list[tuple[str, str]]:
        return [(line.room, line.text) for line in await self.history.page(Query((conversation,)))]

    async def test_what_was_said_before_goes_along_and_what_comes_later_does_not(self) -> None:
        await self.kept(self.stream.said("old", "tea"))
        before = self.stream.said("in the same batch", "tea"), self.stream.renamed("tea", "Coffee")
        await self.kept(*before, self.stream.said("another tea", "tea"), self.stream.said("new", "Coffee"))
        expected = [("Coffee", "old"), ("Coffee", "in the same batch"), ("Coffee", "new")]
        self.assertEqual(await self.shown("coffee"), expected)
        self.assertEqual(await self.shown("tea"), [("tea", "another tea")])
        self.assertEqual([self.history.last_number(key) for key in ("coffee", "tea")], [3, 1])
        self.assertEqual((await self.history.line("coffee", 2)).text, "in the same batch")
        self.assertEqual((await self.history.line("tea", 1)).text, "another tea")

    async def test_another_case_of_letters(self) -> None:
        await self.kept(self.stream.said("hot", "tea"), self.stream.renamed("tea", "Tea"))
        self.assertEqual(await self.shown("tea"), [("Tea", "hot")])

    async def test_a_room_is_called_as_it_was_until_it_gets_another_name(self) -> None:
        """Whoever did something in it may have called it otherwise than others did."""
        await self.kept(self.stream.joined("tea"), *(self.stream.said("x", room) for room in ("tea", "TEA", "Tea")))
        self.assertEqual([room for room, _ in await self.shown("tea")], ["tea", "TEA", "Tea"])
        await self.kept(self.stream.renamed("Tea", "Coffee"))
        await self.kept(*(self.stream.said("x", room) for room in ("Coffee", "COFFEE")))
        self.assertEqual([room for room, _ in await self.shown("coffee")], ["Coffee"] * 4 + ["COFFEE"])
        joined: Any = await self.history.find("id-1")
        self.assertEqual(joined.room, "Coffee")

    async def test_again_and_again(self) -> None:
        await self.kept(self.stream.said("one", "tea"), self.stream.renamed("tea", "Coffee"))
        await self.kept(self.stream.said("two", "Coffee"), self.stream.renamed("Coffee", "Milk"))
        await self.kept(self.stream.said("other", "tea"), self.stream.said("three", "Milk"))
        await self.kept(self.stream.renamed("Milk", "Coffee"), self.stream.said("four", "Coffee"))
        self.assertEqual(await self.shown("coffee"), [("Coffee", text) for text in ("one", "two", "three", "four")])
        self.assertEqual(await self.shown("tea"), [("tea", "other")])
        self.assertEqual([(await self.history.line("coffee", number)).text for number in (1, 4)], ["one", "four"])

    async def test_each_new_name_is_told_of_as_it_was(self) -> None:
        await self.kept(self.stream.renamed("tea", "Coffee"), self.stream.renamed("Coffee", "Milk"))
        found: list[Any] = await self.history.page(Query(("milk",), lines=False))
        self.assertEqual([(event.room, event.name) for event in found], [("tea", "Coffee"), ("Coffee", "Milk")])

    async def test_lines_are_found_where_they_are_now(self) -> None:
        await self.kept(self.stream.said("hot", "tea"), self.stream.renamed("tea", "Coffee"))
        found = [await self.history.search(Search("hot", (key,))) for key in ("tea", "coffee")]
        self.assertEqual([seqs(lines) for lines in found], [[], [1]])

    async def test_somebody_left_the_room_and_an_older_one_of_the_new_name(self) -> None:
        await self.kept(self.stream.joined("coffee"), self.stream.left("tea", "coffee"))
        await self.kept(self.stream.renamed("tea", "Coffee"))
        found = await self.history.page(Query(("coffee",), lines=False))
        self.assertEqual(seqs(found), [1, 2, 3])
        self.assertEqual([getattr(event, "room", None) for event in found], ["Coffee", None, "tea"])
        self.assertEqual(await self.history.page(Query(("tea",), lines=False)), [])

    async def test_what_was_given_is_not_changed(self) -> None:
        line = self.stream.said("hot", "tea")
        await self.kept(line, self.stream.renamed("tea", "Coffee"))
        self.assertEqual(line.room, "tea")

    async def test_a_new_name_that_is_a_duplicate_moves_nothing(self) -> None:
        line = self.stream.said("hot", "tea")
        renamed = self.stream.stamp(events.RoomRenamed(ALICE, "tea", "Coffee"), line.id)
        self.assertEqual([type(told) for told in await self.keep(line, renamed)], [type(None), Duplicate])
        self.assertEqual(await self.shown("tea"), [("tea", "hot")])
