// Samples at which what was said is to be final without a silence. They count by place: what a broken connection has
// swallowed is sent again at the same sample.

export class Flushes {
  /** Absolute samples that the server has not confirmed, and how many of them were sent on this connection. */
  #places = [];
  #sent = 0;
  #last = 0;

  /** @param {number} place after the last sample so far; nothing is to be done where nothing was said since the last one */
  add(place) {
    if (place > this.#last) {
      this.#places.push(place);
      this.#last = place;
    }
  }

  /** The next one to send; `Infinity` when there is none. */
  get next() {
    return this.#places[this.#sent] ?? Infinity;
  }

  sent() {
    this.#sent += 1;
  }

  /** A connection begins at a sample: behind which the server has got sound, it has got too. */
  resume(at) {
    this.#places = this.#places.filter((place) => place >= at);
    this.#sent = 0;
  }

  /** The server has done what was asked before a sample. */
  confirm(until) {
    const open = this.#places.filter((place) => place > until);
    this.#sent = Math.max(0, this.#sent - (this.#places.length - open.length));
    this.#places = open;
  }
}
