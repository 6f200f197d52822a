"""Makes `twistd chat` a command of Twisted."""

from twisted.application.service import ServiceMaker

chat = ServiceMaker("chat", "chat.service", "A chat for nc, telnet and openssl that never loses a line", "chat")
