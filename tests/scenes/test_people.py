"""People take other names, step away, log in, leave: as everyone else sees it."""

from __future__ import annotations

from tests.scenes.stage import SceneTestCase


class NameTests(SceneTestCase):
    def test_everybody_sees_a_new_name_once(self) -> None:
        self.plays("""
        nora > /nick nina
        fay  < @time=NOON;msgid=id1 :nora!people@chat NICK nina
        nora < * You are now nina.
        pat  < :nora!people@chat NICK nina

        fay  > NICK faye
        fay  < @time=NOON;msgid=id2 :fay!~fay@127.0.0.1 NICK faye
        nora < * fay is now faye
        pat  < :fay!~fay@127.0.0.1 NICK faye

        pat  > NICK patty
        fay  < @time=NOON;msgid=id3 :pat!~pat@127.0.0.1 NICK patty
        nora < * pat is now patty
        pat  < :pat!~pat@127.0.0.1 NICK patty

        nora > hello
        pat  > PRIVMSG #tea :hello
        fay  < @time=NOON;msgid=id4 :nina!people@chat PRIVMSG #tea hello
        fay  < @time=NOON;msgid=id5 :patty!~pat@127.0.0.1 PRIVMSG #tea hello
        nora < [12:00] patty: hello
        pat  < :nina!people@chat PRIVMSG #tea hello
        """)

    def test_only_the_case_of_a_name(self) -> None:
        self.plays("""
        nora > /nick Nora
        fay  < @time=NOON;msgid=id1 :nora!people@chat NICK Nora
        nora < * You are now Nora.
        pat  < :nora!people@chat NICK Nora

        pat  > NICK Pat
        fay  < @time=NOON;msgid=id2 :pat!~pat@127.0.0.1 NICK Pat
        nora < * pat is now Pat
        pat  < :pat!~pat@127.0.0.1 NICK Pat
        """)

    def test_a_name_that_is_taken_or_none_is_refused_to_who_wants_it(self) -> None:
        self.plays("""
        nora > /nick fay
        nora < ! "fay" is in use.

        fay  > NICK nora
        fay  < @time=NOON :chat.example.org 433 fay nora :Nickname is already in use

        pat  > NICK nora
        pat  < :chat.example.org 433 pat nora :Nickname is already in use

        pat  > NICK 1st
        pat  < :chat.example.org 432 pat 1st :Erroneous nickname

        nora > /nick 1st
        nora < ! Names are 1-32 letters, digits, _ or -, and start with a letter.
        """)

    def test_names_to_people_are_not_confused_with_others(self) -> None:
        self.plays("""
        pat  > NICK fаy
        pat  < :chat.example.org 433 pat fаy :Nickname is already in use
        """)


