"""The file that `sori bench report` reads: what was played to whom, and what came when."""

import json
import os
import platform
from datetime import UTC, datetime
from pathlib import Path

from captions import Captions
from manifest import Recording
from peer import Options, Peer


def processor() -> str:
    """Its name, where the system tells."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def recording(played: Recording, captions: Captions, started: float) -> dict:
    return {
        "path": played.path,
        "language": played.language,
        "seconds": captions.sound.seconds,
        "startedAt": round(started, 3),
        "partials": captions.partials,
        "finals": captions.finals,
    }


def trial(peer: Peer, options: Options, command: str, usage: dict, recordings: list[dict]) -> dict:
    return {
        "system": peer.system,
        "model": options.model.resolve().name,
        "sessions": options.sessions,
        "date": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "machine": {
            "processor": processor(),
            "cores": os.cpu_count() or 1,
            "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        },
        "command": command,
        "settings": peer.settings,
        "usage": usage,
        "recordings": recordings,
    }


def write(path: Path, content: dict) -> None:
    """Whole or not at all."""
    part = path.with_name(path.name + ".part")
    part.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    part.replace(path)
