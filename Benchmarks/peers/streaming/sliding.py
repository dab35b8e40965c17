"""The sliding window of whisper.cpp's `stream` example, with its defaults: what is decoded when, and what it becomes.

Every step the last 3 s are appended to what is kept and decoded as a whole, and the text replaces that of the step
before. Every second step ends the line: its text stays and only 0.2 s of sound are kept. So no window is longer than
6.2 s, whatever the length of 10 s promises: it only says after how many steps a line ends. Of sound that came while a
step took longer than 3 s, all but the last 3 s is lost. Numbers are samples at 16 kHz.
"""

RATE = 16_000
STEP = 3 * RATE
LENGTH = 10 * RATE
KEEP = RATE // 5
STEPS_A_LINE = max(1, LENGTH // STEP - 1)


class SlidingWindow:
    def __init__(self, length: int) -> None:
        self.length = length  # of the recording; then comes silence
        self.heard = 0  # samples up to here were looked at
        self.lost = 0  # samples of the recording
        self._window: list[range] = []
        self._steps = 0

    def advance(self, spoken: int) -> list[range] | None:
        """What to decode when so many samples have been spoken; nothing when no step is due."""
        if spoken - self.heard < STEP:
            return None
        self.lost += max(0, min(spoken - STEP, self.length) - self.heard)
        self.heard = spoken
        old = last(self._window, min(KEEP + LENGTH - STEP, sum(map(len, self._window))))
        self._window = [*old, range(spoken - STEP, spoken)]
        return self._window

    def show(self, text: str) -> tuple[str, str]:
        """What the text of the step commits and what it shows for now."""
        self._steps += 1
        text = text.strip()
        text = f" {text}" if text else ""
        if self._steps % STEPS_A_LINE > 0:
            return "", text
        self._window = last(self._window, KEEP)
        return text, ""


def last(parts: list[range], count: int) -> list[range]:
    """The end of consecutive parts, of so many samples."""
    kept: list[range] = []
    for part in reversed(parts):
        take = min(len(part), count)
        if take == 0:
            break
        kept.insert(0, part[len(part) - take :])
        count -= take
    return kept
