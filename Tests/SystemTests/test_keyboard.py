"""The pages without a mouse."""

import unittest

from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from support.chromium import chromium
from support.keyboard import faults, focused, go_to, press
from support.listener import start
from support.page import Page
from support.recording import OPENING
from support.sori import Server
from test_obs import Address
from test_panel import ADMINISTRATOR, Panel


class KeyboardTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(Server(environment=ADMINISTRATOR))
        cls.address = f"http://127.0.0.1:{cls.server.port}"

    def test_captions_are_started_corrected_and_saved(self):
        with chromium(OPENING) as browser:
            page = Page(browser, f"{self.address}/")
            find = lambda selector: browser.find_element(By.CSS_SELECTOR, selector)
            self.assertEqual(faults(browser), [])
            go_to(browser, find("#start-stop"))
            press(browser, Keys.SPACE)
            page.wait(lambda: "season of darkness" in page.everything)
            press(browser, Keys.ENTER)
            page.wait(lambda: page.phase == "finished" and "darkness" in page.finals)
            self.assertEqual(faults(browser), [])
            # A line is corrected, and the next thing is where one was.
            go_to(browser, find(".caption .edit"))
            for edited in ["It was.", "It was the best."]:
                press(browser, Keys.ENTER)
                self.assertEqual(focused(browser).tag_name, "textarea")
                focused(browser).send_keys(Keys.CONTROL, "a")
                focused(browser).send_keys(edited, Keys.ENTER)
                page.wait(lambda: edited in page.finals and focused(browser) == find(".caption .edit"))
            press(browser, Keys.ENTER)
            focused(browser).send_keys("not this", Keys.ESCAPE)
            page.wait(lambda: focused(browser) == find(".caption .edit"))
            self.assertNotIn("not this", page.finals)
            # Menus open and close, and give the focus back.
            for button, menu in [("#settings", "#settings-menu"), ("#save", "#save-menu"), ("#history", "#history-menu")]:
                go_to(browser, find(button))
                press(browser, Keys.ENTER)
                page.wait(lambda: find(menu).is_displayed())
                self.assertEqual(faults(browser), [], menu)
                go_to(browser, find(button))
                press(browser, Keys.TAB)
                self.assertEqual(browser.execute_script("return document.activeElement.closest('.menu')?.id"), menu[1:])
                press(browser, Keys.ESCAPE)
                page.wait(lambda: not find(menu).is_displayed())
                self.assertEqual(focused(browser), find(button))

    def test_the_panel_is_used(self):
        session = start([Address(self.server)], "--name", "haneul", "--speed", "0.5")
        self.addCleanup(session.communicate)
        self.addCleanup(session.kill)
        with chromium() as browser:
            panel = Panel(browser, self.server.port, "")
            self.assertEqual(faults(browser), [])
            go_to(browser, browser.find_element(By.ID, "token"))
            press(browser, "secret", Keys.ENTER)
            panel.wait(lambda: "haneul" in panel.text("#sessions"))
            self.assertEqual(faults(browser), [])
            # What comes in twice a second does not take the focus away.
            read = browser.find_element(By.CSS_SELECTOR, "#sessions button[aria-expanded]")
            go_to(browser, read)
            press(browser, Keys.ENTER)
            panel.wait(lambda: "best of times" in panel.text("#sessions .said"))
            self.assertEqual(focused(browser), read)
            press(browser, Keys.ENTER)
            panel.wait(lambda: panel.text("#sessions .said") == "")
            hop = browser.find_element(By.CSS_SELECTOR, ".number input")
            go_to(browser, hop)
            press(browser, Keys.ARROW_UP, Keys.TAB)
            panel.wait(lambda: "captions:" in panel.text("#notices"))
            go_to(browser, browser.find_element(By.ID, "reset"))
            press(browser, Keys.SPACE)
            panel.wait(lambda: "as when the server began" in panel.text("#notices"))

    def test_an_overlay_is_made(self):
        with chromium() as browser:
            browser.get(f"{self.address}/overlay/editor.html")
            name = browser.find_element(By.NAME, "sessionName")
            go_to(browser, name)
            press(browser, "haneul")
            self.assertEqual(faults(browser), [])
            size = browser.find_element(By.NAME, "size")
            go_to(browser, size)
            press(browser, Keys.ARROW_RIGHT)
            go_to(browser, browser.find_element(By.NAME, "show"))
            press(browser, Keys.ARROW_DOWN)
            address = browser.find_element(By.ID, "address").get_property("value")
            self.assertTrue(address.endswith("/overlay/?name=haneul&size=55&show=translation"), address)


if __name__ == "__main__":
    unittest.main()
