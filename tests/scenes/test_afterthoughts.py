"""What is done to a line after it was said: on every wire, as every other one sees it."""

from __future__ import annotations

from tests.scenes.stage import SceneTestCase


class AnswerTests(SceneTestCase):
    def test_an_answer_shows_what_it_is_to(self) -> None:
        self.plays("""
        nora > tea?
        fay  < @time=NOON;msgid=id1 :nora!people@chat PRIVMSG #tea tea?
        pat  < :nora!people@chat PRIVMSG #tea tea?

        nora > /reply 1 anyone?
        fay  < @time=NOON;msgid=id2;+draft/reply=id1 :nora!people@chat PRIVMSG #tea anyone?
        pat  < :nora!people@chat PRIVMSG #tea :(re nora "tea?") anyone?

        fay  > @+draft/reply=id1 PRIVMSG #tea :please
        fay  < @time=NOON;msgid=id3;+draft/reply=id1 :fay!~fay@127.0.0.1 PRIVMSG #tea please
        nora < [12:00] fay (re 1 nora "tea?"): please
        pat  < :fay!~fay@127.0.0.1 PRIVMSG #tea :(re nora "tea?") please

        fay  > @+reply=id1 PRIVMSG #tea :with milk
        fay  < @time=NOON;msgid=id4;+reply=id1;+draft/reply=id1 :fay!~fay@127.0.0.1 PRIVMSG #tea :with milk
        nora < [12:00] fay (re 1 nora "tea?"): with milk
        pat  < :fay!~fay@127.0.0.1 PRIVMSG #tea :(re nora "tea?") with milk

        fay  > @+draft/reply=id1 PRIVMSG #tea :␁ACTION nods␁
        fay  < @time=NOON;msgid=id5;+draft/reply=id1 :fay!~fay@127.0.0.1 PRIVMSG #tea :␁ACTION nods␁
        nora < [12:00] * fay (re 1 nora "tea?") nods
        pat  < :fay!~fay@127.0.0.1 PRIVMSG #tea :␁ACTION (re nora "tea?") nods␁

        fay  > @+draft/reply=unknown PRIVMSG #tea :to something long gone
        fay  < @time=NOON;msgid=id6;+draft/reply=unknown :fay!~fay@127.0.0.1 PRIVMSG #tea :to something long gone
        nora < [12:00] fay: to something long gone
        pat  < :fay!~fay@127.0.0.1 PRIVMSG #tea :to something long gone
        """)

    def test_an_answer_to_what_is_removed_shows_none_of_its_words(self) -> None:
        self.plays("""
        pat  > PRIVMSG #tea :spam
        fay  < @time=NOON;msgid=id1 :pat!~pat@127.0.0.1 PRIVMSG #tea spam
        nora < [12:00] pat: spam

        nora > /reply 1 what is this?
        fay  < @time=NOON;msgid=id2;+draft/reply=id1 :nora!people@chat PRIVMSG #tea :what is this?
        pat  < :nora!people@chat PRIVMSG #tea :(re pat "spam") what is this?

        fay  > REDACT #tea id1
        fay  < @time=NOON;msgid=id3 :fay!~fay@127.0.0.1 REDACT #tea id1
        nora < [12:00] fay removed 1 of pat
        pat  < :fay!~fay@127.0.0.1 PRIVMSG #tea :␁ACTION removed what pat said just now␁

        nora > /reply 1 gone?
        nora < ! There is no line 1 in tea.

        nora > /history
        nora < [1 12:00] what pat said was removed
        nora < [2 12:00] nora (re 1 pat): what is this?
        nora < * 2 lines of tea.

        pat  > CHATHISTORY LATEST #tea * 5
        pat  < :nora!people@chat PRIVMSG #tea :(re pat) what is this?
        """)


