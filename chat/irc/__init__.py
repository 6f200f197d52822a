"""IRC: the wire of every IRC client.  Its grammar, `chat.irc.message`, serves our own clients too."""
