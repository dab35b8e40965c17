// The transcript as text and as subtitle files.

/** @typedef {import("./shared/transcript.js").Transcript} Transcript */
/** @typedef {{start: number, end: number, text: string}} Cue times in seconds */

/** Beyond these a subtitle is cut in two: seconds, and columns of which a Korean or Japanese letter takes two. */
const longest = 7;
const widest = 84;
/** Seconds that a subtitle stays at least, unless the next one comes. */
const shortest = 0.5;

/**
 * A line for each utterance, and below it what it means, where that is known.
 * @param {Transcript} transcript
 * @param {(gap: object) => string} describe what to write for a stretch without captions
 */
export function txt(transcript, describe) {
  const lines = transcript.lines.flatMap((line) =>
    line.kind === "gap" ? [describe(line)] : line.translation ? [line.text, `→ ${line.translation}`] : [line.text]);
  return lines.map((line) => `${line}\n`).join("");
}

/** SubRip. */
export function srt(transcript, describe) {
  return cues(transcript, describe).map(({ start, end, text }, index) =>
    `${index + 1}\n${time(start, ",")} --> ${time(end, ",")}\n${withoutArrow(text)}\n\n`).join("");
}

/** WebVTT (https://www.w3.org/TR/webvtt1/). */
export function vtt(transcript, describe) {
  // Players take `<` for a tag and `&` for an entity.
  const escaped = (text) => withoutArrow(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return "WEBVTT\n\n" + cues(transcript, describe).map(({ start, end, text }) =>
    `${time(start, ".")} --> ${time(end, ".")}\n${escaped(text)}\n\n`).join("");
}

/**
 * @param {Transcript} transcript
 * @param {(gap: object) => string} describe
 * @returns {Cue[]}
 */
export function cues({ lines }, describe) {
  const all = lines.flatMap((line) =>
    line.kind === "gap" ? [{ start: line.start, end: line.end, text: describe(line) }] : translated(split(line), line.translation));
  return all.map((cue, index) => {
    const next = all[index + 1]?.start ?? Infinity;
    const end = Math.max(cue.end, cue.start + shortest);
    return { ...cue, end: next > cue.start ? Math.min(end, next) : end };
  });
}

/** A long utterance in several subtitles: at the end of a sentence if one is near, else where the room ends. */
function split({ text, words, start, end }) {
  const parts = align(text, words);
  const result = [];
  let current = null;
  for (const part of parts) {
    const joined = current && { start: current.start, end: part.end, text: current.text + part.text };
    const isFull = current && (width(joined.text.trim()) > widest || joined.end - joined.start > longest);
    const isGoodPlace = current && /[.?!。？！…]\s*$/u.test(current.text) && width(current.text) > widest / 3;
    if (isFull || isGoodPlace) {
      result.push(current);
      current = part;
    } else {
      current = joined ?? part;
    }
  }
  if (!current) {
    return [{ start, end, text }];
  }
  return [...result, current].map((cue) => ({ ...cue, text: cue.text.trim() }));
}

/** Below each subtitle of an utterance its share of what the utterance means, by how long the subtitles stay. */
function translated(cues, translation) {
  const words = translation?.split(/\s+/u).filter(Boolean) ?? [];
  if (words.length === 0) {
    return cues;
  }
  const [first, last] = [cues[0].start, cues.at(-1).end];
  const until = (time) => Math.round((words.length * (time - first)) / (last - first || 1));
  return cues.map((cue, index) => {
    const end = index === cues.length - 1 ? words.length : until(cue.end);
    const share = words.slice(index === 0 ? 0 : until(cues[index - 1].end), end).join(" ");
    return share ? { ...cue, text: `${cue.text}\n${share}` } : cue;
  });
}

/** The text cut before each of its words; empty where the words are not those of the text. */
function align(text, words) {
  const starts = [];
  let position = 0;
  for (const word of words) {
    const index = text.indexOf(word.text, position);
    if (index < 0) {
      return [];
    }
    starts.push(index);
    position = index + word.text.length;
  }
  return words.map((word, index) => ({
    start: word.start,
    end: word.end,
    text: text.slice(index === 0 ? 0 : starts[index], starts[index + 1]),
  }));
}

const wide = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uff00-\uff60]/gu;

function width(text) {
  return text.length + (text.match(wide)?.length ?? 0);
}

function withoutArrow(text) {
  return text.replaceAll("-->", "→");
}

function time(seconds, mark) {
  const milliseconds = Math.round(Math.max(0, seconds) * 1000);
  const part = (divisor, modulus, digits = 2) =>
    String(Math.floor(milliseconds / divisor) % modulus).padStart(digits, "0");
  const hours = String(Math.floor(milliseconds / 3_600_000)).padStart(2, "0");
  return `${hours}:${part(60_000, 60)}:${part(1000, 60)}${mark}${part(1, 1000, 3)}`;
}
