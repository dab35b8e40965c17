"""mel.json: log-mel as faster-whisper's FeatureExtractor gives it.

{"entries": [{"name", "audio", "mels", "padding", "samples": array [n], "mel": array [mels, frames]}]}

`samples` are exactly what the extractor was given, called with its own padding off (`padding=0`): it then reflects
200 samples at both ends and drops the last frame, so there are n / 160 (rounded down) frames. `padding` says how
`samples` came from the clip: "none" (the clip, or its first seconds), "zeros30" (zeros up to 480,000 samples) or
"margin64" (zeros for 64 encoder positions = 20,480 samples). The largest value, from which the floor is counted, is
that of these samples.
"""

import numpy as np
from faster_whisper.feature_extractor import FeatureExtractor

from clips import RATE, Clips
from facts import Facts

MARGIN = 64 * 320


def entries(clips: Clips, facts: Facts) -> list[dict]:
    by_length = sorted(clips.speech("en", 40) + clips.speech("ko", 20), key=lambda clip: clip.seconds)
    short, middle, long = by_length[0], by_length[len(by_length) // 2], by_length[-1]
    cases = [
        ("short-30s", short, short.padded(), "zeros30"),
        ("middle-30s", middle, middle.padded(), "zeros30"),
        ("long-30s", long, long.padded(), "zeros30"),
        ("short-exact", short, short.samples, "none"),
        ("long-exact", long, long.samples, "none"),
        ("2s-exact", middle, middle.padded(2), "none"),
        ("2s-margin", middle, np.pad(middle.padded(2), (0, MARGIN)), "margin64"),
        ("0.3s-exact", long, long.samples[RATE : RATE + 4_800], "none"),
        ("silence-2s", None, np.zeros(2 * RATE, dtype=np.float32), "none"),
    ]
    extractors = {mels: FeatureExtractor(feature_size=mels) for mels in (80, 128)}
    result = []
    for name, clip, samples, padding in cases:
        for mels in (80, 128) if name in ("middle-30s", "2s-margin", "0.3s-exact") else (80,):
            label = f"mel-{name}-{mels}"
            result.append(
                {
                    "name": label,
                    "audio": str(clip.path) if clip else "",
                    "mels": mels,
                    "padding": padding,
                    "samples": facts.array(f"{label}-samples", samples),
                    "mel": facts.array(label, extractors[mels](samples, padding=0)),
                }
            )
    return result
