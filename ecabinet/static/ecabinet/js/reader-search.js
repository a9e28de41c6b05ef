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
