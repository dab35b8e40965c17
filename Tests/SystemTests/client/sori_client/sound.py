"""Recordings as the bytes of binary frames."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

ENCODINGS = ("pcm_s16le", "pcm_f32le", "pcm_mulaw")


@dataclass(frozen=True)
class Sound:
    """Samples of all channels, float32 of shape [samples, channels]."""

    samples: np.ndarray
    rate: int
    encoding: str = "pcm_s16le"

    def __len__(self) -> int:
        return len(self.samples)

    @property
    def seconds(self) -> float:
        return len(self) / self.rate

    @property
    def format(self) -> dict:
        """The `audio` of a start message."""
        return {"encoding": self.encoding, "sampleRate": self.rate, "channels": self.samples.shape[1]}

    def data(self, start: int, end: int) -> bytes:
        """The bytes of some samples."""
        piece = self.samples[start:end]
        match self.encoding:
            case "pcm_s16le":
                return integers(piece).astype("<i2").tobytes()
            case "pcm_f32le":
                return piece.astype("<f4").tobytes()
            case _:
                return mu_law(integers(piece)).tobytes()


def read(
    paths: list[Path],
    rate: int | None = None,
    channels: int | None = None,
    encoding: str = ENCODINGS[0],
    gap: float = 0,
) -> Sound:
    """Recordings one after the other, with `gap` seconds of silence between; rate and channels as in the first."""
    clips = [soundfile.read(path, dtype="float32", always_2d=True) for path in paths]
    rate = rate or clips[0][1]
    channels = channels or min(2, clips[0][0].shape[1])
    pieces = [resample(mix(samples, channels), old, rate) for samples, old in clips]
    silence = np.zeros((round(gap * rate), channels), np.float32)
    return Sound(np.concatenate([part for piece in pieces for part in (piece, silence)][:-1]), rate, encoding)


def mix(samples: np.ndarray, channels: int) -> np.ndarray:
    if samples.shape[1] == channels:
        return samples
    return np.repeat(samples.mean(axis=1, keepdims=True), channels, axis=1)


def resample(samples: np.ndarray, old: int, new: int) -> np.ndarray:
    """Band-limited, by cutting or extending the spectrum."""
    if old == new or len(samples) == 0:
        return samples
    count = round(len(samples) * new / old)
    spectrum = np.fft.rfft(samples, axis=0)
    return (np.fft.irfft(spectrum[: count // 2 + 1], count, axis=0) * (count / len(samples))).astype(np.float32)


def integers(samples: np.ndarray) -> np.ndarray:
    """In -32768...32767; 16-bit recordings keep their values."""
    return np.clip(np.rint(samples * 32768), -32768, 32767).astype(np.int32)


def mu_law(samples: np.ndarray) -> np.ndarray:
    """ITU-T G.711 µ-law of 16-bit samples."""
    magnitude = np.minimum(np.abs(samples), 32635) + 132
    exponent = np.floor(np.log2(magnitude)).astype(np.int32) - 7
    mantissa = (magnitude >> (exponent + 3)) & 15
    sign = np.where(samples < 0, 128, 0)
    return (~(sign | exponent << 4 | mantissa) & 255).astype(np.uint8)
