"""What a listener was shown, and when."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from live_sound import LiveSound


class Captions:
    """The captions of one recording as one utterance: text that only grows, and text behind it that may change."""

    def __init__(self, sound: "LiveSound"):
        self.sound = sound
        self.stable = ""
        self.tentative = ""
        self.changed = 0.0  # when the text last changed
        self.partials: list[dict] = []
        self.finals: list[dict] = []

    def show(self, committed: str = "", tentative: str = "") -> None:
        """Commits more text and replaces what stands behind it. Text brings its own space in front."""
        stable = (self.stable + committed).lstrip()
        tentative = tentative if stable else tentative.lstrip()
        if (stable, tentative) == (self.stable, self.tentative):
            return
        self.stable, self.tentative, self.changed = stable, tentative, self.sound.elapsed
        self.partials.append({"time": round(self.changed, 3), "utterance": 0, "stable": stable, "tentative": tentative})

    def finish(self, time: float | None = None) -> None:
        """What is shown now stays: the text that is not committed too, as the reader is left with it."""
        time = round(self.sound.elapsed if time is None else time, 3)
        text = (self.stable + self.tentative).strip()
        self.finals.append({"time": time, "utterance": 0, "text": text, "start": 0.0, "end": self.sound.seconds})
