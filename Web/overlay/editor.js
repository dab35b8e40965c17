// The editor of the overlay's look: a form, a preview of it, and the address to copy.

import { address } from "../shared/addresses.js";
import { negotiate, Texts } from "../shared/i18n.js";
import { recall, remember } from "../shared/preferences.js";
import { fields, read, standard, write } from "./look.js";
import { dictionaries } from "./strings.js";

const element = (id) => document.getElementById(id);
const texts = new Texts(dictionaries, recall("interface", negotiate(navigator.languages, ["en", "ko"])));
const form = element("look");
const preview = element("preview");
const nameOfSession = /^[\w-]{1,40}$/;

const query = new URLSearchParams(location.search);
const secret = new URLSearchParams(location.hash.slice(1));

/** What is in the form, as a look. */
function look() {
  const parameters = new URLSearchParams();
  for (const name of Object.keys(fields)) {
    const control = form.elements[name];
    parameters.set(name, control.type === "checkbox" ? Number(control.checked) : control.value);
  }
  return read(parameters);
}

function fillIn(look) {
  for (const name of Object.keys(fields)) {
    const control = form.elements[name];
    control.type === "checkbox" ? (control.checked = look[name]) : (control.value = look[name]);
  }
}

/** Writes what follows from the form: the preview, the figures beside the sliders, and the address. */
function update() {
  const now = look();
  preview.contentWindow?.postMessage({ look: write(now).toString() }, location.origin);
  for (const control of form.querySelectorAll('input[type="range"]')) {
    const [unit, value] = [control.dataset.unit, control.value];
    const isNever = control.name === "fade" && value === "0";
    control.parentElement.querySelector("output").value = isNever ? texts.text("never") : unit ? texts.text(unit, { value }) : value;
  }
  const [name, token] = ["sessionName", "token"].map((field) => form.elements[field].value.trim());
  const isName = nameOfSession.test(name);
  const parameters = new URLSearchParams([["name", name], ...write(now)]);
  // Behind the mark that browsers send to nobody, so that no log of a proxy has it.
  const hash = token ? `#${new URLSearchParams({ token })}` : "";
  element("address").value = isName ? `${address("overlay/")}?${parameters}${hash}` : "";
  element("copy").disabled = !isName;
  element("address-hint").textContent = isName ? (token ? texts.text("addressHint.token") : "") : texts.text("addressHint");
  const isBad = name !== "" && !isName;
  element("name-hint").textContent = texts.text(isBad ? "sessionName.bad" : "sessionName.hint");
  element("name-hint").classList.toggle("bad", isBad);
  form.elements.sessionName.ariaInvalid = String(isBad);
  remember("name", name);
  remember("overlay", write(now).toString());
}

function speak() {
  texts.apply(document);
  document.title = texts.text("title");
  preview.title = texts.text("preview");
  for (const choice of document.querySelectorAll("select[data-choices]")) {
    const key = choice.name || choice.id;
    const [value, values] = [choice.value, choice.dataset.choices.split(" ")];
    choice.replaceChildren(...values.map((value) => new Option(texts.text(`${key}.${value}`), value)));
    choice.value = value || values[0];
  }
  const languages = Object.entries(dictionaries).map(([code, { name }]) => new Option(name, code));
  element("interface").replaceChildren(...languages);
  element("interface").value = texts.language;
}

async function copy() {
  try {
    await navigator.clipboard.writeText(element("address").value);
    element("address-hint").textContent = texts.text("copied");
  } catch {
    element("address").select();
    element("address-hint").textContent = texts.text("copyRefused");
  }
}

speak();
fillIn(read(query.size > 0 ? query : new URLSearchParams(recall("overlay", ""))));
form.elements.sessionName.value = query.get("name") ?? recall("name", "");
form.elements.token.value = secret.get("token") ?? query.get("token") ?? "";
preview.addEventListener("load", update);
preview.src = "./?demo";
form.addEventListener("input", update);
form.addEventListener("submit", (event) => event.preventDefault());
element("backdrop").addEventListener("change", ({ target }) => (element("screen").dataset.backdrop = target.value));
element("interface").addEventListener("change", ({ target }) => {
  remember("interface", target.value);
  texts.language = target.value;
  speak();
  update();
});
element("reset").addEventListener("click", () => {
  fillIn(standard);
  update();
});
element("address").addEventListener("focus", ({ target }) => target.select());
element("copy").addEventListener("click", copy);
update();
