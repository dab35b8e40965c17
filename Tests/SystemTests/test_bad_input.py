"""What a server does with clients that are wrong, greedy, silent or gone; and that others do not notice."""

import contextlib
import json
import subprocess
import sys
import time
import unittest
from array import array

from support.raw_socket import RawSocket
from support.recording import OPENING, OPENING_TEXT, speech
from support.sori import LISTEN, Server
from support.words import error_rate
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

START = {"type": "start", "version": 1}
AT_48_KHZ = {**START, "language": "en", "audio": {"encoding": "pcm_s16le", "sampleRate": 48_000, "channels": 1}}


class Client:
    """A client that sends anything."""

    def __init__(self, server: Server):
        self.socket: ClientConnection = connect(f"ws://127.0.0.1:{server.port}/v1/listen", max_size=None)

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, *messages: dict | str | bytes) -> "Client":
        for message in messages:
            self.socket.send(json.dumps(message) if isinstance(message, dict) else message)
        return self

    def speak(self, seconds: float) -> "Client":
        """Sends spoken sound at once, to a session that was started with `AT_48_KHZ`."""
        sound = speech(seconds)
        return self.send(*(sound[start : start + 96_000] for start in range(0, len(sound), 96_000)))

    def speak_until(self, kind: str) -> None:
        """Sends spoken sound about as fast as people speak, until a message of a type comes."""
        sound = speech(30)
        for start in range(0, len(sound), 48_000):
            self.send(sound[start : start + 48_000])
            with contextlib.suppress(TimeoutError):
                while json.loads(self.socket.recv(timeout=0.4))["type"] != kind:
                    pass
                return
        raise AssertionError(f"no {kind} came")

    def receive(self, kind: str) -> dict:
        """The next message of a type."""
        while (message := json.loads(self.socket.recv(timeout=120)))["type"] != kind:
            pass
        return message

    def end(self) -> tuple[str | None, int]:
        """The code of the fatal error, and the status that the connection is closed with."""
        error = None
        try:
            while True:
                message = json.loads(self.socket.recv(timeout=120))
                if message["type"] == "error" and message["fatal"]:
                    error = message["code"]
                    assert "\n" not in message["message"]
        except ConnectionClosed as closed:
            return error, closed.rcvd.code if closed.rcvd else 1006


class BadInputTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(Server())

    def client(self) -> Client:
        return self.enterContext(Client(self.server))

    def ready_client(self, start: dict = START) -> Client:
        client = self.client().send(start)
        client.receive("ready")
        return client

    def test_a_first_message_that_is_no_start(self):
        for first in [
            {"type": "finish"}, {"type": "configure", "language": "ko"}, {"type": "hello"}, "no JSON", "[]", "{", "",
            {"version": 1}, {"type": "start"}, {"type": "start", "version": 2}, {"type": "start", "version": "1"},
            {**START, "language": "klingon"}, {**START, "language": 5}, {**START, "policy": "best"},
            {**START, "prompt": "x" * 3000}, "[" * 50_000, bytes(640),
        ]:
            with self.subTest(str(first)[:50]):
                self.assertEqual(self.client().send(first).end(), ("bad_start", 1007))

    def test_audio_of_another_kind(self):
        for audio in [
            {"encoding": "mp3", "sampleRate": 16_000, "channels": 1},
            {"encoding": "pcm_s16le", "sampleRate": 7_999, "channels": 1},
            {"encoding": "pcm_s16le", "sampleRate": 48_001, "channels": 1},
            {"encoding": "pcm_s16le", "sampleRate": 16_000, "channels": 3},
            {"encoding": "pcm_s16le", "sampleRate": 16_000, "channels": 0},
        ]:
            with self.subTest(audio):
                self.assertEqual(self.client().send({**START, "audio": audio}).end(), ("unsupported_audio", 1007))

    def test_frames_with_a_part_of_a_sample(self):
        self.assertEqual(self.ready_client().send(bytes(641)).end(), ("unsupported_audio", 1007))

    def test_later_messages_that_are_wrong_change_nothing(self):
        client = self.ready_client()
        for message in [
            START, {"type": "hello"}, "no JSON", {"type": "configure", "language": []},
            {"type": "configure", "policy": "best"},
        ]:
            with self.subTest(message):
                error = client.send(message).receive("error")
                self.assertEqual((error["code"], error["fatal"]), ("bad_message", False))
        self.assertEqual(client.send(bytes(32_000), {"type": "finish"}).receive("finished")["samples"], 16_000)
        self.assertEqual(client.end(), (None, 1000))

    def test_samples_that_are_not_numbers_are_silence(self):
        client = self.ready_client({**START, "audio": {"encoding": "pcm_f32le", "sampleRate": 16_000, "channels": 1}})
        client.send(b"\xff\xff\xff\x7f" * 16_000)
        self.assertEqual(client.receive("notice")["code"], "bad_samples")
        self.assertEqual(client.send({"type": "finish"}).receive("finished")["samples"], 16_000)

    def test_frames_that_are_too_large(self):
        for message in [bytes(1 << 20), "x" * (1 << 20)]:
            with self.subTest(type(message)):
                self.assertEqual(self.ready_client().send(message).end(), ("message_too_large", 1009))

    def test_sound_faster_than_it_can_be_heard(self):
        client = self.ready_client(AT_48_KHZ)
        try:
            client.speak(180)
        except ConnectionClosed:
            pass
        self.assertEqual(client.end(), ("audio_too_fast", 1008))

    def test_a_session_that_nobody_has(self):
        for proof in [{"session": "none", "resumeToken": "x"}, {"session": "none"}]:
            with self.subTest(proof):
                self.assertEqual(self.client().send({**START, **proof}).end(), ("session_not_found", 1008))
        with self.subTest("wrong token"):
            ready = self.client().send(START).receive("ready")
            stolen = {**START, "session": ready["session"], "resumeToken": "guessed"}
            self.assertEqual(self.client().send(stolen).end(), ("session_not_found", 1008))

    def test_channels_that_cancel_each_other_are_heard(self):
        """One channel upside down: the mean of both is silent."""
        stereo = {**AT_48_KHZ, "audio": {**AT_48_KHZ["audio"], "channels": 2}}
        client = self.ready_client(stereo)
        left = array("h", speech(6))
        sound = array("h", (value for sample in left for value in (sample, min(-sample, 32_767))))
        client.send(*(sound[start : start + 48_000].tobytes() for start in range(0, len(sound), 48_000)))
        client.send({"type": "finish"})
        notices, texts = [], []
        while (message := json.loads(client.socket.recv(timeout=120)))["type"] != "finished":
            if message["type"] == "notice":
                notices.append(message["code"])
            if message["type"] == "final":
                texts.append(message["text"])
        self.assertEqual(notices.count("channels_cancel"), 1)
        self.assertIn("best of times", " ".join(texts))

    def test_a_session_that_is_taken_over_lets_the_first_connection_go(self):
        first = self.client().send(START)
        ready = first.receive("ready")
        first.send(bytes(3200))
        second = self.client().send(
            {**START, "session": ready["session"], "resumeToken": ready["resumeToken"]})
        self.assertLessEqual(second.receive("ready")["resumeAt"], 1600)
        self.assertNotEqual(first.end()[1], 1000)
        second.send({"type": "finish"}).receive("finished")

    def test_an_hour_of_silence_takes_no_memory(self):
        client = self.ready_client({**START, "audio": {"encoding": "pcm_mulaw", "sampleRate": 8000, "channels": 1}})
        silence, sent = b"\xff" * 8000, 0
        before = self.server.resident
        while sent < 3600:
            for _ in range(30):
                client.send(silence)
            sent += 30
            while client.receive("ack")["samples"] < (sent - 20) * 8000:
                pass
        self.assertLess(self.server.resident - before, 50 << 20)
        self.assertEqual(client.send({"type": "finish"}).receive("finished")["samples"], sent * 8000)

    def test_others_notice_nothing(self):
        """While a recording is captioned in real time, clients of every bad kind come and go."""
        listen = [sys.executable, LISTEN, f"ws://127.0.0.1:{self.server.port}/v1/listen", OPENING, "--language", "en"]
        # The engine keeps what it lays out for windows of new lengths.
        subprocess.run([*listen, "--speed", "2"], stdout=subprocess.DEVNULL, check=True)
        before = self.server.resident
        honest = subprocess.Popen([*listen, "--text"], stdout=subprocess.PIPE, text=True)
        never_read = [RawSocket(self.server.port) for _ in range(5)]
        for client in never_read:
            client.send(json.dumps(START))
        while honest.poll() is None:
            for vanishing in [RawSocket(self.server.port) for _ in range(10)]:
                vanishing.send(json.dumps(START))
                vanishing.send(bytes(6400))
                vanishing.send("no JSON")
                vanishing.vanish()
            for client in never_read:
                client.complain(1000)
            time.sleep(0.5)
        text, _ = honest.communicate()
        self.assertEqual(honest.returncode, 0)
        self.assertLess(error_rate(OPENING_TEXT, text), 0.2)
        # The sessions of those who vanished are kept for their return.
        self.assertLess(self.server.resident - before, 300 << 20)
        for client in never_read:
            client.vanish()


