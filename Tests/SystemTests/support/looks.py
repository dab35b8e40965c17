"""What a person sees of a page: pictures, and what axe finds fault with."""

import base64
import io
import json
from importlib.resources import files
from pathlib import Path

from PIL import Image


def set_screen(browser, width: int, height: int, scheme: str = "light", motion: str = "no-preference"):
    """A screen of a size, and what its owner has asked of pages."""
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    wishes = {"prefers-color-scheme": scheme, "prefers-reduced-motion": motion}
    features = [{"name": name, "value": value} for name, value in wishes.items()]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})


def picture(browser, transparent: bool = False) -> Image.Image:
    """What is seen; with `transparent`, nothing is behind the page."""
    override = {"color": {"r": 0, "g": 0, "b": 0, "a": 0}} if transparent else {}
    browser.execute_cdp_cmd("Emulation.setDefaultBackgroundColorOverride", override)
    data = browser.execute_cdp_cmd("Page.captureScreenshot", {"format": "png"})["data"]
    return Image.open(io.BytesIO(base64.b64decode(data))).convert("RGBA")


def over_checkerboard(image: Image.Image, side: int = 48) -> Image.Image:
    """The picture with a checkerboard behind it."""
    board = Image.new("RGBA", image.size)
    light, dark = (170, 180, 175, 255), (110, 120, 115, 255)
    for y in range(0, image.height, side):
        for x in range(0, image.width, side):
            board.paste((light, dark)[(x + y) // side % 2], (x, y, x + side, y + side))
    board.alpha_composite(image)
    return board


def save(image: Image.Image, folder: str | None, name: str):
    """Keeps a picture where pictures are wanted."""
    if folder:
        image.convert("RGB").quantize(128).save(Path(folder) / f"{name}.png", optimize=True)


def faults(browser) -> list[str]:
    """What axe finds on a page that is serious or critical: rule, and where."""
    if not browser.execute_script("return typeof axe === 'object'"):
        browser.execute_script((files("axe_playwright_python") / "axe.min.js").read_text())
    found = json.loads(browser.execute_async_script(
        "const done = arguments[0]; axe.run(document).then(({ violations }) => done(JSON.stringify(violations)))"))
    return [
        f"{violation['id']}: {node['target']} {node.get('failureSummary', '')}"
        for violation in found if violation["impact"] in ("serious", "critical") for node in violation["nodes"]]
