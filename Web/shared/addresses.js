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

/**
 * Address and subprotocols of a WebSocket that shows a token. As a subprotocol it stays out of addresses, and so out of the
 * logs of proxies; where it has characters that a subprotocol may not have, it goes into the address.
 * @param {string} address
 * @param {string} token may be empty
 * @returns {[string, string[]]}
 */
export function authorized(address, token) {
  if (!token) return [address, []];
  // https://www.rfc-editor.org/rfc/rfc9110#name-tokens
  if (/^[\w!#$%&'*+.^`|~-]+$/.test(token)) return [address, ["sori", `sori.token.${token}`]];
  return [`${address}?access_token=${encodeURIComponent(token)}`, []];
}
