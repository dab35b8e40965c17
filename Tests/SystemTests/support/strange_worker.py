"""A worker that says it is ready, and then behaves in ways that no worker should."""

import json
import threading
import urllib.request
from contextlib import suppress
from http import HTTPStatus

from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.client import connect
from websockets.sync.server import ServerConnection, serve

WAYS = ["honest", "twice", "never", "no JSON", "bytes", "wrong id", "no text", "failed", "closed"]


class StrangeWorker:
    """Stands before an honest worker, passes on what that says at `/is_ready` and what it is asked, and spoils its answers in
    the manner of `way`."""

    def __init__(self, honest: str, path: str = "/v1/recognize"):
        self.honest, self.path = honest, path
        self.way = "honest"
        self.spoilt = 0
        self.server = serve(self.pass_on, "127.0.0.1", 0, process_request=self.page, max_size=1 << 24)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self) -> "StrangeWorker":
        return self

    def __exit__(self, *_):
        self.server.shutdown()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server.socket.getsockname()[1]}"

    def page(self, _: ServerConnection, request: Request) -> Response | None:
        if request.path == self.path:
            return None
        try:
            with urllib.request.urlopen(f"http://{self.honest}{request.path}", timeout=5) as answer:
                body = answer.read()
        except OSError:  # The honest one is gone, or hangs.
            return Response(HTTPStatus.BAD_GATEWAY, "Bad Gateway", Headers({"Content-Length": "0"}))
        headers = Headers({"Content-Type": "application/json", "Content-Length": str(len(body))})
        return Response(HTTPStatus.OK, "OK", headers, body)

    def pass_on(self, client: ServerConnection):
        # Either side may go at any time, and the other is then let go.
        with suppress(ConnectionClosed, OSError), connect(f"ws://{self.honest}{self.path}", max_size=1 << 24) as worker:
            threading.Thread(target=self.pass_requests, args=(client, worker), daemon=True).start()
            for answer in worker:
                for spoilt in self.spoil(answer):
                    if spoilt is None:
                        return
                    client.send(spoilt)

    @staticmethod
    def pass_requests(client: ServerConnection, worker):
        with suppress(ConnectionClosed), worker:
            for message in client:
                worker.send(message)

    def spoil(self, answer: str) -> list[str | bytes | None]:
        reply = json.loads(answer)
        way = self.way
        if reply["type"] == "hello":
            # Whatever else there is, a GPU is asked first.
            for description in [reply[role] for role in ("recognizer", "detector") if role in reply]:
                description["device"] = "CUDA0"
            return [json.dumps(reply)]
        if way == "honest":
            return [answer]
        self.spoilt += 1
        error = {"type": "error", "id": reply["id"], "code": "engine_failed", "message": "out of memory"}
        return {
            "twice": [answer, answer],
            "never": [],
            "no JSON": ["}{" * 100],
            "bytes": [b"\0\xff" * 100],
            "wrong id": [json.dumps({**reply, "id": reply["id"] + 1_000_000})],
            "no text": [json.dumps({"type": "recognized", "id": reply["id"], "result": {"tokens": "none"}})],
            "failed": [json.dumps(error)],
            "closed": [None],
        }[way]
