"""What WhisperLive's messages come to."""

import unittest

from segments import Segments


def segment(start: float, end: float, text: str, completed: bool = True) -> dict:
    return {"start": f"{start:.3f}", "end": f"{end:.3f}", "text": text, "completed": completed}


class SegmentsTests(unittest.TestCase):
    def setUp(self):
        self.segments = Segments()

    def test_the_last_segment_is_shown_until_it_is_completed(self):
        self.assertEqual(self.segments.take([segment(0, 2, " It was", completed=False)]), ("", " It was"))
        self.assertEqual(self.segments.take([segment(0, 3, " It was the best")]), (" It was the best", ""))

    def test_completed_segments_that_come_again_count_once(self):
        first, second = segment(0, 3, " It was"), segment(3, 5, " the best")
        self.segments.take([first])
        self.assertEqual(self.segments.take([first, second]), (" the best", ""))
        self.assertEqual(self.segments.take([first, second]), ("", ""))

    def test_a_completed_segment_that_begins_before_the_last_one_ended_is_left_out(self):
        self.segments.take([segment(0, 3, " It was")])
        self.assertEqual(self.segments.take([segment(2.5, 4, " was the")]), ("", ""))

    def test_a_message_without_an_open_segment_takes_it_away(self):
        self.segments.take([segment(0, 2, " Hm", completed=False)])
        self.assertEqual(self.segments.take([]), ("", ""))


if __name__ == "__main__":
    unittest.main()
