// How loud the microphone is.

/** Decibels below full scale at which the meter begins. */
const floor = -60;

/**
 * A peak of 0...1 as a share of the meter, 0...1: ears hear in decibels.
 * @param {number} peak
 */
export function share(peak) {
  return Math.max(0, Math.min(1, 1 - (20 * Math.log10(Math.max(peak, 1e-6))) / floor));
}

export class Meter {
  #element; #bar;
  #level = 0;

  /** @param {HTMLElement} element with the moving bar in it */
  constructor(element) {
    this.#element = element;
    this.#bar = element.firstElementChild;
  }

  /** @param {number} peak of the last moment */
  show(peak) {
    // Up at once, down slowly, as meters do.
    this.#level = peak === 0 ? 0 : Math.max(share(peak), this.#level - 0.04);
    this.#bar.style.transform = `scaleX(${this.#level.toFixed(3)})`;
    this.#element.ariaValueNow = String(Math.round(this.#level * 100));
  }
}
