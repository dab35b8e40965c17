// Two minutes of figures, from metrics that are asked for now and again.

import { increase, parse, quantile, sum } from "./prometheus.js";

/** Seconds that charts show. */
export const span = 120;
/** Seconds over which rates and delays are taken. */
const window = 10;

/**
 * What the charts show at a time; `null` where nobody spoke.
 * @typedef {{at: number, sessions: number, latency: number | null, slowest: number | null,
 *     windows: Record<string, number>, dropped: Record<string, number>}} Figure
 */

export class Figures {
  #past = [];
  /** @type {Figure[]} the newest last */
  all = [];

  /**
   * @param {string} text metrics in Prometheus' format
   * @param {number} at seconds
   */
  add(text, at) {
    const now = { at, metrics: parse(text) };
    const before = this.#past.find((past) => at - past.at <= window) ?? this.#past.at(-1);
    this.#past = [...this.#past.filter((past) => at - past.at <= window), now];
    if (!before) return;
    const seconds = Math.max(at - before.at, 1e-3);
    const pair = [before.metrics, now.metrics];
    const windows = increase(...pair, "sori_windows_total", "device", { role: "recognizer", outcome: "answered" });
    this.all = [...this.all.filter((figure) => at - figure.at <= span), {
      at,
      sessions: sum(now.metrics, "sori_sessions"),
      latency: quantile(0.5, ...pair, "sori_word_latency_seconds"),
      slowest: quantile(0.95, ...pair, "sori_word_latency_seconds"),
      windows: Object.fromEntries(Object.entries(windows).map(([device, count]) => [device, count / seconds])),
      dropped: increase(...pair, "sori_texts_dropped_total", "reason"),
    }];
  }
}

/**
 * Which part of the latest windows each worker had: answers of a minute.
 */
export class Shares {
  #past = [];

  /**
   * @param {{address: string, role: string, answered: number}[]} workers
   * @param {number} at seconds
   * @returns {Map<string, number>} by role and address, 0 to 1; without those that had nothing to do
   */
  update(workers, at) {
    const key = ({ role, address }) => `${role} ${address}`;
    const now = { at, answered: new Map(workers.map((worker) => [key(worker), worker.answered])) };
    this.#past = [...this.#past.filter((past) => at - past.at <= 60), now];
    const first = this.#past[0].answered;
    const rises = new Map(workers.map((worker) => {
      const was = first.get(key(worker)) ?? 0;
      return [key(worker), worker.answered >= was ? worker.answered - was : worker.answered];
    }));
    const shares = new Map();
    for (const worker of workers) {
      const total = workers.filter(({ role }) => role === worker.role).reduce((sum, other) => sum + rises.get(key(other)), 0);
      if (total > 0) shares.set(key(worker), rises.get(key(worker)) / total);
    }
    return shares;
  }
}
