import { corrections } from "../../../Web/shared/corrections.js";
import { empty, hasText, reduce } from "../../../Web/shared/transcript.js";
import { check, equal, test } from "./run.js";

const session = (offset = 0) => ({ type: "session", offset });
const partial = (utterance, stable, tentative, start = utterance) =>
  ({ type: "partial", utterance, stable, tentative, start });
const final = (utterance, text, start = utterance, words = []) =>
  ({ type: "final", utterance, text, words, start, end: start + 1, language: "ko", confidence: 0.9 });
const after = (...events) => events.reduce(reduce, empty);
const texts = (transcript) => transcript.lines.map((line) => line.text ?? line.reason);
const marked = (stable, text) => corrections(stable, text).filter(({ corrected }) => corrected).map(({ text }) => text);

test("an utterance grows, and becomes a line when it is final", () => {
  let transcript = after(session(), partial(0, "안녕", "하세"), partial(0, "안녕하세요", " 여러"));
  equal(transcript.live, [{ key: "1:0", stable: "안녕하세요", tentative: " 여러", start: 0 }]);
  check(!hasText(transcript), "nothing is final yet");
  transcript = reduce(transcript, final(0, " 안녕하세요 여러분."));
  equal([transcript.live, texts(transcript)], [[], ["안녕하세요 여러분."]]);
  check(hasText(transcript), "now something is");
});

const translation = (utterance, text) => ({ type: "translation", utterance, text, language: "en" });

test("a line gets what it means, once, and keeps it when it is corrected by hand", () => {
  let transcript = after(session(), final(0, "하나"), final(1, "둘"), translation(0, " one "));
  equal(transcript.lines.map((line) => line.translation), ["one", undefined]);
  check(reduce(transcript, translation(0, "one")) === transcript, "told again");
  check(reduce(transcript, translation(1, "")) === transcript, "there is none");
  check(reduce(transcript, translation(7, "of nothing")) === transcript, "an utterance that is not there");
  transcript = reduce(transcript, { type: "edit", key: "1:0", text: "하나!" });
  equal(transcript.lines[0].translation, "one");
  // Another session counts anew.
  check(reduce(reduce(transcript, session()), translation(0, "another")).lines[0].translation === "one", "of before");
});

test("a final that comes again, or a late partial of it, changes nothing", () => {
  const transcript = after(session(), final(0, "one"), final(1, "two"));
  check(reduce(transcript, final(1, "two, again")) === transcript, "the final was ignored");
  check(reduce(transcript, partial(1, "tw", "o")) === transcript, "the partial was ignored");
});

test("the next utterance may begin before the last one is final, and lines keep the order of time", () => {
  const transcript = after(session(), partial(0, "one", ""), partial(1, "two", ""), final(1, "two"), final(0, "one"));
  equal([texts(transcript), transcript.live], [["one", "two"], []]);
});

test("an utterance in which nothing was said after all disappears", () => {
  equal(after(session(), partial(0, "", "음"), final(0, "")), after(session()));
});

test("a new session counts utterances anew, and its times go on from where it begins", () => {
  const word = { text: "four", start: 0.25, end: 0.5, confidence: 1 };
  const before = after(session(), final(0, "one"), partial(1, "tw", ""));
  const transcript = [session(90), final(0, "two", 0.25, [word])].reduce(reduce, before);
  equal(transcript.live, []);
  equal(transcript.lines.map(({ text, start, end }) => [text, start, end]), [["one", 0, 1], ["two", 90.25, 91.25]]);
  equal(transcript.lines[1].words, [{ text: "four", start: 90.25, end: 90.5 }]);
});

test("lost sound is one line in its place, however many steps it was lost in", () => {
  const lost = (from, to) => ({ type: "lost", from, to, reason: "overflow" });
  const transcript =
    after(session(), final(0, "before", 1), lost(5, 6), lost(6, 7), final(1, "after", 8), lost(20, 21));
  equal(texts(transcript), ["before", "overflow", "after", "overflow"]);
  equal([transcript.lines[1].start, transcript.lines[1].end], [5, 7]);
});

test("when nobody waits for the last words, those that were seen stay", () => {
  const transcript = after(session(), partial(0, "almost", " done"), { type: "ended" });
  equal([texts(transcript), transcript.live], [["almost done"], []]);
});

test("whether somebody speaks is known", () => {
  const begun = after(session(), { type: "speech", state: "started", at: 1 });
  check(begun.speaking, "it began");
  check(!reduce(begun, { type: "finished", samples: 1 }).speaking, "it is over");
});

test("a person corrects a line, or removes it", () => {
  const spoken = after(session(), final(0, "I here you."), final(1, "Um."));
  const [first, second] = spoken.lines;
  const edited = reduce(spoken, { type: "edit", key: first.key, text: "I hear you." });
  equal(edited.lines.map(({ text }) => text), ["I hear you.", "Um."]);
  equal(edited.lines[0].words, []);
  check(spoken.lines[0].text === "I here you.", "values are not changed");
  equal(reduce(edited, { type: "edit", key: second.key, text: "" }).lines.length, 1);
  equal(reduce(edited, { type: "edit", key: "none", text: "x" }).lines.length, 2);
});

test("corrected words are marked, new ones and punctuation are not", () => {
  equal(marked("it was the best of tides it was", "It was the best of times, it was the worst."), ["times,"]);
  equal(marked("it was the", "It was the best of times."), []);
  equal(marked("오늘은 날시가 좋네요", "오늘은 날씨가 좋네요. 산책 가요."), ["날씨가"]);
  equal(marked("hello word", "Hello, world! How are you?"), ["world!"]);
  equal(marked("one two three", "one four five three"), ["four five"]);
  equal(marked("one two three", "one three"), []);
  equal(marked("", "something"), []);
  equal(marked("夜の底が城くなった", "夜の底が白くなった。"), ["白"]);
});

test("the pieces of a corrected text are the text", () => {
  const pieces = corrections("all work an no play", "All work and no play makes Jack a dull boy.");
  equal(pieces.map(({ text }) => text).join(""), "All work and no play makes Jack a dull boy.");
  equal(pieces.map(({ corrected }) => corrected), [false, true, false]);
});

test("a final carries its marks from what was stable", () => {
  const transcript = after(session(), partial(0, "I here", ""), final(0, "I hear you."));
  equal(transcript.lines[0].pieces, [
    { text: "I ", corrected: false }, { text: "hear", corrected: true }, { text: " you.", corrected: false },
  ]);
});
