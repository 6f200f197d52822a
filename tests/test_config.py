"""What an operator may write in the configuration, and what is said when it cannot be used."""

from __future__ import annotations

import os
from dataclasses import FrozenInstanceError, fields

from twisted.trial.unittest import SynchronousTestCase

from chat.config import DEFAULT_LISTEN, Config, key_of, load, merge
from chat.values import ConfigError


class FieldTests(SynchronousTestCase):
    def test_every_field_has_one_line_of_help(self) -> None:
        for setting in fields(Config):
            self.assertRegex(setting.metadata["help"], r"\A[A-Z][^\n]{10,}\.\Z")

    def test_every_default_is_a_value_that_its_own_check_lets_pass(self) -> None:
        for setting in fields(Config):
            if setting.default != ():
                self.assertEqual(setting.metadata["convert"](setting.default), setting.default, setting.name)

    def test_a_key_is_spelled_with_hyphens(self) -> None:
        self.assertEqual(key_of("max_per_address"), "max-per-address")


class ConfigTests(SynchronousTestCase):
    def test_it_listens_on_loopback_when_no_port_is_given(self) -> None:
        self.assertEqual(DEFAULT_LISTEN, ("tcp:5050:interface=127.0.0.1",))
        self.assertEqual((Config().listen, Config().line), (DEFAULT_LISTEN, ()))

    def test_a_port_for_lines_is_enough(self) -> None:
        config = Config(line=("tcp:6000",))
        self.assertEqual((config.listen, config.line), ((), ("tcp:6000",)))

    def test_it_cannot_be_changed(self) -> None:
        with self.assertRaises(FrozenInstanceError):
            Config().lobby = "hall"  # type: ignore[misc]

    def test_the_flood_limit(self) -> None:
        self.assertEqual(Config().flood_limit, (10, 2.0))
        self.assertEqual(Config(flood="5/0.5").flood_limit, (5, 0.5))
        self.assertIsNone(Config(flood="off").flood_limit)

    def test_where_the_database_is(self) -> None:
        self.assertEqual(Config().database_path({}), "chat.sqlite")
        self.assertEqual(Config().database_path({"STATE_DIRECTORY": "/var/lib/chat"}), "/var/lib/chat/chat.sqlite")
        self.assertEqual(Config().database_path({"STATE_DIRECTORY": "/one:/two"}), "/one/chat.sqlite")
        self.assertEqual(Config(database="my.sqlite").database_path({"STATE_DIRECTORY": "/one"}), "my.sqlite")
        self.assertEqual(Config(database=":memory:").database_path({"STATE_DIRECTORY": "/one"}), ":memory:")

    def test_where_the_socket_for_operators_is(self) -> None:
        self.assertEqual(Config().admin_path({}), "chat.sqlite-admin")
        self.assertEqual(Config().admin_path({"STATE_DIRECTORY": "/one:/two"}), "/one/chat.sqlite-admin")
        self.assertEqual(Config(admin_socket="/run/x").admin_path({"STATE_DIRECTORY": "/one"}), "/run/x")
        self.assertEqual(Config(admin_socket="off").admin_path({}), "")
        self.assertEqual(Config(database=":memory:").admin_path({}), "")
        self.assertEqual(Config(database=":memory:", admin_socket="x").admin_path({}), "x")


