"""What is said: from every seat, as every other one sees it."""

from __future__ import annotations

from tests.scenes.stage import SceneTestCase


class LineTests(SceneTestCase):
    def test_what_anybody_says_all_in_the_room_see(self) -> None:
        self.plays("""
        nora > hello
        fay  < @time=NOON;msgid=id1 :nora!people@chat PRIVMSG #tea hello
        pat  < :nora!people@chat PRIVMSG #tea hello

        fay  > PRIVMSG #tea :hello you
        fay  < @time=NOON;msgid=id2 :fay!~fay@127.0.0.1 PRIVMSG #tea :hello you
        nora < [12:00] fay: hello you
        pat  < :fay!~fay@127.0.0.1 PRIVMSG #tea :hello you

        pat  > PRIVMSG #tea :hello all of you
        fay  < @time=NOON;msgid=id3 :pat!~pat@127.0.0.1 PRIVMSG #tea :hello all of you
        nora < [12:00] pat: hello all of you
        """)

    def test_what_somebody_does(self) -> None:
        self.plays("""
        nora > /me waves
        fay  < @time=NOON;msgid=id1 :nora!people@chat PRIVMSG #tea :␁ACTION waves␁
        pat  < :nora!people@chat PRIVMSG #tea :␁ACTION waves␁

        fay  > PRIVMSG #tea :␁ACTION waves back␁
        fay  < @time=NOON;msgid=id2 :fay!~fay@127.0.0.1 PRIVMSG #tea :␁ACTION waves back␁
        nora < [12:00] * fay waves back
        pat  < :fay!~fay@127.0.0.1 PRIVMSG #tea :␁ACTION waves back␁

        pat  > PRIVMSG #tea :␁ACTION yawns␁
        fay  < @time=NOON;msgid=id3 :pat!~pat@127.0.0.1 PRIVMSG #tea :␁ACTION yawns␁
        nora < [12:00] * pat yawns
        """)

    def test_notices_are_lines_to_people(self) -> None:
        self.plays("""
        fay  > NOTICE #tea :the kettle is hot
        fay  < @time=NOON;msgid=id1 :fay!~fay@127.0.0.1 NOTICE #tea :the kettle is hot
        nora < [12:00] fay: the kettle is hot
        pat  < :fay!~fay@127.0.0.1 NOTICE #tea :the kettle is hot

        pat  > NOTICE #tea :mine is not
        fay  < @time=NOON;msgid=id2 :pat!~pat@127.0.0.1 NOTICE #tea :mine is not
        nora < [12:00] pat: mine is not
        """)

    def test_what_looks_like_a_command_or_a_notice_on_another_wire_is_only_text(self) -> None:
        self.plays("""
        nora > //join #milk
        fay  < @time=NOON;msgid=id1 :nora!people@chat PRIVMSG #tea :/join #milk
        pat  < :nora!people@chat PRIVMSG #tea :/join #milk

        fay  > PRIVMSG #tea :* Server is restarting
        fay  < @time=NOON;msgid=id2 :fay!~fay@127.0.0.1 PRIVMSG #tea :* Server is restarting
        nora < [12:00] fay: * Server is restarting
        pat  < :fay!~fay@127.0.0.1 PRIVMSG #tea :* Server is restarting

        pat  > PRIVMSG #tea :/exit
        fay  < @time=NOON;msgid=id3 :pat!~pat@127.0.0.1 PRIVMSG #tea /exit
        nora < [12:00] pat: /exit

        pat  > PRIVMSG #tea :!nothing [12:00] fay: not me
        fay  < @time=NOON;msgid=id4 :pat!~pat@127.0.0.1 PRIVMSG #tea :!nothing [12:00] fay: not me
        nora < [12:00] pat: !nothing [12:00] fay: not me
        """)

    def test_what_is_for_operators_is_seen_by_operators_and_whoever_says_it(self) -> None:
        self.plays("""
        fay  > MODE #tea +o nora
        fay  < @time=NOON;msgid=id1 :fay!~fay@127.0.0.1 MODE #tea +o nora
        nora < * fay made nora an operator
        pat  < :fay!~fay@127.0.0.1 MODE #tea +o nora

        fay  > PRIVMSG @#tea :between us
        fay  < @time=NOON;msgid=id2 :fay!~fay@127.0.0.1 PRIVMSG @#tea :between us
        nora < [12:00] fay (to operators): between us

        pat  > PRIVMSG @#tea :he is rude
        fay  < @time=NOON;msgid=id3 :pat!~pat@127.0.0.1 PRIVMSG @#tea :he is rude
        nora < [12:00] pat (to operators): he is rude

        nora > /history
        nora < * No lines in tea.
        """)

    def test_who_may_not_hears_why_and_nobody_else_hears_anything(self) -> None:
        self.plays("""
        fay  > MODE #tea +m
        fay  < @time=NOON;msgid=id1 :fay!~fay@127.0.0.1 MODE #tea +m
        nora < * fay made the room moderated
        pat  < :fay!~fay@127.0.0.1 MODE #tea +m

        nora > may I?
        nora > /me asks
        nora > /msg nobody hello
        nora < ! You may not speak in tea.
        nora < ! You may not speak in tea.
        nora < ! Nobody here is called "nobody". Nothing was sent.

        pat  > PRIVMSG #tea :may I?
        pat  > PRIVMSG #nowhere :hello
        pat  > PRIVMSG nobody :hello
        pat  < :chat.example.org 404 pat #tea :Cannot send to channel
        pat  < :chat.example.org 403 pat #nowhere :No such channel
        pat  < :chat.example.org 401 pat nobody :No such nick or channel

        eve  > PRIVMSG #tea :from outside
        eve  < @time=NOON :chat.example.org 404 eve #tea :Cannot send to channel
        """)


