"""Plays recordings in real time to a peer, as a live client would, and writes down what came when.

    python Benchmarks/peers/streaming/play.py PEER [OPTIONS]

`setup` installs the peers, README.md says what each is. The file that comes out is scored by `sori bench report`, with
the same code as Sori's own.

examples:
  eval "$(scripts/env)"
  python Benchmarks/peers/streaming/play.py whisperlive --languages en ko --streams --limit 1 --output trial.json
  python Benchmarks/peers/streaming/play.py localagreement --languages ko --limit 10 --sessions 2 --output trial.json
  python Benchmarks/peers/streaming/play.py whispercpp --streams --limit 1 --seconds 60 --output trial.json
"""

import argparse
import importlib
import os
import shlex
import signal
import sys
from pathlib import Path

from manifest import recordings
from peer import Options, PeerError

PEERS = {"whisperlive": "WhisperLive", "localagreement": "LocalAgreement", "whispercpp": "WhisperCpp"}
DATA = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share")
HOME = Path(os.environ.get("SORI_HOME") or DATA / "sori")


class Parser(argparse.ArgumentParser):
    def error(self, message: str) -> None:
        self.exit(2, f"play.py: {message}\n")


def number(kind: type, least: int):
    """What reads a number and refuses one that is too small."""

    def read(text: str) -> float:
        try:
            value = kind(text)
        except ValueError:
            value = None
        if value is None or not least <= value < float("inf"):
            raise argparse.ArgumentTypeError(f"give a number from {least} on, not {text}")
        return value

    return read


def parse() -> argparse.Namespace:
    parser = Parser(prog="play.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("peer", metavar="PEER", choices=list(PEERS), help=", ".join(PEERS))
    parser.add_argument(
        "--manifest", type=Path, default="../shared/speech/manifest.jsonl", help="JSON lines (default: %(default)s)"
    )
    parser.add_argument("--languages", nargs="+", default=["en", "ko"], metavar="CODE", help="default: en ko")
    parser.add_argument("--streams", action="store_true", help="the long recordings instead of the short ones")
    parser.add_argument("--limit", type=number(int, 1), default=20, help="the most recordings of a language (20)")
    parser.add_argument("--seconds", type=number(float, 1), help="play only so much of each long recording, up to the end of a sentence")
    parser.add_argument("--sessions", type=number(int, 1), default=1, help="recordings played at once (1)")
    parser.add_argument("--threads", type=number(int, 1), help="of the engine (as many as the peer takes on its own)")
    parser.add_argument("--model", type=Path, default=HOME / "models/base", help="CTranslate2 directory (base)")
    parser.add_argument("--output", type=Path, required=True, help="the trial, a JSON file")
    return parser.parse_args()


def enter_environment(peer: str) -> None:
    """Goes on in the peer's own Python environment."""
    environment = HOME / "peers" / peer
    if Path(sys.prefix).resolve() == environment.resolve():
        return
    python = environment / "bin/python"
    if not (python.exists() and (environment / "requirements.txt").exists()):
        raise PeerError(f"{peer} is not installed: run Benchmarks/peers/streaming/setup {peer}")
    os.execv(python, [str(python), *sys.argv])


def command() -> str:
    """How this was called, without what is of this machine only."""
    return shlex.join(["python", *sys.argv]).replace(str(HOME), "$SORI_HOME")


def run(arguments: argparse.Namespace) -> None:
    wanted = recordings(arguments.manifest, arguments.languages, arguments.limit, arguments.streams, arguments.seconds)
    if not (arguments.model / "model.bin").exists():
        raise PeerError(f"{arguments.model} has no model.bin: give the folder that `sori models pull base` made")
    if not arguments.output.absolute().parent.is_dir():
        raise PeerError(f"{arguments.output.parent} is no folder to write the trial to")
    enter_environment(arguments.peer)

    import player
    import trial

    options = Options(arguments.model, arguments.sessions, arguments.threads)
    try:
        peer = getattr(importlib.import_module(arguments.peer), PEERS[arguments.peer])(options)
    except ImportError as error:
        raise PeerError(f"{arguments.peer} cannot run here: {error}") from None
    try:
        trial.write(arguments.output, player.play(peer, options, wanted, command()))
    finally:
        peer.close()


def main() -> None:
    # As an interruption, so that a peer's server is stopped too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        run(parse())
    except (PeerError, OSError) as error:
        sys.exit(f"play.py: {error}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
