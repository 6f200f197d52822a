"""What happens in a room: who comes and goes, what it is about and called, and who may do what there."""

from __future__ import annotations

from tests.scenes.stage import SceneTestCase


class ComingTests(SceneTestCase):
    def test_leaving_and_coming_back(self) -> None:
        self.plays("""
        nora > /leave
        fay  < @time=NOON;msgid=id1 :nora!people@chat PART #tea
        nora < * You left tea. You are in lobby.
        pat  < :nora!people@chat PART #tea

        nora > /join tea
        fay  < @time=NOON;msgid=id2 :nora!people@chat JOIN #tea * nora
        nora < * You are in tea (3 people): fay, pat.
        pat  < :nora!people@chat JOIN #tea

        pat  > PART #tea :bored
        fay  < @time=NOON;msgid=id3 :pat!~pat@127.0.0.1 PART #tea bored
        nora < * pat left the room (bored)
        pat  < :pat!~pat@127.0.0.1 PART #tea bored

        pat  > JOIN #tea
        fay  < @time=NOON;msgid=id4 :pat!~pat@127.0.0.1 JOIN #tea * Pat
        nora < * pat came
        pat  < :pat!~pat@127.0.0.1 JOIN #tea
        pat  < :chat.example.org 353 pat = #tea :@fay nora pat
        pat  < :chat.example.org 366 pat #tea :End of NAMES list

        fay  > PART #tea :later
        fay  < @time=NOON;msgid=id5 :fay!~fay@127.0.0.1 PART #tea later
        nora < * fay left the room (later)
        pat  < :fay!~fay@127.0.0.1 PART #tea later

        fay  > JOIN #tea
        fay  < @time=NOON;msgid=id6 :fay!~fay@127.0.0.1 JOIN #tea * Fay
        fay  < @time=NOON :chat.example.org MARKREAD #tea *
        fay  < @time=NOON :chat.example.org BATCH +b3 metadata #tea
        fay  < @time=NOON :chat.example.org BATCH -b3
        nora < * fay came
        pat  < :fay!~fay@127.0.0.1 JOIN #tea
        """)

    def test_somebody_from_elsewhere_comes_and_goes(self) -> None:
        self.plays("""
        eve  > JOIN #tea
        fay  < @time=NOON;msgid=id1 :eve!~eve@127.0.0.1 JOIN #tea * Eve
        nora < * eve came
        pat  < :eve!~eve@127.0.0.1 JOIN #tea
        eve  < @time=NOON;msgid=id1 :eve!~eve@127.0.0.1 JOIN #tea * Eve
        eve  < @time=NOON :chat.example.org MARKREAD #tea *
        eve  < @time=NOON :chat.example.org BATCH +b3 metadata #tea
        eve  < @time=NOON :chat.example.org BATCH -b3

        eve  > PRIVMSG #tea :hello
        fay  < @time=NOON;msgid=id2 :eve!~eve@127.0.0.1 PRIVMSG #tea hello
        nora < [12:00] eve: hello
        pat  < :eve!~eve@127.0.0.1 PRIVMSG #tea hello
        eve  < @time=NOON;msgid=id2 :eve!~eve@127.0.0.1 PRIVMSG #tea hello

        eve  > PART #tea :bye
        fay  < @time=NOON;msgid=id3 :eve!~eve@127.0.0.1 PART #tea bye
        nora < * eve left the room (bye)
        pat  < :eve!~eve@127.0.0.1 PART #tea bye
        eve  < @time=NOON;msgid=id3 :eve!~eve@127.0.0.1 PART #tea bye
        """)

    def test_several_rooms(self) -> None:
        self.plays("""
        nora > /join milk
        nora < * You are in milk (2 people): eve.
        eve  < @time=NOON;msgid=id1 :nora!people@chat JOIN #milk * nora

        eve  > PRIVMSG #milk :moo
        nora < [12:00] eve: moo
        eve  < @time=NOON;msgid=id2 :eve!~eve@127.0.0.1 PRIVMSG #milk moo

        pat  > PRIVMSG #tea :earl grey
        fay  < @time=NOON;msgid=id3 :pat!~pat@127.0.0.1 PRIVMSG #tea :earl grey
        nora < [12:00] #tea pat: earl grey

        nora > @#tea green
        fay  < @time=NOON;msgid=id4 :nora!people@chat PRIVMSG #tea green
        pat  < :nora!people@chat PRIVMSG #tea green

        nora > white
        eve  < @time=NOON;msgid=id5 :nora!people@chat PRIVMSG #milk white

        pat  > JOIN #milk
        nora < * pat came
        pat  < :pat!~pat@127.0.0.1 JOIN #milk
        pat  < :chat.example.org 353 pat = #milk :@eve nora pat
        pat  < :chat.example.org 366 pat #milk :End of NAMES list
        pat  < :eve!~eve@127.0.0.1 PRIVMSG #milk :[12:00] moo
        pat  < :nora!people@chat PRIVMSG #milk :[12:00] white
        eve  < @time=NOON;msgid=id6 :pat!~pat@127.0.0.1 JOIN #milk * Pat

        nora > /leave tea
        fay  < @time=NOON;msgid=id7 :nora!people@chat PART #tea
        nora < * You left tea. You are in milk.
        pat  < :nora!people@chat PART #tea
        """)


