import { AudioLog } from "../../../Web/shared/audio-log.js";
import { Session } from "../../../Web/shared/session.js";
import { check, equal, test } from "./run.js";

/** A session with a clock and sockets in the test's hands. */
class Stage {
  now = 0;
  timers = [];
  sockets = [];
  events = [];

  constructor(seconds = 60, log = new AudioLog(seconds * 16_000)) {
    this.log = log;
    this.session = new Session({
      open: () => this.#socket(),
      log,
      settings: { language: "ko", policy: "" },
      emit: (event) => this.events.push(event),
      clock: { now: () => this.now, after: (delay, action) => this.#timer(delay, action) },
      random: () => 0,
    });
    this.session.start();
  }

  get socket() { return this.sockets.at(-1); }
  get state() { return this.session.state; }
  get lost() {
    return this.events.filter(({ type }) => type === "lost").map(({ from, to, reason }) => [from, to, reason]);
  }

  /** Seconds of sound in which sample number n has the value n modulo 30,000. */
  speak(seconds) {
    this.log.append(Int16Array.from({ length: seconds * 16_000 }, (_, index) => (this.log.end + index) % 30_000));
    this.session.pump();
  }

  say(message) { this.socket.onmessage({ data: JSON.stringify(message) }); }

  ready(resumeAt = 0, session = "s1") {
    this.socket.onopen?.();
    this.say({ type: "ready", session, resumeToken: `secret of ${session}`, resumeAt, policy: "alignatt" });
  }

  refuse(code, more = {}) {
    this.socket.onopen();
    this.say({ type: "error", code, message: "No.", fatal: true, ...more });
  }

  final(utterance, start, end) {
    this.say({ type: "final", utterance, text: `${utterance}`, words: [], start, end, language: "ko", confidence: 1 });
  }

  pass(milliseconds) {
    const end = this.now + milliseconds;
    for (;;) {
      const due = this.timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) {
        break;
      }
      this.now = due.at;
      this.timers.splice(this.timers.indexOf(due), 1);
      due.action();
    }
    this.now = end;
  }

  #timer(delay, action) {
    const timer = { at: this.now + delay, action };
    this.timers.push(timer);
    return () => { this.timers = this.timers.filter((other) => other !== timer); };
  }

  #socket() {
    const socket = { texts: [], samples: [], bufferedAmount: 0, isClosed: false, close() { this.isClosed = true; } };
    socket.send = (data) =>
      typeof data === "string" ? socket.texts.push(JSON.parse(data)) : socket.samples.push(...new Int16Array(data));
    this.sockets.push(socket);
    return socket;
  }
}

const isSpeech = (samples, from) => samples.every((sample, index) => sample === (from + index) % 30_000);

test("start is sent when the socket is open, sound when the server is ready", () => {
  const stage = new Stage();
  stage.speak(1);
  equal([stage.state.phase, stage.socket.texts], ["connecting", []]);
  stage.socket.onopen();
  const audio = { encoding: "pcm_s16le", sampleRate: 16_000, channels: 1 };
  equal(stage.socket.texts, [{ type: "start", version: 1, language: "ko", audio, gap: 0 }]);
  equal(stage.socket.samples.length, 0);
  stage.ready();
  stage.speak(0.5);
  equal([stage.state.phase, stage.state.policy, stage.socket.samples.length], ["listening", "alignatt", 24_000]);
  check(isSpeech(stage.socket.samples, 0), "in order");
});

