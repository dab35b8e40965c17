"""Writes a CTranslate2 Whisper directory as a whisper.cpp `ggml-*.bin`, so that both engines run the same weights.

    python Benchmarks/peers/ctranslate2_to_ggml.py MODEL_DIR OUTPUT.bin --type f16

Needs `model.bin` (f32, f16, bf16 or int8 with row scales) and `tokenizer.json`. The types are those of whisper.cpp:
f32, f16, q8_0, q5_0, q5_1, q4_0. As its own tools do, only the matrices are quantised: vectors, biases and positions
stay f32, the convolutions f16.
"""

import argparse
import json
import struct
import sys
from pathlib import Path

import numpy as np
from faster_whisper.feature_extractor import FeatureExtractor

from quantise import FTYPES, TYPES, encode

MAGIC = 0x67676D6C
NUMPY_TYPES = {0: "<f4", 1: "<i1", 2: "<i2", 3: "<i4", 4: "<f2", 5: "<u2"}
BFLOAT16 = 5


class CTranslate2:
    """The variables of a model.bin of version 6, as float32 on demand."""

    def __init__(self, path: Path):
        self.data = np.memmap(path, mode="r")
        self.offset = 0
        self.variables: dict[str, tuple[int, int, list[int]]] = {}
        version, _, _, count = self.number("I"), self.string(), self.number("I"), self.number("I")
        if version != 6:
            raise SystemExit(f"{path}: version {version} of model.bin, expected 6")
        for _ in range(count):
            name, rank = self.string(), self.number("B")
            shape = [self.number("I") for _ in range(rank)]
            kind, size = self.number("B"), self.number("I")
            self.variables[name] = (kind, self.offset, shape)
            self.offset += size

    def number(self, code: str) -> int:
        size = struct.calcsize("<" + code)
        self.offset += size
        return struct.unpack("<" + code, self.data[self.offset - size : self.offset].tobytes())[0]

    def string(self) -> str:
        length = self.number("H")
        self.offset += length
        return self.data[self.offset - length : self.offset - 1].tobytes().decode()

    def raw(self, name: str) -> tuple[int, np.ndarray]:
        kind, offset, shape = self.variables[name]
        return kind, np.frombuffer(self.data, NUMPY_TYPES[kind], int(np.prod(shape)), offset).reshape(shape)

    def __getitem__(self, name: str) -> np.ndarray:
        kind, values = self.raw(name)
        if kind == BFLOAT16:
            return (values.astype("<u4") << 16).view("<f4")
        if kind == 1:  # int8 with a scale a row
            scale = self.raw(f"{name}_scale")[1].reshape(-1, *[1] * (values.ndim - 1))
            return values.astype("<f4") / scale
        return values.astype("<f4")


def tensors(model: CTranslate2):
    """Pairs of torch name and float32 values. CTranslate2 keeps query, key and value in one matrix."""
    yield "encoder.positional_embedding", model["encoder/position_encodings/encodings"]
    yield "decoder.positional_embedding", model["decoder/position_encodings/encodings"]
    yield "decoder.token_embedding.weight", model["decoder/embeddings/weight"]
    for index in (1, 2):
        yield f"encoder.conv{index}.weight", model[f"encoder/conv{index}/weight"]
        yield f"encoder.conv{index}.bias", model[f"encoder/conv{index}/bias"].reshape(-1, 1)
    yield from norm(model, "encoder/layer_norm", "encoder.ln_post")
    yield from norm(model, "decoder/layer_norm", "decoder.ln")
    for side in ("encoder", "decoder"):
        for index in range(layers(model, side)):
            source, target = f"{side}/layer_{index}", f"{side}.blocks.{index}"
            yield from norm(model, f"{source}/self_attention/layer_norm", f"{target}.attn_ln")
            yield from linear(model, f"{source}/self_attention/linear_0", f"{target}.attn", ["query", "key", "value"])
            yield from linear(model, f"{source}/self_attention/linear_1", f"{target}.attn", ["out"])
            if side == "decoder":
                yield from norm(model, f"{source}/attention/layer_norm", f"{target}.cross_attn_ln")
                yield from linear(model, f"{source}/attention/linear_0", f"{target}.cross_attn", ["query"])
                yield from linear(model, f"{source}/attention/linear_1", f"{target}.cross_attn", ["key", "value"])
                yield from linear(model, f"{source}/attention/linear_2", f"{target}.cross_attn", ["out"])
            yield from norm(model, f"{source}/ffn/layer_norm", f"{target}.mlp_ln")
            yield from linear(model, f"{source}/ffn/linear_0", f"{target}.mlp", ["0"])
            yield from linear(model, f"{source}/ffn/linear_1", f"{target}.mlp", ["2"])


