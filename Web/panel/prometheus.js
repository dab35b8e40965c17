// Figures out of metrics in Prometheus' text format.

/**
 * @typedef {{labels: Record<string, string>, value: number}} Sample
 * @typedef {Map<string, Sample[]>} Metrics samples by the name of the metric
 */

/**
 * @param {string} text https://prometheus.io/docs/instrumenting/exposition_formats/
 * @returns {Metrics}
 */
export function parse(text) {
  const metrics = new Map();
  for (const line of text.split("\n")) {
    const [, name, list, value] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)/.exec(line) ?? [];
    if (!name) continue;
    const labels = {};
    for (const [, key, text] of (list ?? "").matchAll(/([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g)) {
      labels[key] = text.replace(/\\(.)/g, (_, escaped) => (escaped === "n" ? "\n" : escaped));
    }
    const samples = metrics.get(name) ?? [];
    samples.push({ labels, value: Number(value.replace("Inf", "Infinity")) });
    metrics.set(name, samples);
  }
  return metrics;
}

/**
 * The sum of a metric's samples whose labels are as asked for.
 * @param {Metrics} metrics
 * @param {string} name
 * @param {Record<string, string>} [labels]
 */
export function sum(metrics, name, labels = {}) {
  return (metrics.get(name) ?? [])
    .filter((sample) => Object.entries(labels).every(([key, value]) => sample.labels[key] === value))
    .reduce((total, { value }) => total + value, 0);
}

/**
 * By how much a counter rose, by the values of a label. A server that began anew counts from nothing.
 * @param {Metrics} before
 * @param {Metrics} after
 * @param {string} name
 * @param {string} label
 * @param {Record<string, string>} [labels]
 * @returns {Record<string, number>}
 */
export function increase(before, after, name, label, labels = {}) {
  const values = new Set((after.get(name) ?? []).map((sample) => sample.labels[label]));
  return Object.fromEntries([...values].map((value) => {
    const [was, is] = [before, after].map((metrics) => sum(metrics, name, { ...labels, [label]: value }));
    return [value, is >= was ? is - was : is];
  }));
}

/**
 * A quantile of what a histogram counted between two times, within its buckets as if they were evenly filled.
 * @returns {number | null} `null` where nothing was counted
 */
export function quantile(share, before, after, name) {
  const rises = increase(before, after, `${name}_bucket`, "le");
  const buckets = Object.entries(rises)
    .map(([le, count]) => ({ le: Number(le.replace("+Inf", "Infinity")), count }))
    .sort((a, b) => a.le - b.le);
  const total = buckets.at(-1)?.count ?? 0;
  if (total === 0) return null;
  const rank = share * total;
  const index = buckets.findIndex(({ count }) => count >= rank);
  const { le, count } = buckets[index];
  const below = buckets[index - 1] ?? { le: 0, count: 0 };
  if (!Number.isFinite(le)) return below.le;
  return below.le + ((rank - below.count) / Math.max(count - below.count, 1e-9)) * (le - below.le);
}
