// Things to know while captions run: one at a time is shown, the latest.

/** Milliseconds for which something that happened once is shown. */
const moment = 8_000;

export class Hints {
  #entries = new Map();
  #onChange;

  /** @param {() => void} onChange */
  constructor(onChange) {
    this.#onChange = onChange;
  }

  /** @returns {{key: string, values: object} | null} */
  get latest() {
    const [key, values] = [...this.#entries].at(-1) ?? [];
    return key ? { key, values } : null;
  }

  has(key) {
    return this.#entries.has(key);
  }

  /**
   * Shows something for as long as it is so.
   * @param {string} key
   * @param {boolean} holds
   * @param {object} [values] of the text
   */
  set(key, holds, values = {}) {
    const removed = this.#entries.delete(key);
    if (holds) {
      this.#entries.set(key, values);
    }
    if (holds || removed) {
      this.#onChange();
    }
  }

  /** Shows something that has happened. */
  mention(key, values) {
    this.set(key, true, values);
    setTimeout(() => this.set(key, false), moment);
  }

  clear() {
    this.#entries.clear();
    this.#onChange();
  }

  /** Takes in what the server says. */
  receive(message) {
    switch (message.type) {
      case "partial":
      case "final":
        return this.set("recognizer_unavailable", false);
      case "error":
        return this.mention(message.code === "shutting_down" ? "shutting_down" : "bad_message");
      case "notice":
        return this.#notice(message.code);
      default:
    }
  }

  #notice(code) {
    switch (code) {
      case "captions_delayed":
      case "recognizer_unavailable":
        return this.set(code, true);
      case "recognizer_available":
        return this.set("recognizer_unavailable", false);
      case "captions_on_time":
        return this.set("captions_delayed", false);
      case "bad_samples":
        return this.mention(code);
      default:
    }
  }
}
