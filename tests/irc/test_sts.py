"""Strict Transport Security: where a client finds TLS, and for how long it uses nothing else (IRCv3 sts)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from chat.config import Config, ConfigError, merge
from tests.irc.test_messages import SERVER
from tests.secure import Secure, SecureTestCase
from tests.talk import Person

MONTH = 30 * 86_400


def policy(lines: list[str]) -> str | None:
    """What CAP says of sts; None: nothing."""
    found = re.search(r"[ :]sts(=\S*|$| )", " ".join(lines))
    return found[1].removeprefix("=") if found else None


class STSTestCase(SecureTestCase):
    config = replace(SecureTestCase.config, sts=MONTH, sts_port=6697)

    def reconfigured(self, **changes: Any) -> None:
        """The configuration was changed and read again."""
        self.configure(**changes)
        self.factory.reconfigure(self.factory.config)
        self.pass_time(0)


class OfferTests(STSTestCase):
    def offered(self, person: Person | Secure, version: str = " 302") -> str | None:
        return policy(person.asks(f"CAP LS{version}"))

    def test_without_tls_one_is_told_where_it_is(self) -> None:
        self.assertEqual(self.offered(self.irc_connects()), "port=6697")

    def test_over_tls_one_is_told_for_how_long(self) -> None:
        self.assertEqual(self.offered(self.comes()), f"duration={MONTH}")
        self.configure(sts_preload=True)
        self.assertEqual(self.offered(self.comes()), f"duration={MONTH},preload")

    def test_zero_takes_it_back(self) -> None:
        self.configure(sts=0)
        self.assertEqual(self.offered(self.comes()), "duration=0")
        self.assertIsNone(self.offered(self.irc_connects()))

    def test_it_is_off_unless_it_is_asked_for(self) -> None:
        self.assertIsNone(Config().sts)
        self.configure(sts=None)
        self.assertIsNone(self.offered(self.comes()))
        self.assertIsNone(self.offered(self.irc_connects()))

    def test_old_clients_are_not_told_for_they_see_no_values(self) -> None:
        for version in ("", " 301"):
            self.assertIsNone(self.offered(self.comes(), version))
            self.assertIsNone(self.offered(self.irc_connects(), version))

    def test_it_cannot_be_asked_for(self) -> None:
        for person in (self.comes(), self.irc_connects()):
            for asked in ("sts", "-sts", "batch sts"):
                self.assertRegex(person.asks("CAP LS 302", f"CAP REQ :{asked}")[-1], rf"CAP \* NAK :?{asked}$")
            self.assertEqual(policy(person.asks("CAP LIST")), None)

    def test_whoever_comes_by_a_gateway_has_no_link_to_change(self) -> None:
        path = self.mktemp()
        with open(path, "w") as file:
            file.write("gate")
        self.configure(webirc=(("127.0.0.1", f"file:{path}"),))
        for options in ("", " :secure"):
            person = self.irc_connects()
            person.says(f"WEBIRC gate web h.example 198.51.100.3{options}")
            self.assertIsNone(self.offered(person))


class NewsTests(STSTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.near = self.secure_irc("alice", "CAP LS 302", "CAP END")
        self.far = self.irc_connects()
        self.far.asks("CAP LS 302", "NICK bob", "USER bob 0 * :Bob", "CAP END")

    def test_a_new_duration_is_told_to_those_who_came_over_tls(self) -> None:
        self.reconfigured(sts=0)
        self.assertEqual(self.near.hears(), [f"{SERVER} CAP alice NEW sts=duration=0"])
        self.assertEqual(self.far.hears(), [])
        self.reconfigured(sts=60)
        self.assertEqual(self.near.hears(), [f"{SERVER} CAP alice NEW sts=duration=60"])
        self.assertEqual(self.far.hears(), [])

    def test_it_is_never_taken_away(self) -> None:
        self.reconfigured(sts=None, without=("setname",))
        self.assertEqual(self.near.hears(), [f"{SERVER} CAP alice DEL setname"])
        self.assertEqual(self.far.hears(), [f"{SERVER} CAP bob DEL setname"])


class SettingTests(SecureTestCase):
    TLS = {"tls-cert": "both.pem", "sts-port": "6697"}  # noqa: RUF012

    def refusal(self, **options: str) -> str:
        given = {key.replace("_", "-"): value for key, value in options.items()}
        return str(self.assertRaises(ConfigError, merge, given, {}))

    def test_seconds_or_days(self) -> None:
        for given, meant in {"2592000": MONTH, "30d": MONTH, "0": 0, "off": None}.items():
            self.assertEqual(merge({"sts": given, **self.TLS}, {}).sts, meant)
        for wrong in ("-1", "a month", "30w", ""):
            self.assertIn('must be "off", seconds, or days such as "30d"', self.refusal(sts=wrong))

    def test_clients_have_to_find_tls_somewhere(self) -> None:
        self.assertEqual(self.refusal(sts="30d", tls_cert="both.pem"), "--sts: needs sts-port as well.")
        self.assertEqual(self.refusal(sts="30d", sts_port="6697"), "--sts: needs tls-cert as well.")
        for other in ({"proxy": ["10.0.0.0/8"]}, {"irc": ["ssl:6697:privateKey=key.pem"]}):
            self.assertEqual(merge({"sts": "30d", "sts-port": "6697", **other}, {}).sts, MONTH)
        self.assertEqual(merge({"sts": "0"}, {}).sts, 0)
