"""The files that hold the expected values.

A part writes NAME.json with at least {"stamp", "versions", "model"} and its own keys, in camel case. An array lies
beside it: little-endian float32 without a header in a `.f32` file, named by {"file": "x.f32", "shape": [rows,
columns]}, row-major. The stamp is a digest of everything the values follow from: a part whose file carries the same
stamp is not made again.
"""

import hashlib
import json
from importlib.metadata import version
from pathlib import Path

import numpy as np

LIBRARIES = ("faster-whisper", "ctranslate2", "tokenizers", "numpy", "soundfile")
VERSIONS = {name: version(name) for name in LIBRARIES}


class Facts:
    """Where the parts write, and whether what is there is still true."""

    def __init__(self, output: Path):
        self.output = output
        self.arrays = output / "arrays"
        self.arrays.mkdir(parents=True, exist_ok=True)

    def is_current(self, name: str, stamp: str) -> bool:
        try:
            return json.loads((self.output / f"{name}.json").read_text())["stamp"] == stamp
        except (OSError, ValueError, KeyError):
            return False

    def array(self, name: str, values: np.ndarray) -> dict:
        """Writes an array and gives the object that names it."""
        file = self.arrays / f"{name}.f32"
        np.ascontiguousarray(values, dtype="<f4").tofile(file)
        return {"file": f"arrays/{file.name}", "shape": list(values.shape)}

    def write(self, name: str, stamp: str, model: str, content: dict) -> None:
        """Writes a part's file in one go, so that an interrupted run leaves no half of it."""
        facts = {"stamp": stamp, "versions": VERSIONS, "model": model} | content
        part = self.output / f"{name}.json.part"
        part.write_text(json.dumps(facts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        part.replace(self.output / f"{name}.json")


def stamp(files: list[Path]) -> str:
    """A digest of the files, the libraries' versions and these scripts but for main.py, which makes no value."""
    digest = hashlib.sha256(json.dumps(VERSIONS).encode())
    scripts = [script for script in sorted(Path(__file__).parent.glob("*.py")) if script.name != "main.py"]
    for file in scripts + files:
        with open(file, "rb") as stream:
            digest.update(hashlib.file_digest(stream, "sha256").digest())
    return digest.hexdigest()[:16]
