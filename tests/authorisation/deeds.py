"""The deeds: what people type and what IRC clients send, and the right that each of them needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from chat.core.room import FLAGS

#: A room for roleplay, a time, and a password that nobody has.
SESAME, PASSWORD = "sesame", "four words of password"
SINCE, UNTIL = "timestamp=2026-11-20T00:00:00.000Z", "timestamp=2026-11-21T00:00:00.000Z"


@dataclass(frozen=True)
class Deed:
    """Something one can do, on one wire or on both, and what is to be seen of it.

    `heard` is what the witness in the room reads when it is done, `answer` what only those read who may.
    `refusals` are where this deed is refused in other words than usual: verdict -> words, or nothing at all.
    `changes`: the registry is different afterwards; None: perhaps.  `spoils`: the scene is not what it was, though the
    registry is.  `anywhere`: no room has to do with it, so it is tried in one.  `witness` is who hears of it, if ann is
    in the room where that is `shared`; `outside`: otto hears of it too.
    """

    name: str
    right: str
    line: str = ""
    irc: str = ""
    heard: str = ""
    answer: str = ""
    changes: bool | None = True
    spoils: bool = False
    anywhere: bool = False
    witness: str = "wes"
    outside: bool = False
    shared: bool = False
    refusals: dict[str, str] = field(default_factory=dict)

    def on(self, wire: str) -> str:
        """What is sent on a wire; nothing: it is not done there."""
        return self.line if wire == "line" else self.irc

    def commands(self, wire: str) -> set[str]:
        """The names of its commands in the table of that wire."""
        return {self._command(line.split(" "), wire) for line in self.on(wire).splitlines()}

    def _command(self, words: list[str], wire: str) -> str:
        if wire == "irc":
            return words[1 if words[0].startswith("@") else 0]
        special = {"@#": "tell-room", "s/": "substitute"}
        return special.get(words[0][:2]) or (words[0][1:] if words[0].startswith("/") else "say")


def asks(name: str, right: str, answer: str, line: str = "", irc: str = "", **more: object) -> Deed:
    """A question: nothing changes, and those who may not ask do not read the answer."""
    return Deed(name, right, line, irc, answer=answer, changes=False, **more)  # type: ignore[arg-type]


#: Where an IRC client that is not in the room is told 404, as the RFC has it for messages.
SENT = {"x": " 404 "}
SILENT = dict.fromkeys("xveoy", "")
#: What a service says, it says in words.
SAID = {
    "x": "You are not in {room}.", "n": "Only an operator of {room} may do that.", "O": "#{room} belongs to ",
    "N": "{room} belongs to nobody.",
}  # fmt: skip
SHUT = {"x": "FAIL CHATHISTORY INVALID_TARGET"}

ROOMS = (
    Deed("come in", "enter", "/join {room}", "JOIN #{room}", "JOIN #{room}"),
    Deed("come in with the key", "unlock", "/join {room} sesame", "JOIN #{room} sesame", "JOIN #{room}"),
    Deed("leave", "be there", "/leave {room}", "PART #{room}", "PART #{room}"),
    Deed("change the topic", "change the topic", "/topic cake", "TOPIC #{room} :cake", "TOPIC #{room} cake"),
    asks("read the topic", "see", "all about tea", irc="TOPIC #{room}"),
    asks("read the topic here", "be there", "all about tea", "/topic"),
    asks("who is there", "see", "wes", "/people {room}", "WHO #{room}"),
    asks("the names", "see", "wes", irc="NAMES #{room}"),
    asks("where somebody is", "see", "{room}", irc="WHOIS wes"),
    asks("where everybody is", "see", "wes in {room}", "/people"),
    asks("which rooms there are", "see", "{room} (", "/rooms"),
    asks("which channels there are", "see", " 322 ann #{room} ", irc="LIST"),
    asks("whose it is", "see", "#{room} belongs to", irc="CS INFO #{room}"),
    asks("its modes", "see", " 324 ann #{room} ", irc="MODE #{room}"),
    asks("who is banned", "see", "ben!*@*", irc="MODE #{room} b"),
    asks("who is banned here", "be there", "ben", "/ban"),
    asks("who is muted here", "be there", "mia", "/mute"),
    asks("who is excepted from bans", "be there", "eve!*@*", irc="MODE #{room} e"),
    asks("who needs no invitation", "be there", "eve!*@*", irc="MODE #{room} I"),
    Deed("invite", "invite", "/invite otto {room}", "INVITE otto #{room}", "INVITE otto #{room}",
         witness="otto", outside=True, changes=None),
    Deed("rename the room", "rename the room", irc="RENAME #{room} #cocoa", heard="PART #{room}"),
    Deed("a key of the room", "operate", irc="METADATA #{room} SET url cake", heard=" url * cake",
         refusals={"x": "FAIL METADATA ", "n": "FAIL METADATA KEY_NO_PERMISSION"}),
    Deed("all keys of the room", "operate", irc="METADATA #{room} CLEAR", heard=" url ",
         refusals={"x": "FAIL METADATA ", "n": "FAIL METADATA KEY_NO_PERMISSION"}),
    asks("read a key of the room", "know", "tea.example", irc="METADATA #{room} GET url"),
    asks("read all keys of the room", "know", "tea.example", irc="METADATA #{room} LIST"),
)  # fmt: skip

SPEECH = (
    Deed("say", "speak", "@#{room} hello", "PRIVMSG #{room} :hello", "hello", refusals=SENT),
    Deed("say here", "speak here", "hello there", heard="hello there"),
    Deed("say as it is", "speak here", "/say hello", heard="hello"),
    Deed("do", "speak here", "/me waves", heard="waves"),
    Deed("say once", "speak here", "/send key{turn} hello", heard="hello"),
    Deed("notice", "speak", irc="NOTICE #{room} :hello", heard="NOTICE #{room} hello", refusals=SILENT),
    Deed("say to the operators", "speak", irc="PRIVMSG @#{room} :hello", heard="PRIVMSG @#{room} hello",
         changes=False, witness="fay", refusals=SENT),
    Deed("say several lines", "speak",
         irc="BATCH +1 draft/multiline #{room}\n@batch=1 PRIVMSG #{room} :one\n@batch=1 PRIVMSG #{room} :two\nBATCH -1",
         heard="PRIVMSG #{room} two", refusals=SENT),
    Deed("tags alone", "speak", irc="@+typing=active TAGMSG #{room}", heard="TAGMSG #{room}", changes=False,
         refusals=SENT | {"x": " 442 "}),
    Deed("answer", "speak", irc="@+draft/reply={theirs_id} PRIVMSG #{room} :yes", heard="PRIVMSG #{room} yes",
         refusals=SENT),
    Deed("answer here", "speak here", "/reply {theirs} yes", heard="yes"),
    Deed("react", "speak", irc="@+draft/react=x;+draft/reply={theirs_id} TAGMSG #{room}", heard="+draft/react=x",
         changes=False, refusals={"x": " 442 "}),
    Deed("react here", "speak here", "/react {theirs} :+1:", heard="+draft/react=", changes=False),
    Deed("change what one said", "speak here", "/edit {mine} new words", heard="new words", changes=False,
         spoils=True),
    Deed("mend what one said", "speak here", "s/mine/ours/", heard="ours", changes=False, spoils=True),
    Deed("change what another said", "change another's line", "/edit {theirs} new words"),
    Deed("change with a client what one said", "speak here", irc="@+draft/edit={mine_id} PRIVMSG #{room} :new words",
         heard="PRIVMSG #{room} :new words", changes=False, spoils=True,
         refusals={"x": "FAIL PRIVMSG INVALID_TARGET"}),
    Deed("change with a client what another said", "change another's line",
         irc="@+draft/edit={theirs_id} PRIVMSG #{room} :new words",
         refusals={"x": "FAIL PRIVMSG INVALID_TARGET", "y": "FAIL PRIVMSG EDIT_FORBIDDEN"}),
    Deed("take back what one said", "be there", "/delete {mine}", "REDACT #{room} {mine_id}",
         "REDACT #{room} {mine_id}", changes=False, spoils=True, refusals={"x": "FAIL REDACT INVALID_TARGET"}),
    Deed("remove what another said", "remove another's line", "/delete {theirs}", "REDACT #{room} {theirs_id}",
         "REDACT #{room} {theirs_id}", changes=False, spoils=True,
         refusals={"x": "FAIL REDACT INVALID_TARGET"}),
    Deed("speak as a character", "play", irc="NPC #{room} Bo :hello", heard="hello", refusals=SENT | {"x": " 442 "}),
    Deed("act as a character", "play", irc="NPCA #{room} Bo :hello", heard="hello", refusals=SENT | {"x": " 442 "}),
    Deed("say what the scene is", "play", irc="SCENE #{room} :hello", heard="hello", refusals=SENT | {"x": " 442 "}),
    asks("send a file", "speak", "FILEHOST TOKEN", irc="FILEHOST TOKEN #{room}",
         refusals=dict.fromkeys("xv", "FAIL FILEHOST FORBIDDEN #{room} ")),
    asks("send a file here", "speak here", "curl -T FILE https://chat.example.org/upload/", "/upload"),
    Deed("relay", "relay", irc="RELAYMSG #{room} bo/net :hello", heard="hello",
         refusals={"x": " 442 ", "n": "FAIL RELAYMSG PRIVS_NEEDED"}),
)  # fmt: skip

PAST = (
    asks("read what was said", "be there", "tea for two", "/history", "CHATHISTORY LATEST #{room} * 50", refusals=SHUT),
    asks("what was said before", "be there", "tea for two", irc="CHATHISTORY BEFORE #{room} {until} 50", refusals=SHUT),
    asks("where something was said", "be there", "TARGETS #{room}", irc="CHATHISTORY TARGETS {since} {until} 50",
         refusals=SILENT),
    asks("read it all again", "be there", "tea for two", irc="PRIVMSG *playback :play #{room}",
         refusals={"x": "There is no history of #{room}"}),
    asks("search everywhere", "be there", "wes: tea for two", "/search tea for two", refusals=SILENT),
    asks("search a room", "be there", "wes: tea for two", "/search two in {room}"),
)  # fmt: skip


def operating() -> Iterator[Deed]:
    """What the operators of a room do."""
    for name, line, mode in (
        ("mute", "/mute wil", "+b m:wil!*@*"),
        ("unmute", "/unmute mia", "-b m:mia!*@*"),
        ("ban", "/ban wil", "+b wil!*@*"),
        ("unban", "/unban ben", "-b ben!*@*"),
        ("except from bans", "", "+e wil!*@*"),
        ("let in for ever", "", "+I wil!*@*"),
        ("make an operator", "/op wil", "+o wil"),
        ("make no operator any more", "/deop oz", "-o oz"),
        ("give a voice", "/voice wil", "+v wil"),
        ("take a voice", "/unvoice oz", "-v oz"),
        ("a key to the room", "", "{+k} sesame"),
        ("how many may come", "", "+l 50"),
        ("where the others are sent", "", "+f #den"),
        ("for invited people only", "/private {private}", "{+i}"),
        ("moderated", "/moderated {moderated}", "{+m}"),
        ("secret", "/secret {secret}", "{+s}"),
        *((f"the mode {letter}", "", f"{{+{letter}}}") for letter in FLAGS if letter not in "ims"),
    ):
        words = f"MODE #{{room}} {mode}"
        yield Deed(name, "operate", line, words, words)
    for name, words, mode in (("op", "OP #{room} wil", "+o wil"), ("deop", "DEOP #{room} oz", "-o oz")):
        yield Deed(f"have ChanServ {name}", "operate", irc=f"CS {words}", heard=f"MODE #{{room}} {mode}", refusals=SAID)
    yield Deed("put out the founder", "touch the founder", "/kick fay", "KICK #{room} fay", "KICK #{room} fay")
    yield Deed("unmake the founder", "touch the founder", "/deop fay", "MODE #{room} -o fay", "MODE #{room} -o fay")
    yield Deed("give the room away", "give the room", irc="MODE #{room} +q una", heard="MODE #{room} +q una")
    yield Deed("found", "claim the room", "/found", refusals={"O": "yours already|Only the founder|has no account"})
    yield Deed("have ChanServ found", "claim the room", irc="CS REGISTER #{room}", refusals=SAID)
    yield Deed("kick", "operate", "/kick wil", "KICK #{room} wil", "KICK #{room} wil")
    yield Deed("withdraw an invitation", "operate", "/uninvite ivy")


OPERATING = tuple(operating())

HERE = (
    Deed("write to somebody", "be here", "/msg wes hello", "PRIVMSG wes :hello", "PRIVMSG wes hello", changes=False,
         anywhere=True),
    Deed("speak to everyone", "be here", "/all hello", heard="hello", changes=False, anywhere=True, outside=True),
    asks("when somebody was here", "be here", "wes is here", "/seen wes", anywhere=True),
    asks("follow somebody", "be here", " 730 ann :?wes", irc="MONITOR + wes", anywhere=True, spoils=True),
    asks("who was here", "be here", " 314 ann gus ", irc="WHOWAS gus", anywhere=True),
    Deed("step away", "be here", "/away lunch", "AWAY lunch", anywhere=True),
    Deed("come back", "be here", "/away lunch\n/back", "AWAY lunch\nAWAY", changes=False, anywhere=True),
    Deed("another name", "change your name", "/nick ada", "NICK ada", "NICK ada", anywhere=True, shared=True,
         refusals={"s": ""}),
    Deed("another real name", "be here", irc="SETNAME :Ann A.", anywhere=True),
    Deed("a key of oneself", "be here", irc="METADATA * SET url cake", anywhere=True),
    Deed("a key of another", "be of another", irc="METADATA wes SET url cake", anywhere=True,
         refusals={"p": "FAIL METADATA KEY_NO_PERMISSION"}),
    asks("see nothing of somebody", "be here", "You ignore wes", "/ignore wes", anywhere=True, spoils=True),
    asks("what is new elsewhere", "be here", "Nothing unread", "/unread", anywhere=True),
    asks("let somebody write", "be here", " 281 ann wes", irc="ACCEPT wes\nACCEPT *", anywhere=True, spoils=True),
    asks("how far one has read", "be here", "MARKREAD #{room} {since}", irc="MARKREAD #{room} {since}"),
    asks("from where one is here", "be here", "(this one)", "/sessions", anywhere=True),
    Deed("a mode of oneself", "be here", irc="MODE ann +w", anywhere=True),
    asks("a mode of another", "prove wrongly", "MODE wes", irc="MODE wes +w", anywhere=True,
         refusals={"w": " 502 "}),
)  # fmt: skip

SERVER = (
    Deed("become an operator", "be here", irc="OPER root :tea and biscuits", changes=None, answer=" 381 ",
         anywhere=True),
    Deed("become an operator by guessing", "prove wrongly", irc="OPER root :cake", anywhere=True),
    Deed("make oneself an operator", "run the server", irc="MODE ann +o", changes=False, anywhere=True,
         refusals={"o": ""}),
    Deed("kill", "run the server", irc="KILL wil :enough", heard="QUIT"),
    Deed("call everyone", "run the server", irc="WALLOPS :hello", heard="WALLOPS hello", changes=False, anywhere=True),
    Deed("rehash", "run the server", irc="REHASH", answer=" 382 ", changes=False, anywhere=True),
    Deed("another host for somebody", "run the server", irc="CHGHOST wil w there.example", heard="there.example"),
    Deed("an account for another", "run the server", irc="NS SAREGISTER zoe {password}", anywhere=True,
         refusals={"o": "Only an operator of this server may do that."}),
    Deed("make an account", "have no account yet", irc="NS REGISTER {password}", anywhere=True),
    asks("a password for an account", "have no account yet", "A password for ann", "/register", anywhere=True,
         spoils=True),
    asks("log in", "have no account yet", "The password of una", "/login una", anywhere=True, spoils=True,
         refusals={"A": "! You are logged in as ann"}),
    Deed("make an account with a client", "have no account yet", irc="REGISTER * * :{password}", anywhere=True,
         refusals={"A": "FAIL REGISTER ALREADY_AUTHENTICATED", "s": "FAIL REGISTER COMPLETE_CONNECTION_REQUIRED"}),
    Deed("show that an account is yours", "prove wrongly", irc="NS IDENTIFY ann guess", anywhere=True,
         refusals={"w": "That is not the password."}),

    Deed("log out", "have an account", "/logout", heard="NICK guest-", anywhere=True, shared=True),
    asks("which certificates open an account", "have an account", "", "/certificate", "NS CERT LIST", anywhere=True),
    asks("another password", "have an account", "Your password now", "/password", anywhere=True, spoils=True),
    Deed("stay when one is gone", "have an account", irc="NS SET always-on true", anywhere=True),
)  # fmt: skip

DEEDS = (*ROOMS, *SPEECH, *PAST, *OPERATING, *HERE, *SERVER)

#: Commands with no authority in them: they are about one's own connection and how it shows things, or tell of the
#: server what everyone may know.
FREE = {
    "line": {"help", "exit", "ack", "numbers", "times", "tz", "color", "json", "tls", "whoami"},
    "irc": {
        "CAP", "USER", "PASS", "PING", "PONG", "QUIT", "ISUPPORT", "AUTHENTICATE", "WEBIRC",
        "MOTD", "LUSERS", "VERSION", "ADMIN", "INFO", "TIME", "STATS", "LINKS", "HELP", "USERHOST", "ISON",
    },
}  # fmt: skip
