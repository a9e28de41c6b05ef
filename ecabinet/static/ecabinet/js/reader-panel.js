// The panel beside the paper: the dossier, contents, pages, notes. Beside it on a desk, over it on a phone.
//
// `show(name)` opens it at a tab. A pane that comes into sight is told by `panel:shown`.

const STATE = "reader panel";
const BESIDE = matchMedia("(min-width: 62em)");

class ReaderPanel extends HTMLElement {
  connectedCallback() {
    this.frame = this.closest(".reader");
    this.tabs = [...this.querySelectorAll("[role='tab']")];
    for (const tab of this.tabs) tab.addEventListener("click", () => this.choose(tab.dataset.tab));
    this.querySelector("[role='tablist']").addEventListener("keydown", (event) => this.move(event));
    this.frame.addEventListener("click", (event) => {
      const button = event.target.closest("[data-toggle-panel]");
      if (button) this.toggle(button);
    });
    this.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !BESIDE.matches) this.close();
    });
    this.frame.addEventListener("reader:chosen", () => {
      if (!BESIDE.matches) this.close();
    });
    this.choose(this.dataset.first);
    const wanted = BESIDE.matches ? localStorage.getItem(STATE) !== "closed" : this.dataset.asked === "yes";
    this.setOpen(wanted);
    this.querySelector("[aria-current='page']")?.scrollIntoView({ block: "nearest" });
  }

  get isOpen() {
    return this.hasAttribute("open");
  }

  show(name) {
    this.setOpen(true);
    this.choose(name);
  }

  choose(name) {
    for (const tab of this.tabs) {
      const chosen = tab.dataset.tab === name;
      tab.setAttribute("aria-selected", String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
      this.querySelector(`[data-panel="${tab.dataset.tab}"]`).hidden = !chosen;
    }
    this.chosen = name;
    this.announce();
  }

  announce() {
    if (this.isOpen) this.querySelector(`[data-panel="${this.chosen}"]`).dispatchEvent(new Event("panel:shown"));
  }

  move(event) {
    const shown = this.tabs.filter((tab) => !tab.hidden);
    const at = shown.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: shown.length - 1 }[event.key];
    if (to === undefined || at < 0) return;
    event.preventDefault();
    const tab = shown.at(to % shown.length);
    this.choose(tab.dataset.tab);
    tab.focus();
  }

  toggle(button) {
    if (this.isOpen) this.close();
    else {
      this.opener = button;
      this.setOpen(true);
      this.querySelector("[aria-selected='true']").focus();
    }
    if (BESIDE.matches) localStorage.setItem(STATE, this.isOpen ? "open" : "closed");
  }

  close() {
    const within = this.contains(document.activeElement);
    this.setOpen(false);
    if (within) (this.opener ?? this.frame.querySelector("[data-toggle-panel]:not(reader-panel *)"))?.focus();
  }

  setOpen(open) {
    this.toggleAttribute("open", open);
    for (const button of this.frame.querySelectorAll("[data-toggle-panel][aria-expanded]")) {
      button.setAttribute("aria-expanded", String(open));
    }
    this.announce();
  }
}

customElements.define("reader-panel", ReaderPanel);
