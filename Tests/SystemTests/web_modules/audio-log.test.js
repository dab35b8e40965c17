import { AudioLog } from "../../../Web/shared/audio-log.js";
import { check, equal, test } from "./run.js";

const count = (from, length) => Int16Array.from({ length }, (_, index) => from + index);

function readAll(log, from) {
  const samples = [];
  for (let piece = log.read(from, 7); piece.length > 0; piece = log.read(from + samples.length, 7)) {
    samples.push(...piece);
  }
  return samples;
}

test("what was appended is read back, over the edges of its blocks", () => {
  const log = new AudioLog(1000, 10);
  for (let from = 0; from < 95; from += 19) {
    log.append(count(from, 19));
  }
  equal([log.start, log.end], [0, 95]);
  equal(readAll(log, 3), Array.from(count(3, 92)));
  equal(readAll(log, 95), []);
});

test("what is read is a copy", () => {
  const log = new AudioLog(1000, 10);
  log.append(count(1, 5));
  log.read(0, 5).fill(0);
  equal(readAll(log, 0), [1, 2, 3, 4, 5]);
});

test("acknowledged sound goes, what comes after stays", () => {
  const log = new AudioLog(1000, 10);
  log.append(count(0, 50));
  log.release(25);
  equal([log.acked, log.start, log.end], [25, 25, 50]);
  equal(readAll(log, 25), Array.from(count(25, 25)));
  log.release(5);
  equal(log.acked, 25);
  log.release(500);
  equal([log.acked, log.start, log.end], [50, 50, 50]);
  log.append(count(50, 3));
  equal(readAll(log, 50), [50, 51, 52]);
});

test("beyond its capacity the oldest goes, shows, and reads as silence in its place", () => {
  const log = new AudioLog(40, 10);
  log.append(count(1, 30));
  log.release(5);
  check(log.start === log.acked, "nothing is missing yet");
  log.append(count(31, 35));
  equal([log.acked, log.start, log.end], [5, 25, 65]);
  equal(readAll(log, 20), [0, 0, 0, 0, 0, ...count(26, 40)]);
});