class TopicTests(SceneTestCase):
    def test_who_may_says_what_the_room_is_about(self) -> None:
        self.plays("""
        nora > /topic tea time
        nora < ! Only an operator of tea may do that.

        pat  > TOPIC #tea :Tea time
        pat  < :chat.example.org 482 pat #tea :You're not a channel operator

        fay  > TOPIC #tea :Tea time
        fay  < @time=NOON;msgid=id1 :fay!~fay@127.0.0.1 TOPIC #tea :Tea time
        nora < * fay changed the topic to: Tea time
        pat  < :fay!~fay@127.0.0.1 TOPIC #tea :Tea time

        fay  > MODE #tea -t
        fay  < @time=NOON;msgid=id2 :fay!~fay@127.0.0.1 MODE #tea -t
        nora < * fay lets everyone change the topic
        pat  < :fay!~fay@127.0.0.1 MODE #tea -t

        nora > /topic coffee time
        fay  < @time=NOON;msgid=id3 :nora!people@chat TOPIC #tea :coffee time
        nora < * Topic of tea: coffee time (set by nora)
        pat  < :nora!people@chat TOPIC #tea :coffee time

        pat  > TOPIC #tea :cake time
        fay  < @time=NOON;msgid=id4 :pat!~pat@127.0.0.1 TOPIC #tea :cake time
        nora < * pat changed the topic to: cake time
        pat  < :pat!~pat@127.0.0.1 TOPIC #tea :cake time

        nora > /topic -
        fay  < @time=NOON;msgid=id5 :nora!people@chat TOPIC #tea :
        nora < * tea has no topic.
        pat  < :nora!people@chat TOPIC #tea :

        pat  > TOPIC #tea
        pat  < :chat.example.org 331 pat #tea :No topic is set

        nora > /topic
        nora < * tea has no topic.
        """)


