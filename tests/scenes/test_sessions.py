"""One account in two windows: they see each other's words, and everybody else sees one person."""

from __future__ import annotations

from tests.scenes.stage import SceneTestCase


class NcAndIRCTests(SceneTestCase):
    """Nora is on nc, and on IRC in the seat nira."""

    def test_what_one_says_the_other_sees(self) -> None:
        self.does("nora", "/register")
        self.does("nora", "correct horse")
        self.logs_in("nira", "nora", "correct horse", "echo-message message-tags")
        self.plays("""
        nora > hello from nc
        fay  < @time=NOON;msgid=id1;account=nora :nora!people@chat PRIVMSG #tea :hello from nc
        pat  < :nora!people@chat PRIVMSG #tea :hello from nc
        nira < @msgid=id1 :nora!people@chat PRIVMSG #tea :hello from nc

        nira > PRIVMSG #tea :hello from IRC
        fay  < @time=NOON;msgid=id2;account=nora :nora!people@chat PRIVMSG #tea :hello from IRC
        nora < [12:00] nora: hello from IRC
        pat  < :nora!people@chat PRIVMSG #tea :hello from IRC
        nira < @msgid=id2 :nora!people@chat PRIVMSG #tea :hello from IRC

        nora > @pat in private from nc
        pat  < :nora!people@chat PRIVMSG pat :in private from nc
        nira < @msgid=id3 :nora!people@chat PRIVMSG pat :in private from nc

        nira > PRIVMSG pat :in private from IRC
        nora < [12:00] you -> pat: in private from IRC
        pat  < :nora!people@chat PRIVMSG pat :in private from IRC
        nira < @msgid=id4 :nora!people@chat PRIVMSG pat :in private from IRC

        pat  > PRIVMSG nora :in answer
        nora < [12:00] pat -> you: in answer
        nira < @msgid=id5 :pat!~pat@127.0.0.1 PRIVMSG nora :in answer

        fay  > @+draft/reply=id1 PRIVMSG #tea :hello both
        fay  < @time=NOON;msgid=id6;+draft/reply=id1 :fay!~fay@127.0.0.1 PRIVMSG #tea :hello both
        nora < [12:00] fay (re 1 nora "hello from nc"): hello both
        pat  < :fay!~fay@127.0.0.1 PRIVMSG #tea :(re nora "hello from nc") hello both
        nira < @msgid=id6;+draft/reply=id1 :fay!~fay@127.0.0.1 PRIVMSG #tea :hello both

        nora > /react 1 :tada:
        fay  < @time=NOON;msgid=id7;+draft/react=🎉;+draft/reply=id1;account=nora :nora!people@chat TAGMSG #tea
        nora < * You react to line 1 with 🎉
        pat  < :nora!people@chat PRIVMSG #tea :␁ACTION reacts to nora's "hello from nc": 🎉␁
        nira < @msgid=id7;+draft/react=🎉;+draft/reply=id1 :nora!people@chat TAGMSG #tea

        nira > REDACT #tea id2
        fay  < @time=NOON;msgid=id8;account=nora :nora!people@chat REDACT #tea id2
        nora < [12:00] nora removed 2
        pat  < :nora!people@chat PRIVMSG #tea :␁ACTION took back what they said just now␁
        nira < @msgid=id8;+draft/reply=id2 :nora!people@chat PRIVMSG #tea :␁ACTION took back what they said just now␁

        nora > s/from nc/from Nora/
        fay  < @time=NOON;msgid=id9;+draft/edit=id1;account=nora :nora!people@chat PRIVMSG #tea :hello from Nora
        nora < * Line 1 is now: hello from Nora
        pat  < :nora!people@chat PRIVMSG #tea :␁ACTION changed "hello from nc" to: hello from Nora␁
        nira < @msgid=id9;+draft/reply=id1 :nora!people@chat PRIVMSG #tea :␁ACTION changed "hello from nc" to: hello from Nora␁
        """)  # noqa: E501

    def test_where_one_goes_the_other_is(self) -> None:
        self.does("nora", "/register")
        self.does("nora", "correct horse")
        self.logs_in("nira", "nora", "correct horse", "message-tags")
        self.plays("""
        nira > JOIN #milk
        nora < * nora came to #milk
        eve  < @time=NOON;msgid=id1;account=nora :nora!people@chat JOIN #milk nora nora
        nira < @msgid=id1 :nora!people@chat JOIN #milk
        nira < :chat.example.org 353 nora = #milk :@eve nora
        nira < :chat.example.org 366 nora #milk :End of NAMES list

        eve  > PRIVMSG #milk :hello nora
        nora < [12:00] #milk eve: hello nora
        eve  < @time=NOON;msgid=id2 :eve!~eve@127.0.0.1 PRIVMSG #milk :hello nora
        nira < @msgid=id2 :eve!~eve@127.0.0.1 PRIVMSG #milk :hello nora

        nora > /leave milk
        nora < * You left milk. You are in tea.
        eve  < @time=NOON;msgid=id3;account=nora :nora!people@chat PART #milk
        nira < @msgid=id3 :nora!people@chat PART #milk

        nora > /join milk
        nora < * You are in milk (2 people): eve. Last line:
        nora < [12:00] eve: hello nora
        nora < * -- now --
        eve  < @time=NOON;msgid=id4;account=nora :nora!people@chat JOIN #milk nora nora
        nira < @msgid=id4 :nora!people@chat JOIN #milk
        nira < :chat.example.org 353 nora = #milk :@eve nora
        nira < :chat.example.org 366 nora #milk :End of NAMES list

        nira > PART #tea :enough
        fay  < @time=NOON;msgid=id5;account=nora :nora!people@chat PART #tea enough
        nora < * nora left #tea (enough)
        nora < * You left tea. You are in milk.
        pat  < :nora!people@chat PART #tea enough
        nira < @msgid=id5 :nora!people@chat PART #tea enough

        nira > NICK nina
        nora < * nora is now nina
        eve  < @time=NOON;msgid=id6;account=nora :nora!people@chat NICK nina
        nira < @msgid=id6 :nora!people@chat NICK nina

        nora > /away lunch
        nora < * You are away: lunch. Say /back when you return.
        eve  < @time=NOON;msgid=id7;account=nora :nina!people@chat AWAY lunch

        pat  > PRIVMSG nina :there?
        nora < [12:00] pat -> you: there?
        pat  < :chat.example.org 301 pat nina lunch
        nira < @msgid=id8 :pat!~pat@127.0.0.1 PRIVMSG nina there?

        nora > /exit
        nora < * Bye nina.

        eve  > PRIVMSG #milk :still here?
        eve  < @time=NOON;msgid=id9 :eve!~eve@127.0.0.1 PRIVMSG #milk :still here?
        nira < @msgid=id9 :eve!~eve@127.0.0.1 PRIVMSG #milk :still here?

        nira > QUIT :now I go
        eve  < @time=NOON;msgid=id10;account=nora :nina!people@chat QUIT :Quit: now I go
        nira < :nina!people@chat QUIT :Quit: now I go
        nira < ERROR :Quit: now I go
        """)


