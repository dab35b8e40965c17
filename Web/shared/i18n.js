// Interface texts in several languages.

/**
 * The first of a person's languages that there are texts for, else the first there is.
 * @param {readonly string[]} preferred tags such as `ko-KR`
 * @param {string[]} available codes such as `ko`
 */
export function negotiate(preferred, available) {
  const codes = preferred.map((tag) => tag.toLowerCase().split("-")[0]);
  return codes.find((code) => available.includes(code)) ?? available[0];
}

export class Texts {
  #dictionaries;

  /**
   * @param {Record<string, Record<string, string>>} dictionaries texts by language and key
   * @param {string} language
   */
  constructor(dictionaries, language) {
    this.#dictionaries = dictionaries;
    this.language = language;
  }

  /**
   * A text, with `{name}` replaced by values.
   * @param {string} key
   * @param {Record<string, string | number>} [values]
   */
  text(key, values = {}) {
    const template = this.#dictionaries[this.language][key] ?? key;
    return template.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  }

  /**
   * Fills in elements by their `data-text`, `data-hint` (while they are empty) and `data-label` (for those who listen).
   * @param {Document} document
   */
  apply(document) {
    document.documentElement.lang = this.language;
    for (const element of document.querySelectorAll("[data-text]")) {
      element.textContent = this.text(element.dataset.text);
    }
    for (const element of document.querySelectorAll("[data-hint]")) {
      element.placeholder = this.text(element.dataset.hint);
    }
    for (const element of document.querySelectorAll("[data-label]")) {
      element.setAttribute("aria-label", this.text(element.dataset.label));
    }
  }
}
