"""One session over as many connections as it takes."""

import asyncio
import contextlib
import itertools
import json
import random
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from .cuts import Cut, tear
from .failures import Failure, RuleBroken, SchemaViolation
from .rules import Rules
from .schema import Validator, excerpt
from .sound import Sound

# Fatal errors after which another attempt may succeed.
PASSING = {"too_many_sessions", "no_worker_ready", "shutting_down", "internal"}


@dataclass
class Plan:
    """What to send, where, and how fast. Times in seconds."""

    urls: list[str]
    sound: Sound
    settings: dict = field(default_factory=dict)
    token: str | None = None
    frame: float = 0.04
    speed: float = 1  # 0: as fast as the window allows
    window: float = 60
    cuts: list[float] = field(default_factory=list)
    flushes: list[float] = field(default_factory=list)
    seed: int = 0
    away: float = 0
    reconnect: float = 0
    patience: float = 120
    verbose: bool = False


class Listener:
    """Streams a sound; `heard` gets every message of the server and its arrival time, `None` before the first frame."""

    def __init__(self, plan: Plan, heard: Callable[[dict, float | None], None]):
        self.plan = plan
        self.sound = plan.sound
        self.heard = heard
        self.validator = Validator()
        self.rules = Rules(self.sound.rate, len(self.sound), plan.settings.get("corrections") is not False)
        self.chance = random.Random(plan.seed)
        self.cuts = sorted(round(seconds * self.sound.rate) for seconds in plan.cuts)
        # Samples behind which what was said is wanted, and which of them are still to be sent on this connection.
        self.flushes = sorted(min(round(seconds * self.sound.rate), len(self.sound)) for seconds in plan.flushes)
        self.due_flushes: list[int] = []
        self.token: str | None = None
        self.position = 0
        self.acked = asyncio.Event()
        self.origin: float | None = None  # when the first frame was sent
        self.broken: float | None = None  # when the connection broke by itself
        self.refusal: str | None = None

    async def run(self) -> None:
        """Returns when the server has said `finished` and closed; raises a Failure otherwise."""
        for url in itertools.cycle(self.plan.urls):
            try:
                async with self.connection(url) as connection:
                    await self.converse(connection)
                    return
            except Cut as cut:
                self.log(f"cut at {self.position / self.sound.rate:.2f} s, {cut}")
                await asyncio.sleep(self.plan.away)
            except (WebSocketException, OSError) as error:
                self.broken = self.broken or time.monotonic()
                if time.monotonic() - self.broken >= self.plan.reconnect:
                    raise Failure(self.refusal or f"the connection failed: {excerpt(str(error))}") from error
                self.log(f"trying again: {self.refusal or excerpt(str(error))}")
                await asyncio.sleep(0.2)

    def connection(self, url: str) -> connect:
        headers = {"Authorization": f"Bearer {self.plan.token}"} if self.plan.token else {}
        # No pings: a machine that is too busy to answer them is what some tests are about.
        return connect(url, additional_headers=headers, proxy=None, compression=None, ping_interval=None, max_size=None)

    async def converse(self, connection: ClientConnection) -> None:
        self.rules.connected()
        with contextlib.suppress(ConnectionClosed):  # a server may refuse at once: its message says why
            await self.send(connection, self.start())
        while not self.rules.is_ready:
            await self.receive(connection)
        receiver = asyncio.create_task(self.receive_all(connection))
        sender = asyncio.create_task(self.send_sound(connection))
        try:
            await asyncio.wait({sender, receiver}, return_when=asyncio.FIRST_COMPLETED)
            if receiver.done() and isinstance(receiver.exception(), Failure):
                receiver.result()
            if sender.done():
                sender.result()
            await receiver
        finally:
            sender.cancel()
            receiver.cancel()
            await asyncio.gather(sender, receiver, return_exceptions=True)

    def start(self) -> dict:
        message = {"type": "start", "version": 1, "audio": self.sound.format, **self.plan.settings}
        if self.token:
            message |= {"session": self.rules.session, "resumeToken": self.token}
            if self.rules.last_final is not None:
                message["lastFinal"] = self.rules.last_final
        return message

    # Sending

    async def send(self, connection: ClientConnection, message: dict) -> None:
        self.validator.check(message, "clientMessage")
        self.log(f"sent {message['type']}")
        await connection.send(json.dumps(message, ensure_ascii=False))

    async def send_sound(self, connection: ClientConnection) -> None:
        step = max(1, round(self.plan.frame * self.sound.rate))
        # Behind which the server has got sound, it has got too.
        self.due_flushes = [at for at in self.flushes if at >= max(self.position, self.rules.flushed + 1)]
        try:
            await self.flush(connection)
            while self.position < len(self.sound):
                end = min([self.position + step, len(self.sound), *self.due_flushes[:1]])
                await self.window(end)
                await self.due()
                data = self.sound.data(self.position, end)
                await self.cut(connection, end, data)
                self.rules.sent = max(self.rules.sent, end)
                self.origin = self.origin or time.monotonic()
                await connection.send(data)
                self.position = end
                await self.flush(connection)
            await self.send(connection, {"type": "finish"})
            await self.cut(connection, sys.maxsize, b"")
        except ConnectionClosed:
            return  # what was received before says why

    async def flush(self, connection: ClientConnection) -> None:
        while self.due_flushes and self.due_flushes[0] == self.position:
            self.rules.flushes.append(self.due_flushes.pop(0))
            await self.send(connection, {"type": "flush"})

    async def window(self, end: int) -> None:
        """Waits until so much is acknowledged that the window has room."""
        while end - self.rules.acked > self.plan.window * self.sound.rate:
            self.acked.clear()
            await self.acked.wait()

    async def due(self) -> None:
        """Waits until a microphone would have heard what comes next; what was missed by a cut is due at once."""
        delay = 0.0  # even then, what has arrived is looked at
        if self.plan.speed and self.origin:
            delay = self.origin + self.position / self.sound.rate / self.plan.speed - time.monotonic()
        await asyncio.sleep(max(0, delay))

    async def cut(self, connection: ClientConnection, end: int, data: bytes) -> None:
        if self.cuts and self.cuts[0] < end:
            # Several in one frame are one.
            self.cuts = [cut for cut in self.cuts if cut >= end]
            raise Cut(await tear(connection, data, self.chance))

    # Receiving

    async def receive_all(self, connection: ClientConnection) -> None:
        try:
            while True:
                await self.receive(connection)
        except ConnectionClosed as closed:
            if not self.rules.is_finished:
                raise
            code = closed.rcvd.code if closed.rcvd else None
            if code != 1000:
                raise RuleBroken(f"closed with {code} instead of 1000 after finished") from closed

    async def receive(self, connection: ClientConnection) -> None:
        try:
            text = await asyncio.wait_for(connection.recv(), self.plan.patience)
        except TimeoutError:
            raise Failure(f"the server has said nothing for {self.plan.patience:g} s") from None
        now = time.monotonic()
        message = parse(text)
        self.validator.check(message, "serverMessage")
        self.heard(message, None if self.origin is None else now - self.origin)
        self.rules.check(message)
        match message["type"]:
            case "ready":
                self.token, self.position = message["resumeToken"], message["resumeAt"]
                self.broken, self.refusal = None, None
            case "ack":
                self.acked.set()
            case "error" if message["fatal"]:
                self.refusal = f"{message['code']}: {excerpt(message['message'])}"
                if message["code"] not in PASSING:
                    raise Failure(self.refusal)

    def log(self, line: str) -> None:
        if self.plan.verbose:
            print(line, file=sys.stderr)


def parse(text: str | bytes) -> object:
    if isinstance(text, bytes):
        raise SchemaViolation("a binary frame from the server")
    try:
        return json.loads(text, parse_constant=refuse)
    except ValueError as error:
        raise SchemaViolation(f"no JSON from the server: {excerpt(text)}") from error


def refuse(constant: str) -> None:
    """Python reads NaN and Infinity, JSON does not."""
    raise ValueError(constant)
