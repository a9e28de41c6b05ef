// The paper that is to be signed, on the screen. The very bytes that are drawn are hashed: `seen` resolves to the
// SHA-256 of what the signer has before her, and to nothing when it is not the file that the page speaks of.
import * as pdfjs from "../vendor/pdfjs/pdf.min.mjs";

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

const WIDEST = 1.35;

class SigningPaper extends HTMLElement {
  connectedCallback() {
    this.seen = this.open();
  }

  part(name) {
    return this.querySelector(`[data-${name}]`);
  }

  async open() {
    try {
      const bytes = await this.fetchBytes();
      const seen = await hash(bytes);
      if (seen !== this.dataset.sha256) {
        this.part("changed").hidden = false;
        return "";
      }
      await this.draw(bytes);
      return seen;
    } catch (problem) {
      console.error(problem);
      this.part("failed").hidden = false;
      return "";
    } finally {
      this.part("wait").hidden = true;
    }
  }

  async fetchBytes() {
    const answer = await fetch(this.dataset.file, { redirect: "manual" });
    if (!answer.ok) throw new Error(`${this.dataset.file}: ${answer.status}`);
    return answer.arrayBuffer();
  }

  async draw(bytes) {
    globalThis.pdfjsLib = pdfjs;
    pdfjs.GlobalWorkerOptions.workerSrc = this.dataset.worker;
    const web = await import("../vendor/pdfjs/pdf_viewer.mjs");
    const bus = new web.EventBus();
    const links = new web.PDFLinkService({ eventBus: bus, externalLinkTarget: web.LinkTarget.BLANK });
    const container = this.part("container");
    const viewer = new web.PDFViewer({
      container,
      viewer: this.part("viewer"),
      eventBus: bus,
      linkService: links,
      annotationMode: pdfjs.AnnotationMode.ENABLE,
      enableSelectionRendering: false,
      removePageBorders: true,
      l10n: silent,
    });
    links.setViewer(viewer);
    const file = await pdfjs.getDocument({
      data: bytes,
      cMapUrl: this.dataset.cmaps,
      cMapPacked: true,
      standardFontDataUrl: this.dataset.fonts,
      wasmUrl: this.dataset.decoders,
      useWasm: false,
      enableXfa: false,
      verbosity: pdfjs.VerbosityLevel.ERRORS,
    }).promise;
    const ready = new Promise((done) => bus.on("pagesinit", done, { once: true }));
    const drawn = new Promise((done) => bus.on("pagerendered", done, { once: true }));
    viewer.setDocument(file);
    links.setDocument(file, null);
    await ready;
    for (const page of this.querySelectorAll(".page")) page.removeAttribute("role"); // no landmark each
    const lay = () => {
      viewer.currentScaleValue = "page-width";
      if (viewer.currentScale > WIDEST) viewer.currentScale = WIDEST;
    };
    lay();
    let width = container.clientWidth;
    new ResizeObserver(() => {
      if (!container.clientWidth || container.clientWidth === width) return;
      width = container.clientWidth;
      lay();
    }).observe(container);
    await drawn;
  }
}

export async function hash(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

customElements.define("signing-paper", SigningPaper);
