#!/usr/bin/env python3
"""Prints what the hot paths cost, beside Benchmarks/baseline/hot-paths.json. A difference is told, it is never a failure.

    make bench-micro                     measures and calls this
    make bench-micro BASELINE=--update   makes what was measured the baseline
"""

import argparse
import json
import os
import platform
import statistics
from datetime import date
from pathlib import Path

BASELINE = Path(__file__).parent / "baseline/hot-paths.json"
# Beyond these a difference is marked. Two runs in a row on a virtual machine differed by up to 80 % in time, because of
# its neighbours; instructions hardly differ.
TIME_FACTOR, INSTRUCTIONS_TOLERANCE = 2, 0.03


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("results", type=Path, help="what the benchmark tool wrote in the format jmh")
    parser.add_argument("--update", action="store_true", help="make the results the baseline")
    options = parser.parse_args()
    results = read(options.results)
    if options.update:
        BASELINE.write_text(json.dumps({"machine": machine()} | results, indent=2, ensure_ascii=False) + "\n")
    show(results, json.loads(BASELINE.read_text()))


def read(path: Path) -> dict:
    """The least time of each benchmark, and the instructions of the middle iteration on machines that count them."""
    microseconds, instructions = {}, {}
    for line in sorted(json.loads(path.read_text()), key=lambda line: line["benchmark"]):
        name, metrics = line["benchmark"].rsplit(".", 1)[1], line["secondaryMetrics"]
        microseconds[name] = round(metrics["Time (wall clock)"]["scorePercentiles"]["0.0"], 2)
        if "Instructions" in metrics:
            instructions[name] = int(metrics["Instructions"]["scorePercentiles"]["50.0"])
    return {"microseconds": microseconds} | ({"instructions": instructions} if instructions else {})


def machine() -> str:
    """A line about this machine and this day."""
    information = Path("/proc/cpuinfo")
    lines = information.read_text().splitlines() if information.exists() else []
    names = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    return f"{os.cpu_count()} cores of {names[0] if names else platform.processor()}, {platform.system()}, {date.today()}"


def show(results: dict, baseline: dict):
    now, before = results["microseconds"], baseline["microseconds"]
    ratios = [now[name] / before[name] for name in now if name in before]
    # This machine may be another one, or busy: what all have in common says nothing about the code.
    pace = statistics.median(ratios) if ratios else 1
    print(f"{'hot path':26}{'now':>12}{'baseline':>12}{'change':>9}")
    for name in sorted(now.keys() | before.keys()):
        line = f"{name:26}{time(now.get(name)):>12}{time(before.get(name)):>12}"
        if name in now and name in before:
            line += f"{now[name] / before[name] - 1:>+9.0%}{mark(name, now[name] / before[name] / pace, results, baseline)}"
        print(line)
    print(f"The baseline is of {baseline['machine']}. Most took {pace:.2f} times as long now.")


def time(microseconds: "float | None") -> str:
    if microseconds is None:
        return "-"
    return f"{microseconds / 1000:.2f} ms" if microseconds >= 1000 else f"{microseconds:.2f} µs"


def mark(name: str, relative: float, results: dict, baseline: dict) -> str:
    """What is remarkable about a benchmark, if anything is."""
    counts = [some.get("instructions", {}).get(name) for some in (results, baseline)]
    if all(counts):
        change = counts[0] / counts[1] - 1
        return f"  {change:+.1%} instructions" if abs(change) > INSTRUCTIONS_TOLERANCE else ""
    if 1 / TIME_FACTOR <= relative <= TIME_FACTOR:
        return ""
    return "  slower than the others" if relative > 1 else "  quicker than the others"


if __name__ == "__main__":
    main()
