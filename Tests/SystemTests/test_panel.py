"""The control panel, in a browser, before a gateway with workers, and before a server that has all in itself."""

import json
import os
import unittest
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import ExitStack

from selenium.webdriver.support.ui import WebDriverWait
from support.chromium import chromium
from support.cluster import Gateway, Worker, wait_until
from support.listener import start, transcript
from support.looks import faults, picture, save, set_screen
from support.obs import OBS
from support.recording import RECORDING
from support.sori import Server
from support.windows import recognize
from test_obs import Address
from websockets.sync.client import connect

# Where pictures of the pages go: `make screenshots`.
PICTURES = os.environ.get("SORI_SCREENSHOTS")
ADMINISTRATOR = {"SORI_ADMIN_TOKEN": "secret", "SORI_ADMIN_TEXT": "true"}


class Panel:
    def __init__(self, browser, port: int, token: str = "secret"):
        self.browser = browser
        set_screen(browser, 1440, 1000)
        browser.get(f"http://127.0.0.1:{port}/panel")
        self.sign_in(token)

    def sign_in(self, token: str):
        self.browser.find_element("id", "token").send_keys(token)
        self.browser.find_element("id", "enter").click()

    def wait(self, until, seconds: float = 60):
        WebDriverWait(self.browser, seconds, poll_frequency=0.05).until(lambda _: until())

    def text(self, selector: str) -> str:
        return self.browser.execute_script(
            f"return [...document.querySelectorAll({json.dumps(selector)})]"
            ".filter((e) => e.checkVisibility()).map((e) => e.innerText).join(' ')")

    @property
    def connection(self) -> str:
        return self.browser.execute_script("return document.body.dataset.connection")

    @property
    def workers(self) -> dict[str, str]:
        """Each worker's row."""
        return dict(self.browser.execute_script(
            "return [...document.querySelectorAll('#workers tbody tr')]"
            ".map((row) => [row.querySelector('b').textContent, row.innerText.replace(/\\s+/g, ' ')])"))

    def click(self, selector: str):
        self.browser.execute_script(f"document.querySelector({json.dumps(selector)}).click()")

    def set(self, label: str, value):
        self.browser.execute_script(
            "const [label, value] = arguments;"
            "const input = [...document.querySelectorAll('.number')].find((row) => row.textContent.startsWith(label)).querySelector('input');"
            "input.value = value; input.dispatchEvent(new Event('change', { bubbles: true }));", label, value)


class PanelTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.recognizers = [cls.enterClassContext(Worker("recognizer", "--device", "cpu")) for _ in "12"]
        cls.detector = cls.enterClassContext(Worker("detector", "--device", "cpu"))
        # A session whose client has gone is not there in the next test.
        cls.gateway = cls.enterClassContext(Gateway(
            [worker.address for worker in cls.recognizers], [cls.detector.address],
            environment=ADMINISTRATOR | {"SORI_SESSIONS_RESUME": "1"}))
        for process in [*cls.recognizers, cls.detector, cls.gateway]:
            process.wait_until_ready()
        cls.browser = cls.enterClassContext(chromium())

    def setUp(self):
        self.browser.get(f"http://127.0.0.1:{self.gateway.port}/is_ready")
        self.browser.execute_script("sessionStorage.clear()")
        # What other tests have provoked.
        self.browser.get_log("browser")

    def test_only_administrators_come_in(self):
        panel = Panel(self.browser, self.gateway.port, "guessed")
        panel.wait(lambda: "does not let" in panel.text("#sign-in-problem"))
        self.assertEqual(panel.text("#panel"), "")
        panel.sign_in("secret")
        panel.wait(lambda: panel.connection == "open" and len(panel.workers) == 3)
        self.assertEqual(panel.text("#sign-in"), "")
        # Until the tab is closed, or somebody signs out.
        self.browser.refresh()
        panel.wait(lambda: panel.connection == "open" and len(panel.workers) == 3)
        panel.click("#sign-out")
        self.browser.refresh()
        panel.wait(lambda: panel.text("#sign-in") != "")
        # A link may bring the token, which then leaves the address.
        self.browser.get(f"http://127.0.0.1:{self.gateway.port}/panel/?again#token=secret")
        panel.wait(lambda: panel.connection == "open")
        self.assertNotIn("secret", self.browser.current_url)

    def test_sessions_are_seen_read_and_ended(self):
        panel = Panel(self.browser, self.gateway.port)
        panel.wait(lambda: panel.text("#no-sessions") != "")
        session = start(self.gateway, "--speed", "1", "--name", "haneul", recording=RECORDING)
        panel.wait(lambda: "haneul" in panel.text("#sessions tbody"))
        panel.wait(lambda: "haneul has begun" in panel.text("#notices"))
        panel.click("#sessions tbody button")
        panel.wait(lambda: "best of times" in panel.text(".said"))
        panel.wait(lambda: panel.text("#chart-windows output") not in ("–", "0.0"))
        panel.wait(lambda: "%" in panel.text("#workers tbody"))
        panel.wait(lambda: "95" in panel.text("#chart-latency output"))
        level = self.browser.execute_script("return Number(document.querySelector('.meter').ariaValueNow)")
        self.assertIn(level, range(-60, 1))
        save(picture(self.browser), PICTURES, "panel-light-en")
        self.browser.execute_script("window.confirm = () => true")
        panel.click("#sessions tbody button.bad")
        panel.wait(lambda: "haneul is over" in panel.text("#notices"))
        panel.wait(lambda: "ended (by admin.token)" in panel.text("#notices"))
        session.kill()
        session.communicate()

    def test_a_worker_that_is_killed_is_missed_and_comes_back(self):
        panel = Panel(self.browser, self.gateway.port)
        worker = self.recognizers[1]
        panel.wait(lambda: "Ready" in panel.workers.get(worker.address, ""))
        worker.kill()
        panel.wait(lambda: "Unreachable" in panel.workers[worker.address])
        self.assertIn(f"{worker.address} is gone", panel.text("#notices"))
        save(picture(self.browser), PICTURES, "panel-worker-gone")
        worker.start()
        panel.wait(lambda: "Ready" in panel.workers[worker.address])
        panel.wait(lambda: f"{worker.address} is ready" in panel.text("#notices"))

    def test_a_worker_is_drained_and_used_again(self):
        panel = Panel(self.browser, self.gateway.port)
        panel.wait(lambda: len(panel.workers) == 3)
        self.browser.execute_script(
            f"document.querySelector('#workers button[aria-label$=\"{self.recognizers[0].address}\"]').click()")
        panel.wait(lambda: "Drained" in panel.workers[self.recognizers[0].address])
        self.browser.execute_script(
            f"document.querySelector('#workers button[aria-label$=\"{self.recognizers[0].address}\"]').click()")
        panel.wait(lambda: "Ready" in panel.workers[self.recognizers[0].address])

    def test_what_is_set_counts_for_the_next_session_and_is_put_back(self):
        panel = Panel(self.browser, self.gateway.port)
        panel.wait(lambda: panel.text(".number") != "")

        def policy() -> str:
            with connect(self.gateway.url) as socket:
                socket.send(json.dumps({"type": "start", "version": 1}))
                return json.loads(socket.recv(timeout=20))["policy"]

        self.assertEqual(policy(), "alignatt")
        self.browser.execute_script(
            "const choice = document.querySelector('[name=policy]'); choice.value = 'local-agreement';"
            "choice.dispatchEvent(new Event('change', { bubbles: true }))")
        panel.wait(lambda: "policy local-agreement" in panel.text("#notices"))
        self.assertEqual(policy(), "local-agreement")
        panel.set("Hop", "0.8")
        panel.wait(lambda: "hop 0.8" in panel.text("#notices"))
        panel.click("[name=detector]")
        panel.wait(lambda: "detector off" in panel.text("#notices"))
        # Another administrator sees the same; what cannot be is not sent.
        with chromium() as other:
            second = Panel(other, self.gateway.port)
            second.wait(lambda: "hop 0.8" in second.text("#notices") and second.text(".number.changed") != "")
        count = len(panel.text("#notices"))
        panel.set("Hop", "99")
        panel.set("Overlap", "1.99")
        panel.wait(lambda: len(panel.text("#notices")) > count)
        self.assertNotIn("hop 99", panel.text("#notices"))
        panel.set("Overlap", "2")
        panel.wait(lambda: "sliding.overlap" in panel.text("#problem"))
        panel.click("#reset")
        panel.wait(lambda: "as when the server began" in panel.text("#notices") and panel.text(".number.changed") == "")
        self.assertEqual(policy(), "alignatt")

    def test_it_comes_back_by_itself_when_the_gateway_was_away(self):
        panel = Panel(self.browser, self.gateway.port)
        panel.wait(lambda: panel.connection == "open")
        self.gateway.kill()
        panel.wait(lambda: panel.connection == "away")
        self.gateway.start()
        self.gateway.wait_until_ready()
        panel.wait(lambda: panel.connection == "open")
        panel.wait(lambda: all("Ready" in row for row in panel.workers.values()))

    def test_nobody_is_kept_out_by_how_it_looks(self):
        panel = Panel(self.browser, self.gateway.port)
        session = start(self.gateway, "--speed", "1", "--name", "haneul", recording=RECORDING)
        panel.wait(lambda: "haneul" in panel.text("#sessions tbody"))
        panel.click("#sessions tbody button")
        panel.wait(lambda: "95" in panel.text("#chart-latency output"))
        for language in ("en", "ko"):
            self.browser.execute_script(
                f"const choice = document.querySelector('#interface'); choice.value = '{language}';"
                "choice.dispatchEvent(new Event('change', { bubbles: true }))")
            for scheme, width in [("light", 1440), ("dark", 1440), ("light", 390), ("dark", 390)]:
                set_screen(self.browser, width, 1300, scheme)
                self.assertEqual(faults(self.browser), [], (language, scheme, width))
                wide = self.browser.execute_script("return document.documentElement.scrollWidth - innerWidth")
                self.assertLessEqual(wide, 0)
                save(picture(self.browser), PICTURES, f"panel-{scheme}-{'narrow-' if width < 900 else ''}{language}")
        self.browser.execute_script("localStorage.clear()")
        said = [line["message"] for line in self.browser.get_log("browser")]
        self.assertEqual([line for line in said if "401" not in line and "favicon.ico" not in line], [])
        session.kill()
        session.communicate()


