"""Five minutes in which something is killed every few seconds (`make soak`); every transcript is that of the undisturbed run.

    SORI_SOAK_MINUTES=20 make soak
"""

import os
import random
import signal
import subprocess
import time
import unittest
import wave
from pathlib import Path
from tempfile import TemporaryDirectory

from support.cluster import Gateway, Process, Worker, get, status, wait_until
from support.listener import start, transcript
from support.recording import speech
from support.redis import Redis

MINUTES = float(os.environ.get("SORI_SOAK_MINUTES", 5))
SESSIONS = 4
# Longest wait for a transcript, in seconds.
WAIT = MINUTES * 60 + 300


class Soak(unittest.TestCase):
    """Two recognisers with one lane each, a detector, two gateways and a Redis."""

    @classmethod
    def setUpClass(cls):
        cls.recording = Path(cls.enterClassContext(TemporaryDirectory())) / "long.wav"
        with wave.open(str(cls.recording), "wb") as recording:
            recording.setparams((1, 2, 48_000, 0, "NONE", None))
            recording.writeframes(speech(MINUTES * 60))
        cls.recognizers = [
            cls.enterClassContext(Worker("recognizer", "--device", "cpu", "--lanes", "1")) for _ in range(2)]
        cls.detector = cls.enterClassContext(Worker("detector", "--device", "cpu"))
        cls.redis = cls.enterClassContext(Redis())
        cls.gateways = [
            cls.enterClassContext(
                Gateway(
                    [worker.address for worker in cls.recognizers], [cls.detector.address],
                    environment={"SORI_REDIS": cls.redis.url}))
            for _ in range(2)]
        for process in [*cls.recognizers, cls.detector, *cls.gateways]:
            process.wait_until_ready()
        print("the undisturbed run ...", flush=True)
        cls.undisturbed = transcript(cls.start(cls.gateways, "--fast"), WAIT)

    @classmethod
    def start(cls, gateways: list[Gateway], *options: str) -> subprocess.Popen:
        return start(gateways, "--reconnect", "120", *options, recording=cls.recording)

    def run_with(self, disturb) -> int:
        """Four sessions in real time, and something that happens to them until they are over.

        - Returns: how often it happened.
        """
        pairs = [self.gateways, self.gateways[::-1]]
        sessions = [self.start(pairs[index % 2], "--speed", "1") for index in range(SESSIONS)]
        over = lambda: all(session.poll() is not None for session in sessions)
        begin, count = time.monotonic(), 0
        while not over():
            name = disturb(count, over)
            count += 1
            print(f"{time.monotonic() - begin:6.1f} s  {count:3}  {name}", flush=True)
            pause = time.monotonic() + 5
            wait_until(lambda: over() or time.monotonic() > pause, "the next one")
        for session in sessions:
            self.assertEqual(transcript(session, WAIT), self.undisturbed)
        return count

    def restart(self, process: Process, over, number: int = signal.SIGKILL):
        process.kill(number)
        process.process.wait(30)
        process.start()
        wait_until(lambda: over() or get(process.port, "is_ready")[0] == 200, "it is back", 120)

    def test_recognisers_that_are_killed_in_mid_window(self):
        def disturb(count: int, over) -> str:
            worker = self.recognizers[count % 2]
            wait_until(lambda: over() or status(worker)["busy"] > 0, "it works on a window", 120)
            self.restart(worker, over)
            return f"recogniser {count % 2 + 1} was killed"

        count = self.run_with(disturb)
        self.assertGreaterEqual(count, 4 * MINUTES)

    def test_everything_is_killed_one_after_the_other(self):
        chance = random.Random(7)

        def disturb(count: int, over) -> str:
            choice = chance.randrange(6)
            if choice < 2:
                self.restart(self.recognizers[choice], over)
                return f"recogniser {choice + 1} was killed"
            if choice == 2:
                self.restart(self.detector, over)
                return "the detector was killed"
            if choice == 3:
                worker = self.recognizers[count % 2]
                worker.kill(signal.SIGSTOP)
                pause = time.monotonic() + 10
                wait_until(lambda: over() or time.monotonic() > pause, "10 s")
                worker.kill(signal.SIGCONT)
                return "a recogniser stood still for 10 s"
            if choice == 4:
                gateway = self.gateways[count % 2]
                number = chance.choice([signal.SIGKILL, signal.SIGTERM])
                self.restart(gateway, over, number)
                return f"gateway {count % 2 + 1} got {number.name}"
            self.redis.kill()
            self.redis.start()
            # Whoever owns a session stores it again with its next utterance; before that nobody else could go on with it.
            stored = lambda: len(self.redis.command("KEYS", "sori:1:session:*").split()) >= SESSIONS
            wait_until(lambda: over() or stored(), "the sessions are stored again", 120)
            return "Redis was killed, and lost everything"

        self.run_with(disturb)
