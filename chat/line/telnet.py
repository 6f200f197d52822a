"""Telnet, as far as a chat needs it: its commands are taken out of the stream and its options refused.

RFC 854, 855.  The byte 0xFF, which begins every telnet command, is never part of UTF-8, so this may look at
every connection.
"""

from __future__ import annotations

IAC, DONT, DO, WONT, WILL, SB, SE = 255, 254, 253, 252, 251, 250, 240
INTERRUPT, BREAK = 244, 243
#: The option of who shows what is typed (RFC 857).
ECHO = 1


class Telnet:
    """Takes telnet commands out of what a connection sends, however it is cut.

    `seen` tells whether there were any; `interrupted` whether one of them asked to leave, which ends the text.
    `hiding`: the server has offered to show what is typed, and the other side may agree.
    """

    __slots__ = ("seen", "interrupted", "hiding", "_state", "_verb")

    def __init__(self) -> None:
        self.seen = self.interrupted = self.hiding = False
        self._state = "text"
        self._verb = 0

    def receive(self, data: bytes) -> tuple[bytes, bytes]:
        """What is left of `data` as text, and what is to be answered."""
        if self._state == "text" and IAC not in data:
            return data, b""
        self.seen = True
        text, answer = bytearray(), bytearray()
        for byte in data:
            getattr(self, "_" + self._state)(byte, text, answer)
        return bytes(text), bytes(answer)

    def _text(self, byte: int, text: bytearray, answer: bytearray) -> None:
        if byte == IAC:
            self._state = "command"
        elif not self.interrupted:
            text.append(byte)

    def _command(self, byte: int, text: bytearray, answer: bytearray) -> None:
        self._state = "text"
        if byte == IAC and not self.interrupted:
            text.append(byte)
        elif byte in (INTERRUPT, BREAK):
            self.interrupted = True
        elif byte in (WILL, WONT, DO, DONT):
            self._state, self._verb = "option", byte
        elif byte == SB:
            self._state = "subnegotiation"

    def _option(self, option: int, text: bytearray, answer: bytearray) -> None:
        """Refuse what is offered or asked for; a refusal needs no answer, or it would never end."""
        self._state = "text"
        if self._verb == WILL:
            answer += bytes((IAC, DONT, option))
        elif self._verb == DO and not (self.hiding and option == ECHO):
            answer += bytes((IAC, WONT, option))

    def _subnegotiation(self, byte: int, text: bytearray, answer: bytearray) -> None:
        if byte == IAC:
            self._state = "subcommand"

    def _subcommand(self, byte: int, text: bytearray, answer: bytearray) -> None:
        self._state = "text" if byte == SE else "subnegotiation"
