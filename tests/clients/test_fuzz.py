"""Servers that send anything: whatever comes, a client goes on, and believes nothing impossible.

CHAT_SEED says which of it, CHAT_FUZZ how many lines.
"""

from __future__ import annotations

import os
import random
import traceback

from twisted.trial.unittest import TestCase

from chat.clients.model import Chat, Identity
from chat.clients.table import HEARD
from chat.irc.message import Message

LINES = int(os.environ.get("CHAT_FUZZ", "6000"))
SEED = int(os.environ.get("CHAT_SEED", "1"))

WORDS = (
    "#tea", "#TEA", "#dev", "@#tea", "alice", "bob", "carol", "*", "", "+o", "-o+v", "+k-l", "id1", "id2", "id3", "+1",
    "-1", "hello there", "\x01ACTION waves\x01", "\x01VERSION\x01", "\x1b[2J", "timestamp=2026-11-20T12:00:00.000Z",
    "timestamp=x", "PREFIX=(qo)~@", "CASEMAPPING=ascii", "CHANTYPES=", "PREFIX=", "CHATHISTORY=0", "CHANMODES=",
    "BOT=B", "WHOX", "draft/multiline", "chathistory", "labeled-response", "H@", "G", "LS", "ACK", "NAK", "NEW", "DEL",
    "message-tags batch draft/chathistory echo-message labeled-response draft/message-edit", "$*", "TARGETS",
    "DUPLICATE", "CHATHISTORY", "FAIL", "ACCOUNT_REQUIRED", "alice,bob!x@y", "ä" * 300, "x" * 500,
)  # fmt: skip
TAGS = {
    "time": ("2026-11-20T12:00:00.000Z", "x", ""), "msgid": ("id1", "id2", "id3"), "batch": ("1", "2", "x"),
    "label": ("c1", "c2", "c3", "c9"), "+typing": ("active", "paused", "done", "x"), "+draft/react": ("👍", ""),
    "+draft/reply": ("id1", "id2"), "+draft/edit": ("id1", "id3"), "+draft/unreact": ("👍",), "account": ("bob", ""),
    "draft/multiline-concat": ("",), "+twisted-chat/nonce": ("nonce-1", "nonce-2"), "bot": ("",),
}  # fmt: skip
NUMERICS = ("001", "005", "332", "353", "366", "352", "354", "315", "376", "401", "403", "404", "433", "442", "473",
            "482", "311", "322", "730", "731", "900", "903", "904", "301", "305", "306", "999")  # fmt: skip


class FuzzTests(TestCase):
    def setUp(self) -> None:
        self.dice = random.Random(SEED)
        self.time = 1_795_176_000_000
        self.nonces = 0
        self.chat = Chat(Identity("alice", "correct horse"), lambda: self.time, ("#tea",), self.nonce)
        self.sent: list[bytes] = []

    def nonce(self) -> str:
        self.nonces += 1
        return f"nonce-{self.nonces % 4}"

    def message(self) -> Message:
        """Something that a server may send, or may not."""
        dice = self.dice
        tags = {key: dice.choice(TAGS[key]) for key in dice.sample(sorted(TAGS), dice.choice((0, 0, 1, 2, 5)))}
        source = dice.choice(("", "irc.example.org", "alice!a@b", "bob!b@c", "carol!c@d", "bob"))
        command = dice.choice((*HEARD, *NUMERICS, "PRIVMSG", "PRIVMSG", "TAGMSG", "JOIN", "NOSUCH"))
        if dice.random() < 0.15:
            sign, ref = dice.choice("+-"), dice.choice(("1", "2"))
            kind = dice.choice(("chathistory", "draft/multiline", "labeled-response", "draft/chathistory-targets", "x"))
            return Message("BATCH", [sign + ref, kind, dice.choice(WORDS)][: dice.randrange(4)], source, tags)
        return Message(command, [dice.choice(WORDS) for _ in range(dice.randrange(7))], source, tags)

    def act(self) -> None:
        """What a person may do meanwhile."""
        chat, dice = self.chat, self.dice
        if not chat.conversations:
            chat.join("#tea")
        here = dice.choice(chat.conversations)
        lines = here.lines
        line = dice.choice(lines) if lines else None
        deeds = [
            lambda: chat.perform(here, dice.choice(("hello", "/me waves", "one\ntwo", "s/a/b/", "/delete", "/people"))),
            lambda: chat.older(here), lambda: chat.look(here), lambda: chat.typing(here, True), chat.tick,
            lambda: line and chat.react(here, line, "👍"), lambda: line and chat.edit(here, line, "new"),
            lambda: line and chat.remove(here, line), lambda: line and chat.resend(here, line),
            lambda: chat.complete(here, "b", 1), lambda: chat.open("bob"), lambda: chat.leave(here),
        ]  # fmt: skip
        dice.choice(deeds)()

    def test_whatever_comes(self) -> None:
        connected = False
        for number in range(LINES):
            self.time += 250
            if not connected or self.dice.random() < 0.01:
                self.chat.disconnected()
                self.chat.connected(self.sent.append)
                connected = True
                self.chat.received(b":s CAP * LS :message-tags batch draft/chathistory echo-message labeled-response")
                for line in (b":s 001 alice :hi", b":s 376 alice :end", b":alice!a@b JOIN #tea"):
                    self.chat.received(line)
            message = self.message()
            try:
                self.chat.received(str(message).encode())
                if self.dice.random() < 0.2:
                    self.act()
                self.check()
            except Exception as error:
                raise AssertionError(f"line {number} of seed {SEED}: {message}\n{traceback.format_exc()}") from error

    def check(self) -> None:
        """What must always be so."""
        chat = self.chat
        for conversation in chat.conversations:
            ids = [line.id for line in (*conversation.past, *conversation.live) if line.id]
            self.assertEqual(len(ids), len(set(ids)), conversation.name)
            self.assertTrue(all(line.state == "waiting" for line in conversation.waiting))
            self.assertTrue(all(line.state != "waiting" for line in conversation.past), conversation.name)
            self.assertGreaterEqual(conversation.unread, conversation.mentions)
            for line in conversation.lines:
                self.assertNotIn("\x1b", line.text)
        waiting = {line for each in chat.conversations for line in each.waiting}
        self.assertTrue(waiting <= {deed.line for deed in chat.outbox.deeds})
        self.assertTrue(all(line.count(b"\r\n") == 1 and line.endswith(b"\r\n") for line in self.sent))
        self.sent.clear()
