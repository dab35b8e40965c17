import { Chart } from "../../../Web/panel/chart.js";
import { make } from "../../../Web/panel/elements.js";
import { Figures, Shares, span } from "../../../Web/panel/figures.js";
import { Notices } from "../../../Web/panel/notices.js";
import { increase, parse, quantile, sum } from "../../../Web/panel/prometheus.js";
import { SessionsView } from "../../../Web/panel/sessions-view.js";
import { dictionaries } from "../../../Web/panel/strings.js";
import { WorkersView } from "../../../Web/panel/workers-view.js";
import { Texts } from "../../../Web/shared/i18n.js";
import { check, equal, test } from "./run.js";

const texts = new Texts(dictionaries, "en");

test("metrics are read with their labels", () => {
  const metrics = parse('# HELP a b\n# TYPE a counter\na{x="1",y="\\"q\\" \\\\ {}"} 2\na{x="2"} 3.5\nb 1e3\nc{le="+Inf"} +Inf\n\n');
  equal(metrics.get("a")[0], { labels: { x: "1", y: '"q" \\ {}' }, value: 2 });
  equal([sum(metrics, "a"), sum(metrics, "a", { x: "2" }), sum(metrics, "b"), sum(metrics, "none")], [5.5, 3.5, 1000, 0]);
  equal(metrics.get("c")[0].value, Infinity);
});

test("counters rise, and count from nothing when a server began anew", () => {
  const metrics = (cpu, gpu) => parse(`w{device="cpu",kind="live"} ${cpu}\nw{device="cpu",kind="final"} 1\nw{device="gpu",kind="live"} ${gpu}\n`);
  equal(increase(metrics(10, 5), metrics(14, 5), "w", "device"), { cpu: 4, gpu: 0 });
  equal(increase(metrics(10, 5), metrics(3, 7), "w", "device", { kind: "live" }), { cpu: 3, gpu: 2 });
  equal(increase(parse(""), metrics(3, 0), "w", "device"), { cpu: 4, gpu: 0 });
});

test("quantiles lie where the buckets say, and nowhere where nothing was counted", () => {
  const histogram = (...counts) =>
    parse(["0.5", "1.0", "2.0", "+Inf"].map((le, index) => `l_bucket{le="${le}"} ${counts[index]}`).join("\n"));
  const [before, after] = [histogram(5, 5, 5, 5), histogram(5, 15, 25, 25)];
  equal(quantile(0.5, before, after, "l"), 1);
  equal(quantile(0.75, before, after, "l"), 1.5);
  equal(quantile(0.5, before, before, "l"), null);
  equal(quantile(0.99, before, histogram(5, 5, 5, 9), "l"), 2);
});

test("figures of eight hours are those of two minutes", () => {
  const figures = new Figures();
  for (let at = 0; at < 8 * 3600; at += 2) {
    figures.add(`sori_sessions 2\nsori_windows_total{role="recognizer",device="cpu",outcome="answered"} ${at * 3}\n`, at);
  }
  check(figures.all.length <= span / 2 + 1, `${figures.all.length} are kept`);
  equal(figures.all.at(-1).windows, { cpu: 3 });
  equal(figures.all.at(-1).latency, null);
});

test("shares are those of the last minute, by role", () => {
  const shares = new Shares();
  const workers = (a, b) => [["recognizer", "a", a], ["recognizer", "b", b], ["detector", "a", 9]]
    .map(([role, address, answered]) => ({ role, address, answered }));
  shares.update(workers(0, 0), 0);
  equal([...shares.update(workers(30, 10), 30)], [["recognizer a", 0.75], ["recognizer b", 0.25]]);
  equal([...shares.update(workers(30, 50), 200)], []);
});

