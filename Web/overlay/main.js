// The overlay: a transparent page with the newest captions of one session, or of all sessions of a name.

import { address } from "../shared/addresses.js";
import { follow } from "../shared/event-stream.js";
import { negotiate, Texts } from "../shared/i18n.js";
import { empty, reduce } from "../shared/transcript.js";
import { CaptionLines } from "./caption-lines.js";
import { demo } from "./demo.js";
import { apply, read } from "./look.js";
import { dictionaries } from "./strings.js";

/** Lines that are kept; older ones are never shown again. */
const keptLines = 12;
/** Milliseconds after a stream opens for the first time, in which finals come that were said before. */
const replay = 500;

const query = new URLSearchParams(location.search);
const secret = new URLSearchParams(location.hash.slice(1));
const texts = new Texts(dictionaries, negotiate(navigator.languages, ["en", "ko"]));
const captions = document.getElementById("captions");
const problem = document.getElementById("problem");
const lines = new CaptionLines(captions);

let look = read(query);
let transcript = empty;
let session = null;
let openedAt = null;
let fading = 0;

function show(next) {
  look = next;
  apply(document.documentElement, look);
  lines.render(transcript, look.show);
  touch();
}

/** Something new is to be seen, for as long as it is to be seen. */
function touch() {
  clearTimeout(fading);
  document.body.classList.remove("faded");
  if (look.fade > 0) {
    fading = setTimeout(() => document.body.classList.add("faded"), look.fade * 1000);
  }
}

/** Once it cannot be seen any more, it does not come back with the next word. */
captions.addEventListener("transitionend", ({ target }) => {
  if (target === captions && document.body.classList.contains("faded")) {
    transcript = { ...transcript, lines: [] };
    lines.render(transcript, look.show);
  }
});

function take(message) {
  if (message.type === "session") {
    if (message.session === session) return;
    session = message.session;
    transcript = reduce(transcript, { type: "session", offset: transcript.offset });
  } else if (message.type !== "final" || !isReplay(message)) {
    transcript = reduce(transcript, message);
  }
  if (transcript.lines.length > keptLines) {
    transcript = { ...transcript, lines: transcript.lines.slice(-keptLines) };
  }
  if (lines.render(transcript, look.show)) touch();
}

/** Whether a final was said before anybody looked on. */
function isReplay({ utterance }) {
  const isEarly = openedAt !== null && performance.now() - openedAt < replay;
  return isEarly && !transcript.live.some(({ key }) => key.endsWith(`:${utterance}`));
}

function source() {
  for (const by of ["name", "session"]) {
    const value = query.get(by);
    if (value) return address(`v1/${by}s/${encodeURIComponent(value)}/events`);
  }
  return null;
}

function showState({ phase, status, reason }) {
  document.body.dataset.state = phase;
  if (phase === "open") openedAt ??= performance.now();
  // What only the streamer can mend is told; a server that is away for a moment is nothing for the audience.
  const key = `refused.${status}`;
  problem.textContent = phase === "refused" ? (texts.text(key) === key ? reason : texts.text(key)) : "";
  problem.hidden = problem.textContent === "";
}

show(look);
if (query.has("demo")) {
  document.body.dataset.state = "demo";
  demo(take);
  // The editor beside it changes the look.
  addEventListener("message", ({ origin, data }) => {
    if (origin === location.origin && typeof data?.look === "string") show(read(new URLSearchParams(data.look)));
  });
} else if (source()) {
  const token = secret.get("token") ?? query.get("token") ?? "";
  const stream = follow(source(), {
    token,
    onEvent: (data) => take(JSON.parse(data)),
    onState: showState,
  });
  addEventListener("online", stream.wake);
} else {
  location.replace(`editor.html${location.search}${location.hash}`);
}
