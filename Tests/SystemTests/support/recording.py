"""A reader of "A Tale of Two Cities" by Charles Dickens, and what is heard in the recording."""

import os
import tempfile
import wave
from pathlib import Path

HOME = Path(os.environ.get("SORI_HOME", Path.home() / ".local/share/sori"))

# 44 s.
RECORDING = HOME / "recordings/two_cities.wav"
TEXT = (
    "It was the best of times, it was the worst of times, it was the age of wisdom, it was the age of foolishness, it was "
    "the epoch of belief, it was the epoch of incredulity, it was the season of light, it was the season of darkness, it "
    "was the spring of hope, it was the winter of despair, we had everything before us, we had nothing before us, we were "
    "all going direct to heaven, we were all going direct the other way, in short, the period was so far like the present "
    "period that some of its noisiest authorities insisted on its being received, for good or for evil, in the "
    "superlative degree of comparison only."
)

# Its beginning, up to a pause: most tests need no more.
OPENING_SECONDS = 17
OPENING_TEXT = TEXT[: TEXT.index(", it was the spring")]
_folder = tempfile.TemporaryDirectory(prefix="sori-")
OPENING = Path(_folder.name) / "opening.wav"


def speech(seconds: float) -> bytes:
    """Spoken sound, 16 bits, 48 kHz, over and over."""
    with wave.open(str(RECORDING)) as recording:
        frames = recording.readframes(recording.getnframes())
    length = int(seconds * 48_000) * 2
    return (frames * (length // len(frames) + 1))[:length]


with wave.open(str(OPENING), "wb") as opening:
    opening.setnchannels(1)
    opening.setsampwidth(2)
    opening.setframerate(48_000)
    opening.writeframes(speech(OPENING_SECONDS))
