// Messages of the wire protocol, version 1.

/** Samples a second of everything that is sent. */
export const sampleRate = 16_000;

/** The language is to be heard, whatever the server's default. */
const detected = "auto";

/**
 * Empty: the language is detected, the server's default policy, no name under which onlookers find the session, nothing to listen for.
 * @typedef {{language: string, policy: string, name?: string, hotwords?: string[], translate?: boolean}} Settings
 * @typedef {{id: string, token: string, lastFinal: number}} Resumption `lastFinal` is -1 before the first
 */

/**
 * The first message of a connection.
 * @param {Settings} settings
 * @param {Resumption | null} resumption
 */
export function start(settings, resumption) {
  const message = {
    type: "start",
    version: 1,
    language: settings.language || detected,
    policy: settings.policy || undefined,
    name: settings.name || undefined,
    hotwords: settings.hotwords?.length ? settings.hotwords : undefined,
    translate: settings.translate || undefined,
    audio: { encoding: "pcm_s16le", sampleRate, channels: 1 },
    // The page says itself when nothing comes: a network that stands still must not look like that.
    gap: 0,
  };
  if (resumption) {
    message.session = resumption.id;
    message.resumeToken = resumption.token;
    message.lastFinal = resumption.lastFinal < 0 ? undefined : resumption.lastFinal;
  }
  return JSON.stringify(message);
}

/** What may change while a session runs. */
const changeable = ["language", "policy", "hotwords", "translate"];

/**
 * What has changed, as a `configure` message; `null` when nothing has.
 * @param {Settings} before
 * @param {Settings} after
 */
export function configure(before, after) {
  const changed = changeable.filter((key) => String(after[key] || "") !== String(before[key] || ""));
  // On the wire `null` means the server's default, absence means no change.
  const entries = changed.map((key) => [key, after[key] || (key === "language" ? detected : null)]);
  return changed.length === 0 ? null : JSON.stringify({ type: "configure", ...Object.fromEntries(entries) });
}

/** What was said so far is wanted as final text. */
export const flush = JSON.stringify({ type: "flush" });

/** No more sound comes. */
export const finish = JSON.stringify({ type: "finish" });

/**
 * A text frame from the server; `null` for one that is not a message.
 * @param {string} text
 */
export function parse(text) {
  try {
    const message = JSON.parse(text);
    return typeof message?.type === "string" ? message : null;
  } catch {
    return null;
  }
}

/**
 * What a client does after a fatal error: `fail` needs a person, `renew` asks for a new session, `wait` is for a server
 * that is full, `slow` sends less ahead; anything else may pass by itself: `retry`.
 * @param {string} code
 * @returns {"fail" | "renew" | "wait" | "slow" | "retry"}
 */
export function remedy(code) {
  switch (code) {
    case "unauthorized":
    case "origin_not_allowed":
    case "bad_start":
    case "bad_message":
    case "unsupported_audio":
    case "message_too_large":
      return "fail";
    case "session_not_found":
      return "renew";
    case "too_many_sessions":
      return "wait";
    case "audio_too_fast":
      return "slow";
    default:
      return "retry";
  }
}
