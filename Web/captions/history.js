// Transcripts of before, kept in this browser alone.

const name = "sori.history";
const store = "transcripts";
/** Transcripts that are kept; the oldest give way. */
const kept = 200;

/**
 * @typedef {import("./shared/transcript.js").Final | import("./shared/transcript.js").Gap} Line
 * @typedef {{id: string, at: number, title: string, count: number, lines: Line[]}} Entry `at` in milliseconds since 1970
 */

export class History {
  #opened = null;

  /**
   * Keeps a transcript under an id, in place of what was kept under it.
   * @param {string} id
   * @param {number} at when it began
   * @param {Line[]} lines
   */
  async save(id, at, lines) {
    const finals = lines.filter(({ kind }) => kind === "final");
    if (finals.length === 0) {
      return;
    }
    const title = finals.slice(0, 3).map(({ text }) => text).join(" ").slice(0, 120);
    await this.#run("readwrite", (all) => all.put({ id, at, title, count: finals.length, lines }));
    const old = (await this.list()).slice(kept);
    await Promise.all(old.map(({ id }) => this.remove(id)));
  }

  /** @returns {Promise<Entry[]>} the newest first; empty where the browser keeps nothing */
  async list() {
    const entries = await this.#run("readonly", (all) => all.getAll());
    return (entries ?? []).sort((a, b) => b.at - a.at);
  }

  /** @param {string} id */
  remove(id) {
    return this.#run("readwrite", (all) => all.delete(id));
  }

  clear() {
    return this.#run("readwrite", (all) => all.clear());
  }

  /** @returns what the request results in; `undefined` where private windows keep nothing */
  async #run(mode, request) {
    try {
      const database = await this.#open();
      return await settled(request(database.transaction(store, mode).objectStore(store)));
    } catch {
      return undefined;
    }
  }

  #open() {
    this.#opened ??= new Promise((resolve, reject) => {
      const request = indexedDB.open(name, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(store, { keyPath: "id" });
      settled(request).then(resolve, reject);
    });
    return this.#opened;
  }
}

function settled(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
