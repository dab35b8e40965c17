// Puts the page together.

import { keepAwake } from "./awake.js";
import { Captioner, clock, keptMinutes } from "./captioner.js";
import { Follower } from "./follow.js";
import { Meter } from "./meter.js";
import { copy, download } from "./saving.js";
import { History } from "./history.js";
import { HistoryView } from "./history-view.js";
import { editLines } from "./line-editor.js";
import { find } from "./search.js";
import { SettingsView } from "./settings.js";
import { SoundCheckView } from "./sound-check-view.js";
import { negotiate, Texts } from "./shared/i18n.js";
import { prepare } from "./shared/microphone.js";
import { recall, remember } from "./shared/preferences.js";
import { hasText } from "./shared/transcript.js";
import { status } from "./status.js";
import { dictionaries } from "./strings.js";
import { clockTime, TranscriptView } from "./transcript-view.js";

const element = (id) => document.getElementById(id);
const texts = new Texts(dictionaries, recall("interface", negotiate(navigator.languages, ["en", "ko"])));
const describe = ({ reason, start, end }) =>
  texts.text(`gap.${reason}`, { from: clockTime(start), to: clockTime(end) });

// In the part of the address that browsers do not send, so that no log of a proxy has it.
const token = new URLSearchParams(location.hash.slice(1)).get("access_token") ?? "";
const captioner = new Captioner({
  onChange: () => schedule(),
  onLevel: (peak) => meter.show(peak),
  onLost: () => settings.findDevices(),
  token,
});
const meter = new Meter(element("level"));
const view = new TranscriptView(element("finals"), element("live"), describe, () => texts.text("edit"));
editLines(element("finals"), {
  onEdit: (key, text) => captioner.edit(key, text),
  textOf: (key) => captioner.transcript.lines.find((line) => line.key === key)?.text ?? "",
  label: () => texts.text("edit"),
});
const history = new History();
const historyView = new HistoryView(
  {
    menu: element("history-menu"), list: element("history-list"), nothing: element("history-nothing"),
    clear: element("history-clear"),
  },
  history,
  {
    mayOpen: () => !captioner.isRunning,
    onOpen: async ({ id, at }) => {
      const lines = await history.lines(id);
      keeping = { id, at };
      isEarlier = true;
      captioner.show(lines);
      element("history-menu").hidePopover();
    },
  });
new Follower(element("captions"), element("column"), element("latest"));
const settings = new SettingsView(
  {
    language: element("language"),
    policy: element("policy"),
    microphone: element("microphone"),
    interface: element("interface"),
    name: element("name"),
    hotwords: element("hotwords"),
    translate: element("translate"),
  },
  {
    onChange: () => captioner.configure(settings.settings),
    onDevice: () => reconsiderDevice(),
    onInterface: (language) => {
      texts.language = language;
      speak();
    },
  });

const check = new SoundCheckView(
  {
    button: element("check"), level: element("check-level"), state: element("check-state"), sound: element("check-sound"),
    text: element("check-text"),
  },
  () => (captioner.isRunning ? null : { device: settings.device, settings: settings.settings, token, clock }));

function speak() {
  texts.apply(document);
  document.title = texts.text("title");
  settings.render(texts);
  historyView.render(texts);
  check.render(texts);
  view.retell();
  schedule();
}

/** The chosen microphone may have come back, or gone. */
function reconsiderDevice() {
  const { device, missing } = settings;
  if (captioner.device?.id !== device.id || captioner.hints.has("lostDevice")) {
    captioner.useDevice(device);
  }
  captioner.hints.set("otherDevice", captioner.isRunning && missing !== "", { wanted: missing });
}

/** Draws before the next frame, once, however much has changed. */
let isScheduled = false;
function schedule() {
  if (!isScheduled) {
    isScheduled = true;
    requestAnimationFrame(() => {
      isScheduled = false;
      draw();
    });
  }
}

