// The choices a person has: language, policy, microphone, and the language of the page. All are remembered.

import { choose, microphones, systemDefault } from "./shared/device-choice.js";
import { negotiate } from "./shared/i18n.js";
import { codes, languages } from "./shared/languages.js";
import { recall, remember } from "./shared/preferences.js";
import { dictionaries } from "./strings.js";

const policies = ["alignatt", "local-agreement", "sliding-window"];

export class SettingsView {
  #selects; #onDevice; #texts;
  #present = [];
  #wanted = recall("microphone", systemDefault);
  #policyInForce = "";

  /**
   * @param {Record<"language" | "policy" | "microphone" | "interface", HTMLSelectElement> 
   *     & {name: HTMLInputElement, hotwords: HTMLTextAreaElement, translate: HTMLInputElement}} selects
   * @param {object} events
   * @param {() => void} events.onChange language or policy was chosen
   * @param {() => void} events.onDevice a microphone was chosen, has come or has gone
   * @param {(language: string) => void} events.onInterface
   */
  constructor(selects, { onChange, onDevice, onInterface }) {
    this.#selects = selects;
    this.#onDevice = onDevice;
    const listen = (name, action) => selects[name].addEventListener("change", () => action(selects[name].value));
    for (const name of ["language", "policy"]) {
      listen(name, (value) => {
        remember(name, value);
        onChange();
      });
    }
    listen("interface", (value) => {
      remember("interface", value);
      onInterface(value);
    });
    listen("microphone", (value) => {
      this.#wanted = this.#present.find(({ id }) => id === value) ?? systemDefault;
      remember("microphone", this.#wanted);
      onDevice();
    });
    selects.name.value = recall("name", "");
    selects.hotwords.value = recall("hotwords", "");
    listen("hotwords", (value) => {
      remember("hotwords", value);
      onChange();
    });
    selects.translate.checked = recall("translate", false);
    listen("translate", () => {
      remember("translate", selects.translate.checked);
      onChange();
    });
    listen("name", (value) => selects.name.validity.valid && remember("name", value.trim()));
    navigator.mediaDevices?.addEventListener("devicechange", () => this.findDevices());
  }

  /** @returns {import("./shared/messages.js").Settings} */
  get settings() {
    const hotwords = this.#selects.hotwords.value.split(/[,\n、，]/).map((word) => word.trim()).filter(Boolean).slice(0, 200);
    const { language, policy, translate } = this.#selects;
    return { language: language.value, policy: policy.value, name: recall("name", ""), hotwords, translate: translate.checked };
  }

  /** The microphone to use now: the chosen one, or the default while that is away. */
  get device() {
    return this.#present.length === 0 ? this.#wanted : choose(this.#present, this.#wanted);
  }

  /** The name of the chosen microphone while it is away, else empty. */
  get missing() {
    return this.device.id === this.#wanted.id || this.device.label ? "" : this.#wanted.label;
  }

  /** Looks again which microphones there are. */
  async findDevices() {
    this.#present = microphones(await navigator.mediaDevices?.enumerateDevices() ?? []);
    this.#renderDevices();
    this.#onDevice();
  }

  /** @param {string} policy that the server has taken */
  showPolicy(policy) {
    if (policy !== this.#policyInForce) {
      this.#policyInForce = policy;
      this.#renderPolicies();
    }
  }

  /**
   * Writes the choices in the interface's language.
   * @param {import("./shared/i18n.js").Texts} texts
   */
  render(texts) {
    this.#texts = texts;
    const spoken = recall("language", negotiate(navigator.languages, [...codes]));
    const listed = languages(texts.language).map(({ code, name }) => [code, name]);
    fill(this.#selects.language, [["", texts.text("auto")], ...listed], spoken);
    fill(this.#selects.interface, Object.entries(dictionaries).map(([code, { name }]) => [code, name]), texts.language);
    this.#renderPolicies();
    this.#renderDevices();
  }

  #renderPolicies() {
    const named = (policy) => `${this.#texts.text(`policy.${policy}`)} (${policy})`;
    const standard = this.#texts.text("policyDefault");
    const inForce = this.#selects.policy.value === "" && this.#policyInForce ? ` (${this.#policyInForce})` : "";
    const entries = [["", standard + inForce], ...policies.map((policy) => [policy, named(policy)])];
    fill(this.#selects.policy, entries, recall("policy", ""));
  }

  #renderDevices() {
    const entries = this.#present.map(({ id, label }) => [id, label]);
    fill(this.#selects.microphone, [["", this.#texts.text("systemDefault")], ...entries], this.device.id);
  }
}

/** Options of a select, from pairs of value and text. */
function fill(select, entries, value) {
  select.replaceChildren(...entries.map(([value, text]) => new Option(text, value)));
  select.value = value;
  if (select.selectedIndex < 0) {
    select.selectedIndex = 0;
  }
}
