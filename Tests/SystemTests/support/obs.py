"""A server as obs-websocket 5 is specified (https://github.com/obsproject/obs-websocket/blob/master/docs/generated/protocol.md):
what programs that control OBS take for OBS."""

import base64
import hashlib
import json
import secrets
import threading
from contextlib import suppress

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve


def digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


class OBS:
    """Text sources, a stream that runs or not, and what was sent to them."""

    def __init__(self, password: str = "", port: int = 0, sources: tuple[str, ...] = ("Captions",)):
        self.password = password
        self.sources = {name: {"text": "as it was", "font": {"face": "Arial"}} for name in sources}
        self.is_streaming = False
        self.shown: list[str] = []
        self.captions: list[str] = []
        self.refused = 0
        # The subprotocol may be offered, and need not be.
        choose = lambda _, offered: next((name for name in offered if name == "obswebsocket.json"), None)
        self.server = serve(self.talk, "127.0.0.1", port, subprotocols=["obswebsocket.json"], select_subprotocol=choose)
        self.port = self.server.socket.getsockname()[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self) -> "OBS":
        return self

    def __exit__(self, *_):
        self.server.shutdown()

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}"

    def talk(self, client: ServerConnection):
        with suppress(ConnectionClosed):
            hello = {"obsStudioVersion": "30.2.2", "obsWebSocketVersion": "5.5.2", "rpcVersion": 1}
            salt, challenge = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
            if self.password:
                hello["authentication"] = {"challenge": challenge, "salt": salt}
            client.send(json.dumps({"op": 0, "d": hello}))
            first = json.loads(client.recv())
            if first["op"] != 1:
                return client.close(4007, "You must identify first.")
            if first["d"]["rpcVersion"] != 1:
                return client.close(4010, "Your requested RPC version is not supported.")
            if self.password and first["d"].get("authentication") != digest(digest(self.password + salt) + challenge):
                self.refused += 1
                return client.close(4009, "Authentication failed.")
            client.send(json.dumps({"op": 2, "d": {"negotiatedRpcVersion": 1}}))
            for text in client:
                message = json.loads(text)
                if message["op"] != 6:
                    return client.close(4006, "Unknown OpCode.")
                client.send(json.dumps({"op": 7, "d": self.answer(**message["d"])}))

    def answer(self, requestType: str, requestId, requestData: dict | None = None) -> dict:
        def respond(code: int = 100, comment: str | None = None, data: dict | None = None) -> dict:
            status = {"result": code == 100, "code": code} | ({"comment": comment} if comment else {})
            answer = {"requestType": requestType, "requestId": requestId, "requestStatus": status}
            return answer | ({"responseData": data} if data else {})

        data = requestData or {}
        match requestType:
            case "GetVersion":
                return respond(data={"obsVersion": "30.2.2", "obsWebSocketVersion": "5.5.2", "rpcVersion": 1,
                                     "availableRequests": [], "supportedImageFormats": [], "platform": "test",
                                     "platformDescription": "test"})
            case "GetInputSettings" | "SetInputSettings" if "inputName" not in data:
                return respond(300, "Your request is missing the `inputName` field.")
            case "GetInputSettings" | "SetInputSettings" if data["inputName"] not in self.sources:
                return respond(600, f"No source was found by the name of `{data['inputName']}`.")
            case "GetInputSettings":
                return respond(data={"inputSettings": self.sources[data["inputName"]], "inputKind": "text_ft2_source_v2"})
            case "SetInputSettings":
                settings = self.sources[data["inputName"]] if data.get("overlay", True) else {}
                self.sources[data["inputName"]] = settings | data["inputSettings"]
                self.shown.append(data["inputSettings"].get("text", ""))
                return respond()
            case "SendStreamCaption":
                if not self.is_streaming:
                    return respond(501, "The output is not running.")
                self.captions.append(data["captionText"])
                return respond()
            case "StartStream":
                self.is_streaming = True
                return respond()
            case _:
                return respond(204, "Your request type is not valid.")