class TwoIRCTests(SceneTestCase):
    """Fay is there with every capability, and in the seat fred with none."""

    def test_what_one_says_the_other_sees(self) -> None:
        self.does("fay", "REGISTER * * :battery staple")
        self.logs_in("fred", "fay", "battery staple")
        self.plays("""
        fay  > PRIVMSG #tea :from the one
        fay  < @time=NOON;msgid=id1;account=fay :fay!~fay@127.0.0.1 PRIVMSG #tea :from the one
        nora < [12:00] fay: from the one
        pat  < :fay!~fay@127.0.0.1 PRIVMSG #tea :from the one
        fred < :fay!~fay@127.0.0.1 PRIVMSG #tea :from the one

        fred > PRIVMSG #tea :from the other
        fay  < @time=NOON;msgid=id2;account=fay :fay!~fay@127.0.0.1 PRIVMSG #tea :from the other
        nora < [12:00] fay: from the other
        pat  < :fay!~fay@127.0.0.1 PRIVMSG #tea :from the other

        fay  > PRIVMSG nora :in private
        fay  < @time=NOON;msgid=id3;account=fay :fay!~fay@127.0.0.1 PRIVMSG nora :in private
        nora < [12:00] fay -> you: in private
        fred < :fay!~fay@127.0.0.1 PRIVMSG nora :in private

        fred > PRIVMSG nora :in private
        fay  < @time=NOON;msgid=id4;account=fay :fay!~fay@127.0.0.1 PRIVMSG nora :in private
        nora < [12:00] fay -> you: in private

        nora > @fay to both
        fay  < @time=NOON;msgid=id5 :nora!people@chat PRIVMSG fay :to both
        fred < :nora!people@chat PRIVMSG fay :to both

        fay  > @+typing=active TAGMSG #tea
        fay  < @time=NOON;msgid=id6;+typing=active;account=fay :fay!~fay@127.0.0.1 TAGMSG #tea

        fay  > @+draft/reply=id1;+draft/react=👍 TAGMSG #tea
        fay  < @time=NOON;msgid=id7;+draft/reply=id1;+draft/react=👍;account=fay :fay!~fay@127.0.0.1 TAGMSG #tea
        nora < [12:00] fay reacts to 1: 👍
        pat  < :fay!~fay@127.0.0.1 PRIVMSG #tea :␁ACTION reacts to fay's "from the one": 👍␁
        fred < :fay!~fay@127.0.0.1 PRIVMSG #tea :␁ACTION reacts to fay's "from the one": 👍␁

        fay  > REDACT #tea id1
        fay  < @time=NOON;msgid=id8;account=fay :fay!~fay@127.0.0.1 REDACT #tea id1
        nora < [12:00] fay removed 1
        pat  < :fay!~fay@127.0.0.1 PRIVMSG #tea :␁ACTION took back what they said just now␁
        fred < :fay!~fay@127.0.0.1 PRIVMSG #tea :␁ACTION took back what they said just now␁

        fred > TOPIC #tea :mine
        fay  < @time=NOON;msgid=id9;account=fay :fay!~fay@127.0.0.1 TOPIC #tea mine
        nora < * fay changed the topic to: mine
        pat  < :fay!~fay@127.0.0.1 TOPIC #tea mine
        fred < :fay!~fay@127.0.0.1 TOPIC #tea mine

        fay  > MARKREAD #tea timestamp=2026-11-20T11:00:00.000Z
        fay  < @time=NOON :chat.example.org MARKREAD #tea timestamp=2026-11-20T11:00:00.000Z

        fay  > PART #tea
        fay  < @time=NOON;msgid=id10;account=fay :fay!~fay@127.0.0.1 PART #tea
        nora < * fay left the room
        pat  < :fay!~fay@127.0.0.1 PART #tea
        fred < :fay!~fay@127.0.0.1 PART #tea

        fred > JOIN #tea
        fay  < @time=NOON;msgid=id11;account=fay :fay!~fay@127.0.0.1 JOIN #tea fay Fay
        fay  < @time=NOON :chat.example.org 332 fay #tea mine
        fay  < @time=NOON :chat.example.org 333 fay #tea fay 1795176000
        fay  < @time=NOON :chat.example.org MARKREAD #tea timestamp=2026-11-20T11:00:00.000Z
        fay  < @time=NOON :chat.example.org BATCH +b3 metadata #tea
        fay  < @time=NOON :chat.example.org BATCH -b3
        nora < * fay came
        pat  < :fay!~fay@127.0.0.1 JOIN #tea
        fred < :fay!~fay@127.0.0.1 JOIN #tea
        fred < :chat.example.org 332 fay #tea mine
        fred < :chat.example.org 333 fay #tea fay 1795176000
        fred < :chat.example.org 353 fay = #tea :nora pat @fay
        fred < :chat.example.org 366 fay #tea :End of NAMES list
        fred < :fay!~fay@127.0.0.1 PRIVMSG #tea :[12:00] from the other

        fay  > QUIT :bye
        fay  < @time=NOON :fay!~fay@127.0.0.1 QUIT :Quit: bye
        fay  < @time=NOON ERROR :Quit: bye

        fred > PRIVMSG #tea :I am still here
        nora < [12:00] fay: I am still here
        pat  < :fay!~fay@127.0.0.1 PRIVMSG #tea :I am still here
        """)
