"""Clients of ours in conversation with each other, and with people on other wires."""

from __future__ import annotations

from tests.clients.sitting import ClientTestCase


class TalkTests(ClientTestCase):
    def test_what_is_typed_is_heard_by_people_with_nc_and_is_kept_when_the_server_says_so(self) -> None:
        alice, bob = self.client("alice"), self.person("bob")
        alice.types("hello")
        self.assertEqual(bob.hears(), ["[12:00] alice: hello"])
        self.assertEqual(alice.sees()[-1], "alice: hello")
        self.assertIsNotNone(alice.room.lines[-1].id)

    def test_what_others_say_is_seen(self) -> None:
        alice, bob = self.client("alice"), self.person("bob")
        bob.says("good morning")
        self.pass_time(0)
        self.assertEqual(alice.sees()[-1], "bob: good morning")
