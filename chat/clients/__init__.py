"""The clients: what a chat looks like from the outside, and the faces of it.

They know nothing of the daemon but how a line of IRC is written, so that they work with any server that speaks IRCv3.

    model.py          the front door: everything that a face of it needs to know
    chat.py           one client's idea of the chat, and what a person can ask of it
    conversation.py   a room or a private conversation: its people, its lines
    files.py          files that are sent; carrier.py takes them to the server
    link.py           the connection: made, verified, lost, made again
    plain.py          lines in, lines out
"""
