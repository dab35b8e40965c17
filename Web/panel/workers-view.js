// The workers, and which of them windows go to.

import { make, Rows, write } from "./elements.js";

export class WorkersView {
  #texts; #mode; #rows; #table;

  /**
   * @param {{mode: HTMLFieldSetElement, table: HTMLTableElement}} parts
   * @param {import("../shared/i18n.js").Texts} texts
   * @param {{onMode: (mode: string) => void, onDrain: (worker: object, drained: boolean) => void}} events
   */
  constructor({ mode, table }, texts, { onMode, onDrain }) {
    this.#texts = texts;
    this.#mode = mode;
    this.#table = table;
    mode.addEventListener("change", ({ target }) => onMode(target.value));
    this.#rows = new Rows(table.tBodies[0], () => this.#row(onDrain));
  }

  /**
   * @param {{mode?: string, workers: object[]}} state
   * @param {Map<string, number>} shares by role and address
   */
  render({ mode, workers }, shares) {
    this.#mode.hidden = !mode;
    for (const choice of this.#mode.querySelectorAll("input")) choice.checked = choice.value === mode;
    this.#table.dataset.own = mode ? "no" : "yes";
    const all = workers.map((worker) => ({ ...worker, share: shares.get(`${worker.role} ${worker.address}`), isOurs: !mode }));
    this.#rows.render(all, ({ role, address }) => `${role} ${address}`);
  }

  clear() {
    this.#rows.clear();
  }

  #row(onDrain) {
    const texts = this.#texts;
    const [address, about, state, reason] = ["b", "span", "span", "span"].map((name) => make(name));
    const [device, queue, time, share] = Array.from({ length: 4 }, () => make("td"));
    const button = make("button", { type: "button", className: "quiet" });
    const action = make("td", {}, button);
    state.className = "state";
    about.className = reason.className = "soft";
    const element = make(
      "tr", {}, make("th", { scope: "row" }, address, about), make("td", {}, state, reason), device, queue, time, share, action);
    let worker = null;
    button.addEventListener("click", () => onDrain(worker, worker.state !== "drained"));
    return {
      element,
      update: (now) => {
        worker = now;
        element.dataset.state = worker.state;
        write(address, worker.isOurs ? texts.text("worker.own") : worker.address);
        write(about, [texts.text(`role.${worker.role}`), worker.model].filter(Boolean).join(" · "));
        write(state, texts.text(`state.${worker.state}`));
        write(reason, worker.reason ?? "");
        write(device, worker.device ?? "–");
        write(queue, texts.text("worker.load", { running: worker.inFlight, queued: worker.queue }));
        write(time, worker.answered > 0 ? texts.text("milliseconds", { value: Math.round(worker.averageWork * 1000) }) : "–");
        write(share, worker.share === undefined ? "–" : texts.text("percent", { value: Math.round(worker.share * 100) }));
        button.hidden = worker.isOurs;
        const drains = worker.state !== "drained";
        write(button, texts.text(drains ? "drain" : "undrain"));
        button.ariaLabel = `${button.textContent}: ${worker.address}`;
      },
    };
  }
}
