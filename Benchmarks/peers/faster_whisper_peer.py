"""faster-whisper, called below `transcribe` so that it may encode a short window: its own way is to pad to 30 s."""

from pathlib import Path

import numpy as np
from faster_whisper import WhisperModel
from faster_whisper.tokenizer import Tokenizer
from faster_whisper.transcribe import get_suppressed_tokens

from measure import NEW_TOKENS, PREFIX, Stopwatch

TEXT = " The quick brown fox jumps over the lazy dog, and then he went home to sleep for a long while."


class FasterWhisper:
    def __init__(self, model: Path, threads: int, language: str, kind: str):
        self.whisper = WhisperModel(str(model), device="cpu", compute_type=kind, cpu_threads=threads)
        self.tokenizer = Tokenizer(
            self.whisper.hf_tokenizer, self.whisper.model.is_multilingual, "transcribe", language
        )
        self.prompt = [*self.tokenizer.sot_sequence, self.tokenizer.no_timestamps]
        self.prefix = (self.tokenizer.encode(TEXT) * 4)[:PREFIX]
        self.suppressed = list(get_suppressed_tokens(self.tokenizer, [-1]))

    def mel(self, samples: np.ndarray) -> np.ndarray:
        return self.whisper.feature_extractor(samples, padding=0)

    def encode(self, mel: np.ndarray):
        return self.whisper.encode(mel)

    def generate(self, encoded, prefix: list[int], new_tokens: int | None) -> list[int]:
        """With a count of new tokens, the end of text is suppressed so that exactly so many are made.

        CTranslate2 allows half of `max_length` tokens, the prefix among them, and gives the prefix back too.
        """
        suppressed = self.suppressed + ([self.tokenizer.eot] if new_tokens else [])
        length = 2 * (len(prefix) + new_tokens) if new_tokens else self.whisper.max_length
        result = self.whisper.model.generate(
            encoded,
            [self.prompt + prefix],
            beam_size=1,
            max_length=length,
            suppress_blank=True,
            suppress_tokens=suppressed,
        )
        return result[0].sequences_ids[0][len(prefix) :]

    def window(self, mel: np.ndarray) -> None:
        tokens = self.generate(self.encode(mel), self.prefix, NEW_TOKENS)
        assert len(tokens) == NEW_TOKENS, tokens

    def window_seconds(self, mel: np.ndarray, stopwatch: Stopwatch) -> float:
        return stopwatch.least(lambda: self.window(mel))

    def token_seconds(self, mel: np.ndarray, stopwatch: Stopwatch) -> float:
        """From the difference of a long and a short generation."""
        encoded = self.encode(mel)
        short = stopwatch.least(lambda: self.generate(encoded, self.prefix, 5))
        long = stopwatch.least(lambda: self.generate(encoded, self.prefix, 45))
        return (long - short) / 40

    def transcribe(self, samples: np.ndarray) -> tuple[str, int]:
        tokens = self.generate(self.encode(self.mel(samples)), [], None)
        return self.tokenizer.decode(tokens).strip(), len(tokens)
