"""ggml's number formats in numpy, rounding as its reference quantisers do. A block is 32 values of a row."""

import numpy as np

BLOCK = 32
VERSION = 2 * 1000  # of the quantised formats, as whisper.cpp's header counts it
TYPES = {"f32": 0, "f16": 1, "q4_0": 2, "q5_0": 6, "q5_1": 7, "q8_0": 8}
FTYPES = {"f32": 0, "f16": 1, "q4_0": VERSION + 2, "q8_0": VERSION + 7, "q5_0": VERSION + 8, "q5_1": VERSION + 9}


def encode(values: np.ndarray, kind: str) -> bytes:
    """The bytes of a tensor. `values` are float32, their last axis a multiple of 32 for the quantised kinds."""
    if kind in ("f32", "f16"):
        return values.astype({"f32": "<f4", "f16": "<f2"}[kind]).tobytes()
    return {"q8_0": q8_0, "q5_0": q5_0, "q5_1": q5_1, "q4_0": q4_0}[kind](values.reshape(-1, BLOCK))


def q8_0(blocks: np.ndarray) -> bytes:
    """x = d·q with d = amax / 127: f16 d, 32 × int8."""
    d = np.abs(blocks).max(axis=1) / np.float32(127)
    scaled = blocks * inverse(d)[:, None]
    rounded = np.trunc(scaled + np.copysign(np.float32(0.5), scaled)).astype("i1")
    return packed(halves(d), rounded)


def q4_0(blocks: np.ndarray) -> bytes:
    """x = d·(q − 8), d = (the value furthest from 0) / −8: f16 d, 16 bytes of two nibbles (q[j], q[j + 16])."""
    d, q = symmetric(blocks, 8)
    return packed(halves(d), nibbles(q))


def q5_0(blocks: np.ndarray) -> bytes:
    """x = d·(q − 16), d = (the value furthest from 0) / −16: f16 d, the 32 fifth bits, then nibbles as in q4_0."""
    d, q = symmetric(blocks, 16)
    return packed(halves(d), fifth_bits(q), nibbles(q))


def q5_1(blocks: np.ndarray) -> bytes:
    """x = d·q + m from the smallest m: f16 d, f16 m, the 32 fifth bits, then nibbles as in q4_0."""
    smallest = blocks.min(axis=1)
    d = (blocks.max(axis=1) - smallest) / np.float32(31)
    q = ((blocks - smallest[:, None]) * inverse(d)[:, None] + np.float32(0.5)).astype("u1")
    return packed(halves(d), halves(smallest), fifth_bits(q), nibbles(q))


def symmetric(blocks: np.ndarray, half: int) -> tuple[np.ndarray, np.ndarray]:
    furthest = np.take_along_axis(blocks, np.abs(blocks).argmax(axis=1)[:, None], axis=1)[:, 0]
    d = furthest / np.float32(-half)
    q = np.trunc(blocks * inverse(d)[:, None] + np.float32(half + 0.5))
    return d, np.minimum(q, 2 * half - 1).astype("u1")


def inverse(d: np.ndarray) -> np.ndarray:
    return np.divide(np.float32(1), d, out=np.zeros_like(d), where=d != 0)


def halves(values: np.ndarray) -> np.ndarray:
    return values.astype("<f2").reshape(-1, 1).view("u1")


def nibbles(q: np.ndarray) -> np.ndarray:
    return (q[:, :16] & 15) | ((q[:, 16:] & 15) << 4)


def fifth_bits(q: np.ndarray) -> np.ndarray:
    return np.packbits(q >> 4, axis=1, bitorder="little")


def packed(*columns: np.ndarray) -> bytes:
    return np.hstack([column.view("u1") for column in columns]).tobytes()
