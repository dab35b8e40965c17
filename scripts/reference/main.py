"""Expected values from faster-whisper, for tests to compare with.

    python scripts/reference/main.py --models DIR --audio MANIFEST… --output DIR [--only mel,encoder,…] [--threads N]

DIR of models holds `base` and `tiny.en` (CTranslate2). Everything is computed in float32 on the CPU. Each part's own
script says what its file holds; facts.py says what all files share. What is there already, made from the same models,
manifests, scripts and library versions, is kept: a second run does nothing.
"""

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

import decoding
import detector
import encoder
import facts
import mel
import tokens
import transcribing
from clips import Clips
from reference import Reference

PARTS = ["mel", "tokenizer", "encoder", "greedy", "beam", "translate", "language", "nospeech", "words", "longform"]


class Run:
    """Makes the parts that are wanted and not current; a model is loaded when a part first needs it."""

    def __init__(self, arguments: argparse.Namespace):
        self.models = arguments.models
        self.threads = arguments.threads
        self.clips = Clips(arguments.audio)
        self.facts = facts.Facts(arguments.output)
        parts = ("model.bin", "config.json", "tokenizer.json", "vocabulary.*")
        folders = [self.models / "base", self.models / "tiny.en"]
        inputs = [file for folder in folders for part in sorted(parts) for file in sorted(folder.glob(part))]
        self.stamp = facts.stamp(inputs + arguments.audio)
        self.wanted = [name for name in PARTS if name in arguments.only and not self.facts.is_current(name, self.stamp)]
        self.started = time.monotonic()
        self.references: dict[str, Reference] = {}

    def reference(self, model: str) -> Reference:
        if model not in self.references:
            self.references[model] = Reference(str(self.models / model), self.threads)
        return self.references[model]

    def write(self, name: str, content: dict, model: str = "base") -> None:
        self.facts.write(name, self.stamp, model, content)
        self.say(f"{name}.json written")

    def say(self, line: str, end: str = "\n") -> None:
        start = "\r\x1b[K" if sys.stderr.isatty() else ""
        print(
            f"{start}reference {time.monotonic() - self.started:4.0f} s: {line}", end=end, file=sys.stderr, flush=True
        )

    def progress(self, name: str, done: int, total: int) -> None:
        """On a terminal one line that changes; otherwise a line for each tenth of the work."""
        if sys.stderr.isatty():
            self.say(f"{name}: {done} of {total}", end="")
        elif done * 10 // total != (done - 1) * 10 // total:
            self.say(f"{name}: {done} of {total}")

    def make(self) -> None:
        if "mel" in self.wanted:
            self.write("mel", {"entries": mel.entries(self.clips, self.facts)})
        if "encoder" in self.wanted:
            self.write("encoder", {"entries": encoder.entries(self.reference("base"), self.clips, self.facts)})
        if "tokenizer" in self.wanted:
            self.write("tokenizer-tiny.en", tokens.content(self.models / "tiny.en", self.clips), model="tiny.en")
            self.write("tokenizer", tokens.content(self.models / "base", self.clips))
        self.decode([part for part in decoding.parts(self.clips) if part.name in self.wanted])
        if "nospeech" in self.wanted:
            entries = detector.entries(self.reference("tiny.en"), self.clips)
            self.write("nospeech", {"seconds": 2, "margin": 64, "entries": entries}, model="tiny.en")
        if "words" in self.wanted:
            clips = transcribing.word_clips(self.clips)
            entries = self.each("words", transcribing.words, [(clip,) for clip in clips])
            self.write("words", {"options": transcribing.WORDS, "entries": entries})
        if "longform" in self.wanted:
            cases = [(clip, flag) for clip in transcribing.stream_clips(self.clips) for flag in (False, True)]
            entries = self.each("longform", transcribing.longform, cases)
            self.write("longform", {"options": transcribing.COMMON, "entries": entries})

    def decode(self, parts: list[decoding.Part]) -> None:
        """The parts that share the encoding of their clips."""
        if not parts:
            return
        names = ", ".join(part.name for part in parts)
        for done, total in decoding.run(self.reference("base"), parts):
            self.progress(names, done, total)
        for part in parts:
            self.write(part.name, {"options": part.options(self.reference("base")), "entries": part.entries})

    def each(self, name: str, work: Callable, cases: list[tuple]) -> list[dict]:
        """The facts of every case (the arguments of `work` after the model), counted as they come."""
        reference = self.reference("base")
        entries = []
        for entry in reference.each(lambda case: work(reference, *case), cases):
            entries.append(entry)
            self.progress(name, len(entries), len(cases))
        return entries


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=Path, required=True, help="folder that holds base and tiny.en")
    parser.add_argument("--audio", type=Path, nargs="+", required=True, help="manifests of recordings")
    parser.add_argument("--output", type=Path, required=True, help="folder for the facts")
    parser.add_argument("--only", type=lambda names: names.split(","), default=PARTS, help=f"of {','.join(PARTS)}")
    parser.add_argument("--threads", type=int, default=2, help="clips worked on at once, a thread each (2)")
    arguments = parser.parse_args()
    if unknown := set(arguments.only) - set(PARTS):
        parser.error(f"unknown parts {', '.join(sorted(unknown))}: choose of {', '.join(PARTS)}")
    for path in [arguments.models / "base", arguments.models / "tiny.en", *arguments.audio]:
        if not path.exists():
            parser.error(f"{path} is missing: run scripts/setup, or name where it is")
    run = Run(arguments)
    if not run.wanted:
        run.say("all facts are current")
    run.make()


if __name__ == "__main__":
    main()
