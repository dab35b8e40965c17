"""The administration of a gateway, held against its OpenAPI document."""

import json
import unittest
import urllib.error
import urllib.request

import yaml
from jsonschema import Draft202012Validator
from support.cluster import Gateway, Worker, free_port, wait_until
from support.sori import REPOSITORY

DOCUMENT = yaml.safe_load((REPOSITORY / "docs/protocol/admin.openapi.yaml").read_text())


class AdminTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.recognizer = cls.enterClassContext(Worker("recognizer", "--model", "tiny.en", "--device", "cpu"))
        cls.detector = cls.enterClassContext(Worker("detector", "--device", "cpu"))
        cls.gateway = cls.enterClassContext(
            Gateway([cls.recognizer.address], [cls.detector.address], environment={"SORI_ADMIN_TOKEN": "secret", "SORI_OBS_ADDRESS": f"ws://127.0.0.1:{free_port()}"}))
        cls.gateway.wait_until_ready()

    def ask(self, method: str, path: str, body: dict | None = None, token: str = "secret") -> tuple[int, dict | list | None]:
        """The answer, valid by the document, which has to know the path."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.gateway.port}/v1/admin{path}", method=method,
            data=json.dumps(body).encode() if body is not None else None, headers={"Authorization": f"Bearer {token}"})
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                status, text = answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            status, text = error.code, error.read().decode()
        value = json.loads(text) if text else None
        self.validate(method, path, status, value)
        return status, value

    def validate(self, method: str, path: str, status: int, value):
        parts = path.split("/")
        known = [
            operations for template, operations in DOCUMENT["paths"].items()
            if len(template.split("/")) == len(parts)
            and all(one == other or one.startswith("{") for one, other in zip(template.split("/"), parts))]
        self.assertEqual(len(known), 1, path)
        if status == 401:
            schema = {"$ref": "#/components/schemas/Message"}
        else:
            answer = known[0][method.lower()]["responses"][str(status)]
            if "$ref" in answer:
                answer = DOCUMENT["components"]["responses"][answer["$ref"].split("/")[-1]]
            if "content" not in answer:
                return self.assertIsNone(value)
            schema = answer["content"]["application/json"]["schema"]
        Draft202012Validator({**schema, "components": DOCUMENT["components"]}).validate(value)

    def test_every_field_is_described(self):
        for name, schema in DOCUMENT["components"]["schemas"].items():
            for field, description in schema["properties"].items():
                self.assertIn("description", description, f"{name}.{field}")

    def test_who_has_no_token_sees_nothing(self):
        for path in ["/sessions", "/settings", "/workers"]:
            self.assertEqual(self.ask("GET", path, token="wrong")[0], 401)

    def test_workers_are_seen_and_switched(self):
        status, workers = self.ask("GET", "/workers")
        self.assertEqual([worker["state"] for worker in workers["workers"]], ["ready", "ready"])
        self.assertEqual(workers["workers"][0]["model"], "tiny.en")
        path = f"/workers/recognizer/{self.recognizer.address}"
        _, workers = self.ask("PUT", path, {"drained": True})
        self.assertEqual(workers["workers"][0]["state"], "drained")
        _, workers = self.ask("PUT", path, {"drained": False})
        self.assertEqual(workers["workers"][0]["state"], "ready")
        self.assertEqual(self.ask("PUT", "/mode", {"mode": "gpu"})[1]["mode"], "gpu")
        self.assertEqual(self.ask("PUT", "/mode", {"mode": "fpga"})[0], 400)
        self.ask("PUT", "/mode", {"mode": "auto"})
        self.assertEqual(self.ask("PUT", "/workers/recognizer/nobody:1", {"drained": True})[0], 404)

    def test_settings_are_seen_and_secrets_are_not(self):
        _, settings = self.ask("GET", "/settings")
        values = {setting["key"]: setting for setting in settings}
        self.assertEqual(values["admin.token"]["source"], "environment")
        self.assertNotIn("secret", values["admin.token"]["value"])
        self.assertEqual(values["workers.recognizers"]["value"], self.recognizer.address)

    def test_captions_in_obs_are_seen_and_switched(self):
        _, obs = self.ask("GET", "/obs")
        self.assertEqual((obs["isOn"], obs["phase"]), (False, "off"))
        self.assertEqual(self.ask("PUT", "/obs", {"isOn": True})[0], 400)
        # Nobody is there at this address.
        self.ask("PUT", "/obs", {"isOn": True, "name": "haneul", "source": "Captions", "stream": True})
        wait_until(lambda: "not there yet" in self.ask("GET", "/obs")[1].get("message", ""), "OBS is missed", 20)
        self.assertEqual(self.ask("GET", "/obs")[1]["phase"], "waiting")
        self.ask("PUT", "/obs", {"isOn": False})
        wait_until(lambda: self.ask("GET", "/obs")[1]["phase"] == "off", "it is off", 20)

    def test_sessions_are_seen(self):
        self.assertEqual(self.ask("GET", "/sessions")[1], {"sessions": []})
        self.assertEqual(self.ask("DELETE", "/sessions/nobody")[0], 404)

    def test_changes_are_told(self):
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.gateway.port}/v1/admin/events", headers={"Authorization": "Bearer secret"})
        with urllib.request.urlopen(request, timeout=20) as events:
            states = []

            def next_state() -> str:
                while True:
                    line = events.readline().decode()
                    if line.startswith("data:") and '"workers"' in line:
                        states.append(json.loads(line[5:])["workers"][1]["state"])
                        return states[-1]

            self.assertEqual(next_state(), "ready")
            self.detector.kill()
            wait_until(lambda: next_state() != "ready", "the detector is missed", 20)
            self.detector.start()
            wait_until(lambda: next_state() == "ready", "the detector is back", 20)
