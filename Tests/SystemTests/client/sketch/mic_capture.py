"""A microphone. Here a recording is played in its place."""

import asyncio
import wave
from collections.abc import AsyncIterator

import numpy as np

RATE = 16_000


def read(path: str) -> bytes:
    """A WAV file of 16 bits, one channel, 16 or 48 kHz, as PCM of 16 kHz."""
    with wave.open(path) as recording:
        assert (recording.getsampwidth(), recording.getnchannels()) == (2, 1), "a recording of 16 bits and one channel"
        factor, rest = divmod(recording.getframerate(), RATE)
        assert rest == 0, "a recording of 16 or 48 kHz"
        samples = np.frombuffer(recording.readframes(recording.getnframes()), dtype="<i2")
    # The mean of three neighbours is filter enough for speech.
    samples = samples[: len(samples) // factor * factor].reshape(-1, factor).mean(axis=1)
    return samples.astype("<i2").tobytes()


async def capture(path: str, speed: float = 1, block: float = 0.04) -> AsyncIterator[bytes]:
    """Sound as it is spoken, in blocks of so many seconds; `speed` 2 is twice as fast."""
    sound, clock = read(path), asyncio.get_running_loop().time
    length, start = 2 * int(RATE * block), clock()
    for position in range(0, len(sound), length):
        await asyncio.sleep(start + position / (2 * RATE * speed) - clock())
        yield sound[position : position + length]
