"""What was said last, as IRC clients see it that do not ask for it."""

from __future__ import annotations

from typing import Any

from twisted.internet.task import deferLater

from chat.core.events import Event
from chat.core.history import Query
from chat.stores.memory import MemoryHistory
from tests.talk import ChatTestCase, Person


def said(person: Person) -> list[str]:
    """What people said, of all that has come."""
    return [line for line in person.hears() if " PRIVMSG " in line or " NOTICE " in line]


class PastTests(ChatTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.carol = self.person("carol", "tea")
        self.carol.says("helo", "s/helo/hello/", "oops", "/delete 2")
        self.pass_time(60)
        self.carol.says("/me pours a cup")
        self.irc("dave", "#tea").says("PRIVMSG #tea :\x01PING 1\x01")

    def joins(self, caps: str = "") -> Person:
        """Somebody with these capabilities who has just come in and has read nothing of it."""
        person = self.irc("alice", caps=caps)
        person.says("JOIN #tea")
        return person

    def test_a_client_without_server_time_is_told_in_words_when_it_was(self) -> None:
        self.assertEqual(
            said(self.joins()),
            [
                ":carol!people@chat PRIVMSG #tea :[12:00] hello",
                ":carol!people@chat PRIVMSG #tea :\x01ACTION [12:01] pours a cup\x01",
            ],
        )

    def test_of_another_day_the_day_is_told_too(self) -> None:
        self.pass_time(86_400)
        self.assertIn("[20 Nov 12:00] hello", said(self.joins())[0])

    def test_one_with_server_time_gets_the_times_as_tags(self) -> None:
        self.assertEqual(
            said(self.joins("server-time")),
            [
                "@time=2026-11-20T12:00:00.000Z :carol!people@chat PRIVMSG #tea hello",
                "@time=2026-11-20T12:01:00.000Z :carol!people@chat PRIVMSG #tea :\x01ACTION pours a cup\x01",
            ],
        )

    def test_one_that_knows_batches_gets_it_in_one(self) -> None:
        alice = self.joins("server-time batch")
        heard = alice.hears()
        start = next(line for line in heard if "BATCH" in line)
        self.assertTrue(start.endswith(":chat.example.org BATCH +b0 chathistory #tea"), start)
        self.assertTrue(all(line.startswith("@batch=b0;time=") for line in heard if "PRIVMSG" in line))

    def test_it_comes_behind_the_names(self) -> None:
        verbs = [line.split()[1] for line in self.joins().hears()]
        self.assertEqual(verbs, ["JOIN", "353", "366", "PRIVMSG", "PRIVMSG"])

    def test_clients_that_ask_are_left_to_ask(self) -> None:
        for caps in ("draft/chathistory", "znc.in/playback"):
            alice = self.joins(caps)
            self.assertEqual(said(alice), [], caps)
            alice.says("QUIT")
            alice.hangs_up()

    def test_as_many_lines_as_configured_and_none_for_none(self) -> None:
        self.configure(history_on_join=1)
        self.assertEqual(len(said(self.joins())), 1)
        self.configure(history_on_join=0)
        bob = self.irc("bob")
        bob.says("JOIN #tea")
        self.assertEqual(said(bob), [])

    def test_another_session_sees_it_in_every_room(self) -> None:
        alice = self.joins()
        alice.says("NS REGISTER correct-horse-1", "NS SET always-on true", "JOIN #milk", "PRIVMSG #milk :warm")
        alice.hangs_up()
        self.carol.says("where is she")
        other = self.irc_connects()
        other.says("CAP REQ sasl", "AUTHENTICATE PLAIN", "AUTHENTICATE AGFsaWNlAGNvcnJlY3QtaG9yc2UtMQ==")
        other.says("NICK alice", "USER alice 0 * :Alice", "CAP END")
        self.assertEqual(
            [line.partition(" PRIVMSG ")[2] for line in said(other)],
            [
                "#tea :[12:00] hello",
                "#tea :\x01ACTION [12:01] pours a cup\x01",
                "#tea :[12:01] where is she",
                "#milk :[12:01] warm",
            ],
        )


class SlowHistory(MemoryHistory):
    """Takes a second to read a page."""

    slow: Any

    async def page(self, query: Query) -> list[Event]:
        await deferLater(self.slow, 1, lambda: None)
        return await super().page(query)


class LiveTests(ChatTestCase):
    history_class = SlowHistory

    def test_what_is_said_while_it_is_read_follows_it_and_comes_once(self) -> None:
        self.history.slow = self.clock
        bob, alice = self.irc("bob", "#tea"), self.irc("alice")
        self.pass_time(1)
        bob.says("PRIVMSG #tea :one")
        alice.says("JOIN #tea")
        bob.says("PRIVMSG #tea :two")
        self.pass_time(1)
        self.assertEqual([line.rpartition("#tea ")[2] for line in said(alice)], [":[12:00] one", "two"])
