"""What is said, and below it what it means in English. The reader speaks English, which a model that is told to write German
writes in German: so its translation is what he has read."""

import json
import os
import subprocess
import unittest
from urllib.request import urlopen

from selenium.webdriver.common.by import By
from support.chromium import chromium
from support.looks import over_checkerboard, picture, save
from support.page import Page
from support.recording import OPENING, OPENING_TEXT
from support.sori import COMMAND, Server
from support.words import error_rate
from test_bad_input import AT_48_KHZ, START, Client
from test_overlay import Overlay

# Where pictures of the pages go: `make screenshots`.
PICTURES = os.environ.get("SORI_SCREENSHOTS")
GERMAN = {**AT_48_KHZ, "language": "de", "translate": True, "gap": 0}


class TranslationTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(Server())

    def client(self) -> Client:
        return self.enterContext(Client(self.server))

    def all(self, client: Client) -> list[dict]:
        """The messages until everything is said."""
        messages = []
        while not messages or messages[-1]["type"] != "finished":
            messages.append(json.loads(client.socket.recv(timeout=120)))
        return messages

    def test_each_final_is_followed_by_its_translation_and_the_end_waits_for_the_last(self):
        client = self.client().send(GERMAN)
        ready = client.receive("ready")
        with urlopen(f"http://127.0.0.1:{self.server.port}/v1/sessions/{ready['session']}/events", timeout=120) as events:
            messages = self.all(client.speak(17).send({"type": "finish"}))
            seen = [json.loads(line[6:]) for line in map(bytes.decode, events) if line.startswith("data: ")]
        texts = [message for message in messages if message["type"] in ("final", "translation")]
        finals = [message for message in texts if message["type"] == "final" and message["text"]]
        translations = [message for message in texts if message["type"] == "translation"]
        self.assertEqual([final["language"] for final in finals], ["de"] * len(finals))
        self.assertEqual([final["utterance"] for final in finals], [message["utterance"] for message in translations])
        for final, translation in zip(finals, translations):
            self.assertLess(texts.index(final), texts.index(translation))
        self.assertGreater(error_rate(OPENING_TEXT, " ".join(final["text"] for final in finals)), 0.4)
        self.assertLess(error_rate(OPENING_TEXT, " ".join(message["text"] for message in translations)), 0.25, translations)
        # Those who look on see the same.
        self.assertEqual([message for message in seen if message["type"] == "translation"], translations)

    def test_it_is_switched_on_while_somebody_speaks_and_what_was_missed_comes_again(self):
        client = self.client().send({**GERMAN, "translate": False})
        ready = client.receive("ready")
        client.speak(8).send({"type": "flush"})
        client.receive("flushed")
        client.send({"type": "configure", "translate": True}).speak(8).send({"type": "flush"})
        translation = client.receive("translation")
        self.assertIn("times", translation["text"])
        client.socket.close()
        resumed = {"session": ready["session"], "resumeToken": ready["resumeToken"], "lastFinal": translation["utterance"]}
        again = self.client().send({**GERMAN, **resumed})
        again.receive("ready")
        self.assertEqual(again.receive("translation"), translation)

    def test_there_is_none_of_english(self):
        client = self.client().send({**GERMAN, "language": "en"})
        messages = self.all(client.speak(8).send({"type": "finish"}))
        kinds = {message["type"] for message in messages}
        self.assertIn("final", kinds)
        self.assertNotIn("translation", kinds)

    def test_what_makes_no_sense_is_refused(self):
        for field in [{"task": "translate", "translate": True}, {"translate": "yes"}, {"translate": 1}]:
            with self.subTest(field):
                error = self.client().send({**START, **field}).receive("error")
                self.assertEqual(error["code"], "bad_start")
                self.assertIn("'translate'", error["message"])
        client = self.client().send({**START, "task": "translate"})
        client.receive("ready")
        error = client.send({"type": "configure", "translate": True}).receive("error")
        self.assertEqual((error["code"], error["fatal"]), ("bad_message", False))

    def test_the_command_line_writes_it_below(self):
        server = f"ws://127.0.0.1:{self.server.port}"
        lines = subprocess.run(
            [COMMAND, "listen", OPENING, "--fast", "--language", "de", "--translate", "--server", server],
            capture_output=True, text=True, timeout=120, check=True).stdout.splitlines()
        translations = " ".join(line[2:] for line in lines if line.startswith("→ "))
        self.assertLess(error_rate(OPENING_TEXT, translations), 0.25, lines)
        self.assertGreater(len(lines), len([line for line in lines if line.startswith("→ ")]))

    def test_the_page_and_the_overlay_show_it(self):
        with chromium(OPENING) as browser, chromium() as one, chromium() as other:
            address = f"http://127.0.0.1:{self.server.port}"
            both = Overlay(one, f"{address}/overlay?name=meaning&show=both&lines=4&fade=0")
            alone = Overlay(other, f"{address}/overlay?name=meaning&show=translation&lines=4&fade=0")
            page = Page(browser, f"{address}/")
            page.choose_language("de")
            browser.execute_script("localStorage.setItem('sori.name', JSON.stringify('meaning'))")
            browser.find_element(By.ID, "settings").click()
            browser.find_element(By.ID, "translate").click()
            for overlay in (both, alone):
                overlay.wait(lambda: overlay.state == "open")
            page.press()
            page.wait(lambda: "times" in page.text("#finals .translation"))
            for overlay in (both, alone):
                overlay.wait(lambda: "times" in overlay.everything)
            save(picture(browser), PICTURES, "captions-translated")
            save(over_checkerboard(picture(one, transparent=True)), PICTURES, "overlay-both")
            self.assertIn("Es war", both.everything)
            self.assertNotIn("Es war", alone.everything)
            # It is remembered.
            browser.refresh()
            self.assertTrue(browser.find_element(By.ID, "translate").is_selected())
