#!/usr/bin/env python3
"""Draws the dashboards from what Prometheus answers, one picture for each: what Grafana shows, where there is no Grafana.

    eval "$(scripts/env)"; "$SORI_CLIENTS_PYTHON" deploy/grafana/render.py http://localhost:9090 docs/pictures
    eval "$(scripts/env)"; "$SORI_CLIENTS_PYTHON" deploy/grafana/render.py http://localhost:9090 /tmp --minutes 30

Reads deploy/grafana/dashboards. A panel for which Prometheus has no data is an error.
"""

import argparse
import json
import math
import re
import sys
import time
import urllib.parse
import urllib.request
from datetime import datetime
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as pyplot
from matplotlib.dates import DateFormatter
from matplotlib.ticker import FuncFormatter, MaxNLocator

DASHBOARDS = Path(__file__).parent / "dashboards"
BACKGROUND, PANEL, TEXT, GRID = "#111217", "#181b1f", "#ccccdc", "#2c3235"
COLOURS = ["#73bf69", "#f2cc0c", "#8ab8ff", "#ff780a", "#f2495c", "#5794f2", "#b877d9", "#96d98d", "#ffb357", "#fade2a"]
COLUMNS = 3


def query_range(server: str, expression: str, start: float, end: float, step: float) -> list[dict]:
    query = urllib.parse.urlencode({"query": expression, "start": start, "end": end, "step": step})
    with urllib.request.urlopen(f"{server}/api/v1/query_range?{query}", timeout=30) as answer:
        return json.load(answer)["data"]["result"]


def lines(server: str, panel: dict, start: float, end: float, step: float) -> list[tuple[str, list[float], list[float]]]:
    """What the panel shows: for each line its name, times and values."""
    found = []
    for target in panel["targets"]:
        expression = target["expr"].replace("$__rate_interval", f"{max(4 * step, 20):.0f}s")
        for series in query_range(server, expression, start, end, step):
            name = re.sub(r"{{(\w+)}}", lambda label: series["metric"].get(label[1], ""), target["legendFormat"])
            found.append((name, *zip(*[(at, float(value)) for at, value in series["values"]])))
    return found


def shown(unit: str):
    def text(value: float, _) -> str:
        match unit:
            case "s": return f"{value:.3g} s" if value >= 1 or value == 0 else f"{1000 * value:.3g} ms"
            case "bytes": return f"{value / 1e6:.0f} MB"
            case "percentunit": return f"{100 * value:.0f} %"
            case "cps": return f"{value:.3g}/s"
            case _: return f"{value:.3g}"
    return FuncFormatter(text)


def draw(axes, panel: dict, series: list[tuple[str, list[float], list[float]]]):
    axes.set_facecolor(PANEL)
    axes.set_title(panel["title"], color=TEXT, fontsize=9, loc="left", pad=8)
    is_stacked = "stacking" in panel["fieldConfig"]["defaults"]["custom"]
    # Lines that are nought all the time would only fill the legend.
    busy = [line for line in series if any(math.isfinite(value) and value for value in line[2])] or series[:3]
    times = sorted({at for _, ats, _ in busy for at in ats})
    at = [datetime.fromtimestamp(second) for second in times]
    rows = []
    for _, ats, values in busy:
        known = dict(zip(ats, values))
        rows.append([known.get(second, 0 if is_stacked else math.nan) for second in times])
    colours = [COLOURS[index % len(COLOURS)] for index in range(len(busy))]
    names = [name for name, _, _ in busy]
    if is_stacked:
        rows = [[value if math.isfinite(value) else 0 for value in row] for row in rows]
        axes.stackplot(at, rows, labels=names, colors=[f"{colour}66" for colour in colours], edgecolor=colours, linewidth=1)
    else:
        for name, row, colour in zip(names, rows, colours):
            axes.plot(at, row, label=name, color=colour, linewidth=1.3)
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_formatter(shown(panel["fieldConfig"]["defaults"].get("unit", "short")))
    axes.yaxis.set_major_locator(MaxNLocator(5))
    axes.xaxis.set_major_formatter(DateFormatter("%H:%M"))
    axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.tick_params(colors=TEXT, labelsize=7, length=0)
    axes.grid(color=GRID, linewidth=0.6)
    for side in axes.spines.values():
        side.set_visible(False)
    axes.legend(
        fontsize=6.5, labelcolor=TEXT, frameon=False, ncols=2 if len(busy) > 3 else 3, loc="upper left",
        bbox_to_anchor=(-0.02, -0.1), handlelength=1.2, columnspacing=1)


def render(server: str, path: Path, folder: Path, minutes: float) -> Path:
    dashboard = json.loads(path.read_text())
    panels = [panel for panel in dashboard["panels"] if panel.get("targets")]
    end = time.time()
    start = end - 60 * minutes
    height = math.ceil(len(panels) / COLUMNS)
    figure, grid = pyplot.subplots(height, COLUMNS, figsize=(15, 3.3 * height + 0.7), facecolor=BACKGROUND, squeeze=False)
    for axes, panel in zip(grid.flat, panels):
        series = lines(server, panel, start, end, max(1, 60 * minutes / 200))
        if not series:
            sys.exit(f"render: {path.stem}: nothing to show in '{panel['title']}'")
        draw(axes, panel, series)
    for axes in grid.flat[len(panels):]:
        axes.set_visible(False)
    figure.suptitle(dashboard["title"], color=TEXT, fontsize=13, x=0.02, ha="left")
    figure.tight_layout(rect=(0, 0, 1, 0.985), h_pad=2.2)
    picture = folder / f"grafana-{path.stem}.png"
    figure.savefig(picture, dpi=80, facecolor=BACKGROUND)
    pyplot.close(figure)
    return picture


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("server", help="address of Prometheus")
    parser.add_argument("folder", type=Path, help="where the pictures go")
    parser.add_argument("--minutes", type=float, default=5, help="how far to look back; default 5")
    options = parser.parse_args()
    try:
        for path in sorted(DASHBOARDS.glob("*.json")):
            print(render(options.server.rstrip("/"), path, options.folder, options.minutes))
    except OSError as error:
        sys.exit(f"render: {options.server} does not answer ({error}); give the address of a Prometheus")


if __name__ == "__main__":
    main()
