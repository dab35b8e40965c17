"""`make cluster`: all of it on this machine, behind one address."""

import json
import signal
import subprocess
import sys
import time
import unittest

from support.cluster import free_port, get, wait_until
from support.recording import OPENING
from support.sori import LISTEN, REPOSITORY


class MakeClusterTests(unittest.TestCase):
    def up(self, port: int) -> int:
        """How many processes answer a Prometheus."""
        status, text = get(port, "api/v1/query?query=up")
        return sum(series["value"][1] == "1" for series in json.loads(text)["data"]["result"]) if status == 200 else 0

    def test_everything_starts_serves_and_stops(self):
        port = free_port()
        if port > 65_000:
            port -= 1000
        # A signal that is ignored here would be ignored there.
        process = subprocess.Popen(
            [REPOSITORY / "deploy/cluster/run", str(port)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler))
        self.addCleanup(process.kill)
        lines = []
        for line in process.stdout:
            lines.append(line)
            if line.startswith("Open http"):
                break
        else:
            self.fail("".join(lines))
        for part in ["redis", "detector", "cpu-0", "cpu-1", "gpu", "gateway-0", "gateway-1", "nginx", "prometheus"]:
            self.assertTrue(any(line.startswith(part) for line in lines), part)
        url = f"ws://127.0.0.1:{port}/v1/listen"
        done = subprocess.run(
            [sys.executable, LISTEN, url, OPENING, "--language", "en", "--text", "--fast", "--cuts", "3", "--seed", "2"],
            capture_output=True, text=True, timeout=100)
        self.assertIn("age of foolishness", done.stdout, done.stderr)
        wait_until(lambda: self.up(port + 14) >= 5, "Prometheus has seen both gateways and all workers", 30)
        process.send_signal(signal.SIGINT)
        rest = process.stdout.read()
        self.assertEqual(process.wait(60), 130, rest)
        self.assertIn("all of it has stopped", rest)
        deadline = time.monotonic() + 10
        while any(get(port + offset, "is_ready")[0] for offset in (0, 1, 2, 10, 11, 12, 14, 15)):
            self.assertLess(time.monotonic(), deadline, "something still answers")

    def test_what_is_no_port_is_told_in_one_line(self):
        done = subprocess.run(
            [REPOSITORY / "deploy/cluster/run", "everything"], capture_output=True, text=True, timeout=20)
        self.assertEqual((done.returncode, len(done.stderr.splitlines())), (64, 1))
