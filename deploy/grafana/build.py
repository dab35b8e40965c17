#!/usr/bin/env python3
"""Writes the dashboards in deploy/grafana/dashboards, as Grafana reads them.

    eval "$(scripts/env)"; "$SORI_CLIENTS_PYTHON" deploy/grafana/build.py            writes them
    eval "$(scripts/env)"; "$SORI_CLIENTS_PYTHON" deploy/grafana/build.py --check    says whether they are as written

Needs grafana-foundation-sdk, which knows what Grafana takes.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

from grafana_foundation_sdk.builders.common import StackingConfig, VizLegendOptions, VizTooltipOptions
from grafana_foundation_sdk.builders.dashboard import Dashboard, Row
from grafana_foundation_sdk.builders.prometheus import Dataquery
from grafana_foundation_sdk.builders.timeseries import Panel
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.common import (
    LegendDisplayMode, LegendPlacement, StackingMode, TooltipDisplayMode)
from grafana_foundation_sdk.models.dashboard import DataSourceRef

FOLDER = Path(__file__).parent / "dashboards"
SOURCE = DataSourceRef(type_val="prometheus", uid="sori-prometheus")


@dataclass
class Chart:
    """A panel: what it shows, in which unit, and its queries with what their lines are called."""

    title: str
    help: str
    unit: str
    queries: list[tuple[str, str]]
    is_stacked: bool = False


def quantiles(metric: str, by: str = "") -> list[tuple[str, str]]:
    name = f" {{{{{by}}}}}" if by else ""
    labels = f"le, {by}" if by else "le"
    return [
        (f"histogram_quantile({part}, sum by ({labels}) (rate({metric}_bucket[$__rate_interval])))", f"{shown} %{name}")
        for part, shown in ([(0.95, 95)] if by else [(0.5, 50), (0.95, 95), (0.99, 99)])]


def rate(metric: str, by: str, selector: str = "") -> tuple[str, str]:
    names = " ".join(f"{{{{{label}}}}}" for label in by.split(", "))
    return f"sum by ({by}) (rate({metric}{selector}[$__rate_interval]))", names


DASHBOARDS: dict[str, tuple[str, str, dict[str, list[Chart]]]] = {
    "connections": ("Sori: connections", "Who is here, who comes and goes, and why.", {
        "Sockets": [
            Chart("Open sockets", "By what they are for, and whether the client has said what it wants.", "short",
                  [("sum by (endpoint, state) (sori_sockets)", "{{endpoint}} {{state}}")], is_stacked=True),
            Chart("Sockets opened", "Each second.", "cps", [rate("sori_sockets_opened_total", "endpoint")]),
            Chart("Sockets closed, by reason", "`left` is a client that went, `finished` one that had everything; the others are "
                  "error codes of the protocol.", "cps", [rate("sori_sockets_closed_total", "reason")], is_stacked=True),
            Chart("Handshakes refused", "Of addresses that open too many.", "cps",
                  [rate("sori_handshakes_refused_total", "instance")]),
        ],
        "Sessions": [
            Chart("Open sessions", "By gateway.", "short", [("sum by (instance) (sori_sessions)", "{{instance}}")],
                  is_stacked=True),
            Chart("Sessions that begin and go on", "New ones, those whose client came back, and those from other gateways.",
                  "cps", [("sum(rate(sori_sessions_opened_total[$__rate_interval]))", "opened"),
                          ("sum(rate(sori_sessions_resumed_total[$__rate_interval]))", "resumed"),
                          ("sum(rate(sori_sessions_taken_over_total[$__rate_interval]))", "taken over")]),
            Chart("Sessions that end, by reason", "", "cps", [rate("sori_sessions_closed_total", "reason")], is_stacked=True),
            Chart("Sessions refused, by error", "", "cps", [rate("sori_sessions_refused_total", "reason")], is_stacked=True),
        ],
    }),
    "captions": ("Sori: captions", "How soon text comes, and what speaks for or against it.", {
        "Latency": [
            Chart("From a word's sound to text that stays", "As far as servers know it: from when the sound came.", "s",
                  quantiles("sori_word_latency_seconds")),
            Chart("From asking for a window to its text", "Live windows, finals, and guesses in a pause.", "s",
                  quantiles("sori_recognition_duration_seconds", by="kind")),
            Chart("Seconds between live windows", "More when machines have more to do than they can.", "s",
                  [("sum by (instance) (rate(sori_hop_seconds_sum[$__rate_interval])) "
                    "/ sum by (instance) (rate(sori_hop_seconds_count[$__rate_interval]))", "{{instance}}")]),
        ],
        "Signals": [
            Chart("Sound that comes", "Seconds of it in a second: how many speak at once.", "short",
                  [rate("sori_audio_seconds_total", "instance")], is_stacked=True),
            Chart("Finals", "Utterances that are over, in a minute.", "short",
                  [("60 * sum(rate(sori_finals_total[$__rate_interval]))", "finals")]),
            Chart("Texts that were not believed, by reason", "In a minute.", "short",
                  [("60 * sum by (reason) (rate(sori_texts_dropped_total[$__rate_interval]))", "{{reason}}")], is_stacked=True),
            Chart("What the detector says", "Windows of sound in a second.", "cps",
                  [rate("sori_detections_total", "outcome")], is_stacked=True),
        ],
    }),
    "workers": ("Sori: workers and routing", "Which workers are good for what, and where windows go.", {
        "Workers": [
            Chart("Workers, by state", "As gateways see them; each gateway counts all.", "short",
                  [("sum by (role, state) (sori_workers) > 0", "{{role}} {{state}}")], is_stacked=True),
            Chart("Lanes that work", "Of all lanes of a process.", "percentunit",
                  [("avg_over_time(sori_lanes_busy[$__rate_interval]) / sori_lanes", "{{instance}}")]),
            Chart("Requests that wait for a lane", "", "short", [("sori_lane_queue_length", "{{instance}}")]),
        ],
        "Windows": [
            Chart("Windows, by device and kind", "Each second.", "cps", [rate("sori_windows_total", "device, kind")],
                  is_stacked=True),
            Chart("Windows, by outcome", "`withdrawn` is what was not wanted any longer.", "cps",
                  [rate("sori_windows_total", "outcome")], is_stacked=True),
            Chart("Requests that went to a second worker", "", "cps", [rate("sori_failovers_total", "role, reason")],
                  is_stacked=True),
            Chart("Work on a window, by part", "The mean: its sound, what precedes the text, and the text.", "s",
                  [("sum by (part) (rate(sori_window_part_duration_seconds_sum[$__rate_interval])) "
                    "/ sum by (part) (rate(sori_window_part_duration_seconds_count[$__rate_interval]))", "{{part}}")],
                  is_stacked=True),
            Chart("From a request to its answer, at workers", "", "s",
                  quantiles("sori_worker_request_duration_seconds", by="kind")),
        ],
    }),
    "capacity": ("Sori: capacity", "What machines have left, and what sessions are kept in.", {
        "Load": [
            Chart("Sessions, and seconds between live windows", "From 0.8 s on nobody new is let in.", "short",
                  [("sori:sessions:sum", "sessions"), ("sori:hop_seconds:mean", "seconds between windows")]),
            Chart("Processor time", "Cores in use, by process.", "short", [rate("process_cpu_seconds_total", "job, instance")],
                  is_stacked=True),
            Chart("Lanes that work, of all", "", "percentunit", [("sori:lanes_busy:ratio", "busy")]),
        ],
        "Memory and files": [
            Chart("Memory", "By process.", "bytes",
                  [('process_resident_memory_bytes{job=~"sori-.*"}', "{{job}} {{instance}}")], is_stacked=True),
            Chart("Open files and sockets", "By process.", "short",
                  [('process_open_fds{job=~"sori-.*"}', "{{job}} {{instance}}")]),
            Chart("Threads", "By process.", "short", [('process_threads{job=~"sori-.*"}', "{{job}} {{instance}}")]),
        ],
        "Sessions that are kept": [
            Chart("Storing a session's record", "", "s", quantiles("sori_checkpoint_duration_seconds")),
            Chart("Stores that are gone", "1 where sessions are kept in memory for want of Redis.", "short",
                  [("sori_store_degraded", "{{instance}}")]),
            Chart("Uptime", "Since each process began.", "s",
                  [('time() - process_start_time_seconds{job=~"sori-.*"}', "{{job}} {{instance}}")]),
        ],
    }),
}


def panel(chart: Chart) -> Panel:
    built = (
        Panel().title(chart.title).description(chart.help).unit(chart.unit).datasource(SOURCE).height(8).span(8).min(0)
        .line_width(1.5).fill_opacity(25 if chart.is_stacked else 5).show_points("never")
        .legend(VizLegendOptions().display_mode(LegendDisplayMode.LIST).placement(LegendPlacement.BOTTOM).show_legend(True))
        .tooltip(VizTooltipOptions().mode(TooltipDisplayMode.MULTI)))
    if chart.is_stacked:
        built.stacking(StackingConfig().mode(StackingMode.NORMAL).group("A"))
    for letter, (expression, legend) in zip("ABC", chart.queries):
        built.with_target(Dataquery().expr(expression).legend_format(legend).ref_id(letter))
    return built


def dashboard(name: str) -> str:
    title, help_text, rows = DASHBOARDS[name]
    built = (
        Dashboard(title).uid(f"sori-{name}").description(help_text).tags(["sori"]).editable().refresh("5s")
        .time("now-30m", "now").timezone("browser"))
    for row, charts in rows.items():
        built.with_row(Row(row))
        for chart in charts:
            built.with_panel(panel(chart))
    return JSONEncoder(sort_keys=True, indent=2).encode(built.build()) + "\n"


def main():
    if sys.argv[1:] not in ([], ["--check"]):
        print(__doc__.strip())
        sys.exit(0 if sys.argv[1:] in (["--help"], ["-h"]) else 64)
    for name in DASHBOARDS:
        path, text = FOLDER / f"{name}.json", dashboard(name)
        if sys.argv[1:] == ["--check"]:
            if not path.exists() or path.read_text() != text:
                sys.exit(f"{path} is not what {Path(__file__).name} writes; run it without --check")
        else:
            path.write_text(text)
            print(path)


if __name__ == "__main__":
    main()