class ReactionTests(SceneTestCase):
    def test_a_reaction_is_seen_and_taken_back(self) -> None:
        self.plays("""
        pat  > PRIVMSG #tea :I made a cake
        fay  < @time=NOON;msgid=id1 :pat!~pat@127.0.0.1 PRIVMSG #tea :I made a cake
        nora < [12:00] pat: I made a cake

        nora > /react 1 :tada:
        fay  < @time=NOON;msgid=id2;+draft/react=🎉;+draft/reply=id1 :nora!people@chat TAGMSG #tea
        nora < * You react to line 1 with 🎉
        pat  < :nora!people@chat PRIVMSG #tea :␁ACTION reacts to pat's "I made a cake": 🎉␁

        fay  > @+draft/reply=id1;+draft/react=🍰 TAGMSG #tea
        fay  < @time=NOON;msgid=id3;+draft/reply=id1;+draft/react=🍰 :fay!~fay@127.0.0.1 TAGMSG #tea
        nora < [12:00] fay reacts to 1: 🍰
        pat  < :fay!~fay@127.0.0.1 PRIVMSG #tea :␁ACTION reacts to pat's "I made a cake": 🍰␁

        fay  > @+draft/reply=id1;+draft/unreact=🍰 TAGMSG #tea
        fay  < @time=NOON;msgid=id4;+draft/reply=id1;+draft/unreact=🍰 :fay!~fay@127.0.0.1 TAGMSG #tea
        nora < [12:00] fay no longer reacts to 1: 🍰
        pat  < :fay!~fay@127.0.0.1 PRIVMSG #tea :␁ACTION no longer reacts to pat's "I made a cake": 🍰␁

        nora > /react 9 :tada:
        nora < ! There is no line 9 in tea.
        """)

    def test_a_reaction_that_is_removed_is_not_the_line(self) -> None:
        self.plays("""
        nora > I am late
        fay  < @time=NOON;msgid=id1 :nora!people@chat PRIVMSG #tea :I am late
        pat  < :nora!people@chat PRIVMSG #tea :I am late

        fay  > @+draft/reply=id1;+draft/react=🐌 TAGMSG #tea
        fay  < @time=NOON;msgid=id2;+draft/reply=id1;+draft/react=🐌 :fay!~fay@127.0.0.1 TAGMSG #tea
        nora < [12:00] fay reacts to 1: 🐌
        pat  < :fay!~fay@127.0.0.1 PRIVMSG #tea :␁ACTION reacts to nora's "I am late": 🐌␁

        fay  > REDACT #tea id2
        fay  < @time=NOON;msgid=id3 :fay!~fay@127.0.0.1 REDACT #tea id2
        nora < [12:00] fay took back a reaction to 1
        pat  < :fay!~fay@127.0.0.1 PRIVMSG #tea :␁ACTION took back how they reacted just now␁

        fay  > @+draft/reply=id1;+draft/react=🦥 TAGMSG #tea
        fay  < @time=NOON;msgid=id4;+draft/reply=id1;+draft/react=🦥 :fay!~fay@127.0.0.1 TAGMSG #tea
        nora < [12:00] fay reacts to 1: 🦥
        pat  < :fay!~fay@127.0.0.1 PRIVMSG #tea :␁ACTION reacts to nora's "I am late": 🦥␁

        fay  > MODE #tea +o nora
        fay  < @time=NOON;msgid=id5 :fay!~fay@127.0.0.1 MODE #tea +o nora
        nora < * fay made nora an operator
        pat  < :fay!~fay@127.0.0.1 MODE #tea +o nora

        nora > /history
        nora < [1 12:00] nora: I am late
        nora < * 1 line of tea.
        """)

    def test_an_operator_removes_somebodys_reaction(self) -> None:
        self.enters("tag", self.irc("tag", "#tea", caps="message-tags"))
        self.plays("""
        nora > I am late
        fay  < @time=NOON;msgid=id1 :nora!people@chat PRIVMSG #tea :I am late
        pat  < :nora!people@chat PRIVMSG #tea :I am late
        tag  < @msgid=id1 :nora!people@chat PRIVMSG #tea :I am late

        tag  > @+draft/reply=id1;+draft/react=🐌 TAGMSG #tea
        fay  < @time=NOON;msgid=id2;+draft/reply=id1;+draft/react=🐌 :tag!~tag@127.0.0.1 TAGMSG #tea
        nora < [12:00] tag reacts to 1: 🐌
        pat  < :tag!~tag@127.0.0.1 PRIVMSG #tea :␁ACTION reacts to nora's "I am late": 🐌␁

        fay  > REDACT #tea id2 :be kind
        fay  < @time=NOON;msgid=id3 :fay!~fay@127.0.0.1 REDACT #tea id2 :be kind
        nora < [12:00] fay removed a reaction of tag to 1 (be kind)
        pat  < :fay!~fay@127.0.0.1 PRIVMSG #tea :␁ACTION removed how tag reacted just now: be kind␁
        tag  < @msgid=id3;+draft/reply=id2 :fay!~fay@127.0.0.1 PRIVMSG #tea :␁ACTION removed how tag reacted just now: be kind␁
        """)  # noqa: E501

    def test_a_reaction_to_something_unknown(self) -> None:
        self.plays("""
        fay  > @+draft/react=👍 TAGMSG #tea
        fay  < @time=NOON;msgid=id1;+draft/react=👍 :fay!~fay@127.0.0.1 TAGMSG #tea
        pat  < :fay!~fay@127.0.0.1 PRIVMSG #tea :␁ACTION reacts: 👍␁

        fay  > @+draft/unreact=👍;+draft/reply=unknown TAGMSG #tea
        fay  < @time=NOON;msgid=id2;+draft/unreact=👍;+draft/reply=unknown :fay!~fay@127.0.0.1 TAGMSG #tea
        pat  < :fay!~fay@127.0.0.1 PRIVMSG #tea :␁ACTION no longer reacts: 👍␁
        """)


