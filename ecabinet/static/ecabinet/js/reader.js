// The reader of one document: pdf.js with our own bars. It keeps the place of reading on the server.
import * as pdfjs from "../vendor/pdfjs/pdf.min.mjs";
import { finderOver } from "./reader-search.js";

const SAVE_AFTER = 1500;
const STEP = 1.2;
const WIDEST = 1.35; // at first sight: a page of a thousand pixels, as lines longer than that tire
const THEME = "reader theme";

// Page labels in the language of the page; pdf.js carries English alone.
const silent = {
  getLanguage: () => document.documentElement.lang,
  getDirection: () => "ltr",
  get: async (_ids, _args, fallback) => fallback ?? "",
  translate: async () => {},
  translateOnce: async () => {},
  destroy: async () => {},
  pause() {},
  resume() {},
};

class PdfReader extends HTMLElement {
  async connectedCallback() {
    this.listen();
    this.useTheme(localStorage.getItem(THEME) ?? "day");
    try {
      await this.open();
      this.part("wait").hidden = true;
    } catch (problem) {
      console.error(problem);
      this.part("wait").hidden = true;
      this.part("fallback").hidden = false;
    }
  }

  part(name) {
    return this.querySelector(`[data-${name}]`);
  }

  form(name) {
    return this.querySelector(`[data-form="${name}"]`);
  }

  async open() {
    globalThis.pdfjsLib = pdfjs;
    const web = await import("../vendor/pdfjs/pdf_viewer.mjs");
    pdfjs.GlobalWorkerOptions.workerSrc = this.dataset.worker;

    this.bus = new web.EventBus();
    const links = new web.PDFLinkService({ eventBus: this.bus, externalLinkTarget: web.LinkTarget.BLANK });
    const Finder = finderOver(web.PDFFindController);
    this.viewer = new web.PDFViewer({
      container: this.part("container"),
      viewer: this.part("viewer"),
      eventBus: this.bus,
      linkService: links,
      findController: new Finder({ eventBus: this.bus, linkService: links }),
      annotationMode: pdfjs.AnnotationMode.ENABLE,
      enableSelectionRendering: false,
      removePageBorders: true,
      l10n: silent,
    });
    links.setViewer(this.viewer);
    this.follow(web.FindState);

    const task = pdfjs.getDocument({
      url: this.dataset.file,
      cMapUrl: this.dataset.cmaps,
      cMapPacked: true,
      standardFontDataUrl: this.dataset.fonts,
      wasmUrl: this.dataset.decoders,
      useWasm: false,
      enableXfa: false,
      rangeChunkSize: 256 * 1024,
      verbosity: pdfjs.VerbosityLevel.ERRORS,
      disableStream: true,
      disableAutoFetch: true,
    });
    this.file = await task.promise;
    addEventListener("pagehide", () => this.savePlace());
    const ready = new Promise((done) => this.bus.on("pagesinit", done, { once: true }));
    this.viewer.setDocument(this.file);
    links.setDocument(this.file, null);
    await ready;
    this.viewer.currentScaleValue = "page-width";
    if (this.viewer.currentScale > WIDEST) this.viewer.currentScale = WIDEST;
    const asked = Number(new URLSearchParams(location.hash.slice(1)).get("page"));
    const first = asked || Number(this.dataset.lastPage);
    if (first > 1 && first <= this.file.numPages) this.viewer.currentPageNumber = first;
    this.saved = this.viewer.currentPageNumber;
    this.showPage(this.viewer.currentPageNumber);
    this.namePages();
    await this.showOutline(links);
  }

