"""Clients that know some of it: what they lack a capability for reaches them in words, and nothing twice."""

from __future__ import annotations

from tests.scenes.stage import SceneTestCase


class TagsWithoutEchoTests(SceneTestCase):
    """Tess has message-tags and nothing else: no echo, no redaction, no time."""

    def test_it_sees_what_others_do(self) -> None:
        self.enters("tess", self.irc("tess", "#tea", caps="message-tags"))
        self.plays("""
        nora > helo
        fay  < @time=NOON;msgid=id1 :nora!people@chat PRIVMSG #tea helo
        pat  < :nora!people@chat PRIVMSG #tea helo
        tess < @msgid=id1 :nora!people@chat PRIVMSG #tea helo

        nora > /reply 1 I said
        fay  < @time=NOON;msgid=id2;+draft/reply=id1 :nora!people@chat PRIVMSG #tea :I said
        pat  < :nora!people@chat PRIVMSG #tea :(re nora "helo") I said
        tess < @msgid=id2;+draft/reply=id1 :nora!people@chat PRIVMSG #tea :I said

        nora > /react 1 :tada:
        fay  < @time=NOON;msgid=id3;+draft/react=🎉;+draft/reply=id1 :nora!people@chat TAGMSG #tea
        nora < * You react to line 1 with 🎉
        pat  < :nora!people@chat PRIVMSG #tea :␁ACTION reacts to nora's "helo": 🎉␁
        tess < @msgid=id3;+draft/react=🎉;+draft/reply=id1 :nora!people@chat TAGMSG #tea

        nora > s/I said/I say/
        fay  < @time=NOON;msgid=id4;+draft/edit=id2 :nora!people@chat PRIVMSG #tea :I say
        nora < * Line 2 is now: I say
        pat  < :nora!people@chat PRIVMSG #tea :␁ACTION changed "I said" to: I say␁
        tess < @msgid=id4;+draft/reply=id2 :nora!people@chat PRIVMSG #tea :␁ACTION changed "I said" to: I say␁

        nora > /delete 1
        fay  < @time=NOON;msgid=id5 :nora!people@chat REDACT #tea id1
        nora < * Line 1 is removed.
        pat  < :nora!people@chat PRIVMSG #tea :␁ACTION took back what they said just now␁
        tess < @msgid=id5;+draft/reply=id1 :nora!people@chat PRIVMSG #tea :␁ACTION took back what they said just now␁

        fay  > BATCH +x draft/multiline #tea
        fay  > @batch=x PRIVMSG #tea :one
        fay  > @batch=x PRIVMSG #tea :two
        fay  > BATCH -x
        fay  < @time=NOON;msgid=id6 :fay!~fay@127.0.0.1 BATCH +id6 draft/multiline #tea
        fay  < @batch=id6;time=NOON :fay!~fay@127.0.0.1 PRIVMSG #tea one
        fay  < @batch=id6;time=NOON :fay!~fay@127.0.0.1 PRIVMSG #tea two
        fay  < :fay!~fay@127.0.0.1 BATCH -id6
        nora < [12:00] fay: one
        nora < [12:00] fay: two
        pat  < :fay!~fay@127.0.0.1 PRIVMSG #tea one
        pat  < :fay!~fay@127.0.0.1 PRIVMSG #tea two
        tess < @msgid=id6 :fay!~fay@127.0.0.1 PRIVMSG #tea one
        tess < :fay!~fay@127.0.0.1 PRIVMSG #tea two
        """)

    def test_what_it_does_itself_comes_back_only_if_it_was_no_message(self) -> None:
        self.enters("tess", self.irc("tess", "#tea", caps="message-tags"))
        self.plays("""
        nora > hello
        fay  < @time=NOON;msgid=id1 :nora!people@chat PRIVMSG #tea hello
        pat  < :nora!people@chat PRIVMSG #tea hello
        tess < @msgid=id1 :nora!people@chat PRIVMSG #tea hello

        tess > PRIVMSG #tea :hello you
        fay  < @time=NOON;msgid=id2 :tess!~tess@127.0.0.1 PRIVMSG #tea :hello you
        nora < [12:00] tess: hello you
        pat  < :tess!~tess@127.0.0.1 PRIVMSG #tea :hello you

        tess > @+draft/reply=id1 PRIVMSG #tea :how are you?
        fay  < @time=NOON;msgid=id3;+draft/reply=id1 :tess!~tess@127.0.0.1 PRIVMSG #tea :how are you?
        nora < [12:00] tess (re 1 nora "hello"): how are you?
        pat  < :tess!~tess@127.0.0.1 PRIVMSG #tea :(re nora "hello") how are you?

        tess > @+draft/reply=id1;+draft/react=👋 TAGMSG #tea
        fay  < @time=NOON;msgid=id4;+draft/reply=id1;+draft/react=👋 :tess!~tess@127.0.0.1 TAGMSG #tea
        nora < [12:00] tess reacts to 1: 👋
        pat  < :tess!~tess@127.0.0.1 PRIVMSG #tea :␁ACTION reacts to nora's "hello": 👋␁

        tess > REDACT #tea id2 :not so fast
        fay  < @time=NOON;msgid=id5 :tess!~tess@127.0.0.1 REDACT #tea id2 :not so fast
        nora < [12:00] tess removed 2 (not so fast)
        pat  < :tess!~tess@127.0.0.1 PRIVMSG #tea :␁ACTION took back what they said just now: not so fast␁
        tess < @msgid=id5;+draft/reply=id2 :tess!~tess@127.0.0.1 PRIVMSG #tea :␁ACTION took back what they said just now: not so fast␁
        """)  # noqa: E501


