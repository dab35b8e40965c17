"""Tries to get in: what docs/threat-model.md says is stopped, is tried here, at a gateway, its workers, and through nginx."""

import base64
import hashlib
import hmac
import http.client
import json
import re
import socket
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.parse
from contextlib import suppress
from datetime import datetime, timedelta, timezone
from pathlib import Path

from support.cluster import Gateway, Worker, get, wait_until
from support.nginx import Nginx
from support.recording import OPENING
from support.sori import COMMAND, REPOSITORY
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

START = {"type": "start", "version": 1, "language": "en"}
KEY = "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
UPGRADE = f"Connection: Upgrade\r\nUpgrade: websocket\r\n{KEY}"
WORKERS, ADMINISTRATORS = "token-of-workers", "token-of-administrators"
SIGNATURES = "a-secret-for-signatures-of-32-characters"


def signed(secret: str = SIGNATURES, algorithm: str = "HS256", **claims) -> str:
    """A JSON Web Token that lets its holder speak for an hour, unless told otherwise."""
    def encoded(data: bytes) -> str:
        return base64.urlsafe_b64encode(data).decode().rstrip("=")

    whole = {"aud": "captions", "exp": time.time() + 3600, "sub": "haneul", "permission": "speak", **claims}
    parts = [encoded(json.dumps(part).encode()) for part in ({"alg": algorithm, "typ": "JWT"}, whole)]
    signature = hmac.new(secret.encode(), ".".join(parts).encode(), hashlib.sha256).digest()
    return ".".join([*parts, encoded(signature if algorithm != "none" else b"")])


class BreakInTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.file = cls.folder / "tokens.json"
        yesterday = (datetime.now(timezone.utc) - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
        cls.tokens = {
            "speak": cls.make("speak"), "watch": cls.make("watch", "--session", "somebody-elses"),
            "administer": cls.make("administer"), "revoked": cls.make("speak"), "expired": cls.make("speak", "--days", "30"),
        }
        cls.token("revoke", cls.tokens["revoked"].split("_")[1])
        # What expires is made to expire: nobody can make a token that has expired already.
        content = json.loads(cls.file.read_text())
        for record in content["tokens"]:
            if record["id"] == cls.tokens["expired"].split("_")[1]:
                assert "expires" in record
                record["expires"] = yesterday
        cls.file.write_text(json.dumps(content))
        secret = {"SORI_TOKEN": WORKERS}
        cls.recognizer = cls.enterClassContext(Worker("recognizer", "--device", "cpu", environment=secret))
        cls.detector = cls.enterClassContext(Worker("detector", "--device", "cpu", environment=secret))
        cls.gateway = cls.enterClassContext(Gateway([cls.recognizer.address], [cls.detector.address], environment={
            "SORI_TOKENS": str(cls.file), "SORI_ADMIN_TOKEN": ADMINISTRATORS, "SORI_WORKERS_TOKEN": WORKERS,
            "SORI_JWT_SECRET": SIGNATURES, "SORI_JWT_AUDIENCE": "captions", "SORI_PROXIES": "127.0.0.1", "SORI_LIMITS_FIRST_MESSAGE": "3", "SORI_LIMITS_HANDSHAKES": "100000"}))
        for process in [cls.recognizer, cls.detector, cls.gateway]:
            process.wait_until_ready()
        cls.nginx = cls.enterClassContext(Nginx([cls.gateway.port], "--cpu", cls.recognizer.address, is_secure=False))

    @classmethod
    def token(cls, *arguments: str) -> str:
        return subprocess.run(
            [COMMAND, "token", *arguments, "--tokens", cls.file], capture_output=True, text=True, check=True,
            timeout=60).stdout.strip()

    @classmethod
    def make(cls, permission: str, *options: str) -> str:
        return cls.token("add", "--permission", permission, *options)

    def tearDown(self):
        """Whatever was tried: the servers go on, and serve those who may."""
        for process in [self.recognizer, self.detector, self.gateway]:
            self.assertIsNone(process.process.poll(), process.command)
        with self.speaker() as socket:
            self.assertEqual(json.loads(socket.recv(timeout=30))["type"], "ready")

    def speaker(self, token: str | None = None, **start):
        socket = connect(self.gateway.url, additional_headers={"Authorization": f"Bearer {token or self.tokens['speak']}"})
        socket.send(json.dumps({**START, **start}))
        return socket

    def request(self, method: str, path: str, port: int | None = None, **headers: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", port or self.gateway.port, timeout=20)
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        body = "" if "event-stream" in answer.getheader("Content-Type", "") else answer.read().decode(errors="replace")
        connection.close()
        return answer.status, body

    def raw(self, text: str | bytes, port: int | None = None, seconds: float = 20) -> str:
        """What a server says to anything, until it hangs up or says no more."""
        with socket.create_connection(("127.0.0.1", port or self.gateway.port), timeout=seconds) as connection:
            with suppress(OSError):
                connection.sendall(text.encode("latin-1") if isinstance(text, str) else text)
            data = b""
            with suppress(OSError):
                while part := connection.recv(1 << 16):
                    data += part
            return data.decode(errors="replace")

    # MARK: Tokens

    def strangers(self, *kinds: str) -> dict[str, str | None]:
        """No token, wrong ones, and those for something else."""
        made = {kind: self.tokens[kind] for kind in ("revoked", "expired", *kinds)}
        identity = self.tokens["speak"].split("_")[1]
        return {
            **made, "none": None, "empty": "", "guessed": "guessed", "another secret": f"sori_{identity}_" + "A" * 43,
            "signed by another": signed("another-secret-for-signatures-of-32"), "signed by nobody": signed(algorithm="none"),
            "signed and over": signed(exp=time.time() - 1), "signed for others": signed(aud="others"),
            "the workers'": WORKERS, "cut": self.tokens["speak"][:-1], "longer": self.tokens["speak"] + "A",
        }

    def test_nobody_speaks_without_a_token_to_speak(self):
        for name, token in self.strangers("watch", "administer").items():
            ways = [("query", f"?access_token={urllib.parse.quote(token or '')}", {})]
            if token is not None:
                ways += [("header", "", {"additional_headers": {"Authorization": f"Bearer {token}"}})]
            if token:
                ways += [("subprotocol", "", {"subprotocols": ["sori", f"sori.token.{token}"]})]
            for way, query, options in ways:
                with self.subTest(name, way=way), connect(self.gateway.url + query, **options) as socket:
                    with suppress(ConnectionClosed):
                        socket.send(json.dumps(START))
                    self.assertEqual(json.loads(socket.recv(timeout=20))["code"], "unauthorized")
                    with self.assertRaises(ConnectionClosed):
                        socket.recv(timeout=20)

    def test_whoever_has_a_signed_token_may_do_what_it_says_and_no_more(self):
        with self.speaker(signed(sessions=1)) as socket:
            session = json.loads(socket.recv(timeout=20))["session"]
            # One at a time, by its own word.
            with self.speaker(signed(sessions=1)) as second:
                self.assertEqual(json.loads(second.recv(timeout=20))["code"], "too_many_sessions")
            path = f"/v1/sessions/{session}/events"
            watcher = {"Authorization": f"Bearer {signed(permission='watch', session=session)}"}
            self.assertEqual(self.request("GET", path, **watcher)[0], 200)
            other = {"Authorization": f"Bearer {signed(permission='watch', session='another')}"}
            self.assertEqual(self.request("GET", path, **other)[0], 401)
        for permission, status in [("administer", 200), ("speak", 401), ("watch", 401), ("everything", 401)]:
            headers = {"Authorization": f"Bearer {signed(permission=permission)}"}
            self.assertEqual(self.request("GET", "/v1/admin/sessions", **headers)[0], status)

    def test_nobody_reads_along_without_a_token_for_that_session(self):
        with self.speaker() as socket:
            session = json.loads(socket.recv(timeout=20))["session"]
            path = f"/v1/sessions/{session}/events"
            for name, token in self.strangers("watch").items():
                with self.subTest(name):
                    headers = {"Authorization": f"Bearer {token}"} if token is not None else {}
                    self.assertEqual(self.request("GET", path, **headers)[0], 401)
            self.assertEqual(self.request("GET", path, Authorization=f"Bearer {self.make('watch', '--session', session)}")[0], 200)

    def test_nobody_administers_without_an_administrators_token_in_a_header(self):
        paths = [("GET", "sessions"), ("GET", "settings"), ("GET", "workers"), ("GET", "events"), ("PUT", "mode"),
                 ("DELETE", "sessions/any"), ("PUT", "workers/recognizer/any")]
        for method, path in paths:
            for name, token in self.strangers("speak", "watch").items():
                with self.subTest(name, path=path):
                    headers = {"Authorization": f"Bearer {token}"} if token is not None else {}
                    self.assertEqual(self.request(method, f"/v1/admin/{path}", **headers)[0], 401)
            # Other pages can write an address and cookies, and no header.
            for token in (ADMINISTRATORS, self.tokens["administer"]):
                self.assertEqual(self.request(method, f"/v1/admin/{path}?access_token={token}", Cookie=f"token={token}")[0], 401)
        self.assertEqual(self.request("GET", "/v1/admin/sessions", Authorization=f"Bearer {ADMINISTRATORS}")[0], 200)

    def test_nobody_uses_a_worker_or_a_gateway_as_one(self):
        places = [(self.recognizer.port, "/v1/recognize"), (self.detector.port, "/v1/detect"),
                  (self.gateway.port, "/v1/recognize"), (self.gateway.port, "/v1/detect"),
                  (self.nginx.port, "/workers/cpu/v1/recognize")]
        for port, path in places:
            for name, token in [*self.strangers("watch").items(), ("a speaker's", self.tokens["speak"])]:
                if name == ("a speaker's" if port == self.gateway.port else "the workers'"):
                    continue  # These may.
                with self.subTest(name, path=path), self.assertRaises(InvalidStatus) as refused:
                    headers = {"Authorization": f"Bearer {token}"} if token is not None else {}
                    connect(f"ws://127.0.0.1:{port}{path}", additional_headers=headers).close()
                self.assertIn(refused.exception.response.status_code, (401, 403))
            page = {"Authorization": f"Bearer {WORKERS}", "Origin": "https://evil.example"}
            with self.subTest("a page", path=path), self.assertRaises(InvalidStatus):
                connect(f"ws://127.0.0.1:{port}{path}", additional_headers=page).close()

    def test_nobody_goes_on_with_somebody_elses_session(self):
        with self.speaker() as victim:
            ready = json.loads(victim.recv(timeout=20))
            other = self.make("speak")
            for token in ["", "guessed", ready["resumeToken"][:-1], ready["resumeToken"] + "A", ready["session"]]:
                with self.subTest(token), self.speaker(other, session=ready["session"], resumeToken=token) as thief:
                    self.assertIn(json.loads(thief.recv(timeout=20))["code"], ("session_not_found", "bad_start"))
            # The session has noticed nothing.
            victim.send(json.dumps({"type": "finish"}))
            while json.loads(victim.recv(timeout=30))["type"] != "finished":
                pass

    def test_a_worker_that_is_not_on_the_list_gets_no_sound(self):
        # There is no way for a worker to come by itself: gateways connect to those on their list.
        for method in ("POST", "PUT"):
            self.assertIn(self.request(method, "/v1/admin/workers", Authorization=f"Bearer {ADMINISTRATORS}")[0], (404, 405))
        path = "/v1/admin/workers/recognizer/evil.example:8090"
        self.assertEqual(self.request("PUT", path, Authorization=f"Bearer {ADMINISTRATORS}")[0], 404)

    # MARK: Pages of others

    def test_pages_of_others_neither_speak_nor_read(self):
        token = f"?access_token={self.tokens['speak']}"
        for origin in ["https://evil.example", "null", "http://127.0.0.1.evil.example", "http://localhost.evil.example",
                       f"http://evil.example:{self.gateway.port}", "file://", "http://[::1].evil.example"]:
            with self.subTest(origin):
                with connect(self.gateway.url + token, origin=origin) as socket:
                    self.assertEqual(json.loads(socket.recv(timeout=20))["code"], "origin_not_allowed")
                status, _ = self.request("GET", f"/v1/sessions/any/events{token}", Origin=origin)
                self.assertIn(status, (401, 403))

    def test_a_name_that_leads_here_makes_no_page_the_servers_own(self):
        """DNS rebinding: the page's own name has become the address of this server."""
        for name in ["evil.example", f"evil.example:{self.gateway.port}", "localhost.evil.example"]:
            with self.subTest(name):
                answer = self.raw(
                    f"GET /v1/listen?access_token={self.tokens['speak']} HTTP/1.1\r\nHost: {name}\r\n"
                    f"Origin: http://{name}\r\n{UPGRADE}\r\n", seconds=5)
                self.assertIn("origin_not_allowed", answer)

    def test_a_name_that_leads_here_reads_nothing(self):
        def status(name: str, path: str) -> str:
            answer = self.raw(
                f"GET {path} HTTP/1.1\r\nHost: {name}\r\nAuthorization: Bearer {ADMINISTRATORS}\r\nConnection: close\r\n\r\n")
            return answer.split(" ", 2)[1]

        for path in ["/", "/is_ready", "/metrics", "/shared/transcript.js", "/v1/admin/sessions", "/no/such/page"]:
            for name in ["evil.example", f"evil.example:{self.gateway.port}", "localhost.evil.example", "127.0.0.1.evil.example"]:
                with self.subTest(path, name=name):
                    self.assertEqual(status(name, path), "421")
        for name in ["localhost", f"LOCALHOST:{self.gateway.port}", "127.0.0.1", "[::1]", "sori.localhost"]:
            with self.subTest(name):
                self.assertEqual(status(name, "/is_ready"), "200")

    # MARK: Files

    def test_files_come_from_the_folders_of_pages_alone(self):
        secret = REPOSITORY / "Package.swift"
        depth = "../" * 12
        targets = [
            "Package.swift", "../Package.swift", "captions/../../Package.swift", "shared/../../../Package.swift",
            f"{depth}etc/passwd", f"shared/{depth}etc/passwd", "%2e%2e/Package.swift", "%2e%2e%2fPackage.swift",
            "..%2fPackage.swift", "shared/%2e%2e/%2e%2e/Package.swift", "..%5cPackage.swift", "..\\Package.swift",
            "%252e%252e%252fPackage.swift", "shared/..%252f..%252fPackage.swift", "..%c0%afPackage.swift",
            "%c0%ae%c0%ae/Package.swift", "shared/....//....//Package.swift", "//etc/passwd", "/%2fetc/passwd",
            "shared/%00../../Package.swift", "index.html%00.js", ".git/config", "shared/.%2e/captions/../../.git/config",
        ]
        known = [secret.read_text()[:40], "root:x:0", "[core]"]
        for port in (self.gateway.port, self.nginx.port):
            for target in targets:
                with self.subTest(target, port=port):
                    answer = self.raw(f"GET /{target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", port)
                    self.assertFalse(any(text in answer for text in known))
                    self.assertFalse(answer.startswith("HTTP/1.1 200") and "<title>" not in answer, answer[:200])

    # MARK: HTTP

    def test_nothing_that_is_sent_comes_back_as_a_header(self):
        for target in ["/v1/sessions/a%0d%0aX-Evil:%201/events", "/a%0d%0aX-Evil:%201", "/v1/admin/workers/x%0d%0aX-Evil:1/y"]:
            for port in (self.gateway.port, self.nginx.port):
                answer = self.raw(f"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", port)
                self.assertNotRegex(answer.split("\r\n\r\n")[0], r"(?i)\r\nx-evil")
        answer = self.raw(
            f"GET /v1/listen HTTP/1.1\r\nHost: localhost\r\n{UPGRADE}Sec-WebSocket-Protocol: sori\tX-Evil: 1, sori\r\n\r\n",
            seconds=3)
        self.assertNotRegex(answer, r"(?i)\r\nx-evil")

    def test_one_request_is_not_taken_for_two(self):
        """Request smuggling: what one server takes for a body is a request to the other."""
        inner = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"
        chunk = f"{len(inner):x}\r\n{inner}\r\n0\r\n\r\n"
        attempts = [
            f"Content-Length: {len(chunk)}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{inner}",
            f"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n{chunk}",
            f"Content-Length: 0\r\nContent-Length: {len(inner)}\r\n\r\n{inner}",
            f"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n{inner}",
            f"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n{inner}",
            f"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n{inner}",
            f"Content-Length: +{len(inner)}\r\n\r\n{inner}",
            f"X: a\nContent-Length: {len(inner)}\r\n\r\n{inner}",
        ]
        for port in (self.nginx.port, self.gateway.port):
            for attempt in attempts:
                with self.subTest(attempt, port=port):
                    answer = self.raw(f"POST /is_ready HTTP/1.1\r\nHost: localhost\r\n{attempt}", port, seconds=2)
                    self.assertTrue(answer.startswith("HTTP/1.1 "), answer)
                    self.assertNotIn("\r\n\r\nalive", answer)

    def test_an_upgrade_to_nowhere_opens_no_way_behind_nginx(self):
        """A bare upgrade: nginx that believes in a WebSocket would pass on whatever follows."""
        inner = f"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n"
        for path, upgrade in [
            ("/is_ready", UPGRADE), ("/", UPGRADE), ("/v1/listen", "Connection: Upgrade\r\nUpgrade: h2c\r\n"),
            ("/v1/listen", f"Connection: Upgrade\r\nUpgrade: websocket\r\n{KEY.replace('13', '9')}"),
            ("/v1/nothing", UPGRADE), ("/metrics", UPGRADE),
        ]:
            with self.subTest(path, upgrade=upgrade):
                answer = self.raw(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{upgrade}\r\n{inner}", self.nginx.port, seconds=3)
                self.assertNotIn("101 Switching", answer)
                self.assertNotIn("sori_ready", answer)

    def test_slow_requests_hold_no_places_for_long(self):
        """Slowloris: many that say a little now and then, and never all."""
        slow = []
        for number in range(60):
            connection = socket.create_connection(("127.0.0.1", self.gateway.port), timeout=30)
            connection.sendall(b"GET /is_ready HTTP/1.1\r\nHost: localhost\r\n" if number % 2 else b"")
            slow.append(connection)
        begin = time.monotonic()
        ended = threading.Event()

        def drip():
            while not ended.wait(0.5):
                for connection in slow:
                    with suppress(OSError):
                        connection.sendall(b"X: a\r\n")

        dripping = threading.Thread(target=drip)
        dripping.start()
        try:
            self.assertEqual(get(self.gateway.port, "is_ready")[0], 200)
            for connection in slow:
                with suppress(OSError):
                    while connection.recv(4096):
                        pass
            self.assertLess(time.monotonic() - begin, 25, "all of them were cut off")
        finally:
            ended.set()
            dripping.join()
            for connection in slow:
                connection.close()

    # MARK: Too much of everything

    def test_what_is_oversized_is_refused(self):
        head = "GET /is_ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        for name, request in {
            "a path": f"GET /{'a' * 100_000} HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "a header": f"{head}X: {'a' * 100_000}\r\n\r\n",
            "many headers": head + "".join(f"X-{number}: a\r\n" for number in range(5000)) + "\r\n",
            "a method": f"{'A' * 100_000} / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        }.items():
            for port in (self.gateway.port, self.recognizer.port, self.nginx.port):
                with self.subTest(name, port=port):
                    self.assertFalse(self.raw(request, port).startswith("HTTP/1.1 200"))
        admin = {"Authorization": f"Bearer {ADMINISTRATORS}"}
        connection = http.client.HTTPConnection("127.0.0.1", self.gateway.port, timeout=30)
        with suppress(OSError):
            connection.request("PUT", "/v1/admin/mode", body=b'{"mode":"' + b"a" * 5_000_000 + b'"}', headers=admin)
            self.assertIn(connection.getresponse().status, (400, 413))

    def test_messages_that_explode_do_not(self):
        deep = '{"type":"start","version":1,"x":' + "[" * 60_000 + "]" * 60_000 + "}"
        wide = '{"type":"start","version":1,' + ",".join(f'"k{number}":1' for number in range(30_000)) + "}"
        numbers = '{"type":"start","version":' + "9" * 60_000 + "}"
        exponent = '{"type":"start","version":1e999999999}'
        strings = json.dumps({**START, "prompt": "\\u0000" * 10_000, "hotwords": ["a" * 100] * 3000})
        twice = '{"type":"start","version":1,"version":2,"audio":{"sampleRate":1e9}}'
        broken = '{"type":"start","version":1,"prompt":"' + "\\ud800" * 5000 + '"}'
        before = self.memory()
        for text in [deep, wide, numbers, exponent, strings, twice, broken]:
            for _ in range(5):
                with self.subTest(text[:60]), connect(
                        self.gateway.url, additional_headers={"Authorization": f"Bearer {self.tokens['speak']}"},
                        max_size=1 << 20) as socket:
                    socket.send(text)
                    answer = json.loads(socket.recv(timeout=20))
                    self.assertIn(answer.get("code"), ("bad_start", "message_too_large", "unsupported_audio", None), answer)
        self.assertLess(self.memory() - before, 60_000_000)

    def memory(self) -> int:
        status = Path(f"/proc/{self.gateway.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) * 1024


if __name__ == "__main__":
    unittest.main()