class KickTests(SceneTestCase):
    def test_who_is_put_out_sees_why_and_nothing_more(self) -> None:
        self.plays("""
        nora > /kick pat
        nora < ! Only an operator of tea may do that.

        pat  > KICK #tea nora :no
        pat  < :chat.example.org 482 pat #tea :You're not a channel operator

        fay  > KICK #tea nora :enough
        fay  < @time=NOON;msgid=id1 :fay!~fay@127.0.0.1 KICK #tea nora enough
        nora < * fay put nora out of the room (enough)
        nora < * You left tea. You are in lobby.
        pat  < :fay!~fay@127.0.0.1 KICK #tea nora enough

        nora > /history
        nora < * No lines in lobby.

        fay  > PRIVMSG #tea :she is out
        fay  < @time=NOON;msgid=id2 :fay!~fay@127.0.0.1 PRIVMSG #tea :she is out
        pat  < :fay!~fay@127.0.0.1 PRIVMSG #tea :she is out

        nora > /join tea
        fay  < @time=NOON;msgid=id3 :nora!people@chat JOIN #tea * nora
        nora < * You are in tea (3 people): fay, pat. Last line:
        nora < [12:00] fay: she is out
        nora < * -- now --
        pat  < :nora!people@chat JOIN #tea

        fay  > KICK #tea pat
        fay  < @time=NOON;msgid=id4 :fay!~fay@127.0.0.1 KICK #tea pat fay
        nora < * fay put pat out of the room
        pat  < :fay!~fay@127.0.0.1 KICK #tea pat fay

        pat  > PRIVMSG #tea :may I?
        pat  < :chat.example.org 404 pat #tea :Cannot send to channel

        pat  > JOIN #tea
        fay  < @time=NOON;msgid=id5 :pat!~pat@127.0.0.1 JOIN #tea * Pat
        nora < * pat came
        pat  < :pat!~pat@127.0.0.1 JOIN #tea
        pat  < :chat.example.org 353 pat = #tea :@fay nora pat
        pat  < :chat.example.org 366 pat #tea :End of NAMES list
        pat  < :fay!~fay@127.0.0.1 PRIVMSG #tea :[12:00] she is out
        """)

    def test_an_operator_on_nc(self) -> None:
        self.plays("""
        fay  > MODE #tea +o nora
        fay  < @time=NOON;msgid=id1 :fay!~fay@127.0.0.1 MODE #tea +o nora
        nora < * fay made nora an operator
        pat  < :fay!~fay@127.0.0.1 MODE #tea +o nora

        nora > /kick pat rude
        fay  < @time=NOON;msgid=id2 :nora!people@chat KICK #tea pat rude
        nora < * You put pat out of tea.
        pat  < :nora!people@chat KICK #tea pat rude

        pat  > JOIN #tea
        fay  < @time=NOON;msgid=id3 :pat!~pat@127.0.0.1 JOIN #tea * Pat
        nora < * pat came
        pat  < :pat!~pat@127.0.0.1 JOIN #tea
        pat  < :chat.example.org 353 pat = #tea :@fay @nora pat
        pat  < :chat.example.org 366 pat #tea :End of NAMES list

        nora > /kick fay
        fay  < @time=NOON;msgid=id4 :nora!people@chat KICK #tea fay nora
        nora < * You put fay out of tea.
        pat  < :nora!people@chat KICK #tea fay nora

        fay  > PRIVMSG #tea :hello?
        fay  < @time=NOON :chat.example.org 404 fay #tea :Cannot send to channel
        """)


