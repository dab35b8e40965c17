"""The checker of the foreign client sees what it should."""

import unittest

from client.sori_client.failures import RuleBroken
from client.sori_client.rules import Rules

READY = {"type": "ready", "session": "s", "resumeToken": "t", "resumeAt": 0, "policy": "alignatt"}
RATE = 1000


def partial(utterance: int, stable: str, tentative: str = "", start: float = 1) -> dict:
    return {"type": "partial", "utterance": utterance, "stable": stable, "tentative": tentative, "start": start}


def final(utterance: int, text: str, start: float = 1, end: float = 2) -> dict:
    return {"type": "final", "utterance": utterance, "text": text, "words": [], "start": start, "end": end}


def ack(samples: int) -> dict:
    return {"type": "ack", "samples": samples}


def flushed(samples: int, reason: str = "asked") -> dict:
    return {"type": "flushed", "samples": samples, "reason": reason}


FINISHED = {"type": "finished", "samples": 10 * RATE}


def follow(*messages: dict, corrections: bool = True) -> Rules:
    """Rules after these messages; `ready` is a new connection."""
    rules = Rules(RATE, 10 * RATE, corrections)
    for message in messages:
        if message["type"] == "ready":
            rules.connected()
        rules.check(message)
        rules.sent = 10 * RATE
    return rules


class RulesTests(unittest.TestCase):
    def test_a_session_as_it_should_be(self):
        rules = follow(
            READY,
            partial(0, "", "a"),
            partial(0, "a", " b"),
            partial(1, "c", start=3),
            final(0, "A b."),
            ack(2000),
            partial(2, "", "x", start=6),
            partial(2, "", "", start=6),
            final(1, "", start=3, end=4),
            ack(5000),
            ack(5000),
            ack(10000),
            FINISHED,
        )
        self.assertEqual(rules.finals, {0: "A b.", 1: ""})

    def test_a_flush_is_answered_at_its_place(self):
        rules = follow(READY)
        rules.flushes = [2000]
        rules.check(ack(2000))
        rules.check(flushed(1500, "gap"))
        rules.check(flushed(2000))
        self.assertEqual(rules.flushes, [])
        rules.flushes = [4000]
        for wrong in [flushed(4001), FINISHED]:
            with self.subTest(wrong), self.assertRaises(RuleBroken):
                rules.check(wrong)

    def test_a_resumed_session(self):
        resumed = READY | {"resumeAt": 2500}
        rules = follow(READY, partial(0, "a b"), final(0, "a b"), ack(2000), partial(1, "c d", start=3), resumed)
        rules.check(partial(1, "", "x", start=3))
        self.assertEqual(rules.last_final, 0)

    def test_what_breaks_a_rule(self):
        resumed = [READY, final(0, "a"), ack(2000)]
        for rule, messages in {
            "ack before ready": [ack(0)],
            "a new session begins": [READY | {"resumeAt": 5}],
            "before the last ack": [*resumed, READY | {"resumeAt": 1999}],
            "after what was sent": [*resumed, READY | {"resumeAt": 10001}],
            "another name": [*resumed, READY | {"session": "other", "resumeAt": 2000}],
            "a second final": [*resumed, READY | {"resumeAt": 2000}, final(0, "a")],
            "comes after that of 1": [READY, final(1, "b"), final(0, "a")],
            "stable text of utterance 0": [READY, partial(0, "a b"), partial(0, "a")],
            "after its final": [READY, final(0, "a"), partial(0, "a")],
            "ends before": [READY, final(0, "a", start=2, end=1)],
            "after the sound": [READY, final(0, "a", end=11)],
            "goes back": [READY, ack(5000), ack(4999)],
            "when 10000 were sent": [READY, ack(10001)],
            "which is not final": [READY, partial(0, "a"), ack(1500)],
            "instead of 10000": [READY, FINISHED | {"samples": 9999}],
            "no final came of utterance 3": [READY, partial(3, "", "a"), FINISHED],
            "before they are acknowledged": [READY, ack(1000), flushed(1001)],
            "flushed goes back": [READY, ack(3000), flushed(3000), flushed(2000, "gap")],
            "flushed utterance 0": [READY, ack(900), partial(0, "a", start=0.5), flushed(900)],
            "flushed 10001 samples": [READY, flushed(10001)],
            "ack after finished": [READY, FINISHED, ack(10000)],
        }.items():
            with self.subTest(rule), self.assertRaisesRegex(RuleBroken, rule):
                follow(*messages)

    def test_without_corrections_a_final_continues_its_stable_text(self):
        follow(READY, partial(0, "a b "), final(0, "a b"), corrections=False)
        with self.assertRaisesRegex(RuleBroken, "corrects"):
            follow(READY, partial(0, "a b"), final(0, "A b c"), corrections=False)
