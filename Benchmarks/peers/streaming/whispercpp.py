"""whisper.cpp's `stream` example in its sliding mode, over pywhispercpp: no package registry has the program itself.

sliding.py does what the program does with sound and text; decoding has the program's settings (one segment, no
context, greedy with its fallback, as many threads as it takes: at most 4). The weights are the model's own, converted
once to q8_0: its usual f16 takes longer for a step than the other peers' int8, and what comes meanwhile is lost.
After the recording the microphone goes on with silence until the step that holds the last samples is shown, because
the program decodes whole steps only. It is a program for one microphone: one session.

Player and engine are one process, so that its figures hold the player too: a few MB and hardly any time.
"""

import os
import subprocess
import sys
from pathlib import Path

import psutil
from pywhispercpp.model import Model

from captions import Captions
from live_sound import LiveSound
from manifest import RATE
from peer import Options, Peer, PeerError, versions
from sliding import STEP, SlidingWindow

CONVERT = Path(__file__).parent.parent / "ctranslate2_to_ggml.py"
KIND = "q8_0"


class WhisperCpp(Peer):
    def __init__(self, options: Options):
        if options.sessions > 1:
            raise PeerError("whispercpp listens to one microphone: give --sessions 1")
        threads = options.threads or min(4, os.cpu_count() or 1)
        self.model = Model(
            str(ggml(options.model)),
            n_threads=threads,
            single_segment=True,
            no_context=True,
            print_progress=False,
            print_timestamps=False,
            redirect_whispercpp_logs_to=None,
        )
        libraries = versions("pywhispercpp")
        self.system = f"whisper.cpp stream on pywhispercpp {libraries['pywhispercpp']}"
        self.process = psutil.Process(os.getpid())
        self.settings = libraries | {
            "threads": str(threads),
            "weights": KIND,
            "step": "3000 ms",
            "length": "10000 ms",
            "keep": "200 ms",
            "usage": "of engine and player",
        }

    def caption(self, sound: LiveSound, language: str, captions: Captions) -> None:
        window = SlidingWindow(len(sound.samples))
        sound.start()
        while window.heard < window.length:
            sound.wait((window.heard + STEP) / RATE)
            parts = window.advance(sound.spoken)
            if parts is not None:
                segments = self.model.transcribe(sound.cut(parts), language=language)
                captions.show(*window.show(" ".join(segment.text for segment in segments)))
        captions.finish()
        lost = float(self.settings.get("seconds lost", 0)) + window.lost / RATE
        self.settings["seconds lost"] = f"{lost:.2f}"


def ggml(model: Path) -> Path:
    """The same weights in whisper.cpp's format, beside the peer's environment."""
    path = Path(sys.prefix) / f"ggml-{model.resolve().name}-{KIND}.bin"
    if not path.exists():
        command = [sys.executable, str(CONVERT), str(model), str(path), "--type", KIND]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode != 0:
            reason = (done.stderr.strip() or "no reason given").splitlines()[-1]
            raise PeerError(f"{model} cannot be converted for whisper.cpp: {reason}")
    return path