class SilenceTests(SceneTestCase):
    def test_mute_and_unmute_from_nc(self) -> None:
        self.plays("""
        fay  > MODE #tea +o nora
        fay  < @time=NOON;msgid=id1 :fay!~fay@127.0.0.1 MODE #tea +o nora
        nora < * fay made nora an operator
        pat  < :fay!~fay@127.0.0.1 MODE #tea +o nora

        nora > /mute pat
        fay  < @time=NOON;msgid=id2 :nora!people@chat MODE #tea +b m:pat!*@*
        nora < * pat is muted in tea. To undo it: /unmute pat
        pat  < :nora!people@chat MODE #tea +b m:pat!*@*

        pat  > PRIVMSG #tea :hello?
        pat  < :chat.example.org 404 pat #tea :Cannot send to channel

        nora > /mute
        nora < * Muted in tea: pat.

        nora > /unmute pat
        fay  < @time=NOON;msgid=id3 :nora!people@chat MODE #tea -b m:pat!*@*
        nora < * pat may speak in tea again.
        pat  < :nora!people@chat MODE #tea -b m:pat!*@*

        pat  > PRIVMSG #tea :hello!
        fay  < @time=NOON;msgid=id4 :pat!~pat@127.0.0.1 PRIVMSG #tea hello!
        nora < [12:00] pat: hello!
        """)

    def test_mute_and_unmute_from_irc(self) -> None:
        self.plays("""
        fay  > MODE #tea +b m:nora!*@*
        fay  < @time=NOON;msgid=id1 :fay!~fay@127.0.0.1 MODE #tea +b m:nora!*@*
        nora < * fay muted nora
        pat  < :fay!~fay@127.0.0.1 MODE #tea +b m:nora!*@*

        nora > hello?
        nora > /me cries
        nora > /topic mine
        nora < ! You may not speak in tea.
        nora < ! You may not speak in tea.
        nora < ! Only an operator of tea may do that.

        fay  > MODE #tea +b
        fay  < @time=NOON :chat.example.org 367 fay #tea m:nora!*@* fay!~fay@127.0.0.1 1795176000
        fay  < @time=NOON :chat.example.org 368 fay #tea :End of channel ban list

        fay  > MODE #tea -b m:nora!*@*
        fay  < @time=NOON;msgid=id2 :fay!~fay@127.0.0.1 MODE #tea -b m:nora!*@*
        nora < * fay unmuted nora
        pat  < :fay!~fay@127.0.0.1 MODE #tea -b m:nora!*@*

        nora > hello!
        fay  < @time=NOON;msgid=id3 :nora!people@chat PRIVMSG #tea hello!
        pat  < :nora!people@chat PRIVMSG #tea hello!
        """)

    def test_moderated(self) -> None:
        self.plays("""
        fay  > MODE #tea +m
        fay  < @time=NOON;msgid=id1 :fay!~fay@127.0.0.1 MODE #tea +m
        nora < * fay made the room moderated
        pat  < :fay!~fay@127.0.0.1 MODE #tea +m

        nora > may I?
        nora < ! You may not speak in tea.

        pat  > PRIVMSG #tea :may I?
        pat  < :chat.example.org 404 pat #tea :Cannot send to channel

        fay  > MODE #tea +v nora
        fay  < @time=NOON;msgid=id2 :fay!~fay@127.0.0.1 MODE #tea +v nora
        nora < * fay gave nora a voice
        pat  < :fay!~fay@127.0.0.1 MODE #tea +v nora

        nora > I may
        fay  < @time=NOON;msgid=id3 :nora!people@chat PRIVMSG #tea :I may
        pat  < :nora!people@chat PRIVMSG #tea :I may

        fay  > MODE #tea -vm nora
        fay  < @time=NOON;msgid=id4 :fay!~fay@127.0.0.1 MODE #tea -vm nora
        nora < * fay took nora's voice, let everyone speak again
        pat  < :fay!~fay@127.0.0.1 MODE #tea -vm nora
        """)


