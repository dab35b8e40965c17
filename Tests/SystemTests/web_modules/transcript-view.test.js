import { TranscriptView } from "../../../Web/captions/transcript-view.js";
import { empty, reduce } from "../../../Web/shared/transcript.js";
import { check, equal, test } from "./run.js";

test("eight hours with 200 finals an hour stay, and each is as quick as the first", () => {
  const [finals, live] = [document.createElement("div"), document.createElement("div")];
  document.body.append(finals, live);
  const view = new TranscriptView(finals, live, () => "", () => "edit");
  let transcript = reduce(empty, { type: "session", offset: 0 });
  const times = [];
  for (let utterance = 0; utterance < 1600; utterance += 1) {
    const begin = performance.now();
    for (let word = 1; word <= 12; word += 1) {
      transcript = reduce(transcript, { type: "partial", utterance, stable: "word ".repeat(word), tentative: "more", start: utterance });
      view.render(transcript, "en");
    }
    const words = Array.from({ length: 13 }, (_, index) => ({ text: "word", start: utterance + index / 13, end: utterance + index / 13 }));
    transcript = reduce(transcript, {
      type: "final", utterance, text: "word ".repeat(13), start: utterance, end: utterance + 1, words, language: "en",
    });
    view.render(transcript, "en");
    times.push(performance.now() - begin);
  }
  equal([finals.children.length, live.children.length], [1600, 0]);
  const median = (some) => some.toSorted((a, b) => a - b)[Math.floor(some.length / 2)];
  // A line costs what it costs, not what all lines before it cost.
  const [first, last] = [times.slice(50, 350), times.slice(-300)].map(median);
  check(last < 10 * first + 10, `the last utterances take ${last} ms, the first ${first} ms`);
  check(finals.querySelectorAll("*").length < 1600 * 8, "elements of a line");
  finals.remove();
  live.remove();
});

test("what a line means comes below it, without taking the line from under somebody's hands", () => {
  const [finals, live] = [document.createElement("div"), document.createElement("div")];
  const view = new TranscriptView(finals, live, () => "", () => "edit");
  const final = { type: "final", utterance: 0, text: "안녕", start: 0, end: 1, words: [], language: "ko" };
  let transcript = reduce(reduce(empty, { type: "session", offset: 0 }), final);
  view.render(transcript, "ko");
  const [line, field] = [finals.firstElementChild, document.createElement("textarea")];
  line.append(field);
  transcript = reduce(transcript, { type: "translation", utterance: 0, text: "<b>Hello</b>", language: "en" });
  view.render(transcript, "ko");
  equal([finals.firstElementChild === line, line.contains(field)], [true, true]);
  equal([line.querySelector(".translation").textContent, line.querySelector(".translation").lang], ["<b>Hello</b>", "en"]);
  // It stands there as well when the line is written anew.
  transcript = reduce(transcript, { type: "edit", key: "1:0", text: "안녕!" });
  view.render(transcript, "ko");
  equal(finals.querySelector(".translation").textContent, "<b>Hello</b>");
});

test("huge texts are lines like others", () => {
  const [finals, live] = [document.createElement("div"), document.createElement("div")];
  const view = new TranscriptView(finals, live, () => "", () => "edit");
  let transcript = reduce(empty, { type: "session", offset: 0 });
  for (const [utterance, text] of ["word ".repeat(20_000).trim(), "ㅋ".repeat(100_000)].entries()) {
    transcript = reduce(transcript, { type: "partial", utterance, stable: text, tentative: " more", start: utterance });
    view.render(transcript, "ko");
    transcript = reduce(transcript, { type: "final", utterance, text, start: utterance, end: utterance + 1, words: [], language: "ko" });
    view.render(transcript, "ko");
    equal(finals.lastElementChild.querySelector(".text").textContent, text);
  }
  equal(finals.children.length, 2);
});
