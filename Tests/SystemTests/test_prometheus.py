"""Debian's Prometheus and Alertmanager beside a whole Sori: every panel has data, and every alert fires when its fault is there."""

import json
import math
import re
import signal
import subprocess
import sys
import threading
import time
import unittest
from contextlib import ExitStack, contextmanager

import yaml
from support.cluster import Gateway, Worker, wait_until
from support.prometheus import FILES, People, Prometheus
from support.recording import RECORDING
from support.redis import Redis
from support.sori import LISTEN, REPOSITORY
from support.strange_worker import StrangeWorker
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

GRAFANA = REPOSITORY / "deploy/grafana"
TOKEN = "a-token"
START = json.dumps({"type": "start", "version": 1, "language": "en"})


class FileTests(unittest.TestCase):
    def run_quietly(self, *command: str):
        done = subprocess.run(command, capture_output=True, text=True, cwd=FILES, timeout=60)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_the_tools_find_nothing_wrong(self):
        self.run_quietly("promtool", "check", "config", "prometheus.yml")
        self.run_quietly("amtool", "check-config", "alertmanager.yml")

    def test_every_alert_fires_and_clears_by_its_rule(self):
        self.run_quietly("promtool", "test", "rules", "rules.test.yml")
        cases = yaml.safe_load((FILES / "rules.test.yml").read_text())["tests"]
        self.assertEqual({case["name"] for case in cases}, alerts())

    def test_the_dashboards_are_what_the_script_writes(self):
        self.run_quietly(sys.executable, str(GRAFANA / "build.py"), "--check")

    def test_operations_explain_every_alert(self):
        text = (REPOSITORY / "docs/operations.md").read_text()
        self.assertEqual(set(re.findall(r"^### (Sori\w+)", text, re.MULTILINE)), alerts())


def alerts() -> set[str]:
    """The names of all alerts."""
    rules = yaml.safe_load((FILES / "rules/alerts.yml").read_text())["groups"][0]["rules"]
    return {rule["alert"] for rule in rules}


def panels() -> list[tuple[str, str]]:
    """Title and query of everything that a dashboard shows."""
    return [
        (f"{path.stem}: {panel['title']}", target["expr"])
        for path in sorted((GRAFANA / "dashboards").glob("*.json")) for panel in json.loads(path.read_text())["panels"]
        for target in panel.get("targets", [])]


