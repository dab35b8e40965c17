"""Certificates of a test's own making."""

import subprocess
from pathlib import Path


class Certificate:
    """A certificate that vouches for itself, for localhost and the loopback addresses, and its key."""

    def __init__(self, folder: Path):
        self.certificate, self.key = folder / "certificate.pem", folder / "key.pem"
        self.renew()

    def renew(self):
        """Puts others in their place, as whoever renews certificates does."""
        new = [self.certificate.with_suffix(".new"), self.key.with_suffix(".new")]
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
             "30", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1",
             "-out", new[0], "-keyout", new[1]], check=True, capture_output=True)
        new[1].rename(self.key)
        new[0].rename(self.certificate)
