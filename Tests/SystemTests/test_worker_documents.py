"""The documents of the workers' protocol agree with each other, and with what real workers send."""

import base64
import contextlib
import copy
import json
import re
import subprocess
import sys
import tempfile
import unittest
import wave
from pathlib import Path

import numpy as np
from client.sketch.mic_capture import RATE, read
from jsonschema import Draft202012Validator, ValidationError
from support.cluster import Gateway, Worker, get, wait_until
from support.recording import OPENING, OPENING_TEXT
from support.sori import REPOSITORY
from support.words import error_rate
from test_protocol_documents import references, resolve
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

DOCUMENT = REPOSITORY / "docs/worker-protocol.md"
SCHEMA = REPOSITORY / "docs/protocol/worker-messages.schema.json"
SOUND = read(str(OPENING))
GREEDY = {"language": "en", "temperatures": [0]}


def load() -> dict:
    return json.loads(SCHEMA.read_text(encoding="utf-8"))


def strict() -> dict:
    """The schema without room for later versions: no unknown fields, no unknown codes."""
    schema = copy.deepcopy(load())
    for definition in schema["$defs"].values():
        if "properties" in definition:
            definition["additionalProperties"] = False
    schema["$defs"]["errorCode"]["enum"] = schema["$defs"]["errorCode"]["examples"]
    return schema


STRICT = strict()


def kinds(side: str) -> set[str]:
    return {choice["$ref"].split("/")[-1] for choice in STRICT["$defs"][side]["oneOf"]}


def check(message: dict, side: str):
    """Raises unless it is a `workerRequest`, `workerReply` or `workerStatus`; tells of the message meant alone."""
    name = side if side == "workerStatus" else message["type"]
    assert side == "workerStatus" or name in kinds(side), f"{name} is none of {kinds(side)}"
    Draft202012Validator({"$defs": STRICT["$defs"], "$ref": f"#/$defs/{name}"}).validate(message)


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


def seconds(start: float, end: float) -> bytes:
    """What is said then, as 16-bit PCM."""
    return SOUND[2 * int(RATE * start) : 2 * int(RATE * end)]


class Talk:
    """A connection on which everything that comes is checked."""

    def __init__(self, socket: ClientConnection):
        self.socket = socket
        self.hello = self.receive()

    def send(self, head: dict, sound: bytes | None = None):
        self.socket.send(json.dumps(head))
        if sound is not None:
            self.socket.send(sound)

    def receive(self) -> dict:
        message = json.loads(self.socket.recv(timeout=60))
        check(message, "workerReply")
        return message

    def ask(self, head: dict, sound: bytes | None = None) -> dict:
        """The answer to a message that is valid by the schema."""
        check(head, "workerRequest")
        self.send(head, sound)
        return self.receive()

    def close_status(self) -> int:
        """The status that the connection is closed with, after nothing more has come."""
        with contextlib.suppress(ConnectionClosed):
            raise AssertionError(f"more comes: {self.receive()}")
        return self.socket.close_code


class SchemaTests(unittest.TestCase):
    def test_it_is_a_schema(self):
        Draft202012Validator.check_schema(load())
        Draft202012Validator.check_schema(STRICT)

    def test_references_lead_somewhere_and_nothing_is_unused(self):
        used = references(load())
        for reference in used:
            self.assertIsInstance(resolve(reference, {"": load()}), dict)
        self.assertEqual({f"#/$defs/{name}" for name in load()["$defs"]} - set(used), {"#/$defs/workerStatus"})

    def test_everything_is_described(self):
        for name, definition in load()["$defs"].items():
            with self.subTest(name):
                self.assertIn("description", definition)

    def test_later_versions_may_add_fields_and_codes(self):
        lenient = Draft202012Validator(load())
        lenient.validate({"type": "cancel", "id": 1, "later": 1})
        lenient.validate({"type": "error", "code": "teapot", "message": "tea"})
        with self.assertRaises(ValidationError):
            check({"type": "cancel", "id": 1, "later": 1}, "workerRequest")


