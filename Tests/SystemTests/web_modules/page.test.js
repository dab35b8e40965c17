import { Hints } from "../../../Web/captions/hints.js";
import { share } from "../../../Web/captions/meter.js";
import { status } from "../../../Web/captions/status.js";
import { dictionaries } from "../../../Web/captions/strings.js";
import { address, authorized, socketAddress } from "../../../Web/shared/addresses.js";
import { backoff } from "../../../Web/shared/backoff.js";
import { choose, microphones, systemDefault } from "../../../Web/shared/device-choice.js";
import { negotiate, Texts } from "../../../Web/shared/i18n.js";
import { languages, tag } from "../../../Web/shared/languages.js";
import { configure, parse, start } from "../../../Web/shared/messages.js";
import { check, equal, test } from "./run.js";

const idle = {
  phase: "idle", session: null, problem: null, backlog: 0, isDropping: false,
  keptMinutes: 30, now: 1000, origin: "https://a",
};
const session = { phase: "reconnecting", everReady: true, finishing: false, retryAt: null, error: null };
const keys = (facts) => {
  const { state, details, problem } = status({ ...idle, ...facts });
  return [state.key, details.map(({ key }) => key), problem?.key ?? null];
};

test("a token stays out of addresses where it can", () => {
  equal(authorized("ws://a/b", ""), ["ws://a/b", []]);
  equal(authorized("ws://a/b", "sori_x_y-z"), ["ws://a/b", ["sori", "sori.token.sori_x_y-z"]]);
  equal(authorized("ws://a/b", "p@ss word"), ["ws://a/b?access_token=p%40ss%20word", []]);
});

test("addresses follow the module: any prefix, any scheme", () => {
  equal(address("v1/listen", "https://example.org/a/b/shared/addresses.js"), "https://example.org/a/b/v1/listen");
  equal(socketAddress("v1/listen", "https://example.org/shared/addresses.js"), "wss://example.org/v1/listen");
  equal(socketAddress("v1/listen", "http://localhost/sori/shared/addresses.js"), "ws://localhost/sori/v1/listen");
});

test("waits double up to 15 seconds, and jitter takes up to half", () => {
  equal([0, 1, 2, 5, 50].map((attempt) => backoff(attempt, () => 0)), [500, 1000, 2000, 15_000, 15_000]);
  equal(backoff(1, () => 0.5), 750);
});

test("a name and words to listen for are told, the name at the start only", () => {
  const settings = { language: "ko", policy: "", name: "haneul", hotwords: ["하늘", "Sori"] };
  const { name, hotwords } = JSON.parse(start(settings, null));
  equal([name, hotwords], ["haneul", ["하늘", "Sori"]]);
  const without = JSON.parse(start({ language: "", policy: "", name: "", hotwords: [] }, null));
  equal(["name" in without, "hotwords" in without], [false, false]);
  equal(configure(settings, { ...settings, name: "other", hotwords: ["하늘", "Sori"] }), null);
  equal(JSON.parse(configure(settings, { ...settings, hotwords: ["Sori"] })), { type: "configure", hotwords: ["Sori"] });
  equal(JSON.parse(configure(settings, { ...settings, hotwords: [] })).hotwords, []);
});

test("what is no message is not taken for one", () => {
  equal(["", "{", "[]", "null", "1", '{"type":1}'].map(parse), [null, null, null, null, null, null]);
  equal(parse('{"type":"ack","samples":1}').samples, 1);
});

test("a microphone is found by its id, then by its name, else the default is taken", () => {
  const input = (deviceId, label = `mic ${deviceId}`) => ({ kind: "audioinput", deviceId, label });
  const camera = { kind: "videoinput", deviceId: "v", label: "camera" };
  const second = [input("default"), input("communications")];
  const present = microphones([...second, input("x"), camera, input("y"), input("z", "")]);
  equal(present, [{ id: "x", label: "mic x" }, { id: "y", label: "mic y" }]);
  equal(choose(present, { id: "y", label: "" }).id, "y");
  equal(choose(present, { id: "changed", label: "mic x" }).id, "x");
  equal(choose(present, { id: "gone", label: "gone" }), systemDefault);
  equal(choose(present, systemDefault), systemDefault);
});

