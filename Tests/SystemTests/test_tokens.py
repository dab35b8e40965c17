"""Tokens of people: made by the command, shown in three places, limited, and revoked while they are used."""

import json
import re
import subprocess
import tempfile
import unittest
import urllib.error
import urllib.request
from pathlib import Path

from support.chromium import chromium
from support.sori import COMMAND, Server
from test_bad_input import START
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect


class TokenTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.file = cls.folder / "tokens.json"
        cls.speaker = cls.make("speak", "--sessions", "1", "--note", "Haneul")
        cls.server = cls.enterClassContext(Server("--tokens", str(cls.file)))

    @classmethod
    def token(cls, *arguments: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [COMMAND, "token", *arguments, "--tokens", cls.file], capture_output=True, text=True, timeout=60)

    @classmethod
    def make(cls, permission: str, *options: str) -> str:
        made = cls.token("add", "--permission", permission, *options)
        assert made.returncode == 0 and re.fullmatch(r"sori_[a-z0-9]{8}_[\w-]{43}\n", made.stdout), made
        return made.stdout.strip()

    def url(self, query: str = "") -> str:
        return f"ws://127.0.0.1:{self.server.port}/v1/listen{query}"

    def first(self, socket) -> dict:
        try:
            socket.send(json.dumps(START))
        except ConnectionClosed:
            pass  # It was refused before; what was said is still to be read.
        return json.loads(socket.recv(timeout=30))

    def events(self, session: str, token: str | None, by: str = "sessions") -> int:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.server.port}/v1/{by}/{session}/events", headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code

    def test_a_speaker_comes_in_by_header_subprotocol_and_query_and_nobody_else_does(self):
        token = self.make("speak")
        ways = [
            (self.url(), {"additional_headers": {"Authorization": f"Bearer {token}"}}),
            (self.url(), {"subprotocols": ["sori", f"sori.token.{token}"]}),
            (self.url(f"?access_token={token}"), {}),
        ]
        for url, options in ways:
            with self.subTest(options), connect(url, **options) as socket:
                self.assertEqual(self.first(socket)["type"], "ready")
                self.assertEqual(socket.subprotocol, "sori" if "subprotocols" in options else None)
        for wrong in ["", "guessed", token[:-1], self.make("watch"), self.make("administer")]:
            with self.subTest(wrong), connect(self.url(f"?access_token={wrong}")) as socket:
                refused = self.first(socket)
                self.assertEqual((refused["type"], refused["code"]), ("error", "unauthorized"))
                self.assertNotIn(token[14:], refused["message"])

    def test_a_token_for_watching_shows_its_session_alone(self):
        speaker = self.make("speak")
        with connect(self.url(f"?access_token={speaker}")) as one, connect(self.url(f"?access_token={speaker}")) as other:
            mine, yours = self.first(one)["session"], self.first(other)["session"]
            token = self.make("watch", "--session", mine)
            self.assertEqual(self.events(mine, token), 200)
            self.assertEqual(self.events(yours, token), 401)
            self.assertEqual(self.events(mine, None), 401)

    def test_a_token_with_a_name_names_its_sessions_and_another_follows_them(self):
        with connect(self.url(f"?access_token={self.make('speak', '--session', 'haneul')}")) as speaker:
            ready = self.first(speaker)
            self.assertEqual((ready["name"], ready["session"].split(".")[0]), ("haneul", "haneul"))
            for session, expected in [("haneul", 200), ("another", 401)]:
                token = self.make("watch", "--session", session)
                self.assertEqual(self.events("haneul", token, by="names"), expected)
            self.assertEqual(self.events("haneul", None, by="names"), 401)

    def test_one_more_session_than_a_token_has_is_refused(self):
        url = self.url(f"?access_token={self.speaker}")
        with connect(url) as one:
            self.assertEqual(self.first(one)["type"], "ready")
            with connect(url) as other:
                refused = self.first(other)
                self.assertEqual(refused["code"], "too_many_sessions")
                self.assertIn("1 sessions", refused["message"])
        # It was lost, not ended, and gives way.
        with connect(url) as again:
            self.assertEqual(self.first(again)["type"], "ready")

    def test_a_token_that_is_revoked_ends_what_it_has_opened(self):
        token = self.make("speak")
        with connect(self.url(f"?access_token={token}")) as socket:
            self.assertEqual(self.first(socket)["type"], "ready")
            self.assertEqual(self.token("revoke", token).returncode, 0)
            with self.assertRaises(ConnectionClosed) as closed:
                while True:
                    last = json.loads(socket.recv(timeout=30))
            self.assertEqual((last["code"], closed.exception.rcvd.code), ("unauthorized", 1008))

    def test_a_page_shows_its_token_without_writing_it_into_an_address(self):
        token = self.make("speak")
        with chromium() as browser:
            browser.get(f"http://127.0.0.1:{self.server.port}/")
            result = browser.execute_async_script("""
                const [token, done] = arguments;
                import("/shared/addresses.js").then(({ authorized, socketAddress }) => {
                    const socket = new WebSocket(...authorized(socketAddress("v1/listen"), token));
                    socket.onopen = () => socket.send(JSON.stringify({ type: "start", version: 1 }));
                    socket.onmessage = ({ data }) => done([JSON.parse(data).type, socket.protocol, socket.url]);
                    socket.onerror = () => done(["failed", ""]);
                });
                """, token)
        self.assertEqual(result[:2], ["ready", "sori"])
        self.assertNotIn(token, result[2])

    def test_the_command_lists_without_secrets_and_tells_mistakes_in_one_line(self):
        token = self.make("watch", "--session", "abc", "--days", "2", "--note", "overlay")
        listed = self.token("list")
        line = next(line for line in listed.stdout.splitlines() if token.split("_")[1] in line)
        for part in ["watch", "session abc", "overlay", "until"]:
            self.assertIn(part, line)
        self.assertNotIn(token.split("_", 2)[2], listed.stdout + self.file.read_text())
        self.assertEqual(self.file.stat().st_mode & 0o777, 0o600)
        for mistake in [
            ["revoke", "nobody"], ["add", "--permission", "fly"], ["add"], ["add", "--permission", "speak", "--session", "x.y"], ["add", "--permission", "administer", "--session", "x"],
            ["add", "--permission", "watch", "--sessions", "2"], ["add", "--permission", "speak", "--days", "0"],
        ]:
            with self.subTest(mistake):
                ended = self.token(*mistake)
                self.assertNotEqual(ended.returncode, 0)
                self.assertEqual((ended.stdout, len(ended.stderr.splitlines())), ("", 1), ended.stderr)
        for content in ["", "{}", "no JSON"]:
            other = self.folder / "other.json"
            other.write_text(content)
            ended = subprocess.run(
                [COMMAND, "serve", "--port", "0", "--tokens", other], capture_output=True, text=True, timeout=60)
            self.assertEqual((ended.returncode, len(ended.stderr.splitlines())), (1, 1), ended.stderr)
