"""The daemon: from options to a running service.  The only module that knows all the others."""

from __future__ import annotations

import atexit
import fcntl
import os
import signal
import struct
import sys
import termios
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from OpenSSL import SSL, crypto
from twisted.application.service import Service
from twisted.internet.address import UNIXAddress
from twisted.internet.defer import Deferred, DeferredList, succeed
from twisted.internet.endpoints import serverFromString
from twisted.internet.error import CannotListenError, ReactorNotRunning
from twisted.internet.protocol import Factory
from twisted.internet.task import LoopingCall, deferLater
from twisted.logger import Logger
from twisted.python.failure import Failure

from chat.config import Config
from chat.doorway import DoorwayFactory
from chat.factory import ChatFactory, WebDoor
from chat.irc.protocol import IRCProtocol
from chat.line.footfall import WATCHED, Counter
from chat.line.phrases import MANY
from chat.line.protocol import LineProtocol
from chat.link import is_loopback, unwrapped
from chat.ops import admin, systemd
from chat.options import Options, read_config
from chat.protocol import ChatProtocol
from chat.proxy import ProxyFactory
from chat.stores.database import StoreError
from chat.stores.memory import MemoryHistory
from chat.stores.sqlite import SQLiteHistory
from chat.tls import CertificateError, Certificates
from chat.values import ConfigError
from chat.web.http import WebFactory

log = Logger(namespace="chat")

#: Seconds for people to get their goodbye before the connections are cut.
FAREWELL = 2
#: How often the last lines are looked after at most: one connection may have so many lines waiting.
ROUNDS = 10_000
#: Settings that only a restart changes.
FIXED = ("listen", "line", "irc", "web", "database", "admin_socket", "tls_cert", "tls_key", "proxy", "proxy_header",
         "files")  # fmt: skip
RESTART = "Server is restarting, back in about 5 s. Nothing you sent is lost."
UNREAD = "Server is restarting, back in about 5 s. Your last lines were not read; the history shows which are kept."
BROKEN = "Server has to stop, because its database is broken. Lines without a receipt may be lost."


class CannotStart(Exception):
    """The daemon cannot run; the text is one sentence for the operator."""


def makeService(options: Options) -> ChatService:
    """The service that twistd runs; nothing is opened before it starts, since twistd forks in between."""
    from twisted.internet import reactor

    return ChatService(options.chosen, reactor, lambda: read_config(options))