function draw() {
  const { transcript, phase, session, problem, backlog, isDropping, isRunning, hints } = captioner;
  const here = { keptMinutes, now: performance.now(), origin: location.origin };
  const shown = status({ phase, session, problem, backlog, isDropping, ...here });
  const say = (id, text) => write(element(id), text ? texts.text(text.key, text.values) : "");

  document.body.dataset.tone = shown.tone;
  document.body.dataset.phase = phase;
  document.body.classList.toggle("speaking", transcript.speaking && isRunning);
  say("state", shown.state);
  write(element("detail"), shown.details.map(({ key, values }) => texts.text(key, values)).join(" · "));
  say("problem", shown.problem);
  say("hint", hints.latest && { key: `hint.${hints.latest.key}`, values: hints.latest.values });

  const startStop = element("start-stop");
  startStop.dataset.action = shown.button.action;
  // Not disabled: it would lose the focus of who uses the keyboard.
  startStop.ariaDisabled = String(!shown.button.isEnabled);
  write(element("start-stop-text"), texts.text(shown.button.text));

  const isEmpty = transcript.lines.length === 0 && transcript.live.length === 0;
  element("empty").hidden = !isEmpty;
  const invitation = ["listening", "finishing"].includes(phase) ? "Running" : "";
  write(element("empty-title"), texts.text(`empty.title${invitation}`));
  write(element("empty-steps"), texts.text(`empty.steps${invitation}`));
  for (const id of ["copy", "save"]) {
    element(id).disabled = !hasText(transcript);
  }
  element("search").hidden = !hasText(transcript);
  settings.showPolicy(session?.policy ?? "");
  view.render(transcript, settings.settings.language);
  search();
  keep(transcript.lines);
}

/** Shows the lines with what is searched for; while nothing is, no line is looked at. */
let isSearching = false;
function search() {
  const wanted = element("search").value;
  if (wanted.trim() === "" && !isSearching) return;
  isSearching = wanted.trim() !== "";
  const count = find(element("finals"), wanted);
  element("live").hidden = wanted.trim() !== "";
  element("search").title = wanted.trim() ? texts.text("found", { count }) : "";
}

/** Under which the transcript that is shown is kept. */
let keeping = newEntry();
/** Whether it is one of before. */
let isEarlier = false;
let kept = [];
let keepTimer = 0;

function newEntry() {
  const at = Date.now();
  return { id: `${String(at).padStart(15, "0")}-${Math.random().toString(36).slice(2)}`, at };
}

/** Keeps the lines a moment after they have changed. */
function keep(lines) {
  if (lines === kept) return;
  if (lines.length === 0) keeping = newEntry();
  kept = lines;
  clearTimeout(keepTimer);
  keepTimer = setTimeout(() => history.save(keeping.id, keeping.at, kept), 1000);
}

function write(target, text) {
  if (target.textContent !== text) {
    target.textContent = text;
    target.hidden = text === "";
  }
}

async function startOrStop() {
  if (element("start-stop").ariaDisabled === "true") {
    return;
  }
  if (element("start-stop").dataset.action !== "start") {
    return captioner.stop();
  }
  if (isEarlier) {
    // What is said now is another transcript.
    isEarlier = false;
    captioner.show([]);
  }
  await captioner.start(settings.settings, settings.device, element("shared").checked);
  return settings.findDevices(); // now that the browser tells their names
}

element("start-stop").addEventListener("click", startOrStop);
element("copy").addEventListener("click", () => copy(captioner.transcript, describe).then(
  () => captioner.hints.mention("copied"),
  () => captioner.hints.mention("copyRefused")));
for (const format of ["txt", "srt", "vtt"]) {
  element(`save-${format}`).addEventListener("click", () => {
    download(format, captioner.transcript, describe);
    element("save-menu").hidePopover();
  });
}
element("clear").addEventListener("click", () => {
  element("save-menu").hidePopover();
  if (confirm(texts.text("clearQuestion"))) {
    captioner.clear();
  }
});

element("search").addEventListener("input", search);
element("compact").checked = recall("compact", false);
element("compact").addEventListener("change", ({ target }) => {
  remember("compact", target.checked);
  document.body.classList.toggle("compact", target.checked);
});
document.body.classList.toggle("compact", element("compact").checked);
addEventListener("pagehide", () => history.save(keeping.id, keeping.at, kept));

addEventListener("online", () => captioner.wake());
addEventListener("pointerdown", () => captioner.hints.has("paused") && captioner.wake());
document.addEventListener("visibilitychange", () => !document.hidden && captioner.isRunning && captioner.wake());
addEventListener("beforeunload", (event) => {
  if (captioner.isRunning || captioner.hasUnheard) {
    event.preventDefault();
  }
});
// Counts down, and keeps the screen on.
setInterval(() => {
  if (captioner.isRunning) {
    schedule();
  }
  keepAwake(captioner.isRunning && !document.hidden);
}, 500);

speak();
settings.findDevices();
// What is missing is told when somebody presses Start.
prepare().catch(() => {});
