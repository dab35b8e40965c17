"""Every error code of the documents is sent when it should be."""

import contextlib
import json
import re
import signal
import subprocess
import unittest

from support.recording import speech
from support.sori import COMMAND, REPOSITORY, Server
from test_bad_input import AT_48_KHZ, START, Client
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect


def documented() -> dict[str, int]:
    """The codes of the table, and the status that the connection is closed with."""
    text = (REPOSITORY / "docs/protocol.md").read_text(encoding="utf-8")
    return {code: int(status) for code, status in re.findall(r"^\| `(\w+)` \| (\d{4}) \| ", text, re.MULTILINE)}


def end_of(url: str, *messages: str | bytes, **options) -> tuple[str | None, int]:
    """The last error and the close status of a connection of its own."""
    error = None
    with connect(url, max_size=None, **options) as socket:
        with contextlib.suppress(ConnectionClosed):
            for message in messages:
                socket.send(message)
        try:
            while True:
                message = json.loads(socket.recv(timeout=60))
                if message["type"] == "error":
                    error = message["code"]
        except ConnectionClosed as closed:
            return error, closed.rcvd.code if closed.rcvd else 1006


class CodeTests(unittest.TestCase):
    # A fault of the server cannot be provoked from outside: RequestFailureTests has it.
    ELSEWHERE = {"internal"}

    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(
            Server(environment={"SORI_TOKEN": "secret", "SORI_SESSIONS_MAX": "3", "SORI_SESSIONS_IDLE": "3"}))

    def connection(self, *messages: str | bytes, token: str = "secret", **options) -> tuple[str | None, int]:
        return end_of(f"ws://127.0.0.1:{self.server.port}/v1/listen?access_token={token}", *messages, **options)

    def unauthorized(self):
        return self.connection(token="guessed")

    def origin_not_allowed(self):
        return self.connection(origin="https://elsewhere.example")

    def too_many_sessions(self):
        with contextlib.ExitStack() as stack:
            for _ in range(3):
                url = f"ws://127.0.0.1:{self.server.port}/v1/listen?access_token=secret"
                socket = stack.enter_context(connect(url))
                socket.send(json.dumps(START))
                socket.recv(timeout=60)
            return self.connection(json.dumps(START))

    def bad_start(self):
        return self.connection("hello")

    def bad_message(self):
        # Not fatal: the session goes on, and here is ended by its client.
        code, status = self.connection(json.dumps(START), "hello", json.dumps({"type": "finish"}))
        self.assertEqual(status, 1000)
        return code, 1007

    def unsupported_audio(self):
        return self.connection(json.dumps(START), bytes(641))

    def message_too_large(self):
        return self.connection(json.dumps(START), bytes(1 << 20))

    def audio_too_fast(self):
        sound = speech(180)
        return self.connection(
            json.dumps(AT_48_KHZ), *(sound[start : start + 96_000] for start in range(0, len(sound), 96_000)))

    def idle_timeout(self):
        return self.connection(json.dumps(START))

    def session_not_found(self):
        return self.connection(json.dumps({**START, "session": "none", "resumeToken": "x"}))

    def no_worker_ready(self):
        # Before the models have written their first text.
        process = subprocess.Popen([COMMAND, "serve", "--port", "0"], stdout=subprocess.PIPE, text=True)
        try:
            port = int(re.search(r":(\d+)", process.stdout.readline())[1])
            return end_of(f"ws://127.0.0.1:{port}/v1/listen", json.dumps(START))
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(60)
            process.stdout.close()

    def shutting_down(self):
        with Server() as server, Client(server) as client:
            client.send(AT_48_KHZ)
            client.receive("ready")
            client.speak(2)
            server.process.send_signal(signal.SIGTERM)
            code = client.receive("error")["code"]
            return code, client.end()[1]

    def test_every_code_is_sent_with_its_status(self):
        codes = documented()
        self.assertGreater(len(codes), 10)
        for code, status in codes.items():
            if code in self.ELSEWHERE:
                continue
            with self.subTest(code):
                provoke = getattr(self, code, None)
                self.assertIsNotNone(provoke, "nobody knows how to provoke it")
                self.assertEqual(provoke(), (code, status))
