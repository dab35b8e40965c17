"""Sori beside its peers: the same audio, the same weights, the same number of threads, in the same run, taking turns.

    python Benchmarks/peers/engine.py --sori PATH --models DIR --audio FILE… --threads 1 2

Peers: faster-whisper in int8 and float32 on DIR/base, whisper.cpp on DIR/ggml-base.bin (f16) and
DIR/ggml-base-q8_0.bin, which are made from DIR/base where they are missing. Each runs alone, in a process of its own,
`--rounds` times in turn; the least time of all rounds counts. measure.py says what each row is. Without --sori only
the peers are measured.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
TIMES = ["load", "first_result", "mel", "encode", "prefix40", "token", "window2", "window2_padded", "clip30"]


def commands(arguments: argparse.Namespace, audio: Path, threads: int) -> dict[str, list[str]]:
    """What to run for each engine. Every command prints one JSON object on its last line."""
    base = arguments.models / "base"
    peers = {
        "faster-whisper int8": ["faster-whisper-int8", base],
        "faster-whisper f32": ["faster-whisper-float32", base],
        "whisper.cpp f16": ["whisper.cpp", ggml(arguments.models, "f16")],
        "whisper.cpp q8_0": ["whisper.cpp", ggml(arguments.models, "q8_0")],
    }
    options = ["--threads", threads, "--repeat", arguments.repeat, "--language", arguments.language]
    sori = [arguments.sori, "bench", "engine", "--json", "--model", base, "--audio", audio, *options]
    result = {"sori": sori} if arguments.sori else {}
    for name, (peer, model) in peers.items():
        result[name] = [sys.executable, HERE / "measure.py", peer, model, audio, *options]
    return {name: [str(word) for word in command] for name, command in result.items()}


def ggml(models: Path, kind: str) -> Path:
    """The same weights for whisper.cpp."""
    path = models / ("ggml-base.bin" if kind == "f16" else f"ggml-base-{kind}.bin")
    if not path.exists():
        subprocess.run(
            [sys.executable, HERE / "ctranslate2_to_ggml.py", models / "base", path, "--type", kind], check=True
        )
    return path


def measure(command: list[str]) -> dict:
    run = subprocess.run(command, check=False, stdout=subprocess.PIPE, text=True)
    if run.returncode != 0:
        raise SystemExit(f"{' '.join(command)} ended with {run.returncode}")
    return json.loads(run.stdout.strip().splitlines()[-1])


def flat(facts: dict) -> dict[str, float]:
    """{"encode 2 s": seconds, …}: times by row name."""
    rows = {}
    for key in TIMES:
        value = facts.get(f"{key}_seconds")
        if isinstance(value, dict):
            rows |= {f"{key} {length} s": time for length, time in value.items()}
        elif value is not None:
            rows[key] = value
    return rows


def table(engines: dict[str, list[dict]]) -> str:
    """A Markdown table in milliseconds, with Sori's share of each peer's time in brackets."""
    best = {
        name: {row: min(flat(facts)[row] for facts in rounds) for row in flat(rounds[0])}
        for name, rounds in engines.items()
    }
    rows = list(dict.fromkeys(row for times in best.values() for row in times))
    lines = ["| ms | " + " | ".join(best) + " |", "| --- |" + " ---: |" * len(best)]
    for row in rows:
        cells = [
            cell(times.get(row), best.get("sori", {}).get(row) if name != "sori" else None)
            for name, times in best.items()
        ]
        lines.append(f"| {row} | " + " | ".join(cells) + " |")
    last = {name: rounds[-1] for name, rounds in engines.items()}
    lines.append("| clip30 tokens | " + " | ".join(str(facts["clip30_tokens"]) for facts in last.values()) + " |")
    lines.append("| resident MB (before the model) | " + " | ".join(memory(facts) for facts in last.values()) + " |")
    return "\n".join(lines)


def cell(time: float | None, sori: float | None) -> str:
    if time is None:
        return "–"
    return f"{time * 1000:.1f}" + (f" ({sori / time:.2f})" if sori else "")


def memory(facts: dict) -> str:
    baseline = f" ({facts['baseline_bytes'] / 1e6:.0f})" if "baseline_bytes" in facts else ""
    return f"{facts['resident_bytes'] / 1e6:.0f}{baseline}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sori", type=Path, help="the sori executable")
    parser.add_argument("--models", type=Path, required=True, help="folder that holds base")
    parser.add_argument("--audio", type=Path, nargs="+", required=True, help="16 kHz mono; the first 30 s are used")
    parser.add_argument("--threads", type=int, nargs="+", default=[1])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--language", default="en")
    parser.add_argument("--output", type=Path, help="where to keep every figure as JSON")
    arguments = parser.parse_args()
    everything = []
    for audio in arguments.audio:
        for threads in arguments.threads:
            engines: dict[str, list[dict]] = {}
            for _ in range(arguments.rounds):
                for name, command in commands(arguments, audio, threads).items():
                    engines.setdefault(name, []).append(measure(command))
            load = ", ".join(f"{load:.1f}" for load in os.getloadavg())
            print(f"\n{audio.name}, threads: {threads}, load average {load}\n\n{table(engines)}\n", flush=True)
            for name, rounds in engines.items():
                print(f"- {name}: {rounds[-1]['text']}")
            everything.append({"audio": str(audio), "threads": threads, "engines": engines})
    if arguments.output:
        arguments.output.write_text(json.dumps(everything, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
