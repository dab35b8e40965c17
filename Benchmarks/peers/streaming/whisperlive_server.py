"""WhisperLive's server with the defaults of its `run_server.py`, which its package leaves out.

    python whisperlive_server.py PORT MODEL --sessions N [--threads N]

Two things differ: as many clients as sessions are let in where that is more than its 4, and a client may stay an
hour, not 5 minutes.

Of torch, which would be 3 GB to fetch, the faster-whisper backend only asks whether there is a GPU. Where it is not
installed, something stands in for it that says no, so the server needs less memory than one that has it. Install
torch in the environment to have it measured.
"""

import argparse
import os
import sys
from types import ModuleType, SimpleNamespace

CLIENTS = 4
CONNECTION_SECONDS = 3600


def stand_in_for_torch() -> None:
    # Libraries that look whether there is torch do so before there seems to be one.
    import ctranslate2  # noqa: F401
    import faster_whisper  # noqa: F401

    try:
        import torch
    except ModuleNotFoundError:
        torch = ModuleType("torch")
        torch.cuda = SimpleNamespace(is_available=lambda: False)
        sys.modules["torch"] = torch


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("port", type=int)
    parser.add_argument("model")
    parser.add_argument("--sessions", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1, help="of OpenMP")
    arguments = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = str(arguments.threads)
    os.environ["HF_HUB_OFFLINE"] = "1"
    stand_in_for_torch()
    from whisper_live.server import TranscriptionServer

    TranscriptionServer().run(
        "127.0.0.1",
        port=arguments.port,
        backend="faster_whisper",
        faster_whisper_custom_model_path=arguments.model,
        single_model=True,
        max_clients=max(CLIENTS, arguments.sessions),
        max_connection_time=CONNECTION_SECONDS,
    )


if __name__ == "__main__":
    main()
