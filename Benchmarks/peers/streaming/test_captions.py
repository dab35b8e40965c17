"""What is written down of what is shown."""

import unittest
from types import SimpleNamespace

from captions import Captions


class CaptionsTests(unittest.TestCase):
    def setUp(self):
        self.sound = SimpleNamespace(elapsed=1.0, seconds=8.0)
        self.captions = Captions(self.sound)

    def test_stable_text_grows_and_tentative_text_is_replaced(self):
        self.captions.show("", " It wars")
        self.sound.elapsed = 2.0
        self.captions.show(" It", " was the")
        self.captions.show(" was the", " best")
        shown = [(partial["time"], partial["stable"], partial["tentative"]) for partial in self.captions.partials]
        self.assertEqual(shown, [(1.0, "", "It wars"), (2.0, "It", " was the"), (2.0, "It was the", " best")])

    def test_what_does_not_change_is_not_written_down(self):
        self.captions.show(" It", " was")
        self.sound.elapsed = 3.0
        self.captions.show("", " was")
        self.assertEqual(len(self.captions.partials), 1)
        self.assertEqual(self.captions.changed, 1.0)

    def test_the_final_has_what_was_not_committed_too(self):
        self.captions.show(" It", " was")
        self.captions.finish(9.0)
        final = {"time": 9.0, "utterance": 0, "text": "It was", "start": 0.0, "end": 8.0}
        self.assertEqual(self.captions.finals, [final])


if __name__ == "__main__":
    unittest.main()
