// Server-Sent Events that come back by themselves. Not an EventSource: that shows no token but in the address, tells nobody why it was
// refused, and gives up when a proxy answers for a server that is away.

import { backoff } from "./backoff.js";

/** Milliseconds without a byte after which a connection is believed dead: servers send a comment every 15 s. */
const silence = 40_000;

/**
 * What is known of the connection. `refused` is for a person to mend: `status` is that of HTTP, `reason` one line of the server's.
 * @typedef {{phase: "connecting" | "open" | "away" | "refused", status: number, reason: string}} State
 */

/**
 * Follows a stream until it is told to stop.
 * @param {string} address
 * @param {object} options
 * @param {string} options.token shown as a header; may be empty
 * @param {(data: string, type: string) => void} options.onEvent
 * @param {(state: State) => void} [options.onState]
 * @param {(status: number) => boolean} [options.isFinal] whether a refusal with a status is not tried again
 * @param {boolean} [options.endsWithServer] whether a stream that the server ends is over
 * @returns {{stop: () => void, wake: () => void}} `wake` tries again at once
 */
export function follow(address, { token, onEvent, onState = () => {}, isFinal = isRefusal, endsWithServer = false }) {
  const stopping = new AbortController();
  let lastEventId = "";
  let wake = () => {};

  async function connect(onOpen) {
    const connection = new AbortController();
    const abort = () => connection.abort();
    stopping.signal.addEventListener("abort", abort);
    let watch = setTimeout(abort, silence);
    try {
      const headers = { accept: "text/event-stream" };
      if (token) headers.authorization = `Bearer ${token}`;
      if (lastEventId) headers["last-event-id"] = lastEventId;
      const options = { headers, cache: "no-store", signal: connection.signal };
      const response = await fetch(address, options);
      if (!response.ok) {
        return { status: response.status, reason: (await response.text()).trim().split("\n")[0].slice(0, 300) };
      }
      onOpen();
      const parser = new EventParser((event) => {
        lastEventId = event.id ?? lastEventId;
        onEvent(event.data, event.type);
      });
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return { status: 200, reason: "" };
        clearTimeout(watch);
        watch = setTimeout(abort, silence);
        parser.push(value);
      }
    } catch {
      return { status: 0, reason: "" };
    } finally {
      clearTimeout(watch);
      stopping.signal.removeEventListener("abort", abort);
      connection.abort();
    }
  }

  async function run() {
    let failures = 0;
    onState({ phase: "connecting", status: 0, reason: "" });
    while (!stopping.signal.aborted) {
      const { status, reason } = await connect(() => {
        failures = 0;
        onState({ phase: "open", status: 200, reason: "" });
      });
      if (stopping.signal.aborted || (status === 200 && endsWithServer)) return;
      const refused = status !== 200 && isFinal(status);
      onState({ phase: refused ? "refused" : "away", status, reason });
      // Also a refusal: tokens are made, and sessions begin, while a page is open.
      const wait = refused ? refusedPause : backoff(failures++);
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, wait);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
        stopping.signal.addEventListener("abort", wake, { once: true });
      });
    }
  }

  run();
  return { stop: () => stopping.abort(), wake: () => wake() };
}

/** Milliseconds after which somebody who was refused asks again. */
const refusedPause = 10_000;

const isRefusal = (status) => [400, 401, 403, 404, 421].includes(status);

/** Cuts a text that comes in pieces into events, https://html.spec.whatwg.org/multipage/server-sent-events.html. */
export class EventParser {
  #onEvent;
  #rest = "";
  #event = {};

  /** @param {(event: {type: string, data: string, id?: string}) => void} onEvent */
  constructor(onEvent) {
    this.#onEvent = onEvent;
  }

  /** @param {string} text */
  push(text) {
    const lines = (this.#rest + text).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop();
    for (const line of lines) {
      this.#take(line);
    }
  }

  #take(line) {
    if (line === "") {
      const { type = "message", data, id } = this.#event;
      this.#event = {};
      if (data !== undefined) this.#onEvent({ type, data, id });
      return;
    }
    const [, field, value] = /^([^:]*):? ?(.*)$/s.exec(line);
    switch (field) {
      case "event": this.#event.type = value; break;
      case "id": this.#event.id = value; break;
      case "data": this.#event.data = this.#event.data === undefined ? value : `${this.#event.data}\n${value}`; break;
      default: // a comment, or what nobody knows
    }
  }
}