class BanTests(SceneTestCase):
    def test_ban_and_unban_from_nc(self) -> None:
        self.plays("""
        fay  > MODE #tea +o nora
        fay  < @time=NOON;msgid=id1 :fay!~fay@127.0.0.1 MODE #tea +o nora
        nora < * fay made nora an operator
        pat  < :fay!~fay@127.0.0.1 MODE #tea +o nora

        nora > /ban pat
        fay  < @time=NOON;msgid=id2 :nora!people@chat MODE #tea +b pat!*@*
        fay  < @time=NOON;msgid=id3 :nora!people@chat KICK #tea pat nora
        nora < * pat is banned from tea. To undo it: /unban pat
        pat  < :nora!people@chat MODE #tea +b pat!*@*
        pat  < :nora!people@chat KICK #tea pat nora

        pat  > JOIN #tea
        pat  < :chat.example.org 474 pat #tea :Cannot join channel (+b)

        nora > /ban
        nora < * Banned from tea: pat.

        nora > /unban pat
        fay  < @time=NOON;msgid=id4 :nora!people@chat MODE #tea -b pat!*@*
        nora < * pat may come to tea again.

        pat  > JOIN #tea
        fay  < @time=NOON;msgid=id5 :pat!~pat@127.0.0.1 JOIN #tea * Pat
        nora < * pat came
        pat  < :pat!~pat@127.0.0.1 JOIN #tea
        pat  < :chat.example.org 353 pat = #tea :@fay @nora pat
        pat  < :chat.example.org 366 pat #tea :End of NAMES list
        """)

    def test_ban_and_unban_from_irc(self) -> None:
        self.plays("""
        fay  > MODE #tea +b nora!*@*
        fay  < @time=NOON;msgid=id1 :fay!~fay@127.0.0.1 MODE #tea +b nora!*@*
        nora < * fay banned nora
        pat  < :fay!~fay@127.0.0.1 MODE #tea +b nora!*@*

        nora > hello?
        nora < ! You may not speak in tea.

        fay  > KICK #tea nora :spam
        fay  < @time=NOON;msgid=id2 :fay!~fay@127.0.0.1 KICK #tea nora spam
        nora < * fay put nora out of the room (spam)
        nora < * You left tea. You are in lobby.
        pat  < :fay!~fay@127.0.0.1 KICK #tea nora spam

        nora > /join tea
        nora < ! You are banned from tea.

        fay  > MODE #tea -b nora!*@*
        fay  < @time=NOON;msgid=id3 :fay!~fay@127.0.0.1 MODE #tea -b nora!*@*
        pat  < :fay!~fay@127.0.0.1 MODE #tea -b nora!*@*

        nora > /join tea
        fay  < @time=NOON;msgid=id4 :nora!people@chat JOIN #tea * nora
        nora < * You are in tea (3 people): fay, pat.
        pat  < :nora!people@chat JOIN #tea
        """)


class OperatorTests(SceneTestCase):
    def test_operators_are_made_on_every_wire(self) -> None:
        self.plays("""
        fay  > MODE #tea +o nora
        fay  < @time=NOON;msgid=id1 :fay!~fay@127.0.0.1 MODE #tea +o nora
        nora < * fay made nora an operator
        pat  < :fay!~fay@127.0.0.1 MODE #tea +o nora

        nora > /op pat
        fay  < @time=NOON;msgid=id2 :nora!people@chat MODE #tea +o pat
        nora < * pat is an operator now.
        pat  < :nora!people@chat MODE #tea +o pat

        pat  > MODE #tea -o fay
        fay  < @time=NOON;msgid=id3 :pat!~pat@127.0.0.1 MODE #tea -o fay
        nora < * pat made fay an ordinary member
        pat  < :pat!~pat@127.0.0.1 MODE #tea -o fay

        fay  > TOPIC #tea :mine
        fay  < @time=NOON :chat.example.org 482 fay #tea :You're not a channel operator

        nora > /deop pat
        fay  < @time=NOON;msgid=id4 :nora!people@chat MODE #tea -o pat
        nora < * pat is no operator any more.
        pat  < :nora!people@chat MODE #tea -o pat

        nora > /voice fay
        fay  < @time=NOON;msgid=id5 :nora!people@chat MODE #tea +v fay
        nora < * fay may speak.
        pat  < :nora!people@chat MODE #tea +v fay

        nora > /unvoice fay
        fay  < @time=NOON;msgid=id6 :nora!people@chat MODE #tea -v fay
        nora < * fay has no voice any more.
        pat  < :nora!people@chat MODE #tea -v fay

        nora > /op fay
        fay  < @time=NOON;msgid=id7 :nora!people@chat MODE #tea +o fay
        nora < * fay is an operator now.
        pat  < :nora!people@chat MODE #tea +o fay
        """)