test("a broken connection is taken up again where the server says, after waits that grow", () => {
  const stage = new Stage();
  stage.ready();
  stage.speak(4);
  stage.final(0, 0.2, 2);
  stage.say({ type: "ack", samples: 32_000 });
  stage.final(1, 2, 3);
  stage.socket.onclose();
  equal([stage.state.phase, stage.state.retryAt], ["reconnecting", 500]);
  stage.speak(2);
  equal(stage.session.backlog, 4);
  stage.pass(500);
  equal(stage.sockets.length, 2);
  stage.socket.onclose();
  equal(stage.state.retryAt - stage.now, 1000);
  stage.pass(1000);
  stage.ready(32_000);
  const [start] = stage.socket.texts;
  equal([start.session, start.resumeToken, start.lastFinal], ["s1", "secret of s1", 1]);
  equal(stage.socket.samples.length, 64_000);
  check(isSpeech(stage.socket.samples, 32_000), "from the second second on");
  equal([stage.state.phase, stage.lost], ["listening", []]);
  equal(stage.events.filter(({ type }) => type === "session").length, 1);
});

test("a connection that lasted starts the waits anew, one that did not does not", () => {
  const stage = new Stage();
  const waits = [];
  for (const lasted of [0, 1000, 6000]) {
    stage.ready();
    stage.pass(lasted);
    stage.socket.onclose();
    waits.push(stage.state.retryAt - stage.now);
    stage.pass(waits.at(-1));
  }
  equal(waits, [500, 1000, 500]);
});

test("what an old socket still says is not heard", () => {
  const stage = new Stage();
  stage.ready();
  const [old] = stage.sockets;
  old.onclose();
  stage.pass(500);
  stage.ready();
  old.onmessage({ data: JSON.stringify({ type: "finished", samples: 0 }) });
  old.onclose();
  equal(stage.state.phase, "listening");
});

test("a server that does not answer is asked again", () => {
  const stage = new Stage();
  stage.pass(10_000);
  check(stage.sockets[0].isClosed, "the first attempt is over");
  equal([stage.state.phase, stage.state.everReady], ["reconnecting", false]);
  stage.pass(500);
  equal(stage.sockets.length, 2);
});

test("a forgotten session is replaced, with all sound that is not in final text", () => {
  const stage = new Stage();
  stage.ready();
  stage.speak(5);
  stage.final(0, 0, 1.5);
  stage.say({ type: "ack", samples: 16_000 });
  stage.final(1, 1.5, 3);
  stage.socket.onclose();
  stage.pass(500);
  stage.refuse("session_not_found");
  stage.pass(0);
  stage.ready(0, "s2");
  equal(stage.socket.texts[0].session, undefined);
  equal(stage.socket.samples.length, 2 * 16_000);
  check(isSpeech(stage.socket.samples, 3 * 16_000), "from the end of the last final");
  equal(stage.events.filter(({ type }) => type === "session").map(({ offset }) => offset), [0, 3]);
  // Positions are those of the new session.
  stage.say({ type: "ack", samples: 16_000 });
  equal(stage.log.acked, 4 * 16_000);
  stage.socket.onclose();
  stage.pass(stage.state.retryAt - stage.now);
  stage.ready(16_000, "s2");
  equal([stage.socket.texts[0].lastFinal, stage.socket.samples.length], [undefined, 16_000]);
});

test("a full server is asked again when it says, and hears all from the beginning", () => {
  const stage = new Stage();
  stage.refuse("too_many_sessions", { retryAfter: 7 });
  equal([stage.state.phase, stage.state.retryAt, stage.state.error.code], ["waiting", 7000, "too_many_sessions"]);
  stage.speak(7);
  stage.pass(7000);
  stage.ready();
  equal([stage.state.phase, stage.state.error, stage.socket.samples.length], ["listening", null, 7 * 16_000]);
});

test("what only a person can change ends the session, and the sound is there for the next one", () => {
  const stage = new Stage();
  stage.ready();
  stage.speak(3);
  stage.final(0, 0, 1);
  stage.refuse("unauthorized");
  equal([stage.state.phase, stage.state.error.code, stage.timers.length], ["failed", "unauthorized", 0]);
  const next = new Stage(60, stage.log);
  next.ready();
  equal([next.socket.samples.length, next.events.find(({ type }) => type === "session").offset], [32_000, 1]);
});

