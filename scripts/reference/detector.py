"""nospeech.json: the no-speech probability of the small model on 2 s windows, the way the detector asks for it.

{"seconds": 2, "margin": 64, "entries": [clip + {"start", "noSpeechProbability"}]}: two seconds of the clip from
`start` (in seconds), zeros for 64 encoder positions after them, exactly those 328 frames encoded.
"""

import numpy as np

from clips import RATE, Clip, Clips
from reference import Reference


def entries(reference: Reference, clips: Clips) -> list[dict]:
    speech = [clip for language in ("en", "ko", "ja") for clip in clips.speech(language, 20)]
    long_enough = [clip for clip in speech + clips.noise() if clip.seconds >= 3]
    return list(reference.each(lambda clip: window(reference, clip), long_enough))


def window(reference: Reference, clip: Clip) -> dict:
    start = 0.5
    first = round(start * RATE)
    samples = np.pad(clip.samples[first : first + 2 * RATE], (0, 64 * 320))
    return clip.facts | {"start": start, "noSpeechProbability": reference.no_speech(reference.encode(samples))[0]}
