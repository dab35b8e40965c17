"""The last words without the end of a session: a client that asks for them, and one that sends nothing."""

import json
import subprocess
import sys
import unittest

from support.recording import OPENING, speech
from support.sori import COMMAND, LISTEN, Server
from test_bad_input import AT_48_KHZ, Client


class FlushTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(Server())

    def listen(self, *options: str) -> list[dict]:
        address = f"ws://127.0.0.1:{self.server.port}/v1/listen"
        done = subprocess.run(
            [sys.executable, LISTEN, address, OPENING, "--language", "en", *options], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        return [json.loads(line) for line in done.stdout.splitlines()]

    @staticmethod
    def finals(messages: list[dict]) -> list[tuple]:
        finals = {m["utterance"]: (m["start"], m["end"], m["text"]) for m in messages if m["type"] == "final"}
        return [finals[number] for number in sorted(finals)]

    def test_the_last_words_come_while_the_socket_stays_open(self):
        with Client(self.server) as client:
            client.send({**AT_48_KHZ, "gap": 0}).receive("ready")
            client.speak(2.9).send({"type": "flush"})
            self.assertIn("best of times", client.receive("final")["text"])
            self.assertEqual(client.receive("flushed"), {"type": "flushed", "samples": 139_200, "reason": "asked"})
            client.send(bytes(96_000), {"type": "finish"})
            self.assertEqual(client.receive("finished")["samples"], 187_200)

    def test_a_client_that_sends_nothing_is_silent_after_a_while(self):
        with Client(self.server) as client:
            client.send({**AT_48_KHZ, "gap": 0.5}).receive("ready")
            client.speak(2.9)
            self.assertIn("best of times", client.receive("final")["text"])
            self.assertEqual(client.receive("flushed"), {"type": "flushed", "samples": 139_200, "reason": "gap"})
            # Times go on where the sound does: no silence was put in.
            final = client.speak(2.9).receive("final")
            self.assertGreaterEqual(final["start"], 2.9)
            self.assertLess(final["start"], 4)
            client.send({"type": "finish"})
            self.assertEqual(client.receive("finished")["samples"], 278_400)

    def test_a_transcript_with_flushes_does_not_depend_on_cuts_or_pace(self):
        flushes = ["--flush", "2.5", "2.5", "4.11", "9.87", "17"]
        whole = self.listen("--fast", *flushes)
        places = [message["samples"] for message in whole if message["type"] == "flushed"]
        self.assertEqual(places, [120_000, 120_000, 197_280, 473_760, 816_000])
        for seed in ["1", "2"]:
            cut = self.listen("--speed", "4", "--cuts", "12", "--seed", seed, *flushes)
            self.assertEqual(self.finals(cut), self.finals(whole))
        self.assertNotEqual(self.finals(self.listen("--fast")), self.finals(whole))

    def test_who_is_owed_text_is_not_idle(self):
        with Server("--model", "base", environment={"SORI_SESSIONS_IDLE": "1"}) as server:
            with Client(server) as client:
                client.send({**AT_48_KHZ, "gap": 0}).receive("ready")
                client.speak(50).send({"type": "finish"})
                # Far longer than a second passes until all of it is written down.
                client.receive("finished")
                self.assertEqual(client.end(), (None, 1000))
            with Client(server) as client:
                client.send({**AT_48_KHZ, "gap": 0}).receive("ready")
                client.speak(50).send({"type": "flush"}).receive("flushed")
                self.assertEqual(client.end(), ("idle_timeout", 1008))

    def test_listen_flushes_when_its_input_pauses(self):
        process = subprocess.Popen(
            [COMMAND, "listen", "-", "--raw", "--rate", "48000", "--language", "en", "--json", "--server",
             f"ws://127.0.0.1:{self.server.port}"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        with process:
            process.stdin.write(speech(2.9))
            process.stdin.flush()
            kinds = []
            for line in process.stdout:
                message = json.loads(line)
                kinds.append(message["type"])
                if message["type"] == "flushed":
                    self.assertEqual((message["seconds"], message["reason"]), (2.9, "asked"))
                    break
            self.assertIn("final", kinds)
            process.stdin.close()
            self.assertEqual(json.loads(process.stdout.read().splitlines()[-1])["type"], "finished")
        self.assertEqual(process.returncode, 0)
