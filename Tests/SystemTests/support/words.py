"""Compares what was captioned with what was said."""

import re

TWO_CITIES = (
    "It was the best of times, it was the worst of times, it was the age of wisdom, it was the age of foolishness, it was "
    "the epoch of belief, it was the epoch of incredulity, it was the season of light, it was the season of darkness, it "
    "was the spring of hope, it was the winter of despair, we had everything before us, we had nothing before us, we were "
    "all going direct to heaven, we were all going direct the other way, in short, the period was so far like the present "
    "period that some of its noisiest authorities insisted on its being received, for good or for evil, in the "
    "superlative degree of comparison only."
)


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower().replace("'", ""))


def error_rate(said: str, captioned: str) -> float:
    """Words that were put in, left out or mistaken, as a share of the words said (Levenshtein distance)."""
    reference, hypothesis = words(said), words(captioned)
    row = list(range(len(hypothesis) + 1))
    for index, word in enumerate(reference, 1):
        previous, row = row, [index]
        for other, seen in enumerate(hypothesis, 1):
            row.append(min(previous[other] + 1, row[-1] + 1, previous[other - 1] + (word != seen)))
    return row[-1] / len(reference)
