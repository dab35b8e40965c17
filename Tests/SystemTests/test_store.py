"""Two gateways that share a Redis: a client goes on at the other one with the same transcript, whatever is killed."""

import json
import signal
import unittest
import urllib.request
from contextlib import ExitStack

from support.cluster import Gateway, Worker, get, wait_until
from support.listener import start, transcript
from support.recording import RECORDING
from support.redis import Redis


class StoreTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.recognizer = cls.enterClassContext(Worker("recognizer", "--device", "cpu"))
        cls.detector = cls.enterClassContext(Worker("detector", "--device", "cpu"))
        cls.redis = cls.enterClassContext(Redis())
        cls.gateways = [cls.enterClassContext(cls.gateway(cls.redis.url)) for _ in "12"]
        for process in [cls.recognizer, cls.detector, *cls.gateways]:
            process.wait_until_ready()
        cls.undisturbed = transcript(start(cls.gateways[:1], "--fast"))

    @classmethod
    def gateway(cls, redis: str) -> Gateway:
        return Gateway([cls.recognizer.address], [cls.detector.address], environment={"SORI_REDIS": redis})

    def tearDown(self):
        if self.redis.process.poll() is not None:
            self.redis.start()
        for gateway in self.gateways:
            if gateway.process.poll() is not None:
                gateway.start()
            gateway.wait_until_ready()

    def setUp(self):
        self.taken = self.gateways[1].metric("sori_sessions_taken_over_total")

    def wait_for_finals(self, gateway: Gateway, count: int):
        aim = gateway.metric("sori_finals_total") + count
        wait_until(lambda: gateway.metric("sori_finals_total") >= aim, f"{count} finals")

    def test_a_client_that_is_cut_goes_on_at_the_other_gateway(self):
        for seed in ["3", "8"]:
            session = start(self.gateways, "--speed", "2", "--cuts", "6", "--seed", seed)
            self.assertEqual(transcript(session), self.undisturbed)
        taken = sum(gateway.metric("sori_sessions_taken_over_total") for gateway in self.gateways)
        self.assertGreater(taken, 2)
        self.assertEqual(self.redis.command("KEYS", "sori:1:session:*"), "")

    def test_a_gateway_that_is_killed_loses_nothing(self):
        session = start(self.gateways, "--speed", "1")
        self.wait_for_finals(self.gateways[0], 1)
        self.gateways[0].kill()
        self.assertEqual(transcript(session), self.undisturbed)

    def test_a_gateway_that_is_stopped_hands_its_sessions_over(self):
        session = start(self.gateways, "--speed", "1")
        self.wait_for_finals(self.gateways[0], 1)
        self.gateways[0].kill(signal.SIGTERM)
        self.assertEqual(self.gateways[0].process.wait(20), 0)
        self.assertEqual(transcript(session), self.undisturbed)
        self.assertEqual(self.gateways[1].metric("sori_sessions_taken_over_total"), self.taken + 1)

    def test_a_redis_that_loses_everything_is_filled_again(self):
        session = start(self.gateways, "--speed", "1")
        self.wait_for_finals(self.gateways[0], 1)
        self.redis.kill()
        wait_until(lambda: self.gateways[0].metric("sori_store_degraded") == 1, "the gateway notices")
        self.redis.start()
        wait_until(lambda: self.gateways[0].metric("sori_store_degraded") == 0, "the gateway is back")
        wait_until(lambda: self.redis.command("KEYS", "sori:1:session:*") != "", "the session is stored again")
        self.gateways[0].kill()
        self.assertEqual(transcript(session), self.undisturbed)

    def test_a_redis_that_stands_still_or_takes_nothing_holds_nobody_up(self):
        troubles = {
            "stands still": (lambda: self.redis.kill(signal.SIGSTOP), lambda: self.redis.kill(signal.SIGCONT)),
            "is full": (
                lambda: self.redis.command("CONFIG", "SET", "maxmemory", "1"),
                lambda: self.redis.command("CONFIG", "SET", "maxmemory", "0")),
            "is read-only": (
                lambda: self.redis.command("REPLICAOF", "127.0.0.1", "1"),
                lambda: self.redis.command("REPLICAOF", "NO", "ONE")),
        }
        undisturbed = transcript(start(self.gateways[:1], "--fast", recording=RECORDING))
        degraded = lambda: self.gateways[0].metric("sori_store_degraded")
        for name, (begin, end) in troubles.items():
            with self.subTest(name):
                session = start(self.gateways, "--speed", "2", recording=RECORDING)
                self.wait_for_finals(self.gateways[0], 1)
                begin()
                try:
                    wait_until(lambda: degraded() == 1, "the gateway notices")
                    self.wait_for_finals(self.gateways[0], 1)
                finally:
                    end()
                wait_until(lambda: degraded() == 0, "the gateway is back")
                # What was kept in memory meanwhile is stored: the other gateway can go on with it.
                wait_until(lambda: self.redis.command("KEYS", "sori:1:session:*") != "", "the session is stored again")
                self.gateways[0].kill()
                text = transcript(session)
                self.gateways[0].start()
                self.gateways[0].wait_until_ready()
                self.assertEqual(text, undisturbed)

    def test_somebody_elses_data_under_our_keys_is_left_alone_and_told(self):
        self.redis.command("RPUSH", "sori:1:session:abc", "not", "ours")
        try:
            with Gateway(
                [self.recognizer.address], [self.detector.address], environment={"SORI_REDIS": self.redis.url}
            ) as gateway:
                gateway.wait_until_ready()
                code, text = get(gateway.port, "v1/sessions/abc/events")
                self.assertIn(code, (404, 503), text)
                self.assertEqual(transcript(start([gateway], "--fast")), self.undisturbed)
            self.assertEqual(self.redis.command("LRANGE", "sori:1:session:abc", "0", "-1"), "not\nours")
        finally:
            self.redis.command("DEL", "sori:1:session:abc")

    def test_onlookers_of_the_other_gateway_see_the_session(self):
        session = start(self.gateways[:1], "--speed", "1")
        wait_until(lambda: self.redis.command("KEYS", "sori:1:session:*") != "", "the session is stored")
        name = self.redis.command("KEYS", "sori:1:session:*").removeprefix("sori:1:session:")
        url = f"http://127.0.0.1:{self.gateways[1].port}/v1/sessions/{name}/events"
        with urllib.request.urlopen(url, timeout=60) as events:
            text = events.read().decode()
        self.assertIn('"type":"final"', text)
        self.assertIn('"type":"finished"', text)
        self.assertEqual(transcript(session), self.undisturbed)

    def test_who_follows_a_name_sees_its_sessions_wherever_they_are(self):
        url = f"http://127.0.0.1:{self.gateways[1].port}/v1/names/haneul/events"
        told, ids = [], set()
        with urllib.request.urlopen(url, timeout=60) as events:
            for _ in range(2):
                session = start(self.gateways[:1], "--speed", "2", "--name", "haneul")
                while not told or told[-1]["type"] != "finished" or told[-1].get("read"):
                    line = events.readline().decode().strip()
                    if line.startswith("data:"):
                        told.append(json.loads(line.removeprefix("data:")))
                told[-1]["read"] = True
                finals = [message["text"] for message in told if message["type"] == "final"]
                self.assertEqual("\n".join(finals), self.undisturbed.strip())
                ids.add(next(message["session"] for message in told if message["type"] == "session"))
                self.assertEqual(transcript(session), self.undisturbed)
                told = told[-1:]
        self.assertEqual(len(ids), 2)

    def test_a_wrong_password_is_told_and_sessions_go_on_in_memory(self):
        with ExitStack() as stack:
            guarded = stack.enter_context(Redis("--requirepass", "secret"))
            url = f"redis://:wrong@127.0.0.1:{guarded.port}"
            gateway = stack.enter_context(self.gateway(url))
            gateway.wait_until_ready()
            self.assertEqual(transcript(start([gateway], "--fast")), self.undisturbed)
            wait_until(lambda: "kept in memory" in gateway.complaints, "a complaint")
            self.assertIn("password", gateway.complaints)
            self.assertNotIn("wrong", gateway.complaints)
            self.assertEqual(get(gateway.port, "is_ready")[0], 200)
