"""What a server answers beside its WebSocket: health, figures, a session's events for onlookers, pages; and its settings."""

import contextlib
import json
import socket
import subprocess
import tempfile
import unittest
import urllib.error
import urllib.request
from pathlib import Path

from support.sori import COMMAND, Server
from test_bad_input import AT_48_KHZ, START, Client
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect


def get(server: Server, path: str, **headers: str):
    request = urllib.request.Request(f"http://127.0.0.1:{server.port}/{path}", headers=headers)
    return urllib.request.urlopen(request, timeout=30)


class HTTPTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(Server())

    def test_health(self):
        self.assertEqual(self.server.status("is_ready"), 200)
        self.assertEqual(self.server.status("health/live"), 200)
        self.assertEqual(self.server.status("no/such/page"), 404)
        for outside in ["../../etc/passwd", "%2e%2e/%2e%2e/Package.swift", "shared/../../Package.swift"]:
            self.assertIn(self.server.status(outside), (400, 404))

    def test_figures_count_what_happens(self):
        def opened() -> float:
            lines = get(self.server, "metrics").read().decode().splitlines()
            return sum(float(line.split()[1]) for line in lines if line.startswith("sori_sessions_opened_total "))

        before = opened()
        with Client(self.server) as client:
            client.send(START, {"type": "finish"}).receive("finished")
        self.assertEqual(opened(), before + 1)

    def test_the_page_is_there(self):
        with get(self.server, "") as page:
            self.assertIn("text/html", page.headers["Content-Type"])
            self.assertIn(b"start-stop", page.read())

    def events(self, session: str, **headers: str) -> list[tuple[str | None, dict]]:
        """All events of a session until its end, with their ids."""
        events, name = [], None
        with get(self.server, f"v1/sessions/{session}/events", **headers) as stream:
            self.assertEqual(stream.headers["Content-Type"], "text/event-stream")
            for line in map(bytes.decode, stream):
                if line.startswith("id: "):
                    name = line[4:].strip()
                elif line.startswith("data: "):
                    events.append((name, json.loads(line[6:])))
                    name = None
        return events

    def test_onlookers_read_along(self):
        with Client(self.server) as client:
            session = client.send(AT_48_KHZ).receive("ready")["session"]
            first = client.speak(12).receive("final")
            client.send({"type": "finish"})
            everything = self.events(session)
            kinds = [event["type"] for _, event in everything]
            self.assertEqual(kinds[-1], "finished")
            self.assertNotIn("ack", kinds)
            self.assertNotIn("ready", kinds)
            finals = [(name, event["text"]) for name, event in everything if event["type"] == "final"]
            self.assertEqual(finals[0], (str(first["utterance"]), first["text"]))

    def test_onlookers_who_come_back_hear_what_they_missed(self):
        with Client(self.server) as client:
            session = client.send(AT_48_KHZ).receive("ready")["session"]
            first = client.speak(20).receive("final")["utterance"]
            client.receive("final")
            client.send({"type": "finish"})
            later = self.events(session, **{"Last-Event-ID": str(first)})
            utterances = [event["utterance"] for _, event in later if event["type"] == "final"]
            self.assertEqual(utterances[0], first + 1)

    def test_a_session_that_is_not_there_is_404(self):
        self.assertEqual(self.server.status("v1/sessions/nobody/events"), 404)


def answers(host: str, port: int) -> bool:
    """Whether a server says at an address that it is ready."""
    try:
        with urllib.request.urlopen(f"http://{host}:{port}/is_ready", timeout=30) as answer:
            return answer.status == 200
    except urllib.error.URLError:
        return False


def has_ipv6() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


