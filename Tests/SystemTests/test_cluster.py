"""Gateway and workers as processes of their own. Whatever happens to workers, a transcript is that of the undisturbed run."""

import json
import signal
import subprocess
import sys
import time
import unittest
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

from support.cluster import Gateway, Worker, get, status, wait_until
from support.listener import start, transcript
from support.recording import OPENING
from support.sori import COMMAND, LISTEN, Server
from support.windows import recognize


class ClusterTests(unittest.TestCase):
    """Two recognisers with one lane each, a detector, a gateway."""

    @classmethod
    def setUpClass(cls):
        cls.workers = [cls.enterClassContext(Worker("recognizer", "--device", "cpu", "--lanes", "1")) for _ in "12"]
        cls.detector = cls.enterClassContext(Worker("detector", "--device", "cpu"))
        cls.gateway = cls.enterClassContext(
            Gateway([worker.address for worker in cls.workers], [cls.detector.address]))
        for process in [*cls.workers, cls.detector, cls.gateway]:
            process.wait_until_ready()
        with Server() as server:
            cls.undisturbed = subprocess.run(
                [sys.executable, LISTEN, f"ws://127.0.0.1:{server.port}/v1/listen", OPENING, "--language", "en",
                 "--text", "--fast"], capture_output=True, text=True, check=True, timeout=120).stdout

    def tearDown(self):
        for process in [*self.workers, self.detector]:
            if process.process.poll() is not None:
                process.start()
            process.kill(signal.SIGCONT)
            process.wait_until_ready()

    def wait_for_windows(self, count: int):
        """Until so many more windows have been sent."""
        windows = lambda: self.gateway.metric("sori_windows_total", role="recognizer")
        aim = windows() + count
        wait_until(lambda: windows() >= aim, f"{count} windows")

    def test_a_transcript_is_that_of_one_process(self):
        self.assertIn("age of foolishness", self.undisturbed)
        self.assertEqual(transcript(start(self.gateway, "--fast")), self.undisturbed)
        self.assertEqual(transcript(start(self.gateway, "--speed", "2", "--cuts", "6", "--seed", "5")), self.undisturbed)

    def test_recognisers_that_are_killed_in_turn_lose_nothing(self):
        sessions = [start(self.gateway, "--speed", "1") for _ in "12"]
        over = lambda: all(session.poll() is not None for session in sessions)
        kills = 0
        while not over():
            worker = self.workers[kills % 2]
            wait_until(lambda: over() or status(worker)["busy"] > 0, "it works on a window")
            worker.kill()
            worker.start()
            wait_until(lambda: over() or get(worker.port, "is_ready")[0] == 200, "it is back")
            kills += 1
        self.assertGreater(kills, 2)
        for session in sessions:
            self.assertEqual(transcript(session), self.undisturbed)
        self.assertGreater(self.gateway.metric("sori_failovers_total", role="recognizer"), 0)

    def test_without_any_recogniser_sound_is_kept_and_captions_catch_up(self):
        session = start(self.gateway, "--speed", "1")
        self.wait_for_windows(4)
        for worker in self.workers:
            worker.kill()
        wait_until(lambda: get(self.gateway.port, "is_ready")[0] == 503, "the gateway notices")
        self.assertIn("no recogniser is ready", get(self.gateway.port, "is_ready")[1])
        # Longer than any one request waits.
        begin = self.gateway.metric("sori_audio_seconds_total")
        wait_until(lambda: self.gateway.metric("sori_audio_seconds_total") >= begin + 8, "8 s of sound come meanwhile")
        for worker in self.workers:
            worker.start()
        self.assertEqual(transcript(session), self.undisturbed)

    def test_a_recogniser_that_stands_still_delays_no_word_for_long(self):
        session = start(self.gateway, "--speed", "1")
        self.wait_for_windows(3)
        wait_until(lambda: status(self.workers[0])["busy"] > 0, "it works on a window")
        self.workers[0].kill(signal.SIGSTOP)
        self.wait_for_windows(8)
        self.workers[0].kill(signal.SIGCONT)
        self.assertEqual(transcript(session), self.undisturbed)

    def test_without_its_detector_a_gateway_goes_on(self):
        session = start(self.gateway, "--speed", "1")
        self.wait_for_windows(3)
        self.detector.kill()
        self.wait_for_windows(8)
        self.detector.start()
        self.assertEqual(transcript(session), self.undisturbed)

    def test_a_worker_that_is_stopped_answers_what_it_has(self):
        session = start(self.gateway, "--speed", "1")
        self.wait_for_windows(3)
        self.workers[1].kill(signal.SIGTERM)
        self.assertEqual(self.workers[1].process.wait(20), 0)
        self.assertEqual(transcript(session), self.undisturbed)

    def test_who_calls_without_a_session_is_routed_too(self):
        self.assertIn("best of times", recognize(self.gateway, seconds=5))


