// What happens, as it happens: from one state of the server to the next, and what administrators change.

/** Notices that are kept. */
const kept = 100;

/**
 * A text is its key in `strings.js` with its values.
 * @typedef {{at: number, tone: "good" | "bad" | "plain", key: string, values: Record<string, string>}} Notice
 */

export class Notices {
  #workers = null;
  #sessions = null;
  #obs = null;
  /** The last change that was told. */
  #changed = "";
  /** @type {Notice[]} the newest first */
  all = [];

  /** After the connection was away nobody knows what happened meanwhile. */
  forget() {
    [this.#workers, this.#sessions, this.#obs] = [null, null, null];
  }

  workers(workers, at) {
    const now = new Map(workers.map((worker) => [`${worker.role} ${worker.address}`, worker]));
    for (const [key, worker] of now) {
      const before = this.#workers?.get(key);
      if (this.#workers && before?.state !== worker.state) {
        const values = { address: worker.address, reason: worker.reason ?? "" };
        this.#add(at, worker.state === "ready" ? "good" : worker.state === "drained" ? "plain" : "bad", `notice.worker.${worker.state}`, values);
      }
    }
    this.#workers = now;
  }

  sessions(sessions, at) {
    const now = new Map(sessions.map((session) => [session.id, session]));
    if (this.#sessions) {
      for (const [id, session] of now) {
        const before = this.#sessions.get(id);
        const values = { name: session.name ?? id };
        if (!before) this.#add(at, "plain", "notice.session.opened", values);
        else if (before.isConnected !== session.isConnected) {
          this.#add(at, session.isConnected ? "good" : "bad", `notice.session.${session.isConnected ? "back" : "away"}`, values);
        } else if (!before.isLate && session.isLate) this.#add(at, "bad", "notice.session.late", values);
      }
      for (const [id, session] of this.#sessions) {
        if (!now.has(id)) this.#add(at, "plain", "notice.session.closed", { name: session.name ?? id });
      }
    }
    this.#sessions = now;
  }

  /** @param {{phase: string, message?: string}} obs as `GET /v1/admin/obs` tells it */
  obs({ phase, message = "" }, at) {
    const before = this.#obs;
    if (before && (before.phase !== phase || before.message !== message)) {
      if (phase === "connected") this.#add(at, message ? "bad" : "good", message ? "notice.obs.trouble" : "notice.obs.connected", { message });
      else if (message) this.#add(at, "bad", "notice.obs.trouble", { message });
    }
    this.#obs = { phase, message };
  }

  /** @param {{at: number, by: string, what: string}[]} changes the newest last */
  changes(changes) {
    const name = ({ at, by, what }) => `${at} ${by} ${what}`;
    // By their order: a clock may be set back. A server that began anew has forgotten what was changed before.
    const known = changes.findLastIndex((change) => name(change) === this.#changed);
    for (const { at, by, what } of changes.slice(known + 1)) this.#add(at * 1000, "plain", "notice.changed", { by, what });
    if (changes.length > 0) this.#changed = name(changes.at(-1));
  }

  #add(at, tone, key, values) {
    this.all = [{ at, tone, key, values }, ...this.all].slice(0, kept);
  }
}
