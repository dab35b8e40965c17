"""Captions into OBS."""

import logging
import subprocess
import unittest

import obsws_python
from support.cluster import free_port, wait_until
from support.listener import start, transcript
from support.obs import OBS
from support.recording import OPENING_TEXT
from support.sori import COMMAND, Server
from support.words import error_rate

# It writes down every refusal that a test asks for.
logging.getLogger("obsws_python").setLevel(logging.CRITICAL)


class Address:
    def __init__(self, server: Server):
        self.url = f"ws://127.0.0.1:{server.port}/v1/listen"


class OBSTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(Server())

    def captions(self, obs: str, *options: str, password: str = "", name: str = "haneul") -> subprocess.Popen:
        process = subprocess.Popen(
            [COMMAND, "captions", "obs", "--name", name, "--obs", obs, "--server", f"ws://127.0.0.1:{self.server.port}", *options],
            stderr=subprocess.PIPE, text=True, env={"SORI_OBS_PASSWORD": password})
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def speak(self, name: str = "haneul") -> str:
        return transcript(start([Address(self.server)], "--name", name, "--speed", "2"))

    def test_the_server_of_these_tests_is_taken_for_obs(self):
        with OBS("a password") as obs:
            client = obsws_python.ReqClient(host="127.0.0.1", port=obs.port, password="a password", timeout=10)
            self.assertEqual(client.get_version().obs_version, "30.2.2")
            client.set_input_settings("Captions", {"text": "hello"}, True)
            self.assertEqual(client.get_input_settings("Captions").input_settings["text"], "hello")
            for request, code in [(lambda: client.send_stream_caption("hello"), 501), (lambda: client.get_input_settings("No"), 600)]:
                with self.assertRaises(obsws_python.error.OBSSDKRequestError) as refused:
                    request()
                self.assertEqual(refused.exception.code, code)
            client.start_stream()
            client.send_stream_caption("hello")
            self.assertEqual(obs.captions, ["hello"])
            client.disconnect()
            with self.assertRaises(Exception):
                obsws_python.ReqClient(host="127.0.0.1", port=obs.port, password="wrong", timeout=10)

    def test_a_source_shows_what_is_said_and_the_stream_has_its_captions(self):
        with OBS("pässword") as obs:
            obs.is_streaming = True
            process = self.captions(
                obs.url, "--source", "Captions", "--stream", "--lines", "3", "--clear", "2", password="pässword")
            self.assertIn("reading along", process.stderr.readline() + process.stderr.readline())
            text = self.speak()
            wait_until(lambda: obs.captions, "captions in the stream")
            wait_until(lambda: obs.shown[-1] == "", "the source is emptied")
            # Word for word while it was spoken, at most three lines of 42 columns.
            self.assertGreater(len(obs.shown), 5)
            self.assertTrue(all(line.count("\n") < 3 for line in obs.shown))
            self.assertLessEqual(max(len(line) for shown in obs.shown for line in shown.split("\n")), 42)
            self.assertIn("darkness", " ".join(obs.shown))
            self.assertEqual("\n".join(obs.captions), text.strip())
            self.assertLess(error_rate(OPENING_TEXT, " ".join(obs.captions)), 0.2)
            # Only the text was changed.
            self.assertEqual(obs.sources["Captions"]["font"], {"face": "Arial"})

    def test_obs_and_the_next_session_may_come_later(self):
        port = free_port()
        process = self.captions(f"ws://127.0.0.1:{port}", "--source", "Captions", name="later")
        self.next_line(process, "OBS is not there yet")
        for _ in range(2):
            # OBS is closed and opened again, and another session begins.
            with OBS(port=port) as obs:
                self.next_line(process, "OBS shows captions")
                self.speak("later")
                wait_until(lambda: any("darkness" in shown for shown in obs.shown), "captions")

    def next_line(self, process: subprocess.Popen, part: str):
        """Waits until a line is written that has a part."""
        while part not in (line := process.stderr.readline()):
            self.assertTrue(line, "it ended")

    def test_what_only_a_person_can_mend_is_told_in_one_line(self):
        with OBS("password") as obs:
            for password, said in [("wrong", "does not take this password"), ("", "SORI_OBS_PASSWORD")]:
                process = self.captions(obs.url, "--stream", password=password)
                self.assertEqual(process.wait(20), 1)
                self.assertIn(said, process.stderr.read())
            self.assertEqual(obs.refused, 1)
        with OBS(sources=()) as obs:
            process = self.captions(obs.url, "--source", "Captions", "--stream")
            said = [process.stderr.readline() for _ in range(3)]
            self.assertIn("no source 'Captions'", "".join(said))
        for options in [[], ["--source", "x", "--lines", "0"], ["--stream", "--session", "x"], ["--stream", "--clear", "-1"]]:
            process = self.captions("ws://127.0.0.1:1", *options)
            self.assertEqual(process.wait(20), 64)
        process = self.captions("ws://127.0.0.1:1", "--stream", name="no/name")
        self.assertEqual(process.wait(20), 1)
        self.assertIn("no session can have such a name", process.stderr.read())


if __name__ == "__main__":
    unittest.main()
