// Sound that the server has not acknowledged, by absolute sample: position 0 is the first sample since the page was
// opened, whatever sessions there were since.

/**
 * Holds 16-bit samples from `start` to `end`. Beyond `capacity` the oldest give way; they then read as silence, so that
 * all positions stay right, and `start` is past `acked`, by which a caller sees that something is missing.
 */
export class AudioLog {
  #block;
  #blocks = new Map();

  /** Everything before it is dealt with. */
  acked = 0;
  /** The first sample that is held. */
  start = 0;
  /** One past the last sample. */
  end = 0;

  /**
   * @param {number} capacity samples
   * @param {number} [block] samples that are stored together
   */
  constructor(capacity, block = 16_000) {
    this.capacity = capacity;
    this.#block = block;
  }

  /** @param {Int16Array} samples */
  append(samples) {
    let taken = 0;
    while (taken < samples.length) {
      const index = Math.floor(this.end / this.#block);
      const offset = this.end % this.#block;
      const piece = samples.subarray(taken, taken + this.#block - offset);
      if (!this.#blocks.has(index)) {
        this.#blocks.set(index, new Int16Array(this.#block));
      }
      this.#blocks.get(index).set(piece, offset);
      taken += piece.length;
      this.end += piece.length;
    }
    this.#dropBefore(this.end - this.capacity);
  }

  /**
   * A copy of up to `count` samples from a position on; fewer where a block or the log ends.
   * @param {number} from absolute position
   * @param {number} count
   */
  read(from, count) {
    if (from < this.start) {
      return new Int16Array(Math.min(count, this.start - from));
    }
    if (from >= this.end) {
      return new Int16Array(0);
    }
    const offset = from % this.#block;
    const length = Math.min(count, this.end - from, this.#block - offset);
    return this.#blocks.get(Math.floor(from / this.#block)).slice(offset, offset + length);
  }

  /**
   * Forgets what the server has dealt with.
   * @param {number} before absolute position
   */
  release(before) {
    this.acked = Math.max(this.acked, Math.min(before, this.end));
    this.#dropBefore(this.acked);
  }

  #dropBefore(position) {
    const first = Math.max(this.start, position);
    for (let index = Math.floor(this.start / this.#block); (index + 1) * this.#block <= first; index += 1) {
      this.#blocks.delete(index);
    }
    this.start = first;
  }
}
