"""Debian's nginx before two gateways that share a Redis, with the configuration of deploy/nginx."""

import http.client
import json
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
import unittest
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

from support.cluster import Gateway, Worker, get, wait_until
from support.nginx import CONFIGURE, Nginx
from support.recording import OPENING
from support.redis import Redis
from support.sori import LISTEN
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

TOKEN = "a-token-that-stands-in-no-log"
ADMINISTRATOR = "an-administrators-token-that-stands-in-no-log"
START = {"type": "start", "version": 1, "language": "en"}


class NginxTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        secret = {"SORI_TOKEN": TOKEN}
        cls.recognizer = cls.enterClassContext(Worker("recognizer", "--device", "cpu", environment=secret))
        cls.detector = cls.enterClassContext(Worker("detector", "--device", "cpu", environment=secret))
        cls.redis = cls.enterClassContext(Redis())
        environment = {
            "SORI_REDIS": cls.redis.url, "SORI_TOKEN": TOKEN, "SORI_WORKERS_TOKEN": TOKEN, "SORI_PROXIES": "127.0.0.1",
            "SORI_ADMIN_TOKEN": ADMINISTRATOR, "SORI_SESSIONS_MAX": "200", "SORI_SESSIONS_IDLE": "600",
        }
        cls.gateways = [
            cls.enterClassContext(Gateway([cls.recognizer.address], [cls.detector.address], environment=environment))
            for _ in "12"]
        cls.nginx = cls.enterClassContext(Nginx(
            [gateway.port for gateway in cls.gateways], "--detector", cls.detector.address, "--cpu",
            cls.recognizer.address, "--per-minute", "6000", path="/live/"))
        cls.trust = ssl.create_default_context(cafile=cls.nginx.folder / "certificate.pem")
        # Python 3.11 reads and writes a TLS socket in two threads without a lock: while one takes in the tickets that TLS 1.3 sends
        # after the handshake, a request of the other gets lost now and then (https://github.com/python/cpython/pull/134724).
        cls.trust.maximum_version = ssl.TLSVersion.TLSv1_2
        for process in [cls.recognizer, cls.detector, *cls.gateways]:
            process.wait_until_ready()
        cls.undisturbed = cls.transcript(cls.play("--fast"))

    def tearDown(self):
        for gateway in self.gateways:
            if gateway.process.poll() is not None:
                gateway.start()
            gateway.wait_until_ready()
        # For a while it does not ask who was gone.
        wait_until(lambda: self.get("is_ready")[0] == 200, "nginx has a gateway")

    @classmethod
    def play(cls, *options: str) -> subprocess.Popen:
        """Begins to play a recording through nginx."""
        return subprocess.Popen(
            [sys.executable, LISTEN, cls.nginx.url, OPENING, "--language", "en", "--text", "--token", TOKEN, *options],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={"SSL_CERT_FILE": str(cls.nginx.folder / "certificate.pem")})

    @staticmethod
    def transcript(process: subprocess.Popen) -> str:
        text, complaints = process.communicate(timeout=150)
        assert process.returncode == 0, complaints
        return text

    def get(self, path: str, token: str = TOKEN) -> tuple[int, str, dict]:
        request = urllib.request.Request(self.nginx.address + path, headers={"Authorization": f"Bearer {token}"})
        try:
            with urllib.request.urlopen(request, timeout=20, context=self.trust) as answer:
                return answer.status, answer.read().decode(), dict(answer.headers)
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode(), dict(error.headers)

    def connect(self, path: str = "v1/listen", **options):
        return connect(f"wss://{self.nginx.host}{path}", ssl=self.trust, **options)

    def opened(self) -> list[float]:
        return [gateway.metric("sori_sessions_opened_total") for gateway in self.gateways]

    # MARK: Configuration

    def test_nginx_has_nothing_to_say_against_the_configuration(self):
        self.assertEqual(
            self.nginx.check().splitlines(),
            [f"nginx: the configuration file {self.nginx.configuration} syntax is ok",
             f"nginx: configuration file {self.nginx.configuration} test is successful"])

    def test_options_that_are_wrong_are_told_in_one_line(self):
        for options in [["--certificate", "c.pem"], ["--prefix", "sori"], ["--gatewy", "x"], ["--name", "a; evil"],
                        ["--per-minute", "0"], ["--name"]]:
            with self.subTest(options):
                done = subprocess.run([CONFIGURE, *options], capture_output=True, text=True)
                self.assertEqual((done.returncode, done.stdout, done.stderr.count("\n")), (64, "", 1))

    # MARK: Sessions

    def test_cuts_change_no_word(self):
        self.assertEqual(self.transcript(self.play("--speed", "2", "--cuts", "6", "--seed", "5")), self.undisturbed)

    def test_a_gateway_that_is_killed_or_stopped_changes_no_word(self):
        for number in [signal.SIGKILL, signal.SIGTERM]:
            with self.subTest(number):
                before = self.opened()
                session = self.play("--reconnect", "60", "--patience", "60")
                wait_until(lambda: self.opened() != before, "the session is open")
                (index,) = [index for index in (0, 1) if self.opened()[index] != before[index]]
                finals = self.gateways[index].metric("sori_finals_total")
                wait_until(lambda: self.gateways[index].metric("sori_finals_total") > finals, "a final")
                self.gateways[index].kill(number)
                self.assertEqual(self.transcript(session), self.undisturbed)
                self.tearDown()

    def test_pages_come_below_the_path_and_who_administers_comes_to_one_gateway(self):
        for page in ["", "overlay", "overlay/editor.html", "panel", "shared/event-stream.js"]:
            status, text, _ = self.get(page)
            self.assertEqual(status, 200, page)
            self.assertTrue(text.startswith("<!doctype html>") or page.endswith(".js"), page)
        request = urllib.request.Request(
            self.nginx.address + "v1/admin/mode", method="PUT", data=b'{"mode":"cpu"}',
            headers={"Authorization": f"Bearer {ADMINISTRATOR}"})
        urllib.request.urlopen(request, timeout=20, context=self.trust).close()
        for _ in range(6):
            status, text, _ = self.get("v1/admin/workers", token=ADMINISTRATOR)
            self.assertEqual((status, json.loads(text)["mode"]), (200, "cpu"))

    def test_a_gateway_that_is_gone_is_not_asked(self):
        self.gateways[0].kill()
        begin = time.monotonic()
        for _ in range(10):
            self.assertEqual(self.get("is_ready")[0], 200)
            with self.connect(additional_headers={"Authorization": f"Bearer {TOKEN}"}) as socket:
                socket.send(json.dumps(START))
                self.assertEqual(json.loads(socket.recv(timeout=20))["type"], "ready")
        self.assertLess(time.monotonic() - begin, 15)

    def test_a_hundred_sockets_at_once(self):
        def ready(_) -> str:
            socket = sockets.enter_context(self.connect(open_timeout=60, subprotocols=["sori", f"sori.token.{TOKEN}"]))
            socket.send(json.dumps(START))
            return json.loads(socket.recv(timeout=60))["type"]

        with ExitStack() as sockets, ThreadPoolExecutor(100) as threads:
            self.assertEqual(list(threads.map(ready, range(100))), ["ready"] * 100)
            shares = [gateway.metric("sori_sessions") for gateway in self.gateways]
            self.assertEqual(sum(shares), 100)
            self.assertGreater(min(shares), 30, "both gateways are used")

    # MARK: Who comes

    def test_a_client_without_the_token_is_told_so_in_the_socket(self):
        with self.connect() as socket:
            self.assertEqual(json.loads(socket.recv(timeout=20))["code"], "unauthorized")

    def test_what_is_no_handshake_gets_no_socket(self):
        self.assertEqual(self.get("v1/listen")[0], 404)
        for header in ["Sec-WebSocket-Version: 12", "Sec-WebSocket-Key: short"]:
            with self.trust.wrap_socket(socket.create_connection(("127.0.0.1", self.nginx.port)),
                                        server_hostname="localhost") as raw:
                key = "" if "Key" in header else "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                version = "" if "Version" in header else "Sec-WebSocket-Version: 13\r\n"
                raw.sendall(
                    f"GET {self.nginx.path}v1/listen HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n"
                    f"Upgrade: websocket\r\n{key}{version}{header}\r\n\r\n".encode())
                self.assertRegex(raw.recv(4096).decode(), r"\AHTTP/1.1 4\d\d ")

    def test_workers_are_reached_with_their_token(self):
        for kind, path, field in [("cpu", "recognize", "recognizer"), ("detector", "detect", "detector")]:
            with self.subTest(kind):
                status, text, _ = self.get(f"workers/{kind}/is_ready")
                self.assertEqual((status, json.loads(text)["role"]), (200, field))
                headers = {"Authorization": f"Bearer {TOKEN}"}
                with self.connect(f"workers/{kind}/v1/{path}", additional_headers=headers) as socket:
                    self.assertEqual(json.loads(socket.recv(timeout=20))["type"], "hello")
                with self.assertRaises(InvalidStatus) as refused:
                    self.connect(f"workers/{kind}/v1/{path}")
                self.assertEqual(refused.exception.response.status_code, 401)
        self.assertEqual(self.get("workers/gpu/is_ready")[0], 404)

    def test_figures_are_not_for_everybody(self):
        self.assertEqual(self.get("metrics")[0], 404)
        self.assertEqual(get(self.gateways[0].port, "metrics")[0], 200)

    def test_pages_come_with_the_headers_of_both(self):
        status, text, headers = self.get("")
        self.assertEqual(status, 200)
        self.assertIn("<title>", text)
        self.assertIn("max-age", headers["Strict-Transport-Security"])
        self.assertIn("default-src 'none'", headers["Content-Security-Policy"])
        self.assertEqual(headers["Server"], "nginx")

    def test_who_comes_too_often_is_refused_by_nginx(self):
        with Nginx([self.gateways[0].port], "--per-minute", "60", "--connections", "3", is_secure=False) as nginx:
            with ExitStack() as sockets:
                for _ in range(3):
                    socket = sockets.enter_context(connect(f"{nginx.url}?access_token={TOKEN}"))
                    socket.send(json.dumps(START))
                    self.assertEqual(json.loads(socket.recv(timeout=20))["type"], "ready")
                with self.assertRaises(InvalidStatus) as refused:
                    connect(nginx.url)
                self.assertEqual(refused.exception.response.status_code, 429)
            statuses = []
            for _ in range(40):
                try:
                    connect(nginx.url).close()
                    statuses.append(101)
                except InvalidStatus as error:
                    statuses.append(error.response.status_code)
            self.assertEqual(set(statuses[-10:]), {429})

    def test_gateways_learn_whom_nginx_serves(self):
        """The limit of an address is that of the client, not of nginx; what the client says of itself does not count."""
        environment = {**self.gateways[0].environment, "SORI_LIMITS_HANDSHAKES": "5"}
        with Gateway([self.recognizer.address], [self.detector.address], environment=environment) as gateway, \
                Nginx([gateway.port], is_secure=False) as nginx:
            with self.assertRaises(InvalidStatus) as refused:
                for number in range(12):
                    # Another address than that of nginx, as clients have.
                    connect(nginx.url, additional_headers={"X-Forwarded-For": f"198.51.100.{number}"},
                            source_address=("127.0.0.2", 0)).close()
            self.assertEqual(refused.exception.response.status_code, 429)
            self.assertEqual(gateway.metric("sori_handshakes_refused_total"), 1)

    # MARK: Slow clients

    def test_who_asks_slowly_is_cut_off(self):
        with socket.create_connection(("127.0.0.1", self.nginx.port), timeout=60) as plain, \
                self.trust.wrap_socket(plain, server_hostname="localhost") as slow:
            begin = time.monotonic()
            slow.sendall(f"GET {self.nginx.path} HTTP/1.1\r\nHost: localhost\r\n".encode())
            ended = threading.Event()

            def drip():
                while not ended.wait(1):
                    try:
                        slow.sendall(b"X: a\r\n")
                    except OSError:
                        return

            dripping = threading.Thread(target=drip)
            dripping.start()
            try:
                answer = slow.recv(4096)
            except OSError:
                answer = b""
            ended.set()
            dripping.join()
            self.assertLess(time.monotonic() - begin, 30)
            self.assertNotIn(b" 200 ", answer)

    def test_who_reads_nothing_holds_up_nobody(self):
        with self.connect(additional_headers={"Authorization": f"Bearer {TOKEN}"}) as lazy:
            lazy.send(json.dumps(START))
            self.assertEqual(self.transcript(self.play("--fast")), self.undisturbed)

    # MARK: Logs

    def test_no_token_is_written_down(self):
        for url in [f"v1/listen?access_token={TOKEN}", f"v1/sessions/none/events?access_token={TOKEN}"]:
            self.get(url)
            with self.connect(url.replace("sessions/none/events", "listen"),
                              additional_headers={"Referer": f"https://page.example/?access_token={TOKEN}"}):
                pass
        # Also not when things go wrong, of which nginx has much to say otherwise.
        for gateway in self.gateways:
            gateway.kill()
        self.assertEqual(self.get(f"is_ready?access_token={TOKEN}")[0], 502)
        self.get(f"{'a' * 9_000}?access_token={TOKEN}")
        wait_until(lambda: " 502 " in self.nginx.logs, "the log is written")
        self.assertNotIn(TOKEN, self.nginx.logs)
        self.assertNotIn("access_token", self.nginx.logs)


if __name__ == "__main__":
    unittest.main()
