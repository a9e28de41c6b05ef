// The words of a page stand in its template, in the reader's language.

export function readWords(template) {
  const words = {};
  for (const place of template.content.querySelectorAll("[data-word]")) words[place.dataset.word] = place.textContent;
  return words;
}

export const fill = (words, values) => words.replace(/\{(\w+)\}/gu, (_, name) => values[name]);