class MergeTests(SynchronousTestCase):
    def refusal(self, **options: object) -> str:
        return str(self.assertRaises(ConfigError, merge, options, {}))

    def test_nothing_given_is_the_default(self) -> None:
        self.assertEqual(merge({}, {}), Config())

    def test_options_arrive_as_text(self) -> None:
        options = {"listen": ["tcp:1", "tcp:2"], "line": "tcp:3", "max-connections": "10", "all": "members"}
        expected = Config(listen=("tcp:1", "tcp:2"), line=("tcp:3",), max_connections=10, all="members")
        self.assertEqual(merge(options, {}), expected)

    def test_an_option_may_be_spelled_with_underscores(self) -> None:
        self.assertEqual(merge({"tls_cert": "a.pem"}, {}), Config(tls_cert="a.pem"))

    def test_none_and_an_empty_list_mean_not_given(self) -> None:
        self.assertEqual(merge({"name": None, "listen": []}, {"name": "a.example"}), Config(name="a.example"))

    def test_options_that_are_no_setting_are_passed_over(self) -> None:
        self.assertEqual(merge({"config": "chat.toml", "version": 0}, {}), Config())

    def test_the_command_line_wins(self) -> None:
        file: dict[str, object] = {"lobby": "hall", "listen": ("tcp:1",), "max_connections": 5}
        config = merge({"listen": ["tcp:2"], "max-connections": "0"}, file)
        self.assertEqual((config.lobby, config.listen, config.max_connections), ("hall", ("tcp:2",), 0))

    def test_a_bad_value_names_its_option(self) -> None:
        self.assertEqual(
            self.refusal(flood="fast"),
            '--flood: must be "off", or burst/lines per second such as "10/2", not "fast".',
        )
        self.assertEqual(
            self.refusal(all="everbody"), '--all: must be "everyone", "members" or "operators", not "everbody".'
        )
        self.assertEqual(
            self.refusal(max_per_address="-1"), '--max-per-address: must be a whole number, 0 or more, not "-1".'
        )

    def test_flood_limits_that_make_no_sense(self) -> None:
        for flood in ("", "10", "10/", "/2", "0/2", "10/0", "10/0.0", "-1/2", "1.5/2", "10/2/3", "10/nan", "10/inf",
                      "10/1e9", " 10/2", "10/2\n", "٣/٢", "9" * 5000 + "/1", "Off"):  # fmt: skip
            self.assertRegex(self.refusal(flood=flood), r'\A--flood: must be "off", or [^\n]{1,120}\Z')

    def test_proxies_that_are_no_networks(self) -> None:
        for value in ("localhost", "10.0.0.1/8", "", 5, ["10.0.0.0/8", 6]):
            self.assertIn('--proxy: must be networks such as "127.0.0.1/32", not ', self.refusal(proxy=value))

    def test_counts_that_make_no_sense(self) -> None:
        for count in ("", "many", "1.5", "1_000", " 1", "٣", "9" * 5000):
            self.assertIn("must be a whole number, 0 or more", self.refusal(max_connections=count))

    def test_names_that_irc_could_not_carry(self) -> None:
        for name in ("my chat", ":chat", "chat\r\nQUIT", "é", "a" * 64, "-chat"):
            self.assertIn('--name: must be like a host name, such as "chat.example.org"', self.refusal(name=name))
        self.assertEqual(merge({"name": "My.Little.Server"}, {}).name, "My.Little.Server")

    def test_a_lobby_that_is_no_room_name(self) -> None:
        for lobby in ("", "#lobby", "a,b", "a b", "a\x07b"):
            self.assertIn("--lobby: must be the name of a room", self.refusal(lobby=lobby))
        self.assertEqual(merge({"lobby": "café"}, {}).lobby, "café")

    def test_an_endpoint_is_never_empty(self) -> None:
        for endpoints in ("", " ", ["tcp:1", ""]):
            self.assertIn('--listen: must be one endpoint such as "tcp:5050"', self.refusal(listen=endpoints))

    def test_a_key_needs_its_certificate_but_a_certificate_may_hold_the_key(self) -> None:
        self.assertEqual(self.refusal(tls_key="key.pem"), "--tls-key: needs tls-cert as well.")
        self.assertEqual(merge({"tls-cert": "both.pem"}, {}).tls_key, "")
        self.assertEqual(merge({"tls-key": "key.pem"}, {"tls_cert": "cert.pem"}).tls_key, "key.pem")


