// The keyboard. Letters work only outside fields, and can be switched off (WCAG 2.1.4); "?" lists them.

const LETTERS = "reader letters";
const KEYS = {
  n: "next",
  j: "next",
  p: "previous",
  k: "previous",
  "+": "larger",
  "=": "larger",
  "-": "smaller",
  w: "width",
  f: "whole",
  r: "rotate",
  b: "pair",
  "/": "search-open",
  g: "go",
  d: "dossier",
  u: "unread",
  "[": "paper-before",
  "]": "paper-after",
  "?": "help",
};

export function addKeys(reader) {
  const { deeds } = reader;
  const help = reader.querySelector("[data-help]");
  const choice = help.querySelector("[data-letters]");
  const follow = (name) => reader.querySelector(`a[data-go="${name}"]`)?.click();

  deeds.go = () => reader.form("page").page.focus();
  deeds.dossier = () => reader.querySelector("[data-toggle-panel]")?.click();
  deeds.unread = () => follow("unread");
  deeds["paper-before"] = () => follow("before");
  deeds["paper-after"] = () => follow("after");
  deeds.help = () => help.showModal();

  choice.checked = localStorage.getItem(LETTERS) !== "off";
  choice.addEventListener("change", () => localStorage.setItem(LETTERS, choice.checked ? "on" : "off"));

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || help.open) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "f") {
      event.preventDefault();
      deeds["search-open"]();
    } else if (event.key === "Escape" && !reader.form("search").hidden) {
      deeds["search-close"]();
    } else if (choice.checked && !event.ctrlKey && !event.metaKey && !event.altKey) {
      if (event.target.closest("input, textarea, select, [contenteditable], dialog")) return;
      const deed = deeds[KEYS[event.key]];
      if (!deed) return;
      event.preventDefault();
      deed();
    }
  });
}