test("a fault that may pass is tried again, one that ends nothing is only told", () => {
  const stage = new Stage();
  stage.ready();
  stage.say({ type: "error", code: "bad_message", message: "No.", fatal: false });
  equal([stage.state.phase, stage.events.at(-1).code], ["listening", "bad_message"]);
  stage.say({ type: "error", code: "something_new", message: "Oh.", fatal: true });
  equal(stage.state.phase, "reconnecting");
  stage.pass(500);
  stage.ready();
  equal(stage.socket.texts[0].session, "s1");
});

test("changed settings go out at once, or when the server is back", () => {
  const stage = new Stage();
  stage.ready();
  stage.session.configure({ language: "en", policy: "" });
  stage.session.configure({ language: "en", policy: "" });
  equal(stage.socket.texts.slice(1), [{ type: "configure", language: "en" }]);
  stage.socket.onclose();
  stage.session.configure({ language: "", policy: "local-agreement" });
  stage.pass(500);
  stage.ready();
  equal(stage.socket.texts.slice(1), [{ type: "configure", language: "auto", policy: "local-agreement" }]);
});

test("finish comes after all sound, and the last words before the end", () => {
  const stage = new Stage();
  stage.ready();
  stage.speak(2);
  stage.session.finish();
  equal([stage.state.phase, stage.socket.texts.at(-1)], ["finishing", { type: "finish" }]);
  stage.final(0, 0, 2);
  equal(stage.events.at(-1).type, "final");
  stage.say({ type: "finished", samples: 32_000 });
  equal([stage.state.phase, stage.log.acked, stage.timers.length], ["finished", 32_000, 0]);
  stage.socket?.onclose();
  equal(stage.state.phase, "finished");
});

test("a server that stops by itself is left for another session, without a gap", () => {
  const stage = new Stage();
  stage.ready();
  stage.speak(5);
  stage.say({ type: "finished", samples: 4 * 16_000 });
  equal([stage.state.phase, stage.state.finishing], ["reconnecting", false]);
  stage.pass(0);
  stage.ready(0, "s2");
  equal([stage.socket.texts[0].session, stage.events.at(-2).offset], [undefined, 4]);
  check(isSpeech(stage.socket.samples, 4 * 16_000) && stage.socket.samples.length === 16_000, "the rest is sent");
});

test("finish outlives a broken connection", () => {
  const stage = new Stage();
  stage.ready();
  stage.speak(2);
  stage.session.finish();
  stage.socket.onclose();
  equal([stage.state.phase, stage.state.finishing], ["reconnecting", true]);
  stage.pass(500);
  stage.ready(16_000);
  equal([stage.state.phase, stage.socket.samples.length], ["finishing", 16_000]);
  equal(stage.socket.texts.at(-1), { type: "finish" });
});

test("when all is acknowledged, a session that is gone after finish is finished", () => {
  const stage = new Stage();
  stage.ready();
  stage.speak(2);
  stage.session.finish();
  stage.say({ type: "ack", samples: 32_000 });
  stage.socket.onclose();
  stage.pass(500);
  stage.refuse("session_not_found");
  equal(stage.state.phase, "finished");
});

test("who does not wait for the last words is told what is missing", () => {
  const stage = new Stage();
  stage.ready();
  stage.speak(3);
  stage.final(0, 0, 1);
  stage.session.finish();
  stage.session.abandon();
  equal([stage.state.phase, stage.lost, stage.log.acked], ["finished", [[1, 3, "abandoned"]], 48_000]);
  equal(stage.events.at(-1).type, "ended");
});

test("sound beyond the log's capacity is told as lost, and sent as silence in its place", () => {
  const stage = new Stage(10);
  stage.ready();
  stage.speak(2);
  stage.say({ type: "ack", samples: 16_000 });
  stage.socket.onclose();
  stage.speak(13);
  equal(stage.session.backlog, 10);
  stage.pass(500);
  stage.ready(16_000);
  const { samples } = stage.socket;
  equal(samples.length, 14 * 16_000);
  check(samples.slice(0, 4 * 16_000).every((sample) => sample === 0), "silence for what is gone");
  check(isSpeech(samples.slice(4 * 16_000), 5 * 16_000), "then what was kept");
  equal([stage.lost[0][0], stage.lost.at(-1)[1], stage.lost[0][2]], [1, 5, "overflow"]);
});

