import { History } from "../../../Web/captions/history.js";
import { equal, test } from "./run.js";

const line = (text) => ({ kind: "final", key: text, text, pieces: [], words: [], start: 0, end: 1, language: "en" });
const id = (number) => `${String(number).padStart(15, "0")}-x`;

test("the last 200 transcripts are kept, and the list has no lines in it", async () => {
  const history = new History();
  await history.clear();
  await history.save(id(0), 0, [{ kind: "gap", key: "gap:0", start: 0, end: 1, reason: "overflow" }]);
  equal(await history.list(), []);
  for (let number = 1; number <= 203; number += 1) await history.save(id(number), number, [line(`line ${number}`)]);
  await history.save(id(203), 203, [line("line 203"), line("and more")]);
  const entries = await history.list();
  equal([entries.length, entries[0], entries.at(-1).at], [200, { id: id(203), at: 203, title: "line 203 and more", count: 2 }, 4]);
  equal((await history.lines(id(203))).map(({ text }) => text), ["line 203", "and more"]);
  equal(await history.lines(id(3)), []);
  await history.remove(id(203));
  equal([(await history.list()).length, await history.lines(id(203))], [199, []]);
  await history.clear();
  equal(await history.list(), []);
});