  // What the viewer tells.
  follow(FindState) {
    this.bus.on("pagechanging", ({ pageNumber }) => {
      this.showPage(pageNumber);
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.savePlace(), SAVE_AFTER);
    });
    this.bus.on("scalechanging", ({ scale }) => {
      this.part("scale").textContent = `${Math.round(scale * 100)}%`;
    });
    this.bus.on("updatefindmatchescount", ({ matchesCount }) => this.showFound(matchesCount));
    this.bus.on("updatefindcontrolstate", ({ state, matchesCount }) => {
      if (state === FindState.PENDING) this.part("found").textContent = this.dataset.wordSearching;
      else if (state === FindState.NOT_FOUND) this.part("found").textContent = this.dataset.wordNotFound;
      else this.showFound(matchesCount);
    });
  }

  // What the person does.
  listen() {
    this.addEventListener("click", (event) => {
      const theme = event.target.closest("[data-theme-choice]");
      if (theme) this.useTheme(theme.dataset.themeChoice);
      const button = event.target.closest("[data-do]");
      if (button && this.viewer) this.do(button.dataset.do);
    });
    this.form("page").addEventListener("submit", (event) => this.goTo(event));
    this.form("page").page.addEventListener("focus", (event) => event.target.select());
    this.form("search").addEventListener("submit", (event) => {
      event.preventDefault();
      this.find(false);
    });
    this.addEventListener("keydown", (event) => this.press(event));
  }

  do(what) {
    const viewer = this.viewer;
    const deeds = {
      previous: () => viewer.previousPage(),
      next: () => viewer.nextPage(),
      smaller: () => viewer.updateScale({ drawingDelay: 200, scaleFactor: 1 / STEP }),
      larger: () => viewer.updateScale({ drawingDelay: 200, scaleFactor: STEP }),
      width: () => (viewer.currentScaleValue = "page-width"),
      rotate: () => this.rotate(),
      outline: () => this.toggle("outline", this.querySelector(".reader-outline")),
      search: () => this.openSearch(this.form("search").hidden),
      "search-close": () => this.openSearch(false),
      "find-previous": () => this.find(true),
    };
    deeds[what]?.();
  }

  rotate() {
    const page = this.viewer.currentPageNumber;
    this.viewer.pagesRotation = (this.viewer.pagesRotation + 90) % 360;
    this.viewer.currentPageNumber = page;
  }

  press(event) {
    if (!this.viewer) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "f") {
      event.preventDefault();
      this.openSearch(true);
    } else if (event.key === "Escape" && !this.form("search").hidden) {
      this.openSearch(false);
    } else if (!event.target.matches("input") && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const deed = { "+": "larger", "=": "larger", "-": "smaller", n: "next", p: "previous" }[event.key];
      if (deed) this.do(deed);
    }
  }

  goTo(event) {
    event.preventDefault();
    const input = this.form("page").page;
    const page = Number(input.value);
    if (Number.isInteger(page) && page >= 1 && page <= this.file.numPages) this.viewer.currentPageNumber = page;
    else input.value = this.viewer.currentPageNumber;
    this.part("container").focus();
  }

  showPage(page) {
    this.form("page").page.value = page;
    this.part("pages").textContent = `/ ${this.file.numPages}`;
    for (const button of this.querySelectorAll("[data-do='previous']")) button.disabled = page === 1;
    for (const button of this.querySelectorAll("[data-do='next']")) button.disabled = page === this.file.numPages;
  }

  namePages() {
    for (const page of this.querySelectorAll(".page")) {
      page.setAttribute("aria-label", `${this.dataset.wordPage} ${page.dataset.pageNumber}`);
    }
  }

  toggle(name, place, open = place.hidden) {
    place.hidden = !open;
    this.querySelector(`[data-do="${name}"]`).setAttribute("aria-expanded", String(open));
  }

  openSearch(open) {
    this.toggle("search", this.form("search"), open);
    if (open) this.form("search").words.select();
    else {
      this.bus.dispatch("findbarclose", { source: this });
      this.querySelector("[data-do='search']").focus();
    }
  }

  find(backwards) {
    const words = this.form("search").words.value.normalize("NFC").trim();
    if (!words) return;
    const again = words === this.searched;
    this.searched = words;
    this.bus.dispatch("find", {
      source: this,
      type: again ? "again" : "",
      query: words,
      caseSensitive: false,
      entireWord: false,
      highlightAll: true,
      findPrevious: backwards,
      matchDiacritics: false,
    });
  }

  showFound({ current, total }) {
    if (!total) return;
    this.part("found").textContent = this.dataset.wordFound.replace("{current}", current).replace("{total}", total);
  }

  async showOutline(links) {
    const outline = await this.file.getOutline();
    if (!outline?.length) return;
    const list = (entries) => {
      const items = document.createElement("ul");
      for (const entry of entries) {
        const item = document.createElement("li");
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = entry.title;
        button.addEventListener("click", () => links.goToDestination(entry.dest));
        item.append(button);
        if (entry.items?.length) item.append(list(entry.items));
        items.append(item);
      }
      return items;
    };
    this.querySelector(".reader-outline").append(list(outline));
    this.querySelector("[data-do='outline']").hidden = false;
  }

  useTheme(theme) {
    this.dataset.theme = theme;
    localStorage.setItem(THEME, theme);
    for (const button of this.querySelectorAll("[data-theme-choice]")) {
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === theme));
    }
  }

  savePlace() {
    const page = this.viewer?.currentPageNumber;
    if (!this.dataset.place || !page || page === this.saved) return;
    this.saved = page;
    const body = new URLSearchParams({ page, csrfmiddlewaretoken: this.dataset.csrf });
    fetch(this.dataset.place, { method: "POST", body, keepalive: true }).catch(() => (this.saved = null));
  }
}

customElements.define("pdf-reader", PdfReader);
