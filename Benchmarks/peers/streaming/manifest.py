"""The recordings that Sori's own measurements play, chosen from the same list in the same way."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from peer import PeerError

if TYPE_CHECKING:
    import numpy as np
    import soundfile

RATE = 16_000
SHORT = 30  # seconds: longer ones are streams
SPOKEN_FOR_NONE = "ko"  # what a session is told of sound without speech


@dataclass
class Recording:
    """A recording of which so many seconds are played."""

    path: str  # as the manifest has it
    file: Path
    language: str
    limit: float | None = None

    @property
    def spoken(self) -> str:
        return SPOKEN_FOR_NONE if self.language == "none" else self.language

    def open(self) -> "soundfile.SoundFile":
        import soundfile  # not needed to choose

        try:
            file = soundfile.SoundFile(self.file)
        except (OSError, soundfile.SoundFileError) as error:
            raise PeerError(f"cannot read {self.file}: {error}") from None
        if file.samplerate != RATE or file.channels != 1:
            raise PeerError(f"{self.file}: give 16 kHz mono, so that every system gets the same samples")
        return file

    def length(self) -> int:
        """Samples that are played."""
        with self.open() as file:
            return file.frames if self.limit is None else min(file.frames, round(self.limit * RATE))

    def samples(self) -> "np.ndarray":
        with self.open() as file:
            return file.read(self.length(), dtype="float32")


def read(manifest: Path) -> list[dict]:
    """The lines of a manifest."""
    try:
        lines = manifest.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise PeerError(f"cannot read {manifest}; give a file of JSON lines with path, language and text") from None
    entries = []
    for line in filter(None, lines):
        try:
            entry = json.loads(line)
            if not (isinstance(entry["path"], str) and isinstance(entry["language"], str)):
                raise TypeError
        except (ValueError, KeyError, TypeError):
            problem = "has a line that is no JSON object with path and language"
            raise PeerError(f"{manifest} {problem}: {line[:60]}") from None
        entries.append(entry)
    return entries


def choose(entries: list[dict], language: str, limit: int, streams: bool = False) -> list[dict]:
    """At most `limit` recordings of a language, spread evenly over the list: the long ones, or those up to 30 s."""

    def wanted(entry: dict) -> bool:
        short = entry.get("split") != "stream" and (entry.get("seconds") or 0) <= SHORT
        return entry["language"] == language and (short != streams or language == "none")

    def for_mixing(entry: dict) -> bool:
        return "babble" in (entry.get("split") or "") and not streams and language != "none"

    entries = [entry for entry in entries if wanted(entry)]
    step = max(1, -(-len(entries) // limit))
    return [entry for entry in entries[::step] if not for_mixing(entry)]


def first_part(sentences: list[dict], seconds: float) -> float | None:
    """Where the first part of a long recording ends: between two sentences; `None` when it has no more than one."""
    for sentence, following in zip(sentences, sentences[1:]):
        if following["end"] > seconds:
            return (sentence["end"] + following["start"]) / 2
    return None


def length(entry: dict, folder: Path, seconds: float | None) -> float | None:
    """How much of a recording is played; `None` for all of it, as where no sentences are known."""
    if seconds is None or (entry.get("seconds") or 0) <= seconds or not entry.get("segments"):
        return None
    try:
        return first_part(json.loads((folder / entry["segments"]).read_text(encoding="utf-8"))["segments"], seconds)
    except (OSError, ValueError, KeyError):
        return None


def recordings(
    manifest: Path, languages: list[str], limit: int, streams: bool = False, seconds: float | None = None
) -> list[Recording]:
    entries = read(manifest)
    found = []
    for language in languages:
        chosen = choose(entries, language, limit, streams)
        if not chosen:
            kind = "long recording" if streams else f"recording up to {SHORT} s"
            raise PeerError(f"{manifest} lists no {kind} of language {language}")
        folder = manifest.parent
        found += [
            Recording(entry["path"], folder / entry["path"], language, length(entry, folder, seconds))
            for entry in chosen
        ]
    return found
