#!/usr/bin/env python3
"""What it costs that gateway and workers are processes of their own: one session in real time, at `sori serve` and at a gateway
with a recogniser and a detector, one after the other.

    Benchmarks/split.py                  two minutes, with nothing else running; needs `make test` once (Python, the recording)

Prints, for live windows and finals, the milliseconds between asking for a window and its text that were not work of a lane; and
the processor time of all processes for a second of sound.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Tests/SystemTests"))
from support.cluster import Gateway, Process, Worker, get  # noqa: E402
from support.recording import RECORDING  # noqa: E402
from support.sori import LISTEN, Server  # noqa: E402

SECONDS = 44


def processor_time(processes: list) -> float:
    """Seconds of processor time that processes have used."""
    total = 0
    for process in processes:
        fields = Path(f"/proc/{process.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        total += int(fields[11]) + int(fields[12])
    return total / os.sysconf("SC_CLK_TCK")


def measure(name: str, port: int, processes: list):
    before = processor_time(processes)
    url = f"ws://127.0.0.1:{port}/v1/listen"
    subprocess.run([sys.executable, LISTEN, url, RECORDING, "--language", "en"], check=True, stdout=subprocess.DEVNULL)
    used = processor_time(processes) - before
    text = get(port, "metrics")[1]

    def value(metric: str, labels: str) -> float:
        found = re.search(rf"^{metric}{{{re.escape(labels)}}} (\S+)$", text, re.MULTILINE)
        return float(found[1]) if found else 0

    parts = []
    for kind in ["live", "final", "guess"]:
        labels = f'kind="{kind}",outcome="answered"'
        count = value("sori_recognition_duration_seconds_count", labels)
        if not count:
            continue
        whole = value("sori_recognition_duration_seconds_sum", labels) / count
        work = value("sori_recognition_work_seconds_total", f'kind="{kind}"') / count
        parts.append(f"{kind} {1000 * (whole - work):5.1f} ms beside {1000 * work:5.0f} ms of work ({count:.0f})")
    print(f"{name:8} {'; '.join(parts)}; {used / SECONDS:.3f} s of processor time for a second of sound", flush=True)


def main():
    if sys.argv[1:]:
        print(__doc__.strip())
        sys.exit(0 if sys.argv[1:] == ["--help"] else 64)
    for _ in range(2):
        with Server() as server:
            measure("serve", server.port, [server])
        with Worker("recognizer", "--device", "cpu") as recognizer, Worker("detector", "--device", "cpu") as detector:
            with Gateway([recognizer.address], [detector.address]) as gateway:
                parts: list[Process] = [recognizer, detector, gateway]
                for part in parts:
                    part.wait_until_ready()
                measure("split", gateway.port, parts)


main()
