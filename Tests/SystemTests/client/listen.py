#!/usr/bin/env python3
"""Plays recordings to a server over one WebSocket and prints what comes back, a JSON line for each message."""

import argparse
import asyncio
import json
import sys
from pathlib import Path

from sori_client.cuts import random_cuts
from sori_client.failures import Failure
from sori_client.listener import Listener, Plan
from sori_client.sound import ENCODINGS, read

EPILOG = """\
Each line is a message with two more fields: `t`, seconds since the first frame of sound was sent (null before), and
`sent`, seconds of sound sent so far. In real time, sound at second s is sent at t = s, or up to a frame before.

Every message in either direction is validated against docs/protocol/messages.schema.json, and the rules between
messages are checked: stable text only grows, no final comes twice, acks never go back, `finished` is last, and so on.

exit status:
  0   the session went as the protocol says
  1   no session, a fatal error, or a connection that broke by itself
  2   a message that is not what the schema says
  3   messages that break a rule of the protocol
  64  wrong arguments

examples:
  listen.py ws://localhost:8080/v1/listen talk.flac --language ko
  listen.py ws://localhost:8080/v1/listen one.wav two.wav --gap 2 --fast --text
  listen.py ws://localhost:8080/v1/listen call.wav --encoding pcm_mulaw --rate 8000 --channels 1
  listen.py ws://localhost:8080/v1/listen talk.wav --speed 4 --cuts 5 --seed 7 --verbose
  listen.py ws://localhost:8080/v1/listen talk.wav --cut 3.2 10 --away 2 --also ws://localhost:8081/v1/listen
"""


class Parser(argparse.ArgumentParser):
    def error(self, message: str):
        self.exit(64, f"{self.prog}: {message}; see --help\n")


def parser() -> Parser:
    parser = Parser(description=__doc__, epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("url", help="ws: or wss: address of /v1/listen")
    add("recordings", nargs="+", type=Path, metavar="FILE", help="wav or flac; several are played one after the other")
    add("--also", nargs="+", default=[], metavar="URL", help="more servers; connections go to each in turn")
    add("--token", help="for a server that asks for one")

    group = parser.add_argument_group("what is said")
    add = group.add_argument
    add("--language", metavar="LANGUAGE")
    add("--languages", nargs="+", metavar="LANGUAGE", help="those that may be detected")
    add("--task", choices=["transcribe", "translate"])
    add("--policy", choices=["alignatt", "local-agreement", "sliding-window"])
    add("--prompt", metavar="TEXT")
    add("--hotwords", nargs="+", metavar="WORD")
    add("--name")
    add("--corrections", action=argparse.BooleanOptionalAction, help="whether finals may differ from stable text")

    group = parser.add_argument_group("how the sound is sent")
    add = group.add_argument
    add("--encoding", choices=ENCODINGS, default=ENCODINGS[0])
    add("--rate", type=int, metavar="HZ", help="default: that of the first recording")
    add("--channels", type=int, choices=[1, 2], help="default: those of the first recording")
    add("--gap", type=float, default=0, metavar="SECONDS", help="silence between recordings")
    add("--frame-ms", type=float, default=40, metavar="MS", help="sound in a binary frame; default 40")
    add("--speed", type=float, default=1, metavar="N", help="so many times real time; default 1")
    add("--fast", action="store_true", help="as fast as the window allows")
    add("--window", type=float, default=60, metavar="SECONDS", help="most sound that is not acknowledged; default 60")

    add("--flush", nargs="+", type=float, default=[], metavar="SECONDS", help="ask for what was said before these times")
    add("--pause-after", type=float, metavar="SECONDS", dest="gap", help="`gap` of the start message; default 0")

    group = parser.add_argument_group("what goes wrong")
    add = group.add_argument
    add("--cut", nargs="+", type=float, default=[], metavar="SECONDS", help="break the connection there, and resume")
    add("--cuts", type=int, default=0, metavar="N", help="break it N times, anywhere")
    add("--seed", type=int, default=0, help="of --cuts, and of how connections break")
    add("--away", type=float, default=0, metavar="SECONDS", help="wait before connecting again after a cut")
    add("--reconnect", type=float, default=0, metavar="SECONDS", help="resume also when the server breaks it")
    add("--patience", type=float, default=120, metavar="SECONDS", help="most silence of the server; default 120")

    group = parser.add_argument_group("what is printed")
    add = group.add_argument
    add("--text", action="store_true", help="only the transcript, a line for each utterance, at the end")
    add("--verbose", action="store_true", help="cuts, and text frames sent, on standard error")
    return parser


def plan(options: argparse.Namespace) -> Plan:
    sound = read(options.recordings, options.rate, options.channels, options.encoding, options.gap)
    names = ("language", "languages", "task", "policy", "prompt", "hotwords", "corrections", "name")
    settings = {name: getattr(options, name) for name in names}
    # A machine that is too busy to send in time is not silent.
    settings["gap"] = options.gap or 0
    return Plan(
        urls=[options.url, *options.also],
        sound=sound,
        settings={name: value for name, value in settings.items() if value is not None},
        token=options.token,
        frame=options.frame_ms / 1000,
        speed=0 if options.fast else options.speed,
        window=options.window,
        flushes=options.flush,
        cuts=options.cut + random_cuts(options.cuts, sound.seconds, options.seed),
        seed=options.seed,
        away=options.away,
        reconnect=options.reconnect,
        patience=options.patience,
        verbose=options.verbose,
    )


def main() -> int:
    arguments = parser()
    options = arguments.parse_args()
    try:
        session = plan(options)
    except (OSError, RuntimeError) as error:  # soundfile's own errors are the latter
        arguments.error(str(error))

    def heard(message: dict, t: float | None) -> None:
        if not options.text:
            times = {"t": t and round(t, 4), "sent": round(listener.rules.sent / session.sound.rate, 3)}
            print(json.dumps(times | message, ensure_ascii=False), flush=True)

    listener = Listener(session, heard)
    try:
        asyncio.run(listener.run())
    except Failure as failure:
        print(f"{arguments.prog}: {failure}", file=sys.stderr)
        return failure.status
    except KeyboardInterrupt:
        return 130
    finally:
        if options.text:
            print("\n".join(text for _, text in sorted(listener.rules.finals.items()) if text))
    return 0


if __name__ == "__main__":
    sys.exit(main())
