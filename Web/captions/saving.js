// Taking the transcript away: to the clipboard, or as a file.

import { srt, txt, vtt } from "./subtitles.js";

const formats = {
  txt: { render: txt, type: "text/plain" },
  srt: { render: srt, type: "application/x-subrip" },
  vtt: { render: vtt, type: "text/vtt" },
};

/**
 * @param {import("./shared/transcript.js").Transcript} transcript
 * @param {(gap: object) => string} describe
 * @returns {Promise<void>} rejected when the browser does not allow it
 */
export function copy(transcript, describe) {
  return navigator.clipboard.writeText(txt(transcript, describe));
}

/**
 * @param {"txt" | "srt" | "vtt"} format
 * @param {import("./shared/transcript.js").Transcript} transcript
 * @param {(gap: object) => string} describe
 */
export function download(format, transcript, describe) {
  const { render, type } = formats[format];
  const url = URL.createObjectURL(new Blob([render(transcript, describe)], { type: `${type};charset=utf-8` }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `sori-${stamp(new Date())}.${format}`;
  link.click();
  // Not at once: the browser reads it after this turn.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** Local time as `2026-08-23-1405`. */
function stamp(date) {
  const two = (number) => String(number).padStart(2, "0");
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join("-");
  return `${day}-${two(date.getHours())}${two(date.getMinutes())}`;
}
