"""What was said, looked at afterwards from every seat: one conversation, as it is now; also after a restart."""

from __future__ import annotations

from tests.scenes.stage import EVERYTHING, SceneTestCase


class HistoryTests(SceneTestCase):
    def test_all_see_the_same_conversation_as_it_is_now(self) -> None:
        self.plays("""
        nora > good mroning
        fay  < @time=NOON;msgid=id1 :nora!people@chat PRIVMSG #tea :good mroning
        pat  < :nora!people@chat PRIVMSG #tea :good mroning

        fay  > PRIVMSG #tea :hello all
        fay  < @time=NOON;msgid=id2 :fay!~fay@127.0.0.1 PRIVMSG #tea :hello all
        nora < [12:00] fay: hello all
        pat  < :fay!~fay@127.0.0.1 PRIVMSG #tea :hello all

        pat  > PRIVMSG #tea :buy this
        fay  < @time=NOON;msgid=id3 :pat!~pat@127.0.0.1 PRIVMSG #tea :buy this
        nora < [12:00] pat: buy this

        nora > s/mroning/morning/
        fay  < @time=NOON;msgid=id4;+draft/edit=id1 :nora!people@chat PRIVMSG #tea :good morning
        nora < * Line 1 is now: good morning
        pat  < :nora!people@chat PRIVMSG #tea :␁ACTION changed "good mroning" to: good morning␁

        time > 60
        fay  > @+draft/reply=id1 PRIVMSG #tea :and to you
        fay  < @time=2026-11-20T12:01:00.000Z;msgid=id5;+draft/reply=id1 :fay!~fay@127.0.0.1 PRIVMSG #tea :and to you
        nora < [12:01] fay (re 1 nora "good morning"): and to you
        pat  < :fay!~fay@127.0.0.1 PRIVMSG #tea :(re nora "good morning") and to you

        fay  > @+draft/reply=id1;+draft/react=👍 TAGMSG #tea
        fay  < @time=2026-11-20T12:01:00.000Z;msgid=id6;+draft/reply=id1;+draft/react=👍 :fay!~fay@127.0.0.1 TAGMSG #tea
        nora < [12:01] fay reacts to 1: 👍
        pat  < :fay!~fay@127.0.0.1 PRIVMSG #tea :␁ACTION reacts to nora's "good morning": 👍␁

        nora > /reply 3 what is that
        fay  < @time=2026-11-20T12:01:00.000Z;msgid=id7;+draft/reply=id3 :nora!people@chat PRIVMSG #tea :what is that
        pat  < :nora!people@chat PRIVMSG #tea :(re pat "buy this") what is that

        fay  > REDACT #tea id3 :spam
        fay  < @time=2026-11-20T12:01:00.000Z;msgid=id8 :fay!~fay@127.0.0.1 REDACT #tea id3 spam
        nora < [12:01] fay removed 3 of pat (spam)
        pat  < :fay!~fay@127.0.0.1 PRIVMSG #tea :␁ACTION removed what pat said 1 minute ago: spam␁

        pat  > PRIVMSG #tea :␁ACTION blushes␁
        fay  < @time=2026-11-20T12:01:00.000Z;msgid=id9 :pat!~pat@127.0.0.1 PRIVMSG #tea :␁ACTION blushes␁
        nora < [12:01] * pat blushes

        fay  > TOPIC #tea :be kind
        fay  < @time=2026-11-20T12:01:00.000Z;msgid=id10 :fay!~fay@127.0.0.1 TOPIC #tea :be kind
        nora < * fay changed the topic to: be kind
        pat  < :fay!~fay@127.0.0.1 TOPIC #tea :be kind

        fay  > BATCH +x draft/multiline #tea
        fay  > @batch=x PRIVMSG #tea :one
        fay  > @batch=x PRIVMSG #tea :two
        fay  > BATCH -x
        fay  < @time=2026-11-20T12:01:00.000Z;msgid=id11 :fay!~fay@127.0.0.1 BATCH +id11 draft/multiline #tea
        fay  < @batch=id11;time=2026-11-20T12:01:00.000Z :fay!~fay@127.0.0.1 PRIVMSG #tea one
        fay  < @batch=id11;time=2026-11-20T12:01:00.000Z :fay!~fay@127.0.0.1 PRIVMSG #tea two
        fay  < :fay!~fay@127.0.0.1 BATCH -id11
        nora < [12:01] fay: one
        nora < [12:01] fay: two
        pat  < :fay!~fay@127.0.0.1 PRIVMSG #tea one
        pat  < :fay!~fay@127.0.0.1 PRIVMSG #tea two

        nora > /history
        nora < [1 12:00] nora (edited): good morning
        nora < [2 12:00] fay: hello all
        nora < [3 12:00] what pat said was removed
        nora < [4 12:01] fay (re 1 nora "good morning"): and to you
        nora < [5 12:01] nora (re 3 pat): what is that
        nora < [6 12:01] * pat blushes
        nora < [7 12:01] fay: one
        nora < [7 12:01] fay: two
        nora < * 7 lines of tea.

        nora > /history before 3
        nora < [1 12:00] nora (edited): good morning
        nora < [2 12:00] fay: hello all
        nora < * 2 lines of tea.

        fay  > CHATHISTORY LATEST #tea * 50
        fay  < @time=2026-11-20T12:01:00.000Z :chat.example.org BATCH +b3 chathistory #tea
        fay  < @batch=b3;time=NOON;msgid=id12 :fay!~fay@127.0.0.1 JOIN #tea * Fay
        fay  < @batch=b3;time=NOON;msgid=id13 :nora!people@chat JOIN #tea * nora
        fay  < @batch=b3;time=NOON;msgid=id14 :pat!~pat@127.0.0.1 JOIN #tea * Pat
        fay  < @batch=b3;time=NOON;msgid=id1;twisted-chat/edited :nora!people@chat PRIVMSG #tea :good morning
        fay  < @batch=b3;time=NOON;msgid=id2 :fay!~fay@127.0.0.1 PRIVMSG #tea :hello all
        fay  < @batch=b3;time=2026-11-20T12:01:00.000Z;msgid=id5;+draft/reply=id1 :fay!~fay@127.0.0.1 PRIVMSG #tea :and to you
        fay  < @batch=b3;time=2026-11-20T12:01:00.000Z;msgid=id6;+draft/reply=id1;+draft/react=👍 :fay!~fay@127.0.0.1 TAGMSG #tea
        fay  < @batch=b3;time=2026-11-20T12:01:00.000Z;msgid=id7;+draft/reply=id3 :nora!people@chat PRIVMSG #tea :what is that
        fay  < @batch=b3;time=2026-11-20T12:01:00.000Z;msgid=id9 :pat!~pat@127.0.0.1 PRIVMSG #tea :␁ACTION blushes␁
        fay  < @batch=b3;time=2026-11-20T12:01:00.000Z;msgid=id10 :fay!~fay@127.0.0.1 TOPIC #tea :be kind
        fay  < @batch=b3;time=2026-11-20T12:01:00.000Z;msgid=id11 :fay!~fay@127.0.0.1 BATCH +id11 draft/multiline #tea
        fay  < @batch=id11;time=2026-11-20T12:01:00.000Z :fay!~fay@127.0.0.1 PRIVMSG #tea one
        fay  < @batch=id11;time=2026-11-20T12:01:00.000Z :fay!~fay@127.0.0.1 PRIVMSG #tea two
        fay  < @time=2026-11-20T12:01:00.000Z;batch=b3 :fay!~fay@127.0.0.1 BATCH -id11
        fay  < @time=2026-11-20T12:01:00.000Z :chat.example.org BATCH -b3

        fay  > CHATHISTORY AFTER #tea msgid=id3 2
        fay  < @time=2026-11-20T12:01:00.000Z :chat.example.org BATCH +b4 chathistory #tea
        fay  < @batch=b4;time=2026-11-20T12:01:00.000Z;msgid=id5;+draft/reply=id1 :fay!~fay@127.0.0.1 PRIVMSG #tea :and to you
        fay  < @batch=b4;time=2026-11-20T12:01:00.000Z;msgid=id6;+draft/reply=id1;+draft/react=👍 :fay!~fay@127.0.0.1 TAGMSG #tea
        fay  < @time=2026-11-20T12:01:00.000Z :chat.example.org BATCH -b4

        pat  > CHATHISTORY LATEST #tea * 50
        pat  < :nora!people@chat PRIVMSG #tea :good morning
        pat  < :fay!~fay@127.0.0.1 PRIVMSG #tea :hello all
        pat  < :fay!~fay@127.0.0.1 PRIVMSG #tea :(re nora "good morning") and to you
        pat  < :nora!people@chat PRIVMSG #tea :(re pat) what is that
        pat  < :pat!~pat@127.0.0.1 PRIVMSG #tea :␁ACTION blushes␁
        pat  < :fay!~fay@127.0.0.1 PRIVMSG #tea one
        pat  < :fay!~fay@127.0.0.1 PRIVMSG #tea two

        eve  > CHATHISTORY LATEST #tea * 50
        eve  < @time=2026-11-20T12:01:00.000Z :chat.example.org FAIL CHATHISTORY INVALID_TARGET LATEST #tea :Messages could not be retrieved
        """)  # noqa: E501
        self.restarts()
        self.enters("fay", self.irc("fay", "#tea", caps=EVERYTHING))
        self.enters("nora", self.person("nora", "tea"))
        self.enters("pat", self.irc("pat", "#tea"))
        self.plays("""
        nora > /history
        nora < [1 12:00] nora (edited): good morning
        nora < [2 12:00] fay: hello all
        nora < [3 12:00] what pat said was removed
        nora < [4 12:01] fay (re 1 nora "good morning"): and to you
        nora < [5 12:01] nora (re 3 pat): what is that
        nora < [6 12:01] * pat blushes
        nora < [7 12:01] fay: one
        nora < [7 12:01] fay: two
        nora < * 7 lines of tea.

        fay  > CHATHISTORY LATEST #tea * 50
        fay  < @time=2026-11-20T12:01:00.000Z :chat.example.org BATCH +b3 chathistory #tea
        fay  < @batch=b3;time=NOON;msgid=id12 :fay!~fay@127.0.0.1 JOIN #tea * Fay
        fay  < @batch=b3;time=NOON;msgid=id13 :nora!people@chat JOIN #tea * nora
        fay  < @batch=b3;time=NOON;msgid=id14 :pat!~pat@127.0.0.1 JOIN #tea * Pat
        fay  < @batch=b3;time=NOON;msgid=id1;twisted-chat/edited :nora!people@chat PRIVMSG #tea :good morning
        fay  < @batch=b3;time=NOON;msgid=id2 :fay!~fay@127.0.0.1 PRIVMSG #tea :hello all
        fay  < @batch=b3;time=2026-11-20T12:01:00.000Z;msgid=id5;+draft/reply=id1 :fay!~fay@127.0.0.1 PRIVMSG #tea :and to you
        fay  < @batch=b3;time=2026-11-20T12:01:00.000Z;msgid=id6;+draft/reply=id1;+draft/react=👍 :fay!~fay@127.0.0.1 TAGMSG #tea
        fay  < @batch=b3;time=2026-11-20T12:01:00.000Z;msgid=id7;+draft/reply=id3 :nora!people@chat PRIVMSG #tea :what is that
        fay  < @batch=b3;time=2026-11-20T12:01:00.000Z;msgid=id9 :pat!~pat@127.0.0.1 PRIVMSG #tea :␁ACTION blushes␁
        fay  < @batch=b3;time=2026-11-20T12:01:00.000Z;msgid=id10 :fay!~fay@127.0.0.1 TOPIC #tea :be kind
        fay  < @batch=b3;time=2026-11-20T12:01:00.000Z;msgid=id11 :fay!~fay@127.0.0.1 BATCH +id11 draft/multiline #tea
        fay  < @batch=id11;time=2026-11-20T12:01:00.000Z :fay!~fay@127.0.0.1 PRIVMSG #tea one
        fay  < @batch=id11;time=2026-11-20T12:01:00.000Z :fay!~fay@127.0.0.1 PRIVMSG #tea two
        fay  < @time=2026-11-20T12:01:00.000Z;batch=b3 :fay!~fay@127.0.0.1 BATCH -id11
        fay  < @batch=b3;time=2026-11-20T12:01:00.000Z;msgid=id15 :fay!~fay@127.0.0.1 QUIT :Connection closed
        fay  < @batch=b3;time=2026-11-20T12:01:00.000Z;msgid=id16 :nora!people@chat QUIT :Connection closed
        fay  < @batch=b3;time=2026-11-20T12:01:00.000Z;msgid=id17 :pat!~pat@127.0.0.1 QUIT :Connection closed
        fay  < @batch=b3;time=2026-11-20T12:01:00.000Z;msgid=id18 :fay!~fay@127.0.0.1 JOIN #tea * Fay
        fay  < @batch=b3;time=2026-11-20T12:01:00.000Z;msgid=id19 :nora!people@chat JOIN #tea * nora
        fay  < @batch=b3;time=2026-11-20T12:01:00.000Z;msgid=id20 :pat!~pat@127.0.0.1 JOIN #tea * Pat
        fay  < @time=2026-11-20T12:01:00.000Z :chat.example.org BATCH -b3

        pat  > CHATHISTORY LATEST #tea * 50
        pat  < :nora!people@chat PRIVMSG #tea :good morning
        pat  < :fay!~fay@127.0.0.1 PRIVMSG #tea :hello all
        pat  < :fay!~fay@127.0.0.1 PRIVMSG #tea :(re nora "good morning") and to you
        pat  < :nora!people@chat PRIVMSG #tea :(re pat) what is that
        pat  < :pat!~pat@127.0.0.1 PRIVMSG #tea :␁ACTION blushes␁
        pat  < :fay!~fay@127.0.0.1 PRIVMSG #tea one
        pat  < :fay!~fay@127.0.0.1 PRIVMSG #tea two

        pat  > PRIVMSG *playback :play #tea
        pat  < :nora!people@chat PRIVMSG #tea :good morning
        pat  < :fay!~fay@127.0.0.1 PRIVMSG #tea :hello all
        pat  < :fay!~fay@127.0.0.1 PRIVMSG #tea :(re nora "good morning") and to you
        pat  < :nora!people@chat PRIVMSG #tea :(re pat) what is that
        pat  < :pat!~pat@127.0.0.1 PRIVMSG #tea :␁ACTION blushes␁
        pat  < :fay!~fay@127.0.0.1 PRIVMSG #tea one
        pat  < :fay!~fay@127.0.0.1 PRIVMSG #tea two

        nora > /reply 1 still true
        fay  < @time=2026-11-20T12:01:00.000Z;msgid=id21;+draft/reply=id1 :nora!people@chat PRIVMSG #tea :still true
        pat  < :nora!people@chat PRIVMSG #tea :(re nora "good morning") still true

        pat  > TOPIC #tea
        pat  < :chat.example.org 332 pat #tea :be kind
        pat  < :chat.example.org 333 pat #tea fay 1795176060
        """)  # noqa: E501

    def test_who_comes_in_is_shown_what_was_said(self) -> None:
        self.plays("""
        nora > helo
        fay  < @time=NOON;msgid=id1 :nora!people@chat PRIVMSG #tea helo
        pat  < :nora!people@chat PRIVMSG #tea helo

        pat  > PRIVMSG #tea :spam
        fay  < @time=NOON;msgid=id2 :pat!~pat@127.0.0.1 PRIVMSG #tea spam
        nora < [12:00] pat: spam

        nora > s/helo/hello/
        fay  < @time=NOON;msgid=id3;+draft/edit=id1 :nora!people@chat PRIVMSG #tea hello
        nora < * Line 1 is now: hello
        pat  < :nora!people@chat PRIVMSG #tea :␁ACTION changed "helo" to: hello␁

        fay  > REDACT #tea id2
        fay  < @time=NOON;msgid=id4 :fay!~fay@127.0.0.1 REDACT #tea id2
        nora < [12:00] fay removed 2 of pat
        pat  < :fay!~fay@127.0.0.1 PRIVMSG #tea :␁ACTION removed what pat said just now␁
        """)
        self.enters("ned", self.person("ned"))
        self.plays("""
        ned  > /join tea
        fay  < @time=NOON;msgid=id5 :ned!people@chat JOIN #tea * ned
        nora < * ned came
        pat  < :ned!people@chat JOIN #tea
        ned  < * You are in tea (4 people): fay, nora, pat. Last 2 lines:
        ned  < [12:00] nora (edited): hello
        ned  < [12:00] what pat said was removed
        ned  < * -- now --

        eve  > JOIN #tea
        fay  < @time=NOON;msgid=id6 :eve!~eve@127.0.0.1 JOIN #tea * Eve
        nora < * eve came
        pat  < :eve!~eve@127.0.0.1 JOIN #tea
        eve  < @time=NOON;msgid=id6 :eve!~eve@127.0.0.1 JOIN #tea * Eve
        eve  < @time=NOON :chat.example.org MARKREAD #tea *
        eve  < @time=NOON :chat.example.org BATCH +b3 metadata #tea
        eve  < @time=NOON :chat.example.org BATCH -b3
        ned  < * eve came
        """)

    def test_private_conversations(self) -> None:
        self.does("nora", "/register")
        self.does("nora", "correct horse")
        self.sees()
        self.plays("""
        nora > @fay one
        fay  < @time=NOON;msgid=id2;account=nora :nora!people@chat PRIVMSG fay one

        fay  > PRIVMSG nora :two
        fay  < @time=NOON;msgid=id3 :fay!~fay@127.0.0.1 PRIVMSG nora two
        nora < [12:00] fay -> you: two

        pat  > PRIVMSG nora :three
        nora < [12:00] pat -> you: three

        fay  > REDACT nora id2
        fay  < @time=NOON :chat.example.org FAIL REDACT REDACT_FORBIDDEN nora id2 :You are not authorised to delete this message

        fay  > CHATHISTORY LATEST nora * 5
        fay  < @time=NOON :chat.example.org BATCH +b3 chathistory nora
        fay  < @batch=b3;time=NOON;msgid=id2;account=nora :nora!people@chat PRIVMSG fay one
        fay  < @batch=b3;time=NOON;msgid=id3 :fay!~fay@127.0.0.1 PRIVMSG nora two
        fay  < @time=NOON :chat.example.org BATCH -b3

        pat  > CHATHISTORY LATEST nora * 5
        pat  < :pat!~pat@127.0.0.1 PRIVMSG nora three

        pat  > CHATHISTORY LATEST fay * 5

        fay  > CHATHISTORY TARGETS timestamp=2026-11-20T11:00:00.000Z timestamp=2026-11-20T13:00:00.000Z 5
        fay  < @time=NOON :chat.example.org BATCH +b4 draft/chathistory-targets
        fay  < @time=NOON;batch=b4 :chat.example.org CHATHISTORY TARGETS nora NOON
        fay  < @time=NOON :chat.example.org BATCH -b4
        """)  # noqa: E501

    def test_what_was_said_in_private_waits_for_an_account(self) -> None:
        self.does("nora", "/register")
        self.does("nora", "correct horse")
        self.does("nora", "@fay one")
        self.does("fay", "PRIVMSG nora :two")
        self.cast["nora"].hangs_up()
        self.enters("nell", self.person("nell"))
        self.plays("""
        nell > @nora three
        nell < * nora is offline; stored for nora.
        """)
        nora = self.enters("nora", self.connects())
        heard = nora.asks("nora", "correct horse")
        self.assertEqual(
            heard[2:],
            [
                "* You are in lobby (2 people): nell.",
                "* 3 new lines private:",
                "[12:00] you -> fay: one",
                "[12:00] fay -> you: two",
                "[12:00] nell -> you: three",
                "* -- now --",
            ],
        )
