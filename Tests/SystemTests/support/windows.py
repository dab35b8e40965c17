"""Windows that are recognised without a session."""

import json
import wave

from support.cluster import Gateway
from support.recording import OPENING
from websockets.sync.client import connect


def recognize(gateway: Gateway, seconds: int, **head) -> str:
    """The text of the recording's first seconds, asked for without a session."""
    with wave.open(str(OPENING)) as recording:
        sound = recording.readframes(seconds * 48_000)
    with connect(f"ws://127.0.0.1:{gateway.port}/v1/recognize") as socket:
        json.loads(socket.recv(timeout=10))
        options = {"language": "en", "timestamps": False}
        socket.send(json.dumps({"type": "recognize", "id": 1, "options": options, **head}))
        # Every third sample: 16 kHz.
        socket.send(b"".join(sound[index : index + 2] for index in range(0, len(sound), 6)))
        return json.loads(socket.recv(timeout=120))["result"]["text"]
