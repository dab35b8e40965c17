"""Measures one peer in a process of its own and prints one JSON object, with the keys of `sori bench engine --json`.

    python Benchmarks/peers/measure.py PEER MODEL AUDIO --threads N --language en

| key | what is timed |
| --- | --- |
| load_seconds | the model, from its files |
| first_result_seconds | the model and then the first 2 s window, mel included |
| mel_seconds | {"30": log-mel of 30 s} |
| encode_seconds | {"1", "2", "5", "10": that many seconds and a silent margin of 64 positions; "30": 1,500 positions} |
| prefix40_seconds | 40 tokens of prefix after the start tokens, up to the choice of the next token |
| token_seconds | each further token at the 164 positions of a 2 s window |
| window2_seconds | encode 2 s with its margin, the prefix, 5 new tokens; the mel not counted |
| window2_padded_seconds | the same with the window padded to 30 s |
| clip30_seconds, clip30_tokens, text | samples in memory to text: 30 s, greedy, without timestamps, no fallback |
| resident_bytes, baseline_bytes | of the process at the end, and before the model was loaded |

Each time but the first two is the least of `--repeat` after one that does not count.
"""

import argparse
import json
import math
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import soundfile

RATE = 16_000
MARGIN = 64
PREFIX = 40
NEW_TOKENS = 5


def positions(seconds: float) -> int:
    return 1500 if seconds >= 30 else math.ceil(50 * seconds) + MARGIN


def cut(samples: np.ndarray, seconds: float, count: int | None = None) -> np.ndarray:
    """The first seconds with zeros up to the encoder positions (of 320 samples) that are asked for."""
    count = (count or positions(seconds)) * 320
    part = samples[: min(count, round(seconds * RATE))]
    return np.pad(part, (0, count - len(part)))


def resident() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096


class Stopwatch:
    def __init__(self, repeat: int):
        self.repeat = repeat

    def least(self, work: Callable[[], object]) -> float:
        return min([self.once(work) for _ in range(self.repeat + 1)][1:])

    def once(self, work: Callable[[], object]) -> float:
        start = time.perf_counter()
        work()
        return time.perf_counter() - start


def report(open_peer: Callable, samples: np.ndarray, stopwatch: Stopwatch) -> dict:
    baseline = resident()
    start = time.perf_counter()
    peer = open_peer()
    loaded = time.perf_counter()
    peer.window(peer.mel(cut(samples, 2)))
    first = time.perf_counter()

    clip = cut(samples, 30)
    encode = {
        str(seconds): stopwatch.least(partial(peer.encode, peer.mel(cut(samples, seconds))))
        for seconds in (1, 2, 5, 10, 30)
    }
    short = peer.mel(cut(samples, 2))
    padded = peer.mel(cut(samples, 2, count=1500))
    window = peer.window_seconds(short, stopwatch)
    token = peer.token_seconds(short, stopwatch)
    text, tokens = peer.transcribe(clip)
    return {
        "load_seconds": loaded - start,
        "first_result_seconds": first - start,
        "mel_seconds": {"30": stopwatch.least(lambda: peer.mel(clip))},
        "encode_seconds": encode,
        "prefix40_seconds": window - encode["2"] - (NEW_TOKENS - 1) * token,
        "token_seconds": token,
        "window2_seconds": window,
        "window2_padded_seconds": peer.window_seconds(padded, stopwatch),
        "clip30_seconds": stopwatch.least(lambda: peer.transcribe(clip)),
        "clip30_tokens": tokens,
        "resident_bytes": resident(),
        "baseline_bytes": baseline,
        "text": text,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("peer", choices=["faster-whisper-int8", "faster-whisper-float32", "whisper.cpp"])
    parser.add_argument("model", type=Path, help="CTranslate2 directory, or ggml-*.bin for whisper.cpp")
    parser.add_argument("audio", type=Path, help="16 kHz mono")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--language", default="en")
    arguments = parser.parse_args()
    samples, rate = soundfile.read(arguments.audio, dtype="float32")
    if rate != RATE or samples.ndim != 1:
        parser.error(f"{arguments.audio}: give 16 kHz mono, so that no resampling is measured")
    if arguments.peer == "whisper.cpp":
        from whisper_cpp import WhisperCpp as Peer

        kind = None
    else:
        from faster_whisper_peer import FasterWhisper as Peer

        kind = arguments.peer.rpartition("-")[2]

    def open_peer() -> Peer:
        return Peer(arguments.model, arguments.threads, arguments.language, kind)

    facts = {"engine": arguments.peer, "model": arguments.model.name, "device": "cpu", "threads": arguments.threads}
    print(json.dumps(facts | report(open_peer, samples, Stopwatch(arguments.repeat)), ensure_ascii=False))


if __name__ == "__main__":
    main()
