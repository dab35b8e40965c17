// Where the server is: everything is found from where this module was loaded (`<base>/shared/addresses.js`), so that it
// works behind a proxy, under any prefix, and for pages at any depth below the base.

/**
 * The address of something under the server's base.
 * @param {string} path such as `v1/listen`
 * @param {string} [module] address of this module
 */
export function address(path, module = import.meta.url) {
  return new URL(`../${path}`, module).href;
}

/**
 * The same as a WebSocket: `wss:` where the page came over `https:`.
 * @param {string} path
 * @param {string} [module]
 */
export function socketAddress(path, module) {
  return address(path, module).replace(/^http/, "ws");
}