class FileTests(SynchronousTestCase):
    def write(self, content: str | bytes) -> str:
        """A file with that content, by the name that error messages then begin with."""
        self.path = str(self.mktemp())
        with open(self.path, "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())
        return self.path

    def refusal(self, content: str | bytes) -> str:
        """What is said of a file with that content, with its name as chat.toml."""
        error = self.assertRaises(ConfigError, load, self.write(content))
        return str(error).replace(self.path, "chat.toml")

    def test_every_key_may_stand_in_it(self) -> None:
        file = load(
            self.write(
                """
                name = "chat.example.org"
                listen = ["tcp:5050", "unix:/run/chat"]
                line = "tcp:6000"
                tls-cert = "cert.pem"
                tls-key = "key.pem"
                database = ":memory:"
                lobby = "hall"
                all = "operators"
                flood = "off"
                max-connections = 1000
                max-per-address = 5
                proxy = ["10.0.0.0/8", "::1"]
                proxy-header = "optional"
                admin = "carol@example.org"
                admin-socket = "/run/chat/admin"
                operators = ["root=file:/run/secret"]
                webirc = ["10.0.0.0/8=file:/run/gate"]
                user-modes = "+i"
                irc = "tcp:6667"
                web = ["tcp:8080"]
                origins = ["https://Chat.example.org", "http://[::1]:8000", "*"]
                network = "Kettle"
                info = "a kitchen"
                motd = "tea at four"
                password = "sesame"
                files = "/srv/files"
                files-url = "https://chat.example.org/"
                files-from = "accounts"
                files-largest = "10M"
                files-each = 100_000_000
                files-quota = "2GiB"
                files-keep = "30d"
                names = "ascii"
                reserved = ["boss"]
                guests = "deny"
                without = ["sasl"]
                history-lines = 50
                history-on-join = 5
                register-early = true
                always-on = true
                shortest-password = 10
                register-email = false
                sts = "30d"
                sts-port = 6697
                sts-preload = true
                """
            )
        )
        expected = Config(
            name="chat.example.org",
            listen=("tcp:5050", "unix:/run/chat"),
            line=("tcp:6000",),
            tls_cert="cert.pem",
            tls_key="key.pem",
            database=":memory:",
            lobby="hall",
            all="operators",
            flood="off",
            max_connections=1000,
            max_per_address=5,
            proxy=("10.0.0.0/8", "::1"),
            proxy_header="optional",
            admin="carol@example.org",
            admin_socket="/run/chat/admin",
            operators=(("root", "file:/run/secret"),),
            webirc=(("10.0.0.0/8", "file:/run/gate"),),
            user_modes="i",
            irc=("tcp:6667",),
            web=("tcp:8080",),
            origins=("https://Chat.example.org", "http://[::1]:8000", "*"),
            network="Kettle",
            info="a kitchen",
            motd="tea at four",
            password="sesame",
            files="/srv/files",
            files_url="https://chat.example.org",
            files_from="accounts",
            files_largest=10_000_000,
            files_each=100_000_000,
            files_quota=2_147_483_648,
            files_keep=2_592_000,
            names="ascii",
            reserved=("boss",),
            guests="deny",
            without=("sasl",),
            history_lines=50,
            history_on_join=5,
            register_early=True,
            always_on=True,
            shortest_password=10,
            register_email=False,
            sts=2_592_000,
            sts_port=6697,
            sts_preload=True,
        )
        self.assertEqual(merge({}, file), expected)
        self.assertEqual(set(file), {setting.name for setting in fields(Config)})

    def test_an_empty_file_changes_nothing(self) -> None:
        self.assertEqual(merge({}, load(self.write("# nothing\n"))), Config())

    def test_a_byte_order_mark_and_crlf_do_no_harm(self) -> None:
        self.assertEqual(load(self.write(b'\xef\xbb\xbfname = "a"\r\nlobby = "b"\r\n')), {"name": "a", "lobby": "b"})

    def test_an_unknown_key(self) -> None:
        content = '# our chat\nname = "a"\nlistne = "tcp:1"\n'
        self.assertEqual(self.refusal(content), 'chat.toml, line 3: there is no key "listne". Did you mean "listen"?')
        self.assertEqual(self.refusal("NAME = 1"), 'chat.toml, line 1: there is no key "NAME". Did you mean "name"?')
        self.assertEqual(self.refusal("zzz = 1"), 'chat.toml, line 1: there is no key "zzz".')

    def test_underscores_are_not_hyphens(self) -> None:
        refusal = 'chat.toml, line 1: there is no key "tls_cert". Did you mean "tls-cert"?'
        self.assertEqual(self.refusal('tls_cert = "a.pem"'), refusal)

    def test_a_section(self) -> None:
        self.assertEqual(
            self.refusal('name = "a"\n\n[server]\nlobby = "b"\n'),
            'chat.toml, line 3: there is no section "server"; all keys stand at the top of the file.',
        )

    def test_the_line_of_a_key_is_not_mistaken_for_one_like_it_inside_a_value(self) -> None:
        not_text = "flood must be text in quotes, not 3."
        for before in ("# flood = 1\n", 'listen = [\n"flood = 1"]\n', 'name = "a"\ntls-cert = """\nflood = 1\n"""\n'):
            line = before.count("\n") + 1
            self.assertEqual(self.refusal(f"{before}flood = 3"), f"chat.toml, line {line}: {not_text}")
            self.assertEqual(self.refusal(f'{before}"flood"=3'), f"chat.toml, line {line}: {not_text}")

    def test_a_key_whose_line_cannot_be_told_is_still_named(self) -> None:
        self.assertEqual(self.refusal(r'"fl\u006fod" = "x"').partition(" must")[0], "chat.toml: flood")

    def test_values_of_the_wrong_type(self) -> None:
        for content, refusal in {
            "name = 5": "name must be text in quotes, not 5.",
            r'database = "a\u0000b"': r'database must be text in quotes, not "a\u0000b".',
            "tls-cert = true": "tls-cert must be text in quotes, not true.",
            "lobby = 2026-11-20": 'lobby must be text in quotes, not "2026-11-20".',
            "flood = 10": "flood must be text in quotes, not 10.",
            "max-connections = true": "max-connections must be a whole number, 0 or more, not true.",
            "max-connections = 1.5": "max-connections must be a whole number, 0 or more, not 1.5.",
            "max-connections = -1": "max-connections must be a whole number, 0 or more, not -1.",
            "listen = 5050": 'listen must be one endpoint such as "tcp:5050", or a list of them, not 5050.',
            "line = []": 'line must be one endpoint such as "tcp:5050", or a list of them, not [].',
            'line = ["tcp:1", 2]': 'line must be one endpoint such as "tcp:5050", or a list of them, not ["tcp:1", 2].',
            "all = ['members']": 'all must be "everyone", "members" or "operators", not ["members"].',
            'origins = "example.org"': (
                'origins must be a site such as "https://example.org", "*", or a list of them, not "example.org".'
            ),
            "[listen]": 'listen must be one endpoint such as "tcp:5050", or a list of them, not {}.',
        }.items():
            self.assertEqual(self.refusal(f"\n{content}\n"), f"chat.toml, line 2: {refusal}")

    def test_a_bad_value(self) -> None:
        self.assertEqual(
            self.refusal('name = "a"\nflood = "10-2"\n'),
            'chat.toml, line 2: flood must be "off", or burst/lines per second such as "10/2", not "10-2".',
        )

    def test_a_long_value_is_not_repeated_in_full(self) -> None:
        self.assertLess(len(self.refusal(f'name = "{"x" * 10000}"')), 200)

    def test_toml_that_does_not_parse(self) -> None:
        for content, refusal in {
            'name = "a"\nlobby = hall\n': "line 2: this is not valid TOML: invalid value; text must stand in quotes.",
            'name = "a"\nname = "b"\n': "line 2: this is not valid TOML: this key is given above already.",
        }.items():
            self.assertEqual(self.refusal(content), f"chat.toml, {refusal}")
        self.assertRegex(self.refusal('\nname "a"\n'), r"\Achat.toml, line 2: this is not valid TOML: [a-z][^\n]+\.\Z")
        self.assertRegex(self.refusal("listen = [\n'tcp:1',\n\n"), r"\Achat.toml, line 2: this is not valid TOML: ")
        self.assertRegex(self.refusal("max-connections = " + "9" * 5000), r"\Achat.toml, line 1: ")

    def test_text_that_is_not_utf_8(self) -> None:
        self.assertEqual(self.refusal(b'name = "a"\nlobby = "caf\xe9"\n'), "chat.toml, line 2: this is not UTF-8 text.")

    def test_a_file_that_is_not_there_or_is_none(self) -> None:
        missing, directory = self.mktemp(), self.mktemp()
        os.mkdir(directory)
        self.assertEqual(str(self.assertRaises(ConfigError, load, missing)), f"{missing}: there is no such file.")
        self.assertEqual(
            str(self.assertRaises(ConfigError, load, directory)), f"{directory}: it cannot be read: is a directory."
        )

    def test_a_key_without_a_certificate_names_its_line(self) -> None:
        file = load(self.write('name = "a"\ntls-key = "key.pem"\n'))
        refusal = str(self.assertRaises(ConfigError, merge, {}, file))
        self.assertEqual(refusal, f"{self.path}, line 2: tls-key needs tls-cert as well.")
        self.assertEqual(merge({"tls-cert": "cert.pem"}, file).tls_cert, "cert.pem")
