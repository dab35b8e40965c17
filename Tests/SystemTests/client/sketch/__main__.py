"""Writes down a recording as it is spoken: a line of JSON for each window, the joined text at the end."""

import argparse
import asyncio
import json

from . import audio_buffer, mic_capture, stt_dispatcher, tiny_detector


async def main(recording: str, detector: str, proxy: str, speed: float, language: str | None):
    tiny = tiny_detector.TinyDetector(detector, language)
    dispatcher = stt_dispatcher.SttDispatcher(proxy, language)
    windows: asyncio.Queue[tuple[float, bytes] | None] = asyncio.Queue()

    async def listen():
        """The microphone waits for nobody."""
        buffer = audio_buffer.AudioBuffer()
        async for sound in mic_capture.capture(recording, speed):
            for window in buffer.add(sound):
                windows.put_nowait(window)
        if rest := buffer.rest():
            windows.put_nowait(rest)
        windows.put_nowait(None)

    async with asyncio.TaskGroup() as group:
        group.create_task(listen())
        while (window := await windows.get()) is not None:
            start, sound = window
            if await tiny.is_speech(sound):
                say(start=start, text=await dispatcher.dispatch(start, sound))
            else:
                dispatcher.pause(start)
                say(start=start, silence=True)
    await tiny.socket.close()
    await dispatcher.socket.close()
    say(text=dispatcher.text, sent=dispatcher.sent, connections=dispatcher.socket.connections)


def say(**fields: object):
    print(json.dumps(fields, ensure_ascii=False), flush=True)


parser = argparse.ArgumentParser(prog="python3 -m client.sketch", description=__doc__)
parser.add_argument("recording")
parser.add_argument("--detector", required=True, help="ws://host:port/v1/detect")
parser.add_argument("--proxy", required=True, help="ws://host:port/v1/recognize of a gateway")
parser.add_argument("--speed", type=float, default=1)
parser.add_argument("--language")
asyncio.run(main(**vars(parser.parse_args())))
