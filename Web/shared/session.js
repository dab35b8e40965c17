// One stretch of captioning, from start to `finished`, over as many connections as it takes.

import { backoff } from "./backoff.js";
import { Flushes } from "./flushes.js";
import { configure, finish, flush, parse, remedy, sampleRate, start } from "./messages.js";
import { initial } from "./session-state.js";
import { StallWatch } from "./stall.js";

/** Bytes that may wait in the socket: beyond, the network is slower than speech, and the log is the better place. */
const highWater = 128 * 1024;
/** Samples in a message when there is more to send than what was just said. */
const longestChunk = sampleRate / 2;
/** Samples that may be sent ahead of the acknowledgements: longer than an utterance, shorter than a server's memory. */
const widestWindow = 60 * sampleRate;
const narrowestWindow = 29 * sampleRate;
/** Milliseconds within which a server answers `ready`. */
const readyWithin = 10_000;
/** Milliseconds after which a connection was a good one: after it, attempts are counted anew. */
const goodAfter = 2_000;
/** Milliseconds between two looks at what waits in the socket. */
const beat = 250;

export class Session {
  #open; #log; #clock; #random; #emit;
  #state = initial;
  /** What is wanted, and what the server's session is known to have. */
  #settings; #sentSettings;
  #socket = null;
  #isReady = false;
  #finishSent = false;
  #isOver = false;
  #attempt = 0;
  #readyAt = 0;
  #window = widestWindow;
  /** @type {import("./messages.js").Resumption | null} */
  #resumption = null;
  /** Absolute samples: the server's sample 0, the next to send, and where final text ends. */
  #base; #sent; #finalEnd;
  #flushes = new Flushes();
  #stall;
  #cancelTimer = () => {};
  #cancelBeat = () => {};

  /**
   * @param {object} parts
   * @param {() => import("./session-state.js").Socket} parts.open makes a connection
   * @param {import("./audio-log.js").AudioLog} parts.log sound that is not acknowledged; others append to it
   * @param {import("./messages.js").Settings} parts.settings
   * @param {(event: object) => void} parts.emit gets `{type: "state", state}`, the server's messages, and what a
   *     transcript needs besides: `session`, `lost` and `ended`
   * @param {import("./session-state.js").Clock} parts.clock
   * @param {() => number} [parts.random]
   */
  constructor({ open, log, settings, emit, clock, random }) {
    this.#open = open;
    this.#log = log;
    this.#settings = settings;
    this.#emit = emit;
    this.#clock = clock;
    this.#random = random;
    this.#base = this.#sent = this.#finalEnd = log.acked;
  }

  get state() {
    return this.#state;
  }

