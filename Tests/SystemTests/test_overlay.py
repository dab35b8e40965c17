"""The overlay and its editor, in a browser, before running servers."""

import os
import subprocess
import tempfile
import unittest
from contextlib import ExitStack
from pathlib import Path

from selenium.webdriver.support.ui import WebDriverWait
from support.chromium import chromium
from support.cluster import Gateway, Worker
from support.listener import start, transcript
from support.looks import faults, over_checkerboard, picture, save, set_screen
from support.nginx import Nginx
from support.recording import OPENING, OPENING_TEXT, RECORDING
from support.redis import Redis
from support.sori import COMMAND, Server
from support.words import error_rate

# Where pictures of the pages go: `make screenshots`.
PICTURES = os.environ.get("SORI_SCREENSHOTS")
# Everything that the overlay has shown, as it came.
REMEMBER = """
window.shown = new Map();
new MutationObserver(() => document.querySelectorAll('#captions p').forEach((line) => {
    if (!line.dataset.number) line.dataset.number = window.shown.size;
    window.shown.set(line.dataset.number, line.textContent);
})).observe(document.querySelector('#captions'), { childList: true, subtree: true, characterData: true });
"""

# The newest text's words that are broken, and its lines.
BREAKS = """
const text = document.querySelector('#captions p:last-child');
const broken = [...text.children].map(({ firstChild: word }) => {
    const range = new Range();
    range.setStart(word, 0);
    range.setEnd(word, word.data.trimEnd().length);
    return [word.data, range.getClientRects().length];
}).filter(([, count]) => count > 1);
return [broken, text.offsetHeight / parseFloat(getComputedStyle(text).lineHeight)];
"""


class Overlay:
    def __init__(self, browser, address: str):
        self.browser = browser
        set_screen(browser, 1920, 1080)
        browser.get(address)
        browser.execute_script(REMEMBER)

    def wait(self, until, seconds: float = 120):
        WebDriverWait(self.browser, seconds, poll_frequency=0.05).until(lambda _: until())

    @property
    def state(self) -> str:
        return self.browser.execute_script("return document.body.dataset.state")

    @property
    def problem(self) -> str:
        return self.browser.execute_script("return document.querySelector('#problem').textContent")

    @property
    def text(self) -> str:
        return self.browser.execute_script("return document.querySelector('#captions').textContent")

    @property
    def everything(self) -> str:
        return " ".join(self.browser.execute_script("return [...window.shown.values()]"))

    @property
    def height(self) -> float:
        return self.browser.execute_script("return document.querySelector('#captions').getBoundingClientRect().height")


class Named:
    """A server as a listener's address."""

    def __init__(self, server: Server):
        self.url = f"ws://127.0.0.1:{server.port}/v1/listen"


def speak(server: Server, *options: str, recording: Path = OPENING) -> subprocess.Popen:
    return start([Named(server)], "--name", "haneul", *options, recording=recording)


