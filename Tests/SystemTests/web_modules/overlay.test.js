import { CaptionLines } from "../../../Web/overlay/caption-lines.js";
import { fields, read, standard, write } from "../../../Web/overlay/look.js";
import { dictionaries } from "../../../Web/overlay/strings.js";
import { EventParser } from "../../../Web/shared/event-stream.js";
import { empty, reduce } from "../../../Web/shared/transcript.js";
import { check, equal, test } from "./run.js";

const lookOf = (query) => read(new URLSearchParams(query));

test("a look goes into an address and comes back", () => {
  equal(write(standard).toString(), "");
  const look = {
    ...standard, font: "Noto Sans KR, Arial", size: 64, color: "#00ff88", boxOpacity: 40, lines: 3, align: "center", fade: 0,
    tentative: false,
  };
  equal(lookOf(write(look).toString()), look);
  check(!write(look).toString().includes("%23"), "colours are written without #");
});

test("whatever stands in an address, something that can be shown comes out", () => {
  equal(lookOf("size=huge&color=red&align=diagonal&words=maybe&lines=&fade=NaN"), standard);
  equal(lookOf("size=99999&lines=0&boxOpacity=-5&outlineWidth=1e9").size, 240);
  equal(lookOf("lines=0").lines, 1);
  equal(lookOf("color=f0A").color, "#ff00aa");
  equal(lookOf('font=x";}*{background:url(//evil)').font.match(/["{};:()*/]/g), null);
  equal(Object.keys(lookOf("onload=alert(1)")), Object.keys(fields));
});

test("events are cut out of pieces of any size", () => {
  const text = ':\n\nid: 1\ndata: {"a":1}\n\nevent: workers\r\ndata: one\ndata: two\r\n\r\n: beat\n\ndata\n\nid:7\n\n';
  const expected = [
    { type: "message", data: '{"a":1}', id: "1" }, { type: "workers", data: "one\ntwo" }, { type: "message", data: "" },
  ];
  for (const length of [1, 2, 3, 7, text.length]) {
    const events = [];
    const parser = new EventParser((event) => events.push(event));
    for (let start = 0; start < text.length; start += length) parser.push(text.slice(start, start + length));
    equal(events, expected);
  }
});

function stage(show) {
  const container = document.createElement("div");
  document.body.append(container);
  const lines = new CaptionLines(container);
  let transcript = reduce(empty, { type: "session", offset: 0 });
  return {
    container,
    tell(message) {
      transcript = reduce(transcript, message);
      transcript = { ...transcript, lines: transcript.lines.slice(-12) };
      return lines.render(transcript, show);
    },
    words: () => [...container.querySelectorAll("span")].map(({ textContent }) => textContent),
  };
}
const partial = (utterance, stable, tentative) => ({ type: "partial", utterance, stable, tentative, start: utterance });
const final = (utterance, text, language = "en") =>
  ({ type: "final", utterance, text, start: utterance, end: utterance, words: [], language });

test("translations stand alone, or below what they translate, and English as it is", () => {
  const told = [
    partial(0, "안녕", "하세요"), final(0, "안녕하세요.", "ko"), partial(1, "Yes", ""), final(1, "Yes."),
    { type: "translation", utterance: 0, text: "Hello.", language: "en" }, partial(2, "네", ""),
  ];
  for (const [show, expected] of [
    ["original", ["안녕하세요.", "Yes.", "네"]], ["translation", ["Hello.", "Yes."]], ["both", ["안녕하세요.", "Hello.", "Yes.", "네"]],
  ]) {
    const { container, tell } = stage(show);
    const news = told.map((message) => tell(message));
    equal([...container.children].map(({ textContent }) => textContent), expected);
    equal(news.at(-2), show !== "original");
    equal([...container.children].map(({ lang }) => lang).includes("en"), true);
  }
});

test("words that stand are never written again", () => {
  const { container, tell, words } = stage();
  tell(partial(0, "", "It was"));
  tell(partial(0, "It ", "was the best"));
  const [first] = container.querySelectorAll("span");
  equal(words(), ["It ", "was ", "the ", "best"]);
  equal([...container.querySelectorAll(".tentative")].length, 3);
  tell(partial(0, "It was the best ", "of tines"));
  check(tell(final(0, "It was the best of times.")), "a correction is something new");
  equal(words().join(""), "It was the best of times.");
  check(container.querySelector("span") === first, "the first word is the same element");
  equal([...container.querySelectorAll(".new")].map(({ textContent }) => textContent).at(-1), "times.");
  check(!tell(final(0, "It was the best of times.")), "what is told twice is nothing new");
});

test("Korean is cut at spaces, Japanese into words, whatever language was heard before", () => {
  const { container, tell, words } = stage();
  tell(partial(0, "안녕하세요, ", "여러분"));
  equal(words(), ["안녕하세요, ", "여러분"]);
  tell(final(0, "안녕하세요, 여러분.", "ko"));
  tell(partial(1, "", "今日は新しいゲームです"));
  const japanese = container.lastElementChild;
  check(japanese.lang === "ja" && japanese.children.length > 3, japanese.outerHTML);
  tell(final(1, "今日は新しいゲームです。", "ja"));
  equal([...japanese.querySelectorAll(".new")].map(({ textContent }) => textContent).at(-1), "。");
});

test("script in what is said is text", () => {
  const { container, tell } = stage();
  const text = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
  tell(partial(0, text, text));
  tell(final(0, text));
  equal(container.textContent, text);
  equal(container.querySelectorAll("img, script").length, 0);
});

test("eight hours with 200 finals an hour leave a dozen lines and no slowness", () => {
  const { container, tell } = stage();
  const times = [];
  for (let utterance = 0; utterance < 1600; utterance += 1) {
    const start = performance.now();
    for (let word = 1; word <= 12; word += 1) {
      tell(partial(utterance, "word ".repeat(word), "and more"));
    }
    tell(final(utterance, "word ".repeat(12) + "and more."));
    times.push(performance.now() - start);
  }
  check(container.children.length <= 7, `${container.children.length} utterances are kept`);
  check(container.querySelectorAll("*").length < 200, "elements grow");
  const median = (some) => some.toSorted((a, b) => a - b)[Math.floor(some.length / 2)];
  const [first, last] = [times.slice(100, 400), times.slice(-300)].map(median);
  check(last < 3 * first + 1, `an utterance takes ${first} ms at first, and ${last} ms at last`);
});

test("both languages of the page say the same things", () => {
  equal(Object.keys(dictionaries.ko), Object.keys(dictionaries.en));
});

test("huge texts are shown within the lines that there are", () => {
  for (const text of ["word ".repeat(20_000).trim(), "ㅋ".repeat(20_000), "あ".repeat(5_000)]) {
    const { container, tell } = stage();
    container.style.cssText = "width: 600px; height: 80px; overflow: hidden; overflow-wrap: anywhere";
    tell(partial(0, text.slice(0, 9000), text.slice(9000)));
    tell(final(0, text));
    equal(container.textContent, text);
    equal([container.offsetHeight, container.scrollWidth <= 600], [80, true]);
    container.remove();
  }
});
