// The reader of one document: pdf.js with our own bars. What it can do beyond showing pages stands in reader-*.js.
//
// Others may use: `viewer`, `file`, `pageView(n)`, `goToPage(n)`, and the events (they bubble)
//   reader:ready {viewer, pdf, versionId} · reader:page {page} · reader:textlayer {page, view, layer}
import * as pdfjs from "../vendor/pdfjs/pdf.min.mjs";
import { addFullView } from "./reader-view.js";
import { addGestures } from "./reader-gestures.js";
import { addKeys } from "./reader-keys.js";
import { addOutline } from "./reader-outline.js";
import { addPlace } from "./reader-place.js";
import { addSearch, finderOver } from "./reader-search.js";
import { addThumbnails } from "./reader-thumbnails.js";

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
  deeds = {}; // what the buttons named by data-do and the keys set off; each module adds its own

  async connectedCallback() {
    try {
      await this.open();
      this.part("wait").hidden = true;
      this.tell("ready", { viewer: this.viewer, pdf: this.file, versionId: Number(this.dataset.version) });
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

  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(`reader:${name}`, { bubbles: true, detail }));
  }

  pageView(page) {
    return this.viewer.getPageView(page - 1);
  }

  goToPage(page) {
    if (!(Number.isInteger(page) && page >= 1 && page <= this.file.numPages)) return false;
    this.viewer.currentPageNumber = page;
    return true;
  }

  async open() {
    globalThis.pdfjsLib = pdfjs;
    pdfjs.GlobalWorkerOptions.workerSrc = this.dataset.worker;
    const [web, file] = await Promise.all([import("../vendor/pdfjs/pdf_viewer.mjs"), this.fetchFile()]);

    this.web = web;
    this.bus = new web.EventBus();
    this.links = new web.PDFLinkService({ eventBus: this.bus, externalLinkTarget: web.LinkTarget.BLANK });
    const Finder = finderOver(web.PDFFindController);
    this.viewer = new web.PDFViewer({
      container: this.part("container"),
      viewer: this.part("viewer"),
      eventBus: this.bus,
      linkService: this.links,
      findController: new Finder({ eventBus: this.bus, linkService: this.links }),
      annotationMode: pdfjs.AnnotationMode.ENABLE,
      enableSelectionRendering: false,
      removePageBorders: true,
      l10n: silent,
    });
    this.links.setViewer(this.viewer);
    this.listen();

    this.file = file;
    const ready = new Promise((done) => this.bus.on("pagesinit", done, { once: true }));
    this.viewer.setDocument(this.file);
    this.links.setDocument(this.file, null);
    await ready;

    for (const add of [addFullView, addPlace, addSearch, addOutline, addThumbnails, addGestures, addKeys]) add(this);
    this.showPage(this.viewer.currentPageNumber);
    this.namePages();
  }

  // Only what is looked at: pdf.js asks for parts of the file, and for no more than it needs.
  fetchFile() {
    return pdfjs.getDocument({
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
    }).promise;
  }

  listen() {
    this.bus.on("pagechanging", ({ pageNumber }) => this.showPage(pageNumber));
    this.bus.on("textlayerrendered", ({ pageNumber, source }) =>
      this.tell("textlayer", { page: pageNumber, view: source, layer: source.textLayer?.div }),
    );
    this.addEventListener("click", (event) => {
      const button = event.target.closest("[data-do]");
      if (button) this.deeds[button.dataset.do]?.();
    });
    this.deeds.previous = () => this.viewer.previousPage();
    this.deeds.next = () => this.viewer.nextPage();
    this.form("page").addEventListener("submit", (event) => this.turnTo(event));
    this.form("page").page.addEventListener("focus", (event) => event.target.select());
  }

  // A page of this document; with an h before it, or beyond the last one, a page of the dossier: the server knows where.
  turnTo(event) {
    const form = this.form("page");
    if (this.goToPage(Number(form.page.value))) {
      event.preventDefault();
      this.part("container").focus();
    } else if (!form.hasAttribute("action") || !/^\s*h?\s*\d+\s*$/iu.test(form.page.value)) {
      event.preventDefault();
      form.page.value = this.viewer.currentPageNumber;
      form.page.select();
    } else {
      // Where there is no such page, the answer leads back to this one.
      form.action = `${form.action.split("#")[0]}#page=${this.viewer.currentPageNumber}`;
    }
  }

  showPage(page) {
    this.form("page").page.value = page;
    this.part("pages").textContent = `/ ${this.file.numPages}`;
    const inDossier = this.part("dossier-page");
    if (inDossier) inDossier.textContent = Number(this.dataset.firstPage) + page - 1;
    for (const button of this.querySelectorAll("[data-do='previous']")) button.disabled = page === 1;
    for (const button of this.querySelectorAll("[data-do='next']")) button.disabled = page === this.file.numPages;
    this.tell("page", { page });
  }

  namePages() {
    for (const page of this.querySelectorAll(".pdfViewer .page")) {
      page.setAttribute("aria-label", `${this.dataset.wordPage} ${page.dataset.pageNumber}`);
    }
  }
}

customElements.define("pdf-reader", PdfReader);
