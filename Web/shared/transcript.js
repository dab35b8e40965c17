// From the messages of a server to what is shown: a reducer over plain values, none of which is ever changed.

import { corrections } from "./corrections.js";

/**
 * @typedef {{text: string, start: number, end: number}} Word
 *
 * An utterance that is still spoken, or whose final text is awaited. Times are seconds since the first session began.
 * @typedef {{key: string, stable: string, tentative: string, start: number}} Live
 *
 * A line that stays: a final text, or a stretch that could not be captioned.
 * @typedef {{kind: "final", key: string, text: string, pieces: {text: string, corrected: boolean}[], words: Word[],
 *     start: number, end: number, language: string, translation?: string}} Final
 * @typedef {{kind: "gap", key: string, start: number, end: number, reason: string}} Gap
 *
 * `session` counts the sessions, as utterances are numbered anew in each; `offset` is where the present one begins.
 * @typedef {{lines: (Final | Gap)[], live: Live[], session: number, offset: number, speaking: boolean}} Transcript
 *
 * What changes it: a server's message, or one of the page's own events.
 * @typedef {{type: "session", offset: number} | {type: "lost", from: number, to: number, reason: string}
 *     | {type: "edit", key: string, text: string} | {type: "ended"} | {type: string}} Event
 */

/** @type {Transcript} */
export const empty = { lines: [], live: [], session: 0, offset: 0, speaking: false };

/**
 * @param {Transcript} transcript
 * @param {Event} event
 * @returns {Transcript}
 */
export function reduce(transcript, event) {
  switch (event.type) {
    case "session":
      // What was open is sent again, to the new session.
      return { ...transcript, live: [], session: transcript.session + 1, offset: event.offset, speaking: false };
    case "speech":
      return { ...transcript, speaking: event.state === "started" };
    case "partial":
      return partial(transcript, event);
    case "final":
      return final(transcript, event);
    case "translation":
      return translation(transcript, event);
    case "lost":
      return lost(transcript, event);
    case "finished":
      return { ...transcript, live: [], speaking: false };
    case "ended":
      return ended(transcript);
    case "edit":
      return edit(transcript, event);
    default:
      return transcript;
  }
}

/** Whether anything was written. */
export function hasText(transcript) {
  return transcript.lines.some((line) => line.kind === "final");
}

const keyOf = (transcript, utterance) => `${transcript.session}:${utterance}`;
const without = (live, key) => live.filter((utterance) => utterance.key !== key);
const byStart = (a, b) => a.start - b.start;

/** A final is sent again after a broken connection, and must not be shown again. */
const isFinal = (transcript, key) => transcript.lines.findLast((line) => line.key === key) !== undefined;

function partial(transcript, { utterance, stable, tentative, start }) {
  const key = keyOf(transcript, utterance);
  if (isFinal(transcript, key)) {
    return transcript;
  }
  const now = { key, stable, tentative, start: transcript.offset + start };
  return { ...transcript, live: [...without(transcript.live, key), now].sort(byStart) };
}

function final(transcript, message) {
  const { offset } = transcript;
  const key = keyOf(transcript, message.utterance);
  const text = message.text.trim();
  if (isFinal(transcript, key)) {
    return transcript;
  }
  const before = transcript.live.find((utterance) => utterance.key === key);
  const live = without(transcript.live, key);
  if (text === "") {
    return { ...transcript, live };
  }
  const line = {
    kind: "final",
    key,
    text,
    pieces: before ? corrections(before.stable, text) : [{ text, corrected: false }],
    words: (message.words ?? []).map(({ text, start, end }) => ({ text, start: offset + start, end: offset + end })),
    start: offset + message.start,
    end: offset + message.end,
    language: message.language ?? "",
  };
  return { ...transcript, live, lines: insert(transcript.lines, line) };
}

/** What a line means, some time after it. It may be told again. */
function translation(transcript, { utterance, text }) {
  const key = keyOf(transcript, utterance);
  const isNews = (line) => line.key === key && text.trim() !== "" && line.translation !== text.trim();
  if (!transcript.lines.some(isNews)) {
    return transcript;
  }
  return { ...transcript, lines: transcript.lines.map((line) => (isNews(line) ? { ...line, translation: text.trim() } : line)) };
}

function lost(transcript, { from, to, reason }) {
  const last = transcript.lines.findLast((line) => line.kind === "gap");
  // Sound is given up in small steps: one line tells of all that belong together.
  if (last?.reason === reason && from <= last.end) {
    const longer = { ...last, end: Math.max(last.end, to) };
    return { ...transcript, lines: transcript.lines.map((line) => (line === last ? longer : line)) };
  }
  const gap = { kind: "gap", key: `gap:${transcript.lines.length}`, start: from, end: to, reason };
  return { ...transcript, lines: insert(transcript.lines, gap) };
}

/** A person knows better; a line without text goes. Its words have other times than the text now, so it has none. */
function edit(transcript, { key, text }) {
  const lines = transcript.lines
    .map((line) => (line.key === key ? { ...line, text, pieces: [{ text, corrected: false }], words: [] } : line))
    .filter((line) => line.kind === "gap" || line.text !== "");
  return { ...transcript, lines };
}

/** Nothing more will come: what was shown of open utterances stays as it was last seen. */
function ended(transcript) {
  const kept = transcript.live.map(({ key, stable, tentative, start }) => {
    const text = (stable + tentative).trim();
    const pieces = [{ text, corrected: false }];
    return { kind: "final", key, text, pieces, words: [], start, end: start, language: "" };
  });
  const lines = kept.filter((line) => line.text !== "").reduce(insert, transcript.lines);
  return { ...transcript, lines, live: [], speaking: false };
}

/** Lines stand in the order of their times; a new one nearly always comes last. */
function insert(lines, line) {
  const index = lines.findLastIndex((other) => other.start <= line.start) + 1;
  return [...lines.slice(0, index), line, ...lines.slice(index)];
}
