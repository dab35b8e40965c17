"""Sends windows of speech to the proxy, and joins their texts."""

from dataclasses import dataclass

from .worker_socket import WorkerSocket


@dataclass
class Word:
    text: str
    start: float
    end: float

    @property
    def bare(self) -> str:
        return "".join(letter for letter in self.text.lower() if letter.isalnum())


class SttDispatcher:
    """What was said before a window, since the last pause, is its prompt."""

    def __init__(self, url: str, language: str | None = None, overlap: float = 1):
        self.socket, self.language, self.overlap = WorkerSocket(url), language, overlap
        self.words: list[Word] = []
        self.sent, self.since = 0, 0.0

    def pause(self, start: float):
        """There is no speech in the window that begins there: what comes next is no continuation."""
        self.since = start

    @property
    def text(self) -> str:
        return "".join(word.text for word in self.words).strip()

    async def dispatch(self, start: float, window: bytes) -> str:
        """The text of a window of speech that begins so many seconds after the first one."""
        self.sent += 1
        seam = start + self.overlap / 2
        before = [word for word in self.words if (word.start + word.end) / 2 < seam]
        prompt = "".join(word.text for word in before if self.since <= word.start and word.end <= start)[-200:]
        options = {"language": self.language, "prompt": prompt or None, "wordTimestamps": True, "temperatures": [0]}
        answer = await self.socket.ask({"type": "recognize", "priority": "final", "options": options}, window)
        words = [
            Word(word["text"], start + word["start"], start + word["end"]) for word in answer["result"]["words"]
            # A word that takes no time is one that the model repeats, and nobody has said.
            if word["end"] > word["start"]]
        self.words = join(before, words, seam)
        return answer["result"]["text"].strip()


def join(before: list[Word], window: list[Word], seam: float) -> list[Word]:
    """The words so far, continued by those of a window that overlaps them: each is taken from where it is further from an
    end of its window, which is where words are cut."""
    after = [word for word in window if (word.start + word.end) / 2 >= seam]
    # A word at the seam may have been heard a little earlier in one of the two windows.
    if before and after and before[-1].bare == after[0].bare and after[0].start - before[-1].end < 0.3:
        after = after[1:]
    return before + after
