"""Everything that is written in the window can be read, and a person has one colour."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from chat.clients.window import palette


class ContrastTests(SynchronousTestCase):
    def test_the_measure_is_that_of_the_standard(self) -> None:
        self.assertEqual(round(palette.contrast("#000000", "#ffffff"), 2), 21)
        self.assertEqual(round(palette.contrast("#777777", "#ffffff"), 2), 4.48)
        self.assertEqual(palette.contrast("#123456", "#123456"), 1)

    def test_what_is_written_can_be_read_on_what_it_lies_on(self) -> None:
        poor = [
            (ink, ground, round(palette.contrast(ink, ground), 2))
            for ink, grounds in palette.WRITTEN.items()
            for ground in grounds
            if palette.contrast(ink, ground) < palette.LEAST_CONTRAST
        ]
        self.assertEqual(poor, [])

    def test_what_has_the_keyboard_can_be_told_from_what_has_not(self) -> None:
        """WCAG 2.2, success criterion 1.4.11: 3 to 1."""
        for ground in (palette.BACK, palette.SIDE, palette.RAISED, palette.CHOSEN):
            self.assertGreaterEqual(palette.contrast(palette.RING, ground), 3, ground)
        self.assertGreaterEqual(palette.contrast(palette.TEXT, palette.BACK), 3)


class PersonTests(SynchronousTestCase):
    def test_a_person_has_one_colour_however_they_are_written(self) -> None:
        self.assertEqual(palette.of("Alice"), palette.of("alice"))

    def test_people_have_all_colours(self) -> None:
        self.assertEqual({palette.of(f"somebody{n}") for n in range(400)}, set(palette.AUTHORS))
