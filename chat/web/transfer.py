"""Files that come and go by HTTP: /upload takes them (IRC's draft/FILEHOST, and curl -T), /files gives them out.

The laws of this file:

- Who may not send, or sends too much, is told before anything of the file is read.
- A password is taken where nobody reads along, and nowhere else.
- A page may send files from where pages may chat; browsers ask before, and are told (CORS).
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple
from urllib.parse import unquote

import h11
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IAddress
from twisted.internet.protocol import Factory

from chat import link
from chat.core import refusals
from chat.core.events import Event
from chat.core.refusals import Refused
from chat.core.registry import Author
from chat.files.directory import About, key_of
from chat.files.host import FileHost, is_guest, owner_of
from chat.files.names import named, size_of
from chat.files.permits import Permit
from chat.proxy import within
from chat.web import download
from chat.web.exchange import Exchange
from chat.web.http import Refusal, Request, WebFactory

if TYPE_CHECKING:
    from chat.factory import ChatFactory

#: Bytes of a file that are read at once.
PIECE = 65_536
#: With which status a refusal is answered, if not with 403.
STATUS: dict[type[Refused], int] = {
    refusals.BadPermit: 401,
    refusals.Busy: 503,
    refusals.DamagedFile: 400,
    refusals.FileTooLarge: 413,
    refusals.NoRoomForFile: 507,
    refusals.NoRoomForYourFiles: 507,
    refusals.NotStored: 507,
    refusals.PermitBusy: 409,
    refusals.TooManyFiles: 503,
    refusals.TooManyGuesses: 429,
    refusals.WrongPassword: 401,
}
HERE = "Files are sent here. /upload in the chat says how: with curl -T FILE URL"
WHO = "Say who you are: with a one-time permit (Bearer), or with the name and the password of your account (Basic)."
NO_FILE = "There is no such file, or not any more."
NO_FORM = "Send the file itself, not a form: curl -T FILE URL"
NO_LENGTH = "Say how long it is (Content-Length), or send it in chunks."
FOREIGN = "Pages of other sites may not do that, but for those that the operator allows."
#: The checksum of what comes, if it is said (RFC 9530).
DIGEST = re.compile(r"sha-256=:([A-Za-z0-9+/]{43}=):")


#: What is done for a method: of a transfer, with the words of the path behind the first.
Deed = Callable[..., Awaitable[None]]


class Sender(NamedTuple):
    """Who sends a file: under which name, for whom it counts, by which permit."""

    name: str
    owner: str
    permit: Permit | None = None


class Visitor:
    """Whoever is at the other end: what counts when they say whose account they own."""

    #: Nobody is signed in by a request.
    user = None

    def __init__(self, factory: Transfers, transport: Any, request: Request) -> None:
        self._factory, self._transport = factory, transport
        peer = transport.getPeer()
        self.client: IAddress | None = None
        self.through_tls: bool | None = None
        if within(peer, factory.web.proxies):
            self.client = factory.web.client_of(request, peer)
            self.through_tls = request.fields.get("x-forwarded-proto", "").lower() == "https"
        self.address = str(getattr(self.getPeer(), "host", "unix"))

    def getPeer(self) -> Any:
        """Where they are."""
        return self.client or self._transport.getPeer()

    @property
    def encrypted(self) -> bool:
        return link.is_encrypted(self._transport) if self.through_tls is None else self.through_tls

    @property
    def is_local(self) -> bool:
        return link.is_local(self)

    @property
    def way_to_tls(self) -> str:
        base = self._factory.host.base()
        return f"Use: {base}/upload" if base.startswith("https:") else ""

    def publish(self, event: Event) -> Deferred[Event]:
        """Say that `event` happens."""
        return self._factory.chat.publish(event)


class Transfer(Exchange):
    """One connection by which a file comes or goes."""

    request: Request | None = None
    visitor: Visitor

    async def serve(self, request: h11.Request) -> None:
        """Do what is asked, or say why not."""
        self.request = understood(request)
        self.visitor = Visitor(self.factory, self.transport, self.request)
        where, *words = self.request.path.lstrip("/").split("/")
        deeds = self.uploading if where == "upload" else self.downloading
        deed = deeds.get(self.request.method)
        if deed is None:
            raise Refusal(405, HERE if where == "upload" else NO_FILE, [f"Allow: {', '.join(deeds)}"])
        try:
            self.factory.chat.registry.bans.require_welcome_from(self.visitor.address)
            if self.request.method not in ("GET", "HEAD") and not self.request.may_come(self.origins):
                raise Refusal(403, FOREIGN)
            await deed(self, *map(unquote, words))
        except Refused as refusal:
            status = STATUS.get(type(refusal), 403)
            raise Refusal(status, str(refusal), ["WWW-Authenticate: Bearer"] if status == 401 else ()) from None

    @property
    def origins(self) -> tuple[str, ...]:
        return self.factory.chat.config.origins

    @property
    def fields(self) -> Any:
        assert self.request is not None
        return self.request.fields

    def extra(self) -> Iterable[str]:
        """What a page of a site that the operator allows may read (the Fetch standard, section 3.3)."""
        request = self.request
        if request is None or "origin" not in request.fields or not request.may_come(self.origins):
            return ()
        shown = "Location, ETag, Content-Disposition, Content-Range, Repr-Digest"
        allowed = f"Access-Control-Allow-Origin: {request.fields['origin']}"
        return allowed, f"Access-Control-Expose-Headers: {shown}", "Vary: Origin"

    async def tell(self, *_: str) -> None:
        """What may be sent (OPTIONS), to those who ask and to browsers that ask for their page."""
        assert self.request is not None
        deeds = self.uploading if self.request.path.startswith("/upload") else self.downloading
        methods, names = ", ".join(deeds), "Authorization, Content-Type, Content-Disposition, Repr-Digest, Range"
        accept = ("Accept-Post: */*",) if deeds is self.uploading else ()
        cors = f"Access-Control-Allow-Methods: {methods}", f"Access-Control-Allow-Headers: {names}"
        self.begin(204, (f"Allow: {methods}", *accept, *(cors if self.extra() else ())))
        self.end()

    # -- a file comes

    async def receive(self, *words: str) -> None:
        """Take a file: at /upload, or at /upload/PERMIT; its name may stand behind that, as curl has it."""
        host, length = self.factory.host, self._length()
        sender = await self._sender(words)
        permit, done = sender.permit, False
        name = words[-1] if words and not (permit and words[-1] == permit.secret) else ""
        if permit is not None:
            host.permits.begin(permit)
        try:
            about, secret = await self._take(sender, length, self._name() or name)
            if permit is not None:
                await host.say(permit, about, secret)
            done = True
        finally:
            if permit is not None:
                host.permits.end(permit, done)
        url = host.address(secret, about.name)
        self.answer(201, f"{said(about, permit)}{url}", [f"Location: {url}"])

    async def _take(self, sender: Sender, length: int | None, name: str) -> tuple[About, str]:
        """Take the body of the request as a file; Refused, Refusal."""
        upload = await self.factory.host.begin(sender.owner, length)
        try:
            self.go_ahead()
            while parts := await self.parts():
                await upload.write(parts)
            return await upload.keep(name, sender.name, self._checksum())
        finally:
            upload.end()

    def _length(self) -> int | None:
        """How many bytes will come, as it is said; None where they come in chunks.  Refusal."""
        if "multipart/form-data" in self.fields.get("content-type", "").lower():
            raise Refusal(415, NO_FORM)
        if "transfer-encoding" in self.fields:
            return None
        try:
            return int(self.fields["content-length"])
        except KeyError:
            raise Refusal(411, NO_LENGTH) from None

    def _checksum(self) -> str:
        """The SHA-256 of what comes, in hex, if it is said."""
        found = DIGEST.search(self.fields.get("repr-digest", "") or self.fields.get("content-digest", ""))
        return base64.b64decode(found[1]).hex() if found else ""

    def _name(self) -> str:
        """What the file is called, if that is said in a field."""
        return named(self.fields.get("content-disposition", "").encode("latin-1"))

    # -- who sends it

    async def _sender(self, words: tuple[str, ...]) -> Sender:
        """Who sends a file; Refusal, Refused."""
        host, authorization = self.factory.host, self.fields.get("authorization", "")
        scheme, _, rest = authorization.partition(" ")
        if scheme.lower() == "basic":
            return await self._owner_of_account(rest.strip())
        if scheme.lower() == "bearer":
            permit = host.permits.find(rest.strip())
        elif words and words[0]:
            permit = host.permits.find(words[0])
        else:
            raise Refusal(401, WHO, ["WWW-Authenticate: Bearer"])
        return Sender(host.holder(permit).name, permit.owner, permit)

    async def _owner_of_account(self, credentials: str) -> Sender:
        """Who proves by a password to own an account (RFC 7617); Refusal, Refused."""
        accounts = self.factory.chat.accounts
        accounts.require_safe_link(self.visitor)
        try:
            name, _, password = base64.b64decode(credentials, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError, ValueError):
            raise Refusal(400, WHO) from None
        account = await accounts.prove(self.visitor, name, password)
        self.factory.chat.registry.bans.require_welcome(Author(account.name, "", account=account.name))
        self.factory.host.require_sender(account.name)
        return Sender(account.name, owner_of(account.name, ""))

    # -- a file goes

    async def give(self, secret: str = "", *_: str) -> None:
        """Give a file out, or what is known of it; what stands behind its secret is for people to read."""
        assert self.request is not None
        host = self.factory.host
        found = await host.disk.do(host.directory.open, key_of(secret))
        if found is None:
            raise Refusal(404, NO_FILE)
        file, about = found
        try:
            answer = download.answer(about, self.request)
            self.begin(answer.status, answer.fields)
            left = 0 if self.request.method == "HEAD" else answer.end - answer.start
            file.seek(answer.start)
            while left:
                data = await host.disk.do(file.read, min(left, PIECE))
                if not data:
                    self.transport.abortConnection()  # it is not what it was: who gets it has to know
                    return
                await self.send(data)
                left -= len(data)
            self.end()
        finally:
            file.close()

    async def drop(self, secret: str = "", *_: str) -> None:
        """Take a file back, as the owner of the account that has sent it: nobody knows guests again."""
        host = self.factory.host
        about = await host.disk.do(host.directory.about, key_of(secret))
        if about is None:
            raise Refusal(404, NO_FILE)
        sender = await self._sender(())
        if sender.owner != about.owner or is_guest(sender.owner):
            raise refusals.NotYourFile
        host.remove(key_of(secret))
        self.answer(200, f"{about.name} is gone.")

    uploading: ClassVar[dict[str, Deed]] = {"OPTIONS": tell, "POST": receive, "PUT": receive}
    downloading: ClassVar[dict[str, Deed]] = {"OPTIONS": tell, "GET": give, "HEAD": give, "DELETE": drop}


def said(about: About, permit: Permit | None) -> str:
    """Where it was said that a file has come, for whoever has sent it."""
    where = (permit.room or permit.to) if permit else None
    if permit is None or where is None:
        return ""
    return f"{about.name} ({size_of(about.size)}) is {'in' if permit.room else 'with'} {where.name} now: "


def understood(request: h11.Request) -> Request:
    """A request as the front door has it."""
    fields: dict[str, str] = {}
    for name, value in request.headers:
        key, text = name.decode("latin-1"), value.decode("latin-1")
        fields[key] = f"{fields[key]}, {text}" if key in fields else text
    return Request(b"", request.method.decode("latin-1"), request.target.decode("latin-1"), fields)


class Transfers(Factory):
    """Makes what looks after files, for those who came by `web`."""

    noisy = False

    def __init__(self, web: WebFactory, host: FileHost) -> None:
        self.web, self.host = web, host

    @property
    def chat(self) -> ChatFactory:
        return self.web.chat

    def buildProtocol(self, addr: IAddress | None) -> Transfer:  # type: ignore[override]
        transfer = Transfer()
        transfer.factory = self
        return transfer
