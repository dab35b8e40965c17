// Which microphone to use, of those that are there.

/**
 * @typedef {{id: string, label: string}} Device an empty `id` is whatever the system prefers
 */

const aliases = ["", "default", "communications"];

/** @type {Device} */
export const systemDefault = { id: "", label: "" };

/**
 * The microphones in a browser's list of devices, without Chromium's second names for the default, and without those
 * that have no name: before permission is given, a browser does not say what there is.
 * @param {{kind: string, deviceId: string, label: string}[]} devices
 * @returns {Device[]}
 */
export function microphones(devices) {
  return devices
    .filter(({ kind, deviceId, label }) => kind === "audioinput" && label && !aliases.includes(deviceId))
    .map(({ deviceId, label }) => ({ id: deviceId, label }));
}

/**
 * The remembered microphone, found by name where its id has changed, as it does in some browsers; else the default.
 * @param {Device[]} present
 * @param {Device} wanted
 */
export function choose(present, wanted) {
  const same = present.find(({ id }) => id === wanted.id) ?? present.find(({ label }) => label === wanted.label);
  return wanted.id === "" || !same ? systemDefault : same;
}
