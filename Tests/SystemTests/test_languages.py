"""How clients name the language that is spoken, and what a session makes of one that is not named."""

import unittest

from support.sori import Server
from test_bad_input import AT_48_KHZ, START, Client


class LanguageTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(Server())

    def client(self) -> Client:
        return self.enterContext(Client(self.server))

    def test_start_takes_what_the_command_line_takes(self):
        for language, known in [
            ("ko-KR", "ko"), ("KO", "ko"), ("Korean", "ko"), ("한국어", "ko"), ("zh-Hant-TW", "zh"), ("pt_BR", "pt"),
            ("auto", None), ("", None), (None, None),
        ]:
            with self.subTest(language):
                ready = self.client().send({**START, "language": language}).receive("ready")
                self.assertEqual(ready.get("language"), known)

    def test_what_is_not_known_is_refused_at_once(self):
        for field, value in [
            ("language", "xx"), ("language", "klingon"), ("language", "ko-"), ("languages", ["ko", "xx"]),
            ("languages", ["auto"]), ("hotwords", [""] * 100_000), ("prompt", "x" * 2001), ("gap", -1), ("gap", 61),
        ]:
            with self.subTest(field=field, value=str(value)[:20]):
                client = self.client().send({**START, field: value})
                error = client.receive("error")
                self.assertEqual(error["code"], "bad_start")
                self.assertIn(f"'{field}", error["message"])

    def test_configure_is_checked_as_start_is_and_changes_nothing_when_it_is_wrong(self):
        client = self.client().send({**AT_48_KHZ, "gap": 0})
        client.receive("ready")
        for change in [
            {"language": "xx"}, {"language": "klingon"}, {"languages": ["xx"]}, {"prompt": "x" * 2001},
            {"hotwords": ["a"] * 201}, {"policy": "best"}, {"language": "ko", "hotwords": ["x" * 2001]},
        ]:
            with self.subTest(str(change)[:40]):
                error = client.send({"type": "configure", **change}).receive("error")
                self.assertEqual((error["code"], error["fatal"]), ("bad_message", False))
                self.assertRegex(error["message"], f"'({'|'.join(change)})")
        final = client.speak(6).send({"type": "flush"}).receive("final")
        self.assertEqual(final["language"], "en")
        self.assertIn("best of times", final["text"])
        # A language that is taken is in force from the next utterance on.
        client.send({"type": "configure", "language": "en-GB"}).speak(4).send({"type": "finish"})
        self.assertEqual(client.receive("final")["language"], "en")
        client.receive("finished")

    def test_what_is_heard_is_told_and_remembered(self):
        client = self.client().send({**AT_48_KHZ, "language": "auto", "languages": ["ko", "en"]})
        self.assertNotIn("language", client.receive("ready"))
        client.speak(12).send({"type": "flush"})
        # A busy machine has other notices too.
        while (notice := client.receive("notice"))["code"] != "language_detected":
            pass
        self.assertEqual(notice["language"], "en")

    def test_a_session_that_is_taken_up_again_says_what_is_spoken(self):
        first = self.client().send(AT_48_KHZ)
        ready = first.receive("ready")
        first.send({"type": "configure", "language": "ja", "policy": "local-agreement"}, {"type": "flush"})
        first.receive("flushed")
        second = self.client().send(
            {**AT_48_KHZ, "session": ready["session"], "resumeToken": ready["resumeToken"]})
        again = second.receive("ready")
        self.assertEqual((again["language"], again["policy"]), ("ja", "local-agreement"))

    def test_words_for_which_there_is_no_room_are_told(self):
        client = self.client().send({**START, "hotwords": [f"Katzenjammer{index}" for index in range(100)]})
        notice = client.receive("notice")
        self.assertEqual(notice["code"], "prompt_cut")
        self.assertRegex(notice["message"], r"the first \d+ of 100 hotwords")

    def test_a_server_has_languages_of_its_own(self):
        with Server(environment={"SORI_CAPTIONS_LANGUAGE": "ko-KR"}) as server:
            with Client(server) as client:
                self.assertEqual(client.send(START).receive("ready")["language"], "ko")
            with Client(server) as client:
                client.send({**START, "language": "en"}).receive("ready")
                # null is the server's default, not "detect".
                ready = client.send({"type": "configure", "language": None}, {"type": "flush"})
                ready.receive("flushed")
            with Client(server) as client:
                self.assertNotIn("language", client.send({**START, "language": "auto"}).receive("ready"))
