"""The running system, heard by a client that is not ours, which checks every message against the schema and the rules of
the protocol."""

import json
import signal
import subprocess
import sys
import unittest
from pathlib import Path

from support.recording import OPENING, OPENING_TEXT, RECORDING, TEXT
from support.sori import LISTEN, Server
from support.words import error_rate


class ServeTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(Server())

    def start(self, recording: Path, *options: str, server: Server | None = None) -> subprocess.Popen:
        address = f"ws://127.0.0.1:{(server or self.server).port}/v1/listen"
        process = subprocess.Popen(
            [sys.executable, LISTEN, address, recording, "--language", "en", *options],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        return process

    def transcript(self, recording: Path, *options: str) -> str:
        process = self.start(recording, "--text", *options)
        text, complaints = process.communicate(timeout=180)
        self.assertEqual(process.returncode, 0, complaints)
        return text

    def test_a_recording_in_real_time_never_loses_its_last_words(self):
        text = self.transcript(RECORDING)
        self.assertLess(error_rate(TEXT, text), 0.1, text)
        self.assertIn("comparison only", text)

    def test_a_transcript_does_not_depend_on_cuts_or_pace(self):
        whole = self.transcript(RECORDING, "--fast")
        self.assertEqual(self.transcript(RECORDING, "--speed", "4", "--cuts", "20", "--seed", "11"), whole)

    def test_every_policy_serves(self):
        for policy in ["alignatt", "local-agreement", "sliding-window"]:
            with self.subTest(policy):
                text = self.transcript(OPENING, "--speed", "2", "--policy", policy)
                self.assertLess(error_rate(OPENING_TEXT, text), 0.1, text)

    def test_a_server_on_one_core_serves(self):
        with Server("--profile", "low") as server:
            process = self.start(OPENING, "--text", server=server)
            text, complaints = process.communicate(timeout=180)
        self.assertLess(error_rate(OPENING_TEXT, text), 0.1, text + complaints)

    def test_without_corrections_finals_continue_the_stable_text(self):
        self.assertIn("age of foolishness", self.transcript(OPENING, "--speed", "2", "--no-corrections"))

    def test_other_encodings_are_heard(self):
        for encoding, rate, channels in [("pcm_f32le", "48000", "2"), ("pcm_mulaw", "8000", "1")]:
            with self.subTest(encoding):
                text = self.transcript(
                    OPENING, "--fast", "--encoding", encoding, "--rate", rate, "--channels", channels)
                self.assertLess(error_rate(OPENING_TEXT, text), 0.15, text)

    def test_a_server_that_is_stopped_still_tells_the_last_words(self):
        with Server() as server:
            client = self.start(RECORDING, "--fast", "--window", "10", server=server)
            self.assertTrue(any(json.loads(line)["type"] == "partial" for line in client.stdout))
            server.process.send_signal(signal.SIGINT)
            rest = client.stdout.read()
        self.assertIn("final", [json.loads(line)["type"] for line in rest.splitlines()])
