"""WhisperLive with its faster-whisper backend: its own server as a process of its own, spoken to as its client does.

Options are those of its stock client, in frames of 4,096 float32 samples. The server does not finish what is in its
buffer when told that the sound has ended, but closes; so that is only said when the text has not changed for 15 s, as
its stock client does. Meanwhile it decodes the end again and again, and completes it when it came out the same often
enough. Nothing says that a text is final: the time of the final is that of the last change, or the end of the sound.
"""

import json
import socket
import sys
import tempfile
import threading
import time
import uuid
from importlib.util import find_spec
from pathlib import Path

import psutil
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from captions import Captions
from live_sound import LiveSound
from peer import Options, Peer, PeerError, versions
from segments import Segments

SERVER = Path(__file__).parent / "whisperlive_server.py"
FRAME = 4096
START_SECONDS = 120.0  # the most that the server, and then its model, may take to be ready
QUIET_SECONDS = 15.0  # without a change of the text, after the sound
DRAIN_SECONDS = 60.0  # the most of that
OPTIONS = {
    "task": "transcribe",
    "use_vad": True,
    "send_last_n_segments": 10,
    "no_speech_thresh": 0.45,
    "clip_audio": False,
    "same_output_threshold": 10,
}


class WhisperLive(Peer):
    def __init__(self, options: Options):
        libraries = versions("whisper-live", "faster-whisper", "ctranslate2")
        self.system = f"WhisperLive {libraries['whisper-live']}"
        self.settings = libraries | {
            "threads": str(options.threads or "1, its default"),
            "compute type": "int8",
            "beam": "5",
            "voice activity detection": "on",
            "torch": "installed" if find_spec("torch") else "a stand-in: less memory than with torch",
            "usage": "of the server alone",
        }
        self.model = options.model.resolve()
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.url = f"ws://127.0.0.1:{port}"
        self.log = tempfile.TemporaryFile("w+")
        command = [sys.executable, str(SERVER), str(port), str(self.model), "--sessions", str(options.sessions)]
        command += ["--threads", str(options.threads)] if options.threads else []
        self.process = psutil.Popen(command, stdout=self.log, stderr=self.log)
        try:
            self._connect().close()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except psutil.TimeoutExpired:
            self.process.kill()
        self.log.close()

    def caption(self, sound: LiveSound, language: str, captions: Captions) -> None:
        with self._connect() as connection:
            session = Session(connection, captions)
            session.open(language, self.model)
            sound.start()
            session.listen()
            for frame in sound.frames(FRAME):
                session.send(frame.tobytes())
            while session.quiet() < QUIET_SECONDS and sound.elapsed < sound.seconds + DRAIN_SECONDS:
                time.sleep(0.1)
            session.end()
        captions.finish(max(captions.changed, sound.seconds))

    def _connect(self) -> ClientConnection:
        """Tries until the server listens. Its stock client neither compresses nor asks whether the server is there."""
        end = time.monotonic() + START_SECONDS
        while True:
            try:
                return connect(self.url, max_size=None, compression=None, ping_interval=None)
            except OSError:
                if self.process.poll() is not None:
                    raise PeerError(f"WhisperLive's server ended: {self._last_words()}") from None
                if time.monotonic() > end:
                    raise PeerError(f"WhisperLive's server was not ready after {START_SECONDS:.0f} s") from None
                time.sleep(0.2)

    def _last_words(self) -> str:
        self.log.seek(0)
        return (self.log.read().strip() or "without a word").splitlines()[-1]


class Session:
    """One client of the server."""

    def __init__(self, connection: ClientConnection, captions: Captions):
        self.connection = connection
        self.captions = captions
        self.uid = str(uuid.uuid4())
        self.segments = Segments()
        self.refusal: str | None = None
        self.ending = False
        self.reader = threading.Thread(target=self._read, daemon=True)

    def open(self, language: str, model: Path) -> None:
        """Until the server is ready: the first client waits for the model."""
        self.connection.send(json.dumps({"uid": self.uid, "language": language, "model": str(model), **OPTIONS}))
        try:
            message = json.loads(self.connection.recv(timeout=START_SECONDS))
        except (TimeoutError, ConnectionClosed):
            raise PeerError("WhisperLive's server took no session") from None
        if message.get("message") != "SERVER_READY":
            raise PeerError(f"WhisperLive's server took no session: {message.get('status')} {message.get('message')}")

    def listen(self) -> None:
        self.reader.start()

    def send(self, data: bytes) -> None:
        try:
            self.connection.send(data)
        except ConnectionClosed:
            self.refusal = self.refusal or "it closed the connection"
        if self.refusal:
            raise PeerError(f"WhisperLive's server ended a session: {self.refusal}")

    def quiet(self) -> float:
        """Seconds since the sound ended or the text changed."""
        sound = self.captions.sound
        return sound.elapsed - max(self.captions.changed, sound.seconds)

    def end(self) -> None:
        self.ending = True
        self.send(b"END_OF_AUDIO")
        self.reader.join(timeout=10)

    def _read(self) -> None:
        try:
            for text in self.connection:
                message = json.loads(text)
                if message.get("uid") != self.uid:
                    continue
                if "segments" in message:
                    self.captions.show(*self.segments.take(message["segments"]))
                elif "status" in message or message.get("message") == "DISCONNECT":
                    self.refusal = f"{message.get('status', '')} {message.get('message', '')}".strip()
        except ConnectionClosed:
            pass
        if not self.ending:
            self.refusal = self.refusal or "it closed the connection"
