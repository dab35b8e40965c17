"""Asks the detector whether there is speech in a window."""

from .worker_socket import WorkerSocket


class TinyDetector:
    def __init__(self, url: str, language: str | None = None):
        self.socket, self.head = WorkerSocket(url), {"type": "detect", "language": language}

    async def is_speech(self, window: bytes) -> bool:
        answer = await self.socket.ask(self.head, window)
        return answer["detection"]["isSpeech"]
