"""How the public suite irctest starts this daemon: it runs from a checkout of the suite, see `run` beside this file."""

from __future__ import annotations

import copy
import os
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar

from irctest import patma
from irctest.basecontrollers import BaseServerController, DirectoryBasedController
from irctest.cases import BaseServerTestCase
from irctest.specifications import Capabilities, OptionalBehaviors

# Tests may hand a dict of this shape to `ergo_config` functions of their own; what they change is translated below.
SHAPE: dict[str, Any] = {
    "server": {"casemapping": "ascii", "listeners": {}},
    "accounts": {"default-user-modes": "", "multiclient": {"always-on": "opt-in"}},
    "history": {"znc-maxmessages": 0},
}


#: The library of faketime.  Its program would stay as the parent of the daemon, and end before it does.
FAKERS = [lib for place in ("lib", "lib/*", "lib64") for lib in Path("/usr").glob(f"{place}/faketime/libfaketime.so.1")]
#: What does not fit into REGISTER, as a line has 512 bytes, is given to the operator's tool.
LONGEST_PASSWORD_IN_A_LINE = 480


class ChatController(BaseServerController, DirectoryBasedController):
    """One daemon for each test."""

    software_name = "chat"
    supported_sasl_mechanisms: ClassVar = {"PLAIN", "SCRAM-SHA-256"}
    supports_sts = False
    extban_mute_char = "m"
    nickserv = "NickServ"
    sync_sleep_time = 0.0
    # What is listed here fails instead of being skipped: everything but a mode that an UTF8ONLY server cannot have.
    capabilities = frozenset(Capabilities)
    optional_behaviors = frozenset(OptionalBehaviors) - {OptionalBehaviors.NON_UTF8_MESSAGE}
    isupport: ClassVar = {
        "CASEMAPPING": "ascii",
        "UTF8ONLY": None,
        "WHOX": None,
        "BOT": "B",
        "MONITOR": patma.ANYSTR,
        "TARGMAX": patma.ANYSTR,
        "INVEX": patma.ANYOPTSTR,
        "ELIST": patma.StrRe("(?=.*C)(?=.*M)(?=.*N)(?=.*T)(?=.*U).*"),
        "MSGREFTYPES": "msgid,timestamp",
    }

    def run(
        self,
        hostname: str,
        port: int,
        *,
        password: str | None,
        ssl: bool,
        run_services: bool,
        faketime: str | None,
        websocket_hostname: str | None,
        websocket_port: int | None,
    ) -> None:
        assert self.proc is None
        self.hostname, self.port = hostname, port
        self.create_config()
        (self.directory / "operator").write_text("operpassword")
        self._shape = copy.deepcopy(SHAPE)
        self._shape["server"]["listeners"][f"127.0.0.1:{port}"] = None
        if self.test_config.ergo_config:
            self.test_config.ergo_config(self._shape)
        settings = {
            "name": "My.Little.Server",
            "info": "test server",
            "network": "ChatTest",
            "irc": f"tcp:{port}:interface=127.0.0.1",
            "database": str(self.directory / "chat.sqlite"),
            "flood": "off",
            "reserved": [],
            "shortest-password": 3,
            "always-on": str(self._shape["accounts"]["multiclient"]["always-on"] == "opt-out").lower(),
            "proxy": ["127.0.0.1/32"],
            "proxy-header": "required" if self._has_proxies_only() else "optional",
            "operators": [f"operuser=file:{self.directory / 'operator'}"],
            "user-modes": self._shape["accounts"]["default-user-modes"],
            "names": "unicode" if self._shape["server"]["casemapping"] == "precis" else "ascii",
        }
        if websocket_port:
            settings["web"] = f"tcp:{websocket_port}:interface=127.0.0.1"
        if ssl:
            self.gen_ssl()
            settings |= {"tls-key": str(self.key_path), "tls-cert": str(self.pem_path)}
        config = self.test_config
        settings["register-early"] = "true" if config.account_registration_before_connect else "false"
        settings["register-email"] = "true" if config.account_registration_requires_email else "false"
        if password:
            settings["password"] = password
        self._settings = settings
        self._write()
        self._command = [sys.executable, "-m", "chat", "--config", str(self._path)]
        if faketime and FAKERS:
            self._command = ["env", f"LD_PRELOAD={FAKERS[0]}", f"FAKETIME={faketime}", *self._command]
            self.faketime_enabled = True
        self._ready = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._ready.bind(str(self.directory / "ready"))
        self._start()

    def _start(self) -> None:
        self.port_open = False
        self.proc = self.execute(self._command, env={**os.environ, "NOTIFY_SOCKET": self._ready.getsockname()})

    def wait_for_port(self) -> None:
        """It says itself when it listens, as to systemd (sd_notify): at once, and nobody has to knock."""
        self._ready.settimeout(1)
        while not self.port_open:
            self.check_is_alive()
            with suppress(TimeoutError):
                self.port_open = b"READY=1" in self._ready.recv(4096)

    def kill_proc(self) -> None:
        """It ends when it is asked to: no need to look now and again whether it has."""
        self.terminate()

    def kill(self) -> None:
        super().kill()
        self._ready.close()

    def _has_proxies_only(self) -> bool:
        """Whether the test has asked that every connection begins with the header of a proxy."""
        listeners = self._shape["server"]["listeners"].values()
        return any(listener and listener.get("proxy") for listener in listeners)

    def _write(self) -> None:
        self._path = self.directory / "chat.toml"
        self._path.write_text("".join(f"{key} = {value!r}\n" for key, value in self._settings.items()))

    def restart(self) -> None:
        self.kill_proc()
        self._start()
        self.wait_for_port()

    def getConfig(self) -> dict[str, Any]:
        return copy.deepcopy(self._shape)

    def rehash(self, case: BaseServerTestCase, config: dict[str, Any]) -> None:
        self._shape = config
        self._settings["history-lines"] = config["history"]["znc-maxmessages"] or 200
        self._write()
        case.connectClient(nick="rehasher", name="rehasher")
        case.sendLine("rehasher", "OPER operuser operpassword")
        case.sendLine("rehasher", "REHASH")
        case.getMessages("rehasher")
        case.sendLine("rehasher", "QUIT")
        case.assertDisconnected("rehasher")

    def wait_for_services(self) -> None:
        """They are built in."""

    def registerUser(self, case: BaseServerTestCase, username: str, password: str | None = None) -> None:
        assert case.run_services and password
        if len(password) > LONGEST_PASSWORD_IN_A_LINE:
            self.wait_for_port()
            command = [*self._command[:-2], "admin", "--config", str(self._path), "account", "add", username]
            subprocess.run(command, input=password, text=True, check=True, stdout=subprocess.DEVNULL)
            return
        client = case.addClient(show_io=False)
        case.sendLine(client, "CAP LS 302")
        case.sendLine(client, "NICK " + username)
        case.sendLine(client, "USER r e g :user")
        case.sendLine(client, "CAP REQ :draft/account-registration")
        case.sendLine(client, "CAP END")
        while case.getRegistrationMessage(client).command != "001":
            pass
        case.getMessages(client)
        case.sendLine(client, f"REGISTER * * {password}")
        messages = case.getMessages(client)
        assert any(m.command == "REGISTER" and m.params[0] == "SUCCESS" for m in messages), messages
        case.sendLine(client, "QUIT")
        case.assertDisconnected(client)


def get_irctest_controller_class() -> type[ChatController]:
    return ChatController
