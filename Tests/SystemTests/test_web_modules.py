"""Runs the tests of the pages' modules in Chromium: needs Debian's chromium and chromium-driver, and selenium.

    python3 Tests/BrowserTests/unit.py [FILE.test.js …]
"""

import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

FOLDER = Path(__file__).resolve().parent / "unit"
REPOSITORY = FOLDER.parents[2]


class Handler(SimpleHTTPRequestHandler):
    # What a system says of .js differs; browsers run modules of this type only.
    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, ".js": "text/javascript"}

    def do_GET(self):
        # A server puts the shared modules below each page.
        self.path = self.path.replace("/Web/captions/shared/", "/Web/shared/")
        super().do_GET()

    def log_message(self, *_):
        pass


def results(address: str) -> list[str]:
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    options.add_argument("--headless=new")
    options.add_argument("--no-sandbox")  # root has no other way
    options.add_argument("--disable-dev-shm-usage")  # containers have little of it
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService("/usr/bin/chromedriver"))
    try:
        driver.get(address)
        WebDriverWait(driver, 120).until(lambda page: page.title in ("passed", "failed"))
        return driver.find_element(By.ID, "results").get_property("textContent").splitlines()
    finally:
        driver.quit()


def main() -> int:
    files = sys.argv[1:] or sorted(file.name for file in FOLDER.glob("*.test.js"))
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(REPOSITORY)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_address[1]}"
    lines = results(f"{base}/{FOLDER.relative_to(REPOSITORY)}/run.html?{'&'.join(files)}")
    print("\n".join(lines))
    passed, failed = (sum(line.startswith(word) for line in lines) for word in ("ok ", "failed "))
    print(f"{passed} passed, {failed} failed")
    return 0 if passed and not failed else 1


if __name__ == "__main__":
    sys.exit(main())