class MultilineTests(SceneTestCase):
    def test_a_message_of_several_lines_is_one_for_who_knows_and_lines_for_others(self) -> None:
        self.plays("""
        fay  > BATCH +x draft/multiline #tea
        fay  > @batch=x PRIVMSG #tea :one
        fay  > @batch=x PRIVMSG #tea :two
        fay  > @batch=x;draft/multiline-concat PRIVMSG #tea : and a half
        fay  > BATCH -x
        fay  < @time=NOON;msgid=id1 :fay!~fay@127.0.0.1 BATCH +id1 draft/multiline #tea
        fay  < @batch=id1;time=NOON :fay!~fay@127.0.0.1 PRIVMSG #tea one
        fay  < @batch=id1;time=NOON :fay!~fay@127.0.0.1 PRIVMSG #tea two
        fay  < @batch=id1;time=NOON;draft/multiline-concat :fay!~fay@127.0.0.1 PRIVMSG #tea : and a half
        fay  < :fay!~fay@127.0.0.1 BATCH -id1
        nora < [12:00] fay: one
        nora < [12:00] fay: two and a half
        pat  < :fay!~fay@127.0.0.1 PRIVMSG #tea one
        pat  < :fay!~fay@127.0.0.1 PRIVMSG #tea two
        pat  < :fay!~fay@127.0.0.1 PRIVMSG #tea : and a half

        nora > /reply 1 counted
        fay  < @time=NOON;msgid=id2;+draft/reply=id1 :nora!people@chat PRIVMSG #tea counted
        pat  < :nora!people@chat PRIVMSG #tea :(re fay "one two and a half") counted

        nora > /history
        nora < [1 12:00] fay: one
        nora < [1 12:00] fay: two and a half
        nora < [2 12:00] nora (re 1 fay "one two and a half"): counted
        nora < * 2 lines of tea.

        fay  > REDACT #tea id1
        fay  < @time=NOON;msgid=id3 :fay!~fay@127.0.0.1 REDACT #tea id1
        nora < [12:00] fay removed 1
        pat  < :fay!~fay@127.0.0.1 PRIVMSG #tea :␁ACTION took back what they said just now␁
        """)

    def test_an_answer_of_several_lines(self) -> None:
        self.plays("""
        nora > how many?
        fay  < @time=NOON;msgid=id1 :nora!people@chat PRIVMSG #tea :how many?
        pat  < :nora!people@chat PRIVMSG #tea :how many?

        fay  > @+draft/reply=id1 BATCH +x draft/multiline #tea
        fay  > @batch=x PRIVMSG #tea :one
        fay  > @batch=x PRIVMSG #tea :two
        fay  > BATCH -x
        fay  < @time=NOON;msgid=id2;+draft/reply=id1 :fay!~fay@127.0.0.1 BATCH +id2 draft/multiline #tea
        fay  < @batch=id2;time=NOON :fay!~fay@127.0.0.1 PRIVMSG #tea one
        fay  < @batch=id2;time=NOON :fay!~fay@127.0.0.1 PRIVMSG #tea two
        fay  < :fay!~fay@127.0.0.1 BATCH -id2
        nora < [12:00] fay (re 1 nora "how many?"): one
        nora < [12:00] fay (re 1 nora "how many?"): two
        pat  < :fay!~fay@127.0.0.1 PRIVMSG #tea :(re nora "how many?") one
        pat  < :fay!~fay@127.0.0.1 PRIVMSG #tea two
        """)