class OverlayTests(unittest.TestCase):
    def test_it_follows_a_name_from_one_session_to_the_next_and_nothing_else_is_seen(self):
        with Server() as server, chromium() as browser:
            overlay = Overlay(browser, f"http://127.0.0.1:{server.port}/overlay?name=haneul&fade=2")
            overlay.wait(lambda: overlay.state == "open")
            self.assertEqual(picture(browser, transparent=True).getchannel("A").getextrema(), (0, 0))
            height = overlay.height
            for _ in range(2):
                session = speak(server, "--speed", "2")
                overlay.wait(lambda: "season of" in overlay.text)
                seen = picture(browser, transparent=True)
                # Letters at the lower edge, and nothing behind or above them.
                self.assertEqual(seen.getchannel("A").getextrema(), (0, 255))
                left, upper, right, _ = seen.getchannel("A").getbbox()
                self.assertGreater(upper, 1080 * 0.7)
                self.assertEqual(overlay.height, height)
                text = transcript(session)
                overlay.wait(lambda: text.split()[-1] in overlay.everything)
                self.assertLess(error_rate(OPENING_TEXT, overlay.everything), 0.2, overlay.everything)
                # What was said goes, and the next session does not bring it back.
                overlay.wait(lambda: overlay.text == "")
                browser.execute_script("window.shown.clear()")

    def test_who_comes_late_sees_what_is_said_from_then_on(self):
        with Server() as server, chromium() as browser:
            session = speak(server, "--speed", "2", recording=RECORDING)
            with chromium() as other:
                first = Overlay(other, f"http://127.0.0.1:{server.port}/overlay?name=haneul")
                first.wait(lambda: "everything before us" in first.text)
            overlay = Overlay(browser, f"http://127.0.0.1:{server.port}/overlay?name=haneul")
            overlay.wait(lambda: "comparison" in overlay.everything)
            transcript(session)
            self.assertNotIn("best of times", overlay.everything)

    def test_it_comes_back_by_itself_when_a_server_was_away(self):
        with chromium() as browser:
            with Server() as server:
                port = server.port
                overlay = Overlay(browser, f"http://127.0.0.1:{port}/overlay?name=haneul")
                overlay.wait(lambda: overlay.state == "open")
            overlay.wait(lambda: overlay.state == "away")
            # Nothing for the audience.
            self.assertEqual(picture(browser, transparent=True).getchannel("A").getextrema(), (0, 0))
            with Server("--port", str(port)) as server:
                overlay.wait(lambda: overlay.state == "open")
                session = speak(server, "--speed", "2")
                overlay.wait(lambda: "season of" in overlay.text)
                transcript(session)

    def test_a_wrong_token_and_a_session_that_is_gone_are_told_until_they_are_mended(self):
        with tempfile.TemporaryDirectory() as folder:
            tokens = Path(folder) / "tokens.json"

            def token(*options: str) -> str:
                command = [COMMAND, "token", "add", "--tokens", tokens, "--permission", *options]
                return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

            speaker = token("speak", "--session", "haneul")
            with Server("--tokens", str(tokens)) as server, chromium() as browser:
                base = f"http://127.0.0.1:{server.port}/overlay/"
                for address in [f"{base}?name=haneul", f"{base}?name=haneul&token=guessed", f"{base}?session=x#token=guessed"]:
                    overlay = Overlay(browser, address)
                    overlay.wait(lambda: overlay.state == "refused")
                    self.assertIn("sori token add", overlay.problem)
                watcher = token("watch", "--session", "haneul")
                for address in [f"{base}?name=haneul&token={watcher}", f"{base}?name=haneul&again=1#token={watcher}"]:
                    overlay = Overlay(browser, address)
                    overlay.wait(lambda: overlay.state == "open")
                    self.assertEqual(overlay.problem, "")
                overlay = Overlay(browser, f"{base}?session=gone#token={speaker}")
                overlay.wait(lambda: "sori token" in overlay.problem or "no such session" in overlay.problem)
                session = speak(server, "--speed", "2", "--token", speaker)
                overlay = Overlay(browser, f"{base}?name=haneul&more=1#token={watcher}")
                overlay.wait(lambda: "season of" in overlay.text)
                transcript(session)

    def test_korean_and_english_break_between_words(self):
        with Server() as server, chromium() as browser:
            overlay = Overlay(browser, f"http://127.0.0.1:{server.port}/overlay?demo&size=110&lines=4&words=0")
            for language, part in {"ko": "보이시나요?", "en": "last week.", "ja": "遊びましょう"}.items():
                overlay.wait(lambda: part in overlay.text)
                broken, lines = browser.execute_script(BREAKS)
                self.assertEqual([] if language == "ja" else broken, [])
                self.assertGreater(lines, 1.5)
                seen = over_checkerboard(picture(browser, transparent=True))
                save(seen.resize((960, 540)), PICTURES, f"overlay-{language}")


class ClusterTests(unittest.TestCase):
    def test_it_follows_a_session_to_another_gateway(self):
        with ExitStack() as stack:
            recognizer = stack.enter_context(Worker("recognizer", "--device", "cpu"))
            detector = stack.enter_context(Worker("detector", "--device", "cpu"))
            environment = {"SORI_REDIS": stack.enter_context(Redis()).url}
            gateways = [
                stack.enter_context(Gateway([recognizer.address], [detector.address], environment=environment)) for _ in "12"]
            for process in [recognizer, detector, *gateways]:
                process.wait_until_ready()
            nginx = stack.enter_context(Nginx([gateway.port for gateway in gateways], path="/live/", is_secure=False))
            overlay = Overlay(stack.enter_context(chromium()), f"{nginx.address}overlay?name=haneul&lines=12&fade=0")
            overlay.wait(lambda: overlay.state == "open")
            session = start([nginx], "--name", "haneul", "--reconnect", "60", "--patience", "60")
            for phrase, gateway in [("worst of times", gateways[0]), ("epoch of", gateways[1])]:
                overlay.wait(lambda: phrase in overlay.text)
                gateway.kill()
                overlay.wait(lambda: overlay.state == "open")
                gateway.start()
                gateway.wait_until_ready()
            text = transcript(session)
            overlay.wait(lambda: text.split()[-1] in overlay.text)
            self.assertLess(error_rate(text, overlay.text), 0.05, overlay.text)


