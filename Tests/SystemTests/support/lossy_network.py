"""A network of two ends in which packets take time and get lost, as between machines that are far apart.

One end is this process' own network, the other a network namespace. Between them are two TUN devices and a thread that carries
packets from one to the other: the kernels of small machines often have no `netem`.
"""

import fcntl
import heapq
import os
import random
import select
import struct
import subprocess
import threading
import time

TUNSETIFF = 0x400454CA
WITHOUT_HEADER = 0x1001  # IFF_TUN | IFF_NO_PI


class LossyNetwork:
    """Between `here` and `there`; each packet takes `delay` seconds and gets lost with the probability `loss`. While
    `is_cut`, all of them do."""

    here, there = "198.18.7.1", "198.18.7.2"

    def __init__(self, delay: float = 0, loss: float = 0, seed: int = 1):
        self.delay, self.loss, self.is_cut = delay, loss, False
        self.random = random.Random(seed)
        self.name = f"sori-{os.getpid()}"
        self.carried = self.lost = 0

    def __enter__(self) -> "LossyNetwork":
        run = lambda *command: subprocess.run(command, check=True, capture_output=True, text=True)
        self.ends = [self.device(f"sori-{end}") for end in "ab"]
        self.stopping, self.stop = os.pipe()
        run("ip", "netns", "add", self.name)
        try:
            run("ip", "link", "set", "sori-b", "netns", self.name)
            run("ip", "address", "add", self.here, "peer", self.there, "dev", "sori-a")
            run("ip", "link", "set", "sori-a", "up")
            run(*self.command, "ip", "link", "set", "lo", "up")
            run(*self.command, "ip", "address", "add", self.there, "peer", self.here, "dev", "sori-b")
            run(*self.command, "ip", "link", "set", "sori-b", "up")
        except subprocess.CalledProcessError as error:
            self.close()
            raise AssertionError(f"{error}: {error.stderr}") from error
        self.thread = threading.Thread(target=self.carry)
        self.thread.start()
        return self

    def __exit__(self, *_):
        os.write(self.stop, b".")
        self.thread.join()
        self.close()

    def close(self):
        for end in [*self.ends, self.stopping, self.stop]:
            os.close(end)
        subprocess.run(["ip", "netns", "delete", self.name], check=True)

    @property
    def command(self) -> list[str]:
        """What to write before a command that is to run at the other end."""
        return ["ip", "netns", "exec", self.name]

    @staticmethod
    def device(name: str) -> int:
        device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH", name.encode(), WITHOUT_HEADER))
        return device

    def carry(self):
        underway: list[tuple[float, int, int, bytes]] = []
        number = 0
        while True:
            wait = max(0, underway[0][0] - time.monotonic()) if underway else None
            readable, _, _ = select.select([*self.ends, self.stopping], [], [], wait)
            if self.stopping in readable:
                return
            now = time.monotonic()
            for end in readable:
                packet = os.read(end, 1 << 16)
                if self.is_cut or self.random.random() < self.loss:
                    self.lost += 1
                    continue
                number += 1
                other = self.ends[1 - self.ends.index(end)]
                heapq.heappush(underway, (now + self.delay, number, other, packet))
            while underway and underway[0][0] <= now:
                _, _, end, packet = heapq.heappop(underway)
                self.carried += 1
                try:
                    os.write(end, packet)
                except OSError:
                    # The device's queue is full: packets get lost in such places everywhere.
                    self.lost += 1
