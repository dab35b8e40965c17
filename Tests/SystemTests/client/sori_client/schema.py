"""messages.schema.json, and a stricter reading of it for tests."""

import copy
import json
from pathlib import Path

from jsonschema import Draft202012Validator

from .failures import SchemaViolation

SCHEMA = Path(__file__).resolve().parents[4] / "docs/protocol/messages.schema.json"


def load(path: Path = SCHEMA) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def strict(schema: dict) -> dict:
    """The schema without room for later versions: no unknown fields, no unknown codes."""
    schema = copy.deepcopy(schema)
    for definition in schema["$defs"].values():
        if "properties" in definition:
            definition["additionalProperties"] = False
    for codes in ("errorCode", "noticeCode"):
        schema["$defs"][codes]["enum"] = schema["$defs"][codes]["examples"]
    return schema


class Validator:
    """Validates messages by their `type`, so that a fault is told of the message meant, not of all that it is not."""

    def __init__(self, schema: dict | None = None):
        schema = schema or strict(load())
        self.validators = {
            side: {
                name: Draft202012Validator({"$defs": schema["$defs"], "$ref": f"#/$defs/{name}"})
                for name in (choice["$ref"].split("/")[-1] for choice in schema["$defs"][side]["oneOf"])
            }
            for side in ("clientMessage", "serverMessage", "onlookerEvent", "nameEvent")
        }

    def check(self, message: object, side: str) -> None:
        """Raises SchemaViolation unless a `clientMessage`, `serverMessage` `onlookerEvent` or `nameEvent` is valid."""
        kind = message.get("type") if isinstance(message, dict) else None
        validator = self.validators[side].get(kind) if isinstance(kind, str) else None
        if validator is None:
            raise SchemaViolation(f"{side}: no object with a known `type`: {excerpt(message)}")
        for error in validator.iter_errors(message):
            raise SchemaViolation(f"{kind}: {error.json_path}: {excerpt(error.message)}")


def excerpt(value: object, length: int = 160) -> str:
    """One line of bounded length."""
    text = " ".join((value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)).split())
    return text if len(text) <= length else text[:length] + "…"
