"""What servers write down: one line an event, for people or for programs, and never what is said, nor what lets people in."""

import json
import os
import pty
import re
import subprocess
import sys
import tempfile
import time
import unittest
from contextlib import suppress
from pathlib import Path

from support.cluster import Gateway, Worker, wait_until
from support.nginx import Nginx
from support.recording import OPENING
from support.redis import Redis
from support.sori import COMMAND, LISTEN
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

SECRETS = {
    "speakers": "secret-of-all-speakers", "administrators": "secret-of-administrators", "workers": "secret-of-workers",
    "Redis": "secret-of-redis",
}
HOTWORD, PROMPT = "Xylophilon", "A prompt that nobody else may read"


class LogTests(unittest.TestCase):
    def test_a_full_run_at_the_highest_level_writes_down_nothing_that_is_said_and_no_secret(self):
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        loud = {"SORI_LOG_LEVEL": "trace", "SORI_TOKEN": SECRETS["workers"]}
        workers = [self.enterContext(Worker(role, "--device", "cpu", environment=loud)) for role in ("recognizer", "detector")]
        redis = self.enterContext(Redis("--requirepass", SECRETS["Redis"]))
        tokens = folder / "tokens.json"
        person = subprocess.run(
            [COMMAND, "token", "add", "--permission", "speak", "--tokens", tokens], capture_output=True, text=True,
            check=True).stdout.strip()
        gateway = self.enterContext(Gateway(*[[worker.address] for worker in workers], environment={
            "SORI_LOG_LEVEL": "trace", "SORI_TOKEN": SECRETS["speakers"], "SORI_ADMIN_TOKEN": SECRETS["administrators"],
            "SORI_TOKENS": str(tokens), "SORI_WORKERS_TOKEN": SECRETS["workers"], "SORI_PROXIES": "127.0.0.1",
            "SORI_REDIS": f"redis://:{SECRETS['Redis']}@127.0.0.1:{redis.port}"}))
        for process in [*workers, gateway]:
            process.wait_until_ready()
        nginx = self.enterContext(Nginx([gateway.port], is_secure=False))

        # Somebody speaks, is cut off and comes back; a worker is lost; others come with wrong and right tokens in every place.
        session = subprocess.Popen(
            [sys.executable, LISTEN, nginx.url, OPENING, "--language", "en", "--text", "--cuts", "2", "--token", person,
             "--prompt", PROMPT, "--hotwords", HOTWORD], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        wait_until(lambda: gateway.metric("sori_finals_total") >= 1, "a final")
        workers[0].kill()
        workers[0].start()
        text, complaints = session.communicate(timeout=120)
        self.assertEqual(session.returncode, 0, complaints)
        self.assertIn("age of foolishness", text)
        resume_tokens = []
        for url, options in [
            (f"{nginx.url}?access_token={SECRETS['speakers']}", {}), (f"{nginx.url}?access_token={person}", {}),
            (nginx.url, {"subprotocols": ["sori", f"sori.token.{person}"]}),
            (nginx.url, {"additional_headers": {"Authorization": f"Bearer {SECRETS['speakers']}"}}),
            (f"{nginx.url}?access_token=wrong-secret", {}),
        ]:
            with connect(url, **options) as socket:
                with suppress(ConnectionClosed):  # Who is refused is told so before.
                    socket.send(json.dumps({"type": "start", "version": 1, "prompt": PROMPT, "hotwords": [HOTWORD]}))
                answer = json.loads(socket.recv(timeout=20))
                if "resumeToken" in answer:
                    resume_tokens.append(answer["resumeToken"])
        self.assertEqual(len(resume_tokens), 4)
        redis.kill()
        wait_until(lambda: gateway.metric("sori_store_degraded") == 1, "the store is gone")

        logs = {"gateway": gateway.complaints, "recogniser": workers[0].complaints, "detector": workers[1].complaints,
                "nginx": nginx.logs}
        for name, log in logs.items():
            with self.subTest(name):
                self.assertNotEqual(log, "")
                for secret in [*SECRETS.values(), person, person.split("_")[2], "wrong-secret", *resume_tokens]:
                    self.assertNotIn(secret, log)
                for words in ["foolishness", "best of times", "worst of times", HOTWORD, PROMPT, "access_token"]:
                    self.assertNotIn(words, log)
        # Not in the list of processes either: they are given by the environment.
        listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
        for name, secret in SECRETS.items():
            self.assertFalse(any(secret in line for line in listed.splitlines() if "sori " in line), name)

        lines = [json.loads(line) for line in logs["gateway"].splitlines()]
        for line in lines:
            self.assertLessEqual({"time", "level", "message"}, set(line))
            self.assertRegex(line["time"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
        # A connection is called as nginx calls it, and can be followed by that and by its session.
        opened = [line for line in lines if line["message"] == "connection opened"]
        self.assertGreaterEqual(len(opened), 3)
        for line in opened:
            self.assertIn(f" {line['request']}\n", logs["nginx"])
        sessions = {line["session"] for line in opened}
        closed = {line["session"]: line["reason"] for line in lines if line["message"] == "session closed"}
        self.assertIn("finished", [closed.get(session) for session in sessions])
        self.assertTrue(any(line["message"] == "worker lost" and "worker" in line for line in lines))
        self.assertTrue(any(line["message"] == "connection ended" and line["code"] == "unauthorized" for line in lines))

    def first_lines(self, *options: str, is_terminal: bool) -> list[str]:
        """What a server writes to standard error, on a terminal or elsewhere, when a client has come."""
        reading, writing = pty.openpty() if is_terminal else os.pipe()
        server = subprocess.Popen(
            [COMMAND, "serve", "--port", "0", *options], stdout=subprocess.PIPE, stderr=writing, text=True)
        os.close(writing)
        self.addCleanup(server.communicate)
        self.addCleanup(server.terminate)
        port = re.search(r":(\d+) ", server.stdout.readline())[1]
        # A name of a request that would begin a line of its own.
        with connect(f"ws://127.0.0.1:{port}/v1/listen", additional_headers={"X-Request-Id": "a b"}) as socket:
            socket.send("no JSON")
            socket.recv(timeout=20)
        text = b""
        deadline = time.monotonic() + 20
        while b"connection ended" not in text and time.monotonic() < deadline:
            text += os.read(reading, 4096)
        os.close(reading)
        return text.decode().splitlines()

    def test_people_read_lines_and_programs_read_json(self):
        for is_terminal, options, is_json in [
            (True, [], False), (False, [], True), (True, ["--log-format", "json"], True),
            (False, ["--log-format", "text"], False),
        ]:
            with self.subTest(is_terminal=is_terminal, options=options):
                lines = self.first_lines("--log-level", "info", *options, is_terminal=is_terminal)
                (line,) = [line for line in lines if "connection ended" in line]
                if is_json:
                    line = json.loads(line)
                    self.assertEqual((line["level"], line["code"]), ("info", "bad_start"))
                    self.assertRegex(line["request"], r"^[\w-]{8}$")
                else:
                    self.assertRegex(line, r"^\d\d:\d\d:\d\d\.\d{3} info +connection ended  code=bad_start request=[\w-]{8}$")

    def test_a_level_that_is_none_is_told_in_one_line(self):
        done = subprocess.run(
            [COMMAND, "serve", "--log-level", "loud"], capture_output=True, text=True, timeout=20)
        self.assertEqual((done.returncode, done.stderr.count("\n")), (1, 1))
        self.assertIn("one of trace, debug, info", done.stderr)


if __name__ == "__main__":
    unittest.main()
