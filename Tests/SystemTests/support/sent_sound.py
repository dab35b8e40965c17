"""Writes down the sound that a page sends, however often its connection breaks.

What a browser's microphone delivers is never twice quite the same. With this the same sound can be sent once more over a
connection that lasts, and the transcripts compared.
"""

import base64
import wave
from pathlib import Path

from selenium.webdriver import Chrome

RATE = 16_000

# What is sent again has to be what was sent before.
SCRIPT = """
const seconds = 600;
const sent = { sound: new Int16Array(seconds * 16000), end: 0, differences: 0 };
let position = 0;
const send = WebSocket.prototype.send;
WebSocket.prototype.send = function (data) {
  if (typeof data !== "string") {
    for (const sample of new Int16Array(data.slice(0))) {
      if (position < sent.end && sent.sound[position] !== sample) sent.differences += 1;
      sent.sound[position++] = sample;
    }
    sent.end = Math.max(sent.end, position);
  }
  return send.call(this, data);
};
window.WebSocket = class extends WebSocket {
  constructor(...options) {
    super(...options);
    this.addEventListener("message", (event) => {
      const message = JSON.parse(event.data);
      if (message.type === "ready") position = message.resumeAt;
    });
  }
};
window.sentSound = sent;
"""

READ = """
const bytes = new Uint8Array(sentSound.sound.buffer, 0, 2 * sentSound.end);
let text = "";
for (let start = 0; start < bytes.length; start += 30000) {
  text += btoa(String.fromCharCode(...bytes.subarray(start, start + 30000)));
}
return [text, sentSound.differences];
"""


def watch(browser: Chrome):
    """To be called before the page is loaded."""
    browser.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": f"{{{SCRIPT}}}"})


def write(browser: Chrome, file: Path):
    """Writes what has been sent as a WAV file."""
    text, differences = browser.execute_script(READ)
    assert differences == 0, f"{differences} samples were sent again otherwise"
    with wave.open(str(file), "wb") as recording:
        recording.setnchannels(1)
        recording.setsampwidth(2)
        recording.setframerate(RATE)
        recording.writeframes(base64.b64decode(text))
