#!/usr/bin/env python3
"""Breaks the connections of both clients again and again while they caption a recording in real time.

A proxy resets each connection after a random number of bytes. `sori listen` must write the same transcript as without
cuts; the page, whose microphone never delivers quite the same samples twice, is compared word by word.

    eval "$(scripts/env)"; "$SORI_CLIENTS_PYTHON" Benchmarks/cuts.py ../shared/speech/streams/ko_ava_literary.flac --language ko
"""

import argparse
import random
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import soundfile

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "Tests/SystemTests"))

from support.chromium import chromium
from support.cutting_proxy import CuttingProxy
from support.sori import Server, finals, listen
from support.words import error_rate, words
from test_page import Page

BYTES_PER_SECOND = 32_000


def budgets(seconds: float, cuts: int, seed: int):
    """Bytes until each cut, so that about so many happen in that time."""
    chance = random.Random(seed)
    return iter([chance.randrange(1, int(2 * seconds * BYTES_PER_SECOND / cuts)) for _ in range(cuts)])


def caption_page(port: int, recording: Path, seconds: float, language: str, before_start=lambda: None) -> str:
    with chromium(recording) as browser:
        page = Page(browser, f"http://127.0.0.1:{port}/")
        page.choose_language(language)
        before_start()
        page.press()
        page.wait(lambda: page.phase == "listening")
        threading.Event().wait(seconds + 1)  # the recording, and a moment of silence
        page.press()
        page.wait(lambda: page.phase == "finished", seconds=120)
        return page.finals


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recording", type=Path)
    parser.add_argument("--language", default="en")
    parser.add_argument("--cuts", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    sound, rate = soundfile.read(options.recording)
    seconds = len(sound) / rate
    with tempfile.TemporaryDirectory() as folder, Server() as server, CuttingProxy(server.port) as first, CuttingProxy(
        server.port
    ) as second:
        wav = Path(folder) / "recording.wav"
        soundfile.write(wav, sound, rate, subtype="PCM_16")
        heard = [str(options.recording), "--language", options.language, "--server"]
        whole = listen(*heard, f"ws://127.0.0.1:{server.port}", "--fast").communicate()[0]

        first.budgets = budgets(seconds, options.cuts, options.seed)
        terminal = listen(*heard, f"ws://127.0.0.1:{first.port}")

        def cut_page():
            second.budgets = budgets(seconds, options.cuts, options.seed + 1)

        pages = {}
        threads = [
            threading.Thread(
                target=lambda: pages.update(whole=caption_page(server.port, wav, seconds, options.language))),
            threading.Thread(
                target=lambda: pages.update(
                    cut=caption_page(second.port, wav, seconds, options.language, cut_page))),
        ]
        for thread in threads:
            thread.start()
        cut = terminal.communicate()[0]
        for thread in threads:
            thread.join()
    same = finals(cut.splitlines()) == finals(whole.splitlines())
    print(f"{seconds:.0f} s of sound")
    print(f"sori listen: {first.cuts} cuts, transcript {'identical' if same else 'DIFFERENT'}")
    print(
        f"the page: {second.cuts} cuts, {len(words(pages['whole']))} words without, {len(words(pages['cut']))} with, "
        f"{error_rate(pages['whole'], pages['cut']):.1%} different")


if __name__ == "__main__":
    main()
