"""Debian's Prometheus and Alertmanager with the files of deploy/prometheus, in a hurry: they look every second, and what is minutes
there is seconds here."""

import json
import re
import shutil
import subprocess
import tempfile
import threading
import urllib.parse
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from support.cluster import free_port, wait_until
from support.sori import REPOSITORY

FILES = REPOSITORY / "deploy/prometheus"


def hurried(text: str) -> str:
    """Rules whose minutes are seconds: `for` one of them, and what is looked back at five."""
    text = re.sub(r"for: \d+m", "for: 1s", text)
    return re.sub(r"\[5m\]", "[5s]", text).replace("[15m]", "[30s]")


class People:
    """Those who are told by Alertmanager: a web server of a test's own."""

    def __init__(self):
        told = self.told = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                told.extend((self.path, alert["labels"]["alertname"], alert["status"]) for alert in message["alerts"])
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server.server_port}"

    def __enter__(self) -> "People":
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


class Prometheus:
    def __init__(self, gateways: list[int], recognizers: list[int], detectors: list[int], people: People | None = None):
        self.folder = Path(tempfile.mkdtemp(prefix="sori-prometheus-"))
        self.port, self.alert_port = free_port(), free_port()
        shutil.copytree(FILES, self.folder, dirs_exist_ok=True)
        for path in (self.folder / "rules").glob("*.yml"):
            path.write_text(hurried(path.read_text()))
        main = self.folder / "prometheus.yml"
        main.write_text(main.read_text().replace("5s", "1s"))
        self.write("gateways", [(gateways, "")])
        self.write("workers", [(recognizers, "recognizer"), (detectors, "detector")])
        self.write("alertmanagers", [([self.alert_port] if people else [], "")])
        self.processes = [subprocess.Popen(
            ["prometheus", "--config.file", main, "--storage.tsdb.path", self.folder / "data",
             "--web.listen-address", f"127.0.0.1:{self.port}", "--query.lookback-delta", "5s"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)]
        if people:
            alerts = self.folder / "alertmanager.yml"
            text = alerts.read_text().replace("localhost:9900", people.address)
            alerts.write_text(text.replace("group_wait: 10s", "group_wait: 1s").replace("group_interval: 1m", "group_interval: 1s"))
            self.processes.append(subprocess.Popen(
                ["prometheus-alertmanager", "--config.file", alerts, "--storage.path", self.folder / "alerts",
                 "--web.listen-address", f"127.0.0.1:{self.alert_port}", "--cluster.listen-address", ""],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))

    def write(self, name: str, groups: list[tuple[list[int], str]]):
        lines = [
            json.dumps({"targets": [f"127.0.0.1:{port}" for port in ports], "labels": {"role": role} if role else {}})
            for ports, role in groups]
        (self.folder / "targets" / f"{name}.yml").write_text("".join(f"- {line}\n" for line in lines))

    def __enter__(self) -> "Prometheus":
        wait_until(lambda: self.get("query", query="up") is not None, "Prometheus answers", 30)
        return self

    def __exit__(self, *_):
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait(30)
        shutil.rmtree(self.folder)

    def get(self, path: str, **query: str) -> dict | None:
        """What its interface answers; `None` while it does not."""
        url = f"http://127.0.0.1:{self.port}/api/v1/{path}?{urllib.parse.urlencode(query)}"
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                return json.load(answer)["data"]
        except urllib.error.HTTPError as error:
            if error.code == 503:  # It begins.
                return None
            raise AssertionError(f"{query}: {error.read().decode()}") from None
        except OSError:
            return None

    def values(self, query: str) -> list[float]:
        """The values of a query now."""
        return [float(series["value"][1]) for series in (self.get("query", query=query) or {}).get("result", [])]

    def firing(self) -> set[str]:
        """The alerts that fire now."""
        alerts = (self.get("alerts") or {"alerts": []})["alerts"]
        return {alert["labels"]["alertname"] for alert in alerts if alert["state"] == "firing"}
