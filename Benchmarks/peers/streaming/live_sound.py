"""A recording at the pace at which it is spoken."""

import time
from collections.abc import Iterator

import numpy as np

from manifest import RATE


class LiveSound:
    """A recording that is being spoken: it goes on whether or not somebody takes it, and then there is silence."""

    def __init__(self, samples: np.ndarray):
        self.samples = samples
        self.seconds = len(samples) / RATE
        self._start: float | None = None

    def start(self) -> None:
        self._start = time.monotonic()

    @property
    def elapsed(self) -> float:
        """Seconds since the first sample was spoken."""
        return 0.0 if self._start is None else time.monotonic() - self._start

    @property
    def spoken(self) -> int:
        """Samples that there are by now, the silence behind the recording among them."""
        return int(self.elapsed * RATE)

    def wait(self, seconds: float) -> None:
        """Until that second of the sound is spoken."""
        time.sleep(max(0.0, seconds - self.elapsed))

    def frames(self, size: int) -> Iterator[np.ndarray]:
        """Frames of so many samples, each when its last sample is spoken, or at once where the taker is late."""
        for begin in range(0, len(self.samples), size):
            frame = self.samples[begin : begin + size]
            self.wait((begin + len(frame)) / RATE)
            yield frame

    def cut(self, parts: list[range]) -> np.ndarray:
        """Those samples behind each other."""
        cut = np.zeros(sum(map(len, parts)), dtype=np.float32)
        begin = 0
        for part in parts:
            samples = self.samples[part.start : part.stop]
            cut[begin : begin + len(samples)] = samples
            begin += len(part)
        return cut
