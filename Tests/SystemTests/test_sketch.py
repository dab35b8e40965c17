"""The sketch that Sori began from, literally: a client cuts a microphone's sound into windows of 2 s, asks the detector,
and sends speech through nginx to the proxy. Meanwhile a recogniser is killed and a connection is cut.

There is no GPU here: the recogniser that has answered most when it is killed stands for `gpu_ws`, the other one for
`cpu_ws`. The client joins overlapping windows by the times of their words; the joined text is compared as a whole.
"""

import json
import socket
import subprocess
import sys
import tempfile
import unittest
import wave
from pathlib import Path

import numpy as np
from client.sketch.mic_capture import RATE, read
from support.cluster import Gateway, Worker, get, wait_until
from support.cutting_proxy import CuttingProxy
from support.nginx import Nginx
from support.recording import OPENING, OPENING_SECONDS, OPENING_TEXT
from support.words import error_rate

CONFIGURATION = """
daemon off;
pid {folder}/pid;
error_log stderr error;
events {{}}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  upstream proxy {{ server {gateway}; }}
  upstream tiny_ws {{ server {detector}; }}
  proxy_http_version 1.1;
  proxy_set_header Host $http_host;
  proxy_set_header Upgrade $http_upgrade;
  proxy_set_header Connection $http_connection;
  proxy_read_timeout 1h;
  server {{
    listen 127.0.0.1:{port};
    location = /v1/recognize {{ proxy_pass http://proxy; }}
    location = /v1/detect {{ proxy_pass http://tiny_ws; }}
  }}
}}
"""

# Where the reader makes a pause, and the silence that is put in there, in seconds.
PAUSE, SILENCE = 8.4, 5.0
# A window is 64 kB: the connection breaks within the tenth of speech.
CUT = 9 * 66_000 + 33_000


class SketchNginx(Nginx):
    """nginx before the proxy and the detector, as in the sketch."""

    def __init__(self, gateway: str, detector: str):
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.folder = Path(tempfile.mkdtemp(prefix="sori-"))
        configuration = self.folder / "nginx.conf"
        configuration.write_text(
            CONFIGURATION.format(folder=self.folder, port=self.port, gateway=gateway, detector=detector))
        self.process = subprocess.Popen(
            ["nginx", "-e", "stderr", "-p", self.folder, "-c", configuration], stderr=subprocess.DEVNULL)


def write_recording(path: Path):
    """The opening, with a silence in the middle as a quiet room has it."""
    sound = np.frombuffer(read(str(OPENING)), "<i2")
    pause = int(PAUSE * RATE)
    room = np.random.default_rng(1).integers(-8, 9, int(SILENCE * RATE), dtype=np.int16)
    with wave.open(str(path), "wb") as recording:
        recording.setnchannels(1)
        recording.setsampwidth(2)
        recording.setframerate(RATE)
        recording.writeframes(np.concatenate([sound[:pause], room, sound[pause:]]).astype("<i2").tobytes())


def answered(worker: Worker) -> int:
    """Windows that a worker has written down."""
    lines = get(worker.port, "metrics")[1].splitlines()
    counts = [line for line in lines if line.startswith("sori_worker_request_duration_seconds_count{")]
    return sum(int(float(line.split()[-1])) for line in counts)


class SketchTests(unittest.TestCase):
    def test_a_client_like_the_sketchs_is_served_while_a_recogniser_and_a_connection_are_lost(self):
        recognizers = [
            self.enterContext(Worker("recognizer", "--device", "cpu", "--lanes", "1")) for _ in ("gpu_ws", "cpu_ws")]
        tiny_ws = self.enterContext(Worker("detector", "--device", "cpu"))
        gateway = self.enterContext(Gateway([worker.address for worker in recognizers], [tiny_ws.address]))
        for process in [*recognizers, tiny_ws, gateway]:
            process.wait_until_ready()
        wait_until(lambda: gateway.metric("sori_workers", role="recognizer", state="ready") == 2, "both are ready")
        nginx = self.enterContext(SketchNginx(gateway.address, tiny_ws.address))
        cuts = self.enterContext(CuttingProxy(nginx.port))
        cuts.budgets = iter([CUT])
        folder = self.enterContext(tempfile.TemporaryDirectory(prefix="sori-"))
        recording = Path(folder) / "opening.wav"
        write_recording(recording)

        client = subprocess.Popen(
            [sys.executable, "-m", "client.sketch", recording, "--language", "en", "--speed", "2",
             "--detector", f"ws://127.0.0.1:{nginx.port}/v1/detect",
             "--proxy", f"ws://127.0.0.1:{cuts.port}/v1/recognize"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=Path(__file__).parent)
        self.addCleanup(client.communicate)
        self.addCleanup(client.kill)
        windows, gpu_ws = [], None
        # It ends by itself: no window waits longer than 30 s for its answer.
        for line in client.stdout:
            windows.append(json.loads(line))
            if gpu_ws is None and len(windows) == 4:
                gpu_ws = max(recognizers, key=answered)
                gpu_ws.kill()
        (cpu_ws,) = [worker for worker in recognizers if worker is not gpu_ws]
        at_the_end = answered(cpu_ws)
        _, complaints = client.communicate(timeout=20)
        self.assertEqual(client.returncode, 0, complaints)

        last = windows.pop()
        shown = "\n".join(map(str, [*windows, last, complaints]))
        self.assertLess(error_rate(OPENING_TEXT, last["text"]), 0.3, shown)
        self.assertEqual([window["start"] for window in windows], list(range(OPENING_SECONDS + int(SILENCE) - 1)), shown)
        # Silence is thrown away: all of the windows within it, and what is thrown away reaches no recogniser.
        within = [w for w in windows if PAUSE <= w["start"] and w["start"] + 2 <= PAUSE + SILENCE]
        self.assertEqual([window.get("silence") for window in within], [True] * 3, shown)
        speech = [window for window in windows if "text" in window]
        self.assertEqual(last["sent"], len(speech))
        taken = gateway.metric("sori_worker_request_duration_seconds_count", kind="final")
        # What was cut off may have come all the same, and is sent again.
        self.assertIn(taken, [len(speech), len(speech) + 1], shown)
        # The client has come back once, and the other recogniser has gone on alone.
        self.assertEqual((cuts.cuts, last["connections"]), (1, 2), shown)
        self.assertGreaterEqual(at_the_end, len([w for w in speech if w["start"] > PAUSE]), shown)
        wait_until(lambda: gateway.metric("sori_workers", role="recognizer", state="ready") == 1, "one is gone")
