"""The captions page in a browser."""

import json

from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait


class Page:
    def __init__(self, browser, address: str):
        self.browser = browser
        browser.get(address)
        self.wait(lambda: self.phase == "idle")
        self.choose_language("en")

    def wait(self, until, seconds: float = 180):
        WebDriverWait(self.browser, seconds, poll_frequency=0.05).until(lambda _: until())

    def press(self):
        self.browser.find_element(By.ID, "start-stop").click()

    def choose_language(self, code: str):
        self.browser.execute_script(
            f"const choice = document.querySelector('#language'); choice.value = {json.dumps(code)};"
            "choice.dispatchEvent(new Event('change', { bubbles: true }));")

    def text(self, selector: str) -> str:
        return self.browser.execute_script(
            f"return [...document.querySelectorAll({json.dumps(selector)})].map(e => e.textContent).join(' ')")

    @property
    def phase(self) -> str:
        return self.browser.execute_script("return document.body.dataset.phase")

    @property
    def finals(self) -> str:
        return self.text("#finals .text")

    @property
    def everything(self) -> str:
        return f"{self.finals} {self.text('#live .text')}"

    @property
    def bytes(self) -> int:
        """What has been loaded to show it, without headers."""
        return self.browser.execute_script(
            "return performance.getEntries().reduce((sum, entry) => sum + (entry.encodedBodySize ?? 0), 0)")
