#!/usr/bin/env python3
"""What faster-whisper in float32 makes of the short recordings, scored as Sori's own transcripts are:

    eval "$(scripts/env)"
    "$SORI_REFERENCE_PYTHON" Benchmarks/peers/recordings.py --timestamps --output faster-whisper.json
    .build/release/sori bench report faster-whisper.json
    .build/release/sori bench recordings --kinds clips      # Sori's

Greedy, one thread, the language given, temperatures as faster-whisper has them. `bench report` takes what is written here for a trial: of
its table only the errors of finals mean something.
"""

import argparse
import json
import os
import sys
from pathlib import Path

import soundfile
from faster_whisper import WhisperModel


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--manifest", type=Path, default=Path("../shared/speech/manifest.jsonl"))
    parser.add_argument("--languages", nargs="+", default=["en", "ko", "ja"])
    parser.add_argument("--timestamps", action="store_true", help="let the model write times between segments")
    parser.add_argument("--compute", default="float32", help="CTranslate2's compute type; default float32")
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args()
    model = WhisperModel(f"{os.environ['SORI_HOME']}/models/base", compute_type=options.compute, cpu_threads=1)
    lines = [json.loads(line) for line in options.manifest.read_text().splitlines()]
    # As `sori bench recordings --kinds clips` takes them: no long ones, none without speech.
    lines = [
        line for line in lines
        if line["language"] in options.languages and not line["path"].startswith("streams/") and "song" not in line.get("split", "")]
    recordings = []
    for number, line in enumerate(lines, 1):
        sound, rate = soundfile.read(options.manifest.parent / line["path"], dtype="float32")
        assert rate == 16_000 and sound.ndim == 1, line["path"]
        segments, _ = model.transcribe(
            sound, language=line["language"], beam_size=1, without_timestamps=not options.timestamps)
        text = "".join(segment.text for segment in segments).strip()
        # A moment longer than it is, so that it is the whole recording.
        seconds = len(sound) / rate + 1
        final = {"time": seconds, "utterance": 0, "text": text, "start": 0, "end": seconds}
        recordings.append(
            {"path": line["path"], "language": line["language"], "seconds": seconds, "partials": [], "finals": [final]})
        print(f"\r{number} of {len(lines)}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    options.output.write_text(json.dumps({
        "system": f"faster-whisper {options.compute}", "model": "base", "sessions": 1, "date": "",
        "machine": {"processor": "", "cores": os.cpu_count(), "system": ""}, "command": " ".join(sys.argv), "settings": {},
        "recordings": recordings}, ensure_ascii=False))


if __name__ == "__main__":
    main()