class EchoWithoutTagsTests(SceneTestCase):
    """Emma has echo-message and nothing else."""

    def test_what_it_says_comes_back(self) -> None:
        self.enters("emma", self.irc("emma", "#tea", caps="echo-message"))
        self.plays("""
        emma > PRIVMSG #tea :hello
        fay  < @time=NOON;msgid=id1 :emma!~emma@127.0.0.1 PRIVMSG #tea hello
        nora < [12:00] emma: hello
        pat  < :emma!~emma@127.0.0.1 PRIVMSG #tea hello
        emma < :emma!~emma@127.0.0.1 PRIVMSG #tea hello

        emma > PRIVMSG nora :hello you
        nora < [12:00] emma -> you: hello you
        emma < :emma!~emma@127.0.0.1 PRIVMSG nora :hello you

        emma > PRIVMSG #tea :␁ACTION waves␁
        fay  < @time=NOON;msgid=id2 :emma!~emma@127.0.0.1 PRIVMSG #tea :␁ACTION waves␁
        nora < [12:00] * emma waves
        pat  < :emma!~emma@127.0.0.1 PRIVMSG #tea :␁ACTION waves␁
        emma < :emma!~emma@127.0.0.1 PRIVMSG #tea :␁ACTION waves␁

        emma > @+typing=active TAGMSG #tea

        nora > /reply 1 hello emma
        fay  < @time=NOON;msgid=id3;+draft/reply=id1 :nora!people@chat PRIVMSG #tea :hello emma
        pat  < :nora!people@chat PRIVMSG #tea :(re emma "hello") hello emma
        emma < :nora!people@chat PRIVMSG #tea :(re emma "hello") hello emma

        nora > /react 1 :wave:
        fay  < @time=NOON;msgid=id4;+draft/react=👋;+draft/reply=id1 :nora!people@chat TAGMSG #tea
        nora < * You react to line 1 with 👋
        pat  < :nora!people@chat PRIVMSG #tea :␁ACTION reacts to emma's "hello": 👋␁
        emma < :nora!people@chat PRIVMSG #tea :␁ACTION reacts to emma's "hello": 👋␁

        nora > s/hello emma/hi emma/
        fay  < @time=NOON;msgid=id5;+draft/edit=id3 :nora!people@chat PRIVMSG #tea :hi emma
        nora < * Line 3 is now: hi emma
        pat  < :nora!people@chat PRIVMSG #tea :␁ACTION changed "hello emma" to: hi emma␁
        emma < :nora!people@chat PRIVMSG #tea :␁ACTION changed "hello emma" to: hi emma␁

        nora > /delete 3
        fay  < @time=NOON;msgid=id6 :nora!people@chat REDACT #tea id3
        nora < * Line 3 is removed.
        pat  < :nora!people@chat PRIVMSG #tea :␁ACTION took back what they said just now␁
        emma < :nora!people@chat PRIVMSG #tea :␁ACTION took back what they said just now␁
        """)


