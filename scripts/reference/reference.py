"""One model in faster-whisper: features, encoder and generation as `transcribe` asks for them, without fallback."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import ctranslate2
import numpy as np
from faster_whisper import WhisperModel
from faster_whisper.tokenizer import Tokenizer
from faster_whisper.transcribe import get_suppressed_tokens

Item, Result = TypeVar("Item"), TypeVar("Result")


class Reference:
    """Weights are shared by `workers`, each with one thread: calls from so many Python threads run side by side."""

    def __init__(self, path: str, workers: int):
        self.workers = workers
        self.whisper = WhisperModel(path, device="cpu", compute_type="float32", cpu_threads=1, num_workers=workers)
        self.tokenizers: dict[tuple[str, str], Tokenizer] = {}

    def mel(self, samples: np.ndarray) -> np.ndarray:
        """[mels, frames]: the samples as they are, nothing appended."""
        return self.whisper.feature_extractor(samples, padding=0)

    def each(self, work: Callable[[Item], Result], items: list[Item]) -> Iterator[Result]:
        """The results in the order of the items, as many worked on at once as there are workers."""
        with ThreadPoolExecutor(self.workers) as pool:
            yield from pool.map(work, items)

    def encode(self, samples: np.ndarray) -> ctranslate2.StorageView:
        return self.whisper.encode(self.mel(samples))

    def tokenizer(self, language: str, task: str = "transcribe") -> Tokenizer:
        key = (language, task)
        if key not in self.tokenizers:
            multilingual = self.whisper.model.is_multilingual
            self.tokenizers[key] = Tokenizer(self.whisper.hf_tokenizer, multilingual, task, language)
        return self.tokenizers[key]

    def prompt(self, language: str, timestamps: bool, task: str = "transcribe") -> list[int]:
        return self.whisper.get_prompt(self.tokenizer(language, task), [], without_timestamps=not timestamps)

    def options(self, beam: int) -> dict:
        """What `generate` is called with: faster-whisper's defaults but for the beam. Recorded in the facts."""
        suppressed = get_suppressed_tokens(self.tokenizer("en"), [-1])
        return {
            "beam_size": beam,
            "patience": 1,
            "length_penalty": 1,
            "repetition_penalty": 1,
            "no_repeat_ngram_size": 0,
            "max_length": self.whisper.max_length,
            "suppress_blank": True,
            "suppress_tokens": list(suppressed),
            "max_initial_timestamp_index": 50,
            "return_scores": True,
            "return_no_speech_prob": True,
        }

    def generate(
        self, encoded, languages: list[str], timestamps: bool, task: str = "transcribe", beam: int = 1
    ) -> list[dict]:
        """One entry for each language, in the order of the batch that is encoded.

        The average log-probability counts the end of text, as faster-whisper's does: sum / (tokens + 1).
        """
        prompts = [self.prompt(language, timestamps, task) for language in languages]
        results = self.whisper.model.generate(encoded, prompts, **self.options(beam))
        return [
            {
                "timestamps": timestamps,
                "prompt": prompt,
                "tokens": tokens,
                "score": result.scores[0],
                "averageLogProbability": result.scores[0] * len(tokens) / (len(tokens) + 1),
                "noSpeechProbability": result.no_speech_prob,
                "text": self.tokenizer(language, task).decode(tokens).strip(),
            }
            for language, prompt, result in zip(languages, prompts, results, strict=True)
            for tokens in result.sequences_ids[:1]
        ]

    def no_speech(self, encoded, count: int = 1) -> list[float]:
        """The softmax at <|startoftranscript|>, which no later token changes: one is generated and forgotten."""
        prompt = self.prompt("en", timestamps=False)
        options = self.options(1) | {"max_length": len(prompt) + 1}
        return [result.no_speech_prob for result in self.whisper.model.generate(encoded, [prompt] * count, **options)]
