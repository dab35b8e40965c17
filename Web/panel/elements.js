// Elements, made and kept up to date.

/**
 * @param {string} name
 * @param {Record<string, unknown>} [properties]
 * @param {...(Node | string)} children
 */
export function make(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key.includes("-")) element.setAttribute(key, value);
    else element[key] = value;
  }
  element.append(...children);
  return element;
}

/** Writes only what differs, so that a selection survives and nothing is read aloud again. */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Rows of a table or list that keep their elements, and so their focus, while their content changes. */
export class Rows {
  #container; #create;
  #rows = new Map();

  /**
   * @param {HTMLElement} container
   * @param {(item: object) => {element: HTMLElement, update: (item: object) => void}} create
   */
  constructor(container, create) {
    this.#container = container;
    this.#create = create;
  }

  /**
   * @param {object[]} items
   * @param {(item: object) => string} key
   */
  render(items, key) {
    const keys = new Set(items.map(key));
    for (const [known, { element }] of this.#rows) {
      if (!keys.has(known)) {
        element.remove();
        this.#rows.delete(known);
      }
    }
    items.forEach((item, index) => {
      if (!this.#rows.has(key(item))) this.#rows.set(key(item), this.#create(item));
      const row = this.#rows.get(key(item));
      row.update(item);
      if (this.#container.children[index] !== row.element) {
        this.#container.insertBefore(row.element, this.#container.children[index] ?? null);
      }
    });
  }

  /** All anew, after the language of the page has changed. */
  clear() {
    this.#rows.clear();
    this.#container.replaceChildren();
  }
}
