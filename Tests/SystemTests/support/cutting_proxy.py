"""A proxy for any TCP connection that breaks it in the middle of a message."""

import socket
import struct
import threading
from collections.abc import Iterator


class CuttingProxy:
    """Forwards to a port of this machine. Each new WebSocket takes one of `budgets` and is reset after so many bytes, its
    handshake and both directions counted; when there are no more, connections last."""

    def __init__(self, port: int):
        self.target = port
        self.budgets: Iterator[int] = iter(())
        self.cuts = 0
        self.lock = threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def __enter__(self) -> "CuttingProxy":
        return self

    def __exit__(self, *_):
        self.listener.close()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
                server = socket.create_connection(("127.0.0.1", self.target))
            except OSError:
                return
            connection = Connection(self, client, server)
            for pair in [(client, server), (server, client)]:
                threading.Thread(target=connection.forward, args=pair, daemon=True).start()


class Connection:
    def __init__(self, proxy: CuttingProxy, client: socket.socket, server: socket.socket):
        self.proxy, self.client, self.server = proxy, client, server
        self.budget: int | None = None

    def forward(self, source: socket.socket, target: socket.socket):
        try:
            while data := source.recv(1 << 16):
                if source is self.client and b"\r\nupgrade: websocket" in data.lower():
                    self.budget = next(self.proxy.budgets, None)
                target.sendall(data[: self.spend(len(data))])
                if self.budget == 0:
                    return self.reset()
            target.shutdown(socket.SHUT_WR)
        except OSError:
            # The other direction has ended it.
            pass

    def spend(self, count: int) -> int:
        """How many of these bytes may still go."""
        if self.budget is None:
            return count
        with self.proxy.lock:
            allowed = min(count, self.budget)
            self.budget -= allowed
        return allowed

    def reset(self):
        with self.proxy.lock:
            self.proxy.cuts += 1
        for end in (self.client, self.server):
            # Lingering for no time at all is a reset. A socket that another thread reads goes away only when shut down.
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            end.close()
