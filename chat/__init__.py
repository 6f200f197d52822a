"""A chat daemon on Twisted.  A line becomes an event; the event is ordered, checked, applied, kept, delivered.

Read it in this order:

    core/events/      what can happen: each event says who may, what changes, who hears
    core/router.py    the one road that every event takes
    core/registry.py  who is here, and which rooms there are
    stores/           where events are kept before anyone hears of them
    protocol.py       one connection: a line in, a command run, one error boundary
    speaker.py        its other half: what it says, what of that is in flight, and what becomes of it
    turn.py, outlet.py  what goes out: rendered once, joined once, written once
    line/             the wire for people: grammar, commands, phrases
    irc/              the wire of IRC clients: messages, commands, capabilities, drawings
    doorway.py        one port for both
    web/              what comes by HTTP: the page, files, a WebSocket as a transport
    files/            files that people send one another: their directory, who may send how much
    clients/          what joins a chat: a model of it, a link, and the faces of them
    factory.py, service.py  what all connections share; the daemon
    ops/              for whoever runs it: the commands of `twisted-chat admin`, word to systemd
"""

__version__ = "0.1.0"