class ModeTests(SceneTestCase):
    def test_modes_are_told_in_words(self) -> None:
        self.plays("""
        fay  > MODE #tea +is
        fay  < @time=NOON;msgid=id1 :fay!~fay@127.0.0.1 MODE #tea +is
        nora < * fay made the room private: for invited people only, made the room secret
        pat  < :fay!~fay@127.0.0.1 MODE #tea +is

        fay  > MODE #tea -is+l 5
        fay  < @time=NOON;msgid=id2 :fay!~fay@127.0.0.1 MODE #tea -is+l 5
        nora < * fay opened the room to everyone, made the room known, limited the room to 5 people
        pat  < :fay!~fay@127.0.0.1 MODE #tea -is+l 5

        fay  > MODE #tea -l+k secret
        fay  < @time=NOON;msgid=id3 :fay!~fay@127.0.0.1 MODE #tea -l+k secret
        nora < * fay lifted the limit on people, gave the room a key
        pat  < :fay!~fay@127.0.0.1 MODE #tea -l+k secret

        fay  > MODE #tea -k *
        fay  < @time=NOON;msgid=id4 :fay!~fay@127.0.0.1 MODE #tea -k secret
        nora < * fay took the key away
        pat  < :fay!~fay@127.0.0.1 MODE #tea -k secret

        fay  > MODE #tea +MR
        fay  < @time=NOON;msgid=id5 :fay!~fay@127.0.0.1 MODE #tea +MR
        nora < * fay lets only people with an account speak, lets only people with an account in
        pat  < :fay!~fay@127.0.0.1 MODE #tea +MR

        fay  > MODE #tea -MR
        fay  < @time=NOON;msgid=id6 :fay!~fay@127.0.0.1 MODE #tea -MR
        nora < * fay lets people without an account speak, lets people without an account in
        pat  < :fay!~fay@127.0.0.1 MODE #tea -MR

        fay  > MODE #tea +CuU
        fay  < @time=NOON;msgid=id7 :fay!~fay@127.0.0.1 MODE #tea +CuU
        nora < * fay forbids requests to people's programs (CTCP), hides who comes and goes, lets operators alone hear ordinary members
        pat  < :fay!~fay@127.0.0.1 MODE #tea +CuU

        fay  > MODE #tea -CuU
        fay  < @time=NOON;msgid=id8 :fay!~fay@127.0.0.1 MODE #tea -CuU
        nora < * fay allows requests to people's programs (CTCP), shows who comes and goes, lets everyone hear ordinary members
        pat  < :fay!~fay@127.0.0.1 MODE #tea -CuU

        fay  > MODE #tea -n
        fay  < @time=NOON;msgid=id9 :fay!~fay@127.0.0.1 MODE #tea -n
        nora < * fay lets people outside the room speak here
        pat  < :fay!~fay@127.0.0.1 MODE #tea -n

        fay  > MODE #tea +n
        fay  < @time=NOON;msgid=id10 :fay!~fay@127.0.0.1 MODE #tea +n
        nora < * fay lets only people in the room speak here
        pat  < :fay!~fay@127.0.0.1 MODE #tea +n

        fay  > MODE #tea +eI *!*@10.0.0.1 *!*@10.0.0.2
        fay  < @time=NOON;msgid=id11 :fay!~fay@127.0.0.1 MODE #tea +eI *!*@10.0.0.1 *!*@10.0.0.2
        nora < * fay exempted *!*@10.0.0.1 from bans, always lets *!*@10.0.0.2 in
        pat  < :fay!~fay@127.0.0.1 MODE #tea +eI *!*@10.0.0.1 *!*@10.0.0.2

        fay  > MODE #tea +f #milk
        fay  < @time=NOON :chat.example.org 482 fay #milk :You're not a channel operator

        pat  > MODE #tea +i
        pat  < :chat.example.org 482 pat #tea :You're not a channel operator

        pat  > MODE #tea
        pat  < :chat.example.org 324 pat #tea +nt
        pat  < :chat.example.org 329 pat #tea 1795176000
        """)  # noqa: E501


