"""A WebSocket to a worker, or to a gateway that passes requests on; opened again whenever it is lost."""

import asyncio
import json
import sys

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

# What may work when it is sent again. The other errors are the caller's own.
LATER = {"overloaded", "shutting_down", "engine_unavailable", "engine_failed", "no_worker_ready"}


class WorkerSocket:
    """Sends one request after the other. None is lost: what had no answer is sent again."""

    def __init__(self, url: str, patience: float = 30):
        self.url, self.patience, self.socket, self.number, self.connections = url, patience, None, 0, 0

    async def ask(self, head: dict, sound: bytes) -> dict:
        """The answer to a request; raises TimeoutError after `patience` seconds."""
        async with asyncio.timeout(self.patience):
            pause = 0.05
            while True:
                try:
                    answer = await self.once(head, sound)
                except (OSError, ConnectionClosed, InvalidHandshake) as error:
                    self.socket, answer = None, {"type": "error", "code": "no_worker_ready", "message": str(error)}
                if answer["type"] != "error":
                    return answer
                print(f"{self.url}: {answer['code']}: {answer['message']}", file=sys.stderr)
                if answer["code"] not in LATER:
                    raise ValueError(answer["message"])
                await asyncio.sleep(answer.get("retryAfter", pause))
                pause = min(2 * pause, 2)

    async def once(self, head: dict, sound: bytes) -> dict:
        if self.socket is None:
            self.socket = await connect(self.url)
            self.connections += 1
            hello = json.loads(await self.socket.recv())
            assert hello["version"] == 1, hello
        self.number += 1
        await self.socket.send(json.dumps({**head, "id": self.number}))
        await self.socket.send(sound)
        while (answer := json.loads(await self.socket.recv())).get("id") != self.number:
            if "id" not in answer:
                raise ValueError(answer["message"])
        return answer

    async def close(self):
        if self.socket is not None:
            await self.socket.close()
