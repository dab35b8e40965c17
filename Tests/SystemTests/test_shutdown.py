"""A server that is told to stop."""

import contextlib
import json
import signal
import threading
import time
import unittest
import urllib.request

from support.recording import speech
from support.sori import Server
from test_bad_input import AT_48_KHZ, START, Client
from websockets.exceptions import ConnectionClosed


class ShutdownTests(unittest.TestCase):
    # Less than a server waits for those who have something to say.
    SOON = 5

    def test_who_goes_on_speaking_is_told_once_and_gets_the_last_words(self):
        with Server() as server, Client(server) as client:
            client.send(AT_48_KHZ)
            client.receive("ready")
            client.speak(4)
            client.receive("partial")
            server.process.send_signal(signal.SIGTERM)
            # As a microphone does, which knows nothing of it.
            sound = speech(0.1)
            messages, closed = [], None
            deadline = time.monotonic() + 60
            while closed is None and time.monotonic() < deadline:
                with contextlib.suppress(ConnectionClosed):
                    client.send(sound)
                try:
                    while True:
                        messages.append(json.loads(client.socket.recv(timeout=0.1)))
                except TimeoutError:
                    pass
                except ConnectionClosed as end:
                    closed = end.rcvd.code if end.rcvd else 1006
        self.assertEqual(closed, 1001)
        errors = [(message["code"], message["fatal"]) for message in messages if message["type"] == "error"]
        self.assertEqual(errors, [("shutting_down", False)])
        self.assertTrue([message for message in messages if message["type"] == "final" and message["text"]])
        self.assertEqual(messages[-1]["type"], "finished")

    def test_nobody_holds_up_a_server_that_has_nothing_to_say(self):
        with Server() as server:
            with Client(server) as lost:
                ready = lost.send(START).receive("ready")
                lost.send(bytes(32_000))
            events = urllib.request.urlopen(
                f"http://127.0.0.1:{server.port}/v1/sessions/{ready['session']}/events", timeout=60)
            # They end with the server; nothing is to be read before that.
            onlooker = threading.Thread(target=events.read)
            onlooker.start()
            with Client(server) as silent, Client(server) as mute:
                mute.send(START)
                mute.receive("ready")
                server.process.send_signal(signal.SIGTERM)
                self.assertEqual(server.process.wait(self.SOON), 0)
                self.assertEqual(mute.end(), (None, 1001))
                self.assertEqual(silent.end(), ("shutting_down", 1001))
            onlooker.join(self.SOON)
            self.assertFalse(onlooker.is_alive())

    def test_a_server_that_stops_lets_nobody_in(self):
        with Server() as server, Client(server) as speaker, Client(server) as late:
            speaker.send(AT_48_KHZ)
            speaker.receive("ready")
            speaker.speak(20)
            speaker.receive("partial")
            server.process.send_signal(signal.SIGTERM)
            speaker.receive("error")
            # The server may have said so already.
            with contextlib.suppress(ConnectionClosed):
                late.send(START)
            self.assertEqual(late.end(), ("shutting_down", 1001))


if __name__ == "__main__":
    unittest.main()
