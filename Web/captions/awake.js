// A screen that goes dark takes the microphone with it on a phone: it is kept on while somebody speaks.

let lock = null;

/** @param {boolean} isWanted to be called again when the page is seen again: the browser lets go when it is hidden */
export async function keepAwake(isWanted) {
  if (!isWanted) {
    lock?.release();
    lock = null;
  } else if (!lock || lock.released) {
    lock = await navigator.wakeLock?.request("screen").catch(() => null) ?? null;
  }
}
