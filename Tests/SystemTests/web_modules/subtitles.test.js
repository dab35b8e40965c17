import { cues, srt, txt, vtt } from "../../../Web/captions/subtitles.js";
import { check, equal, test } from "./run.js";

const line = (text, start, end, words = []) => ({ kind: "final", text, start, end, words });
const gap = { kind: "gap", reason: "overflow", start: 3, end: 4 };
const describe = () => "(nothing)";
const spread = (text, start, seconds) => text.split(" ").map((word, index) =>
  ({ text: word, start: start + index * seconds, end: start + (index + 1) * seconds }));

test("text has a line for each utterance and each gap", () => {
  equal(txt({ lines: [line("안녕하세요.", 0, 1), gap, line("Hello.", 5, 6)] }, describe), "안녕하세요.\n(nothing)\nHello.\n");
});

test("what an utterance means stands below it, shared out where it is several subtitles", () => {
  const short = { ...line("안녕하세요.", 0, 1), translation: "Hello." };
  equal(txt({ lines: [short] }, describe), "안녕하세요.\n→ Hello.\n");
  equal(cues({ lines: [short] }, describe).map(({ text }) => text), ["안녕하세요.\nHello."]);
  const text = Array.from({ length: 30 }, () => "가나다라").join(" ");
  const translation = Array.from({ length: 40 }, (_, index) => `word${index}`).join(" ");
  const all = cues({ lines: [{ ...line(text, 3, 9, spread(text, 3, 0.2)), translation }] }, describe);
  const below = all.map((cue) => cue.text.split("\n")[1]);
  equal(below.join(" "), translation);
  check(all.length > 2 && below.every((share) => share.split(" ").length < 30), "each has its share");
  equal(srt({ lines: [short] }, describe), "1\n00:00:00,000 --> 00:00:01,000\n안녕하세요.\nHello.\n\n");
});

test("SubRip as players want it", () => {
  const lines = [line("One", 0.5, 1.25), line("Two --> three", 3599.9994, 36_061.5)];
  equal(srt({ lines }, describe),
    "1\n00:00:00,500 --> 00:00:01,250\nOne\n\n2\n00:59:59,999 --> 10:01:01,500\nTwo → three\n\n");
});

test("WebVTT escapes what would be markup", () => {
  equal(vtt({ lines: [line("a < b & c", 1, 2)] }, describe),
    "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\na &lt; b &amp; c\n\n");
  equal(vtt({ lines: [] }, describe), "WEBVTT\n\n");
});

test("a long utterance becomes several subtitles, at ends of sentences, with all its words and their times", () => {
  const sentence = "It was the best of times, it was the worst of times.";
  const text = [sentence, sentence, sentence].join(" ");
  const all = cues({ lines: [line(text, 10, 20, spread(text, 10, 0.2))] }, describe);
  equal(all.map((cue) => cue.text), [sentence, sentence, sentence]);
  equal(all[1].start.toFixed(3), "12.400");
  check(all.every((cue, index) => index === 0 || cue.start >= all[index - 1].end), "no overlap");
});

test("without an end of a sentence the room decides, for Korean at half the letters", () => {
  const text = Array.from({ length: 30 }, () => "가나다라").join(" ");
  const all = cues({ lines: [line(text, 0, 6, spread(text, 0, 0.1))] }, describe);
  equal(all.map((cue) => cue.text).join(" "), text);
  check(all.length > 2 && all.every((cue) => cue.text.length <= 48), "short enough");
});

test("Japanese words have no spaces between them, and none are added", () => {
  const words = spread("今日 は いい 天気 です 。", 0, 2);
  const all = cues({ lines: [line("今日はいい天気です。", 0, 12, words)] }, describe);
  equal(all.map((cue) => cue.text).join(""), "今日はいい天気です。");
  check(all.length === 2, "12 seconds are too long for one");
});

test("words that are not those of the text leave the utterance whole", () => {
  const lines = [line("one two", 0, 20, spread("one three", 0, 10))];
  equal(cues({ lines }, describe), [{ start: 0, end: 20, text: "one two" }]);
});

test("a subtitle is long enough to be seen, but never runs into the next one", () => {
  const [first, second] = cues({ lines: [line("a", 1, 1), line("b", 1.25, 1.25)] }, describe);
  equal([first.end, second.end], [1.25, 1.75]);
});
