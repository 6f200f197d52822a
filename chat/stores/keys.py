"""Authors and conversations by number: a row says one small number where it would say long words again and again."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from chat.core.names import fold
from chat.core.registry import Author
from chat.stores.database import begin

#: How many of each are remembered; who is not among them is looked up, or is new.
REMEMBERED = 50_000

AUTHOR = "SELECT number FROM author WHERE who = ? AND name = ? AND mask = ? AND account = ? AND bot = ?"
NEW_AUTHOR = "INSERT INTO author (who, name, mask, account, bot, folded) VALUES (?, ?, ?, ?, ?, ?)"
CONVERSATION = "SELECT number, name FROM conversation WHERE key = ?"
NEW_CONVERSATION = "INSERT INTO conversation (key) VALUES (?)"
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

    def __init__(self, number: int, name: str | None, last: int | None = None) -> None:
        self.number, self.name, self.last = number, name, last


class Keys:
    """The numbers of authors and conversations, given to those who have none.

    What is remembered is what the open transaction says: whoever takes that back has to `forget`.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._authors: dict[Author, int] = {}
        self._conversations: dict[str, Conversation] = {}

    def forget(self) -> None:
        """Believe nothing but the database."""
        self._authors.clear()
        self._conversations.clear()

    def author(self, author: Author) -> int:
        """The number of an author."""
        number = self._authors.get(author)
        return self._look_up(author) if number is None else number

    def _look_up(self, author: Author) -> int:
        if len(self._authors) >= REMEMBERED:
            self._authors.clear()
        values = (author.id, author.name, author.mask, author.account, author.bot)
        found: tuple[int] | None = self._connection.execute(AUTHOR, values).fetchone()
        number = found[0] if found else self._add(NEW_AUTHOR, *values, fold(author.name))
        self._authors[author] = number
        return number

    def _add(self, into: str, *values: object) -> int:
        begin(self._connection)
        return self._connection.execute(into, values).lastrowid or 0

    def conversation(self, key: str) -> Conversation:
        """A conversation by its key."""
        known = self._conversations.get(key)
        if known is None:
            if len(self._conversations) >= REMEMBERED:
                self._conversations.clear()
            known = self._find(key) or self._begin(key)
            self._conversations[key] = known
        return known

    def _find(self, key: str) -> Conversation | None:
        found = self._connection.execute(CONVERSATION, (key,)).fetchone()
        return found and Conversation(*found)

    def _begin(self, key: str) -> Conversation:
        return Conversation(self._add(NEW_CONVERSATION, key), None, 0)

    def places(self, keys: Sequence[str]) -> list[int]:
        """The numbers of some conversations, each once."""
        return list(dict.fromkeys(self.conversation(key).number for key in keys))

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
