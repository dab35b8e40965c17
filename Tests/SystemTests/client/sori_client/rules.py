"""What must hold between the messages of a session, beyond their form."""

from .failures import RuleBroken

# Positions cross a resampler and are rounded to milliseconds.
TOLERANCE = 0.05


class Rules:
    """Follows a session over all its connections; raises RuleBroken at the first message that breaks a rule.

    `sent` and `total` are samples at the client's rate: sent so far, and in all.
    """

    def __init__(self, rate: int, total: int, corrections: bool = True):
        self.rate = rate
        self.total = total
        self.corrections = corrections
        self.sent = 0
        self.acked = 0
        self.session = None
        self.is_ready = False
        self.is_finished = False
        self.finals: dict[int, str] = {}
        self.stable: dict[int, str] = {}
        self.open: dict[int, float] = {}
        self.flushes: list[int] = []  # samples behind which a flush was sent on this connection
        self.flushed = -1

    @property
    def last_final(self) -> int | None:
        return max(self.finals, default=None)

    def connected(self) -> None:
        """A new connection; an utterance that was not final may be recognised anew."""
        self.is_ready = False
        self.stable.clear()
        self.open.clear()
        self.flushes.clear()

    def check(self, message: dict) -> None:
        kind = message["type"]
        demand(not self.is_finished, f"{kind} after finished")
        demand(self.is_ready or kind in ("ready", "error"), f"{kind} before ready")
        match kind:
            case "ready":
                self.ready(message)
            case "speech":
                self.within(message["at"], "speech")
            case "partial":
                self.partial(message)
            case "final":
                self.final(message)
            case "ack":
                self.ack(message["samples"])
            case "flushed":
                self.flush(message["samples"], message["reason"])
            case "finished":
                self.finished(message["samples"])

    def ready(self, message: dict) -> None:
        resume_at = message["resumeAt"]
        demand(not self.is_ready, "a second ready on one connection")
        demand(self.session in (None, message["session"]), "the session has another name after it was resumed")
        demand(self.session is not None or resume_at == 0, f"a new session begins at sample {resume_at}")
        demand(resume_at >= self.acked, f"resumeAt {resume_at} lies before the last ack, {self.acked}")
        demand(resume_at <= self.sent, f"resumeAt {resume_at} lies after what was sent, {self.sent}")
        self.session = message["session"]
        self.is_ready = True

    def partial(self, message: dict) -> None:
        number, stable = message["utterance"], message["stable"]
        demand(number not in self.finals, f"a partial of utterance {number} after its final")
        demand(stable.startswith(self.stable.get(number, "")), f"the stable text of utterance {number} has changed")
        self.within(message["start"], f"the start of utterance {number}")
        self.stable[number] = stable
        self.open[number] = message["start"]
        if not stable + message["tentative"]:
            # What has shown nothing in the end needs no final.
            del self.open[number]

    def final(self, message: dict) -> None:
        number, text, start, end = (message[key] for key in ("utterance", "text", "start", "end"))
        demand(number not in self.finals, f"a second final of utterance {number}")
        last = self.last_final
        demand(last is None or number > last, f"the final of utterance {number} comes after that of {last}")
        demand(start <= end, f"utterance {number} ends before it starts")
        self.within(end, f"the end of utterance {number}")
        for word in message["words"]:
            demand(word["start"] <= word["end"], f"a word of utterance {number} ends before it starts")
        if not self.corrections:
            stable = self.stable.get(number, "").rstrip()
            demand(text.startswith(stable), f"the final of utterance {number} corrects its stable text")
        self.finals[number] = text
        self.open.pop(number, None)

    def ack(self, samples: int) -> None:
        demand(samples >= self.acked, f"an ack goes back from {self.acked} to {samples}")
        demand(samples <= self.sent, f"an ack of {samples} samples when {self.sent} were sent")
        for number, start in self.open.items():
            demand(samples / self.rate <= start + TOLERANCE, f"an ack covers utterance {number}, which is not final")
        self.acked = samples

    def flush(self, samples: int, reason: str) -> None:
        if reason == "asked" and self.flushes:
            # One of before a cut may be answered on the connection after it.
            demand(samples <= self.flushes[0], f"flushed {samples} samples when it was asked for {self.flushes[0]}")
            if samples == self.flushes[0]:
                self.flushes.pop(0)
        demand(samples <= self.sent, f"flushed {samples} samples when {self.sent} were sent")
        demand(samples >= self.flushed, f"flushed goes back from {self.flushed} to {samples}")
        demand(samples <= self.acked, f"flushed {samples} samples before they are acknowledged")
        for number, start in self.open.items():
            demand(samples / self.rate <= start + TOLERANCE, f"flushed utterance {number}, which is not final")
        self.flushed = samples

    def finished(self, samples: int) -> None:
        demand(samples == self.total, f"finished counts {samples} samples instead of {self.total}")
        demand(not self.flushes, "a flush was not answered")
        demand(not self.open, f"no final came of utterance {min(self.open, default=0)}")
        self.is_finished = True

    def within(self, seconds: float, what: str) -> None:
        demand(seconds <= self.sent / self.rate + TOLERANCE, f"{what} lies after the sound that was sent")


def demand(holds: bool, otherwise: str) -> None:
    if not holds:
        raise RuleBroken(otherwise)
