// Transcripts of before, kept in this browser alone.

const name = "sori.history";
/** Titles and lines apart: the list needs no lines, and saving one transcript reads no other. */
const stores = ["entries", "lines"];
/** Transcripts that are kept; the oldest give way. */
const kept = 200;

/**
 * @typedef {import("./shared/transcript.js").Final | import("./shared/transcript.js").Gap} Line
 * @typedef {{id: string, at: number, title: string, count: number}} Entry `at` in milliseconds since 1970; ids are in the order of time
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
    await this.#run("readwrite", ([entries, texts]) => {
      texts.put({ id, lines });
      return entries.put({ id, at, title, count: finals.length });
    });
    const ids = (await this.#run("readonly", ([entries]) => entries.getAllKeys())) ?? [];
    await Promise.all(ids.slice(0, -kept).map((old) => this.remove(old)));
  }

  /** @param {string} id @returns {Promise<Line[]>} */
  async lines(id) {
    return (await this.#run("readonly", ([, texts]) => texts.get(id)))?.lines ?? [];
  }

  /** @returns {Promise<Entry[]>} the newest first; empty where the browser keeps nothing */
  async list() {
    const entries = await this.#run("readonly", ([entries]) => entries.getAll());
    return (entries ?? []).sort((a, b) => b.at - a.at);
  }

  /** @param {string} id */
  remove(id) {
    return this.#run("readwrite", (all) => all.map((store) => store.delete(id)).at(-1));
  }

  clear() {
    return this.#run("readwrite", (all) => all.map((store) => store.clear()).at(-1));
  }

  /** @returns what the request results in; `undefined` where private windows keep nothing */
  async #run(mode, request) {
    try {
      const database = await this.#open();
      const transaction = database.transaction(stores, mode);
      return await settled(request(stores.map((store) => transaction.objectStore(store))));
    } catch {
      return undefined;
    }
  }

  #open() {
    this.#opened ??= new Promise((resolve, reject) => {
      const request = indexedDB.open(name, 1);
      request.onupgradeneeded = () => stores.forEach((store) => request.result.createObjectStore(store, { keyPath: "id" }));
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