class ChatService(Service):
    """The running daemon: a store, a factory, and doors.  `reread` gives the configuration anew, for SIGHUP."""

    def __init__(self, config: Config, reactor: Any, reread: Callable[[], Config]) -> None:
        self.config, self.reactor, self.reread = config, reactor, reread
        self.ports: list[Any] = []
        self.broken = False
        self.certificates: Certificates | None = None
        self._watchdog: LoopingCall | None = None

    # -- starting

    def startService(self) -> None:
        """Open the store and the doors; CannotStart with a sentence if one of them does not open."""
        super().startService()
        self._take_signals()
        self.reactor.addSystemEventTrigger("during", "startup", self._take_signals)  # the reactor claims SIGTERM there
        try:
            if self.config.tls_cert:
                self.certificates = Certificates(self.config.tls_cert, self.config.tls_key)
            self.history = self._open_history()
            self.factory = self._new_factory()
            self.factory.start()
        except (StoreError, CertificateError) as error:
            self._refuse(str(error))
        self._open_admin()
        self._open_doors()
        self._open_files()
        self.reactor.callWhenRunning(self._running)

    def _new_factory(self) -> ChatFactory:
        factory = ChatFactory(self.config, self.history, self.reactor)
        counter = Counter(factory.registry, MANY, self.reactor.callLater, factory.now)
        factory.router.watch(counter.watch, *WATCHED)
        factory.reload = self.reload
        return factory

    def _open_history(self) -> MemoryHistory | SQLiteHistory:
        path = self.config.database_path(os.environ)
        if path == ":memory:":
            return MemoryHistory(self.reactor)
        history = SQLiteHistory(self.reactor, path, self._broken)
        history.open()
        log.info("History is kept in {path}", path=path)
        return history

    def _open_admin(self) -> None:
        """For `twisted-chat admin`; a socket that nobody asked for need not be had."""
        path = self.config.admin_path(os.environ)
        try:
            if path:
                self.ports.append(admin.listen(self.reactor, path, self.factory))
        except CannotListenError as error:
            sentence = f"Cannot listen on {os.path.abspath(path)} for twisted-chat admin: {_reason(error)}"
            if self.config.admin_socket:
                self._refuse(sentence)
            log.warn("{sentence} Name another one with --admin-socket.", sentence=sentence)

    def _open_doors(self) -> None:
        irc, people = (self.factory.speaking(wire) for wire in (IRCProtocol, LineProtocol))
        web = WebFactory(irc)
        every = DoorwayFactory(people, self.certificates, self.reactor, irc, web)
        only: list[Any] = [irc, people, web]
        if self.certificates:
            only = [DoorwayFactory(wire, self.certificates, self.reactor) for wire in only]
        listen, line = (self.config.listen, every), (self.config.line, only[1])
        doors = (listen, line, (self.config.irc, only[0]), (self.config.web, only[2]))
        for descriptions, door in doors:
            for description in descriptions:
                self._listen(description, self._behind_proxies(door))
        for ways in (self.factory.tls_doors, self.factory.irc_tls_doors):
            ways.sort(key=lambda way: is_loopback(way[0]))  # who is told of the first may be anywhere

    def _open_files(self) -> None:
        """Take files, if there is a directory for them."""
        if not self.config.files:
            return
        from chat.files.directory import FilesError
        from chat.files.host import FileHost

        host = self.factory.files = FileHost(self.factory)
        if not host.base():
            self._refuse("No door here has an address for browsers, so nobody would find the files: name --files-url.")
        try:
            host.start()
        except FilesError as error:
            self._refuse(str(error))
        log.info("Files are kept in {path}", path=host.directory.path)

    def _behind_proxies(self, door: Factory) -> Factory:
        """A door that believes what proxies say, if there are any."""
        if not self.config.proxy:
            return door
        return ProxyFactory(door, self.config.proxy, self.config.proxy_header == "required", self.reactor)

    def _listen(self, description: str, factory: Factory) -> None:
        outcome: list[Any] = []
        try:
            serverFromString(self.reactor, description).listen(factory).addBoth(outcome.append)
        except LookupError:
            self._refuse(f'systemd has not handed over the socket of "{description}".')
        except (TypeError, ValueError):
            self._refuse(f'"{description}" is no endpoint. One is like this: tcp:5050:interface=127.0.0.1')
        except (SSL.Error, crypto.Error):
            self._refuse(f'Cannot listen on "{description}": its certificate or its key cannot be used.')
        except Exception as error:
            self._refuse(f'Cannot listen on "{description}": {_reason(error)}')
        if outcome and isinstance(outcome[0], Failure):
            self._refuse(f'Cannot listen on "{description}": {_reason(outcome[0].value)}')
        encrypted = self.certificates is not None or description.startswith("ssl:")
        for port in outcome:
            self.ports.append(port)
            self._announce(port.getHost(), description, encrypted)

    def _announce(self, address: Any, description: str, encrypted: bool) -> None:
        """Say where the server listens, and how people come in."""
        if isinstance(address, UNIXAddress):
            path = (address.name or b"").decode("utf-8", "replace")
            log.info("[LISTENING] Server is listening on {path}", path=path)
            if description not in self.config.web:
                log.info("Join with:  nc -U {path}", path=path)
            return
        log.info("[LISTENING] Server is listening on {host}:{port}", host=bracketed(address.host), port=address.port)
        near = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address.host, address.host)
        name = self.config.name if near != address.host else near
        if description in self.config.web + self.config.listen:
            self._note_web(encrypted, not description.startswith("ssl:"), name, near, address.port)
        page = f"s://{bracketed(name)}:{address.port}" if encrypted else f"://{bracketed(near)}:{address.port}"
        if description in self.config.web:
            log.info("Join with a browser:  http{page}", page=page)
            log.info("Join by WebSocket:  ws{page}", page=page)
            return
        if encrypted and description not in self.config.line:
            self.factory.irc_tls_doors.append((name, address.port))
        if description in self.config.irc:
            log.info("Join with an IRC client:  /server {host} {port}", host=near, port=address.port)
            return
        if not description.startswith("ssl:"):
            log.info("Join with:  nc {host} {port}", host=near, port=address.port)
        if description in self.config.listen:
            log.info("Or with an IRC client:  /server {host} {port}", host=near, port=address.port)
            log.info("Or with a browser:  http{page}", page=page)
        if encrypted:
            connect = f"{bracketed(name)}:{address.port}"
            log.info("Or over TLS:  openssl s_client -quiet -connect {connect}", connect=connect)
            self.factory.tls_doors.append((name, address.port))

    def _note_web(self, tls: bool, plain: bool, name: str, near: str, port: int) -> None:
        """Browsers can come in at this port: over TLS, without it, or both."""
        for scheme, usual in (("https", 443),) * tls + (("http", 80),) * plain:
            end = "" if port == usual else f":{port}"
            url, close = (f"{scheme}://{bracketed(host)}{end}" for host in (name, near))
            self.factory.web_doors.append(WebDoor(scheme == "https", url, close, is_loopback(name)))

    def _refuse(self, sentence: str) -> None:
        """Nothing is left half open when the daemon cannot start."""
        for port in self.ports:
            port.stopListening()
        if isinstance(getattr(self, "history", None), SQLiteHistory):
            self.history.close()  # type: ignore[union-attr]
        sys.excepthook = _say_only_the_sentence
        raise CannotStart(sentence)

    def _take_signals(self) -> None:
        """SIGHUP never ends the daemon; SIGTERM and SIGINT end it in an orderly way, and its exit status is 0."""
        actions = {signal.SIGHUP: self.reload, signal.SIGTERM: self._end, signal.SIGINT: self._end}
        for number, action in actions.items():
            signal.signal(number, lambda *_, action=action: self.reactor.callFromThread(action))

    def _running(self) -> None:
        """The reactor runs: tell systemd."""
        systemd.notify("READY=1")
        interval = systemd.watchdog_interval()
        if interval:
            self._watchdog = LoopingCall(systemd.notify, "WATCHDOG=1")
            self._watchdog.start(interval)

    # -- while it runs

    def reload(self) -> str:
        """Read certificates and configuration again.  What is broken is said, here and in the log; the old is kept."""
        if self.certificates:
            self.certificates.reload()
        try:
            new = self.reread()
        except ConfigError as error:
            log.error("Not reloaded: {error}", error=str(error))
            return f"Not reloaded: {error}"
        fixed = [key for key in FIXED if getattr(new, key) != getattr(self.config, key)]
        if fixed:
            log.warn("These change only with a restart: {keys}", keys=", ".join(fixed).replace("_", "-"))
        self.config = replace(new, **{key: getattr(self.config, key) for key in fixed})
        self.factory.reconfigure(self.config)
        log.info("Configuration reloaded.")
        return "Configuration reloaded."

    # -- stopping

    def _end(self) -> None:
        """Have the reactor stop, which stops this service; again is as good as once."""
        with suppress(ReactorNotRunning):
            self.reactor.stop()

    def _broken(self, sentence: str) -> None:
        """The store is lost: nothing can be promised any more.  The exit status is 1, so that systemd starts anew."""
        log.critical("{sentence} Stopping; what was shown to anyone is in the file.", sentence=sentence)
        self.broken = True
        atexit.register(os._exit, 1)
        self._end()

    async def _stop(self) -> None:
        systemd.notify("STOPPING=1")
        await DeferredList([_done(port.stopListening()) for port in self.ports], consumeErrors=True)
        self.factory.stopping = True
        if not self.broken:
            await self._finish()
        for connection in tuple(self.factory.connections):
            connection.part(BROKEN if self.broken else UNREAD if _has_more_to_say(connection) else RESTART)
        gone = self.factory.everyone_gone()
        cut = self.reactor.callLater(FAREWELL, self._cut)
        await gone
        if cut.active():
            cut.cancel()
        if self._watchdog:
            self._watchdog.stop()
        self.factory.stop()
        if isinstance(self.history, SQLiteHistory):
            self.history.close()

    async def _finish(self) -> None:
        """Read no more; do what was read, as far as the flood limit lets it, and let everyone hear of it."""
        for connection in tuple(self.factory.connections):
            connection.pauseProducing()
        left = -1
        for _ in range(ROUNDS):
            await self.factory.settled()
            await deferLater(self.reactor, 0, lambda: None)
            before, left = left, sum(each.waiting_input + each.in_flight for each in self.factory.connections)
            if left in (0, before):
                break

    def _cut(self) -> None:
        for connection in tuple(self.factory.connections):
            connection.transport.abortConnection()

    def stopService(self) -> Deferred[None]:
        """Say goodbye, finish what was accepted, and close everything."""
        super().stopService()
        return Deferred.fromCoroutine(self._stop())


