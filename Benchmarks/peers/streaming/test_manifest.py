"""Which recordings are chosen: the same as by `SpeechManifest.swift` and `RecordingOptions.swift`."""

import json
import tempfile
import unittest
from pathlib import Path

import manifest
from peer import PeerError


def entries(count: int, language: str = "en", **facts) -> list[dict]:
    return [
        {"path": f"{language}/{index}.flac", "language": language, "seconds": 5.0, **facts} for index in range(count)
    ]


def names(chosen: list[dict]) -> list[str]:
    return [entry["path"] for entry in chosen]


class ChoiceTests(unittest.TestCase):
    def test_recordings_are_spread_evenly_over_the_list(self):
        chosen = manifest.choose(entries(10), "en", 4)
        self.assertEqual(names(chosen), ["en/0.flac", "en/3.flac", "en/6.flac", "en/9.flac"])

    def test_a_limit_beyond_the_list_takes_all_of_it(self):
        self.assertEqual(len(manifest.choose(entries(3), "en", 20)), 3)

    def test_a_limit_of_one_takes_the_first(self):
        self.assertEqual(names(manifest.choose(entries(7), "en", 1)), ["en/0.flac"])

    def test_short_recordings_and_streams_are_told_apart(self):
        long, stream, short = entries(1, seconds=30.5), entries(1, split="stream"), entries(1, seconds=30)
        self.assertEqual(manifest.choose(long + stream + short, "en", 5), short)
        self.assertEqual(manifest.choose(long + stream + short, "en", 5, streams=True), long + stream)

    def test_sound_without_speech_is_always_taken(self):
        both = entries(1, "none", seconds=90) + entries(1, "none")
        self.assertEqual(manifest.choose(both, "none", 5), both)
        self.assertEqual(manifest.choose(both, "none", 5, streams=True), both)

    def test_babble_for_mixing_takes_its_place_in_the_list_but_is_not_played(self):
        both = entries(1, split="babble-for-mixing") + entries(2)
        self.assertEqual(manifest.choose(both, "en", 3), both[1:])


class PartTests(unittest.TestCase):
    SENTENCES = [{"start": 0.5, "end": 3}, {"start": 3.5, "end": 6}, {"start": 6.5, "end": 9.5}]

    def test_a_part_ends_between_sentences(self):
        self.assertEqual(manifest.first_part(self.SENTENCES, 4), 3.25)
        self.assertEqual(manifest.first_part(self.SENTENCES, 7), 6.25)
        self.assertEqual(manifest.first_part(self.SENTENCES, 1), 3.25)
        self.assertIsNone(manifest.first_part(self.SENTENCES, 10))
        self.assertIsNone(manifest.first_part([], 4))

    def test_what_is_short_or_has_no_sentences_is_played_whole(self):
        for entry in ({"seconds": 3.0}, {"seconds": 90.0}, {"seconds": 90.0, "segments": "nowhere.json"}):
            self.assertIsNone(manifest.length(entry, Path("nowhere"), 30))


class ReadingTests(unittest.TestCase):
    def write(self, text: str) -> Path:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        path = Path(folder.name) / "manifest.jsonl"
        path.write_text(text, encoding="utf-8")
        return path

    def test_recordings_lie_beside_the_manifest(self):
        path = self.write("\n".join(map(json.dumps, entries(2) + entries(1, "none"))))
        found = manifest.recordings(path, ["en", "none"], 1, seconds=60)
        self.assertEqual([recording.path for recording in found], ["en/0.flac", "none/0.flac"])
        self.assertEqual(found[0].file, path.parent / "en/0.flac")
        self.assertEqual([recording.spoken for recording in found], ["en", "ko"])

    def test_what_cannot_be_used_is_said_in_one_line(self):
        for text, complaint in [
            ('{"path": "a.flac"}\n', "no JSON object"),
            ("path\n", "no JSON object"),
            ("[1]\n", "no JSON object"),
            (json.dumps(entries(1)[0]), "no recording up to 30 s of language ja"),
        ]:
            with self.subTest(text), self.assertRaisesRegex(PeerError, complaint) as caught:
                manifest.recordings(self.write(text), ["ja"], 1)
            self.assertNotIn("\n", str(caught.exception))
        with self.assertRaisesRegex(PeerError, "cannot read"):
            manifest.recordings(Path("nowhere.jsonl"), ["en"], 1)


if __name__ == "__main__":
    unittest.main()
