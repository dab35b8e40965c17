"""Workers that say they are ready and then answer nonsense: a transcript is that of the undisturbed run all the same."""

import unittest

from support.cluster import Gateway, Worker
from support.listener import start, transcript
from support.strange_worker import WAYS, StrangeWorker


class StrangeWorkerTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.honest = cls.enterClassContext(Worker("recognizer", "--device", "cpu", "--lanes", "1"))
        cls.detector = cls.enterClassContext(Worker("detector", "--device", "cpu"))
        for worker in [cls.honest, cls.detector]:
            worker.wait_until_ready()
        with Gateway([cls.honest.address], [cls.detector.address]) as gateway:
            gateway.wait_until_ready()
            cls.undisturbed = transcript(start(gateway, "--fast"))

    def test_a_recogniser_that_answers_nonsense_changes_no_word(self):
        with StrangeWorker(self.honest.address) as strange:
            for way in WAYS[1:]:
                with self.subTest(way), Gateway(
                    [strange.address, self.honest.address], [self.detector.address]
                ) as gateway:
                    gateway.wait_until_ready()
                    strange.way, strange.spoilt = way, 0
                    self.assertEqual(transcript(start(gateway, "--speed", "4")), self.undisturbed)
                    self.assertGreater(strange.spoilt, 0)
                    if way == "twice":
                        self.assertEqual(gateway.metric("sori_failovers_total", role="recognizer"), 0)
                    else:
                        self.assertGreater(gateway.metric("sori_failovers_total", role="recognizer"), 0)

    def test_a_detector_that_answers_nonsense_is_done_without(self):
        with StrangeWorker(self.detector.address, "/v1/detect") as strange:
            for way in ["twice", "never", "no JSON"]:
                with self.subTest(way), Gateway([self.honest.address], [strange.address]) as gateway:
                    gateway.wait_until_ready()
                    strange.way, strange.spoilt = way, 0
                    self.assertIn("age of foolishness", transcript(start(gateway, "--speed", "4")))
                    self.assertGreater(strange.spoilt, 0)