class PrivateTests(SceneTestCase):
    def test_what_is_private_is_seen_by_these_two(self) -> None:
        self.plays("""
        nora > @fay to fay
        fay  < @time=NOON;msgid=id1 :nora!people@chat PRIVMSG fay :to fay

        nora > @pat to pat
        pat  < :nora!people@chat PRIVMSG pat :to pat

        fay  > PRIVMSG nora :to nora
        fay  < @time=NOON;msgid=id2 :fay!~fay@127.0.0.1 PRIVMSG nora :to nora
        nora < [12:00] fay -> you: to nora

        fay  > PRIVMSG pat :to pat
        fay  < @time=NOON;msgid=id3 :fay!~fay@127.0.0.1 PRIVMSG pat :to pat
        pat  < :fay!~fay@127.0.0.1 PRIVMSG pat :to pat

        pat  > PRIVMSG nora :to nora
        nora < [12:00] pat -> you: to nora

        pat  > PRIVMSG fay :to fay
        fay  < @time=NOON;msgid=id4 :pat!~pat@127.0.0.1 PRIVMSG fay :to fay
        """)

    def test_deeds_notices_and_several_at_once(self) -> None:
        self.plays("""
        pat  > PRIVMSG nora :␁ACTION winks␁
        nora < [12:00] pat -> you: * winks

        fay  > NOTICE nora :look
        fay  < @time=NOON;msgid=id1 :fay!~fay@127.0.0.1 NOTICE nora look
        nora < [12:00] fay -> you: look

        nora > @fay,pat the two of you
        fay  < @time=NOON;msgid=id2 :nora!people@chat PRIVMSG fay :the two of you
        pat  < :nora!people@chat PRIVMSG pat :the two of you

        fay  > PRIVMSG nora,#tea :here and there
        fay  < @time=NOON;msgid=id3 :fay!~fay@127.0.0.1 PRIVMSG nora :here and there
        fay  < @time=NOON;msgid=id4 :fay!~fay@127.0.0.1 PRIVMSG #tea :here and there
        nora < [12:00] fay -> you: here and there
        nora < [12:00] fay: here and there
        pat  < :fay!~fay@127.0.0.1 PRIVMSG #tea :here and there

        pat  > PRIVMSG eve :psst
        eve  < @time=NOON;msgid=id5 :pat!~pat@127.0.0.1 PRIVMSG eve psst
        """)

    def test_answers_and_reactions_in_private(self) -> None:
        self.plays("""
        nora > @fay lunch?
        fay  < @time=NOON;msgid=id1 :nora!people@chat PRIVMSG fay lunch?

        fay  > @+draft/reply=id1 PRIVMSG nora :at one
        fay  < @time=NOON;msgid=id2;+draft/reply=id1 :fay!~fay@127.0.0.1 PRIVMSG nora :at one
        nora < [12:00] fay -> you (re nora "lunch?"): at one

        fay  > @+draft/reply=id1;+draft/react=👍 TAGMSG nora
        fay  < @time=NOON;msgid=id3;+draft/reply=id1;+draft/react=👍 :fay!~fay@127.0.0.1 TAGMSG nora
        nora < [12:00] fay reacts to "lunch?": 👍

        fay  > @+draft/reply=id1;+draft/unreact=👍 TAGMSG nora
        fay  < @time=NOON;msgid=id4;+draft/reply=id1;+draft/unreact=👍 :fay!~fay@127.0.0.1 TAGMSG nora
        nora < [12:00] fay no longer reacts to "lunch?": 👍

        pat  > PRIVMSG fay :lunch?
        fay  < @time=NOON;msgid=id5 :pat!~pat@127.0.0.1 PRIVMSG fay lunch?

        fay  > @+draft/reply=id5;+draft/react=👍 TAGMSG pat
        fay  < @time=NOON;msgid=id6;+draft/reply=id5;+draft/react=👍 :fay!~fay@127.0.0.1 TAGMSG pat
        pat  < :fay!~fay@127.0.0.1 PRIVMSG pat :␁ACTION reacts to pat's "lunch?": 👍␁

        fay  > @+draft/reply=id5;+draft/unreact=👍 TAGMSG pat
        fay  < @time=NOON;msgid=id7;+draft/reply=id5;+draft/unreact=👍 :fay!~fay@127.0.0.1 TAGMSG pat
        pat  < :fay!~fay@127.0.0.1 PRIVMSG pat :␁ACTION no longer reacts to pat's "lunch?": 👍␁

        fay  > @+draft/reply=id5 PRIVMSG pat :at one
        fay  < @time=NOON;msgid=id8;+draft/reply=id5 :fay!~fay@127.0.0.1 PRIVMSG pat :at one
        pat  < :fay!~fay@127.0.0.1 PRIVMSG pat :at one

        fay  > REDACT pat id6
        fay  < @time=NOON;msgid=id9 :fay!~fay@127.0.0.1 REDACT pat id6
        pat  < :fay!~fay@127.0.0.1 PRIVMSG pat :␁ACTION took back how they reacted just now␁
        """)

    def test_what_was_private_is_removed_for_both(self) -> None:
        self.plays("""
        fay  > PRIVMSG nora :wrong window
        fay  > PRIVMSG pat :wrong window
        fay  < @time=NOON;msgid=id1 :fay!~fay@127.0.0.1 PRIVMSG nora :wrong window
        fay  < @time=NOON;msgid=id2 :fay!~fay@127.0.0.1 PRIVMSG pat :wrong window
        nora < [12:00] fay -> you: wrong window
        pat  < :fay!~fay@127.0.0.1 PRIVMSG pat :wrong window

        time > 120
        fay  > REDACT nora id1
        fay  > REDACT pat id2
        fay  < @time=2026-11-20T12:02:00.000Z;msgid=id3 :fay!~fay@127.0.0.1 REDACT nora id1
        fay  < @time=2026-11-20T12:02:00.000Z;msgid=id4 :fay!~fay@127.0.0.1 REDACT pat id2
        nora < [12:02] fay removed what they said to you
        pat  < :fay!~fay@127.0.0.1 PRIVMSG pat :␁ACTION took back what they said 2 minutes ago␁
        """)

    def test_an_answer_in_private_to_what_is_removed_shows_none_of_its_words(self) -> None:
        self.plays("""
        fay  > PRIVMSG pat :wrong words
        fay  < @time=NOON;msgid=id1 :fay!~fay@127.0.0.1 PRIVMSG pat :wrong words
        pat  < :fay!~fay@127.0.0.1 PRIVMSG pat :wrong words

        fay  > @+draft/reply=id1 PRIVMSG pat :I mean
        fay  < @time=NOON;msgid=id2;+draft/reply=id1 :fay!~fay@127.0.0.1 PRIVMSG pat :I mean
        pat  < :fay!~fay@127.0.0.1 PRIVMSG pat :I mean

        fay  > REDACT pat id1
        fay  < @time=NOON;msgid=id3 :fay!~fay@127.0.0.1 REDACT pat id1
        pat  < :fay!~fay@127.0.0.1 PRIVMSG pat :␁ACTION took back what they said just now␁

        pat  > CHATHISTORY LATEST fay * 5
        pat  < :fay!~fay@127.0.0.1 PRIVMSG pat :I mean
        """)