test("the page speaks the first language of the reader that it can", () => {
  equal(negotiate(["ja-JP", "ko-KR", "en"], ["en", "ko"]), "ko");
  equal(negotiate(["de"], ["en", "ko"]), "en");
});

test("both languages have the same texts, with the same values in them", () => {
  const shape = (dictionary) => Object.entries(dictionary)
    .map(([key, text]) => `${key} ${(text.match(/\{\w+\}/g) ?? []).sort()}`).sort();
  equal(shape(dictionaries.ko), shape(dictionaries.en));
  equal(new Texts(dictionaries, "en").text("detail.retry", { seconds: 3 }), "again in 3 s");
});

test("all hundred languages, Korean, English and Japanese first", () => {
  const all = languages("en");
  equal([all.length, ...all.slice(0, 3).map(({ code }) => code)], [100, "ko", "en", "ja"]);
  equal(all[0].name, "Korean · 한국어");
  equal([tag("jw"), tag("ko")], ["jv", "ko"]);
  check(all.every(({ code }) => Intl.getCanonicalLocales(tag(code)).length === 1), "tags that browsers know");
});

test("the state says what happens, and that nothing is lost", () => {
  equal(keys({}), ["state.idle", [], null]);
  equal(keys({ phase: "listening", session }), ["state.listening", [], null]);
  equal(keys({ phase: "reconnecting", session: { ...session, retryAt: 4000 } }),
    ["state.reconnecting", ["detail.retry", "detail.kept"], null]);
  equal(keys({ phase: "reconnecting", session: { ...session, everReady: false } })[0], "state.unreachable");
  equal(keys({ phase: "waiting", session, isDropping: true }), ["state.waiting", ["detail.dropping"], null]);
});

test("a problem says what to do", () => {
  equal(keys({ problem: "refused" })[2], "problem.refused");
  const failed = (code) => keys({ phase: "failed", session: { ...session, error: { code, message: "why" } } })[2];
  equal([failed("unauthorized"), failed("bad_start")], ["problem.unauthorized", "problem.server"]);
});

test("every text that the state can ask for is there", () => {
  const { en } = dictionaries;
  const unconnected = ["idle", "asking", "connecting", "waiting", "reconnecting"];
  for (const phase of [...unconnected, "listening", "finishing", "finished", "failed"]) {
    const error = { code: "internal", message: "" };
    const { state, button, problem } = status({ ...idle, phase, session: { ...session, error } });
    check([state.key, button.text, problem?.key ?? state.key].every((key) => key in en), `texts of ${phase}`);
  }
});

test("the button starts, stops, and in the end stops waiting", () => {
  const action = (phase, finishing) =>
    status({ ...idle, phase, session: { ...session, finishing } }).button.action;
  equal(["idle", "listening", "reconnecting"].map((phase) => action(phase, false)), ["start", "stop", "stop"]);
  equal(["finishing", "reconnecting", "finished"].map((phase) => action(phase, true)), ["giveUp", "giveUp", "start"]);
});

test("the latest thing to know is shown, until it is no longer so", () => {
  const hints = new Hints(() => {});
  const notice = (code) => hints.receive({ type: "notice", code });
  notice("captions_delayed");
  notice("recognizer_unavailable");
  equal(hints.latest.key, "recognizer_unavailable");
  hints.receive({ type: "partial" });
  equal(hints.latest.key, "captions_delayed");
  notice("recognizer_unavailable");
  notice("recognizer_available");
  equal(hints.latest.key, "captions_delayed");
  notice("captions_on_time");
  equal(hints.latest, null);
  hints.receive({ type: "error", code: "shutting_down", fatal: false });
  equal(hints.latest.key, "shutting_down");
});

test("the meter shows decibels", () => {
  equal([0, 0.001, 1, 2].map((peak) => share(peak).toFixed(2)), ["0.00", "0.00", "1.00", "1.00"]);
  check(Math.abs(share(0.0316) - 0.5) < 0.01, "-30 dB is the middle");
});
