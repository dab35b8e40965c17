"""What every peer is to the player: something that recordings are played to, and that shows text meanwhile."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import psutil
    from captions import Captions
    from live_sound import LiveSound


class PeerError(Exception):
    """What is wrong and what to do, in one line."""


@dataclass
class Options:
    """What is asked of a peer."""

    model: Path  # CTranslate2 directory
    sessions: int = 1
    threads: int | None = None  # as many as the peer takes on its own


class Peer(ABC):
    """A system for live captions, loaded and ready."""

    system: str  # name and version
    settings: dict[str, str]  # what else is worth knowing
    process: "psutil.Process"  # what works, with its children

    @abstractmethod
    def caption(self, sound: "LiveSound", language: str, captions: "Captions") -> None:
        """Starts a sound, listens to it to its last word and writes down what is shown. Called by several threads."""

    def close(self) -> None:
        """Stops what the peer has started."""


def versions(*packages: str) -> dict[str, str]:
    return {package: version(package) for package in packages}