class RedactionWithoutTagsTests(SceneTestCase):
    """Rose has draft/message-redaction and nothing else."""

    def test_it_sees_redactions_and_the_rest_in_words(self) -> None:
        self.enters("rose", self.irc("rose", "#tea", caps="draft/message-redaction"))
        self.plays("""
        nora > helo
        fay  < @time=NOON;msgid=id1 :nora!people@chat PRIVMSG #tea helo
        pat  < :nora!people@chat PRIVMSG #tea helo
        rose < :nora!people@chat PRIVMSG #tea helo

        nora > /reply 1 hi
        fay  < @time=NOON;msgid=id2;+draft/reply=id1 :nora!people@chat PRIVMSG #tea hi
        pat  < :nora!people@chat PRIVMSG #tea :(re nora "helo") hi
        rose < :nora!people@chat PRIVMSG #tea :(re nora "helo") hi

        nora > /react 1 :tada:
        fay  < @time=NOON;msgid=id3;+draft/react=🎉;+draft/reply=id1 :nora!people@chat TAGMSG #tea
        nora < * You react to line 1 with 🎉
        pat  < :nora!people@chat PRIVMSG #tea :␁ACTION reacts to nora's "helo": 🎉␁
        rose < :nora!people@chat PRIVMSG #tea :␁ACTION reacts to nora's "helo": 🎉␁

        nora > /edit 1 hello
        fay  < @time=NOON;msgid=id4;+draft/edit=id1 :nora!people@chat PRIVMSG #tea hello
        nora < * Line 1 is now: hello
        pat  < :nora!people@chat PRIVMSG #tea :␁ACTION changed "helo" to: hello␁
        rose < :nora!people@chat PRIVMSG #tea :␁ACTION changed "helo" to: hello␁

        nora > /delete 1
        fay  < @time=NOON;msgid=id5 :nora!people@chat REDACT #tea id1
        nora < * Line 1 is removed.
        pat  < :nora!people@chat PRIVMSG #tea :␁ACTION took back what they said just now␁
        rose < :nora!people@chat REDACT #tea id1
        """)


class LabelsWithoutEchoTests(SceneTestCase):
    """Lena has labeled-response and batch, no echo and no tags of messages."""

    def test_every_command_is_answered_once_under_its_label(self) -> None:
        self.enters("lena", self.irc("lena", "#tea", caps="labeled-response batch"))
        self.plays("""
        lena > @label=1 PRIVMSG #tea :hello
        fay  < @time=NOON;msgid=id1 :lena!~lena@127.0.0.1 PRIVMSG #tea hello
        nora < [12:00] lena: hello
        pat  < :lena!~lena@127.0.0.1 PRIVMSG #tea hello
        lena < @label=1 :chat.example.org ACK

        lena > @label=2 PRIVMSG nobody :hello
        lena < @label=2 :chat.example.org 401 lena nobody :No such nick or channel

        lena > @label=3 TOPIC #tea :mine
        lena < @label=3 :chat.example.org 482 lena #tea :You're not a channel operator

        lena > @label=4 NICK lene
        fay  < @time=NOON;msgid=id2 :lena!~lena@127.0.0.1 NICK lene
        nora < * lena is now lene
        pat  < :lena!~lena@127.0.0.1 NICK lene
        lena < @label=4 :lena!~lena@127.0.0.1 NICK lene

        lena > @label=5 PART #tea
        fay  < @time=NOON;msgid=id3 :lene!~lena@127.0.0.1 PART #tea
        nora < * lene left the room
        pat  < :lene!~lena@127.0.0.1 PART #tea
        lena < @label=5 :lene!~lena@127.0.0.1 PART #tea

        lena > @label=6 JOIN #tea
        fay  < @time=NOON;msgid=id4 :lene!~lena@127.0.0.1 JOIN #tea * Lena
        nora < * lene came
        pat  < :lene!~lena@127.0.0.1 JOIN #tea
        lena < @label=6 :chat.example.org BATCH +b1 labeled-response
        lena < @batch=b1 :lene!~lena@127.0.0.1 JOIN #tea
        lena < @batch=b1 :chat.example.org 353 lene = #tea :@fay nora pat lene
        lena < @batch=b1 :chat.example.org 366 lene #tea :End of NAMES list
        lena < @batch=b1 :chat.example.org BATCH +b0 chathistory #tea
        lena < @batch=b0 :lena!~lena@127.0.0.1 PRIVMSG #tea :[12:00] hello
        lena < @batch=b1 :chat.example.org BATCH -b0
        lena < :chat.example.org BATCH -b1

        nora > /reply 1 hello
        fay  < @time=NOON;msgid=id5;+draft/reply=id1 :nora!people@chat PRIVMSG #tea hello
        pat  < :nora!people@chat PRIVMSG #tea :(re lena "hello") hello
        lena < :nora!people@chat PRIVMSG #tea :(re lena "hello") hello
        """)