def norm(model: CTranslate2, source: str, target: str):
    yield f"{target}.weight", model[f"{source}/gamma"]
    yield f"{target}.bias", model[f"{source}/beta"]


def linear(model: CTranslate2, source: str, target: str, names: list[str]):
    weights = np.split(model[f"{source}/weight"], len(names))
    biases = np.split(model[f"{source}/bias"], len(names))
    for name, weight, bias in zip(names, weights, biases, strict=True):
        yield f"{target}.{name}.weight", weight
        if name != "key":  # Whisper's keys have no bias; CTranslate2 stores zeros
            yield f"{target}.{name}.bias", bias


def layers(model: CTranslate2, side: str) -> int:
    return len(
        {name.split("/")[1] for name in model.variables if name.startswith(f"{side}/layer_") and name.count("/") > 2}
    )


def vocabulary(tokenizer: dict) -> list[bytes]:
    """The ordinary tokens as bytes; whisper.cpp names the special ones itself."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in printable]
    byte = {chr(code): code for code in printable} | {chr(256 + index): code for index, code in enumerate(others)}
    special = {token["id"] for token in tokenizer["added_tokens"]}
    by_id = {index: token for token, index in tokenizer["model"]["vocab"].items() if index not in special}
    return [bytes(byte[character] for character in by_id[index]) for index in range(min(special))]


def ggml_type(name: str, values: np.ndarray, wanted: str) -> str:
    if values.ndim == 1 or "positional" in name or name in ("encoder.conv1.bias", "encoder.conv2.bias"):
        return "f32"
    return wanted if values.ndim == 2 or wanted == "f32" else "f16"


def convert(source: Path, target: Path, wanted: str) -> None:
    model = CTranslate2(source / "model.bin")
    tokens = vocabulary(json.loads((source / "tokenizer.json").read_text(encoding="utf-8")))
    vocabulary_size, text_width = model["decoder/embeddings/weight"].shape
    audio_context, audio_width = model["encoder/position_encodings/encodings"].shape
    text_context = model["decoder/position_encodings/encodings"].shape[0]
    mels = model["encoder/conv1/weight"].shape[1]
    filters = FeatureExtractor(feature_size=mels).mel_filters
    header = [
        MAGIC,
        vocabulary_size,
        audio_context,
        audio_width,
        int(model.raw("encoder/num_heads")[1]),
        layers(model, "encoder"),
        text_context,
        text_width,
        int(model.raw("decoder/num_heads")[1]),
        layers(model, "decoder"),
        mels,
        FTYPES[wanted],
        *filters.shape,
    ]
    with open(target, "wb") as file:
        file.write(struct.pack(f"<{len(header)}i", *header))
        file.write(filters.astype("<f4").tobytes())
        file.write(struct.pack("<i", len(tokens)))
        for token in tokens:
            file.write(struct.pack("<I", len(token)) + token)
        for name, values in tensors(model):
            kind = ggml_type(name, values, wanted)
            file.write(struct.pack("<3i", values.ndim, len(name), TYPES[kind]))
            file.write(struct.pack(f"<{values.ndim}i", *reversed(values.shape)))
            file.write(name.encode() + encode(values, kind))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--type", choices=list(TYPES), default="f16")
    arguments = parser.parse_args()
    part = arguments.output.with_suffix(".part")
    convert(arguments.model, part, arguments.type)
    part.replace(arguments.output)
    print(f"{arguments.output}: {arguments.output.stat().st_size:,} bytes", file=sys.stderr)


if __name__ == "__main__":
    main()
