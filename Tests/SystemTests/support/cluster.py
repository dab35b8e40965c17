"""Workers and gateways of a test's own, each a process on a free port of the loopback interface."""

import json
import os
import re
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

from support.sori import COMMAND


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


def get(port: int, path: str) -> tuple[int, str]:
    """The status and the text of a page; status 0 where nobody answers."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/{path}", timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except OSError:
        return 0, ""


def wait_until(condition, what: str, seconds: float = 60):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited {seconds} s in vain: {what}"
        time.sleep(0.02)


class Process:
    """A command of Sori that listens on a port, which it keeps when it is started again.

    - `within`: what to write before the command, as `ip netns exec NAME`.
    """

    def __init__(self, *command: str, environment: dict[str, str] | None = None, host: str = "127.0.0.1",
                 within: list[str] | None = None):
        self.command, self.environment = command, {**os.environ, **(environment or {})}
        self.host, self.within = host, within or []
        self.port = free_port()
        self.process: subprocess.Popen | None = None
        self.errors = tempfile.TemporaryFile("w+")
        self.start()

    def start(self):
        open_to_others = [] if self.host == "127.0.0.1" else ["--open"]
        self.process = subprocess.Popen(
            [*self.within, COMMAND, *self.command, "--host", self.host, "--port", str(self.port), *open_to_others],
            stdout=subprocess.PIPE, stderr=self.errors, text=True, env=self.environment)
        line = self.process.stdout.readline()
        assert re.search(rf":{self.port}\b", line), f"it says {line!r} and {self.complaints!r}"

    def wait_until_ready(self, seconds: float = 60):
        wait_until(lambda: get(self.port, "is_ready")[0] == 200, f"{self.command[0]} becomes ready", seconds)

    def kill(self, number: int = signal.SIGKILL):
        self.process.send_signal(number)
        if number == signal.SIGKILL:
            self.process.wait(20)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(30)
            finally:
                self.process.kill()
        self.process.stdout.close()
        self.errors.close()

    @property
    def complaints(self) -> str:
        """What it has written to standard error."""
        self.errors.seek(0)
        return self.errors.read()

    @property
    def address(self) -> str:
        return f"{self.host}:{self.port}"


class Worker(Process):
    def __init__(self, role: str, *options: str, **process):
        super().__init__("worker", "--role", role, *options, **process)


class Gateway(Process):
    def __init__(self, recognizers: list[str], detectors: list[str], *options: str,
                 environment: dict[str, str] | None = None):
        # Slow machines are to be slow, not to refuse.
        super().__init__("gateway", "--recognizer", *recognizers, "--detector", *detectors, *options,
                         environment={"SORI_SESSIONS_MAX_HOP": "0", **(environment or {})})

    def wait_until_ready(self, seconds: float = 60):
        """Also until it has a detector: without one it is ready, but hears other sound as speech."""
        super().wait_until_ready(seconds)
        wait_until(
            lambda: self.metric("sori_workers", role="detector", state="ready") >= 1, "it has a detector", seconds)

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/v1/listen"

    def metric(self, name: str, **labels: str) -> float:
        """The sum of all series of a metric that have these labels."""
        total = 0.0
        for line in get(self.port, "metrics")[1].splitlines():
            found = re.fullmatch(rf"{name}(?:\{{(.*)\}})? (\S+)", line)
            if found and all(f'{key}="{value}"' in (found[1] or "") for key, value in labels.items()):
                total += float(found[2])
        return total


def status(worker: Process) -> dict:
    """What a worker says at `/is_ready`."""
    return json.loads(get(worker.port, "is_ready")[1])
