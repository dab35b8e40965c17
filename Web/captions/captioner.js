// From the microphone to the transcript: one microphone, one log of sound, one session after another.

import { Hints } from "./hints.js";
import { authorized, socketAddress } from "./shared/addresses.js";
import { AudioLog } from "./shared/audio-log.js";
import { sampleRate } from "./shared/messages.js";
import { Microphone, MicrophoneError } from "./shared/microphone.js";
import { Session } from "./shared/session.js";
import { empty, reduce } from "./shared/transcript.js";

/** Minutes of sound that are kept for a server that is away, 58 MB; then the oldest goes, and the transcript tells. */
export const keptMinutes = 30;
/** A peak below it, for so many seconds, is a microphone that is muted. */
const quietPeak = 0.0005;
const quietAfter = 5;

/** Time as browsers have it, for sessions. */
export const clock = {
  now: () => performance.now(),
  after(milliseconds, action) {
    const timer = setTimeout(action, milliseconds);
    return () => clearTimeout(timer);
  },
};

/**
 * @typedef {"idle" | "asking" | import("./shared/session-state.js").Phase} Phase
 * @typedef {import("./shared/device-choice.js").Device} Device
 * @typedef {import("./shared/messages.js").Settings} Settings
 */

export class Captioner {
  #log = new AudioLog(keptMinutes * 60 * sampleRate);
  #onChange; #onLevel; #onLost; #token;
  #session = null;
  #microphone = null;
  #isAsking = false;
  #isTaking = false;
  #quietSeconds = 0;

  /** What is shown. */
  transcript = empty;
  /** Why there is no sound: a code of `MicrophoneError`. */
  problem = null;
  /** The device that was asked for last. */
  device = null;

  /**
   * @param {object} parts
   * @param {() => void} parts.onChange something shown has changed
   * @param {(peak: number) => void} parts.onLevel
   * @param {() => void} parts.onLost the device is gone
   * @param {string} parts.token proves to the server who speaks; may be empty
   */
  constructor({ onChange, onLevel, onLost, token }) {
    this.#onChange = onChange;
    this.#onLevel = onLevel;
    this.#onLost = onLost;
    this.#token = token;
    this.hints = new Hints(onChange);
  }

  /** @returns {Phase} */
  get phase() {
    return this.#isAsking ? "asking" : this.session?.phase ?? "idle";
  }

  get isRunning() {
    return !["idle", "finished", "failed"].includes(this.phase);
  }

  get session() {
    return this.#session?.state ?? null;
  }

  /** Seconds of sound that wait to be sent. */
  get backlog() {
    return this.#session?.backlog ?? 0;
  }

  /** Whether sound is given up because the log is full. */
  get isDropping() {
    return this.#log.start > this.#log.acked;
  }

  /** Whether there is sound that has no captions yet. */
  get hasUnheard() {
    return this.#log.end > this.#log.acked;
  }

  /**
   * @param {Settings} settings
   * @param {Device} device
   * @param {boolean} isShared whether the sound of a tab is mixed in
   */
  async start(settings, device, isShared = false) {
    this.#isAsking = true;
    this.problem = null;
    this.hints.clear();
    const microphone = new Microphone({
      onBlock: (samples, peak) => this.#take(samples, peak),
      onLost: () => {
        this.hints.set("lostDevice", true);
        this.#onLost();
      },
      onPause: (isPaused) => {
        this.hints.set("paused", isPaused);
        // What was said before is not left hanging until the sound comes back.
        if (isPaused && this.#isTaking) {
          this.#session.flush();
        }
      },
    });
    this.#microphone = microphone;
    try {
      await microphone.open();
      await this.#use(device);
      if (isShared) {
        await microphone.share(() => this.hints.mention("sharedEnded")).catch(() => this.hints.mention("sharedRefused"));
      }
    } catch (error) {
      this.#release();
      this.problem = error instanceof MicrophoneError ? error.code : "unknown";
      return;
    } finally {
      this.#isAsking = false;
      this.#onChange();
    }
    this.#isTaking = true;
    const open = () => new WebSocket(...authorized(socketAddress("v1/listen"), this.#token));
    const emit = (event) => this.#receive(event);
    this.#session = new Session({ open, log: this.#log, settings, clock, emit });
    this.#session.start();
  }

  /** Asks for the last words; when called again, goes without them. */
  async stop() {
    if (this.session.finishing) {
      this.#session.abandon();
    } else if (this.#isTaking) {
      await this.#microphone.flush();
      this.#isTaking = false;
      if (this.isRunning) {
        this.#session.finish();
      }
    }
  }

  /** @param {Settings} settings */
  configure(settings) {
    this.#session?.configure(settings);
  }

  /**
   * Listens to another device, if it listens at all.
   * @param {Device} device
   */
  async useDevice(device) {
    if (!this.#isTaking) {
      return;
    }
    try {
      await this.#use(device);
    } catch (error) {
      this.hints.set(error.code === "absent" ? "lostDevice" : "busyDevice", true, { wanted: device.label });
    }
  }

  /** The network is back, the page is seen again, or somebody has pressed something. */
  wake() {
    this.#session?.retryNow();
    this.#microphone?.resume();
  }

  /** @param {string} key @param {string} text that a person has written in its place */
  edit(key, text) {
    this.transcript = reduce(this.transcript, { type: "edit", key, text });
    this.#onChange();
  }

  /** Shows lines of before. @param {import("./shared/transcript.js").Transcript["lines"]} lines */
  show(lines) {
    this.transcript = { ...empty, lines, session: this.transcript.session };
    this.#onChange();
  }

  /** Forgets all captions but those of what is said now. */
  clear() {
    this.transcript = { ...this.transcript, lines: [] };
    this.#onChange();
  }

  async #use(device) {
    this.device = device;
    await this.#microphone.use(device.id);
    this.hints.set("lostDevice", false);
    this.hints.set("busyDevice", false);
  }

  #take(samples, peak) {
    if (!this.#isTaking) {
      return;
    }
    this.#log.append(samples);
    this.#session.pump();
    this.#quietSeconds = peak < quietPeak ? this.#quietSeconds + samples.length / sampleRate : 0;
    const isQuiet = this.#quietSeconds > quietAfter;
    if (isQuiet !== this.hints.has("quiet")) {
      this.hints.set("quiet", isQuiet);
    }
    this.#onLevel(peak);
  }

  #receive(event) {
    this.transcript = reduce(this.transcript, event);
    this.hints.receive(event);
    // The device goes when the last words are there; and at once if they are going to take long.
    const takesLong = this.session.finishing && this.phase !== "finishing";
    if (event.type === "state" && (takesLong || !this.isRunning)) {
      this.#release();
    }
    this.#onChange();
  }

  #release() {
    this.#isTaking = false;
    this.#quietSeconds = 0;
    this.#microphone?.close();
    this.#microphone = null;
    this.hints.clear();
    this.#onLevel(0);
  }
}
