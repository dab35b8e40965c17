"""Debian's nginx before gateways, with the configuration of `deploy/nginx`."""

import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from support.certificate import Certificate
from support.sori import REPOSITORY

CONFIGURE = REPOSITORY / "deploy/nginx/configure"


class Nginx:
    """nginx on a free port; by TLS with a certificate that vouches for itself, unless told otherwise."""

    def __init__(self, gateways: list[int], *options: str, path: str = "/", is_secure: bool = True):
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.folder = Path(tempfile.mkdtemp(prefix="sori-"))
        self.path = path
        tls = []
        if is_secure:
            certificate = Certificate(self.folder)
            tls = ["--certificate", certificate.certificate, "--key", certificate.key]
        also = [word for gateway in gateways for word in ("--gateway", f"127.0.0.1:{gateway}")]
        self.configuration = self.folder / "nginx.conf"
        self.configuration.write_text(subprocess.run(
            [CONFIGURE, "--alone", self.folder, "--listen", f"127.0.0.1:{self.port}", "--prefix", path, *tls, *also,
             *options], check=True, capture_output=True, text=True).stdout)
        self.host = f"127.0.0.1:{self.port}{path}"
        self.address = f"http{'s' if is_secure else ''}://{self.host}"
        self.url = f"ws{'s' if is_secure else ''}://{self.host}v1/listen"
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            ["nginx", "-e", self.folder / "start.log", "-p", self.folder, "-c", self.configuration],
            stderr=subprocess.DEVNULL)

    def check(self) -> str:
        """What `nginx -t` says of the configuration."""
        done = subprocess.run(
            ["nginx", "-t", "-e", "stderr", "-p", self.folder, "-c", self.configuration], capture_output=True, text=True)
        return done.stderr

    @property
    def logs(self) -> str:
        """All that it has written down."""
        return "".join(path.read_text() for path in sorted(self.folder.glob("*.log")))

    def __enter__(self) -> "Nginx":
        deadline = time.monotonic() + 20
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return self
            except OSError:
                assert time.monotonic() < deadline and self.process.poll() is None, "nginx does not start"
                time.sleep(0.02)

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(20)
        shutil.rmtree(self.folder)
