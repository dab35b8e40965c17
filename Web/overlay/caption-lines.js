// The newest lines of a transcript as elements: what stands stays where it is, what is new comes after it.

import { languageOf, tag } from "../shared/languages.js";

/** Utterances that are kept as elements; more than fit into the lines that anybody shows. */
const kept = 6;

export class CaptionLines {
  #container;
  /** Element, spans and language of each utterance, by key. */
  #blocks = new Map();

  /** @param {HTMLElement} container */
  constructor(container) {
    this.#container = container;
  }

  /**
   * @param {import("../shared/transcript.js").Transcript} transcript
   * @param {import("./look.js").Look["show"]} [show]
   * @returns {boolean} whether something is shown that was not before
   */
  render(transcript, show = "original") {
    const finals = transcript.lines.filter(({ kind }) => kind === "final").slice(-kept);
    const language = finals.at(-1)?.language ?? "";
    const texts = [
      ...finals.flatMap((line) => textsOf(line, show)).map((text) => ({ tentative: "", ...text })),
      ...(show === "translation" ? [] : transcript.live.map((live) => ({ ...live, language }))),
    ].filter(({ stable, tentative }) => stable || tentative);
    let isNew = false;
    for (const [index, text] of texts.entries()) {
      const block = this.#blocks.get(text.key) ?? this.#make(text.key);
      isNew = block.write(text) || isNew;
      if (this.#container.children[index] !== block.element) {
        this.#container.insertBefore(block.element, this.#container.children[index] ?? null);
      }
    }
    const keys = new Set(texts.map(({ key }) => key));
    for (const [key, { element }] of this.#blocks) {
      if (!keys.has(key)) {
        element.remove();
        this.#blocks.delete(key);
      }
    }
    return isNew;
  }

  #make(key) {
    const block = new Block();
    this.#blocks.set(key, block);
    return block;
  }
}

/** What is shown of a line, one below the other. */
function textsOf({ key, text, language, translation }, show) {
  const original = { key, stable: text, language };
  const translated = { key: `${key} translated`, stable: translation ?? "", language: "en" };
  if (show === "original") return [original];
  if (show === "both") return [original, translated];
  return [language === "en" ? original : translated];
}

/** An utterance, a span for each word, of which only those that differ are written. */
class Block {
  element = document.createElement("p");
  #stable = "";
  #tentative = "";

  constructor() {
    this.element.dir = "auto"; // Arabic and Hebrew run the other way
  }

  write({ stable, tentative, language }) {
    if (stable === this.#stable && tentative === this.#tentative) return false;
    const [before, text] = [this.#stable + this.#tentative, stable + tentative];
    [this.#stable, this.#tentative] = [stable, tentative];
    this.element.lang = languageOf(text, tag(language));
    const words = split(text);
    const spans = this.element.children;
    const same = commonLength(before, text);
    let position = 0;
    for (const [index, word] of words.entries()) {
      let span = spans[index];
      if (span?.textContent !== word) {
        const fresh = document.createElement("span");
        fresh.textContent = word;
        // What was there before does not appear again because words are cut otherwise.
        fresh.classList.toggle("new", position + word.trimEnd().length > same);
        span ? span.replaceWith(fresh) : this.element.append(fresh);
        span = fresh;
      }
      span.classList.toggle("tentative", position >= stable.length);
      position += word.length;
    }
    while (spans.length > words.length) spans[words.length].remove();
    return text !== before;
  }
}

const hasNoSpaces = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/u;

/** Words with the space after them; of writing without spaces, what its readers take for words. */
function split(text) {
  if (hasNoSpaces.test(text) && Intl.Segmenter) {
    return [...new Intl.Segmenter(undefined, { granularity: "word" }).segment(text)].map(({ segment }) => segment);
  }
  return text.match(/\s*\S+\s*|\s+/gu) ?? [];
}

function commonLength(a, b) {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}