class LabelsWithEverythingTests(SceneTestCase):
    def test_what_comes_back_has_the_label_once(self) -> None:
        self.plays("""
        fay  > @label=1 PRIVMSG #tea :hello
        fay  < @time=NOON;msgid=id1;label=1 :fay!~fay@127.0.0.1 PRIVMSG #tea hello
        nora < [12:00] fay: hello
        pat  < :fay!~fay@127.0.0.1 PRIVMSG #tea hello

        fay  > @label=2;+draft/reply=id1 PRIVMSG #tea :hello myself
        fay  < @time=NOON;msgid=id2;+draft/reply=id1;label=2 :fay!~fay@127.0.0.1 PRIVMSG #tea :hello myself
        nora < [12:00] fay (re 1 fay "hello"): hello myself
        pat  < :fay!~fay@127.0.0.1 PRIVMSG #tea :(re fay "hello") hello myself

        fay  > @label=3;+draft/reply=id1;+draft/react=👋 TAGMSG #tea
        fay  < @time=NOON;msgid=id3;+draft/reply=id1;+draft/react=👋;label=3 :fay!~fay@127.0.0.1 TAGMSG #tea
        nora < [12:00] fay reacts to 1: 👋
        pat  < :fay!~fay@127.0.0.1 PRIVMSG #tea :␁ACTION reacts to fay's "hello": 👋␁

        fay  > @label=4 REDACT #tea id1
        fay  < @time=NOON;msgid=id4;label=4 :fay!~fay@127.0.0.1 REDACT #tea id1
        nora < [12:00] fay removed 1
        pat  < :fay!~fay@127.0.0.1 PRIVMSG #tea :␁ACTION took back what they said just now␁

        fay  > @label=5 REDACT #tea id1
        fay  < @time=NOON;label=5 :chat.example.org FAIL REDACT UNKNOWN_MSGID #tea id1 :This message does not exist or is too old

        fay  > @label=6 TOPIC #tea :quiet
        fay  < @time=NOON;msgid=id5;label=6 :fay!~fay@127.0.0.1 TOPIC #tea quiet
        nora < * fay changed the topic to: quiet
        pat  < :fay!~fay@127.0.0.1 TOPIC #tea quiet

        fay  > @label=7 MODE #tea +m
        fay  < @time=NOON;msgid=id6;label=7 :fay!~fay@127.0.0.1 MODE #tea +m
        nora < * fay made the room moderated
        pat  < :fay!~fay@127.0.0.1 MODE #tea +m

        fay  > @label=8 AWAY :lunch
        fay  < @time=NOON;label=8 :chat.example.org 306 fay :You have been marked as being away

        fay  > @label=9 KICK #tea pat :bye
        fay  < @time=NOON;msgid=id7;label=9 :fay!~fay@127.0.0.1 KICK #tea pat bye
        nora < * fay put pat out of the room (bye)
        pat  < :fay!~fay@127.0.0.1 KICK #tea pat bye

        fay  > @label=10 PRIVMSG nora,#tea :both
        fay  < @time=NOON;label=10 :chat.example.org BATCH +b3 labeled-response
        fay  < @time=NOON;msgid=id8;batch=b3 :fay!~fay@127.0.0.1 PRIVMSG nora both
        fay  < @time=NOON;msgid=id9;batch=b3 :fay!~fay@127.0.0.1 PRIVMSG #tea both
        fay  < @time=NOON :chat.example.org BATCH -b3
        nora < [12:00] fay -> you: both
        nora < [12:00] fay: both

        fay  > @label=11 BATCH +x draft/multiline #tea
        fay  > @batch=x PRIVMSG #tea :one
        fay  > @batch=x PRIVMSG #tea :two
        fay  > BATCH -x
        fay  < @time=NOON;msgid=id10;label=11 :fay!~fay@127.0.0.1 BATCH +id10 draft/multiline #tea
        fay  < @batch=id10;time=NOON :fay!~fay@127.0.0.1 PRIVMSG #tea one
        fay  < @batch=id10;time=NOON :fay!~fay@127.0.0.1 PRIVMSG #tea two
        fay  < @time=NOON :fay!~fay@127.0.0.1 BATCH -id10
        nora < [12:00] fay: one
        nora < [12:00] fay: two
        """)  # noqa: E501