class FleetTests(unittest.TestCase):
    """Workers that are not all alike."""

    def test_windows_follow_a_gpu_that_comes_goes_and_comes_back(self):
        """On Mesa's llvmpipe, which is far too slow for captions: windows by hand."""
        with ExitStack() as stack:
            options = ["recognizer", "--model", "tiny.en"]
            gpu = stack.enter_context(
                Worker(*options, "--device", "gpu", environment={"GGML_VK_VISIBLE_DEVICES": "0"}))
            cpu = stack.enter_context(Worker(*options, "--device", "cpu"))
            detector = stack.enter_context(Worker("detector", "--device", "cpu"))
            workers = ([gpu.address, cpu.address], [detector.address])
            gateway = stack.enter_context(Gateway(*workers))
            only_gpu = stack.enter_context(Gateway(*workers, "--mode", "gpu"))
            for process in [cpu, detector]:
                process.wait_until_ready()
            ready = lambda: gateway.metric("sori_workers", role="recognizer", state="ready")

            def start_gpu():
                gpu.wait_until_ready(120)
                wait_until(lambda: ready() == 2, "the gateway has both")

            def write() -> str:
                """The kind of device that has written a window."""
                windows = lambda device: gateway.metric(
                    "sori_windows_total", role="recognizer", device=device, outcome="answered")
                before = {device: windows(device) for device in ("cpu", "gpu")}
                self.assertIn("was the best", recognize(gateway, seconds=2, priority="background"))
                written = [device for device in before if windows(device) > before[device]]
                self.assertEqual(len(written), 1)
                # Mesa crashes now and then: the window was then written by the other worker.
                if gpu_is_there and gpu.process.poll() is not None:
                    gpu.start()
                    start_gpu()
                    return write()
                return written[0]

            gpu_is_there = True
            start_gpu()
            wait_until(lambda: get(only_gpu.port, "is_ready")[0] == 200, "it has a GPU")
            self.assertEqual(status(gpu)["device"], "Vulkan0")
            self.assertEqual(write(), "gpu")
            gpu_is_there = False
            gpu.kill()
            self.assertEqual(write(), "cpu")
            wait_until(lambda: get(only_gpu.port, "is_ready")[0] == 503, "it misses its GPU")
            gpu_is_there = True
            gpu.start()
            start_gpu()
            self.assertEqual(write(), "gpu")

    def test_another_model_is_not_mixed_in_and_the_gateway_says_so(self):
        with ExitStack() as stack:
            base = stack.enter_context(Worker("recognizer", "--device", "cpu"))
            detector = stack.enter_context(Worker("detector", "--device", "cpu"))
            other = stack.enter_context(Worker("recognizer", "--model", "tiny.en", "--device", "cpu"))
            base.wait_until_ready()
            other.kill()
            gateway = stack.enter_context(Gateway([base.address, other.address], [detector.address]))
            gateway.wait_until_ready()
            other.start()
            wait_until(lambda: "start it with the same one" in gateway.complaints, "a complaint about the model")
            self.assertEqual(gateway.metric("sori_workers", role="recognizer", state="refused"), 1)
            transcript(start(gateway, "--fast"))
            other.wait_until_ready()
            self.assertEqual(status(other)["busy"], 0)
            self.assertNotIn('kind="final"', get(other.port, "metrics")[1])


class BadInputTests(unittest.TestCase):
    def complaint(self, *arguments: str) -> str:
        """What a command says that cannot begin: one line, and a status that is not 0."""
        done = subprocess.run([COMMAND, *arguments], capture_output=True, text=True, timeout=60)
        self.assertNotEqual(done.returncode, 0)
        self.assertEqual(len(done.stderr.strip().splitlines()), 1, done.stderr)
        return done.stderr

    def test_what_makes_no_sense_is_told_in_one_line(self):
        for arguments, says in [
            (["worker"], "--role"),
            (["worker", "--role", "oracle"], "oracle"),
            (["worker", "--role", "recognizer", "--device", "abacus"], "abacus"),
            (["worker", "--role", "recognizer", "--model", "nobody"], "nobody"),
            (["worker", "--role", "recognizer", "--port", "99999"], "0 to 65535"),
            (["gateway"], "--recognizer"),
            (["gateway", "--recognizer", "localhost:1"], "--detector"),
            (["gateway", "--recognizer", "localhost", "--detector", "localhost:1"], "write it like localhost:8090"),
            (["gateway", "--recognizer", "localhost:1", "localhost:1", "--detector", "localhost:1"], "twice"),
            (["gateway", "--recognizer", "localhost:1", "--detector", "localhost:1", "--mode", "fpga"], "auto, cpu or gpu"),
        ]:
            with self.subTest(arguments=arguments):
                self.assertIn(says, self.complaint(*arguments))

    def test_a_name_that_leads_nowhere_is_told_and_the_gateway_waits(self):
        with Gateway(["nobody.invalid:8090"], ["127.0.0.1:1"]) as gateway:
            wait_until(lambda: "cannot be resolved" in gateway.complaints, "a complaint")
            code, text = get(gateway.port, "is_ready")
            self.assertEqual(code, 503)
            self.assertIn("no recogniser is ready", text)
