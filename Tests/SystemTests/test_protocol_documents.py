"""The documents of the protocol agree with each other."""

import copy
import json
import re
import unittest
from pathlib import Path

import yaml
from client.sori_client.failures import SchemaViolation
from client.sori_client.schema import SCHEMA, Validator, load, strict
from jsonschema import Draft202012Validator

DOCUMENT = SCHEMA.parents[1] / "protocol.md"
ASYNCAPI = SCHEMA.parent / "asyncapi.yaml"


def blocks(language: str) -> list[str]:
    """What stands in the fences of a language."""
    text = DOCUMENT.read_text(encoding="utf-8")
    return re.findall(rf"^ *```{language}\n(.*?)^ *```$", text, re.DOTALL | re.MULTILINE)


def examples() -> list[dict]:
    """The objects in the json fences."""
    found, decoder = [], json.JSONDecoder()
    for block in blocks("json"):
        while block := block.strip():
            message, end = decoder.raw_decode(block)
            found.append(message)
            block = block[end:]
    return found


def references(value: object) -> list[str]:
    """Every `$ref` in a document."""
    if isinstance(value, list):
        return [found for item in value for found in references(item)]
    if not isinstance(value, dict):
        return []
    return [v for k, v in value.items() if k == "$ref"] + [f for item in value.values() for f in references(item)]


def resolve(reference: str, documents: dict[str, object]) -> object:
    """What a reference points to; raises if it points to nothing."""
    name, _, pointer = reference.partition("#")
    value = documents[name]
    for part in pointer.split("/")[1:]:
        value = value[part]
    return value


class SchemaTests(unittest.TestCase):
    def setUp(self):
        self.schema = load()

    def test_it_is_a_schema(self):
        Draft202012Validator.check_schema(self.schema)
        Draft202012Validator.check_schema(strict(self.schema))

    def test_references_lead_somewhere_and_nothing_is_unused(self):
        used = references(self.schema)
        for reference in used:
            self.assertIsInstance(resolve(reference, {"": self.schema}), dict)
        unused = {f"#/$defs/{name}" for name in self.schema["$defs"]} - set(used)
        self.assertEqual(unused, {"#/$defs/onlookerEvent", "#/$defs/nameEvent"})

    def test_everything_is_described(self):
        for name, definition in self.schema["$defs"].items():
            with self.subTest(name):
                self.assertIn("description", definition)

    def test_the_whole_schema_takes_each_message_once(self):
        validator = Draft202012Validator(self.schema)
        for message in examples():
            validator.validate(message)

    def test_later_versions_may_add_fields_and_codes(self):
        validator = Validator(self.schema)
        validator.check({"type": "finish", "later": 1}, "clientMessage")
        validator.check({"type": "error", "code": "teapot", "message": "tea", "fatal": True}, "serverMessage")
        with self.assertRaises(SchemaViolation):
            Validator().check({"type": "finish", "later": 1}, "clientMessage")

    def test_what_is_wrong_is_refused_in_one_line(self):
        start = {"type": "start", "version": 1}
        final = next(message for message in examples() if message["type"] == "final")
        for side, message in [
            ("clientMessage", start | {"version": 2}),
            ("clientMessage", start | {"audio": {"sampleRate": 7999}}),
            ("clientMessage", start | {"audio": {"encoding": "mp3"}}),
            ("clientMessage", start | {"language": 5}),
            ("clientMessage", start | {"languages": "ko"}),
            ("clientMessage", start | {"hotwords": ["a"] * 201}),
            ("clientMessage", start | {"lastFinal": -1, "session": "s", "resumeToken": "t"}),
            ("clientMessage", start | {"session": "s"}),
            ("clientMessage", {"type": "configure", "audio": {}}),
            ("clientMessage", {"type": "ready"}),
            ("serverMessage", final | {"confidence": 1.5}),
            ("serverMessage", final | {"start": -0.1}),
            ("serverMessage", final | {"language": None}),
            ("serverMessage", {key: value for key, value in final.items() if key != "words"}),
            ("serverMessage", {"type": "ack", "samples": 0.5}),
            ("serverMessage", {"type": "error", "code": "internal", "message": "two\nlines", "fatal": True}),
            ("serverMessage", {"type": "x" * 1000}),
            ("serverMessage", [1, 2, 3]),
        ]:
            with self.subTest(message=message), self.assertRaises(SchemaViolation) as caught:
                Validator().check(message, side)
            self.assertLess(len(str(caught.exception)), 250)
            self.assertNotIn("\n", str(caught.exception))

    def test_null_is_like_absent_in_start(self):
        optional = set(self.schema["$defs"]["start"]["properties"]) - {"type", "version", "session", "resumeToken"}
        for name in optional - {"lastFinal"}:
            Validator().check({"type": "start", "version": 1, name: None}, "clientMessage")


class DocumentTests(unittest.TestCase):
    def test_every_message_has_a_valid_example(self):
        validator, seen = Validator(), set()
        for message in examples():
            side = "clientMessage" if message["type"] in validator.validators["clientMessage"] else "serverMessage"
            validator.check(message, side)
            seen.add(message["type"])
        kinds = set(validator.validators["clientMessage"]) | set(validator.validators["serverMessage"])
        self.assertEqual(seen, kinds)

    def test_every_code_is_explained(self):
        text = DOCUMENT.read_text(encoding="utf-8")
        for codes in ("errorCode", "noticeCode"):
            for code in load()["$defs"][codes]["examples"]:
                self.assertRegex(text, rf"(?m)^\| `{code}` \|")

    def test_the_python_client_is_python_and_short(self):
        (client,) = blocks("python")
        compile(client, "captions.py", "exec")
        self.assertLessEqual(len(client.splitlines()), 30)

    def test_links_lead_to_files(self):
        text = DOCUMENT.read_text(encoding="utf-8")
        for target in re.findall(r"\]\(([^)#]+)\)", text):
            self.assertTrue((DOCUMENT.parent / target).exists(), target)
        anchors = {
            re.sub(r"[^\w\- ]", "", h).strip().lower().replace(" ", "-") for h in re.findall(r"(?m)^#+ (.*)", text)
        }
        self.assertLessEqual(set(re.findall(r"\]\(#([^)]+)\)", text)), anchors)


class AsyncAPITests(unittest.TestCase):
    def setUp(self):
        self.document = yaml.safe_load(ASYNCAPI.read_text(encoding="utf-8"))
        self.documents = {"": self.document, SCHEMA.name: load()}

    def test_references_lead_somewhere(self):
        found = references(self.document)
        self.assertGreater(len(found), 30)
        for reference in found:
            resolve(reference, self.documents)

    def test_channels_have_the_messages_of_the_schema(self):
        sides = {"listen": ("clientMessage", "serverMessage"), "events": ("onlookerEvent",), "names": ("nameEvent",)}
        for channel, names in sides.items():
            choices = [choice for name in names for choice in load()["$defs"][name]["oneOf"]]
            expected = {choice["$ref"].split("/")[-1] for choice in choices}
            messages = copy.copy(self.document["channels"][channel]["messages"])
            messages.pop("audio", None)
            self.assertEqual(set(messages), expected)
            for name, reference in messages.items():
                payload = resolve(reference["$ref"], self.documents)["payload"]["schema"]["$ref"]
                self.assertEqual(payload, f"{SCHEMA.name}#/$defs/{name}")
