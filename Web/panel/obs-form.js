// Captions in OBS: whose, where, and whether it works.

import { write } from "./elements.js";

/** Fields of the form, each by its name in `PUT /v1/admin/obs`. */
const names = ["isOn", "name", "source", "stream", "show"];
const valueOf = (control) => (control.type === "checkbox" ? control.checked : control.value.trim());

export class OBSForm {
  #form; #texts;
  #told = null;

  /**
   * @param {HTMLFormElement} form
   * @param {import("../shared/i18n.js").Texts} texts
   * @param {{onChange: (change: object) => void}} events
   */
  constructor(form, texts, { onChange }) {
    this.#form = form;
    this.#texts = texts;
    for (const name of names) {
      form.elements[name].addEventListener("change", ({ target }) => onChange({ [name]: valueOf(target) }));
    }
    form.addEventListener("submit", (event) => event.preventDefault());
  }

  /** @param {object} obs as `GET /v1/admin/obs` tells it */
  render(obs) {
    this.#told = obs;
    for (const name of names) {
      const control = this.#form.elements[name];
      if (control.type === "checkbox") control.checked = obs[name];
      else if (document.activeElement !== control) control.value = obs[name];
    }
    this.#form.dataset.phase = obs.phase;
    write(this.#form.querySelector(".state"), this.#texts.text(`obs.${obs.phase}`, obs));
    const message = this.#form.querySelector(".message");
    write(message, obs.message ?? "");
    message.hidden = !obs.message;
  }

  /** Writes it anew: in another language, or as it was before what was refused. */
  restore() {
    if (this.#told) this.render(this.#told);
  }
}