  /** Seconds of sound that wait to be sent. */
  get backlog() {
    const next = this.#isReady ? this.#sent : this.#log.acked;
    return (this.#log.end - Math.max(next, this.#log.start)) / sampleRate;
  }

  start() {
    this.#connect();
    this.#beat();
  }

  /** Sends what the log holds, as far as network and server keep up; to be called when sound was added. */
  pump() {
    if (!this.#isReady) {
      return;
    }
    const log = this.#log;
    while (this.#sent < log.end && !this.#awaitsServer && this.#socket.bufferedAmount < highWater) {
      this.#flush();
      const room = Math.min(this.#window - (this.#sent - log.acked), this.#flushes.next - this.#sent);
      const samples = log.read(this.#sent, Math.min(longestChunk, room));
      const next = this.#sent + samples.length;
      this.#lost(Math.max(this.#sent, log.acked), Math.min(next, log.start), "overflow");
      this.#socket.send(samples.buffer);
      this.#sent = next;
    }
    this.#flush();
    if (this.#state.finishing && !this.#finishSent && this.#sent >= log.end) {
      this.#finishSent = true;
      this.#socket.send(finish);
    }
  }

  /** @param {import("./messages.js").Settings} settings */
  configure(settings) {
    this.#settings = settings;
    const message = this.#isReady && configure(this.#sentSettings, settings);
    if (message) {
      this.#socket.send(message);
      this.#sentSettings = settings;
    }
  }

  /** What was said so far is wanted as final text; the sound goes on. */
  flush() {
    this.#flushes.add(this.#log.end);
    this.pump();
  }

  #flush() {
    for (; this.#flushes.next <= this.#sent; this.#flushes.sent()) {
      this.#socket.send(flush);
    }
  }

  /** No more sound comes; the last words are waited for. */
  finish() {
    this.#change({ finishing: true, phase: this.#isReady ? "finishing" : this.#state.phase });
    this.pump();
  }

  /** Ends without waiting for the last words. */
  abandon() {
    if (this.#isOver) {
      return;
    }
    this.#lost(Math.max(this.#log.acked, this.#finalEnd), this.#log.end, "abandoned");
    this.#log.release(this.#log.end);
    this.#end({ phase: "finished", error: null });
    this.#emit({ type: "ended" });
  }

  /** Tries at once, when a wait is under way. */
  retryNow() {
    if (this.#state.retryAt !== null) {
      this.#connect();
    }
  }

  get #awaitsServer() {
    return this.#sent - this.#log.acked >= this.#window;
  }

  #connect() {
    this.#cancelTimer();
    const socket = this.#open();
    const current = (action) => (event) => { if (socket === this.#socket) { action(event); } };
    this.#socket = socket;
    this.#finishSent = false;
    this.#stall = new StallWatch(this.#clock.now());
    socket.onopen = current(() => {
      this.#sentSettings = this.#resumption ? this.#sentSettings : this.#settings;
      socket.send(start(this.#settings, this.#resumption));
    });
    socket.onmessage = current((event) => this.#receive(parse(event.data)));
    socket.onclose = current(() => this.#disconnected());
    this.#cancelTimer = this.#clock.after(readyWithin, () => this.#disconnected());
    this.#change({ retryAt: null });
  }

  /** The connection is gone, or as good as gone: another one follows. */
  #disconnected(wait = null, change = { error: null }) {
    const lasted = this.#isReady ? this.#clock.now() - this.#readyAt : 0;
    this.#attempt = lasted > goodAfter ? 0 : this.#attempt;
    const delay = wait ?? backoff(this.#attempt, this.#random);
    this.#attempt += 1;
    this.#hangUp();
    this.#cancelTimer = this.#clock.after(delay, () => this.#connect());
    this.#change({ phase: "reconnecting", ...change, retryAt: this.#clock.now() + delay });
  }

  #hangUp() {
    const socket = this.#socket;
    this.#socket = null; // what it still says is nobody's business
    this.#isReady = false;
    this.#cancelTimer();
    socket?.close();
  }

  #receive(message) {
    // Before `ready` only a refusal makes sense.
    if (!message || !(this.#isReady || message.type === "ready" || message.type === "error")) {
      return;
    }
    this.#stall.heard(this.#clock.now());
    switch (message.type) {
      case "ready":
        return this.#ready(message);
      case "ack":
        this.#log.release(this.#base + message.samples);
        return this.pump();
      case "flushed":
        return this.#flushes.confirm(this.#base + message.samples);
      case "error":
        return message.fatal ? this.#refused(message) : this.#emit(message);
      case "final":
        this.#resumption.lastFinal = Math.max(this.#resumption.lastFinal, message.utterance);
        this.#finalEnd = Math.max(this.#finalEnd, this.#base + Math.round(message.end * sampleRate));
        return this.#emit(message);
      case "finished":
        this.#log.release(this.#base + message.samples);
        this.#emit(message);
        return this.#closed();
      default:
        return this.#emit(message);
    }
  }

  #ready({ session, resumeToken, resumeAt, policy }) {
    this.#cancelTimer();
    this.#readyAt = this.#clock.now();
    if (this.#resumption?.id === session) {
      this.#resumption.token = resumeToken;
    } else {
      this.#resumption = { id: session, token: resumeToken, lastFinal: -1 };
      this.#rebase();
    }
    this.#sent = this.#base + resumeAt;
    this.#flushes.resume(this.#sent);
    this.#isReady = true;
    const phase = this.#state.finishing ? "finishing" : "listening";
    this.#change({ phase, everReady: true, error: null, policy: policy ?? "" });
    this.configure(this.#settings); // they may have changed in between
    this.pump();
  }

  /** A new session begins with the oldest sound that is not in final text. */
  #rebase() {
    const wanted = Math.max(this.#log.acked, this.#finalEnd);
    this.#base = Math.max(wanted, this.#log.start);
    this.#lost(wanted, this.#base, "overflow");
    this.#log.release(this.#base);
    this.#emit({ type: "session", offset: this.#base / sampleRate });
  }

  #refused(error) {
    const wait = error.retryAfter > 0 ? error.retryAfter * 1000 : null;
    switch (remedy(error.code)) {
      case "fail":
        return this.#end({ phase: "failed", error });
      case "renew":
        return this.#closed();
      case "wait":
        return this.#disconnected(wait ?? readyWithin, { phase: "waiting", error });
      case "slow":
        this.#window = Math.max(narrowestWindow, this.#window / 2);
        return this.#disconnected(wait, { error });
      default:
        return this.#disconnected(wait, { error });
    }
  }

  /** The server's session is over: as was wanted, or because the server stops or has forgotten it. */
  #closed() {
    if (this.#state.finishing && this.#log.acked >= this.#log.end) {
      return this.#end({ phase: "finished", error: null });
    }
    const wasOpen = this.#resumption !== null;
    this.#resumption = null; // a new one takes the rest
    return this.#disconnected(wasOpen ? 0 : null);
  }

  #beat() {
    this.#cancelBeat = this.#clock.after(beat, () => {
      this.#beat();
      this.pump();
      const buffered = this.#isReady ? this.#socket.bufferedAmount : 0;
      if (this.#isReady && this.#stall.isStalled(this.#clock.now(), buffered, this.#awaitsServer)) {
        this.#disconnected();
      }
    });
  }

  #lost(from, to, reason) {
    if (from < to) {
      this.#emit({ type: "lost", from: from / sampleRate, to: to / sampleRate, reason });
    }
  }

  #end(change) {
    this.#isOver = true;
    this.#cancelBeat();
    this.#hangUp();
    this.#log.release(this.#finalEnd);
    this.#change({ ...change, retryAt: null });
  }

  #change(change) {
    this.#state = { ...this.#state, ...change };
    this.#emit({ type: "state", state: this.#state });
  }
}
