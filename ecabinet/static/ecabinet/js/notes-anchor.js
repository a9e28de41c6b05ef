// Where a note belongs in another version of its paper: by the quoted words with what stood around them, exactly or
// nearly; drawings by the likeness of pages. Text alone goes in and places come out.

const AROUND = 32; // letters before and after a quotation that are kept with it
const PIECE = 10; // letters that must be the same somewhere for a near match
const MOST_DIFFERENT = 0.25; // of the letters of a quotation
const MOST_TRIED = 24; // places that have most of those pieces
const SHORTEST_NEAR = 20; // letters: what is shorter must be found as it is
const LIKE_ENOUGH = 0.5; // of the words of a page
const ALIKE = { "‐": "-", "‑": "-", "–": "-", "—": "-", "“": '"', "”": '"', "„": '"', "‘": "'", "’": "'" };

// Many notes are sought in the same pages: what was worked out for a text is kept.
function remembered(work) {
  const known = new Map();
  return (text) => {
    if (!known.has(text)) {
      if (known.size > 2000) known.clear();
      known.set(text, work(text));
    }
    return known.get(text);
  };
}

// Small letters without spaces, and from where to where each stood. Accents count: they are other words.
export const fold = remembered((text) => {
  const letters = [];
  const from = [];
  const to = [];
  for (const { 0: cluster, index } of text.matchAll(/\P{M}\p{M}*/gsu)) {
    const plain = cluster.normalize("NFC").toLowerCase();
    if (/[\s\u00ad\u200b]/u.test(plain)) continue;
    for (const letter of ALIKE[plain] ?? plain) {
      letters.push(letter);
      from.push(index);
      to.push(index + cluster.length);
    }
  }
  return { text: letters.join(""), from, to };
});

export function quoteFrom(text, start, end) {
  const words = (from, to) => text.slice(Math.max(from, 0), to).replace(/\s+/gu, " ");
  return {
    exact: words(start, end).trim(),
    prefix: words(start - AROUND, start),
    suffix: words(end, end + AROUND),
  };
}

// Letters that two texts have alike, counted from where they meet.
function meet(one, other, backwards) {
  let count = 0;
  const length = Math.min(one.length, other.length);
  while (count < length) {
    const [a, b] = backwards ? [one.at(-1 - count), other.at(-1 - count)] : [one[count], other[count]];
    if (a !== b) break;
    count += 1;
  }
  return length ? count / length : 1;
}

function context(page, start, end, quote) {
  const before = meet(page.text.slice(Math.max(start - AROUND, 0), start), fold(quote.prefix ?? "").text, true);
  const after = meet(page.text.slice(end, end + AROUND), fold(quote.suffix ?? "").text, false);
  return before + after;
}

// How much must be changed so that `words` stands somewhere in `text`: least changes, and where that place is.
export function nearest(words, text) {
  let costs = Array.from({ length: words.length + 1 }, (_, row) => row);
  let starts = new Array(words.length + 1).fill(0);
  let best = { changes: Infinity, start: 0, end: 0 };
  for (let column = 1; column <= text.length; column += 1) {
    const next = [0];
    const begun = [column];
    for (let row = 1; row <= words.length; row += 1) {
      const same = costs[row - 1] + (words[row - 1] === text[column - 1] ? 0 : 1);
      const left = costs[row] + 1;
      const up = next[row - 1] + 1;
      const least = Math.min(same, left, up);
      next.push(least);
      begun.push(least === same ? starts[row - 1] : least === left ? starts[row] : begun[row - 1]);
    }
    costs = next;
    starts = begun;
    if (costs[words.length] < best.changes) best = { changes: costs[words.length], start: starts[words.length], end: column };
  }
  return best;
}

function exactPlaces(words, page) {
  const places = [];
  for (let at = page.text.indexOf(words); at >= 0; at = page.text.indexOf(words, at + 1)) places.push(at);
  return places;
}

