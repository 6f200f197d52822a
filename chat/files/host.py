"""The files of a chat, for every wire: who may send one, where it is sent to, what is said of it, how long it stays.

The laws of this file:

- What is too much is refused before it is read, and counted while it comes: nobody's word for a size is taken.
- An address of a file is its only key: whoever has it has the file, and nobody can guess it.
- Addresses are made of what the operator has set up, never of what somebody's request says.
- A file that was said in a room goes when its line is taken back.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from twisted.internet.defer import Deferred
from twisted.internet.task import LoopingCall
from twisted.logger import Logger
from twisted.python.failure import Failure

from chat.core.events import FileSent, Removed, Told
from chat.core.names import fold
from chat.core.refusals import (
    BadPermit,
    DamagedFile,
    FilesForAccounts,
    FileTooLarge,
    NoFiles,
    NotStored,
    TooManyFiles,
)
from chat.core.registry import Author, Room
from chat.files.directory import About, Directory, Part, key_of, reason
from chat.files.disk import Disk
from chat.files.ledger import LEAST, Ledger
from chat.files.names import cleaned, plain, size_of
from chat.files.permits import MINUTES, Permit, Permits
from chat.guesses import network

if TYPE_CHECKING:
    from chat.factory import ChatFactory
    from chat.protocol import ChatProtocol

log = Logger(namespace="chat")

#: Files that may come at once, in all and from one person.
AT_ONCE, EACH = 32, 4
#: Seconds between two looks at which files are too old.
SWEEP = 3600
#: The id of the line that tells of a file begins so; what it is called on disk follows.
LINE = "file-"
#: How it begins for whom a guest's file counts; no account can be called so.
GUEST = "guest@"


class Kept(NamedTuple):
    """A file, as far as it has to be known without looking: for whom it counts, how much, when it came (ms)."""

    owner: str
    size: int
    time: int


def owner_of(account: str, address: str) -> str:
    """For whom a file counts: an account; all guests from one place are one."""
    return fold(account) if account else f"{GUEST}{network(address)}"


def is_guest(owner: str) -> bool:
    """Whether a file counts for guests."""
    return owner.startswith(GUEST)


class FileHost:
    """The files of one daemon, in the directory that the configuration names."""

    #: For how long a permit is good.
    minutes = MINUTES

    def __init__(self, chat: ChatFactory, disk: Disk | None = None) -> None:
        self.chat = chat
        self.directory = Directory(chat.config.files)
        self.disk = disk or Disk(chat.clock)
        self.permits = Permits(chat.clock.seconds)
        self.ledger = Ledger()
        self.uploads: set[Upload] = set()
        self.unreadable = self.stopped = False
        self.kept: dict[str, Kept] = {}
        self._loading: Deferred[None] = Deferred()
        self._sweep = LoopingCall(self.sweep)
        self._sweep.clock = chat.clock

    # -- its life

    def start(self) -> None:
        """Hold the directory, and look what is in it meanwhile; FilesError."""
        self.directory.claim()
        self.disk.start()
        self.chat.router.watch(self.watch, Removed)
        self._loading = self.disk.do(self.directory.load).addCallbacks(self._loaded, self._not_loaded)

    def _loaded(self, found: dict[str, About]) -> None:
        for key, about in found.items():
            self.count(key, about)
        self._sweep.start(SWEEP)

    def _not_loaded(self, failure: Failure) -> None:
        log.failure("The directory of the files cannot be read", failure)
        self.unreadable = True

    def loaded(self) -> Deferred[None]:
        """Fires when it is known what is there."""
        wait: Deferred[None] = Deferred()
        self._loading.addCallback(lambda _: wait.callback(None))
        return wait

    def stop(self) -> None:
        """Look after nothing any more; what is not whole is thrown away."""
        self.stopped = True
        if self._sweep.running:
            self._sweep.stop()
        self.disk.stop()
        for upload in tuple(self.uploads):
            upload.end()
        self.directory.release()

    # -- where it is

    def base(self, client: ChatProtocol | None = None) -> str:
        """How addresses begin, for everyone or for one connection; empty where there is none that it may use.

        Who is on this machine, without TLS, needs no certificate to be in order.
        """
        if self.chat.config.files_url:
            return self.chat.config.files_url
        doors = sorted(self.chat.web_doors, key=lambda door: (door.local, not door.tls))
        if client is not None and client.encrypted:
            doors = [door for door in doors if door.tls]
        elif client is not None and client.is_local:
            near = next((door.near for door in doors if not door.tls), "")
            if near:
                return near
        return doors[0].url if doors else ""

    def invitation(self, client: ChatProtocol, permit: Permit) -> str:
        """Where whoever is at a connection sends a file; curl puts its name behind it."""
        return f"{self.base(client) or self.base()}/upload/{permit.secret}/"

    def address(self, secret: str, name: str) -> str:
        """Where everyone finds a file."""
        return f"{self.base()}/files/{secret}/{plain(name)}"

    # -- who may send

    def permit(self, client: ChatProtocol, room: Room | None = None, to: Author | None = None) -> Permit:
        """A permit for the user of a connection to send one file; Refused."""
        self.require_sender(client.me.account)
        if room is not None:
            room.require_voice(client.me.author)
        owner = owner_of(client.me.account, client.address)
        return self.permits.give(Permit(client.me.id, owner, room, to))

    def require_sender(self, account: str) -> None:
        """FilesForAccounts for a guest where they may send none; NoFiles where no file could be found."""
        if not account and self.chat.config.files_from == "accounts":
            raise FilesForAccounts
        if not self.base():
            raise NoFiles

    def holder(self, permit: Permit) -> Author:
        """Who sends by a permit, as they are now; BadPermit if they are not here, Refused if they may not speak."""
        user = self.chat.registry.ids.get(permit.user)
        if user is None:
            raise BadPermit(MINUTES)
        if permit.room is not None:
            permit.room.require_voice(user.author)
        return user.author

    # -- what comes

    async def begin(self, owner: str, size: int | None) -> Upload:
        """Take a file of so many bytes, or of nobody knows how many; Refused."""
        self.require_size(size or 0)
        await self.loaded()
        self._require_going_on()
        if self.unreadable:
            raise NotStored("the directory of the files cannot be read")
        if sum(upload.owner == owner for upload in self.uploads) >= EACH:
            raise TooManyFiles(f"{EACH} files from one person")
        if len(self.uploads) >= AT_ONCE:
            raise TooManyFiles(f"{AT_ONCE} files may come")
        upload = Upload(self, owner)
        upload.reserve(size or 0)
        self.uploads.add(upload)
        try:
            upload.part = await self.on_disk(self.directory.begin, size or self.chat.config.files_largest)
            self._require_going_on()
        except BaseException:
            upload.end()
            raise
        return upload

    def _require_going_on(self) -> None:
        if self.stopped:
            raise NotStored("the server is stopping")

    def require_size(self, size: int) -> None:
        """FileTooLarge if one file may not have so many bytes."""
        if size > self.chat.config.files_largest:
            raise FileTooLarge(size_of(self.chat.config.files_largest))

    async def on_disk(self, work: Callable[..., Any], *args: Any) -> Any:
        """Have something done that may wait for the disk; NotStored."""
        try:
            return await self.disk.do(work, *args)
        except OSError as error:
            log.warn("A file could not be written: {error}", error=str(error))
            raise NotStored(reason(error)) from None

    async def say(self, permit: Permit, about: About, secret: str) -> None:
        """Say that a file was sent, as who sent it, to whom the permit says; Refused, and it is gone then."""
        words = f"sent a file: {about.name} ({size_of(about.size)}) {self.address(secret, about.name)}"
        try:
            author = self.holder(permit)
            event: Any = None
            if permit.room is not None:
                event = FileSent(author, permit.room.name, words)
            elif permit.to is not None:
                event = Told(author, permit.to, words, emote=True)
            if event is not None:
                event.id = LINE + key_of(secret)
                await self.chat.publish(event)
        except BaseException:
            self.remove(key_of(secret))
            raise

    # -- what is there

    def count(self, key: str, about: About) -> None:
        """A file is there."""
        self.kept[key] = Kept(about.owner, max(about.size, LEAST), about.time)
        self.ledger.take(about.owner, max(about.size, LEAST))

    def remove(self, key: str) -> None:
        """Throw a file away, if it is there."""
        kept = self.kept.pop(key, None)
        if kept is not None:
            self.ledger.take(kept.owner, -kept.size)
            self.disk.do(self.directory.remove, key)

    def sweep(self) -> None:
        """Throw away what is too old."""
        keep = self.chat.config.files_keep
        if keep:
            past = self.chat.now() - keep * 1000
            for key in [key for key, kept in self.kept.items() if kept.time < past]:
                self.remove(key)

    def watch(self, event: Removed) -> None:
        """Whoever takes back the line about a file takes back the file."""
        if event.ref.startswith(LINE):
            self.remove(event.ref.removeprefix(LINE))


class Upload:
    """One file that is coming."""

    part: Part | None = None

    def __init__(self, host: FileHost, owner: str) -> None:
        self._host, self.owner = host, owner
        self._reserved = 0

    def reserve(self, size: int) -> None:
        """See to it that there is room for a file of so many bytes; Refused."""
        self._host.require_size(size)
        more = max(size, LEAST) - self._reserved
        if more > 0:
            config = self._host.chat.config
            self._host.ledger.require_room(self.owner, more, config.files_quota, config.files_each)
            self._host.ledger.take(self.owner, more)
            self._reserved += more

    async def write(self, pieces: list[bytes]) -> None:
        """What comes next; Refused."""
        part = self._part()
        self.reserve(part.size + sum(map(len, pieces)))
        await self._host.on_disk(part.write, pieces)

    async def keep(self, name: str, by: str, sha256: str = "") -> tuple[About, str]:
        """It has come whole: what is known of it, and the secret of its address; DamagedFile, NotStored."""
        part, host = self._part(), self._host
        if sha256 and sha256 != part.sha256:
            raise DamagedFile
        about = await host.on_disk(part.keep, cleaned(name), self.owner, by, host.chat.now())
        self.part = None
        self.end()
        host.count(part.key, about)
        log.info("[FILE] {by} ({owner}) sent {name}, {size} bytes: {key}",
                 by=by, owner=self.owner, name=about.name, size=about.size, key=part.key)  # fmt: skip
        return about, part.secret

    def _part(self) -> Part:
        if self.part is None:
            raise NotStored("the server is stopping")
        return self.part

    def end(self) -> None:
        """It comes no more: nothing stays of what is not whole."""
        if self._reserved:
            self._host.ledger.take(self.owner, -self._reserved)
            self._reserved = 0
        self._host.uploads.discard(self)
        if self.part is not None:
            self._host.disk.do(self.part.discard)
            self.part = None
