// How captions look: from the address of the overlay and back. Whatever stands there, what comes out can be shown.

/**
 * @typedef {object} Look
 * @property {string} font family, empty for the system's
 * @property {number} size pixels, of a page that is 1080 high
 * @property {number} weight of the letters, 100 to 900
 * @property {string} color of certain text, as `#rrggbb`
 * @property {string} tentativeColor of text that may still change
 * @property {string} outline colour around letters
 * @property {number} outlineWidth pixels
 * @property {string} box colour behind lines
 * @property {number} boxOpacity 0 to 100
 * @property {number} lines
 * @property {"left" | "center" | "right"} align
 * @property {"bottom" | "top"} place
 * @property {"original" | "translation" | "both"} show which text; what has no translation because it is in English is shown as it is
 * @property {number} fade seconds without a new word after which the text goes; 0: it stays
 * @property {boolean} tentative whether text is shown that may still change
 * @property {boolean} words whether new words appear one by one
 */

const number = (standard, least, most) => ({
  standard,
  read: (text) => {
    const value = Number(text);
    return text.trim() !== "" && Number.isFinite(value) ? Math.min(most, Math.max(least, value)) : standard;
  },
});
const choice = (...values) => ({ standard: values[0], read: (text) => (values.includes(text) ? text : values[0]) });
const flag = (standard) => ({
  standard,
  read: (text) => (["1", "true", "on"].includes(text) ? true : ["0", "false", "off"].includes(text) ? false : standard),
});
const colour = (standard) => ({
  standard,
  read: (text) => {
    const [, short, long] = /^#?(?:([0-9a-f]{3})|([0-9a-f]{6}))$/i.exec(text.trim()) ?? [];
    return short ? `#${[...short].map((digit) => digit + digit).join("")}`.toLowerCase() : long ? `#${long}`.toLowerCase() : standard;
  },
});
/** Names of families, which cannot be anything else in a style. */
const family = { standard: "", read: (text) => text.replace(/[^\p{L}\p{N} ,_-]/gu, "").trim().slice(0, 100) };

/** Each by its name in the address. */
export const fields = {
  font: family,
  size: number(54, 12, 240),
  weight: number(800, 100, 900),
  color: colour("#ffffff"),
  tentativeColor: colour("#d5ded9"),
  outline: colour("#101413"),
  outlineWidth: number(6, 0, 24),
  box: colour("#101413"),
  boxOpacity: number(0, 0, 100),
  lines: number(2, 1, 12),
  align: choice("left", "center", "right"),
  place: choice("bottom", "top"),
  show: choice("original", "translation", "both"),
  fade: number(8, 0, 3600),
  tentative: flag(true),
  words: flag(true),
};

/** @type {Look} */
export const standard = Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.standard]));

/**
 * @param {URLSearchParams} parameters
 * @returns {Look}
 */
export function read(parameters) {
  const look = { ...standard };
  for (const [name, field] of Object.entries(fields)) {
    if (parameters.has(name)) look[name] = field.read(parameters.get(name));
  }
  return look;
}

/**
 * What differs from the standard, for an address.
 * @param {Look} look
 * @returns {URLSearchParams}
 */
export function write(look) {
  const parameters = new URLSearchParams();
  for (const name of Object.keys(fields)) {
    const value = look[name];
    if (value !== standard[name]) {
      parameters.set(name, typeof value === "boolean" ? Number(value) : String(value).replace(/^#/, ""));
    }
  }
  return parameters;
}

/**
 * Puts a look on an element, as custom properties and data.
 * @param {HTMLElement} element
 * @param {Look} look
 */
export function apply(element, look) {
  const set = (name, value) => element.style.setProperty(`--${name}`, value);
  set("font", [...look.font.split(",").map((name) => name.trim()).filter(Boolean).map((name) => `"${name}"`), "var(--korean)"].join(", "));
  set("size", look.size / 10.8); // hundredths of the page's height
  set("weight", Math.round(look.weight));
  set("color", look.color);
  set("tentative-color", look.tentativeColor);
  set("box", look.box + Math.round(look.boxOpacity * 2.55).toString(16).padStart(2, "0"));
  set("lines", Math.round(look.lines));
  set("outline", outline(look));
  for (const name of ["align", "place"]) element.dataset[name] = look[name];
  for (const name of ["tentative", "words"]) element.dataset[name] = look[name] ? "on" : "off";
}

/** Shadows in a ring: browsers inside of streaming software are years old, and know no better outline. */
function outline({ outline, outlineWidth, size }) {
  const width = Math.min(outlineWidth, size / 5);
  if (width === 0) return "none";
  const rings = width > 6 ? [width, width / 2] : [width];
  return rings.flatMap((radius) => {
    const count = 16;
    return Array.from({ length: count }, (_, index) => {
      const angle = (index / count) * 2 * Math.PI;
      const [x, y] = [Math.cos(angle), Math.sin(angle)].map((part) => `${((part * radius) / size).toFixed(3)}em`);
      return `${x} ${y} 0 ${outline}`;
    });
  }).join(", ");
}
