// The sessions: who speaks, how loud, since when; and what is said, where administrators may read along.

import { follow } from "../shared/event-stream.js";
import { empty, reduce } from "../shared/transcript.js";
import { make, Rows, write } from "./elements.js";

/** Decibels below full scale at the left end of the meter. */
const quietest = -60;

export class SessionsView {
  #texts; #rows; #admin;
  #reading = new Map();

  /**
   * @param {HTMLTableElement} table
   * @param {import("../shared/i18n.js").Texts} texts
   * @param {{onEnd: (session: object) => void}} events
   */
  constructor(table, texts, { onEnd }) {
    this.#texts = texts;
    this.#rows = new Rows(table.tBodies[0], (session) => this.#row(session, onEnd));
  }

  /**
   * @param {object[]} sessions
   * @param {import("./admin.js").Admin} admin
   */
  render(sessions, admin) {
    this.#admin = admin;
    this.#rows.render(sessions, ({ id }) => id);
    const ids = new Set(sessions.map(({ id }) => id));
    for (const [id, stop] of this.#reading) {
      if (!ids.has(id)) {
        stop();
        this.#reading.delete(id);
      }
    }
  }

  clear() {
    for (const stop of this.#reading.values()) stop();
    this.#reading.clear();
    this.#rows.clear();
  }

  #row(first, onEnd) {
    const texts = this.#texts;
    const [name, id, state] = ["b", "span", "span"].map((tag) => make(tag));
    const [level, language, length, onlookers] = Array.from({ length: 4 }, () => make("td"));
    const bar = make("i");
    const meter = make("div", { className: "meter", role: "meter", "aria-valuemin": quietest, "aria-valuemax": 0 }, bar);
    const end = make("button", { type: "button", className: "quiet bad" });
    const read = make("button", { type: "button", className: "quiet", "aria-expanded": "false" });
    const text = make("p", { className: "said", hidden: true, dir: "auto" });
    state.className = "state";
    id.className = "soft";
    level.append(meter);
    const element = make(
      "tr", {}, make("th", { scope: "row" }, name, id, text), make("td", {}, state), level, language, length, onlookers,
      make("td", {}, read, end));
    let session = first;
    end.addEventListener("click", () => confirm(texts.text("endQuestion", { name: session.name ?? session.id })) && onEnd(session));
    read.addEventListener("click", () => this.#toggle(session.id, read, text));
    return {
      element,
      update: (now) => {
        session = now;
        const phase = !now.isConnected ? "away" : now.isLate ? "late" : "open";
        element.dataset.state = { away: "resting", late: "not_ready", open: "ready" }[phase];
        write(name, now.name ?? now.id);
        write(id, [now.name && now.id, now.holder && texts.text("holder", { name: now.holder })].filter(Boolean).join(" · "));
        write(state, texts.text(`session.${phase}`));
        const decibels = now.isConnected ? Math.max(quietest, now.level ?? quietest) : quietest;
        bar.style.setProperty("transform", `scaleX(${(1 - decibels / quietest).toFixed(3)})`);
        meter.ariaValueNow = Math.round(decibels);
        meter.ariaLabel = texts.text("level");
        meter.ariaValueText = texts.text("decibels", { value: Math.round(decibels) });
        write(language, `${now.language ?? "–"} · ${now.policy}`);
        write(length, duration(now.received));
        write(onlookers, String(now.onlookers));
        write(read, texts.text("read"));
        write(end, texts.text("end"));
        end.ariaLabel = `${texts.text("end")}: ${now.name ?? now.id}`;
        read.ariaLabel = `${texts.text("read")}: ${now.name ?? now.id}`;
      },
    };
  }

  /** Shows or hides what is said in a session. */
  #toggle(id, button, text) {
    const stop = this.#reading.get(id);
    text.hidden = stop !== undefined;
    button.ariaExpanded = String(!text.hidden);
    if (stop) {
      stop();
      this.#reading.delete(id);
      return;
    }
    let transcript = reduce(empty, { type: "session", offset: 0 });
    text.textContent = "…";
    const stream = follow(this.#admin.textAddress(id), {
      token: this.#admin.token,
      onEvent: (data) => {
        transcript = reduce(transcript, JSON.parse(data));
        transcript = { ...transcript, lines: transcript.lines.slice(-3) };
        const lines = transcript.lines.map((line) => line.text ?? "");
        const live = transcript.live.map(({ stable, tentative }) => stable + tentative);
        write(text, [...lines, ...live].join(" ").slice(-300) || "…");
      },
      onState: ({ phase, reason }) => {
        if (phase === "refused") write(text, messageOf(reason));
      },
    });
    this.#reading.set(id, stream.stop);
  }
}

/** A refusal is JSON with a message. */
function messageOf(reason) {
  try {
    return JSON.parse(reason).message;
  } catch {
    return reason;
  }
}

function duration(seconds) {
  const [minutes, rest] = [Math.floor(seconds / 60), Math.floor(seconds % 60)];
  return `${minutes}:${String(rest).padStart(2, "0")}`;
}
