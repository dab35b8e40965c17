"""Compares what was captioned with what was said."""

import re


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
