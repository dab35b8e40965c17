"""Cuts sound into windows that overlap."""

from collections.abc import Iterator

from .mic_capture import RATE


class AudioBuffer:
    """Windows of `seconds`, of which the last `overlap` seconds are the first ones of the next window."""

    def __init__(self, seconds: float = 2, overlap: float = 1):
        self.length = 2 * int(RATE * seconds)
        self.step = 2 * int(RATE * (seconds - overlap))
        self.sound = b""
        self.start = 0.0

    def add(self, sound: bytes) -> Iterator[tuple[float, bytes]]:
        """Takes sound, gives the windows that are full: seconds at which each begins, and its sound."""
        self.sound += sound
        while len(self.sound) >= self.length:
            yield self.start, self.sound[: self.length]
            self.sound = self.sound[self.step :]
            self.start += self.step / (2 * RATE)

    def rest(self) -> tuple[float, bytes] | None:
        """The last window, shorter than the others, if there is sound that no window has had."""
        return (self.start, self.sound) if len(self.sound) > self.length - self.step else None
