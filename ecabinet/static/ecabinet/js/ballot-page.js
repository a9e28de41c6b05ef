// What the pages of a secret ballot share: parts of which one is shown, words, and sending what was sealed.
import { readWords } from "./notes-words.js";

const token = () => JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];

// Its message is a sentence for the person at the page.
export class Told extends Error {}

export class BallotElement extends HTMLElement {
  connectedCallback() {
    this.words = readWords(this.querySelector(":scope > template[data-words]"));
    this.addEventListener("submit", (event) => {
      event.preventDefault();
      this.work(() => this.submitted(event.target.dataset.part, event.target));
    });
    this.addEventListener("click", (event) => {
      const deed = event.target.closest("[data-deed]")?.dataset.deed;
      if (deed) this.clicked(deed);
    });
    if (globalThis.crypto?.subtle) this.work(() => this.begin());
    else this.complain(this.words.insecure);
  }

  // One deed at a time: a second click while the browser computes is none.
  async work(deed) {
    if (this.isWorking) return;
    this.isWorking = true;
    this.complain("");
    try {
      await deed();
    } catch (problem) {
      console.warn(problem);
      this.complain(problem instanceof Told ? problem.message : this.words.offline);
      this.fallBack();
    } finally {
      this.isWorking = false;
    }
  }

  // Where one is after something went wrong.
  fallBack() {
    this.begin();
  }

  show(name) {
    for (const part of this.querySelectorAll("[data-part]:not([data-part='problem'], [data-part='fingerprint'])")) {
      part.hidden = part.dataset.part !== name;
    }
    return this.querySelector(`[data-part="${name}"]`);
  }

  complain(words) {
    const part = this.querySelector("[data-part='problem']");
    part.querySelector("[data-problem]").textContent = words;
    part.hidden = !words;
  }

  complainAt(place, words) {
    const error = place.querySelector("[data-error]");
    error.textContent = words;
    error.hidden = !words;
  }

  progress(done, of) {
    const bar = this.querySelector("[data-progress]");
    bar.max = of;
    bar.value = done;
  }

  async send(address, fields) {
    const body = new URLSearchParams();
    for (const [name, value] of Object.entries(fields)) body.set(name, JSON.stringify(value));
    const headers = { Accept: "application/json", "X-CSRFToken": token() };
    const answer = await fetch(address, { method: "POST", headers, body, redirect: "error", cache: "no-store" });
    const isJson = answer.headers.get("Content-Type")?.startsWith("application/json");
    const told = isJson ? await answer.json() : {};
    if (!answer.ok) throw new Told(told.detail ?? this.words.offline);
    return told;
  }

  goTo(address) {
    if (new URL(address, location).pathname === location.pathname) location.reload();
    else location.assign(address);
  }
}
