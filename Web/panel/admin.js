// What administrators ask of a server, `docs/protocol/admin.openapi.yaml`.

import { address } from "../shared/addresses.js";

/** A request that came to nothing; `status` is 0 where nobody answered. */
export class AdminError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

export class Admin {
  #token;

  /** @param {string} token of an administrator */
  constructor(token) {
    this.#token = token;
  }

  get token() {
    return this.#token;
  }

  eventsAddress = address("v1/admin/events");

  textAddress(session) {
    return address(`v1/admin/sessions/${encodeURIComponent(session)}/events`);
  }

  metrics() {
    return this.#ask("GET", "metrics").then((response) => response.text());
  }

  setMode(mode) {
    return this.#ask("PUT", "mode", { mode });
  }

  drain({ role, address }, drained) {
    return this.#ask("PUT", `workers/${role}/${encodeURIComponent(address)}`, { drained });
  }

  endSession(id) {
    return this.#ask("DELETE", `sessions/${encodeURIComponent(id)}`);
  }

  /** @param {{policy?: string, detector?: boolean, numbers?: Record<string, number>}} change */
  changeCaptions(change) {
    return this.#ask("PUT", "captions", change);
  }

  resetCaptions() {
    return this.#ask("DELETE", "captions");
  }

  /** @param {{isOn?: boolean, name?: string, source?: string, stream?: boolean, show?: string}} change */
  changeOBS(change) {
    return this.#ask("PUT", "obs", change);
  }

  async #ask(method, path, body) {
    const headers = { authorization: `Bearer ${this.#token}` };
    let response;
    try {
      response = await fetch(address(`v1/admin/${path}`), {
        method, headers, cache: "no-store", body: body && JSON.stringify(body), signal: AbortSignal.timeout(10_000),
      });
    } catch (error) {
      throw new AdminError(0, error.message);
    }
    if (!response.ok) {
      const { message = response.statusText } = await response.json().catch(() => ({}));
      throw new AdminError(response.status, message);
    }
    return response;
  }
}