class EditTests(SceneTestCase):
    def test_an_edit_is_told_in_words(self) -> None:
        self.plays("""
        nora > helo
        fay  < @time=NOON;msgid=id1 :nora!people@chat PRIVMSG #tea helo
        pat  < :nora!people@chat PRIVMSG #tea helo

        nora > s/helo/hello/
        fay  < @time=NOON;msgid=id2;+draft/edit=id1 :nora!people@chat PRIVMSG #tea hello
        nora < * Line 1 is now: hello
        pat  < :nora!people@chat PRIVMSG #tea :␁ACTION changed "helo" to: hello␁

        nora > /edit 1 hello all
        fay  < @time=NOON;msgid=id3;+draft/edit=id1 :nora!people@chat PRIVMSG #tea :hello all
        nora < * Line 1 is now: hello all
        pat  < :nora!people@chat PRIVMSG #tea :␁ACTION changed "hello" to: hello all␁

        nora > /me waves
        fay  < @time=NOON;msgid=id4 :nora!people@chat PRIVMSG #tea :␁ACTION waves␁
        pat  < :nora!people@chat PRIVMSG #tea :␁ACTION waves␁

        nora > /edit 2 waves to all
        fay  < @time=NOON;msgid=id5;+draft/edit=id4 :nora!people@chat PRIVMSG #tea :waves to all
        nora < * Line 2 is now: waves to all
        pat  < :nora!people@chat PRIVMSG #tea :␁ACTION changed "waves" to: waves to all␁
        """)

    def test_only_ones_own(self) -> None:
        self.plays("""
        pat  > PRIVMSG #tea :mine
        fay  < @time=NOON;msgid=id1 :pat!~pat@127.0.0.1 PRIVMSG #tea mine
        nora < [12:00] pat: mine

        nora > /edit 1 yours
        nora < ! Line 1 is not yours but pat's.

        nora > /delete 1
        nora < ! Line 1 is not yours but pat's.

        fay  > REDACT #tea unknown
        fay  < @time=NOON :chat.example.org FAIL REDACT UNKNOWN_MSGID #tea unknown :This message does not exist or is too old
        """)  # noqa: E501


class RemovalTests(SceneTestCase):
    def test_a_removal_is_told_in_words(self) -> None:
        self.plays("""
        nora > one
        fay  > PRIVMSG #tea :two
        pat  > PRIVMSG #tea :three
        fay  < @time=NOON;msgid=id1 :nora!people@chat PRIVMSG #tea one
        fay  < @time=NOON;msgid=id2 :fay!~fay@127.0.0.1 PRIVMSG #tea two
        fay  < @time=NOON;msgid=id3 :pat!~pat@127.0.0.1 PRIVMSG #tea three
        nora < [12:00] fay: two
        nora < [12:00] pat: three
        pat  < :nora!people@chat PRIVMSG #tea one
        pat  < :fay!~fay@127.0.0.1 PRIVMSG #tea two

        time > 90
        nora > /delete 1
        fay  < @time=2026-11-20T12:01:30.000Z;msgid=id4 :nora!people@chat REDACT #tea id1
        nora < * Line 1 is removed.
        pat  < :nora!people@chat PRIVMSG #tea :␁ACTION took back what they said 1 minute ago␁

        fay  > REDACT #tea id2 :wrong window
        fay  < @time=2026-11-20T12:01:30.000Z;msgid=id5 :fay!~fay@127.0.0.1 REDACT #tea id2 :wrong window
        nora < [12:01] fay removed 2 (wrong window)
        pat  < :fay!~fay@127.0.0.1 PRIVMSG #tea :␁ACTION took back what they said 1 minute ago: wrong window␁

        fay  > REDACT #tea id3 :off topic
        fay  < @time=2026-11-20T12:01:30.000Z;msgid=id6 :fay!~fay@127.0.0.1 REDACT #tea id3 :off topic
        nora < [12:01] fay removed 3 of pat (off topic)
        pat  < :fay!~fay@127.0.0.1 PRIVMSG #tea :␁ACTION removed what pat said 1 minute ago: off topic␁

        nora > /history
        nora < [1 12:00] what nora said was removed
        nora < [2 12:00] what fay said was removed
        nora < [3 12:00] what pat said was removed
        nora < * 3 lines of tea.
        """)

    def test_an_operator_on_nc_removes_by_number(self) -> None:
        self.plays("""
        pat  > PRIVMSG #tea :spam
        fay  > MODE #tea +o nora
        fay  < @time=NOON;msgid=id1 :pat!~pat@127.0.0.1 PRIVMSG #tea spam
        fay  < @time=NOON;msgid=id2 :fay!~fay@127.0.0.1 MODE #tea +o nora
        nora < [12:00] pat: spam
        nora < * fay made nora an operator
        pat  < :fay!~fay@127.0.0.1 MODE #tea +o nora

        nora > /delete 1
        fay  < @time=NOON;msgid=id3 :nora!people@chat REDACT #tea id1
        nora < * Line 1 is removed.
        pat  < :nora!people@chat PRIVMSG #tea :␁ACTION removed what pat said just now␁

        nora > /delete 1
        nora < ! There is no line 1 in tea.
        """)
