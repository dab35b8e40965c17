// The sound check in the settings: a button, a countdown, and then the sound and its text.

import { Meter } from "./meter.js";
import { MicrophoneError } from "./shared/microphone.js";
import { soundCheck } from "./sound-check.js";

export class SoundCheckView {
  #parts; #options;
  #texts = null;
  #isRunning = false;

  /**
   * @param {{button: HTMLButtonElement, level: HTMLElement, state: HTMLElement, sound: HTMLAudioElement, text: HTMLElement}} parts
   * @param {() => object} options of `soundCheck`; `null` while captions run, which have the microphone
   */
  constructor(parts, options) {
    this.#parts = parts;
    this.#options = options;
    parts.button.addEventListener("click", () => this.#run());
  }

  /** @param {import("./shared/i18n.js").Texts} texts */
  render(texts) {
    this.#texts = texts;
  }

  async #run() {
    const { button, level, state, sound, text } = this.#parts;
    const say = (key, values) => (state.textContent = this.#texts.text(key, values));
    const options = this.#options();
    if (!options || this.#isRunning) {
      say("check.busy");
      return;
    }
    this.#isRunning = button.disabled = true;
    sound.hidden = text.hidden = true;
    level.hidden = false;
    const meter = new Meter(level);
    try {
      const onSound = (peak, seconds) => {
        meter.show(peak);
        say(seconds > 0 ? "check.speak" : "check.wait", { seconds });
      };
      say("check.allow");
      const heard = await soundCheck({ ...options, onSound });
      URL.revokeObjectURL(sound.src);
      sound.src = heard.url;
      sound.hidden = false;
      text.textContent = heard.text;
      text.hidden = heard.text === "";
      say(heard.error ? "check.failed" : heard.isQuiet ? "check.quiet" : heard.text ? "check.done" : "check.nothing",
        { reason: heard.error });
    } catch (error) {
      say(error instanceof MicrophoneError ? `problem.${error.code}` : "problem.unknown");
    } finally {
      level.hidden = true;
      this.#isRunning = button.disabled = false;
    }
  }
}
