"""`sori bench stream`, `simulate` and `report` score the captions of the same sound alike."""

import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

from support.cluster import wait_until
from support.recording import OPENING, OPENING_TEXT, RECORDING
from support.sori import COMMAND


class BenchTests(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.manifest = self.folder / "manifest.jsonl"
        line = {"path": str(OPENING), "language": "en", "text": OPENING_TEXT, "seconds": 17}
        self.manifest.write_text(json.dumps(line) + "\n")

        # What recordings say as a whole is kept: not for others.
        self.environment = {
            **os.environ, "SORI_HOME": str(self.folder), "SORI_MODELS": str(RECORDING.parents[1] / "models")}

    def bench(self, kind: str, *options: str | Path) -> subprocess.CompletedProcess:
        return subprocess.run(
            [COMMAND, "bench", kind, "--manifest", self.manifest, *options], capture_output=True, text=True, timeout=300,
            env=self.environment)

    def figures(self, kind: str, *options: str | Path) -> dict:
        path = self.folder / f"{kind}.json"
        done = self.bench(kind, *options, "--json", path)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(path.read_text())

    def test_a_server_the_simulation_and_a_report_write_the_same(self):
        trial, page = self.folder / "trial.json", self.folder / "page.html"
        live = self.figures("stream", "--languages", "en", "--trial", trial)
        simulated = self.figures("simulate", "--languages", "en")
        for figures in (live, simulated):
            (english,) = figures["groups"]
            self.assertAlmostEqual(english["minutes"], 0.28, delta=0.02)
            self.assertLess(english["wholeRecording"]["wordRate"], 0.2)
            self.assertLess(english["finals"]["wordRate"], 0.2)
            self.assertLess(english["stable"]["wordRate"], 0.4)
            self.assertGreater(english["stableAfter"]["median"], 0)
            self.assertLessEqual(english["committedAfter"]["p95"], english["stableAfter"]["p95"])
        # Finals depend on the sound alone.
        self.assertEqual(live["groups"][0]["finals"], simulated["groups"][0]["finals"])
        self.assertGreater(live["cost"]["cpuSecondsPerSecond"], 0)
        self.assertGreater(live["cost"]["residentPeak"], 100e6)
        self.assertGreater(live["cost"]["hop"], 0.1)

        again = self.figures("report", trial, "--html", page)
        self.assertEqual(again, live)
        self.assertIn("<svg", page.read_text())

    def test_a_server_ends_with_the_command_that_started_it(self):
        command = subprocess.Popen(
            [COMMAND, "bench", "stream", "--manifest", self.manifest, "--languages", "en"], env=self.environment,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self.addCleanup(command.stderr.close)
        self.addCleanup(command.wait)
        self.addCleanup(command.kill)

        def servers() -> list[str]:
            found = []
            for task in Path(f"/proc/{command.pid}/task").iterdir():
                found += [pid for pid in (task / "children").read_text().split() if is_there(pid)]
            return found

        def is_there(pid: str) -> bool:
            try:
                # The name may have spaces; the state comes after it.
                return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
            except FileNotFoundError:
                return False

        progress = b""
        while b"playing" not in progress:
            piece = command.stderr.read1()
            self.assertTrue(piece, progress)
            progress += piece
        (server,) = servers()
        command.terminate()
        self.assertEqual(command.wait(20), 130)
        wait_until(lambda: not is_there(server), "the server ends", 30)

    def test_what_another_system_wrote_is_scored(self):
        trial = self.folder / "other.json"
        words = OPENING_TEXT.split()
        half = " ".join(["Wrong"] + words[1 : len(words) // 2])
        trial.write_text(json.dumps({
            "system": "Other 1.0", "model": "base", "sessions": 1, "date": "2026-11-23T10:00:00Z", "command": "other",
            "machine": {"processor": "P", "cores": 2, "system": "S"}, "settings": {}, "recordings": [{
                "path": str(OPENING), "language": "en", "seconds": 17,
                "partials": [{"time": 30, "utterance": 0, "stable": half, "tentative": ""}],
                "finals": [{"time": 40, "utterance": 0, "text": OPENING_TEXT, "start": 0, "end": 17}]}]}))
        (english,) = self.figures("report", trial)["groups"]
        self.assertEqual(english["finals"]["wordRate"], 0)
        # One word was committed wrongly; the second half came with the final.
        self.assertAlmostEqual(english["stable"]["wordRate"], 1 / len(words), delta=0.005)
        self.assertAlmostEqual(english["corrected"], 2 / len(words), delta=0.01)
        self.assertGreater(english["firstSeen"]["median"], 10)

    def test_a_run_is_held_against_an_earlier_one(self):
        trial = self.folder / "trial.json"
        figures = self.figures("simulate", "--languages", "en", "--trial", trial)
        figures["groups"][0]["finals"]["wordRate"] = 0.5
        (self.folder / "before.json").write_text(json.dumps(figures))
        done = self.bench("report", trial, "--baseline", self.folder / "before.json")
        self.assertRegex(done.stdout, r"en finals\.wordRate +0\.5 → ")

    def test_a_sweep_compares_settings_on_a_machine_that_is_described(self):
        costs, picture, points = (self.folder / name for name in ("costs.json", "plot.svg", "points.json"))
        costs.write_text(json.dumps({
            "encode_seconds": {"2": 0.03, "10": 0.1, "30": 0.5}, "prefix40_seconds": 0.03, "token_seconds": 0.005}))
        done = self.bench(
            "sweep", "--languages", "en", "--vary", "hop=0.4,1.2", "--costs", costs, "--json", points, "--svg", picture)
        self.assertEqual(done.returncode, 0, done.stderr)
        quick, slow = json.loads(points.read_text())
        self.assertEqual((quick["name"], slow["name"]), ("hop=0.4", "hop=1.2"))
        self.assertEqual(quick["groups"][0]["finals"], slow["groups"][0]["finals"])
        self.assertLess(quick["groups"][0]["firstSeen"]["median"], slow["groups"][0]["firstSeen"]["median"])
        self.assertGreater(quick["workPerSecond"], slow["workPerSecond"])
        self.assertEqual(len(done.stdout.splitlines()), 3)
        self.assertIn("<circle", picture.read_text())

    def test_mistakes_are_told_in_a_line(self):
        cases = [
            ("stream", "--languages", "xx"), ("stream", "--sessions", "0"), ("stream", "--limit", "0"),
            ("report", "/nowhere.json"), ("report", self.manifest), ("simulate", "--seconds", "0"),
            ("sweep",), ("sweep", "--vary", "color=1"), ("sweep", "--vary", "hop=soon"),
            ("simulate", "--costs", self.manifest), ("capacity", "--sessions", "0"), ("capacity", "--languages", "en"),
        ]
        for kind, *options in cases:
            done = self.bench(kind, *options)
            self.assertNotEqual(done.returncode, 0)
            self.assertEqual(len(done.stderr.strip().splitlines()), 1, done.stderr)


if __name__ == "__main__":
    unittest.main()
