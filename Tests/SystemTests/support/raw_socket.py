"""A WebSocket client that does only what it is told: no pongs, no reading, no goodbye."""

import socket
import struct


class RawSocket:
    def __init__(self, port: int, forwarded_for: str = "127.0.0.1"):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.socket.sendall(
            b"GET /v1/listen HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            b"X-Forwarded-For: " + forwarded_for.encode() + b"\r\n"
            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += self.socket.recv(1)

    def send(self, payload: bytes | str):
        opcode, payload = (1, payload.encode()) if isinstance(payload, str) else (2, payload)
        length = struct.pack("!B", 0x80 | len(payload)) if len(payload) < 126 else struct.pack(
            "!BH" if len(payload) < 1 << 16 else "!BQ", 0x80 | (126 if len(payload) < 1 << 16 else 127), len(payload))
        # A mask of zeros is a mask, and changes nothing.
        self.socket.sendall(bytes([0x80 | opcode]) + length + bytes(4) + payload)

    def complain(self, times: int):
        """Sends what has an answer each time, as long as the server takes it; nobody reads the answers."""
        self.socket.settimeout(0)
        try:
            for _ in range(times):
                self.send("no JSON")
        except BlockingIOError:
            pass

    def read_to_end(self) -> int:
        """Reads and answers nothing until the server hangs up; the number of bytes."""
        count = 0
        try:
            while data := self.socket.recv(1 << 16):
                count += len(data)
        except ConnectionResetError:
            pass
        return count

    def vanish(self):
        """Resets the connection."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()
