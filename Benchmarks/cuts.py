#!/usr/bin/env python3
"""Breaks the connections of both clients again and again while they caption a recording in real time.

A proxy resets each connection after a random number of bytes. The transcript must be that of the same sound over a
connection that lasts; for the page, that is the sound which it sent.

    eval "$(scripts/env)"; "$SORI_CLIENTS_PYTHON" Benchmarks/cuts.py ../shared/speech/streams/ko_ava_literary.flac --language ko
"""

import argparse
import random
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import soundfile

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "Tests/SystemTests"))

from support import sent_sound
from support.chromium import chromium
from support.cutting_proxy import CuttingProxy
from support.sori import Server, finals, listen
from support.words import words
from test_page import Page

BYTES_PER_SECOND = 32_000


def budgets(seconds: float, cuts: int, seed: int):
    """Bytes until each cut, so that about so many happen in that time."""
    chance = random.Random(seed)
    return iter([chance.randrange(1, int(2 * seconds * BYTES_PER_SECOND / cuts)) for _ in range(cuts)])


def caption_page(proxy: CuttingProxy, recording: Path, sent: Path, seconds: float, options: argparse.Namespace) -> str:
    """The page's transcript; writes what it has sent."""
    with chromium(recording) as browser:
        sent_sound.watch(browser)
        page = Page(browser, f"http://127.0.0.1:{proxy.port}/")
        page.choose_language(options.language)
        proxy.budgets = budgets(seconds, options.cuts, options.seed + 1)
        page.press()
        page.wait(lambda: page.phase == "listening")
        threading.Event().wait(seconds + 1)  # the recording, and a moment of silence
        page.press()
        page.wait(lambda: page.phase == "finished", seconds=120)
        sent_sound.write(browser, sent)
        return page.finals


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recording", type=Path)
    parser.add_argument("--language", default="en")
    parser.add_argument("--cuts", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    sound, rate = soundfile.read(options.recording)
    seconds = len(sound) / rate
    with (
        tempfile.TemporaryDirectory() as folder, Server() as server, CuttingProxy(server.port) as first,
        CuttingProxy(server.port) as second, ThreadPoolExecutor() as threads,
    ):
        wav, sent = Path(folder) / "recording.wav", Path(folder) / "sent.wav"
        soundfile.write(wav, sound, rate, subtype="PCM_16")

        def caption(file: Path, port: int, *arguments: str) -> str:
            heard = listen(file, "--language", options.language, "--server", f"ws://127.0.0.1:{port}", *arguments)
            return finals(heard.communicate()[0].splitlines())

        page = threads.submit(caption_page, second, wav, sent, seconds, options)
        first.budgets = budgets(seconds, options.cuts, options.seed)
        terminal = caption(options.recording, first.port)
        on_page = page.result()
        pairs = [
            ("sori listen", first.cuts, terminal, caption(options.recording, server.port, "--fast")),
            ("the page", second.cuts, on_page, caption(sent, server.port, "--fast")),
        ]
    print(f"{seconds:.0f} s of sound")
    for name, cuts, cut, whole in pairs:
        print(f"{name}: {cuts} cuts, {len(words(cut))} words, {'identical' if cut == whole else 'DIFFERENT'}")
    return 0 if all(cut == whole for _, _, cut, whole in pairs) else 1


if __name__ == "__main__":
    sys.exit(main())