class PrometheusTests(unittest.TestCase):
    """Two gateways, one before two recognisers, the other before one that can be spoilt; somebody speaks to each."""

    @classmethod
    def setUpClass(cls):
        cls.workers = [cls.enterClassContext(Worker("recognizer", "--device", "cpu", "--lanes", "1")) for _ in "12"]
        cls.detector = cls.enterClassContext(Worker("detector", "--device", "cpu"))
        cls.strange = cls.enterClassContext(StrangeWorker(cls.workers[1].address))
        cls.redis = cls.enterClassContext(Redis())
        environment = {
            "SORI_REDIS": cls.redis.url, "SORI_TOKEN": TOKEN, "SORI_SESSIONS_MAX": "3", "SORI_PROXIES": "127.0.0.1",
            "SORI_LIMITS_HANDSHAKES": "30"}
        recognizers = [[worker.address for worker in cls.workers], [cls.strange.address]]
        cls.gateways = [
            cls.enterClassContext(Gateway(addresses, [cls.detector.address], environment=environment))
            for addresses in recognizers]
        for process in [*cls.workers, cls.detector, *cls.gateways]:
            process.wait_until_ready()
        cls.people = cls.enterClassContext(People())
        cls.prometheus = cls.enterClassContext(Prometheus(
            [gateway.port for gateway in cls.gateways], [worker.port for worker in cls.workers], [cls.detector.port],
            cls.people))
        cls.ended = threading.Event()
        cls.speakers = [threading.Thread(target=cls.speak, args=(gateway,)) for gateway in cls.gateways]
        cls.addClassCleanup(cls.stop_speaking)
        for speaker in cls.speakers:
            speaker.start()

    @classmethod
    def speak(cls, gateway: Gateway):
        """Somebody who speaks on and on, and comes back whatever happens."""
        while not cls.ended.is_set():
            speaker = subprocess.Popen(
                [sys.executable, LISTEN, gateway.url, RECORDING, "--language", "en", "--token", TOKEN, "--reconnect", "30"],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            while speaker.poll() is None and not cls.ended.wait(0.2):
                pass
            speaker.kill()
            speaker.wait()
            cls.ended.wait(0.5)

    @classmethod
    def stop_speaking(cls):
        cls.ended.set()
        for speaker in cls.speakers:
            speaker.join()

    @contextmanager
    def fires(self, *names: str):
        """What happens in here makes alerts fire, which clear afterwards."""
        wait_until(lambda: not self.prometheus.firing() & set(names), f"nothing is wrong: {names}", 60)
        yield
        wait_until(lambda: self.prometheus.firing() & set(names) == set(names), f"{names} fire", 60)

    def clear(self, *names: str):
        wait_until(lambda: not self.prometheus.firing() & set(names), f"{names} clear", 90)

    def restart(self, process):
        if process.process.poll() is None:
            process.kill()
        process.start()
        process.wait_until_ready()

    def test_every_panel_has_data(self):
        self.assertGreater(len(panels()), 30)
        missing = panels()

        def look() -> bool:
            missing[:] = [
                (title, query) for title, query in missing
                if not any(map(math.isfinite, self.prometheus.values(query.replace("$__rate_interval", "10s"))))]
            return not missing

        # Somebody has to come and go, and to be refused.
        with connect(self.gateways[0].url) as socket:
            socket.recv(timeout=20)
        try:
            wait_until(look, "all panels have data", 60)
        except AssertionError:
            self.fail(f"no data: {missing}")

    def test_a_gateway_that_is_gone_wakes_somebody(self):
        before = len(self.people.told)
        with self.fires("SoriGatewayDown"):
            self.gateways[1].kill()
        wait_until(lambda: ("/wake", "SoriGatewayDown", "firing") in self.people.told[before:], "somebody is woken", 30)
        self.restart(self.gateways[1])
        self.clear("SoriGatewayDown")
        wait_until(lambda: ("/wake", "SoriGatewayDown", "resolved") in self.people.told[before:], "and told that it is over", 30)

    def test_recognisers_that_are_gone(self):
        with self.fires("SoriNoRecognizer", "SoriWorkerMissing"):
            for worker in self.workers:
                worker.kill()
        for worker in self.workers:
            self.restart(worker)
        self.clear("SoriNoRecognizer", "SoriWorkerMissing")

    def test_a_detector_that_is_gone(self):
        with self.fires("SoriNoDetector", "SoriDetectionFails"):
            self.detector.kill()
        self.restart(self.detector)
        self.clear("SoriNoDetector", "SoriDetectionFails")

    def test_recognisers_that_hang_for_a_while(self):
        with self.fires("SoriCaptionsLate"):
            # The words of these seconds are late, however fast they are worked on then.
            with self.hanging(self.workers, 7, 0):
                time.sleep(6)
        self.clear("SoriCaptionsLate")

    @contextmanager
    def hanging(self, workers: list[Worker], seconds: float, pause: float):
        """Workers that hang for some seconds, again and again with a pause between."""
        def hang():
            while not ended.is_set():
                for number, length in [(signal.SIGSTOP, seconds), (signal.SIGCONT, pause)]:
                    for worker in workers:
                        worker.kill(number)
                    time.sleep(length)

        ended = threading.Event()
        thread = threading.Thread(target=hang)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    def test_machines_that_are_too_slow(self):
        with self.hanging(self.workers, 0.7, 0.2), self.fires("SoriBusy"):
            pass
        self.clear("SoriBusy")

    def test_one_recogniser_that_hangs_is_helped_out(self):
        with self.hanging(self.workers[:1], 1.5, 1), self.fires("SoriFailovers"):
            pass
        self.clear("SoriFailovers")

    def test_a_recogniser_that_fails(self):
        with self.fires("SoriRecognitionFails"):
            self.strange.way = "failed"
        self.strange.way = "honest"
        self.clear("SoriRecognitionFails")

    def test_people_who_find_no_room(self):
        with self.fires("SoriFull"), ExitStack() as sockets:
            codes = []
            for number in range(5):
                socket = sockets.enter_context(connect(f"{self.gateways[0].url}?access_token={TOKEN}"))
                socket.send(START)
                codes.append(json.loads(socket.recv(timeout=20)).get("code"))
            self.assertIn("too_many_sessions", codes)
        self.clear("SoriFull")

    def test_a_store_that_is_gone(self):
        with self.fires("SoriStoreDegraded"):
            self.redis.kill()
        self.redis.start()
        self.clear("SoriStoreDegraded")

    def test_a_gateway_that_starts_again_and_again(self):
        with self.fires("SoriRestarts"):
            for _ in range(4):
                begun = self.prometheus.values(f'process_start_time_seconds{{instance="127.0.0.1:{self.gateways[1].port}"}}')
                self.restart(self.gateways[1])
                wait_until(
                    lambda: self.prometheus.values(
                        f'process_start_time_seconds{{instance="127.0.0.1:{self.gateways[1].port}"}}') not in ([], begun),
                    "the new start is seen", 20)
        self.clear("SoriRestarts")

    def test_somebody_who_guesses_tokens(self):
        with self.fires("SoriWrongTokens"):
            for number in range(12):
                address = {"X-Forwarded-For": f"198.51.100.{number}"}
                with connect(f"{self.gateways[0].url}?access_token=guess{number}", additional_headers=address) as socket:
                    self.assertEqual(json.loads(socket.recv(timeout=20))["code"], "unauthorized")
        self.clear("SoriWrongTokens")

    def test_a_flood_of_connections(self):
        with self.fires("SoriFlood"):
            refused = 0
            for _ in range(60):
                try:
                    connect(self.gateways[0].url, additional_headers={"X-Forwarded-For": "203.0.113.9"}).close()
                except InvalidStatus:
                    refused += 1
            self.assertGreater(refused, 20)
        self.clear("SoriFlood")


if __name__ == "__main__":
    unittest.main()
