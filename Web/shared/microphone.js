// The microphone: 16-bit samples at 16 kHz, in short blocks, from the device that is chosen.

import { address } from "./addresses.js";

/** Milliseconds to wait for the audio thread's last block; a suspended one never answers. */
const flushWithin = 500;

/** Why there is no sound; `code` is `insecure`, `unsupported`, `unloaded`, `refused`, `absent`, `busy` or `unknown`. */
export class MicrophoneError extends Error {
  constructor(code, cause) {
    super(code, { cause });
    this.code = code;
  }
}

/** One for the page, with what runs on its audio thread: that is fetched while the server is there, not when somebody speaks. */
let prepared = null;

/**
 * Gets ready to open a microphone; to be called early.
 * @returns {Promise<AudioContext>}
 * @throws {MicrophoneError} rejected where that cannot be
 */
export function prepare() {
  prepared ??= makeContext().catch((error) => {
    prepared = null;
    throw error;
  });
  return prepared;
}

async function makeContext() {
  if (!globalThis.isSecureContext || !navigator.mediaDevices) {
    throw new MicrophoneError("insecure");
  }
  if (!globalThis.AudioWorkletNode) {
    throw new MicrophoneError("unsupported");
  }
  // Larger buffers: with the smallest ones a busy machine skips sound; twenty milliseconds more are not seen.
  const context = new AudioContext({ latencyHint: "playback" });
  try {
    await context.audioWorklet.addModule(address("shared/capture-worklet.js"));
  } catch (error) {
    context.close().catch(() => {});
    throw new MicrophoneError("unloaded", error);
  }
  return context;
}

export class Microphone {
  #context; #node; #source; #stream; #shared;
  #onBlock; #onLost; #onPause;
  #flushed = () => {};
  #flushing = null;

  /**
   * @param {object} events
   * @param {(samples: Int16Array, peak: number) => void} events.onBlock
   * @param {() => void} events.onLost the device is gone; silence comes until `use` finds another
   * @param {(isPaused: boolean) => void} events.onPause the system has taken the sound away, or given it back
   */
  constructor({ onBlock, onLost, onPause }) {
    this.#onBlock = onBlock;
    this.#onLost = onLost;
    this.#onPause = onPause;
  }

  /**
   * Begins; to be called where a person has just pressed something. `use` follows.
   * @throws {MicrophoneError}
   */
  async open() {
    const context = await prepare();
    this.#context = context;
    this.#node = new AudioWorkletNode(context, "capture", { channelCount: 1, channelCountMode: "explicit" });
    this.#node.port.onmessage = ({ data }) => this.#receive(data);
  }

  /**
   * Takes sound from a device, in place of the present one.
   * @param {string} id empty for the system's default
   * @returns {Promise<string>} the id of the device in use, as the default may be taken instead
   * @throws {MicrophoneError}
   */
  async use(id) {
    const context = this.#context;
    const stream = await acquire(id);
    if (context !== this.#context) {
      stop(stream); // closed in the meantime
      return "";
    }
    this.#release();
    this.#stream = stream;
    this.#source = context.createMediaStreamSource(stream);
    this.#source.connect(this.#node);
    // Connected to the (silent) end, or nothing pulls the sound through.
    this.#node.connect(context.destination);
    const [track] = stream.getAudioTracks();
    track.onended = () => this.#onLost();
    context.onstatechange = () => this.#onPause(context.state !== "running");
    await context.resume();
    return track.getSettings().deviceId ?? id;
  }

  /**
   * Mixes in the sound of a tab or of the screen, which a person chooses.
   * @param {() => void} onEnded it is not shared any longer
   * @throws {MicrophoneError} `refused` where nothing was chosen, or no sound with it
   */
  async share(onEnded) {
    let stream;
    try {
      // Browsers give the sound with the picture only; it is let go at once.
      stream = await navigator.mediaDevices.getDisplayMedia({ audio: true, video: true });
    } catch (error) {
      throw new MicrophoneError("refused", error);
    }
    for (const track of stream.getVideoTracks()) stream.removeTrack(track);
    const [track] = stream.getAudioTracks();
    if (!track || !this.#context) {
      stop(stream);
      throw new MicrophoneError("refused");
    }
    track.onended = onEnded;
    this.#shared = stream;
    this.#context.createMediaStreamSource(stream).connect(this.#node);
  }

  /** Asks the system for the sound again. */
  resume() {
    this.#context?.resume().catch(() => {});
  }

  /** Hands out the last samples; no more come after. */
  flush() {
    this.#flushing ??= new Promise((resolve) => {
      this.#flushed = resolve;
      setTimeout(resolve, flushWithin);
      this.#node.port.postMessage("flush");
    });
    return this.#flushing;
  }

  /** Lets go of the device. */
  close() {
    this.#release();
    stop(this.#shared);
    this.#shared = null;
    if (this.#context) {
      this.#context.onstatechange = null;
      this.#context.suspend().catch(() => {});
    }
    if (this.#node) {
      // The audio thread goes on with another one: this one has said all.
      this.#node.port.onmessage = null;
      this.#node.port.postMessage("flush");
      this.#node.disconnect();
    }
    this.#context = this.#node = null;
  }

  #release() {
    this.#source?.disconnect();
    stop(this.#stream);
    this.#source = this.#stream = null;
  }

  #receive({ samples, peak, isLast }) {
    this.#onBlock(samples, peak);
    if (isLast) {
      this.#flushed();
    }
  }
}

function stop(stream) {
  for (const track of stream?.getTracks() ?? []) {
    track.onended = null;
    track.stop();
  }
}

async function acquire(id) {
  // Loudspeakers must not be captioned, but noise suppression eats consonants, and a recogniser copes with noise.
  const sound = { channelCount: 1, echoCancellation: true, noiseSuppression: false, autoGainControl: true };
  const device = id ? { deviceId: { exact: id } } : {};
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: { ...sound, ...device } });
  } catch (error) {
    if (id && ["OverconstrainedError", "NotFoundError"].includes(error.name)) {
      return acquire("");
    }
    throw new MicrophoneError(codes[error.name] ?? "unknown", error);
  }
}

const codes = {
  NotAllowedError: "refused",
  SecurityError: "refused",
  NotFoundError: "absent",
  NotReadableError: "busy",
  AbortError: "busy",
};