class InvitationTests(SceneTestCase):
    def test_an_invitation_is_seen_by_who_is_invited_and_by_operators(self) -> None:
        self.plays("""
        fay  > MODE #tea +io nora
        fay  < @time=NOON;msgid=id1 :fay!~fay@127.0.0.1 MODE #tea +io nora
        nora < * fay made the room private: for invited people only, made nora an operator
        pat  < :fay!~fay@127.0.0.1 MODE #tea +io nora

        nora > /invite eve
        fay  < @time=NOON;msgid=id2 :nora!people@chat INVITE eve #tea
        nora < * You invited eve to tea.
        eve  < @time=NOON;msgid=id2 :nora!people@chat INVITE eve #tea

        eve  > JOIN #tea
        fay  < @time=NOON;msgid=id3 :eve!~eve@127.0.0.1 JOIN #tea * Eve
        nora < * eve came
        pat  < :eve!~eve@127.0.0.1 JOIN #tea
        eve  < @time=NOON;msgid=id3 :eve!~eve@127.0.0.1 JOIN #tea * Eve
        eve  < @time=NOON :chat.example.org MARKREAD #tea *
        eve  < @time=NOON :chat.example.org BATCH +b3 metadata #tea
        eve  < @time=NOON :chat.example.org BATCH -b3

        eve  > PART #tea
        fay  < @time=NOON;msgid=id4 :eve!~eve@127.0.0.1 PART #tea
        nora < * eve left the room
        pat  < :eve!~eve@127.0.0.1 PART #tea
        eve  < @time=NOON;msgid=id4 :eve!~eve@127.0.0.1 PART #tea

        fay  > INVITE eve #tea
        fay  < @time=NOON :chat.example.org 341 fay eve #tea
        nora < * fay invited eve to #tea
        eve  < @time=NOON;msgid=id5 :fay!~fay@127.0.0.1 INVITE eve #tea

        nora > /uninvite eve
        nora < * eve is not invited to tea any more.

        eve  > JOIN #tea
        eve  < @time=NOON :chat.example.org 473 eve #tea :Cannot join channel (+i)

        pat  > INVITE eve #tea
        pat  < :chat.example.org 482 pat #tea :You're not a channel operator
        """)

    def test_somebody_on_nc_is_invited(self) -> None:
        self.plays("""
        nora > /leave tea
        fay  < @time=NOON;msgid=id1 :nora!people@chat PART #tea
        nora < * You left tea. You are in lobby.
        pat  < :nora!people@chat PART #tea

        fay  > MODE #tea +i
        fay  < @time=NOON;msgid=id2 :fay!~fay@127.0.0.1 MODE #tea +i
        pat  < :fay!~fay@127.0.0.1 MODE #tea +i

        nora > /join tea
        nora < ! tea is for invited people only.

        fay  > INVITE nora #tea
        fay  < @time=NOON :chat.example.org 341 fay nora #tea
        nora < * fay invites you to tea: /join tea

        nora > /join tea
        fay  < @time=NOON;msgid=id3 :nora!people@chat JOIN #tea * nora
        nora < * You are in tea (3 people): fay, pat.
        pat  < :nora!people@chat JOIN #tea

        pat  > PART #tea
        fay  < @time=NOON;msgid=id4 :pat!~pat@127.0.0.1 PART #tea
        nora < * pat left the room
        pat  < :pat!~pat@127.0.0.1 PART #tea

        fay  > INVITE pat #tea
        fay  < @time=NOON :chat.example.org 341 fay pat #tea
        pat  < :fay!~fay@127.0.0.1 INVITE pat #tea

        pat  > JOIN #tea
        fay  < @time=NOON;msgid=id5 :pat!~pat@127.0.0.1 JOIN #tea * Pat
        nora < * pat came
        pat  < :pat!~pat@127.0.0.1 JOIN #tea
        pat  < :chat.example.org 353 pat = #tea :@fay nora pat
        pat  < :chat.example.org 366 pat #tea :End of NAMES list
        """)


