// Finds captions by what is in them.

/**
 * Hides lines without the text; what is read and typed in different cases and forms is the same.
 * @param {HTMLElement} container of the lines
 * @param {string} wanted empty for all
 * @returns {number} how many are found
 */
export function find(container, wanted) {
  const plain = (text) => text.normalize("NFKC").toLocaleLowerCase();
  const part = plain(wanted.trim());
  let count = 0;
  for (const line of container.children) {
    const isFound = part === "" || plain(textOf(line)).includes(part);
    line.hidden = !isFound;
    count += isFound ? 1 : 0;
  }
  return count;
}

/** What is said in a line and what it means, without its time. */
function textOf(line) {
  const parts = [...line.querySelectorAll(".text, .translation")];
  return parts.length > 0 ? parts.map(({ textContent }) => textContent).join(" ") : line.textContent;
}
