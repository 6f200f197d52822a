"""Authors and conversations by number: a row says one small number where it would say long words again and again."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from typing import Any

from chat.core.events import Event
from chat.core.names import fold
from chat.core.registry import Author
from chat.stores.database import begin
from chat.stores.statements import FEW, Row, insert

#: How many of each are remembered, or a few more; who is not among them is looked up, or is new.
REMEMBERED = 50_000

#: The number of the newest author, and which of some identities there are: most who come in are guests, and new.
IDENTITIES = """
SELECT json_array(ifnull((SELECT max(number) FROM author), 0), (
  SELECT json_group_array(value) FROM json_each(?) WHERE EXISTS (SELECT 1 FROM author WHERE who = value)
))
"""
#: What a batch has of others is looked up with one statement, and what there is not yet is made with another.
AUTHORS = """
SELECT json_group_array((
  SELECT number FROM author WHERE who = json_extract(value, '$[0]') AND name = json_extract(value, '$[1]')
  AND mask = json_extract(value, '$[2]') AND account = json_extract(value, '$[3]') AND bot = json_extract(value, '$[4]')
)) FROM json_each(?)
"""
NEW_AUTHOR = "INSERT INTO author (number, who, name, mask, account, bot, folded)"
CONVERSATIONS = """
SELECT json_group_array(json((SELECT json_array(number, name) FROM conversation WHERE conversation.key = value)))
FROM json_each(?)
"""
NEW_CONVERSATIONS = "INSERT INTO conversation (key) SELECT value FROM json_each(?)"
CALL = "UPDATE conversation SET name = ? WHERE number = ?"
#: The number of the newest line of a conversation.
LAST_LINE = """
SELECT max(number) FROM event WHERE seq IN (
  SELECT max(seq) FROM timeline WHERE place = :place AND line = 1
  UNION ALL SELECT max(seq) FROM event
  WHERE seq > (SELECT placed FROM indexed) AND place = :place AND number IS NOT NULL
)
"""


class Conversation:
    """A conversation as the writer knows it: its number, the room's name, and the number of its newest line."""

    __slots__ = ("last", "name", "number")

    def __init__(self, number: int, name: str | None) -> None:
        self.number, self.name = number, name
        self.last: int | None = None


class Keys:
    """The numbers of authors and conversations, given to those who have none.

    What is remembered is what the open transaction says: whoever takes that back has to `forget`.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.authors: dict[Author, int] = {}
        self.conversations: dict[str, Conversation] = {}

    def forget(self) -> None:
        """Believe nothing but the database."""
        self.authors.clear()
        self.conversations.clear()

    def learn(self, placed: Sequence[tuple[Event, Sequence[str]]]) -> None:
        """Know everyone and every place in these events, which come with their conversations."""
        if max(len(self.authors), len(self.conversations)) > REMEMBERED:
            self.forget()
        strangers: dict[Author, None] = {}
        unknown: dict[str, None] = {}
        for event, places in placed:
            whom: Author | None = getattr(event, "to", None)
            if event.by not in self.authors:
                strangers[event.by] = None
            if whom is not None and whom not in self.authors:
                strangers[whom] = None
            for key in places:
                if key not in self.conversations:
                    unknown[key] = None
        if strangers:
            self._learn_authors(list(strangers))
        if unknown:
            self._learn_conversations(list(unknown))

    def _learn_authors(self, authors: Sequence[Author]) -> None:
        last, found = self._ask(IDENTITIES, [who.id for who in authors])
        identities = set(found)
        known = [who for who in authors if who.id in identities]
        numbers = self._ask(AUTHORS, [_columns(who) for who in known]) if known else ()
        self.authors.update((who, number) for who, number in zip(known, numbers, strict=True) if number is not None)
        new = {who: number for number, who in enumerate((w for w in authors if w not in self.authors), last + 1)}
        if new:
            begin(self._connection)
            insert(self._connection, NEW_AUTHOR, [(new[who], *_columns(who)) for who in new], few=FEW)
            self.authors.update(new)

    def _learn_conversations(self, keys: Sequence[str]) -> None:
        found = self._ask(CONVERSATIONS, keys)
        if None in found:
            self._add(NEW_CONVERSATIONS, [key for key, there in zip(keys, found, strict=True) if there is None])
            found = self._ask(CONVERSATIONS, keys)
        known = (Conversation(*numbered) for numbered in found)
        self.conversations.update(zip(keys, known, strict=True))

    def _ask(self, sql: str, wanted: Sequence[object]) -> list[Any]:
        """One thing for each that is wanted, None where there is none."""
        (found,) = self._connection.execute(sql, (json.dumps(wanted, ensure_ascii=False),)).fetchone()
        return list(json.loads(found))

    def _add(self, sql: str, wanted: Sequence[object]) -> None:
        begin(self._connection)
        self._connection.execute(sql, (json.dumps(wanted, ensure_ascii=False),))

    def call(self, conversation: Conversation, name: str) -> None:
        """Events in a conversation call it so from now on, if they do not say otherwise."""
        begin(self._connection)
        self._connection.execute(CALL, (name, conversation.number))
        conversation.name = name

    def count(self, conversation: Conversation, number: int) -> None:
        """A line has a number, which must be higher than those of all lines before it; IntegrityError."""
        if conversation.last is None:
            (last,) = self._connection.execute(LAST_LINE, {"place": conversation.number}).fetchone()
            conversation.last = last or 0
        if number <= conversation.last:
            raise sqlite3.IntegrityError(f"line {number} behind line {conversation.last}")
        conversation.last = number


def _columns(who: Author) -> Row:
    return who.id, who.name, who.mask, who.account, who.bot, fold(who.name)
