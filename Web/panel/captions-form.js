// How sessions that begin from now on are captioned: policy, detector, and the numbers that matter.

import { make, write } from "./elements.js";

/** The numbers that stand in front; the rest unfolds. */
const main = ["window", "hop", "threshold", "silence", "sliding.window", "sliding.overlap"];

export class CaptionsForm {
  #form; #texts; #onChange;
  #numbers = new Map();
  #told = null;

  /**
   * @param {HTMLFormElement} form
   * @param {import("../shared/i18n.js").Texts} texts
   * @param {{onChange: (change: object) => void, onReset: () => void}} events
   */
  constructor(form, texts, { onChange, onReset }) {
    this.#form = form;
    this.#texts = texts;
    this.#onChange = onChange;
    form.elements.policy.addEventListener("change", ({ target }) => onChange({ policy: target.value }));
    form.elements.detector.addEventListener("change", ({ target }) => onChange({ detector: target.checked }));
    form.querySelector("#reset").addEventListener("click", onReset);
    form.addEventListener("submit", (event) => event.preventDefault());
  }

  /** @param {object} captions as `GET /v1/admin/captions` tells them */
  render(captions) {
    this.#told = captions;
    const { policy, detector } = this.#form.elements;
    policy.value = captions.policy;
    detector.checked = captions.detector;
    for (const number of captions.numbers) {
      if (!this.#numbers.has(number.name)) this.#add(number);
      const { input, standard, row } = this.#numbers.get(number.name);
      if (document.activeElement !== input) input.value = number.value;
      row.classList.toggle("changed", number.value !== number.standard);
      write(standard, this.#texts.text("standard", { value: number.standard }));
    }
    const isChanged = captions.policy !== captions.standardPolicy || !captions.detector
      || captions.numbers.some(({ value, standard }) => value !== standard);
    this.#form.querySelector("#reset").disabled = !isChanged;
  }

  clear() {
    this.#numbers.clear();
    for (const list of this.#form.querySelectorAll(".numbers")) list.replaceChildren();
    if (this.#told) this.render(this.#told);
  }

  /** What was typed and not taken is put back. */
  restore() {
    if (this.#told) this.render(this.#told);
  }

  #add({ name, help, least, most, isWhole }) {
    const key = `number.${name}`;
    const text = this.#texts.text(key);
    const label = make("span", { textContent: text === key ? help : text });
    const standard = make("span", { className: "soft" });
    const input = make("input", { type: "number", min: least, max: most, step: isWhole ? 1 : "any", required: true, title: help });
    const row = make("label", { className: "number" }, label, standard, input);
    input.addEventListener("change", () => {
      if (input.reportValidity()) this.#onChange({ numbers: { [name]: Number(input.value) } });
    });
    this.#numbers.set(name, { input, standard, row });
    this.#form.querySelector(main.includes(name) ? "#main-numbers" : "#other-numbers").append(row);
  }
}
