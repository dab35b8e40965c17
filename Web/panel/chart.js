// A small chart: lines or stacked areas over the last two minutes, with what is now beside them.

import { span } from "./figures.js";

const svg = "http://www.w3.org/2000/svg";
const [width, height] = [300, 72];

export class Chart {
  #root; #plot; #now; #legend; #options;

  /**
   * @param {HTMLElement} root a figure
   * @param {object} options
   * @param {"lines" | "stack"} options.kind
   * @param {number} [options.least] the top of the scale at least
   * @param {(values: Record<string, number | null>) => string} options.now what is now
   * @param {(key: string) => string} options.name of a series
   */
  constructor(root, options) {
    this.#root = root;
    this.#options = options;
    this.#plot = document.createElementNS(svg, "svg");
    this.#plot.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.#plot.setAttribute("preserveAspectRatio", "none");
    this.#plot.setAttribute("role", "img");
    this.#now = root.querySelector("output");
    this.#legend = document.createElement("p");
    this.#legend.className = "legend";
    root.append(this.#plot, this.#legend);
  }

  /** @param {{at: number, values: Record<string, number | null>}[]} points the newest last */
  draw(points) {
    const latest = points.at(-1);
    const keys = [...new Set(points.flatMap(({ values }) => Object.keys(values)))]
      .filter((key) => points.some(({ values }) => values[key]));
    const text = latest ? this.#options.now(latest.values) : "–";
    this.#now.value = text;
    this.#plot.setAttribute("aria-label", `${this.#root.querySelector("h3").textContent}: ${text}`);
    const stacked = this.#options.kind === "stack";
    const heights = points.map(({ values }) => (stacked ? keys.reduce((sum, key) => sum + (values[key] ?? 0), 0)
      : Math.max(0, ...keys.map((key) => values[key] ?? 0))));
    const top = Math.max(this.#options.least ?? 1, ...heights) * 1.1;
    const x = (at) => width * (1 - (latest.at - at) / span);
    const y = (value) => height - 1 - (height - 2) * (value / top);
    this.#plot.replaceChildren(...keys.flatMap((key, index) => {
      const lower = (values) => (stacked ? keys.slice(0, index).reduce((sum, other) => sum + (values[other] ?? 0), 0) : 0);
      return runs(points, key).map((run) => {
        const upper = run.map(({ at, values }) => `${x(at).toFixed(1)},${y(lower(values) + (values[key] ?? 0)).toFixed(1)}`);
        const under = run.toReversed().map(({ at, values }) => `${x(at).toFixed(1)},${y(lower(values)).toFixed(1)}`);
        const shape = document.createElementNS(svg, stacked ? "polygon" : "polyline");
        shape.setAttribute("points", (stacked ? [...upper, ...under] : upper).join(" "));
        shape.setAttribute("class", `series-${index % 6}`);
        return shape;
      });
    }));
    this.#legend.replaceChildren(...(keys.length > 1 ? keys : []).map((key, index) => {
      const item = document.createElement("span");
      item.className = `series-${index % 6}`;
      item.textContent = this.#options.name(key);
      return item;
    }));
  }
}

/** Stretches in which a series has values. */
function runs(points, key) {
  const runs = [[]];
  for (const point of points) {
    if (point.values[key] === null || point.values[key] === undefined) {
      runs.push([]);
    } else {
      runs.at(-1).push(point);
    }
  }
  return runs.filter((run) => run.length > 1);
}
