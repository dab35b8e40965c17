"""LocalAgreement-2: what two hypotheses in a row begin with will not change any more.

The rule of whisper_streaming (Macháček, Dabre and Bojar 2023, "Turning Whisper into a real-time transcription system"),
with its constants. Times are seconds from the start of the recording.
"""

from typing import NamedTuple

EARLY = 0.1  # seconds by which a word may begin before the last committed one ends and still be new
NEAR = 1.0  # seconds within which the first new words may be committed ones heard again
AGAIN = 5  # the most of them
PROMPT = 200  # characters


class Word(NamedTuple):
    start: float
    end: float
    text: str  # with the space in front


class Agreement:
    """Words of a sound that is decoded again and again, from somewhere in it to its end."""

    def __init__(self) -> None:
        self.committed: list[Word] = []
        self.pending: list[Word] = []  # of the last hypothesis
        self._in_buffer = 0  # committed words before this one have left the sound that is decoded

    @property
    def committed_until(self) -> float:
        return self.committed[-1].end if self.committed else 0.0

    def take(self, hypothesis: list[Word]) -> list[Word]:
        """Returns what is committed now."""
        words = self._unheard([word for word in hypothesis if word.start > self.committed_until - EARLY])
        count = 0
        for word, before in zip(words, self.pending, strict=False):
            if word.text != before.text:
                break
            count += 1
        self.committed += words[:count]
        self.pending = words[count:]
        return words[:count]

    def _unheard(self, words: list[Word]) -> list[Word]:
        """Without up to five words that repeat the last committed ones: times shift from one hypothesis to the next."""
        if not words or abs(words[0].start - self.committed_until) >= NEAR:
            return words
        heard = [word.text for word in self.committed[self._in_buffer :]]
        texts = [word.text for word in words]
        for count in range(1, min(len(heard), len(texts), AGAIN) + 1):
            if heard[-count:] == texts[:count]:
                return words[count:]
        return words

    def leave(self, time: float) -> None:
        """The sound before that time is not decoded any more."""
        while self._in_buffer < len(self.committed) and self.committed[self._in_buffer].end <= time:
            self._in_buffer += 1

    def prompt(self, start: float) -> str:
        """The last 200 characters or so of the committed text before the sound that is decoded, in whole words.

        The last committed word is never among them.
        """
        words = self.committed[:-1]
        while words and words[-1].end > start:
            words.pop()
        count, length = 0, 0
        while count < len(words) and length < PROMPT:
            count += 1
            length += len(words[-count].text) + 1
        return text(words[len(words) - count :])

    def cut(self, segment_ends: list[float]) -> float | None:
        """Where the sound may be cut: the end of the last segment but one or of an earlier one, if it is committed."""
        return max((end for end in segment_ends[:-1] if end <= self.committed_until), default=None)


def text(words: list[Word]) -> str:
    return "".join(word.text for word in words)
