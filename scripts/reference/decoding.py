"""greedy.json, beam.json, translate.json, language.json: one encoding of each clip serves them all.

The clip is padded with zeros to 30 s before the log-mel; the language is given; nothing is carried over; no fallback.
{"options": what `generate` was called with, "entries": [clip + generation]}, where clip = {"audio", "language",
"reference", "seconds"} and generation = {"timestamps", "prompt", "tokens", "score", "averageLogProbability",
"noSpeechProbability", "text"} (language.json: {"probabilities": {"en": p, …} from 0.001 up, "noSpeechProbability"}).
greedy.json has two entries for a clip, without and with timestamps; tokens end before end of text. CTranslate2 makes at
most max_length / 2 = 224 tokens. A batch changes no token and scores by less than 1e-6.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
from ctranslate2 import StorageView

from clips import Clip, Clips, spread
from reference import Reference

BATCH = 4  # clips decoded side by side: a token's time goes into reading the weights


@dataclass
class Part:
    """What one file takes from the encoding of its clips: `take` gives the entries of each clip of a batch."""

    name: str
    clips: list[Clip]
    take: Callable[[Reference, list[Clip], StorageView], list[list[dict]]]
    options: Callable[[Reference], dict]
    entries: list[dict] = field(default_factory=list)


def parts(clips: Clips) -> list[Part]:
    english, korean, japanese = clips.speech("en", 100), clips.speech("ko", 60), clips.speech("ja", 45)
    mixed = spread(english, 24) + spread(korean, 20) + spread(japanese, 16)
    searched = spread(english, 12) + spread(korean, 10) + spread(japanese, 8)
    return [
        Part("greedy", english + korean + japanese, greedy, lambda reference: reference.options(1)),
        Part("beam", searched, beam, lambda reference: reference.options(5)),
        Part("translate", spread(korean, 10), translate, lambda reference: reference.options(1)),
        Part("language", mixed + clips.noise(), language, lambda reference: {}),
    ]


def greedy(reference: Reference, clips: list[Clip], encoded) -> list[list[dict]]:
    languages = [clip.language for clip in clips]
    both = [reference.generate(encoded, languages, timestamps) for timestamps in (False, True)]
    return [list(pair) for pair in zip(*both, strict=True)]


def beam(reference: Reference, clips: list[Clip], encoded) -> list[list[dict]]:
    return [[entry] for entry in reference.generate(encoded, [clip.language for clip in clips], False, beam=5)]


def translate(reference: Reference, clips: list[Clip], encoded) -> list[list[dict]]:
    return [
        [entry] for entry in reference.generate(encoded, [clip.language for clip in clips], False, task="translate")
    ]


def language(reference: Reference, clips: list[Clip], encoded) -> list[list[dict]]:
    ranked = reference.whisper.model.detect_language(encoded)
    no_speech = reference.no_speech(encoded, len(clips))
    return [
        [{"probabilities": {token[2:-2]: p for token, p in ranks if p >= 0.001}, "noSpeechProbability": silent}]
        for ranks, silent in zip(ranked, no_speech, strict=True)
    ]


def run(reference: Reference, wanted: list[Part]) -> Iterator[tuple[int, int]]:
    """Encodes every clip that a part wants, once; gives (done, all) after each batch."""
    clips = list(dict.fromkeys(clip for part in wanted for clip in part.clips))
    batches = [clips[first : first + BATCH] for first in range(0, len(clips), BATCH)]

    def take(batch: list[Clip]) -> list[list[dict]]:
        outputs = {clip: np.array(reference.encode(clip.padded())) for clip in batch}
        found = []
        for part in wanted:
            chosen = [clip for clip in batch if clip in part.clips]
            encoded = chosen and StorageView.from_array(np.concatenate([outputs[clip] for clip in chosen]))
            taken = part.take(reference, chosen, encoded) if chosen else []
            found.append([clip.facts | facts for clip, entries in zip(chosen, taken, strict=True) for facts in entries])
        return found

    done = 0
    for batch, found in zip(batches, reference.each(take, batches), strict=True):
        for part, entries in zip(wanted, found, strict=True):
            part.entries += entries
        done += len(batch)
        yield done, len(clips)
