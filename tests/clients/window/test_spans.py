"""A text is cut into words, links and emoji, and nothing of it is lost."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from chat.clients.window.spans import only_emoji, spans


class SpanTests(SynchronousTestCase):
    def links(self, text: str) -> list[str]:
        return [piece for piece, kind in spans(text) if kind == "link"]

    def emoji(self, text: str) -> list[str]:
        return [piece for piece, kind in spans(text) if kind == "emoji"]

    def test_nothing_is_lost(self) -> None:
        for text in ("", "plain", "a https://x.y/z, b", "👍🏽 (https://a.b/c_(d)) ❤️", "1️⃣ and #️⃣", "http://"):
            self.assertEqual("".join(piece for piece, _ in spans(text)), text)

    def test_a_link_ends_where_the_sentence_goes_on(self) -> None:
        self.assertEqual(self.links("see https://a.example/b?c=d."), ["https://a.example/b?c=d"])
        self.assertEqual(self.links("(https://a.example/b)"), ["https://a.example/b"])
        self.assertEqual(self.links("https://a.example/b_(c), x"), ["https://a.example/b_(c)"])
        self.assertEqual(self.links('"http://a.example"!'), ["http://a.example"])

    def test_only_the_web_is_a_link(self) -> None:
        self.assertEqual(self.links("javascript:alert(1) file:///etc/passwd"), [])

    def test_an_emoji_is_one_with_its_skin_its_family_and_its_selector(self) -> None:
        self.assertEqual(self.emoji("a👍🏽b❤️c👩‍👩‍👧d"), ["👍🏽", "❤️", "👩‍👩‍👧"])

    def test_numbers_are_no_emoji(self) -> None:
        self.assertEqual(self.emoji("1 2 # * 3"), [])
        self.assertEqual(self.emoji("1️⃣"), ["1️⃣"])

    def test_a_few_emoji_alone_are_drawn_large(self) -> None:
        self.assertTrue(only_emoji("🎉 👍"))
        self.assertFalse(only_emoji("🎉 yes"))
        self.assertFalse(only_emoji(""))
        self.assertFalse(only_emoji("🎉" * 13))