class OtherPanelTests(unittest.TestCase):
    def test_it_shows_a_server_that_has_all_in_itself(self):
        with Server(environment=ADMINISTRATOR) as server, chromium() as browser:
            panel = Panel(browser, server.port)
            weight = browser.execute_script(
                "return performance.getEntries().reduce((sum, entry) => sum + (entry.encodedBodySize ?? 0), 0)")
            self.assertIn(weight // 1000, range(10, 150))
            panel.wait(lambda: "tiny.en" in panel.text("#workers tbody") and "Ready" in panel.text("#workers tbody"))
            self.assertEqual(panel.text("#mode"), "")
            self.assertEqual(faults(browser), [])

    def test_a_server_without_administrators_says_so(self):
        with Server() as server, chromium() as browser:
            panel = Panel(browser, server.port)
            panel.wait(lambda: "SORI_ADMIN_TOKEN" in panel.text("#sign-in-problem"))

    def test_captions_go_to_obs_while_that_is_switched_on(self):
        with ExitStack() as stack:
            obs = stack.enter_context(OBS("password"))
            environment = ADMINISTRATOR | {"SORI_OBS_ADDRESS": obs.url, "SORI_OBS_PASSWORD": "password", "SORI_OBS_CLEAR": "0"}
            server = stack.enter_context(Server(environment=environment))
            panel = Panel(stack.enter_context(chromium()), server.port)
            panel.wait(lambda: "Off" in panel.text("#obs .state"))

            def set_field(name: str, value):
                panel.browser.execute_script(
                    "const [name, value] = arguments; const field = document.querySelector('#obs').elements[name];"
                    "field.type === 'checkbox' ? field.checked = value : field.value = value;"
                    "field.dispatchEvent(new Event('change', { bubbles: true }))", name, value)

            is_on = "return document.querySelector('#obs').elements.isOn.checked"
            # Nobody is named: it is said, and stays off.
            set_field("isOn", True)
            panel.wait(lambda: "'name' is needed" in panel.text("#problem"))
            self.assertFalse(panel.browser.execute_script(is_on))
            set_field("name", "haneul")
            set_field("source", "Title")
            set_field("isOn", True)
            panel.wait(lambda: "Connected" in panel.text("#obs .state"))
            start([Address(server)], "--name", "haneul", "--speed", "2").communicate()
            panel.wait(lambda: "no source 'Title'" in panel.text("#obs .message"))
            set_field("source", "Captions")
            panel.wait(lambda: panel.text("#obs .message") == "" and "Connected" in panel.text("#obs .state"))
            start([Address(server)], "--name", "haneul", "--speed", "2").communicate()
            wait_until(lambda: any("darkness" in shown for shown in obs.shown), "captions in OBS")
            self.assertNotEqual(obs.sources["Captions"]["text"], "")
            set_field("isOn", False)
            panel.wait(lambda: "Off" in panel.text("#obs .state"))
            # What was shown last does not stay for ever.
            wait_until(lambda: obs.sources["Captions"]["text"] == "", "the source is emptied")
            panel.wait(lambda: "OBS: off" in panel.text("#notices"))
            self.assertEqual(faults(panel.browser), [])

    def test_the_switch_decides_which_device_has_the_windows(self):
        """On Mesa's llvmpipe, which is far too slow for captions: windows by hand."""
        with ExitStack() as stack:
            options = ["recognizer", "--model", "tiny.en"]
            gpu = stack.enter_context(
                Worker(*options, "--device", "gpu", environment={"GGML_VK_VISIBLE_DEVICES": "0"}))
            cpu = stack.enter_context(Worker(*options, "--device", "cpu"))
            detector = stack.enter_context(Worker("detector", "--device", "cpu"))
            gateway = stack.enter_context(Gateway([gpu.address, cpu.address], [detector.address], environment=ADMINISTRATOR))
            panel = Panel(stack.enter_context(chromium()), gateway.port)
            panel.wait(lambda: sum("Ready" in row for row in panel.workers.values()) == 3, 120)

            def write() -> str:
                """The kind of device that has written a window."""
                windows = lambda device: gateway.metric(
                    "sori_windows_total", role="recognizer", device=device, outcome="answered")
                before = {device: windows(device) for device in ("cpu", "gpu")}
                window = thread.submit(recognize, gateway, seconds=2, priority="background")
                has_crashed = False
                while not window.done():
                    wait([window], timeout=0.2)
                    # Mesa crashes now and then: the window was then written by the other worker, or waits for this one.
                    if gpu.process.poll() is not None:
                        has_crashed = True
                        gpu.start()
                self.assertIn("was the best", window.result())
                if has_crashed:
                    gpu.wait_until_ready(120)
                    wait_until(lambda: "Ready" in panel.workers[gpu.address], "the panel has the GPU again", 60)
                    return write()
                return next(device for device in before if windows(device) > before[device])

            thread = stack.enter_context(ThreadPoolExecutor(1))
            for choice, device in [("cpu", "cpu"), ("gpu", "gpu"), ("cpu", "cpu"), ("auto", "gpu")]:
                panel.click(f"#mode input[value={choice}]")
                panel.wait(lambda: f"mode {choice}" in panel.text("#notices li:first-child"))
                self.assertEqual(write(), device)
            panel.wait(lambda: "GPU" in panel.text("#chart-windows .legend"))


if __name__ == "__main__":
    unittest.main()