test("notices tell what has changed, once, and nothing of what was there before", () => {
  const notices = new Notices();
  const worker = (state, reason) => [{ role: "recognizer", address: "a:1", state, reason }];
  const session = (changes) => [{ id: "h.1", name: "h", isConnected: true, isLate: false, ...changes }];
  notices.workers(worker("ready"), 1);
  notices.sessions(session(), 1);
  equal(notices.all, []);
  notices.workers(worker("unreachable", "gone"), 2);
  notices.workers(worker("unreachable", "gone"), 3);
  notices.sessions(session({ isConnected: false }), 4);
  notices.sessions([], 5);
  equal(notices.all.map(({ key }) => key), ["notice.session.closed", "notice.session.away", "notice.worker.unreachable"]);
  notices.changes([{ at: 6, by: "x", what: "mode cpu" }]);
  notices.changes([{ at: 6, by: "x", what: "mode cpu" }, { at: 7, by: "x", what: "mode gpu" }]);
  equal(notices.all.slice(0, 2).map(({ values }) => values.what), ["mode gpu", "mode cpu"]);
  // The server's clock was set back, and then it began anew.
  notices.changes([{ at: 6, by: "x", what: "mode cpu" }, { at: 7, by: "x", what: "mode gpu" }, { at: 2, by: "x", what: "mode auto" }]);
  notices.changes([]);
  notices.changes([{ at: 1, by: "x", what: "OBS: on" }]);
  equal(notices.all.slice(0, 2).map(({ values }) => values.what), ["OBS: on", "mode auto"]);
  notices.obs({ phase: "off" }, 8);
  notices.obs({ phase: "waiting", message: "not there yet" }, 9);
  notices.obs({ phase: "waiting", message: "not there yet" }, 10);
  notices.obs({ phase: "connected" }, 11);
  equal(notices.all.slice(0, 2).map(({ key, tone }) => [key, tone]), [["notice.obs.connected", "good"], ["notice.obs.trouble", "bad"]]);
  // Nobody knows what happened while the connection was away.
  notices.forget();
  notices.workers(worker("ready"), 8);
  equal(notices.all.length, 9);
  for (let at = 0; at < 1000; at += 1) notices.workers(worker(at % 2 ? "ready" : "resting"), at);
  equal(notices.all.length, 100);
});

function table() {
  const element = make("table", {}, make("tbody"));
  document.body.append(element);
  return element;
}
const evil = '<img src=x onerror="document.title=1">';

test("script in names, reasons and models is text, and rows keep their elements", () => {
  const [mode, workers, sessions] = [make("fieldset"), table(), table()];
  const view = new WorkersView({ mode, table: workers }, texts, { onMode() {}, onDrain() {} });
  const worker = {
    role: "recognizer", address: evil, state: "refused", reason: evil, device: evil, model: evil, inFlight: 0, queue: 0,
    answered: 0, averageWork: 0,
  };
  view.render({ mode: "auto", workers: [worker] }, new Map());
  const row = workers.querySelector("tbody tr");
  view.render({ mode: "auto", workers: [{ ...worker, state: "ready" }] }, new Map());
  check(workers.querySelector("tbody tr") === row, "a row is the same element");
  const list = new SessionsView(sessions, texts, { onEnd() {} });
  list.render([{ id: evil, name: evil, holder: evil, isConnected: true, policy: evil, received: 3, onlookers: 0 }], null);
  equal(document.querySelectorAll("table img").length, 0);
  check(sessions.textContent.includes(evil), sessions.textContent);
  list.render([], null);
  equal(sessions.tBodies[0].children.length, 0);
});

test("a chart draws what it has, with gaps where there is nothing", () => {
  const root = make("figure", {}, make("h3", { textContent: "Delay" }), make("output"));
  const chart = new Chart(root, { kind: "lines", name: (key) => key, now: ({ a }) => String(a) });
  chart.draw([]);
  chart.draw([1, 2, null, 4, 5].map((a, at) => ({ at, values: { a } })));
  equal(root.querySelectorAll("polyline").length, 2);
  equal(root.querySelector("svg").getAttribute("aria-label"), "Delay: 5");
  const stack = new Chart(make("figure", {}, make("h3"), make("output")), { kind: "stack", name: (key) => key, now: () => "" });
  stack.draw([{ at: 0, values: { x: 1, y: 2 } }, { at: 1, values: { x: 2, y: 0 } }]);
});

test("both languages of the panel say the same things", () => {
  equal(Object.keys(dictionaries.ko), Object.keys(dictionaries.en));
});