class ImpatientServerTests(unittest.TestCase):
    def test_a_client_that_says_nothing_is_let_go(self):
        with Server(environment={"SORI_SESSIONS_IDLE": "2"}) as server:
            with Client(server) as client:
                self.assertEqual(client.end(), ("idle_timeout", 1008))
            with Client(server) as client:
                client.send(START).receive("ready")
                self.assertEqual(client.end(), ("idle_timeout", 1008))

    def test_a_client_that_never_answers_pings_is_cut_off(self):
        with Server() as server:
            client = RawSocket(server.port)
            client.send(json.dumps(START))
            start = time.monotonic()
            client.read_to_end()
            self.assertLess(time.monotonic() - start, 120)

    def test_a_full_server_says_when_to_come_back(self):
        with Server(environment={"SORI_SESSIONS_MAX": "1"}) as server, Client(server) as first:
            first.send(START).receive("ready")
            with Client(server) as second:
                error = second.send(START).receive("error")
                self.assertEqual((error["code"], error["fatal"]), ("too_many_sessions", True))
                self.assertGreater(error["retryAfter"], 0)
                self.assertEqual(second.end()[1], 1013)
            first.send({"type": "finish"}).receive("finished")

    def test_who_is_here_goes_before_who_left(self):
        with Server(environment={"SORI_SESSIONS_MAX": "1"}) as server:
            gone = Client(server)
            left = gone.send(START).receive("ready")
            with Client(server) as second:
                self.assertEqual(second.send(START).receive("error")["code"], "too_many_sessions")
            gone.socket.close()
            with Client(server) as third:
                third.send(START).receive("ready")
                with Client(server) as late:
                    late.send({**START, "session": left["session"], "resumeToken": left["resumeToken"]})
                    self.assertEqual(late.end(), ("session_not_found", 1008))
                third.send({"type": "finish"}).receive("finished")

    def test_a_busy_server_takes_nobody_else_until_it_has_time(self):
        # No machine makes windows a hundredth of a second apart; two are let in nevertheless.
        with Server(environment={"SORI_SESSIONS_MAX_HOP": "0.01"}) as server:
            with Client(server) as first, Client(server) as second:
                clients = (first, second)
                for client in clients:
                    client.send(START).receive("ready")
                with Client(server) as third:
                    error = third.send(START).receive("error")
                    self.assertEqual((error["code"], error["fatal"]), ("too_many_sessions", True))
                    self.assertIn("busy", error["message"])
                    self.assertGreater(error["retryAfter"], 0)
                self.assertEqual(server.status("is_ready"), 503)
                for client in clients:
                    client.send({"type": "finish"}).receive("finished")
            with Client(server) as late:
                late.send(START).receive("ready")
                self.assertEqual(server.status("is_ready"), 200)
