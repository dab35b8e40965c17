"""A Redis of a test's own."""

import os
import signal
import subprocess
import tempfile

from support.cluster import free_port, wait_until


class Redis:
    """On a free port of the loopback interface, without anything on disk unless it is told so."""

    def __init__(self, *options: str):
        self.port = free_port()
        self.options = options
        self.folder = tempfile.TemporaryDirectory(prefix="sori-redis-")
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            ["redis-server", "--bind", "127.0.0.1", "--port", str(self.port), "--dir", self.folder.name, "--save", "",
             "--appendonly", "no", *self.options], stdout=subprocess.DEVNULL)
        try:
            # One that wants a password answers too.
            wait_until(lambda: self.command("PING")[:6] in ("PONG", "NOAUTH"), "Redis answers", 20)
        except AssertionError:
            self.process.kill()
            raise

    def command(self, *words: str) -> str:
        done = subprocess.run(
            ["redis-cli", "-p", str(self.port), *words], capture_output=True, text=True, timeout=10)
        return done.stdout.strip()

    def kill(self, number: int = signal.SIGKILL):
        os.kill(self.process.pid, number)
        if number == signal.SIGKILL:
            self.process.wait(20)

    def __enter__(self) -> "Redis":
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(20)
        self.folder.cleanup()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"
