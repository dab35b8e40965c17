// How a stretch of captioning stands.

/**
 * `finishing` tells, whatever the phase, that no more sound comes.
 * @typedef {"connecting" | "waiting" | "reconnecting" | "listening" | "finishing" | "finished" | "failed"} Phase
 * @typedef {{phase: Phase, everReady: boolean, finishing: boolean, retryAt: number | null,
 *     error: {code: string, message: string} | null, policy: string}} State
 * @typedef {Pick<WebSocket, "send" | "close" | "bufferedAmount" | "onopen" | "onmessage" | "onclose">} Socket
 * @typedef {{now(): number, after(milliseconds: number, action: () => void): () => void}} Clock
 */

/** @type {State} */
export const initial = { phase: "connecting", everReady: false, finishing: false, retryAt: null, error: null, policy: "" };