class AwayTests(SceneTestCase):
    def test_away_and_back(self) -> None:
        self.plays("""
        nora > /away lunch
        fay  < @time=NOON;msgid=id1 :nora!people@chat AWAY lunch
        nora < * You are away: lunch. Say /back when you return.

        fay  > AWAY :in a meeting
        fay  < @time=NOON :chat.example.org 306 fay :You have been marked as being away

        pat  > AWAY :at sea
        fay  < @time=NOON;msgid=id2 :pat!~pat@127.0.0.1 AWAY :at sea
        pat  < :chat.example.org 306 pat :You have been marked as being away

        pat  > PRIVMSG nora :there?
        nora < [12:00] pat -> you: there?
        pat  < :chat.example.org 301 pat nora lunch

        nora > @pat there?
        nora < * pat is away: at sea.
        pat  < :nora!people@chat PRIVMSG pat there?

        fay  > PRIVMSG pat :there?
        fay  < @time=NOON;msgid=id3 :fay!~fay@127.0.0.1 PRIVMSG pat there?
        fay  < @time=NOON :chat.example.org 301 fay pat :at sea
        pat  < :fay!~fay@127.0.0.1 PRIVMSG pat there?

        nora > /back
        fay  < @time=NOON;msgid=id4 :nora!people@chat AWAY
        nora < * Welcome back.

        fay  > AWAY
        fay  < @time=NOON :chat.example.org 305 fay :You are no longer marked as being away

        pat  > AWAY
        fay  < @time=NOON;msgid=id5 :pat!~pat@127.0.0.1 AWAY
        pat  < :chat.example.org 305 pat :You are no longer marked as being away
        """)

    def test_who_comes_in_is_away_already(self) -> None:
        self.plays("""
        fay  > AWAY :lunch
        fay  > JOIN #milk
        fay  < @time=NOON :chat.example.org 306 fay :You have been marked as being away
        fay  < @time=NOON;msgid=id1 :fay!~fay@127.0.0.1 JOIN #milk * Fay
        fay  < @time=NOON :chat.example.org MARKREAD #milk *
        fay  < @time=NOON :chat.example.org BATCH +b3 metadata #milk
        fay  < @time=NOON :chat.example.org BATCH -b3
        eve  < @time=NOON;msgid=id1 :fay!~fay@127.0.0.1 JOIN #milk * Fay
        eve  < @time=NOON;msgid=id1 :fay!~fay@127.0.0.1 AWAY lunch

        pat  > AWAY :lunch
        pat  > JOIN #milk
        fay  < @time=NOON;msgid=id2 :pat!~pat@127.0.0.1 AWAY lunch
        fay  < @time=NOON;msgid=id3 :pat!~pat@127.0.0.1 JOIN #milk * Pat
        fay  < @time=NOON;msgid=id3 :pat!~pat@127.0.0.1 AWAY lunch
        pat  < :chat.example.org 306 pat :You have been marked as being away
        pat  < :pat!~pat@127.0.0.1 JOIN #milk
        pat  < :chat.example.org 353 pat = #milk :@eve fay pat
        pat  < :chat.example.org 366 pat #milk :End of NAMES list
        eve  < @time=NOON;msgid=id3 :pat!~pat@127.0.0.1 JOIN #milk * Pat
        eve  < @time=NOON;msgid=id3 :pat!~pat@127.0.0.1 AWAY lunch
        """)


class RealnameTests(SceneTestCase):
    def test_who_knows_realnames_sees_a_new_one(self) -> None:
        self.plays("""
        fay  > SETNAME :Fay of Tea
        fay  < @time=NOON;msgid=id1 :fay!~fay@127.0.0.1 SETNAME :Fay of Tea

        pat  > SETNAME :Pat of Tea
        fay  < @time=NOON;msgid=id2 :pat!~pat@127.0.0.1 SETNAME :Pat of Tea
        """)


class BotTests(SceneTestCase):
    def test_who_says_it_is_a_bot_is_marked(self) -> None:
        self.plays("""
        pat  > MODE pat +B
        pat  < :pat!~pat@127.0.0.1 MODE pat +B

        pat  > PRIVMSG #tea :beep
        fay  < @time=NOON;msgid=id1;bot :pat!~pat@127.0.0.1 PRIVMSG #tea beep
        nora < [12:00] pat: beep
        """)


