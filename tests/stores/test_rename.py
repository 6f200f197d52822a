"""A room's new name that could not be kept: what the registry is told by the store then."""

from __future__ import annotations

from twisted.trial.unittest import TestCase

from chat.core.registry import Registry


class RegistryTests(TestCase):
    def test_a_name_that_could_not_be_kept_is_taken_back(self) -> None:
        registry = Registry()
        room = registry.room_or_new("tea")
        before = room.save()
        registry.read["~alice"] = {"tea": 5}
        registry.rename_room(room, "coffee")
        self.assertEqual(registry.read["~alice"], {"coffee": 5})
        registry.restore(before)
        self.assertIs(registry.room("tea"), room)
        self.assertNotIn("coffee", registry.rooms)
        self.assertEqual((room.name, registry.read["~alice"]), ("tea", {"tea": 5}))
