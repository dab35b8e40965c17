// The control panel: what a server does now, and what administrators change in it.

import { follow } from "../shared/event-stream.js";
import { negotiate, Texts } from "../shared/i18n.js";
import { recall, remember } from "../shared/preferences.js";
import { Admin } from "./admin.js";
import { CaptionsForm } from "./captions-form.js";
import { Chart } from "./chart.js";
import { make, write } from "./elements.js";
import { Figures, Shares } from "./figures.js";
import { Notices } from "./notices.js";
import { OBSForm } from "./obs-form.js";
import { SessionsView } from "./sessions-view.js";
import { dictionaries } from "./strings.js";
import { WorkersView } from "./workers-view.js";

/** Milliseconds between two looks at the metrics. */
const interval = 2_000;
/** Where a token is kept until the tab is closed. */
const kept = "sori.administrator";

const element = (id) => document.getElementById(id);
const texts = new Texts(dictionaries, recall("interface", negotiate(navigator.languages, ["en", "ko"])));
const seconds = () => performance.now() / 1000;

let admin = null;
let stream = null;
let timer = 0;
let state = { workers: { workers: [] }, sessions: { sessions: [] }, captions: null };
let figures = new Figures();
const shares = new Shares();
let notices = new Notices();

/** Does what was asked for, and tells when that was refused. */
async function attempt(change) {
  try {
    await change();
    showProblem("");
  } catch (error) {
    showProblem(texts.text("problem.change", { message: error.message }));
    form.restore();
    obs.restore();
    drawWorkers();
  }
}

const workers = new WorkersView({ mode: element("mode"), table: element("workers") }, texts, {
  onMode: (mode) => attempt(() => admin.setMode(mode)),
  onDrain: (worker, drained) => attempt(() => admin.drain(worker, drained)),
});
const sessions = new SessionsView(element("sessions"), texts, {
  onEnd: ({ id }) => attempt(() => admin.endSession(id)),
});
const form = new CaptionsForm(element("captions"), texts, {
  onChange: (change) => attempt(() => admin.changeCaptions(change)),
  onReset: () => attempt(() => admin.resetCaptions()),
});

const obs = new OBSForm(element("obs"), texts, { onChange: (change) => attempt(() => admin.changeOBS(change)) });

const named = (key) => {
  const text = texts.text(`series.${key}`);
  return text === `series.${key}` ? key : text;
};
const rounded = (value, digits) => value.toFixed(digits);
const total = (values) => Object.values(values).reduce((sum, value) => sum + (value ?? 0), 0);
const charts = {
  sessions: new Chart(element("chart-sessions"), { kind: "lines", least: 4, name: named, now: ({ sessions }) => String(sessions) }),
  latency: new Chart(element("chart-latency"), {
    kind: "lines", least: 1.5, name: named,
    now: ({ latency, slowest }) => (latency === null ? texts.text("chart.none")
      : texts.text("chart.latencyNow", { median: rounded(latency, 1), slowest: rounded(slowest, 1) })),
  }),
  windows: new Chart(element("chart-windows"), { kind: "stack", least: 4, name: named, now: (values) => rounded(total(values), 1) }),
  dropped: new Chart(element("chart-dropped"), { kind: "stack", least: 2, name: named, now: (values) => String(total(values)) }),
};

function showProblem(text) {
  write(element("problem"), text);
  element("problem").hidden = text === "";
}

function drawWorkers() {
  workers.render(state.workers, shares.update(state.workers.workers, seconds()));
}

function drawSessions() {
  const { sessions: all } = state.sessions;
  element("sessions").hidden = all.length === 0;
  element("no-sessions").hidden = all.length > 0;
  sessions.render(all, admin);
}

/** The notices that stand in the list, the newest first. */
let shownNotices = [];

/** Adds what is new on top: what stands is not read aloud again. */
function drawNotices() {
  if (shownNotices === notices.all) return;
  const known = new Set(shownNotices);
  const clock = new Intl.DateTimeFormat(texts.language, { timeStyle: "medium" });
  const list = element("notices");
  list.prepend(...notices.all.filter((notice) => !known.has(notice)).map(({ at, tone, key, values }) =>
    make("li", { className: tone }, make("time", { textContent: clock.format(at) }), texts.text(key, values).replace(/: $/, ""))));
  while (list.children.length > notices.all.length) list.lastElementChild.remove();
  shownNotices = notices.all;
  element("no-notices").hidden = notices.all.length > 0;
  list.parentElement.hidden = notices.all.length === 0;
}

