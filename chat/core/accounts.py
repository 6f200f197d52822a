"""Accounts: a lasting identity, and what proves that one is its owner.

The core compares; it neither draws salts nor spends the time that a password hash takes.  Both are given.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import asdict, dataclass, field, replace
from typing import NamedTuple

from chat.core.names import fold
from chat.core.room import State

#: Iterations of SCRAM-SHA-256 (RFC 7677 asks for 4,096 at least).
ITERATIONS = 4096


class Verifier(NamedTuple):
    """What SCRAM-SHA-256 needs to know of a password (RFC 5802, section 3); all in hex."""

    salt: str
    iterations: int
    stored_key: str
    server_key: str

    @classmethod
    def of(cls, password: str, salt: bytes, iterations: int = ITERATIONS) -> Verifier:
        salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, iterations)
        client_key = hmac.digest(salted, b"Client Key", "sha256")
        stored = hashlib.sha256(client_key).hexdigest()
        return cls(salt.hex(), iterations, stored, hmac.digest(salted, b"Server Key", "sha256").hex())

    def proves(self, auth_message: bytes, proof: bytes) -> bool:
        """Whether a client's proof shows that it knows the password."""
        stored = bytes.fromhex(self.stored_key)
        signature = hmac.digest(stored, auth_message, "sha256")
        if len(proof) != len(signature):
            return False
        client_key = bytes(one ^ other for one, other in zip(proof, signature, strict=True))
        return hmac.compare_digest(hashlib.sha256(client_key).digest(), stored)

    def signature(self, auth_message: bytes) -> bytes:
        """What shows the client that the server knows the verifier."""
        return hmac.digest(bytes.fromhex(self.server_key), auth_message, "sha256")


@dataclass(frozen=True)
class Account:
    """An account: its name as shown, a password hash (PHC string), a SCRAM verifier, fingerprints of certificates.

    `settings` are what its owner has chosen, by name.
    """

    name: str
    password: str = ""
    scram: Verifier | None = None
    certificates: tuple[str, ...] = ()
    created: int = 0
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return fold(self.name)

    @property
    def is_shut(self) -> bool:
        """Whether nothing proves that one is its owner."""
        return not (self.password or self.scram or self.certificates)

    def state(self) -> State:
        """What lasts of it: all."""
        return State("account", self.key, json.dumps(asdict(self)))

    @classmethod
    def of(cls, value: str) -> Account:
        """The account that `state` wrote down."""
        known = cls(**json.loads(value))
        scram = Verifier(*known.scram) if known.scram else None
        return replace(known, scram=scram, certificates=tuple(known.certificates))
