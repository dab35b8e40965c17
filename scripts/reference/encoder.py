"""encoder.json: the encoder's output for the mel it was given, so that nothing else can differ.

{"entries": [{"name", "audio", "frames", "positions", "mel": array [mels, frames], "output": array
[positions, width]}]}

30 s: the clip and zeros up to 480,000 samples, 3,000 frames. Short windows: the first seconds of the clip and zeros
for 64 encoder positions; exactly those frames are fed (2 s: 328 frames, 164 positions), the encoder sees no more.
"""

import numpy as np

from clips import Clips
from facts import Facts
from reference import Reference


def entries(reference: Reference, clips: Clips, facts: Facts) -> list[dict]:
    english = clips.speech("en", 8)
    longest = max(english, key=lambda clip: clip.seconds)
    other = (clips.speech("ko", 1) or english)[0]
    cases = [
        ("long-30s", longest, longest.padded()),
        ("other-30s", other, other.padded()),
        ("long-2s", longest, np.pad(longest.padded(2), (0, 64 * 320))),
        ("other-2s", other, np.pad(other.padded(2), (0, 64 * 320))),
        ("long-5s", longest, np.pad(longest.padded(5), (0, 64 * 320))),
    ]
    result = []
    for name, clip, samples in cases:
        mel = reference.mel(samples)
        output = np.array(reference.whisper.encode(mel))[0]
        result.append(
            {
                "name": name,
                "audio": str(clip.path),
                "frames": mel.shape[1],
                "positions": output.shape[0],
                "mel": facts.array(f"encoder-{name}-mel", mel),
                "output": facts.array(f"encoder-{name}", output),
            }
        )
    return result