class EveryoneTests(SceneTestCase):
    def test_what_is_said_to_all_is_seen_in_every_room(self) -> None:
        self.plays("""
        nora > @all fire drill
        fay  < @time=NOON;msgid=id1 :nora!people@chat NOTICE $* :fire drill
        pat  < :nora!people@chat NOTICE $* :fire drill
        eve  < @time=NOON;msgid=id1 :nora!people@chat NOTICE $* :fire drill

        nora > @all again
        nora < ! You may speak to everyone only now and then. Try again in 10 s.

        pat  > PRIVMSG $* :me too
        pat  < :chat.example.org 401 pat $* :No such nick or channel
        """)


class TagTests(SceneTestCase):
    def test_typing_is_for_clients_that_know_it(self) -> None:
        self.plays("""
        fay  > @+typing=active TAGMSG #tea
        fay  < @time=NOON;msgid=id1;+typing=active :fay!~fay@127.0.0.1 TAGMSG #tea

        fay  > @+typing=done TAGMSG nora
        fay  < @time=NOON;msgid=id2;+typing=done :fay!~fay@127.0.0.1 TAGMSG nora

        fay  > @+typing=done TAGMSG pat
        fay  < @time=NOON;msgid=id3;+typing=done :fay!~fay@127.0.0.1 TAGMSG pat

        pat  > @+typing=active TAGMSG #tea
        """)