/** Writes all of them anew. */
function clearNotices() {
  shownNotices = [];
  element("notices").replaceChildren();
}

function drawCharts() {
  const { all } = figures;
  charts.sessions.draw(all.map(({ at, sessions }) => ({ at, values: { sessions } })));
  charts.latency.draw(all.map(({ at, latency, slowest }) => ({ at, values: { latency, slowest } })));
  charts.windows.draw(all.map(({ at, windows }) => ({ at, values: windows })));
  charts.dropped.draw(all.map(({ at, dropped }) => ({ at, values: dropped })));
}

function take(data, type) {
  const told = JSON.parse(data);
  const now = Date.now();
  switch (type) {
    case "workers":
      state = { ...state, workers: told };
      notices.workers(told.workers, now);
      drawWorkers();
      return drawNotices();
    case "sessions":
      state = { ...state, sessions: told };
      notices.sessions(told.sessions, now);
      drawSessions();
      return drawNotices();
    case "captions":
      return form.render(told);
    case "obs":
      notices.obs(told, now);
      obs.render(told);
      return drawNotices();
    case "changes":
      notices.changes(told);
      return drawNotices();
    default:
  }
}

function showConnection({ phase, status }) {
  document.body.dataset.connection = phase;
  write(element("connection"), texts.text(`connection.${phase}`));
  if (phase === "refused") leave({ 401: "signIn.wrong", 403: "signIn.off" }[status] ?? "signIn.wrong");
  if (phase === "away") {
    notices.forget();
    if (document.body.dataset.view === "sign-in") write(element("sign-in-problem"), texts.text("signIn.unreachable"));
  }
  if (phase === "open") {
    sessionStorage.setItem(kept, admin.token);
    show("panel");
  }
}

async function lookAtMetrics() {
  try {
    figures.add(await admin.metrics(), seconds());
    drawCharts();
  } catch {
    // The stream of events tells when the server is away, and when it is back.
  }
}

function enter(token) {
  admin = new Admin(token);
  figures = new Figures();
  notices = new Notices();
  clearNotices();
  stream = follow(admin.eventsAddress, { token, onEvent: take, onState: showConnection });
  timer = setInterval(lookAtMetrics, interval);
  lookAtMetrics();
}

function leave(reason) {
  stream?.stop();
  clearInterval(timer);
  sessionStorage.removeItem(kept);
  sessions.clear();
  show("sign-in");
  write(element("sign-in-problem"), reason ? texts.text(reason) : "");
  write(element("connection"), "");
}

function show(view) {
  if (document.body.dataset.view === view) return;
  document.body.dataset.view = view;
  element("sign-in").hidden = view !== "sign-in";
  element("panel").hidden = view !== "panel";
  if (view === "sign-in") element("token").focus();
}

function speak() {
  texts.apply(document);
  document.title = texts.text("title");
  const languages = Object.entries(dictionaries).map(([code, { name }]) => new Option(name, code));
  element("interface").replaceChildren(...languages);
  element("interface").value = texts.language;
  workers.clear();
  sessions.clear();
  form.clear();
  obs.restore();
  clearNotices();
  if (admin) {
    drawWorkers();
    drawSessions();
    drawNotices();
    drawCharts();
    write(element("connection"), texts.text(`connection.${document.body.dataset.connection}`));
  }
}

element("sign-in-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const token = element("token").value.trim();
  element("token").value = "";
  write(element("sign-in-problem"), "");
  stream?.stop();
  clearInterval(timer);
  if (token) enter(token);
});
element("sign-out").addEventListener("click", () => leave(""));
element("interface").addEventListener("change", ({ target }) => {
  remember("interface", target.value);
  texts.language = target.value;
  speak();
});
addEventListener("online", () => stream?.wake());
document.addEventListener("visibilitychange", () => !document.hidden && stream?.wake());

speak();
const given = new URLSearchParams(location.hash.slice(1)).get("token");
// Not in the address for longer than needed: it may be seen by whoever looks over a shoulder, or at a stream.
if (given) history.replaceState(null, "", location.pathname + location.search);
const token = given ?? sessionStorage.getItem(kept);
if (token) enter(token);
else element("token").focus();
