"""What a process and its children use."""

import time

import psutil


class Usage:
    """Processor time and memory from when it is made."""

    def __init__(self, process: psutil.Process):
        self.process = process
        self.start = time.monotonic()
        self.cpu_before, self.resident_before = self._now()
        self.resident_peak = self.resident_before

    def sample(self) -> None:
        """To be called often: memory is only known when one looks."""
        self.resident_peak = max(self.resident_peak, self._now()[1])

    def result(self) -> dict:
        cpu, resident = self._now()
        return {
            "cpuSeconds": round(cpu - self.cpu_before, 2),
            "residentBefore": self.resident_before,
            "residentPeak": max(self.resident_peak, resident),
            "wallSeconds": round(time.monotonic() - self.start, 2),
        }

    def _now(self) -> tuple[float, int]:
        """Seconds of all threads, and bytes."""
        cpu, resident = 0.0, 0
        for process in [self.process, *self.process.children(recursive=True)]:
            try:
                times = process.cpu_times()
                cpu += times.user + times.system
                resident += process.memory_info().rss
            except psutil.NoSuchProcess:
                continue
        return cpu, resident
