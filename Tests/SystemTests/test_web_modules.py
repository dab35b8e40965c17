"""Runs the tests in `web_modules`, of the pages' JavaScript modules, in Chromium."""

import threading
import unittest
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait
from support.chromium import chromium
from support.sori import REPOSITORY

FOLDER = Path(__file__).resolve().parent / "web_modules"


class Handler(SimpleHTTPRequestHandler):
    # What a system says of .js differs; browsers run modules of this type only.
    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, ".js": "text/javascript"}

    def do_GET(self):
        # A server puts the shared modules below each page.
        self.path = self.path.replace("/Web/captions/shared/", "/Web/shared/")
        super().do_GET()

    def log_message(self, *_):
        pass


class WebModulesTests(unittest.TestCase):
    def test_all(self):
        files = sorted(file.name for file in FOLDER.glob("*.test.js"))
        with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(REPOSITORY))) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            address = f"http://127.0.0.1:{server.server_address[1]}/{FOLDER.relative_to(REPOSITORY)}/run.html"
            with chromium() as browser:
                browser.get(f"{address}?{'&'.join(files)}")
                WebDriverWait(browser, 120).until(lambda page: page.title in ("passed", "failed"))
                report = browser.find_element(By.ID, "results").get_property("textContent")
            server.shutdown()
        passed = [line for line in report.splitlines() if line.startswith("ok ")]
        self.assertNotIn("\nfailed ", "\n" + report)
        # Each file has told of its tests.
        self.assertEqual({line.split(" ")[1].rstrip(":") for line in passed}, set(files))
