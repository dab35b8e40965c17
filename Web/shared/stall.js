// A network that is gone closes nothing: bytes that do not leave, or a server that says nothing, tell of it.

/** Milliseconds for which the same bytes may wait in the socket. */
const stuckAfter = 15_000;
/** Milliseconds for which a server that has all it may have of us may be silent. */
const silentAfter = 60_000;

export class StallWatch {
  #amount = 0;
  #movedAt;
  #heardAt;

  /** @param {number} now milliseconds */
  constructor(now) {
    this.#movedAt = this.#heardAt = now;
  }

  /** A message has come. */
  heard(now) {
    this.#heardAt = now;
  }

  /**
   * Whether the connection is as good as gone.
   * @param {number} now milliseconds
   * @param {number} buffered bytes that wait in the socket
   * @param {boolean} awaitsServer whether nothing may be sent before the server acknowledges something
   */
  isStalled(now, buffered, awaitsServer) {
    if (buffered === 0 || buffered !== this.#amount) {
      this.#amount = buffered;
      this.#movedAt = now;
    }
    return now - this.#movedAt > stuckAfter || (awaitsServer && now - this.#heardAt > silentAfter);
  }
}
