"""Figures of every process: complete, as Prometheus wants them, and never more of them than is said."""

import re
import subprocess
import sys
import unittest

from support.cluster import Gateway, Worker, get, wait_until
from support.recording import OPENING
from support.redis import Redis
from support.sori import COMMAND, LISTEN, REPOSITORY
from websockets.sync.client import connect

DOCUMENT = REPOSITORY / "docs/metrics.md"


def series(text: str) -> dict[str, list[tuple[str, str]]]:
    """Series by the name of their metric: labels and value."""
    found: dict[str, list[tuple[str, str]]] = {}
    for line in text.splitlines():
        if parts := re.fullmatch(r"(\w+?)(?:_bucket|_sum|_count)?(?:\{(.*)\})? (\S+)", line):
            found.setdefault(parts[1], []).append((parts[2] or "", parts[3]))
    return found


def total(text: str, name: str, **labels: str) -> float:
    """The sum of all series of a metric that have these labels."""
    wanted = [f'{key}="{value}"' for key, value in labels.items()]
    found = re.findall(rf"^{name}(?:{{(.*)}})? (\S+)$", text, re.MULTILINE)
    return sum(float(value) for given, value in found if all(label in given for label in wanted))


def described() -> dict[str, tuple[set[str], dict[str, set[str]]]]:
    """What the document says: for each metric the processes that have it, and the values of its labels."""
    table = {}
    for line in DOCUMENT.read_text().splitlines():
        if parts := re.fullmatch(r"\| `(\w+)` \| (?:counter|gauge|histogram) \| ([\w, ]+) \| .* \| (.*) \|", line):
            labels = {}
            for label in filter(None, parts[3].split("; ")):
                name, values = re.fullmatch(r"`(\w+)`: (.*)", label).groups()
                labels[name] = {*values.split(", "), "other"}
            table[parts[1]] = (set(parts[2].split(", ")), labels)
    return table


class MetricsTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.recognizer = cls.enterClassContext(Worker("recognizer", "--device", "cpu"))
        cls.detector = cls.enterClassContext(Worker("detector", "--device", "cpu"))
        redis = cls.enterClassContext(Redis())
        cls.gateway = cls.enterClassContext(
            Gateway([cls.recognizer.address], [cls.detector.address], environment={"SORI_REDIS": redis.url}))
        for process in [cls.recognizer, cls.detector, cls.gateway]:
            process.wait_until_ready()
        subprocess.run(
            [sys.executable, LISTEN, cls.gateway.url, OPENING, "--language", "en", "--cuts", "1"],
            capture_output=True, check=True, timeout=120)
        wait_until(lambda: cls.gateway.metric("sori_sessions") == 0, "the session is over")
        cls.pages = {
            "gateway": get(cls.gateway.port, "metrics")[1], "worker": get(cls.recognizer.port, "metrics")[1],
            "detector": get(cls.detector.port, "metrics")[1]}

    def test_the_document_is_what_the_command_writes(self):
        written = subprocess.run([COMMAND, "config", "--metrics"], capture_output=True, text=True, check=True).stdout
        self.assertEqual(DOCUMENT.read_text(), written)

    def test_promtool_finds_nothing_wrong(self):
        for name, text in self.pages.items():
            with self.subTest(name):
                done = subprocess.run(
                    ["promtool", "check", "metrics"], input=text, capture_output=True, text=True, timeout=60)
                self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))

    def test_there_is_what_the_document_says_and_nothing_else(self):
        table = described()
        self.assertGreater(len(table), 30)
        for process, text in self.pages.items():
            kind = "worker" if process == "detector" else process
            found = series(text)
            with self.subTest(process):
                self.assertEqual(
                    set(re.findall(r"^# TYPE (\w+)", text, re.MULTILINE)),
                    {name for name, (kinds, _) in table.items() if kind in kinds})
                self.assertLessEqual(set(found), set(table))
                for name, lines in found.items():
                    for labels, _ in lines:
                        given = dict(re.findall(r'(\w+)="([^"]*)"', labels))
                        given.pop("le", None)
                        self.assertEqual(set(given), set(table[name][1]), name)
                        for label, value in given.items():
                            self.assertIn(value, table[name][1][label], name)

    def test_a_session_shows_in_all_that_is_counted(self):
        gateway = lambda name, **labels: total(self.pages["gateway"], name, **labels)
        for name in ["sori_audio_seconds_total", "sori_finals_total", "sori_sessions_resumed_total", "sori_detections_total",
                     "sori_word_latency_seconds_count", "sori_hop_seconds_count", "sori_checkpoint_duration_seconds_count",
                     "process_cpu_seconds_total", "process_resident_memory_bytes", "process_open_fds"]:
            with self.subTest(name):
                self.assertGreater(gateway(name), 0)
        self.assertEqual(gateway("sori_sessions_closed_total", reason="finished"), 1)
        self.assertEqual(gateway("sori_sockets_opened_total", endpoint="listen"), 2)
        self.assertEqual(gateway("sori_sockets_closed_total", endpoint="listen", reason="left"), 1)
        self.assertEqual(gateway("sori_sockets_closed_total", endpoint="listen", reason="finished"), 1)
        self.assertEqual(gateway("sori_sockets"), 0)
        for kind in ["live", "detection"]:
            self.assertGreater(gateway("sori_windows_total", device="cpu", kind=kind, outcome="answered"), 0)
        self.assertGreater(total(self.pages["worker"], "sori_window_part_duration_seconds_count", part="encode"), 0)
        # Words are settled within seconds of being said, by the gateway's own clock.
        mean = gateway("sori_word_latency_seconds_sum") / gateway("sori_word_latency_seconds_count")
        self.assertTrue(0.1 < mean < 5, mean)

    def test_a_client_that_is_refused_is_counted_with_its_reason(self):
        with connect(self.gateway.url) as socket:
            socket.send("no JSON")
            socket.recv(timeout=20)
        counted = lambda: self.gateway.metric("sori_sockets_closed_total", endpoint="listen", reason="bad_start")
        wait_until(lambda: counted() == 1, "it is counted")


if __name__ == "__main__":
    unittest.main()