// Where pieces of the words stand as they are, there the rest may be near: the places with most of them are looked into.
function nearPlaces(words, pages, near) {
  const slack = Math.ceil(words.length * MOST_DIFFERENT);
  const seeds = [];
  pages.forEach((page, index) => {
    const found = new Map();
    for (let at = 0; at + PIECE <= words.length; at += PIECE) {
      for (const place of exactPlaces(words.slice(at, at + PIECE), page)) {
        const seed = Math.round((place - at) / slack);
        found.set(seed, (found.get(seed) ?? 0) + 1);
      }
    }
    for (const [seed, votes] of found) seeds.push({ index, seed, votes });
  });
  const far = ({ index }) => Math.abs(index + 1 - near);
  const most = seeds.sort((one, other) => other.votes - one.votes || far(one) - far(other)).slice(0, MOST_TRIED);
  return most.map(({ index, seed }) => {
    const from = Math.max((seed - 2) * slack, 0);
    const found = nearest(words, pages[index].text.slice(from, from + words.length + 4 * slack));
    return { index, start: from + found.start, end: from + found.end, changes: found.changes };
  });
}

// The best place of a quotation in some pages: {page (from 1), start, end, exact} in their own letters, or null.
// `near` is the page on which it is looked for first when several places are as good.
export function findQuote(pages, quote, near = 1) {
  const words = fold(quote.exact).text;
  if (!words) return null;
  const folded = pages.map(fold);
  let best = null;
  const offer = (index, start, end, changes) => {
    const likeness = 2 * (1 - changes / words.length) + context(folded[index], start, end, quote);
    const score = likeness - Math.abs(index + 1 - near) * 0.01;
    if (!best || score > best.score) best = { index, start, end, changes, score };
  };
  folded.forEach((page, index) => {
    for (const at of exactPlaces(words, page)) offer(index, at, at + words.length, 0);
  });
  if (!best && words.length >= SHORTEST_NEAR) {
    for (const { index, start, end, changes } of nearPlaces(words, folded, near)) {
      if (changes <= words.length * MOST_DIFFERENT) offer(index, start, end, changes);
    }
  }
  // A few letters stand in many places: without the words around them they prove nothing.
  if (!best || (words.length < 8 && context(folded[best.index], best.start, best.end, quote) < 0.5)) return null;
  const { from, to } = folded[best.index];
  return {
    page: best.index + 1,
    start: from[best.start],
    end: to[best.end - 1],
    exact: best.changes === 0,
  };
}

const pieces = remembered((page) => {
  const words = page.normalize("NFC").toLowerCase().split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  const found = new Set();
  for (let at = 0; at + 2 < words.length; at += 1) found.add(words.slice(at, at + 3).join(" "));
  if (words.length && words.length < 3) found.add(words.join(" "));
  return found;
});

function likeness(one, other) {
  if (!one.size || !other.size) return 0;
  let both = 0;
  for (const piece of one) if (other.has(piece)) both += 1;
  return (2 * both) / (one.size + other.size);
}

// The page of the new version that an old page has become (from 1), or null. A page without text stays where it was
// as long as the number of pages is the same.
export function findPage(before, after, page) {
  const old = before[page - 1];
  if (old === undefined) return null;
  const same = after.findIndex((text) => text === old && text.trim());
  if (before.indexOf(old) === page - 1 && same >= 0) return same + 1;
  const sought = pieces(old);
  if (!sought.size) return before.length === after.length ? page : null;
  let best = { score: 0, page: null };
  after.forEach((text, index) => {
    const score = likeness(sought, pieces(text)) - Math.abs(index + 1 - page) * 0.001;
    if (score > best.score) best = { score, page: index + 1 };
  });
  return best.score >= LIKE_ENOUGH ? best.page : null;
}

// The content of a note on the new version. What finds no place waits for its owner with its words and old page.
export function follow(content, before, after) {
  if (content.kind === "item") return content;
  const waiting = { ...content, waits: true };
  if (content.waits) return waiting;
  if (content.kind === "highlight") {
    const found = after && findQuote(after, content.quote, content.page);
    if (!found) return waiting;
    const quote = quoteFrom(after[found.page - 1], found.start, found.end);
    return { ...content, page: found.page, quote, quads: null, is_near: !found.exact };
  }
  const page = before && after && findPage(before, after, content.page);
  return page ? { ...content, page } : waiting;
}