class DocumentTests(unittest.TestCase):
    def test_every_message_has_a_valid_example(self):
        seen, whole = set(), Draft202012Validator(load())
        for message in examples():
            if "ready" in message:
                check(message, "workerStatus")
                continue
            check(message, "workerRequest" if message["type"] in kinds("workerRequest") else "workerReply")
            whole.validate(message)
            seen.add(message["type"])
        self.assertEqual(seen, kinds("workerRequest") | kinds("workerReply"))

    def test_every_code_and_every_field_is_explained(self):
        text = DOCUMENT.read_text(encoding="utf-8")
        for code in load()["$defs"]["errorCode"]["examples"]:
            self.assertRegex(text, rf"(?m)^\| `{code}` \|")
        for name in ("recognize", "detect", "options", "hello", "text", "workerStatus"):
            for field in load()["$defs"][name]["properties"]:
                with self.subTest(name, field=field):
                    self.assertTrue(field == "type" or re.search(rf"(?m)^\| .*`{field}`.* \|", text))

    def test_defaults_are_those_of_the_schema(self):
        text = DOCUMENT.read_text(encoding="utf-8")
        options = text[text.index("### Options") : text.index("### detect")]
        rows = dict(re.findall(r"(?m)^\| `(\w+)` \| .* \| `?([^|`]+)`? \|$", options))
        properties = load()["$defs"]["options"]["properties"]
        self.assertEqual(set(rows), set(properties))
        for field, schema in properties.items():
            with self.subTest(field):
                default = re.search(r"Default: (null|.*)(?:,.*)?\.$", schema["description"])[1]
                self.assertEqual(rows[field].strip("[]"), "" if default in ("none", "empty") else default)

    def test_links_lead_to_files(self):
        text = DOCUMENT.read_text(encoding="utf-8")
        for target in re.findall(r"\]\(([^)#]+)\)", text):
            self.assertTrue((DOCUMENT.parent / target).exists(), target)
        anchors = {
            re.sub(r"[^\w\- ]", "", h).strip().lower().replace(" ", "-") for h in re.findall(r"(?m)^#+ (.*)", text)
        }
        self.assertLessEqual(set(re.findall(r"\]\(#([^)]+)\)", text)), anchors)

    def test_the_python_clients_are_short(self):
        for client in blocks("python"):
            self.assertLessEqual(len(client.splitlines()), 20)


