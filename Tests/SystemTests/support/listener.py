"""Clients that play a recording to gateways, each a process."""

import subprocess
import sys
from pathlib import Path

from support.cluster import Gateway
from support.recording import OPENING
from support.sori import LISTEN


def start(gateways: Gateway | list[Gateway], *options: str, recording: Path = OPENING) -> subprocess.Popen:
    """Begins to play a recording; where there are several gateways, each new connection goes to the next one, also when a
    gateway has gone."""
    first, *others = [gateways.url] if isinstance(gateways, Gateway) else [gateway.url for gateway in gateways]
    also = ["--also", *others, "--reconnect", "60"] if others else []
    return subprocess.Popen(
        [sys.executable, LISTEN, first, recording, *also, "--language", "en", "--text", *options],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def transcript(process: subprocess.Popen, seconds: float = 150) -> str:
    """Waits until everything is said."""
    text, complaints = process.communicate(timeout=seconds)
    assert process.returncode == 0, complaints
    return text
