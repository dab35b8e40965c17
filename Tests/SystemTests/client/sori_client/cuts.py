"""Breaking connections the way networks do: without a word, and not between messages."""

import asyncio
import random
import socket as sockets
import struct

from websockets.asyncio.client import ClientConnection
from websockets.frames import Frame, Opcode


class Cut(Exception):
    """The connection was broken on purpose."""


def random_cuts(count: int, seconds: float, seed: int) -> list[float]:
    """So many times, in seconds of sound."""
    chance = random.Random(seed)
    return sorted(chance.uniform(0, seconds) for _ in range(count))


async def tear(connection: ClientConnection, data: bytes, chance: random.Random) -> str:
    """Aborts the connection: often in the middle of a frame, often with a reset. Says what it did."""
    transport = connection.transport
    in_frame, with_reset = chance.random() < 0.5, chance.random() < 0.5
    if in_frame and data:
        frame = Frame(Opcode.BINARY, data).serialize(mask=True)
        transport.write(frame[: chance.randrange(1, len(frame))])
        await asyncio.sleep(0)
    if with_reset:
        linger = struct.pack("ii", 1, 0)
        transport.get_extra_info("socket").setsockopt(sockets.SOL_SOCKET, sockets.SO_LINGER, linger)
    transport.abort()
    return f"{'in' if in_frame else 'before'} a frame, {'with' if with_reset else 'without'} a reset"
