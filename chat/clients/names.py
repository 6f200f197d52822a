"""What a server calls equal, what it calls a room, and which roles it knows: ISUPPORT (numeric 005)."""

from __future__ import annotations

#: Beside A to Z, what RFC 1459 has as upper and lower case of one another.
RFC1459 = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ[]\\~", "abcdefghijklmnopqrstuvwxyz{}|^")
ASCII = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


class Support:
    """What the server says it supports, as tokens; until it says so, what the oldest server does."""

    def __init__(self) -> None:
        self.tokens: dict[str, str] = {}

    def learn(self, tokens: list[str]) -> None:
        """Take in tokens: KEY, KEY=value, -KEY."""
        for token in tokens:
            key, _, value = token.partition("=")
            if key.startswith("-"):
                self.tokens.pop(key[1:], None)
            else:
                self.tokens[key] = value

    def __contains__(self, key: str) -> bool:
        return key in self.tokens

    def number(self, key: str, otherwise: int) -> int:
        """The value of a token that is a number."""
        value = self.tokens.get(key, "")
        return int(value) if value.isascii() and value.isdigit() else otherwise

    @property
    def network(self) -> str:
        return self.tokens.get("NETWORK", "")

    def fold(self, name: str) -> str:
        """A name as it is compared."""
        return name.translate(ASCII if self.tokens.get("CASEMAPPING", "rfc1459") == "ascii" else RFC1459)

    def is_room(self, name: str) -> bool:
        return name[:1] != "" and name[0] in self.tokens.get("CHANTYPES", "#&")

    @property
    def roles(self) -> dict[str, str]:
        """The prefix of each mode that is a role, highest first."""
        letters, _, prefixes = self.tokens.get("PREFIX", "(ov)@+").removeprefix("(").partition(")")
        return dict(zip(letters, prefixes, strict=False))

    def target(self, name: str) -> str:
        """The room that a message to some of its people is for: `@#tea` is `#tea` (STATUSMSG)."""
        bare = name.lstrip("".join(self.roles.values())) if name[:1] in self.tokens.get("STATUSMSG", "@+") else name
        return bare if bare != name and self.is_room(bare) else name

    def takes_argument(self, mode: str, on: bool) -> bool:
        """Whether a mode of a room stands with an argument (RFC 2811; ISUPPORT CHANMODES)."""
        lists, always, setting, *_ = [*self.tokens.get("CHANMODES", "b,k,l,imnpst").split(","), "", "", ""]
        return mode in self.roles or mode in lists or mode in always or (on and mode in setting)
