"""Plays recordings in real time to a peer that is ready, as many at once as asked for."""

import queue
import sys
import threading
import time
from collections.abc import Callable

from tqdm import tqdm

import trial
from captions import Captions
from live_sound import LiveSound
from manifest import RATE, Recording
from peer import Options, Peer
from usage import Usage

SPREAD = 2.0  # seconds over which the first sessions start
WARM_UP = 3.0  # seconds of the first recording, played once and not counted
LOOK = 0.2  # seconds between two looks at memory


class Playing:
    """Sessions in threads of their own: each plays one recording after the other until none waits."""

    def __init__(self, peer: Peer, recordings: list[Recording], sessions: int):
        self.peer = peer
        self.waiting: queue.SimpleQueue[tuple[int, Recording]] = queue.SimpleQueue()
        for item in enumerate(recordings):
            self.waiting.put(item)
        self.done: dict[int, dict] = {}
        self.live: dict[int, LiveSound] = {}
        self.errors: list[BaseException] = []
        self.begin = time.monotonic()
        # Daemons, so that an interrupted run ends at once.
        self.threads = [
            threading.Thread(target=self._session, args=(SPREAD * index / sessions,), daemon=True)
            for index in range(sessions)
        ]

    @property
    def played(self) -> float:
        """Seconds of sound."""
        live = sum(min(sound.elapsed, sound.seconds) for sound in list(self.live.values()))
        return live + sum(recording["seconds"] for recording in list(self.done.values()))

    def run(self, look: Callable[[], None]) -> list[dict]:
        """Until all is played, calling `look` meanwhile."""
        for thread in self.threads:
            thread.start()
        while any(thread.is_alive() for thread in self.threads) and not self.errors:
            look()
            time.sleep(LOOK)
        if self.errors:
            raise self.errors[0]
        return [recording for _, recording in sorted(self.done.items())]

    def _session(self, delay: float) -> None:
        time.sleep(delay)
        try:
            while not self.errors:
                index, recording = self.waiting.get_nowait()
                sound = self.live[index] = LiveSound(recording.samples())
                captions = Captions(sound)
                self.peer.caption(sound, recording.spoken, captions)
                started = time.monotonic() - sound.elapsed - self.begin
                del self.live[index]
                self.done[index] = trial.recording(recording, captions, started)
        except queue.Empty:
            return
        except BaseException as error:
            self.errors.append(error)


def play(peer: Peer, options: Options, recordings: list[Recording], command: str) -> dict:
    """The trial."""
    form = "{desc}: {n:.0f} of {total:.0f} s of sound |{bar}| {elapsed}"
    seconds = sum(recording.length() for recording in recordings) / RATE
    with tqdm(total=seconds, desc="warming up", bar_format=form, disable=not sys.stderr.isatty()) as bar:
        warm_up(peer, recordings[0])
        bar.reset()
        bar.set_description_str(peer.system)
        playing = Playing(peer, recordings, options.sessions)
        usage = Usage(peer.process)

        def look() -> None:
            usage.sample()
            bar.n = playing.played
            bar.refresh()

        played = playing.run(look)
        look()
    return trial.trial(peer, options, command, usage.result(), played)


def warm_up(peer: Peer, recording: Recording) -> None:
    """The first words take longer, and what loads when it is first used is loaded then."""
    sound = LiveSound(recording.samples()[: round(WARM_UP * RATE)])
    peer.caption(sound, recording.spoken, Captions(sound))
