"""Makes the folder of test audio: WAV files and `manifest.jsonl`, one object a line: `path`, `language`, `seconds`, `text`.

    python3 scripts/test_audio.py PROMPTS RECORDING FOLDER

PROMPTS holds Debian's unpacked packages of Asterisk prompts, which become 16 kHz WAV files; RECORDING is two_cities.wav.
"""

import gzip
import json
import os
import re
import shutil
import subprocess
import sys
import wave
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

TWO_CITIES = (  # Charles Dickens, 1859: the whole recording
    "It was the best of times, it was the worst of times, it was the age of wisdom, it was the age of foolishness, "
    "it was the epoch of belief, it was the epoch of incredulity, it was the season of Light, it was the season of "
    "Darkness, it was the spring of hope, it was the winter of despair, we had everything before us, we had nothing "
    "before us, we were all going direct to Heaven, we were all going direct the other way: in short, the period was "
    "so far like the present period, that some of its noisiest authorities insisted on its being received, for good "
    "or for evil, in the superlative degree of comparison only."
)


def prompts(packages: Path):
    """Yields (recording, name, words) for prompts whose text is what is said: whole phrases without figures or remarks."""
    sounds = packages / "usr/share/asterisk/sounds/en_US_f_Allison"
    listing = packages / "usr/share/doc/asterisk-core-sounds-en/core-sounds-en.txt.gz"
    for line in gzip.open(listing, "rt", encoding="utf-8"):
        name, separator, text = line.strip().partition(": ")
        recording = sounds / f"{name}.g722"
        plain = not re.search(r"[][<>()*#/0-9]", text)
        if separator and plain and len(text.split()) >= 5 and recording.exists():
            yield recording, name.replace("/", "-"), " ".join(text.split())


def convert(recording: Path, wav: Path) -> None:
    command = ["ffmpeg", "-loglevel", "error", "-nostdin", "-y", "-f", "g722", "-i", recording, wav]
    subprocess.run(command, check=True)


def entry(wav: Path, text: str) -> str:
    with wave.open(str(wav)) as file:
        seconds = round(file.getnframes() / file.getframerate(), 3)
    return json.dumps({"path": wav.name, "language": "en", "seconds": seconds, "text": text}) + "\n"


def main() -> None:
    packages, recording, folder = map(Path, sys.argv[1:])
    two_cities = Path(shutil.copy(recording, folder))
    clips = [(source, folder / f"{name}.wav", text) for source, name, text in prompts(packages)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(lambda clip: convert(clip[0], clip[1]), clips))
    with open(folder / "manifest.jsonl", "w", encoding="utf-8") as manifest:
        manifest.write(entry(two_cities, TWO_CITIES))
        manifest.writelines(entry(wav, text) for _, wav, text in clips)


if __name__ == "__main__":
    main()
