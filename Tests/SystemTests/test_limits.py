"""Limits of a server, each with its own answer."""

import json
import socket
import subprocess
import time
import unittest
from contextlib import ExitStack

from support.raw_socket import RawSocket
from support.sori import COMMAND, Server
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

START = {"type": "start", "version": 1, "language": "en"}


class LimitTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(Server(environment={
            "SORI_LIMITS_HANDSHAKES": "20", "SORI_LIMITS_HEADERS": "4096", "SORI_LIMITS_FIRST_MESSAGE": "2",
            "SORI_LIMITS_PONG": "1", "SORI_PROXIES": "127.0.0.1",
        }))

    def url(self) -> str:
        return f"ws://127.0.0.1:{self.server.port}/v1/listen"

    def connect_as(self, address: str):
        return connect(self.url(), additional_headers={"X-Forwarded-For": address})

    def answer(self, request: bytes, seconds: float = 20) -> bytes:
        """All that the server says to a request, until it hangs up."""
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=seconds) as raw:
            raw.sendall(request)
            data = b""
            try:
                while part := raw.recv(1 << 16):
                    data += part
            except ConnectionResetError:
                pass
            return data

    def test_an_address_that_comes_too_often_is_told_when_to_come_back(self):
        with self.assertRaises(InvalidStatus) as refused:
            for _ in range(30):
                self.connect_as("198.51.100.1").close()
        response = refused.exception.response
        self.assertEqual(response.status_code, 429)
        self.assertIn(int(response.headers["Retry-After"]), range(1, 4))
        self.assertIn(b"too many connections", response.body)
        # Others come in, also when the first goes on to knock and invents addresses that its proxy has not seen.
        with self.assertRaises(InvalidStatus):
            self.connect_as("203.0.113.1, 198.51.100.1")
        with self.connect_as("198.51.100.2") as socket:
            socket.send(json.dumps(START))
            self.assertEqual(json.loads(socket.recv(timeout=30))["type"], "ready")

    def test_the_command_waits_as_long_as_it_is_told(self):
        try:
            for _ in range(30):
                connect(self.url()).close()
        except InvalidStatus:
            pass
        process = subprocess.Popen(
            [COMMAND, "listen", "--json", "--server", f"ws://127.0.0.1:{self.server.port}", "--raw", "-"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.addCleanup(process.stdout.close)
        process.stdin.close()
        # It comes in at last, and ends as there is no sound.
        self.assertEqual(process.wait(60), 0)

    def test_a_head_that_is_too_long_is_refused(self):
        head = b"GET /is_ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        self.assertTrue(self.answer(head + b"X: " + b"a" * 3000 + b"\r\n\r\n").startswith(b"HTTP/1.1 200"))
        self.assertFalse(self.answer(head + b"X: " + b"a" * 5000 + b"\r\n\r\n").startswith(b"HTTP/1.1 200"))
        many = b"".join(b"X-%d: a\r\n" % number for number in range(600))
        self.assertFalse(self.answer(head + many + b"\r\n").startswith(b"HTTP/1.1 200"))

    def test_a_connection_that_does_not_ask_for_anything_is_cut_off(self):
        for beginning in [b"", b"GET /is_ready HTTP/1.1\r\nHost: "]:
            begin = time.monotonic()
            self.assertEqual(self.answer(beginning), b"")
            self.assertGreater(time.monotonic() - begin, 1)

    def test_a_client_that_does_not_start_is_told_so(self):
        with self.connect_as("198.51.100.3") as socket:
            self.assertEqual(json.loads(socket.recv(timeout=20))["code"], "idle_timeout")
            with self.assertRaises(ConnectionClosed):
                socket.recv(timeout=20)

    def test_a_client_that_answers_no_ping_is_cut_off(self):
        silent = RawSocket(self.server.port, forwarded_for="198.51.100.4")
        silent.send(json.dumps(START))
        begin = time.monotonic()
        silent.read_to_end()
        # A ping comes after 20 s, and the answer is waited for a second.
        self.assertLess(time.monotonic() - begin, 40)

    def test_a_connection_too_many_waits_until_another_one_ends(self):
        with Server(environment={"SORI_LIMITS_CONNECTIONS": "4"}) as server, ExitStack() as open_sockets:
            url = f"ws://127.0.0.1:{server.port}/v1/listen"
            sockets = []
            for _ in range(4):
                sockets.append(open_sockets.enter_context(connect(url)))
                sockets[-1].send(json.dumps(START))
                sockets[-1].recv(timeout=30)
            # The system takes the connection, the server reads nothing of it.
            request = b"GET /is_ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            with socket.create_connection(("127.0.0.1", server.port), timeout=1) as waiting:
                waiting.sendall(request)
                with self.assertRaises(TimeoutError):
                    waiting.recv(1)
                sockets.pop().close()
                waiting.settimeout(30)
                self.assertTrue(waiting.recv(1 << 12).startswith(b"HTTP/1.1 "))


if __name__ == "__main__":
    unittest.main()
