"""The captions page where something goes wrong: the network, the server, the clock, the microphone."""

import random
import tempfile
import unittest
from pathlib import Path

from selenium.webdriver.common.by import By
from support import sent_sound
from support.chromium import chromium
from support.cutting_proxy import CuttingProxy
from support.looks import faults
from support.page import Page
from support.recording import OPENING, OPENING_TEXT
from support.sori import Server, finals, listen
from support.words import error_rate


class TroubleTests(unittest.TestCase):
    def speak_to_the_end(self, page: Page):
        """Waits for the last words, stops, and finds that all of it was written."""
        page.wait(lambda: "season of darkness" in page.everything)
        page.press()
        page.wait(lambda: page.phase == "finished")
        self.assertLess(error_rate(OPENING_TEXT, page.finals), 0.2, page.finals)

    def test_a_microphone_that_cannot_be_had_is_explained(self):
        with Server(environment={"SORI_HOSTS": "sori.test"}) as server:
            address = f"http://127.0.0.1:{server.port}/"
            with chromium(None, "--host-resolver-rules=MAP sori.test 127.0.0.1") as browser:
                for page, said in [(f"http://sori.test:{server.port}/", "https://"), (address, "no microphone")]:
                    page = Page(browser, page)
                    page.press()
                    page.wait(lambda: said in page.text("#problem"), 30)
                    self.assertEqual(faults(browser), [])
                    self.assertEqual(page.phase, "idle")
            with chromium(None, "--use-fake-device-for-media-stream") as browser:
                page = Page(browser, address)
                permission = {"permission": {"name": "microphone"}, "origin": address}
                browser.execute_cdp_cmd("Browser.setPermission", permission | {"setting": "denied"})
                page.press()
                page.wait(lambda: "left of the address bar" in page.text("#problem"), 30)
                # Once it is allowed, the same button is all that it takes.
                browser.execute_cdp_cmd("Browser.setPermission", permission | {"setting": "granted"})
                page.press()
                page.wait(lambda: page.phase == "listening" and page.text("#problem") == "", 30)

    def test_a_connection_that_breaks_changes_nothing(self):
        chance = random.Random(3)
        with (
            tempfile.TemporaryDirectory() as folder, Server() as server, CuttingProxy(server.port) as proxy,
            chromium(OPENING) as browser,
        ):
            sent_sound.watch(browser)
            page = Page(browser, f"http://127.0.0.1:{proxy.port}/")
            # In the middle of words, of messages, of the handshake, and of what is sent again.
            proxy.budgets = iter([chance.randrange(1, 80_000) for _ in range(10)])
            page.press()
            self.speak_to_the_end(page)
            self.assertGreater(proxy.cuts, 5)
            # The same sound over a connection that lasts.
            heard = Path(folder) / "sent.wav"
            sent_sound.write(browser, heard)
            whole, _ = listen(
                heard, "--fast", "--language", "en", "--server", f"ws://127.0.0.1:{server.port}").communicate(timeout=300)
            self.assertEqual(finals(whole.splitlines()), page.finals)

    def test_a_server_that_is_started_anew_goes_on_with_all_that_was_said(self):
        with chromium(OPENING) as browser:
            with Server() as server:
                port = server.port
                page = Page(browser, f"http://127.0.0.1:{port}/")
                page.press()
                page.wait(lambda: "best of times" in page.everything)
            page.wait(lambda: page.phase == "reconnecting")
            self.assertIn("best of times", page.everything)
            self.assertIn("nothing is lost", page.text("#detail"))
            with Server("--port", str(port)):
                self.speak_to_the_end(page)
                self.assertEqual(browser.find_elements(By.CSS_SELECTOR, ".gap"), [])

    def test_who_starts_while_the_server_is_away_loses_nothing(self):
        with chromium(OPENING) as browser:
            with Server() as server:
                port = server.port
                page = Page(browser, f"http://127.0.0.1:{port}/")
            page.press()
            page.wait(lambda: "does not answer" in page.text("#state"))
            page.wait(lambda: "nothing is lost" in page.text("#detail"))
            self.assertEqual(page.text("#problem"), "")
            with Server("--port", str(port)):
                self.speak_to_the_end(page)

    def test_a_clock_that_is_set_changes_nothing(self):
        with Server() as server, chromium(OPENING) as browser:
            page = Page(browser, f"http://127.0.0.1:{server.port}/")
            browser.execute_script(
                "const Real = Date; window.shift = 0;"
                "window.Date = class extends Real {"
                "  constructor(...parts) { parts.length > 0 ? super(...parts) : super(Real.now() + window.shift); }"
                "  static now() { return Real.now() + window.shift; }"
                "};")
            page.press()
            for words, days in [("best of times", -1), ("age of foolishness", 400), ("epoch of belief", -3)]:
                page.wait(lambda: words in page.everything)
                browser.execute_script(f"window.shift = {days} * 86400000")
            self.speak_to_the_end(page)
            times = [int(minutes) * 60 + int(seconds) for minutes, seconds in
                     (text.split(":") for text in page.text("#finals .time").split())]
            self.assertEqual(times, sorted(times))
            self.assertLess(times[-1], 60)

            # One transcript, with all of it.
            def history() -> str:
                # It is kept a moment later, and the list is written when it opens.
                browser.execute_script("const menu = document.querySelector('#history-menu'); menu.hidePopover(); menu.showPopover();")
                return page.text("#history-list small")

            page.wait(lambda: history().endswith(f" {len(times)} lines"))
            self.assertEqual(len(browser.find_elements(By.CSS_SELECTOR, "#history-list li")), 1)