class WorkerTests(unittest.TestCase):
    """Real workers: a recogniser of one lane, where one request may wait, and a detector."""

    @classmethod
    def setUpClass(cls):
        cls.recognizer = cls.enterClassContext(
            Worker("recognizer", "--device", "cpu", "--lanes", "1", "--queue", "1"))
        cls.first_status = get(cls.recognizer.port, "is_ready")
        cls.detector = cls.enterClassContext(Worker("detector", "--device", "cpu"))
        cls.recognizer.wait_until_ready()
        cls.detector.wait_until_ready()

    def talk(self, worker: Worker | None = None, **options) -> Talk:
        worker = worker or self.recognizer
        path = "detect" if worker is self.detector else "recognize"
        return Talk(self.enterContext(connect(f"ws://{worker.address}/v1/{path}", **options)))

    def test_readiness(self):
        for worker in (self.recognizer, self.detector):
            code, text = get(worker.port, "is_ready")
            self.assertEqual(code, 200)
            check(json.loads(text), "workerStatus")
        code, text = self.first_status
        check(json.loads(text), "workerStatus")
        self.assertEqual(code, 200 if json.loads(text)["ready"] else 503)
        self.assertEqual(get(self.recognizer.port, "health/live")[0], 200)
        self.assertIn("sori_ready 1", get(self.recognizer.port, "metrics")[1])

    def test_the_vocabulary_is_that_of_the_tokens(self):
        vocabulary = json.loads(get(self.recognizer.port, "v1/vocabulary")[1])
        talk = self.talk()
        self.assertEqual(vocabulary["size"], talk.hello["recognizer"]["model"]["vocabulary"])
        result = talk.ask({"type": "recognize", "id": 1, "options": GREEDY}, seconds(0, 4))["result"]
        ids = [token["id"] for token in result["tokens"] if token["id"] < len(vocabulary["tokens"])]
        written = b"".join(base64.b64decode(vocabulary["tokens"][id]) for id in ids).decode()
        self.assertEqual(written, result["text"])
        self.assertEqual(get(self.detector.port, "v1/vocabulary")[0], 404)

    def test_results(self):
        talk = self.talk()
        whole = talk.ask({"type": "recognize", "id": 0}, seconds(0, 4))
        self.assertEqual((whole["type"], whole["id"]), ("result", 0))
        self.assertIn("best of times", whole["result"]["text"])
        self.assertGreater(whole["result"]["languages"]["en"], 0.5)
        # All fields, and a prefix out of an earlier answer.
        tokens = [token["id"] for token in whole["result"]["tokens"] if token["id"] < 50_257]
        options = {
            **GREEDY, "languages": [], "prompt": None, "hotwords": "Dickens", "timestamps": False, "wordTimestamps": True,
            "margin": None, "beams": 1, "task": "transcribe"}
        rest = talk.ask(
            {"type": "recognize", "id": 1, "encoding": "pcm_f32le", "priority": "final", "attentionThreshold": 10,
             "context": tokens, "prefix": tokens[:6], "draft": tokens[6:], "languagePriors": {"en": -0.1}, "options": options,
             "place": None, "newFrom": None},
            (np.frombuffer(seconds(0, 4), "<i2") / np.float32(32767)).astype("<f4").tobytes())
        self.assertNotIn("best", rest["result"]["text"])
        self.assertTrue(rest["result"]["words"])
        self.assertIn("attendedAt", rest["result"]["tokens"][0])

    def test_detections(self):
        talk = self.talk(self.detector)
        self.assertTrue(talk.ask({"type": "detect", "id": 1, "language": "en"}, seconds(0, 2))["detection"]["isSpeech"])
        self.assertFalse(talk.ask({"type": "detect", "id": 2}, bytes(4 * RATE))["detection"]["isSpeech"])

    def test_the_stream_cache(self):
        request = {"type": "recognize", "options": GREEDY, "place": {"stream": "9c41f7d2", "start": RATE}}
        whole = self.talk().ask({**request, "id": 1}, seconds(1, 4))["result"]["text"]
        talk = self.talk()
        missing = talk.ask({**request, "id": 5, "newFrom": 2 * RATE}, seconds(2, 4))
        self.assertEqual(missing, {"type": "sound_missing", "id": 5})
        talk.ask({**request, "id": 5, "place": {"stream": "9c41f7d2", "start": 0}}, seconds(0, 2))
        self.assertEqual(talk.ask({**request, "id": 6, "newFrom": 2 * RATE}, seconds(2, 4))["result"]["text"], whole)

    def test_errors_of_a_request(self):
        talk = self.talk()
        for options in ({"beams": 17}, {"language": "xx"}, {"margin": 1501}, {"temperatures": []}):
            with self.subTest(options):
                talk.send({"type": "recognize", "id": 1, "options": options}, seconds(0, 1))
                answer = talk.receive()
                self.assertEqual((answer["code"], answer["id"]), ("bad_input", 1))
        self.assertEqual(talk.ask({"type": "recognize", "id": 2}, b"odd")["code"], "bad_input")
        self.assertEqual(talk.ask({"type": "recognize", "id": 3}, bytes(31 * 2 * RATE))["code"], "bad_input")
        # One is worked on, one waits, two are refused; each number has its answer.
        for number in range(10, 14):
            talk.send({"type": "recognize", "id": number, "options": {**GREEDY, "beams": 16}}, seconds(0, 10))
        answers = [talk.receive() for _ in range(2)]
        self.assertEqual({answer["code"] for answer in answers}, {"overloaded"})
        self.assertTrue(all(answer["retryAfter"] > 0 for answer in answers))
        for number in range(10, 14):
            talk.send({"type": "cancel", "id": number})
        answers += [talk.receive() for _ in range(2)]
        self.assertEqual({answer["id"] for answer in answers}, {10, 11, 12, 13})
        self.assertEqual({answer["code"] for answer in answers[2:]}, {"cancelled"})

    def test_errors_of_a_connection(self):
        head = json.dumps({"type": "recognize", "id": 1})
        for sent, code, status in [
            (["hello"], "bad_message", 1007),
            (['{"type": "recognize"}'], "bad_message", 1007),
            (['{"type": "recognize", "id": 1, "options": {"beams": "two"}}'], "bad_message", 1007),
            (['{"type": "detect", "id": 1}'], "bad_message", 1007),
            ([b"sound"], "bad_message", 1007),
            ([head, head], "bad_message", 1007),
            ([head, bytes((2 << 20) + 1)], "message_too_large", 1009),
        ]:
            with self.subTest(str(sent)[:60]):
                talk = self.talk()
                with contextlib.suppress(ConnectionClosed):
                    for message in sent:
                        talk.socket.send(message)
                answer = talk.receive()
                self.assertEqual(answer["code"], code)
                self.assertNotIn("id", answer)
                self.assertEqual(talk.close_status(), status)

    def test_pages_and_strangers_are_refused(self):
        with self.assertRaises(InvalidStatus) as refused:
            self.talk(origin="http://localhost")
        self.assertEqual(refused.exception.response.status_code, 403)
        with Worker("detector", "--device", "cpu", environment={"SORI_TOKEN": "secret"}) as worker:
            address = f"ws://{worker.address}/v1/detect"
            for headers in ({}, {"Authorization": "Bearer guess"}):
                with self.assertRaises(InvalidStatus) as refused, connect(address, additional_headers=headers):
                    pass
                self.assertEqual(refused.exception.response.status_code, 401)
            with connect(address, additional_headers={"Authorization": "Bearer secret"}) as socket:
                self.assertEqual(Talk(socket).hello["type"], "hello")

    def test_a_worker_that_stops_answers_what_it_has(self):
        with Worker("recognizer", "--device", "cpu", "--lanes", "1") as worker:
            worker.wait_until_ready()
            idle, busy = self.talk(worker), self.talk(worker)
            busy.send({"type": "recognize", "id": 1, "options": {**GREEDY, "beams": 8}}, SOUND)
            wait_until(lambda: json.loads(get(worker.port, "is_ready")[1])["busy"] == 1, "it works")
            worker.kill(15)
            self.assertEqual(idle.close_status(), 1001)
            self.assertEqual(get(worker.port, "is_ready")[0], 0)
            busy.send({"type": "recognize", "id": 2}, seconds(0, 2))
            answers = {answer["id"]: answer for answer in (busy.receive(), busy.receive())}
            self.assertEqual(answers[2]["code"], "shutting_down")
            self.assertIn("best of times", answers[1]["result"]["text"])
            self.assertEqual(busy.close_status(), 1001)

    def test_a_gateway_passes_requests_on(self):
        with Gateway([self.recognizer.address], [self.detector.address]) as gateway:
            gateway.wait_until_ready()
            wait_until(lambda: gateway.metric("sori_workers", role="detector", state="ready") == 1, "a detector is there")
            with connect(f"ws://{gateway.address}/v1/recognize") as socket:
                talk = Talk(socket)
                self.assertIn("recognizer", talk.hello)
                answer = talk.ask({"type": "recognize", "id": 7, "options": GREEDY}, seconds(0, 4))
                self.assertIn("best of times", answer["result"]["text"])
            with connect(f"ws://{gateway.address}/v1/detect") as socket:
                talk = Talk(socket)
                self.assertTrue(talk.ask({"type": "detect", "id": 7}, seconds(0, 2))["detection"]["isSpeech"])

    def test_a_gateway_without_workers_says_so(self):
        with Worker("recognizer", "--device", "cpu", "--lanes", "1") as worker, Gateway(
            [worker.address], [self.detector.address]) as gateway:
            gateway.wait_until_ready()
            with connect(f"ws://{gateway.address}/v1/recognize") as socket:
                talk = Talk(socket)
                worker.kill()
                answer = talk.ask({"type": "recognize", "id": 1, "options": GREEDY}, seconds(0, 2))
                self.assertEqual((answer["code"], answer["id"]), ("no_worker_ready", 1))

    def test_the_clients_of_the_document_work(self):
        recognize, detect = blocks("python")
        folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="sori-")))
        with wave.open(str(folder / "talk.wav"), "wb") as recording:
            recording.setnchannels(1)
            recording.setsampwidth(2)
            recording.setframerate(RATE)
            recording.writeframes(SOUND)

        def run(code: str, worker: Worker, path: str) -> str:
            client = subprocess.run(
                [sys.executable, "-c", code, f"ws://{worker.address}{path}", folder / "talk.wav"],
                capture_output=True, text=True, timeout=100)
            self.assertEqual(client.returncode, 0, client.stderr)
            self.assertIn("model: ", client.stderr)
            return client.stdout

        text = run(recognize, self.recognizer, "/v1/recognize")
        self.assertLess(error_rate(OPENING_TEXT, text), 0.2, text)
        lines = run(detect, self.detector, "/v1/detect").splitlines()
        self.assertEqual([int(line.split()[0]) for line in lines], list(range(0, 17, 2)))
        self.assertGreater(sum(line.endswith(" speech") and "no" not in line for line in lines), 5, lines)
