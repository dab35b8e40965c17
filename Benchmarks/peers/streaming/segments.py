"""What WhisperLive's messages come to: each repeats the last completed segments, and may end with one that is not."""


class Segments:
    """The segments of one session."""

    def __init__(self) -> None:
        self._end = 0.0  # of the last completed segment

    def take(self, segments: list[dict]) -> tuple[str, str]:
        """Text that is completed now, and text behind it.

        A completed segment is new when it begins where the last one ended or later, as for WhisperLive's own client.
        """
        completed, rest = "", ""
        for segment in segments:
            if not segment.get("completed"):
                rest = segment["text"]
            elif float(segment["start"]) >= self._end:
                completed += segment["text"]
                self._end = float(segment["end"])
        return completed, rest
