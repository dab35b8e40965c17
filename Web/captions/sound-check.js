// Five seconds of the microphone, to hear what a server hears, and to read what it makes of it.

import { authorized, socketAddress } from "./shared/addresses.js";
import { AudioLog } from "./shared/audio-log.js";
import { sampleRate } from "./shared/messages.js";
import { Microphone } from "./shared/microphone.js";
import { Session } from "./shared/session.js";
import { empty, reduce } from "./shared/transcript.js";

/** Seconds that are recorded, and the most that their text is waited for. */
const length = 5;
const patience = 30;

/**
 * @param {object} options
 * @param {import("./shared/device-choice.js").Device} options.device
 * @param {import("./shared/messages.js").Settings} options.settings
 * @param {string} options.token may be empty
 * @param {object} options.clock as for `Session`
 * @param {(peak: number, seconds: number) => void} options.onSound how loud it is, and how many seconds are left
 * @returns {Promise<{url: string, text: string, isQuiet: boolean, error: string}>} an address of the sound, the text, and why there is none
 * @throws {import("./shared/microphone.js").MicrophoneError}
 */
export async function soundCheck({ device, settings, token, clock, onSound }) {
  const log = new AudioLog(2 * length * sampleRate);
  const blocks = [];
  let loudest = 0;
  let recorded = () => {};
  const isRecorded = new Promise((resolve) => (recorded = resolve));
  const microphone = new Microphone({
    onBlock(samples, peak) {
      blocks.push(samples);
      loudest = Math.max(loudest, peak);
      const seconds = blocks.reduce((sum, { length }) => sum + length, 0) / sampleRate;
      onSound(peak, Math.max(0, Math.ceil(length - seconds)));
      if (seconds >= length) recorded();
    },
    onLost: () => recorded(),
    onPause() {},
  });
  try {
    await microphone.open();
    await microphone.use(device.id);
    await isRecorded;
  } finally {
    microphone.close();
  }
  for (const block of blocks) log.append(block);
  const heard = await transcribe(log, settings, token, clock);
  return { url: URL.createObjectURL(wav(blocks)), isQuiet: loudest < 0.01, ...heard };
}

/** The text of all of a log's sound. */
function transcribe(log, settings, token, clock) {
  return new Promise((resolve) => {
    let transcript = empty;
    const open = () => new WebSocket(...authorized(socketAddress("v1/listen"), token));
    // Nobody's overlay shows it.
    const session = new Session({ open, log, settings: { ...settings, name: "" }, clock, emit });
    let isOver = false;
    const end = (error) => {
      if (isOver) return;
      isOver = true;
      cancel();
      session.abandon();
      resolve({ text: transcript.lines.map(({ text }) => text ?? "").join(" ").trim(), error });
    };
    const cancel = clock.after(patience * 1000, () => end("slow"));
    function emit(event) {
      if (isOver) return;
      transcript = event.type === "lost" ? transcript : reduce(transcript, event);
      if (event.type === "state" && event.state.phase === "finished") end("");
      if (event.type === "state" && event.state.phase === "failed") end(event.state.error?.message ?? "failed");
    }
    session.start();
    session.finish();
  });
}

/** Sound as a file: RIFF, 16-bit PCM, mono. */
function wav(blocks) {
  const bytes = 2 * blocks.reduce((sum, { length }) => sum + length, 0);
  const header = new DataView(new ArrayBuffer(44));
  const write = (at, text) => [...text].forEach((letter, index) => header.setUint8(at + index, letter.charCodeAt(0)));
  write(0, "RIFF");
  header.setUint32(4, 36 + bytes, true);
  write(8, "WAVEfmt ");
  header.setUint32(16, 16, true);
  header.setUint16(20, 1, true);
  header.setUint16(22, 1, true);
  header.setUint32(24, sampleRate, true);
  header.setUint32(28, 2 * sampleRate, true);
  header.setUint16(32, 2, true);
  header.setUint16(34, 16, true);
  write(36, "data");
  header.setUint32(40, bytes, true);
  return new Blob([header, ...blocks], { type: "audio/wav" });
}
