// The transcript as elements. Finals stand in a list that is read aloud as it grows; what is still spoken stands after
// it, where it may change ten times a second without being read.

import { languageOf, tag } from "./shared/languages.js";

/** Milliseconds for which corrections are marked. */
const marked = 5_000;

export class TranscriptView {
  #finals; #live; #describe; #editLabel;
  /** Line and element by key. */
  #lines = new Map();
  #utterances = new Map();

  /**
   * @param {HTMLElement} finals
   * @param {HTMLElement} live
   * @param {(gap: object) => string} describe what to write for a stretch without captions
   * @param {() => string} editLabel what the button says that corrects a line
   */
  constructor(finals, live, describe, editLabel) {
    this.#editLabel = editLabel;
    this.#finals = finals;
    this.#live = live;
    this.#describe = describe;
  }

  /**
   * @param {import("./shared/transcript.js").Transcript} transcript
   * @param {string} language of what is spoken now; empty if it is detected
   */
  render(transcript, language) {
    this.#renderLines(transcript.lines);
    const spoken = language || transcript.lines.findLast((line) => line.language)?.language || "";
    this.#renderLive(transcript.live.filter(({ stable, tentative }) => stable || tentative), tag(spoken));
  }

  /** Writes gaps and labels anew, after the interface's language has changed. */
  retell() {
    for (const { line, element } of this.#lines.values()) {
      if (line.kind === "gap") {
        element.textContent = this.#describe(line);
      } else {
        element.querySelector(".edit").ariaLabel = this.#editLabel();
      }
    }
  }

  #renderLines(lines) {
    let next = null;
    for (const line of lines.toReversed()) {
      const known = this.#lines.get(line.key);
      let element = known?.element;
      if (known && known.line !== line && isSameButForTranslation(known.line, line)) {
        // The line may be under somebody's hands.
        translate(element, line);
        known.line = line;
      } else if (known?.line !== line) {
        element = line.kind === "gap" ? this.#gap(line) : final(line, this.#editLabel());
        known ? known.element.replaceWith(element) : this.#finals.insertBefore(element, next);
        this.#lines.set(line.key, { line, element });
      }
      next = element;
    }
    if (this.#lines.size > lines.length) {
      this.#dropExcept(this.#lines, new Set(lines.map(({ key }) => key)));
    }
  }

  #renderLive(utterances, language) {
    this.#dropExcept(this.#utterances, new Set(utterances.map(({ key }) => key)));
    for (const [index, { key, stable, tentative, start }] of utterances.entries()) {
      if (!this.#utterances.has(key)) {
        const spans = [make("span", "stable"), make("span", "tentative")];
        const element = caption("live", start, language, spans);
        this.#utterances.set(key, { element, spans });
      }
      const { element, spans } = this.#utterances.get(key);
      // The space between the two belongs to the first, where no dots run below it.
      const space = tentative.length - tentative.trimStart().length;
      write(spans[0], stable + tentative.slice(0, space));
      write(spans[1], tentative.slice(space));
      element.lang = languageOf(stable + tentative, language);
      if (this.#live.children[index] !== element) {
        this.#live.insertBefore(element, this.#live.children[index] ?? null);
      }
    }
  }

  #dropExcept(known, keys) {
    for (const [key, { element }] of known) {
      if (!keys.has(key)) {
        element.remove();
        known.delete(key);
      }
    }
  }

  #gap(line) {
    const element = make("p", "gap");
    element.textContent = this.#describe(line);
    return element;
  }
}

function final(line, editLabel) {
  const { key, pieces, start, language } = line;
  const spans = pieces.map(({ text, corrected }) => {
    const span = make("span", corrected ? "corrected" : "");
    span.textContent = text;
    return span;
  });
  setTimeout(() => spans.forEach((span) => span.classList.remove("corrected")), marked);
  const element = caption("final", start, tag(language), spans);
  element.dataset.key = key;
  const edit = make("button", "edit quiet");
  edit.type = "button";
  edit.textContent = "✎";
  edit.ariaLabel = editLabel;
  element.append(edit);
  translate(element, line);
  return element;
}

const isSameButForTranslation = (one, other) => one.kind === "final" && one.pieces === other.pieces;

/** What a line means, below it. */
function translate(element, { translation }) {
  if (translation) {
    const below = element.querySelector(".translation") ?? element.appendChild(make("span", "translation"));
    below.lang = "en";
    write(below, translation);
  }
}

function caption(kind, start, language, spans) {
  const element = make("p", `caption ${kind}`);
  element.lang = language;
  element.dir = "auto"; // Arabic and Hebrew run the other way
  const time = make("span", "time");
  time.ariaHidden = "true";
  time.textContent = clockTime(start);
  const text = make("span", "text");
  text.append(...spans);
  element.append(time, text);
  return element;
}

/** Seconds as `1:02` or `1:02:03`. */
export function clockTime(seconds) {
  const whole = Math.floor(seconds);
  const two = (number) => String(number).padStart(2, "0");
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

function make(name, className) {
  const element = document.createElement(name);
  element.className = className;
  return element;
}

/** Writes only what differs, so that a selection survives. */
function write(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}