class RenameTests(SceneTestCase):
    def test_a_room_is_called_otherwise(self) -> None:
        self.plays("""
        nora > before
        fay  < @time=NOON;msgid=id1 :nora!people@chat PRIVMSG #tea before
        pat  < :nora!people@chat PRIVMSG #tea before

        fay  > RENAME #tea #chai :better
        fay  < @time=NOON;msgid=id2 :fay!~fay@127.0.0.1 RENAME #tea #chai better
        nora < * fay renamed #tea to #chai (better)
        pat  < :pat!~pat@127.0.0.1 PART #tea better
        pat  < :pat!~pat@127.0.0.1 JOIN #chai
        pat  < :chat.example.org 353 pat = #chai :@fay nora pat
        pat  < :chat.example.org 366 pat #chai :End of NAMES list

        nora > after
        fay  < @time=NOON;msgid=id3 :nora!people@chat PRIVMSG #chai after
        pat  < :nora!people@chat PRIVMSG #chai after

        pat  > PRIVMSG #chai :after
        fay  < @time=NOON;msgid=id4 :pat!~pat@127.0.0.1 PRIVMSG #chai after
        nora < [12:00] pat: after

        pat  > PRIVMSG #tea :to the old name
        pat  < :chat.example.org 403 pat #tea :No such channel

        nora > /history
        nora < [1 12:00] nora: before
        nora < [2 12:00] nora: after
        nora < [3 12:00] pat: after
        nora < * 3 lines of chai.

        pat  > RENAME #chai #mine
        pat  < :chat.example.org 482 pat #chai :You're not a channel operator

        fay  > RENAME #chai #milk
        fay  < @time=NOON :chat.example.org FAIL RENAME CHANNEL_NAME_IN_USE #chai #milk :There is a channel of that name already

        fay  > RENAME #chai #Chai
        fay  < @time=NOON;msgid=id5 :fay!~fay@127.0.0.1 RENAME #chai #Chai :
        nora < * fay renamed #chai to #Chai

        nora > /leave chai
        fay  < @time=NOON;msgid=id6 :nora!people@chat PART #Chai
        nora < * You left Chai. You are in lobby.
        pat  < :nora!people@chat PART #Chai
        """)  # noqa: E501


class MetadataTests(SceneTestCase):
    def test_who_asked_for_it_sees_what_is_set(self) -> None:
        self.plays("""
        fay  > METADATA * SUB url
        fay  < @time=NOON :chat.example.org 770 fay url
        fay  < @time=NOON :chat.example.org 774 fay *ALL 0 :Ask for it with METADATA SYNC

        nora > hello
        fay  < @time=NOON;msgid=id1 :nora!people@chat PRIVMSG #tea hello
        pat  < :nora!people@chat PRIVMSG #tea hello

        pat  > METADATA * SET url :https://example.org/pat
        fay  < @time=NOON :chat.example.org 761 fay pat url * https://example.org/pat
        pat  < :chat.example.org 761 pat url * https://example.org/pat
        pat  < :chat.example.org 762 pat :That is all

        fay  > METADATA #tea SET url :https://example.org/tea
        fay  < @time=NOON :chat.example.org 761 fay #tea url * https://example.org/tea

        pat  > METADATA * SET url
        fay  < @time=NOON :chat.example.org 766 fay pat url :Key is not set
        pat  < :chat.example.org 766 pat url :Key is not set
        pat  < :chat.example.org 762 pat :That is all

        pat  > METADATA #tea SET url :https://example.org/mine
        pat  < :chat.example.org FAIL METADATA KEY_NO_PERMISSION #tea url :You may not change that
        """)


class ReadMarkerTests(SceneTestCase):
    def test_a_mark_is_nobody_elses_business(self) -> None:
        self.plays("""
        fay  > MARKREAD #tea timestamp=2026-11-20T11:00:00.000Z
        fay  < @time=NOON :chat.example.org MARKREAD #tea timestamp=2026-11-20T11:00:00.000Z

        fay  > MARKREAD nora timestamp=2026-11-20T11:00:00.000Z
        fay  < @time=NOON :chat.example.org MARKREAD nora timestamp=2026-11-20T11:00:00.000Z

        fay  > MARKREAD #tea
        fay  < @time=NOON :chat.example.org MARKREAD #tea timestamp=2026-11-20T11:00:00.000Z
        """)
