"""The page, in a browser whose microphone is a recording, before a running server."""

import base64
import os
import tempfile
import unittest
import wave
from pathlib import Path

from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from support.chromium import chromium
from support.firefox import firefox
from support.looks import faults, picture, save, set_screen
from support.nginx import Nginx
from support.page import Page
from support.recording import OPENING, OPENING_TEXT, RECORDING, TEXT
from support.sori import Server
from support.sound_server import SoundServer
from support.words import error_rate

# Where pictures of the page go: `make screenshots`.
PICTURES = os.environ.get("SORI_SCREENSHOTS")


class PageTests(unittest.TestCase):
    def test_words_come_in_order_while_they_are_spoken(self):
        with Server() as server, chromium(RECORDING) as browser:
            page = Page(browser, f"http://127.0.0.1:{server.port}/")
            self.assertIn(page.bytes // 1000, range(10, 150))
            page.press()
            page.wait(lambda: page.phase == "listening")
            page.wait(lambda: "worst of times" in page.everything)
            page.wait(lambda: page.text("#live .stable") and page.text("#live .tentative"))
            save(picture(browser), PICTURES, "captions-while-speaking")
            # Long before the recording ends.
            self.assertNotIn("comparison", page.everything)
            page.wait(lambda: "comparison only" in page.everything)
            page.press()
            page.wait(lambda: page.phase == "finished")
            save(picture(browser), PICTURES, "captions-at-the-end")
            self.assertLess(error_rate(TEXT, page.finals), 0.2, page.finals)
            self.assertEqual(page.text("#live .text"), "")
            self.assertEqual(page.text("#problem"), "")
            self.assertTrue(browser.find_element(By.ID, "copy").is_enabled())

    def test_nobody_is_kept_out_by_how_it_looks(self):
        with Server() as server, chromium(RECORDING) as browser:
            page = Page(browser, f"http://127.0.0.1:{server.port}/")
            self.assertEqual(faults(browser), [])
            page.press()
            page.wait(lambda: "age of wisdom" in page.everything)
            for language in ("en", "ko"):
                browser.execute_script(
                    f"const choice = document.querySelector('#interface'); choice.value = '{language}';"
                    "choice.dispatchEvent(new Event('change', { bubbles: true }))")
                for scheme, width in [("light", 1100), ("dark", 1100), ("light", 390), ("dark", 390)]:
                    # Colours that are on their way from light to dark have no contrast.
                    set_screen(browser, width, 760, scheme, motion="reduce")
                    for menu in ("settings-menu", "save-menu"):
                        browser.execute_script(f"document.querySelector('#{menu}').showPopover()")
                        self.assertEqual(faults(browser), [], (language, scheme, width, menu))
                        browser.execute_script(f"document.querySelector('#{menu}').hidePopover()")
                    self.assertEqual(faults(browser), [], (language, scheme, width))
                    self.assertLessEqual(browser.execute_script("return document.documentElement.scrollWidth - innerWidth"), 0)
                    narrow = "narrow-" if width < 900 else ""
                    save(picture(browser), PICTURES, f"captions-{scheme}-{narrow}{language}")

    def test_lines_are_corrected_found_and_kept_for_another_day(self):
        with Server() as server, chromium(OPENING) as browser:
            address = f"http://127.0.0.1:{server.port}/"
            page = Page(browser, address)
            page.press()
            page.wait(lambda: "season of darkness" in page.everything)
            page.press()
            page.wait(lambda: page.phase == "finished" and "darkness" in page.finals)
            said = page.finals
            # A person corrects a line; script is text.
            edited = '<img src=x onerror="document.title=1"> haneul'
            browser.find_element(By.CSS_SELECTOR, ".caption .edit").click()
            field = browser.find_element(By.CSS_SELECTOR, ".caption textarea")
            self.assertIn(field.get_property("value"), said)
            field.send_keys(Keys.CONTROL, "a")
            field.send_keys(edited, Keys.ENTER)
            page.wait(lambda: edited in page.finals)
            # Escape leaves it as it was.
            browser.find_element(By.CSS_SELECTOR, ".caption .edit").click()
            browser.find_element(By.CSS_SELECTOR, ".caption textarea").send_keys("not this", Keys.ESCAPE)
            self.assertNotIn("not this", page.finals)
            self.assertEqual(browser.execute_script("return document.querySelectorAll('main img').length"), 0)
            search = browser.find_element(By.ID, "search")
            search.send_keys("HANEUL")
            shown = lambda: browser.execute_script("return document.querySelectorAll('#finals > :not([hidden])').length")
            page.wait(lambda: shown() == 1)
            search.send_keys("zzz")
            page.wait(lambda: shown() == 0)
            kept = page.finals
            page.wait(lambda: browser.execute_async_script(
                "const done = arguments[0]; indexedDB.open('sori.history').onsuccess = ({ target: { result } }) =>"
                "result.transaction('lines').objectStore('lines').getAll().onsuccess = ({ target: { result: [first] } }) =>"
                "done(first?.lines[0]?.text.includes('haneul') === true)"))
            page = Page(browser, address)
            self.assertEqual(page.finals, "")
            browser.find_element(By.ID, "history").click()
            page.wait(lambda: "haneul" in page.text("#history-list"))
            # The list is written anew when it opens: what is pressed is found and pressed in one go.
            browser.execute_script("document.querySelector('#history-list button').click()")
            page.wait(lambda: page.finals == kept)
            browser.find_element(By.ID, "history").click()
            page.wait(lambda: page.text("#history-list") != "")
            browser.execute_script("document.querySelector('#history-list li button:last-child').click()")
            page.wait(lambda: page.text("#history-list") == "")

    def test_what_was_said_is_saved(self):
        with tempfile.TemporaryDirectory() as folder, Server() as server, chromium(OPENING) as browser:
            browser.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": folder})
            page = Page(browser, f"http://127.0.0.1:{server.port}/")
            page.press()
            page.wait(lambda: "season of darkness" in page.everything)
            page.press()
            page.wait(lambda: page.phase == "finished")
            saved = {}
            for kind in ("txt", "srt", "vtt"):
                browser.find_element(By.ID, "save").click()
                browser.find_element(By.ID, f"save-{kind}").click()
                page.wait(lambda: list(Path(folder).glob(f"sori-*.{kind}")), 30)
                saved[kind] = next(Path(folder).glob(f"sori-*.{kind}")).read_text()
            self.assertEqual(" ".join(saved["txt"].split()), page.finals)
            self.assertTrue(saved["vtt"].startswith("WEBVTT\n\n00:00:0"), saved["vtt"][:40])
            self.assertRegex(saved["srt"], r"^1\n00:00:0\d,\d{3} --> 00:00:\d{2},\d{3}\nIt was the best")
            for kind in ("srt", "vtt"):
                text = [line for line in saved[kind].splitlines() if "-->" not in line and not line.isdigit() and line != "WEBVTT"]
                self.assertEqual(" ".join(" ".join(text).split()), page.finals)

    def test_who_wants_no_motion_sees_none(self):
        with Server() as server, chromium(OPENING) as browser:
            set_screen(browser, 1100, 760, motion="reduce")
            page = Page(browser, f"http://127.0.0.1:{server.port}/")
            page.press()
            for words in ("best of times", "age of wisdom", "epoch of belief"):
                page.wait(lambda: words in page.everything)
                self.assertEqual(browser.execute_script("return document.getAnimations().length"), 0)
            set_screen(browser, 1100, 760)
            page.wait(lambda: browser.execute_script("return document.getAnimations().length") > 0)

    def test_a_sound_check_is_heard_and_read(self):
        with Server() as server, chromium(OPENING) as browser:
            page = Page(browser, f"http://127.0.0.1:{server.port}/")
            browser.find_element(By.ID, "settings").click()
            browser.find_element(By.ID, "check").click()
            page.wait(lambda: "best of times" in page.text("#check-text"))
            self.assertIn("what the server hears", page.text("#check-state"))
            seconds = "return document.querySelector('#check-sound').duration"
            page.wait(lambda: 5 <= (browser.execute_script(seconds) or 0) < 6)
            self.assertEqual(page.phase, "idle")
            self.assertEqual(page.finals, "")
            # Captions have the microphone for themselves.
            browser.find_element(By.ID, "settings").click()
            page.press()
            page.wait(lambda: page.phase == "listening")
            browser.find_element(By.ID, "settings").click()
            browser.find_element(By.ID, "check").click()
            page.wait(lambda: "Stop the captions first" in page.text("#check-state"))

    def test_the_sound_of_a_tab_is_heard_beside_the_microphone(self):
        with tempfile.TemporaryDirectory() as folder, Server() as server:
            silence = Path(folder) / "silence.wav"
            with wave.open(str(silence), "wb") as file:
                file.setparams((1, 2, 48_000, 0, "NONE", ""))
                file.writeframes(bytes(2 * 48_000 * 60))
            with chromium(silence) as browser:
                page = Page(browser, f"http://127.0.0.1:{server.port}/")
                # A browser without a screen has no tab to choose: the sound that it would share comes from here.
                browser.execute_script(
                    "const bytes = Uint8Array.from(atob(arguments[0]), (letter) => letter.charCodeAt(0));"
                    "navigator.mediaDevices.getDisplayMedia = async () => {"
                    "  const context = new AudioContext();"
                    "  const [source, end] = [context.createBufferSource(), context.createMediaStreamDestination()];"
                    "  source.buffer = await context.decodeAudioData(bytes.buffer);"
                    "  source.connect(end);"
                    "  source.start();"
                    "  return end.stream;"
                    "};", base64.b64encode(OPENING.read_bytes()).decode())
                browser.execute_script("document.querySelector('#shared').checked = true")
                page.press()
                page.wait(lambda: "best of times" in page.everything, 60)
                page.press()
                page.wait(lambda: page.phase == "finished")
                # Who shares nothing after all speaks without it.
                browser.execute_script(
                    "navigator.mediaDevices.getDisplayMedia = async () => { throw new DOMException('', 'NotAllowedError'); }")
                page.press()
                page.wait(lambda: page.phase == "listening")
                self.assertIn("not shared", page.text("#hint"))

    def test_a_session_gets_the_name_that_overlays_follow(self):
        with Server() as server, chromium(OPENING) as browser, chromium() as other:
            page = Page(browser, f"http://127.0.0.1:{server.port}/")
            browser.execute_script(
                "const name = document.querySelector('#name'); name.value = 'haneul'; name.dispatchEvent(new Event('change'))")
            page.press()
            other.get(f"http://127.0.0.1:{server.port}/overlay?name=haneul")
            page.wait(lambda: "of times" in other.find_element(By.ID, "captions").text)

    def test_firefox_captions_its_microphone(self):
        with Server() as server, SoundServer() as sound, firefox(sound) as browser:
            page = Page(browser, f"http://127.0.0.1:{server.port}/")
            page.press()
            page.wait(lambda: page.phase == "listening")
            sound.play(OPENING)
            page.wait(lambda: "season of darkness" in page.everything)
            page.press()
            page.wait(lambda: page.phase == "finished")
            self.assertLess(error_rate(OPENING_TEXT, page.finals), 0.2, page.finals)

    def test_it_works_over_https_below_a_path(self):
        # The certificate is nobody's.
        unsafe = "--ignore-certificate-errors"
        with Server() as server, Nginx([server.port], path="/live/sori/") as nginx, chromium(OPENING, unsafe) as browser:
            page = Page(browser, nginx.address)
            page.press()
            page.wait(lambda: "best of times" in page.everything)
            page.press()
            page.wait(lambda: page.phase == "finished")
            self.assertIn("best of times", page.finals)
