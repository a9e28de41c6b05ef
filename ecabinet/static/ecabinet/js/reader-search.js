// Searching as people type Vietnamese: without accents anything fits, with accents they count. đ is no accented d in Unicode.

const MARKS = /[\u0300-\u036f]/u;

export const hasAccents = (words) => /[đĐ]/u.test(words) || MARKS.test(words.normalize("NFD"));

// One letter for one letter, so that places found stay where they are.
export const plainD = (words) => words.replaceAll("đ", "d").replaceAll("Đ", "D");

// With accents, a place fits when its own letters, put together again, are those that were typed.
const same = (found, words) => found.normalize("NFC").toLowerCase() === words.normalize("NFC").toLowerCase();

export function finderOver(PDFFindController) {
  return class extends PDFFindController {
    match(words, page, index) {
      const places = super.match(plainD(words), plainD(page), index);
      if (!places || !hasAccents(words)) return places;
      const plainSpaces = (text) => text.replace(/\s+/gu, " ").trim();
      return places.filter(({ index: start, length }) =>
        same(plainSpaces(page.slice(start, start + length)), plainSpaces(words)),
      );
    }
  };
}

export function addSearch(reader) {
  const { bus, deeds } = reader;
  const { FindState } = reader.web;
  const form = reader.form("search");
  const found = reader.part("found");
  let searched;

  function open(wanted) {
    form.hidden = !wanted;
    reader.querySelector("[data-do='search']").setAttribute("aria-expanded", String(wanted));
    if (wanted) form.q.select();
    else {
      bus.dispatch("findbarclose", { source: reader });
      reader.querySelector("[data-do='search']").focus();
    }
  }

  function find(words, backwards = false) {
    const query = words.normalize("NFC").trim();
    if (!query) return;
    const again = query === searched;
    searched = query;
    bus.dispatch("find", {
      source: reader,
      type: again ? "again" : "",
      query,
      caseSensitive: false,
      entireWord: false,
      highlightAll: true,
      findPrevious: backwards,
      matchDiacritics: false,
    });
  }

  function show({ current, total }) {
    if (total) found.textContent = reader.dataset.wordFound.replace("{current}", current).replace("{total}", total);
  }

  deeds.search = () => open(form.hidden);
  deeds["search-open"] = () => open(true);
  deeds["search-close"] = () => open(false);
  deeds["find-previous"] = () => find(form.q.value, true);
  form.addEventListener("submit", (event) => {
    if (event.submitter?.hasAttribute("formaction")) return; // the whole dossier: the server's matter
    event.preventDefault();
    find(form.q.value);
  });
  bus.on("updatefindmatchescount", ({ matchesCount }) => show(matchesCount));
  bus.on("updatefindcontrolstate", ({ state, matchesCount }) => {
    if (state === FindState.PENDING) found.textContent = reader.dataset.wordSearching;
    else if (state === FindState.NOT_FOUND) found.textContent = reader.dataset.wordNotFound;
    else show(matchesCount);
  });

  // Come here from a hit: the words are marked on the page that was opened.
  const words = reader.dataset.find;
  if (!words) return;
  form.q.value = words;
  find(words);
  addEventListener("hashchange", () => {
    searched = null;
    find(words);
  });
}
