"""PulseAudio for a test of its own: a card whose output is its microphone."""

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path


class SoundServer:
    """Runs PulseAudio with a null sink as long as the context; `environment` lets other programs use it."""

    def __enter__(self) -> "SoundServer":
        self.folder = Path(tempfile.mkdtemp(prefix="sori-", dir="/tmp"))  # the names of sockets are short
        socket = self.folder / "native"
        self.environment = {
            **os.environ,
            "PULSE_SERVER": f"unix:{socket}",
            "PULSE_RUNTIME_PATH": str(self.folder),
            "PULSE_STATE_PATH": str(self.folder),
            "PULSE_COOKIE": str(self.folder / "cookie"),
        }
        self.process = subprocess.Popen(
            ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--disable-shm=yes",
             "--log-level=error", f"--load=module-native-protocol-unix socket={socket} auth-anonymous=1",
             "--load=module-null-sink sink_name=loop rate=48000"],
            env=self.environment)
        deadline = time.monotonic() + 20
        # It answers when it is ready.
        while self.run("pactl", "set-default-source", "loop.monitor").returncode != 0:
            assert time.monotonic() < deadline and self.process.poll() is None, "PulseAudio does not start"
            time.sleep(0.02)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(20)
        shutil.rmtree(self.folder)

    def run(self, *command: str) -> subprocess.CompletedProcess:
        return subprocess.run(command, env=self.environment, capture_output=True)

    def play(self, recording: Path):
        """Plays a recording to its end."""
        subprocess.run(["paplay", "--device=loop", recording], env=self.environment, check=True)
