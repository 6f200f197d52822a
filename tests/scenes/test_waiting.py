"""What is said in private to somebody who has an account and is not here."""

from __future__ import annotations

from tests.scenes.stage import SceneTestCase


class WaitingTests(SceneTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.does("pat", "REGISTER * * :battery staple")
        self.does("fay", "PRIVMSG pat :see you")
        self.pass_time(60)
        self.does("pat", "PRIVMSG nora :I go home")
        self.does("pat", "QUIT")
        del self.cast["pat"]
        self.sees()
        self.pass_time(60)

    def test_who_writes_is_told_that_it_waits(self) -> None:
        self.plays("""
        nora > @pat are you there?
        nora < * pat is offline; stored for pat.

        fay  > PRIVMSG pat :and you?
        fay  < @time=2026-11-20T12:02:00.000Z;msgid=id4 :fay!~fay@127.0.0.1 PRIVMSG pat :and you?
        fay  < @time=2026-11-20T12:02:00.000Z :chat.example.org 301 fay pat :Offline; stored, to be read later

        fay  > @label=1 PRIVMSG pat :answer me
        fay  < @time=2026-11-20T12:02:00.000Z;label=1 :chat.example.org BATCH +b3 labeled-response
        fay  < @time=2026-11-20T12:02:00.000Z;msgid=id5;batch=b3 :fay!~fay@127.0.0.1 PRIVMSG pat :answer me
        fay  < @time=2026-11-20T12:02:00.000Z;batch=b3 :chat.example.org 301 fay pat :Offline; stored, to be read later
        fay  < @time=2026-11-20T12:02:00.000Z :chat.example.org BATCH -b3

        fay  > PRIVMSG pal :hello
        fay  < @time=2026-11-20T12:02:00.000Z :chat.example.org 401 fay pal :No such nick or channel
        """)

    def shown(self, caps: str = "") -> list[str]:
        """What Pat is told on coming back."""
        heard = self.comes_back("pat", "battery staple", caps).hears()
        return [self.short(line) for line in heard if " NOTICE " in line or " PRIVMSG " in line]

    def test_who_comes_back_is_shown_it_once(self) -> None:
        self.does("nora", "@pat are you there?")
        self.does("fay", "PRIVMSG pat :and you?")
        self.assertEqual(
            self.shown(),
            [
                ":chat.example.org NOTICE pat :2 private messages have waited for you:",
                ":nora!people@chat PRIVMSG pat :[12:02] are you there?",
                ":fay!~fay@127.0.0.1 PRIVMSG pat :[12:02] and you?",
            ],
        )

    def test_with_the_time_it_was_said(self) -> None:
        self.does("nora", "@pat are you there?")
        self.pass_time(3600)
        self.assertEqual(
            self.shown("server-time")[1],
            "@time=2026-11-20T12:02:00.000Z :nora!people@chat PRIVMSG pat :are you there?",
        )

    def test_not_what_was_removed(self) -> None:
        self.does("fay", "PRIVMSG pat :wrong window")
        self.sees()
        self.does("fay", "REDACT pat id4")
        self.assertEqual(self.shown(), [])

    def test_not_to_clients_that_ask_themselves(self) -> None:
        self.does("nora", "@pat are you there?")
        self.assertEqual(self.shown("draft/chathistory batch"), [])

    def test_not_what_was_said_before_or_was_read(self) -> None:
        self.assertEqual(self.shown(), [])
        self.does("nora", "@pat are you there?")
        self.pass_time(60)
        self.assertEqual(self.shown(), [])