class AddressTests(unittest.TestCase):
    def refused(self, *options: str) -> str:
        """What a server says that cannot listen: one line."""
        ended = subprocess.run([COMMAND, "serve", *options], capture_output=True, text=True, timeout=60)
        self.assertEqual((ended.returncode, ended.stdout), (1, ""))
        self.assertEqual(len(ended.stderr.splitlines()), 1, ended.stderr)
        return ended.stderr

    @unittest.skipUnless(has_ipv6(), "this machine has no IPv6")
    def test_localhost_is_both_loopback_addresses(self):
        for options, both in [
            ([], True), (["--host", "localhost"], True), (["--host", "127.0.0.1"], False),
            (["--host", "::", "--open"], True),
        ]:
            with self.subTest(options), Server(*options) as server:
                self.assertTrue(answers("127.0.0.1", server.port))
                self.assertEqual(answers("[::1]", server.port), both)

    @unittest.skipUnless(has_ipv6(), "this machine has no IPv6")
    def test_ipv6_alone_with_and_without_brackets(self):
        for host in ["::1", "[::1]"]:
            with self.subTest(host), Server("--host", host) as server:
                self.assertTrue(answers("[::1]", server.port))
                self.assertFalse(answers("127.0.0.1", server.port))

    @unittest.skipUnless(has_ipv6(), "this machine has no IPv6")
    def test_a_page_from_ipv6_is_the_servers_own(self):
        with Server() as server:
            address = f"[::1]:{server.port}"
            with connect(f"ws://{address}/v1/listen", origin=f"http://{address}") as socket:
                socket.send(json.dumps(START))
                self.assertEqual(json.loads(socket.recv(timeout=30))["type"], "ready")
            with connect(f"ws://{address}/v1/listen", origin="http://[::2]") as socket:
                self.assertEqual(json.loads(socket.recv(timeout=30))["code"], "origin_not_allowed")

    def test_a_page_whose_name_leads_here_is_the_servers_own_only_if_the_name_is_known(self):
        def first(server: Server, name: str) -> dict:
            sock = socket.create_connection(("127.0.0.1", server.port))
            address = f"{name}:{server.port}"
            with connect(f"ws://{address}/v1/listen", sock=sock, origin=f"http://{address}") as client:
                # Who is refused may hear so before.
                with contextlib.suppress(ConnectionClosed):
                    client.send(json.dumps(START))
                return json.loads(client.recv(timeout=30))

        with Server(environment={"SORI_HOSTS": "captions.example.org"}) as server:
            self.assertEqual(first(server, "rebound.example.com")["code"], "origin_not_allowed")
            for name in ["captions.example.org", "Captions.Example.Org", "localhost", "127.0.0.1"]:
                self.assertEqual(first(server, name)["type"], "ready")

    def test_an_address_that_cannot_be_had_is_told_in_one_line(self):
        for host in ["192.0.2.1", "no.such.name.invalid", "[::1", "2001:db8::1"]:
            with self.subTest(host):
                self.assertIn("--host", self.refused("--host", host, "--port", "0", "--open"))

    def test_beyond_this_machine_only_with_a_token_or_when_told_so(self):
        for host in ["0.0.0.0", "::", "192.0.2.1"]:
            with self.subTest(host):
                said = self.refused("--host", host, "--port", "0")
                for remedy in ["SORI_TOKEN", "--tokens", "--open", "other machines"]:
                    self.assertIn(remedy, said)
        worker = subprocess.run(
            [COMMAND, "worker", "--role", "detector", "--host", "0.0.0.0"], capture_output=True, text=True, timeout=60)
        self.assertEqual((worker.returncode, worker.stdout), (1, ""))
        self.assertIn("--open", worker.stderr)
        with Server("--host", "0.0.0.0", environment={"SORI_TOKEN": "secret"}) as server:
            self.assertEqual(server.status("is_ready"), 200)
            # It cannot know by which names others reach it.
            request = urllib.request.Request(f"http://127.0.0.1:{server.port}/is_ready", headers={"Host": "studio.lan"})
            with urllib.request.urlopen(request, timeout=20) as answer:
                self.assertEqual(answer.status, 200)

    def test_a_port_that_is_taken_is_told_in_one_line(self):
        families = [("127.0.0.1", socket.AF_INET)] + ([("::1", socket.AF_INET6)] if has_ipv6() else [])
        for host, family in families:
            with self.subTest(host), socket.create_server((host, 0), family=family) as other:
                self.assertIn("--port", self.refused("--port", str(other.getsockname()[1])))


