#!/usr/bin/env python3
"""Prints the resident memory of a server: at the start, after sessions, and with several that are open at once.

    eval "$(scripts/env)"; "$SORI_CLIENTS_PYTHON" Benchmarks/memory.py
"""

import json
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

from websockets.sync.client import connect

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "Tests/SystemTests"))

from support.recording import RECORDING
from support.sori import LISTEN, Server

IDLE_SESSIONS = 20


def main():
    with Server() as server:
        address = f"ws://127.0.0.1:{server.port}/v1/listen"

        def tell(moment: str):
            print(f"{moment:40} {server.resident / (1 << 20):6.0f} MiB", flush=True)

        def play(*options: str):
            command = [sys.executable, LISTEN, address, RECORDING, "--language", "en", *options]
            subprocess.run(command, stdout=subprocess.DEVNULL, check=True)

        tell("ready")
        for _ in range(2):
            play("--fast")
            tell("after a recording at full speed")
        for _ in range(2):
            play("--speed", "2")
            tell("after a recording at twice its speed")
        before = server.resident
        with ExitStack() as stack:
            for _ in range(IDLE_SESSIONS):
                socket = stack.enter_context(connect(address))
                socket.send(json.dumps({"type": "start", "version": 1}))
                socket.recv()
                socket.send(bytes(32_000 * 10))
            tell(f"with {IDLE_SESSIONS} sessions")
            print(f"a session: {(server.resident - before) / (1 << 20) / IDLE_SESSIONS:.1f} MiB")


if __name__ == "__main__":
    main()