test("a new session after an overflow begins with what is left", () => {
  const stage = new Stage(10);
  stage.speak(13);
  stage.ready();
  equal(stage.lost, [[0, 3, "overflow"]]);
  equal(stage.events.find(({ type }) => type === "session").offset, 3);
  check(isSpeech(stage.socket.samples, 3 * 16_000), "from the third second on");
});

test("no more waits in the socket than a network takes away", () => {
  const stage = new Stage();
  stage.ready();
  stage.socket.bufferedAmount = 200_000;
  stage.speak(2);
  equal(stage.socket.samples.length, 0);
  stage.socket.bufferedAmount = 0;
  stage.pass(250);
  equal(stage.socket.samples.length, 32_000);
});

test("no more than a minute is sent ahead of the server, half of it after it asked for less", () => {
  const stage = new Stage(300);
  stage.speak(200);
  stage.ready();
  equal(stage.socket.samples.length, 60 * 16_000);
  stage.say({ type: "ack", samples: 20 * 16_000 });
  equal(stage.socket.samples.length, 80 * 16_000);
  stage.say({ type: "error", code: "audio_too_fast", message: "Slower.", fatal: true });
  stage.pass(500);
  stage.ready(20 * 16_000);
  equal(stage.socket.samples.length, 30 * 16_000);
  stage.say({ type: "error", code: "audio_too_fast", message: "Slower.", fatal: true });
  stage.pass(stage.state.retryAt - stage.now);
  stage.ready(20 * 16_000);
  equal(stage.socket.samples.length, 29 * 16_000);
});

test("bytes that do not leave mean that the connection is gone", () => {
  const stage = new Stage();
  stage.ready();
  stage.socket.bufferedAmount = 500;
  stage.pass(14_000);
  equal(stage.state.phase, "listening");
  stage.pass(2000);
  check(stage.sockets[0].isClosed, "given up");
  equal([stage.sockets.length, stage.state.phase], [2, "reconnecting"]);
});

test("a wait can be cut short", () => {
  const stage = new Stage();
  stage.socket.onclose();
  stage.session.retryNow();
  equal([stage.sockets.length, stage.state.retryAt], [2, null]);
  stage.ready();
  stage.pass(2000);
  stage.session.retryNow();
  equal(stage.sockets.length, 2);
});

test("what was said is asked for behind its last sample, and again where it may have been lost", () => {
  const stage = new Stage();
  stage.ready();
  stage.speak(1);
  stage.session.flush();
  stage.session.flush();
  stage.speak(1);
  equal(stage.socket.texts.slice(1), [{ type: "flush" }]);
  equal(stage.socket.samples.length, 32_000);
  stage.socket.onclose();
  stage.pass(500);
  stage.ready(16_000);
  equal(stage.socket.texts.slice(1), [{ type: "flush" }]);
  equal(stage.socket.samples.length, 16_000);
  stage.say({ type: "flushed", samples: 16_000, reason: "asked" });
  stage.socket.onclose();
  stage.pass(1000);
  stage.ready(16_000);
  equal([stage.sockets.length, stage.socket.texts.slice(1)], [3, []]);
});

test("a flush that waits for the network stays at its place", () => {
  const stage = new Stage();
  stage.speak(1);
  stage.session.flush();
  stage.speak(2);
  stage.ready();
  stage.socket.onclose();
  stage.pass(500);
  const order = [];
  stage.socket.send = (data) => order.push(typeof data === "string" ? JSON.parse(data).type : data.byteLength / 2);
  stage.ready(8_000);
  const place = order.indexOf("flush");
  equal(order.slice(1, place).reduce((sum, count) => sum + count, 0), 8_000);
  equal(order.slice(place + 1).reduce((sum, count) => sum + count, 0), 32_000);
});
