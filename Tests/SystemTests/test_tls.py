"""TLS of Sori's own: before listeners, and between gateways and workers; certificates are renewed while people speak."""

import http.client
import json
import ssl
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

from support.certificate import Certificate
from support.cluster import Gateway, Worker, free_port, wait_until
from support.recording import OPENING, OPENING_TEXT
from support.sori import COMMAND, finals
from support.words import error_rate


class TLSTests(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.certificate = Certificate(self.folder)
        self.flags = ["--tls-certificate", str(self.certificate.certificate), "--tls-key", str(self.certificate.key)]

    def serve(self, *options: str) -> tuple[subprocess.Popen, int]:
        port = free_port()
        server = subprocess.Popen(
            [COMMAND, "serve", "--port", str(port), *self.flags, *options], stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True)
        self.addCleanup(server.communicate)
        self.addCleanup(server.terminate)
        self.assertIn(f"https://127.0.0.1:{port}", server.stdout.readline())
        wait_until(lambda: self.get(port, "/is_ready")[0] == 200, "it is ready")
        return server, port

    def get(self, port: int, path: str, host: str = "127.0.0.1") -> tuple[int, dict]:
        context = ssl.create_default_context(cafile=self.certificate.certificate)
        connection = http.client.HTTPSConnection("127.0.0.1", port, context=context, timeout=10)
        connection.request("GET", path, headers={"Host": host})
        answer = connection.getresponse()
        answer.read()
        return answer.status, dict(answer.getheaders())

    def shown(self, port: int) -> str:
        """The certificate that the server shows now."""
        return ssl.get_server_certificate(("127.0.0.1", port))

    def test_a_certificate_is_renewed_while_somebody_speaks(self):
        server, port = self.serve()
        first = self.shown(port)
        speaker = subprocess.Popen(
            [COMMAND, "listen", "--json", "--server", f"wss://localhost:{port}", "--trust",
             self.certificate.certificate, "--language", "en", OPENING], stdout=subprocess.PIPE, text=True)
        messages = []
        for line in speaker.stdout:
            messages.append(line)
            if json.loads(line)["type"] == "partial":
                break
        self.certificate.renew()
        wait_until(lambda: self.shown(port) != first, "the new certificate is shown", 30)
        self.assertEqual(self.shown(port).split(), self.certificate.certificate.read_text().split())
        messages += list(speaker.stdout)
        self.assertEqual(speaker.wait(60), 0)
        # One session to its end: nothing was cut.
        self.assertLess(error_rate(OPENING_TEXT, finals(messages)), 0.2)
        self.assertFalse(any("reconnecting" in line for line in messages), messages)
        # Files that do not belong together change nothing.
        self.certificate.key.write_text("no key")
        time.sleep(0.1)
        self.assertEqual(self.get(port, "/is_ready")[0], 200)

    def test_browsers_are_told_to_come_by_tls_only_where_that_is_the_server_alone(self):
        _, port = self.serve()
        self.assertIn("max-age=", self.get(port, "/", host="captions.example")[1]["Strict-Transport-Security"])
        # What runs on other ports of this machine may have no TLS.
        self.assertNotIn("Strict-Transport-Security", self.get(port, "/", host=f"localhost:{port}")[1])
        with self.assertRaises(OSError):
            http.client.HTTPConnection("127.0.0.1", port, timeout=10).request("GET", "/")
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", "/")
            connection.getresponse()

    def test_files_that_are_of_no_use_are_told_in_one_line(self):
        other = self.folder / "other"
        other.mkdir()
        key = Certificate(other).key
        for options, words in [
            (["--tls-certificate", "/nowhere.pem", "--tls-key", str(key)], "both must be files in PEM form"),
            (["--tls-certificate", str(self.certificate.certificate), "--tls-key", str(key)], "belong together"),
            (["--tls-certificate", str(self.certificate.certificate)], "'tls.key'"),
        ]:
            with self.subTest(options):
                done = subprocess.run(
                    [COMMAND, "serve", "--port", "0", *options], capture_output=True, text=True, timeout=60)
                self.assertEqual((done.returncode, done.stdout), (1, ""))
                self.assertRegex(done.stderr, rf"\Asori: .*{words}.*\n\Z")

    def test_a_gateway_reaches_its_workers_by_tls_and_trusts_no_others(self):
        secret = {"SORI_TOKEN": "worker-secret"}
        recognizer = self.enterContext(Worker("recognizer", *self.flags, environment=secret))
        detector = self.enterContext(Worker("detector", *self.flags, environment=secret))
        addresses = [[f"wss://{worker.address}"] for worker in (recognizer, detector)]
        environment = {"SORI_WORKERS_TOKEN": "worker-secret"}
        trusting = self.enterContext(Gateway(
            *addresses, environment={**environment, "SORI_WORKERS_TRUST": str(self.certificate.certificate)}))
        trusting.wait_until_ready()
        text = subprocess.run(
            [sys.executable, Path(__file__).parent / "client/listen.py", trusting.url, OPENING, "--language", "en",
             "--text"], capture_output=True, text=True, timeout=120, check=True).stdout
        self.assertLess(error_rate(OPENING_TEXT, text), 0.2)
        doubting = self.enterContext(Gateway(*addresses, environment=environment))
        wait_until(lambda: doubting.metric("sori_workers", role="recognizer") >= 1, "it has tried")
        self.assertEqual(doubting.metric("sori_workers", role="recognizer", state="ready"), 0)


if __name__ == "__main__":
    unittest.main()
