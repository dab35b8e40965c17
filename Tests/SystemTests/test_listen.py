"""`sori listen` in front of a running server, and with a microphone that hears what is played."""

import json
import random
import signal
import subprocess
import tempfile
import unittest
from pathlib import Path

from support.cutting_proxy import CuttingProxy
from support.recording import OPENING, OPENING_TEXT, RECORDING, TEXT
from support.sori import COMMAND, Server, finals, listen
from support.sound_server import SoundServer
from support.words import error_rate


class ListenTests(unittest.TestCase):
    def test_a_connection_that_breaks_changes_nothing(self):
        chance = random.Random(5)
        with Server() as server, CuttingProxy(server.port) as proxy:
            arguments = [RECORDING, "--fast", "--language", "en", "--server", f"ws://127.0.0.1:{proxy.port}"]
            whole, _ = listen(*arguments).communicate(timeout=300)
            proxy.budgets = iter([chance.randrange(1, 200_000) for _ in range(20)])
            process = listen(*arguments)
            cut, _ = process.communicate(timeout=300)
            self.assertEqual(process.returncode, 0)
            self.assertGreater(proxy.cuts, 10)
            self.assertEqual(finals(cut.splitlines()), finals(whole.splitlines()))
            self.assertLess(error_rate(TEXT, finals(cut.splitlines())), 0.1)

    def test_subtitles_are_written(self):
        with tempfile.TemporaryDirectory() as folder:
            files = {kind: Path(folder) / f"talk.{kind}" for kind in ("srt", "vtt", "text")}
            arguments = [option for kind, file in files.items() for option in (f"--{kind}", file)]
            done = subprocess.run(
                [COMMAND, "listen", OPENING, "--fast", "--language", "en", *arguments], capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertLess(error_rate(OPENING_TEXT, files["text"].read_text()), 0.1)
            self.assertRegex(files["srt"].read_text(), r"\A1\n00:00:0\d,\d{3} --> 00:00:\d\d,\d{3}\nIt was the best")
            self.assertTrue(files["vtt"].read_text().startswith("WEBVTT\n"))
            # What is there is not overwritten unasked.
            again = subprocess.run([COMMAND, "listen", OPENING, "--fast", *arguments], capture_output=True, text=True)
            self.assertNotEqual(again.returncode, 0)
            self.assertEqual(len(again.stderr.strip().splitlines()), 1, again.stderr)

    def test_a_microphone_is_captioned(self):
        with SoundServer() as sound:
            process = subprocess.Popen(
                [COMMAND, "listen", "--json", "--device", "pulse", "--language", "en"],
                stdout=subprocess.PIPE, text=True, env=sound.environment)
            lines = []
            for line in process.stdout:
                lines.append(line)
                if json.loads(line)["type"] == "opened":
                    break
            sound.play(OPENING)
            process.send_signal(signal.SIGINT)
            rest, _ = process.communicate(timeout=300)
            self.assertEqual(process.returncode, 0)
            self.assertLess(error_rate(OPENING_TEXT, finals([*lines, *rest.splitlines()])), 0.2)

    def test_a_pipe_is_heard_as_what_it_is(self):
        """Files of any format by their first bytes, raw sound only where that is said."""
        form = ["ffmpeg", "-v", "error", "-i", OPENING]
        for options in (["-ar", "44100", "-ac", "2", "-f", "wav"], ["-f", "flac"], ["-f", "ogg"], ["-f", "opus"],
                        ["-f", "mp3"], ["-f", "webm"], ["-f", "mpegts"]):
            with self.subTest(options[-1]), subprocess.Popen([*form, *options, "-"], stdout=subprocess.PIPE) as ffmpeg:
                done = subprocess.run(
                    [COMMAND, "listen", "-", "--language", "en"], stdin=ffmpeg.stdout, capture_output=True, text=True)
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                self.assertLess(error_rate(OPENING_TEXT, done.stdout), 0.15)

    def test_raw_sound_is_asked_for(self):
        form = ["ffmpeg", "-v", "error", "-i", OPENING, "-f", "s16le", "-ar", "44100", "-ac", "2", "-"]
        sound = subprocess.run(form, capture_output=True, check=True).stdout
        command = [COMMAND, "listen", "-", "--language", "en"]
        done = subprocess.run([*command, "--raw", "--rate", "44100", "--channels", "2"], input=sound, capture_output=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertLess(error_rate(OPENING_TEXT, done.stdout.decode()), 0.15)
        refused = subprocess.run(command, input=sound, capture_output=True)
        self.assertEqual((refused.returncode, refused.stdout), (1, b""))
        self.assertRegex(refused.stderr, rb"\Asori: standard input .* give --raw.*\n\Z")

    def test_text_comes_while_a_pipe_is_open(self):
        """Nobody closes the pipe before the first words are there."""
        sound = subprocess.run(
            ["ffmpeg", "-v", "error", "-i", RECORDING, "-t", "20", "-f", "flac", "-"], capture_output=True, check=True).stdout
        process = subprocess.Popen(
            [COMMAND, "listen", "-", "--json", "--language", "en"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        process.stdin.write(sound)
        process.stdin.flush()
        for line in process.stdout:
            if json.loads(line)["type"] == "final":
                break
        else:
            self.fail("it ended without a final")
        process.send_signal(signal.SIGINT)
        process.stdout.read()
        self.assertEqual(process.wait(timeout=60), 130)

    def test_it_is_said_that_nothing_comes(self):
        process = subprocess.Popen([COMMAND, "listen", "-"], stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.assertIn("nothing has come through the pipe for 10 s", process.stderr.readline())
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(timeout=60), 130)
        self.assertEqual(process.stderr.read(), "")
