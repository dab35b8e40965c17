"""LocalAgreement-2 over faster-whisper, the loop of whisper_streaming, with its defaults.

What has come, at least a second of it, is appended to a buffer that is decoded as a whole (beam of 5, word times, its
own text conditioning from window to window, the committed text before the buffer as a prompt, no voice activity
detection); then agreement.py says what is committed. Beyond 15 s the buffer is cut at a committed segment. Where a
decoding takes longer than a second, the next one gets more sound at once. What is pending at the end is flushed.

int8, which whisper_streaming recommends on processors. All sessions share one model and each has a thread and a
buffer of its own. There is no lock, because faster-whisper needs none: CTranslate2 runs the requests of all threads
one after the other. Player and engine are one process, so that its figures hold the player too: a few MB and hardly
any time.
"""

import os

import psutil
from faster_whisper import WhisperModel

from agreement import Agreement, Word, text
from captions import Captions
from live_sound import LiveSound
from manifest import RATE
from peer import Options, Peer, versions

CHUNK = 1.0  # seconds: the least that is waited for
LONGEST = 15.0  # seconds of sound in the buffer before it is cut
BEAM = 5
NO_SPEECH = 0.9  # segments that are more likely none are left out


class LocalAgreement(Peer):
    def __init__(self, options: Options):
        self.model = WhisperModel(
            str(options.model), device="cpu", compute_type="int8", cpu_threads=options.threads or 0
        )
        libraries = versions("faster-whisper", "ctranslate2")
        self.system = f"LocalAgreement-2 on faster-whisper {libraries['faster-whisper']}"
        self.process = psutil.Process(os.getpid())
        self.settings = libraries | {
            "threads": str(options.threads or "CTranslate2's own choice"),
            "compute type": "int8",
            "beam": str(BEAM),
            "least chunk": f"{CHUNK} s",
            "buffer": f"cut by segment beyond {LONGEST:.0f} s",
            "voice activity detection": "off",
            "usage": "of engine and player",
        }

    def caption(self, sound: LiveSound, language: str, captions: Captions) -> None:
        buffer = Buffer(self.model, sound, language)
        heard = 0.0
        sound.start()
        while heard < sound.seconds:
            sound.wait(min(heard + CHUNK, sound.seconds))
            heard = min(sound.elapsed, sound.seconds)
            committed, pending = buffer.decode(heard)
            captions.show(committed, pending)
        captions.finish()


class Buffer:
    """The end of a sound that is decoded again and again."""

    def __init__(self, model: WhisperModel, sound: LiveSound, language: str):
        self.model = model
        self.sound = sound
        self.language = language
        self.agreement = Agreement()
        self.start = 0.0

    def decode(self, heard: float) -> tuple[str, str]:
        """Text that is committed now, and text behind it, of the sound up to there."""
        found, _ = self.model.transcribe(
            self.sound.samples[round(self.start * RATE) : round(heard * RATE)],
            language=self.language,
            initial_prompt=self.agreement.prompt(self.start),
            beam_size=BEAM,
            word_timestamps=True,
            condition_on_previous_text=True,
        )
        segments = list(found)
        words = [
            Word(self.start + word.start, self.start + word.end, word.word)
            for segment in segments
            if segment.no_speech_prob <= NO_SPEECH
            for word in segment.words
        ]
        committed = self.agreement.take(words)
        if heard - self.start > LONGEST:
            self._cut([self.start + segment.end for segment in segments])
        return text(committed), text(self.agreement.pending)

    def _cut(self, segment_ends: list[float]) -> None:
        time = self.agreement.cut(segment_ends)
        if time is not None:
            self.agreement.leave(time)
            self.start = time