class EditorTests(unittest.TestCase):
    def change(self, browser, name: str, value):
        browser.execute_script(
            "const [name, value] = arguments; const control = document.querySelector('#look').elements[name];"
            "control.type === 'checkbox' ? control.checked = value : control.value = value;"
            "control.dispatchEvent(new Event('input', { bubbles: true }));", name, value)

    def test_what_is_chosen_is_seen_and_stands_in_the_address(self):
        with Server() as server, chromium() as browser:
            browser.get(f"http://127.0.0.1:{server.port}/overlay/editor.html")
            weight = browser.execute_script(
                "return performance.getEntries().reduce((sum, entry) => sum + (entry.encodedBodySize ?? 0), 0)")
            self.assertIn(weight // 1000, range(10, 150))
            wait = WebDriverWait(browser, 30, poll_frequency=0.05).until
            # Without a name there is nothing to show but the editor.
            browser.get(f"http://127.0.0.1:{server.port}/overlay")
            wait(lambda _: browser.current_url.endswith("/overlay/editor.html"))
            copy = browser.find_element("id", "copy")
            self.assertFalse(copy.is_enabled())
            self.change(browser, "sessionName", "not a name")
            self.assertFalse(copy.is_enabled())
            self.change(browser, "sessionName", "haneul")
            for name, value in {"size": "80", "color": "#ffcc00", "align": "center", "tentative": False}.items():
                self.change(browser, name, value)
            wait(lambda _: copy.is_enabled())

            def seen(expression: str):
                return browser.execute_script(f"return document.querySelector('#preview').contentDocument?.{expression}")

            wait(lambda _: seen("documentElement?.dataset.align") == "center")
            self.assertEqual(seen("documentElement.style.getPropertyValue('--color')"), "#ffcc00")
            wait(lambda _: seen("querySelector('#captions')?.textContent"))
            self.change(browser, "token", "secret token")
            address = browser.execute_script("return document.querySelector('#address').value")
            expected = "?name=haneul&size=80&color=ffcc00&align=center&tentative=0#token=secret+token"
            self.assertEqual(address.split("/overlay/")[1], expected)
            overlay = Overlay(browser, address)
            self.assertEqual(browser.execute_script("return document.documentElement.dataset.align"), "center")
            # The editor takes up where it was left, but keeps no token.
            browser.get(f"http://127.0.0.1:{server.port}/overlay/editor.html")
            fields = browser.execute_script(
                "const { elements } = document.querySelector('#look');"
                "return ['sessionName', 'size', 'token'].map((name) => elements[name].value)")
            self.assertEqual(fields, ["haneul", "80", ""])
            self.assertEqual(overlay.browser.get_log("browser"), [])

    def test_nobody_is_kept_out_by_how_it_looks(self):
        with Server() as server, chromium() as browser:
            for language in ("en", "ko"):
                for scheme, width in [("light", 1440), ("dark", 1440), ("dark", 390)]:
                    set_screen(browser, width, 900, scheme)
                    browser.get(f"http://127.0.0.1:{server.port}/overlay/editor.html")
                    browser.execute_script(
                        f"const choice = document.querySelector('#interface'); choice.value = '{language}';"
                        "choice.dispatchEvent(new Event('change', { bubbles: true }))")
                    self.change(browser, "sessionName", "haneul")
                    self.assertEqual(faults(browser), [], (language, scheme, width))
                    wide = browser.execute_script("return document.documentElement.scrollWidth - innerWidth")
                    self.assertLessEqual(wide, 0)
                    WebDriverWait(browser, 30, poll_frequency=0.05).until(lambda _: browser.execute_script(
                        "const { contentDocument: page } = document.querySelector('#preview');"
                        "return page.querySelector('#captions')?.textContent.length > 16"))
                    save(picture(browser), PICTURES, f"editor-{scheme}-{'narrow-' if width < 900 else ''}{language}")


if __name__ == "__main__":
    unittest.main()
