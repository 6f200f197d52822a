"""Too much from an IRC client: what comes too fast waits, what has no end is refused, who never comes in is let go."""

from __future__ import annotations

from chat.config import Config
from chat.patience import PATIENCE
from tests.irc.test_messages import SERVER
from tests.talk import ChatTestCase, Person


class FloodTestCase(ChatTestCase):
    config = Config(name="chat.example.org")

    def pastes(self, person: Person, data: bytes) -> bytes:
        """Send as much of `data` as is read; what is left."""
        while data and person.transport.producerState == "producing":
            person.types(data[:1024])
            data = data[1024:]
        return data


class FloodTests(FloodTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.alice, self.bob = self.irc("alice", "#tea"), self.irc("bob", "#tea")
        self.pass_time(60)
        self.alice.hears(), self.bob.hears()

    def test_a_paste_arrives_complete_and_in_order_and_is_never_all_in_our_memory(self) -> None:
        lines = [f"{number} {'x' * 400}" for number in range(300)]
        data = "".join(f"PRIVMSG #tea :{line}\r\n" for line in lines).encode()
        self.assertGreater(len(data), 65_536)
        most, heard = 0, []
        for _ in range(300):
            data = self.pastes(self.alice, data)
            most = max(most, self.alice.connection.waiting_input)
            self.pass_time(0.5)
            heard += self.bob.hears()
        self.assertEqual([line.partition(" :")[2] for line in heard], lines)
        self.assertLess(most, 65_536)
        self.assertEqual(self.alice.transport.producerState, "producing")

    def test_nothing_is_read_while_a_line_is_held_back(self) -> None:
        self.alice.says(*(f"PRIVMSG #tea {number}" for number in range(12)))
        self.assertEqual(self.alice.transport.producerState, "paused")
        self.assertEqual(len(self.bob.hears()), 10)
        self.pass_time(0.5)
        self.assertEqual(self.alice.transport.producerState, "paused")
        self.pass_time(0.5)
        self.assertEqual(self.alice.transport.producerState, "producing")
        self.assertEqual(len(self.bob.hears()), 2)

    def test_a_ping_is_answered_in_its_turn(self) -> None:
        self.alice.says(*(f"PRIVMSG #tea {number}" for number in range(11)), "PING now")
        self.assertEqual(self.alice.hears(), [])
        self.pass_time(0.5)
        self.assertEqual((len(self.bob.hears()), self.alice.hears()), (11, []))
        self.pass_time(0.5)
        self.assertEqual(self.alice.hears(), [f"{SERVER} PONG chat.example.org now"])

    def test_what_is_refused_counts_as_well(self) -> None:
        self.alice.says(*["BREW tea", "JOIN", "PRIVMSG nobody hi", "MODE #tea +o nobody", "PRIVMSG"] * 3)
        self.assertEqual(len(self.alice.hears()), 10)

    def test_whoever_floods_delays_nobody_else(self) -> None:
        self.alice.says(*(f"PRIVMSG #tea {number}" for number in range(30)))
        self.alice.hears()
        self.bob.says("PRIVMSG #tea hi")
        self.assertEqual(self.alice.hears(), [":bob!~bob@127.0.0.1 PRIVMSG #tea hi"])

    def test_lines_of_a_batch_count_too(self) -> None:
        client = self.irc_connects()
        client.says("CAP REQ :draft/multiline batch", "NICK carol", "USER c 0 * :C", "CAP END", "JOIN #tea")
        self.pass_time(60)
        self.bob.hears(), client.hears()
        client.says("BATCH +1 draft/multiline #tea", *(f"@batch=1 PRIVMSG #tea {n}" for n in range(10)), "BATCH -1")
        self.assertEqual(self.bob.hears(), [])
        self.pass_time(1)
        self.assertEqual(len(self.bob.hears()), 10)

    def test_typing_counts(self) -> None:
        carol = self.irc("carol", "#tea", caps="message-tags")
        self.pass_time(60)
        carol.hears()
        carol.says(*["@+typing=active TAGMSG #tea"] * 11, "PING now")
        self.assertEqual(carol.hears(), [])
        self.pass_time(1)
        self.assertEqual(carol.hears()[-1], f"{SERVER} PONG chat.example.org now")


class EarlyTests(FloodTestCase):
    """Before registration."""

    def test_the_limit_holds_already(self) -> None:
        client = self.irc_connects()
        client.says(*(f"PING {number}" for number in range(30)))
        self.assertEqual(len(client.hears()), 10)
        self.assertEqual(client.transport.producerState, "paused")

    def test_so_long_one_may_take(self) -> None:
        silent, chatty = self.irc_connects(), self.irc_connects()
        chatty.says("CAP LS 302", "NICK alice", "USER a 0 * :A")
        chatty.hears()
        self.pass_time(PATIENCE - 1)
        chatty.says("PING still")
        self.assertEqual(chatty.hears(), [f"{SERVER} PONG chat.example.org still"])
        self.pass_time(1)
        for client in (silent, chatty):
            self.assertEqual(client.hears(), ["ERROR :Registration timed out"])
            self.assertTrue(client.is_gone)

    def test_what_has_no_end_is_the_end(self) -> None:
        client = self.irc_connects()
        for _ in range(20):
            client.types(b"x" * 1000)
            self.assertLess(client.connection.waiting_input, 65_536)
        self.assertIn("without a line end", client.reads())
        self.assertTrue(client.is_gone)
