"""`sori bench stream` and `sori bench simulate`: both score the captions of the same sound."""

import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

from support.recording import OPENING, OPENING_TEXT, RECORDING
from support.sori import COMMAND


class BenchTests(unittest.TestCase):
    def bench(self, kind: str, *options: str) -> subprocess.CompletedProcess:
        with tempfile.TemporaryDirectory() as folder:
            manifest = Path(folder) / "manifest.jsonl"
            line = {"path": str(OPENING), "language": "en", "text": OPENING_TEXT, "seconds": 17}
            manifest.write_text(json.dumps(line) + "\n")
            # What recordings say as a whole is kept: not for others.
            environment = {**os.environ, "SORI_HOME": folder, "SORI_MODELS": str(RECORDING.parents[1] / "models")}
            return subprocess.run(
                [COMMAND, "bench", kind, "--manifest", manifest, "--languages", "en", *options], capture_output=True,
                text=True, timeout=300, env=environment)

    def row(self, output: str) -> dict[str, float]:
        """The first columns of the table."""
        line = next(line for line in output.splitlines() if line.split()[:1] == ["en"])
        minutes, offline, finals, stable = line.replace("%", "").split()[1:5]
        return {"minutes": float(minutes), "offline": float(offline), "finals": float(finals), "stable": float(stable)}

    def test_a_server_and_the_simulation_write_the_same(self):
        live, simulated = self.bench("stream"), self.bench("simulate")
        for done in (live, simulated):
            self.assertEqual(done.returncode, 0, done.stderr)
            row = self.row(done.stdout)
            self.assertEqual(row["minutes"], 0.3)
            self.assertLess(row["offline"], 20)
            self.assertLess(row["finals"], 20)
            self.assertLess(row["stable"], 40)
        # Finals depend on the sound alone.
        self.assertEqual(self.row(live.stdout)["finals"], self.row(simulated.stdout)["finals"])
        self.assertRegex(live.stdout, r"\d\.\d\d s of processor time for a second of sound; \d+ MB, at most \d+ MB")

    def test_mistakes_are_told_in_a_line(self):
        for options in (["--manifest", "/nowhere"], ["--sessions", "0"], ["--limit", "0"]):
            done = self.bench("stream", *options)
            self.assertNotEqual(done.returncode, 0)
            self.assertEqual(len(done.stderr.strip().splitlines()), 1, done.stderr)


if __name__ == "__main__":
    unittest.main()