def bracketed(host: str) -> str:
    """A host as it stands before a port: an IPv6 address in brackets (RFC 3986, section 3.2.2)."""
    return f"[{host}]" if ":" in host else host


def _reason(error: BaseException | None) -> str:
    """Why a door does not open, as the system says it, and with which file."""
    if isinstance(error, CannotListenError):
        error = error.socketError
    if not isinstance(error, OSError) or not error.strerror:
        return str(error).rstrip(".") + "."
    file = error.filename2 or error.filename
    return f"{os.fsdecode(file)}: {error.strerror}." if file else f"{error.strerror}."


def _has_more_to_say(connection: ChatProtocol) -> bool:
    """Whether something that it sent has reached this machine and was not done."""
    waits, raw = getattr(connection.transport, "unread", 0), unwrapped(connection.transport)
    try:
        unread = struct.unpack("i", fcntl.ioctl(raw.fileno(), termios.FIONREAD, bytes(4)))[0]
    except (OSError, AttributeError):
        unread = 0  # it is closed, or no socket
    return bool(connection.waiting_input or connection.in_flight or waits or unread)


def _done(result: Any) -> Deferred[Any]:
    return result if isinstance(result, Deferred) else succeed(result)


def _say_only_the_sentence(kind: type[BaseException], error: BaseException, trace: Any) -> None:
    """What keeps the daemon from starting is the operator's to mend: a sentence helps, a traceback does not."""
    if issubclass(kind, CannotStart):
        print(error, file=sys.stderr)
    else:
        sys.__excepthook__(kind, error, trace)


__all__: Sequence[str] = ("ChatService", "Options", "makeService")