class RoleplayTests(SceneTestCase):
    def test_characters_speak(self) -> None:
        self.plays("""
        fay  > MODE #tea +E
        fay  < @time=NOON;msgid=id1 :fay!~fay@127.0.0.1 MODE #tea +E
        nora < * fay lets people speak as characters
        pat  < :fay!~fay@127.0.0.1 MODE #tea +E

        fay  > NPC #tea bard :sings
        fay  < @time=NOON;msgid=id2 :*bard*!~fay@127.0.0.1 PRIVMSG #tea sings
        nora < [12:00] *bard*: sings
        pat  < :*bard*!~fay@127.0.0.1 PRIVMSG #tea sings

        pat  > NPCA #tea bard :dances
        fay  < @time=NOON;msgid=id3 :*bard*!~pat@127.0.0.1 PRIVMSG #tea :␁ACTION dances␁
        nora < [12:00] * *bard* dances
        pat  < :*bard*!~pat@127.0.0.1 PRIVMSG #tea :␁ACTION dances␁

        pat  > SCENE #tea :It rains.
        fay  < @time=NOON;msgid=id4 :=Scene=!~pat@127.0.0.1 PRIVMSG #tea :It rains.
        nora < [12:00] =Scene=: It rains.
        pat  < :=Scene=!~pat@127.0.0.1 PRIVMSG #tea :It rains.

        nora > /reply 1 lovely
        fay  < @time=NOON;msgid=id5;+draft/reply=id2 :nora!people@chat PRIVMSG #tea lovely
        pat  < :nora!people@chat PRIVMSG #tea :(re *bard* "sings") lovely

        nora > /react 2 :tada:
        fay  < @time=NOON;msgid=id6;+draft/react=🎉;+draft/reply=id3 :nora!people@chat TAGMSG #tea
        nora < * You react to line 2 with 🎉
        pat  < :nora!people@chat PRIVMSG #tea :␁ACTION reacts to *bard*'s "dances": 🎉␁

        fay  > MODE #tea -E
        fay  < @time=NOON;msgid=id7 :fay!~fay@127.0.0.1 MODE #tea -E
        nora < * fay no longer lets people speak as characters
        pat  < :fay!~fay@127.0.0.1 MODE #tea -E

        pat  > NPC #tea bard :sings
        pat  < :chat.example.org 573 pat #tea :Characters may not speak in this channel (-E)
        """)

    def test_people_of_another_network_speak(self) -> None:
        self.plays("""
        fay  > RELAYMSG #tea smith/elsewhere :hello from there
        fay  < @time=NOON;msgid=id1;draft/relaymsg=fay :smith/elsewhere!~fay@127.0.0.1 PRIVMSG #tea :hello from there
        nora < [12:00] smith/elsewhere: hello from there
        pat  < :smith/elsewhere!~fay@127.0.0.1 PRIVMSG #tea :hello from there

        pat  > RELAYMSG #tea smith/elsewhere :hello from there
        pat  < :chat.example.org FAIL RELAYMSG PRIVS_NEEDED :Only an operator of the channel may pass messages on

        nora > /reply 1 hello there
        fay  < @time=NOON;msgid=id2;+draft/reply=id1 :nora!people@chat PRIVMSG #tea :hello there
        pat  < :nora!people@chat PRIVMSG #tea :(re smith/elsewhere "hello from there") hello there
        """)