class MultilineWithoutTagsTests(SceneTestCase):
    """Mona has batch and draft/multiline, but no message-tags."""

    def test_an_answer_of_several_lines_says_in_words_what_it_is_to(self) -> None:
        self.enters("mona", self.irc("mona", "#tea", caps="batch draft/multiline"))
        self.plays("""
        nora > how many?
        fay  < @time=NOON;msgid=id1 :nora!people@chat PRIVMSG #tea :how many?
        pat  < :nora!people@chat PRIVMSG #tea :how many?
        mona < :nora!people@chat PRIVMSG #tea :how many?

        mona > BATCH +x draft/multiline #tea
        mona > @batch=x PRIVMSG #tea :one
        mona > @batch=x PRIVMSG #tea :two
        mona > BATCH -x
        fay  < @time=NOON;msgid=id2 :mona!~mona@127.0.0.1 BATCH +id2 draft/multiline #tea
        fay  < @batch=id2;time=NOON :mona!~mona@127.0.0.1 PRIVMSG #tea one
        fay  < @batch=id2;time=NOON :mona!~mona@127.0.0.1 PRIVMSG #tea two
        fay  < :mona!~mona@127.0.0.1 BATCH -id2
        nora < [12:00] mona: one
        nora < [12:00] mona: two
        pat  < :mona!~mona@127.0.0.1 PRIVMSG #tea one
        pat  < :mona!~mona@127.0.0.1 PRIVMSG #tea two

        fay  > @+draft/reply=id1 BATCH +x draft/multiline #tea
        fay  > @batch=x PRIVMSG #tea :one
        fay  > @batch=x PRIVMSG #tea :two
        fay  > BATCH -x
        fay  < @time=NOON;msgid=id3;+draft/reply=id1 :fay!~fay@127.0.0.1 BATCH +id3 draft/multiline #tea
        fay  < @batch=id3;time=NOON :fay!~fay@127.0.0.1 PRIVMSG #tea one
        fay  < @batch=id3;time=NOON :fay!~fay@127.0.0.1 PRIVMSG #tea two
        fay  < :fay!~fay@127.0.0.1 BATCH -id3
        nora < [12:00] fay (re 1 nora "how many?"): one
        nora < [12:00] fay (re 1 nora "how many?"): two
        pat  < :fay!~fay@127.0.0.1 PRIVMSG #tea :(re nora "how many?") one
        pat  < :fay!~fay@127.0.0.1 PRIVMSG #tea two
        mona < :fay!~fay@127.0.0.1 BATCH +id3 draft/multiline #tea
        mona < @batch=id3 :fay!~fay@127.0.0.1 PRIVMSG #tea :(re nora "how many?") one
        mona < @batch=id3 :fay!~fay@127.0.0.1 PRIVMSG #tea two
        mona < :fay!~fay@127.0.0.1 BATCH -id3
        """)
