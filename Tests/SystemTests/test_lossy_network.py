"""A recogniser far away, in a network namespace of its own: what gets lost on the way changes no word."""

import os
import subprocess
import time
import unittest

from support.cluster import Gateway, Worker, wait_until
from support.listener import start, transcript
from support.lossy_network import LossyNetwork


def may_make_networks() -> bool:
    return os.access("/dev/net/tun", os.R_OK | os.W_OK) and subprocess.run(["unshare", "-n", "true"]).returncode == 0


@unittest.skipUnless(may_make_networks(), "network namespaces and TUN devices need the rights of root")
class LossyNetworkTests(unittest.TestCase):
    def test_delay_loss_and_a_cut_change_no_word(self):
        with LossyNetwork() as network, Worker("detector", "--device", "cpu") as detector, Worker(
            "recognizer", "--device", "cpu", host=network.there, within=network.command
        ) as recognizer, Gateway([recognizer.address], [detector.address]) as gateway:
            gateway.wait_until_ready()
            undisturbed = transcript(start(gateway, "--fast"))
            with self.subTest("200 ms there and back, and 5 % of the packets lost"):
                network.delay, network.loss = 0.1, 0.05
                self.assertEqual(transcript(start(gateway, "--speed", "1")), undisturbed)
                self.assertGreater(network.lost, 10)
            with self.subTest("nothing for 15 s"):
                network.delay, network.loss = 0.01, 0
                session = start(gateway, "--speed", "1")
                windows = lambda: gateway.metric("sori_windows_total", role="recognizer")
                aim = windows() + 4
                wait_until(lambda: windows() >= aim, "windows")
                network.is_cut = True
                # Not a wait for something: the length of the cut.
                time.sleep(15)
                network.is_cut = False
                self.assertEqual(transcript(session), undisturbed)
