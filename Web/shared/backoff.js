// How long to wait before the next attempt.

const first = 500;
const longest = 15_000;

/**
 * Milliseconds that double with every attempt, up to 15 s; jitter of up to half keeps the clients of a server that was
 * restarted from all coming back at once.
 * @param {number} attempt failures so far in a row, from 0
 * @param {() => number} [random] in 0..<1
 */
export function backoff(attempt, random = Math.random) {
  const full = Math.min(longest, first * 2 ** Math.min(attempt, 10));
  return full * (1 - random() / 2);
}
