"""What the sliding window decodes when, and what its text becomes."""

import unittest

from sliding import KEEP, RATE, SlidingWindow, last


def seconds(parts: list[range]) -> list[tuple[float, float]]:
    return [(part.start / RATE, part.stop / RATE) for part in parts]


class SlidingWindowTests(unittest.TestCase):
    def setUp(self):
        self.window = SlidingWindow(60 * RATE)

    def step(self, spoken: float, text: str = "") -> tuple[list[tuple[float, float]], tuple[str, str]]:
        parts = self.window.advance(round(spoken * RATE))
        return seconds(parts), self.window.show(text)

    def test_no_step_is_due_before_three_seconds(self):
        self.assertIsNone(self.window.advance(3 * RATE - 1))

    def test_the_second_step_decodes_all_again_and_ends_the_line(self):
        self.assertEqual(self.step(3, " It was"), ([(0, 3)], ("", " It was")))
        self.assertEqual(self.step(6, " It was the best"), ([(0, 3), (3, 6)], (" It was the best", "")))

    def test_a_line_begins_with_the_end_of_the_one_before(self):
        self.step(3)
        self.step(6)
        self.assertEqual(self.step(9, "of")[0], [(5.8, 6), (6, 9)])
        self.assertEqual(self.step(12, "of times")[0], [(5.8, 6), (6, 9), (9, 12)])
        self.assertEqual(self.step(15)[0], [(11.8, 12), (12, 15)])

    def test_sound_that_comes_during_a_slow_step_is_lost_but_for_three_seconds(self):
        self.step(3)
        self.assertEqual(self.step(7)[0], [(0, 3), (4, 7)])
        self.assertEqual(self.window.lost, RATE)
        self.assertIsNone(self.window.advance(9 * RATE))

    def test_silence_behind_the_recording_is_no_loss(self):
        self.window = SlidingWindow(5 * RATE)
        self.step(3)
        self.step(8.5)
        self.assertEqual(self.window.lost, 2 * RATE)

    def test_a_line_without_words_is_nothing(self):
        self.step(3)
        self.assertEqual(self.step(6, "  ")[1], ("", ""))

    def test_the_end_may_reach_over_several_parts(self):
        parts = [range(0, 10), range(20, 22), range(30, 33)]
        self.assertEqual(last(parts, 6), [range(9, 10), range(20, 22), range(30, 33)])
        self.assertEqual(last(parts, 2), [range(31, 33)])
        self.assertEqual(last(parts, 99), parts)
        self.assertEqual(last(parts, 0), [])
        self.assertEqual(KEEP, 3200)


if __name__ == "__main__":
    unittest.main()
