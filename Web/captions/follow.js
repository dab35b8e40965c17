// The newest caption stays in sight, unless the reader has scrolled up.

/** Pixels from the end that count as the end for who scrolls down. */
const near = 48;

export class Follower {
  #scroller; #button;
  #isFollowing = true;
  #last = { top: 0, height: 0 };

  /**
   * @param {HTMLElement} scroller
   * @param {HTMLElement} content
   * @param {HTMLButtonElement} button goes back to the newest
   */
  constructor(scroller, content, button) {
    this.#scroller = scroller;
    this.#button = button;
    scroller.addEventListener("scroll", () => this.#scrolled());
    // Told by the hand, not only by the position: a smooth movement down may be under way at the time.
    scroller.addEventListener("wheel", ({ deltaY }) => deltaY < 0 && this.#leave(), { passive: true });
    scroller.addEventListener("keydown", ({ key }) => {
      if (["ArrowUp", "PageUp", "Home"].includes(key)) {
        this.#leave();
      } else if (key === "End") {
        this.#set(true);
      }
    });
    button.addEventListener("click", () => {
      this.#set(true);
      scroller.focus({ preventScroll: true });
    });
    const observer = new ResizeObserver(() => this.#set(this.#isFollowing));
    observer.observe(scroller);
    observer.observe(content);
  }

  #set(isFollowing) {
    this.#isFollowing = isFollowing;
    this.#button.hidden = isFollowing;
    if (isFollowing) {
      const { scrollTop, scrollHeight: top, clientHeight } = this.#scroller;
      const isFar = top - clientHeight - scrollTop > clientHeight;
      this.#scroller.scrollTo({ top, behavior: isFar ? "instant" : "auto" });
    }
  }

  #leave() {
    const { scrollTop: top, scrollHeight: height } = this.#scroller;
    if (this.#isFollowing && top > 0) {
      this.#set(false);
      this.#scroller.scrollTo({ top, behavior: "instant" });
      this.#last = { top, height }; // what was still moving down is no wish to be at the end
    }
  }

  #scrolled() {
    const { scrollTop: top, scrollHeight: height, clientHeight } = this.#scroller;
    const below = height - clientHeight - top;
    // Following only moves down; what moves up is a person, a text that has become shorter, or a window that has become higher.
    if (top < this.#last.top && height >= this.#last.height && below > 1) {
      this.#set(false);
    } else if (top > this.#last.top && below < near) {
      this.#isFollowing = true;
      this.#button.hidden = true;
    }
    this.#last = { top, height };
  }
}
