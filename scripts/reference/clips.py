"""The recordings, from manifests.

A line is a JSON object: `path` (relative to the manifest), `language` (`none`: no speech), `text`, `seconds`.
Every choice of clips is made by position in the manifest, so that the same manifest gives the same clips.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from faster_whisper import decode_audio

RATE = 16_000


@dataclass(frozen=True)
class Clip:
    path: Path
    language: str
    text: str
    seconds: float

    @property
    def samples(self) -> np.ndarray:
        """16 kHz mono, float32."""
        try:
            samples, rate = soundfile.read(self.path, dtype="float32")
        except soundfile.LibsndfileError:
            rate = 0
        if rate == RATE and samples.ndim == 1:
            return samples
        return decode_audio(str(self.path), sampling_rate=RATE)

    def padded(self, seconds: float = 30) -> np.ndarray:
        """The samples with zeros after them, or cut, to exactly this long."""
        count = round(seconds * RATE)
        samples = self.samples[:count]
        return np.pad(samples, (0, count - len(samples)))

    @property
    def facts(self) -> dict:
        return {"audio": str(self.path), "language": self.language, "reference": self.text, "seconds": self.seconds}


class Clips:
    """All clips of the manifests."""

    def __init__(self, manifests: list[Path]):
        self.all = [clip for manifest in manifests for clip in read(manifest)]

    def speech(self, language: str, count: int) -> list[Clip]:
        """At most `count` clips of at most 30 s, spread evenly over the manifest."""
        return spread([clip for clip in self.all if clip.language == language and clip.seconds <= 30], count)

    def streams(self, language: str, count: int) -> list[Clip]:
        return [clip for clip in self.all if clip.language == language and clip.seconds > 40][:count]

    def noise(self) -> list[Clip]:
        """Recordings without speech."""
        return [clip for clip in self.all if clip.language == "none"]


def read(manifest: Path) -> list[Clip]:
    rows = [json.loads(line) for line in manifest.read_text(encoding="utf-8").splitlines() if line.strip()]
    folder = manifest.parent.resolve()
    return [
        Clip(
            folder / row["path"],
            row["language"],
            row.get("text", ""),
            row.get("seconds") or duration(folder / row["path"]),
        )
        for row in rows
    ]


def duration(path: Path) -> float:
    return soundfile.info(path).duration


def spread(items: list, count: int) -> list:
    if len(items) <= count:
        return items
    return [items[index * len(items) // count] for index in range(count)]
