"""The product: the command that was built, and a server of a test's own."""

import json
import os
import re
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]
COMMAND = REPOSITORY / ".build/release/sori"
# A client that is not ours.
LISTEN = REPOSITORY / "Tests/SystemTests/client/listen.py"


class Server:
    """A `sori serve` on a free port of the loopback interface."""

    def __init__(self, *options: str, environment: dict[str, str] | None = None):
        self.errors = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(
            [COMMAND, "serve", "--port", "0", *options], stdout=subprocess.PIPE, stderr=self.errors, text=True,
            # Slow machines are to be slow, not to refuse.
            env={**os.environ, "SORI_SESSIONS_MAX_HOP": "0", **(environment or {})})
        line = self.process.stdout.readline()
        found = re.search(r"http://([\d.]+|\[[\da-f:]+\]):(\d+)", line)
        assert found, f"the server says {line!r} and {self.complaints!r}"
        self.host = "127.0.0.1" if found[1] == "[::]" else found[1]
        self.port = int(found[2])
        deadline = time.monotonic() + 60
        while self.status("is_ready") != 200:
            assert self.process.poll() is None, "the server ended"
            assert time.monotonic() < deadline, "the server does not become ready"
            time.sleep(0.05)

    def status(self, path: str) -> int:
        """The status of a page."""
        try:
            with urllib.request.urlopen(f"http://{self.host}:{self.port}/{path}") as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGINT)
        status = self.process.wait(60)
        self.process.stdout.close()
        complaints = self.complaints
        self.errors.close()
        assert status == 0 and not complaints, f"the server ended with status {status} and says {complaints!r}"

    @property
    def complaints(self) -> str:
        """What it has written to standard error."""
        self.errors.seek(0)
        return self.errors.read()

    @property
    def resident(self) -> int:
        """Bytes of memory that it has now."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) * 1024


def listen(*arguments: str) -> subprocess.Popen:
    """Starts `sori listen --json`."""
    return subprocess.Popen([COMMAND, "listen", "--json", *arguments], stdout=subprocess.PIPE, text=True)


def finals(lines) -> str:
    """The final text of what `sori listen --json` prints."""
    messages = map(json.loads, lines)
    return " ".join(message["text"] for message in messages if message["type"] == "final" and message["text"])
