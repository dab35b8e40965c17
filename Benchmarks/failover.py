#!/usr/bin/env python3
"""What a failure costs those who read: a recording is played in real time, again and again, while the recogniser that has the
window is killed, or the gateway that has the session.

    Benchmarks/failover.py               six minutes, with nothing else running; needs `make test` once (Python, the recording)
    Benchmarks/failover.py --kills 3     fewer

Prints, for each killed recogniser, by how many seconds the words said around that moment were seen later than in an undisturbed
run; and for each killed gateway, when the other one had the session, and by how much words were later.
"""

import argparse
import json
import statistics
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Tests/SystemTests"))
from support.cluster import Gateway, Worker, status, wait_until  # noqa: E402
from support.recording import RECORDING  # noqa: E402
from support.redis import Redis  # noqa: E402
from support.sori import LISTEN  # noqa: E402


class Run:
    """A recording that is played in real time; `events` are the messages, each with the seconds since it began."""

    def __init__(self, gateways: list[Gateway]):
        first, *others = [gateway.url for gateway in gateways]
        also = ["--also", *others] if others else []
        self.process = subprocess.Popen(
            [sys.executable, "-u", LISTEN, first, RECORDING, *also, "--language", "en", "--reconnect", "60"],
            stdout=subprocess.PIPE, text=True)
        self.begin: float | None = None
        self.events: list[tuple[float, dict]] = []
        self.thread = threading.Thread(target=self.read)
        self.thread.start()

    def read(self):
        for line in self.process.stdout:
            message = json.loads(line)
            # Sound at second s is sent at t = s.
            if self.begin is None and message.get("t") is not None:
                self.begin = time.monotonic() - message["t"]
            self.events.append((time.monotonic() - (self.begin or time.monotonic()), message))

    @property
    def now(self) -> float:
        return time.monotonic() - self.begin if self.begin else 0

    def wait(self):
        self.process.wait(300)
        self.thread.join()
        assert self.process.returncode == 0

    def words(self) -> list[tuple[float, float]]:
        """For each word of the transcript, when it was said, and when so many words of its utterance were first seen."""
        seen: dict[int, list[float]] = {}
        words = []
        for at, message in self.events:
            if message["type"] == "partial":
                times = seen.setdefault(message["utterance"], [])
                text = (message["stable"] + message["tentative"]).split()
                times += [at] * (len(text) - len(times))
            if message["type"] == "final":
                times = seen.get(message["utterance"], [])
                for index, word in enumerate(message["words"]):
                    words.append((word["end"], times[index] if index < len(times) else at))
        return words


def added(undisturbed: Run, run: Run, begin: float, end: float) -> list[float]:
    """By how much the words said in a span were seen later."""
    return [
        after - before
        for (said, before), (_, after) in zip(undisturbed.words(), run.words(), strict=True)
        if begin <= said <= end]


def show(name: str, values: list[float]):
    values = sorted(values)
    print(
        f"{name}: median {statistics.median(values):5.2f} s, nine of ten {values[int(0.9 * (len(values) - 1))]:5.2f} s, "
        f"most {values[-1]:5.2f} s ({len(values)} words)", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=8, metavar="N", help="recognisers, and half as many gateways; default 8")
    kills = parser.parse_args().kills
    with ExitStack() as stack:
        start = stack.enter_context
        workers = [start(Worker("recognizer", "--device", "cpu", "--lanes", "1")) for _ in "12"]
        detector = start(Worker("detector", "--device", "cpu"))
        redis = start(Redis())
        gateways = [
            start(Gateway([worker.address for worker in workers], [detector.address],
                          environment={"SORI_REDIS": redis.url}))
            for _ in "12"]
        for process in [*workers, detector, *gateways]:
            process.wait_until_ready()
        undisturbed = Run(gateways[:1])
        undisturbed.wait()
        again = Run(gateways[:1])
        again.wait()
        show("undisturbed, another time             ", added(undisturbed, again, 0, 100))

        late = []
        done = 0
        while done < kills:
            run, times = Run(gateways[:1]), []
            while done < kills and run.now < 36:
                pause = run.now + 8
                wait_until(lambda: run.now > pause, "a while")
                busy = []
                wait_until(lambda: busy.extend(worker for worker in workers if status(worker)["busy"]) or busy, "a window")
                busy[0].kill()
                times.append(run.now)
                busy[0].start()
                busy[0].wait_until_ready()
                done += 1
            run.wait()
            for at in times:
                late += added(undisturbed, run, at - 1, at + 1)
        show("words around a killed recogniser      ", late)

        resumes, late = [], []
        for index in range(max(1, kills // 2)):
            pair = gateways if index % 2 == 0 else gateways[::-1]
            run = Run(pair)
            wait_until(lambda: run.now > 15 + index, "a while")
            pair[0].kill()
            at = run.now
            run.wait()
            pair[0].start()
            pair[0].wait_until_ready()
            resumes.append(next(time for time, message in run.events if time > at and message["type"] == "ready") - at)
            late += added(undisturbed, run, at - 1, at + 1)
        show("words around a killed gateway         ", late)
        print(f"the other gateway had the session after  {', '.join(f'{value:.2f} s' for value in resumes)}")


if __name__ == "__main__":
    main()
