// What the state line, the problem line and the button say: a pure function of how things stand.

/**
 * A text is its key in `strings.js` with its values.
 * @typedef {{key: string, values?: object}} Text
 * @typedef {{tone: "calm" | "live" | "busy" | "bad", state: Text, details: Text[], problem: Text | null,
 *     button: {action: "start" | "stop" | "giveUp", isEnabled: boolean, text: string}}} Status
 */

/**
 * @param {object} facts
 * @param {import("./captioner.js").Phase} facts.phase
 * @param {import("./shared/session-state.js").State | null} facts.session
 * @param {string | null} facts.problem
 * @param {number} facts.backlog seconds
 * @param {boolean} facts.isDropping
 * @param {number} facts.keptMinutes
 * @param {number} facts.now milliseconds
 * @param {string} facts.origin of the page
 * @returns {Status}
 */
export function status({ phase, session, problem, backlog, isDropping, keptMinutes, now, origin }) {
  const isAway = ["connecting", "waiting", "reconnecting"].includes(phase);
  const details = [];
  if (isAway && session?.retryAt !== null && session?.retryAt > now) {
    details.push({ key: "detail.retry", values: { seconds: Math.ceil((session.retryAt - now) / 1000) } });
  }
  if (isAway && isDropping) {
    details.push({ key: "detail.dropping", values: { minutes: keptMinutes } });
  } else if (["waiting", "reconnecting"].includes(phase)) {
    details.push({ key: "detail.kept", values: { seconds: Math.round(backlog) } });
  }
  return {
    tone: tone(phase, problem),
    state: { key: `state.${stateOf(phase, session)}` },
    details,
    problem: problemOf(phase, session, problem, origin),
    button: button(phase, session, problem),
  };
}

function stateOf(phase, session) {
  return phase === "reconnecting" && !session.everReady ? "unreachable" : phase;
}

function tone(phase, problem) {
  switch (phase) {
    case "failed": return "bad";
    case "listening": return "live";
    case "idle":
    case "finished": return problem ? "bad" : "calm";
    default: return "busy";
  }
}

function problemOf(phase, session, problem, origin) {
  if (problem) {
    return { key: `problem.${problem}` };
  }
  if (phase !== "failed") {
    return null;
  }
  const { code, message } = session.error;
  const known = ["unauthorized", "origin_not_allowed"].includes(code);
  return { key: `problem.${known ? code : "server"}`, values: { message, origin } };
}

function button(phase, session, problem) {
  switch (phase) {
    case "idle":
    case "finished": return { action: "start", isEnabled: true, text: problem ? "again" : "start" };
    case "failed": return { action: "start", isEnabled: true, text: "again" };
    case "asking": return { action: "start", isEnabled: false, text: "start" };
    default:
      return session.finishing
        ? { action: "giveUp", isEnabled: true, text: "giveUp" }
        : { action: "stop", isEnabled: true, text: "stop" };
  }
}