class AccountTests(SceneTestCase):
    def test_accounts_are_made_on_every_wire(self) -> None:
        self.plays("""
        nora > /register
        nora > correct horse
        fay  < @time=NOON;msgid=id1 :nora!people@chat ACCOUNT nora
        nora < ? A password for nora: (will be visible)
        nora < * nora is yours. Sign in with this name and password from anywhere.

        fay  > REGISTER * * :battery staple
        fay  < @time=NOON :chat.example.org REGISTER SUCCESS fay :Your account is made
        fay  < @time=NOON :chat.example.org 900 fay fay!~fay@127.0.0.1 fay :You are now logged in as fay
        fay  < @time=NOON;msgid=id2 :fay!~fay@127.0.0.1 ACCOUNT fay

        pat  > REGISTER * * :battery staple
        fay  < @time=NOON;msgid=id3 :pat!~pat@127.0.0.1 ACCOUNT pat
        pat  < :chat.example.org REGISTER SUCCESS pat :Your account is made
        pat  < :chat.example.org 900 pat pat!~pat@127.0.0.1 pat :You are now logged in as pat

        nora > hello
        fay  < @time=NOON;msgid=id4;account=nora :nora!people@chat PRIVMSG #tea hello
        pat  < :nora!people@chat PRIVMSG #tea hello

        fay  > PRIVMSG #tea :hello
        fay  < @time=NOON;msgid=id5;account=fay :fay!~fay@127.0.0.1 PRIVMSG #tea hello
        nora < [12:00] fay: hello
        pat  < :fay!~fay@127.0.0.1 PRIVMSG #tea hello

        pat  > PRIVMSG #tea :hello
        fay  < @time=NOON;msgid=id6;account=pat :pat!~pat@127.0.0.1 PRIVMSG #tea hello
        nora < [12:00] pat: hello

        nora > /nick nina
        fay  < @time=NOON;msgid=id7;account=nora :nora!people@chat NICK nina
        nora < * You are now nina.
        pat  < :nora!people@chat NICK nina

        nora > /logout
        fay  < @time=NOON;msgid=id8;account=nora :nina!people@chat ACCOUNT *
        nora < * You are logged out. You are nina now.

        nora > /login nora
        nora < ? The password of nora: (will be visible)

        nora > correct horse
        fay  < @time=NOON;msgid=id9 :nina!people@chat ACCOUNT nora
        fay  < @time=NOON;msgid=id10;account=nora :nina!people@chat NICK nora
        nora < * You are logged in as nora.
        pat  < :nina!people@chat NICK nora
        """)

    def test_what_is_secret_is_seen_by_nobody(self) -> None:
        self.plays("""
        nora > /register
        nora > short
        nora < ? A password for nora: (will be visible)
        nora < ! Passwords have 8 to 600 characters.

        fay  > REGISTER * * short
        fay  < @time=NOON :chat.example.org FAIL REGISTER UNACCEPTABLE_PASSWORD fay :Passwords have 8 to 600 characters.

        pat  > PRIVMSG NickServ :REGISTER battery-staple
        fay  < @time=NOON;msgid=id1 :pat!~pat@127.0.0.1 ACCOUNT pat
        pat  < :chat.example.org 900 pat pat!~pat@127.0.0.1 pat :You are now logged in as pat
        pat  < :NickServ!services@chat.example.org NOTICE pat :pat is yours.
        """)


class GoneTests(SceneTestCase):
    def test_everybody_sees_who_leaves_once(self) -> None:
        self.plays("""
        eve  > JOIN #tea
        fay  > JOIN #milk
        fay  < @time=NOON;msgid=id1 :eve!~eve@127.0.0.1 JOIN #tea * Eve
        fay  < @time=NOON;msgid=id2 :fay!~fay@127.0.0.1 JOIN #milk * Fay
        fay  < @time=NOON :chat.example.org MARKREAD #milk *
        fay  < @time=NOON :chat.example.org BATCH +b3 metadata #milk
        fay  < @time=NOON :chat.example.org BATCH -b3
        nora < * eve came
        pat  < :eve!~eve@127.0.0.1 JOIN #tea
        eve  < @time=NOON;msgid=id1 :eve!~eve@127.0.0.1 JOIN #tea * Eve
        eve  < @time=NOON :chat.example.org MARKREAD #tea *
        eve  < @time=NOON :chat.example.org BATCH +b3 metadata #tea
        eve  < @time=NOON :chat.example.org BATCH -b3
        eve  < @time=NOON;msgid=id2 :fay!~fay@127.0.0.1 JOIN #milk * Fay

        fay  > QUIT :good night
        fay  < @time=NOON :fay!~fay@127.0.0.1 QUIT :Quit: good night
        fay  < @time=NOON ERROR :Quit: good night
        nora < * fay left (good night)
        pat  < :fay!~fay@127.0.0.1 QUIT :Quit: good night
        eve  < @time=NOON;msgid=id3 :fay!~fay@127.0.0.1 QUIT :Quit: good night

        pat  > QUIT
        nora < * pat left
        pat  < :pat!~pat@127.0.0.1 QUIT Quit
        pat  < ERROR Quit
        eve  < @time=NOON;msgid=id4 :pat!~pat@127.0.0.1 QUIT Quit

        nora > /exit
        nora < * Bye nora.
        eve  < @time=NOON;msgid=id5 :nora!people@chat QUIT :Connection closed
        """)

    def test_a_connection_that_breaks_has_left(self) -> None:
        self.cast["nora"].hangs_up()
        self.cast["pat"].hangs_up()
        self.assertEqual(
            self.sees(),
            [
                "fay < @time=NOON;msgid=id1 :nora!people@chat QUIT :Connection closed",
                "fay < @time=NOON;msgid=id2 :pat!~pat@127.0.0.1 QUIT :Connection closed",
                "pat < :nora!people@chat QUIT :Connection closed",
            ],
        )
