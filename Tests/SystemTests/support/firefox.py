"""Firefox, driven by Marionette; its microphone is that of the sound server."""

import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

from marionette_driver.marionette import Marionette
from support.sound_server import SoundServer

PREFERENCES = {
    "media.navigator.permission.disabled": True,  # nobody is there to allow the microphone
    "media.cubeb.backend": "pulse",
}


class Firefox(Marionette):
    """Speaks as Selenium's drivers do, as far as the tests need."""

    def get(self, address: str):
        self.navigate(address)


@contextmanager
def firefox(sound: SoundServer) -> Iterator[Firefox]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    # Not the null device: a log that is there is removed first, which root may do to a device too.
    folder = tempfile.TemporaryDirectory(prefix="sori-firefox-")
    with mock.patch.dict("os.environ", sound.environment):
        browser = Firefox(bin="/usr/bin/firefox-esr", headless=True, port=port, prefs=PREFERENCES,
                          gecko_log=f"{folder.name}/log")
        browser.start_session()
    try:
        yield browser
    finally:
        browser.quit()
        folder.cleanup()
