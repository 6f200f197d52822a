"""How IRC clients send files (draft/FILEHOST): where is in ISUPPORT, a permit for those who have no password."""

from __future__ import annotations

from twisted.internet.testing import StringTransport

from chat.factory import WebDoor
from chat.files.permits import MINUTES
from tests.files.hosting import FAR, NEAR, FilesTestCase, Reply
from tests.secure import FAR as FAR_AWAY
from tests.talk import Person


class WhereTests(FilesTestCase):
    def told(self, client: Person) -> set[str]:
        """What ISUPPORT says of files."""
        words = " ".join(client.asks("VERSION")).split()
        found = {word for word in words if "FILEHOST" in word}
        self.assertEqual("twisted-chat/FILEHOST-TARGET" in found, bool(found))
        return found - {"twisted-chat/FILEHOST-TARGET"}

    def both(self, url: str) -> set[str]:
        return {f"draft/FILEHOST={url}", f"soju.im/FILEHOST={url}"}

    def test_on_this_machine_without_tls_it_is_near(self) -> None:
        self.assertEqual(self.told(self.irc("ann")), self.both(f"{NEAR}/upload"))

    def test_from_elsewhere_it_is_where_everyone_finds_it_and_over_tls_if_that_is_there(self) -> None:
        client = self.irc_connects(transport=StringTransport(peerAddress=FAR_AWAY))
        client.says("NICK ann", "USER ann 0 * :Ann")
        client.hears()
        self.assertEqual(self.told(client), self.both(f"{FAR}/upload"))
        self.factory.web_doors.insert(0, WebDoor(True, "https://127.0.0.1:5050", "https://127.0.0.1:5050", True))
        self.assertEqual(self.told(client), self.both(f"{FAR}/upload"), "only this machine can come in over TLS")
        self.factory.web_doors.append(WebDoor(True, "https://chat.example.org:6697", "https://127.0.0.1:6697"))
        self.assertEqual(self.told(client), self.both("https://chat.example.org:6697/upload"))

    def test_who_is_here_over_tls_is_sent_nowhere_else(self) -> None:
        """Clients have to refuse what is not encrypted then."""
        client = self.irc("ann")
        client.connection.through_tls = True
        client.connection.transport.through_tls = True
        self.assertEqual(self.told(client), set())

    def test_the_operator_has_the_last_word(self) -> None:
        self.configure(files_url="https://files.example.org/chat")
        self.assertEqual(self.told(self.irc("ann")), self.both("https://files.example.org/chat/upload"))


class TokenTests(FilesTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.ann, self.bob = self.irc("ann", "#tea"), self.irc("bob", "#tea")
        self.ann.hears()

    def sent(self, token: str) -> Reply:
        disposition = 'Content-Disposition: inline; filename="cat.png"'
        return self.asks("POST", "/upload", f"Authorization: Bearer {token}", disposition, body=b"\x89PNG\r\n\x1a\n")

    def test_without_a_target_the_client_says_what_it_likes(self) -> None:
        reply = self.sent(self.token(self.ann))
        self.assertEqual((reply.status, reply.text), (201, reply.fields["location"]))
        self.assertRegex(reply.text, rf"\A{FAR}/files/[0-9a-f]{{32}}/cat\.png\Z")
        self.assertEqual((self.ann.hears(), self.bob.hears()), ([], []))
        self.assertEqual(self.asks("HEAD", reply.text.removeprefix(FAR)).fields["content-type"], "image/png")

    def test_with_a_channel_it_is_said_there(self) -> None:
        reply = self.sent(self.token(self.ann, "#tea"))
        line = f":ann!~ann@127.0.0.1 PRIVMSG #tea :\x01ACTION sent a file: cat.png (8 B) {reply.fields['location']}\x01"
        self.assertEqual(self.bob.hears(), [line])

    def test_with_a_nick_it_is_said_to_them(self) -> None:
        reply = self.sent(self.token(self.ann, "bob"))
        line = f":ann!~ann@127.0.0.1 PRIVMSG bob :\x01ACTION sent a file: cat.png (8 B) {reply.fields['location']}\x01"
        self.assertEqual(self.bob.hears(), [line])
        self.assertEqual(reply.text, f"cat.png (8 B) is with bob now: {reply.fields['location']}")

    def test_it_is_for_one_file_and_some_minutes(self) -> None:
        token = self.token(self.ann)
        self.assertEqual([self.sent(token).status, self.sent(token).status], [201, 401])
        token = self.token(self.ann)
        self.pass_time(MINUTES * 60)
        self.assertEqual(self.sent(token).status, 401)

    def test_what_is_refused(self) -> None:
        for words, failure in (
            ("FILEHOST TOKEN #coffee", "FORBIDDEN #coffee :"), ("FILEHOST TOKEN zoe", "FORBIDDEN zoe :"),
            ("FILEHOST X", "INVALID_PARAMS X :"),
        ):  # fmt: skip
            [line] = self.ann.asks(words)
            self.assertTrue(line.startswith(f":chat.example.org FAIL FILEHOST {failure}"), line)
        self.configure(files_from="accounts")
        self.assertEqual(
            self.ann.asks("FILEHOST TOKEN"),
            [":chat.example.org FAIL FILEHOST FORBIDDEN :Only people with an account may send files here."],
        )
        self.assertIn(" 461 ", self.ann.asks("FILEHOST")[0])