class SettingsTests(unittest.TestCase):
    def config(self, **environment: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [COMMAND, "config"], capture_output=True, text=True, env={"PATH": "/usr/bin:/bin", **environment})

    def test_each_setting_comes_with_its_source(self):
        shown = self.config(SORI_PORT="9000")
        self.assertEqual(shown.returncode, 0)
        line = next(line for line in shown.stdout.splitlines() if line.startswith("port"))
        self.assertIn("9000", line)
        self.assertIn("environment", line)

    def test_a_value_that_cannot_be_read_is_an_error_in_one_line(self):
        for name, value in [("SORI_PORT", "abc"), ("SORI_CAPTIONS_SILENCE", "-1"), ("SORI_CAPTIONS_POLICY", "best"),
                            ("SORI_CAPTIONS_LANGUAGE", "klingon"), ("SORI_CAPTIONS_LANGUAGES", "ko,xx"),
                            ("SORI_SESSIONS_GAP", "61")]:
            with self.subTest(name):
                shown = self.config(**{name: value})
                self.assertNotEqual(shown.returncode, 0)
                self.assertEqual(len(shown.stderr.strip().splitlines()), 1)
                self.assertIn(value, shown.stderr)

    def test_a_file_with_a_key_that_is_no_setting_is_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "sori.yaml"

            def config(text: str) -> subprocess.CompletedProcess:
                file.write_text(text)
                return subprocess.run([COMMAND, "config", "--config", str(file)], capture_output=True, text=True)

            good = config("port: 9000\ncaptions:\n  silence: 0.8\n  languages: [ko, en]\norigins: []\n")
            self.assertEqual((good.returncode, good.stderr), (0, ""))
            self.assertIn("9000", good.stdout)
            for text in ["captions:\n  silense: 0.8\n", "prot: 9000\n", "captions:\n  silence:\n    long: 1\n"]:
                with self.subTest(text):
                    bad = config(text)
                    self.assertNotEqual(bad.returncode, 0)
                    self.assertIn("is no setting", bad.stderr)
                    self.assertEqual(len(bad.stderr.strip().splitlines()), 1)

    def test_the_document_of_all_settings_is_what_the_command_writes(self):
        written = subprocess.run(
            [COMMAND, "config", "--markdown"], capture_output=True, text=True, check=True,
            env={"PATH": "/usr/bin:/bin", "SORI_PORT": "9000"}).stdout
        self.assertEqual(written, (Path(__file__).parents[2] / "docs" / "settings.md").read_text())

    def test_a_token_is_asked_for_and_not_shown(self):
        self.assertNotIn("secret-word", self.config(SORI_TOKEN="secret-word").stdout)

    def test_a_profile_changes_defaults_and_nothing_that_is_said(self):
        def values(**environment: str) -> dict[str, str]:
            return {line.split()[0]: line.split()[1] for line in self.config(**environment).stdout.splitlines()}

        low = values(SORI_PROFILE="low", SORI_CAPTIONS_WINDOW="8")
        self.assertEqual((low["lanes"], low["captions.hop"], low["captions.window"]), ("1", "1.0", "8.0"))
        self.assertNotEqual(values()["captions.hop"], low["captions.hop"])
        self.assertIn("standard, low", self.config(SORI_PROFILE="tiny").stderr)
        with Server(environment={"SORI_TOKEN": "secret-word"}) as server, Client(server) as client:
            self.assertEqual(client.end(), ("unauthorized", 1008))
