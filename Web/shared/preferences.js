// What a person has chosen, kept in the browser.

const prefix = "sori.";

/**
 * @template T
 * @param {string} name
 * @param {T} standard what holds without a choice, or where the browser keeps nothing
 * @returns {T}
 */
export function recall(name, standard) {
  try {
    return JSON.parse(localStorage.getItem(prefix + name)) ?? standard;
  } catch {
    return standard;
  }
}

/**
 * @param {string} name
 * @param {unknown} value
 */
export function remember(name, value) {
  try {
    localStorage.setItem(prefix + name, JSON.stringify(value));
  } catch {
    // Private windows may keep nothing: the choice then holds until the page is closed.
  }
}
