"""whisper.cpp through pywhispercpp. The wheel is built for AVX2: where there is more, a build of one's own is faster.

The binding passes one token to `whisper_decode`, so the prefix is given as `prompt_tokens` of a whole `whisper_full`,
whose mel is measured alone and taken off. `audio_ctx` stays in force for the `whisper_encode` calls after such a run.
"""

from pathlib import Path

import _pywhispercpp as binding
import numpy as np
from pywhispercpp.model import Model

from measure import NEW_TOKENS, PREFIX, Stopwatch


class WhisperCpp:
    def __init__(self, model: Path, threads: int, language: str, kind: None):
        self.threads = threads
        self.model = Model(
            str(model),
            n_threads=threads,
            language=language,
            print_progress=False,
            no_timestamps=True,
            single_segment=True,
            temperature_inc=0.0,
            redirect_whispercpp_logs_to=None,
        )
        self.context = self.model._ctx
        self.prefix = list(range(1000, 1000 + PREFIX))

    def mel(self, samples: np.ndarray) -> np.ndarray:
        """whisper.cpp keeps its log-mel inside; the samples stand for it."""
        binding.whisper_pcm_to_mel(self.context, samples, len(samples), self.threads)
        return samples

    def run(self, samples: np.ndarray, **parameters) -> list:
        positions = min(1500, len(samples) // 320)
        return self.model.transcribe(samples, audio_ctx=positions, **parameters)

    def encode(self, samples: np.ndarray) -> None:
        if len(samples) != getattr(self, "encoded", None):
            self.run(samples, max_tokens=1)
            self.mel(samples)
            self.encoded = len(samples)
        binding.whisper_encode(self.context, 0, self.threads)

    def window(self, samples: np.ndarray) -> None:
        self.encoded = None
        self.run(samples, prompt_tokens=self.prefix, prompt_n_tokens=PREFIX, max_tokens=NEW_TOKENS - 1)
        assert binding.whisper_full_n_tokens(self.context, 0) == NEW_TOKENS  # it stops one after `max_tokens`

    def window_seconds(self, samples: np.ndarray, stopwatch: Stopwatch) -> float:
        mel = stopwatch.least(lambda: self.mel(samples))
        return stopwatch.least(lambda: self.window(samples)) - mel

    def token_seconds(self, samples: np.ndarray, stopwatch: Stopwatch) -> float:
        self.encode(samples)
        return min(
            stopwatch.least(lambda: binding.whisper_decode(self.context, 1000, 1, PREFIX + 4, self.threads))
            for _ in range(4)
        )

    def transcribe(self, samples: np.ndarray) -> tuple[str, int]:
        self.encoded = None
        segments = self.run(samples, prompt_tokens=None, prompt_n_tokens=0, max_tokens=0)
        count = sum(binding.whisper_full_n_tokens(self.context, index) for index in range(len(segments)))
        return " ".join(segment.text for segment in segments).strip(), count
