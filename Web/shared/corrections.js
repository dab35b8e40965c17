// Which words of a final text differ from the text that was stable before it.

// Chinese characters and kana count one by one, anything else by what stands between white space.
const single = "\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}ー";
const pattern = new RegExp(`[${single}]|[^\\s${single}]+`, "gu");

/**
 * The final text in pieces, of which the corrected ones are marked.
 * @param {string} stable
 * @param {string} final
 * @returns {{text: string, corrected: boolean}[]}
 */
export function corrections(stable, final) {
  const before = words(stable);
  const after = words(final);
  const kept = matches(before, after);
  const corrected = [];
  let next = 0;
  for (const [, j] of kept) {
    corrected.push(...after.slice(next, j));
    next = j + 1;
  }
  // After the last word that both have, the final text goes on: as many of its words are corrections as stable ones are
  // left over, the rest is new.
  const left = before.length - 1 - (kept.at(-1)?.[0] ?? -1);
  corrected.push(...after.slice(next, next + left));
  return pieces(final, corrected);
}

function words(text) {
  return Array.from(text.matchAll(pattern), (match) => ({
    start: match.index,
    end: match.index + match[0].length,
    // Punctuation and capitals come and go without anybody having been misheard.
    key: match[0].toLowerCase().replace(/[\p{P}\p{S}]/gu, ""),
  })).filter((word) => word.key !== "");
}

/** Pairs of indices of a longest common subsequence. */
function matches(before, after) {
  const common = Array.from({ length: before.length + 1 }, () => new Uint16Array(after.length + 1));
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) {
      const same = before[i].key === after[j].key;
      common[i][j] = same ? common[i + 1][j + 1] + 1 : Math.max(common[i + 1][j], common[i][j + 1]);
    }
  }
  const pairs = [];
  for (let i = 0, j = 0; i < before.length && j < after.length;) {
    if (before[i].key === after[j].key) {
      pairs.push([i, j]);
      [i, j] = [i + 1, j + 1];
    } else if (common[i + 1][j] >= common[i][j + 1]) {
      i += 1;
    } else {
      j += 1;
    }
  }
  return pairs;
}

function pieces(text, marked) {
  const result = [];
  let position = 0;
  for (const { start, end } of marked) {
    const between = text.slice(position, start);
    const last = result.at(-1);
    if (last && between.trim() === "") {
      last.text += text.slice(position, end);
    } else {
      result.push({ text: between, corrected: false }, { text: text.slice(start, end), corrected: true });
    }
    position = end;
  }
  result.push({ text: text.slice(position), corrected: false });
  return result.filter((piece) => piece.text !== "");
}
