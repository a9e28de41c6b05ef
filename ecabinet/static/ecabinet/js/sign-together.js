// Several papers with one PIN: each is looked at and ticked, the token's program shows them all once more and signs.
import { KeyProblem } from "./key-words.js";
import { fill, readWords } from "./notes-words.js";
import { SignServer, Told } from "./sign-server.js";
import { signAll } from "./sign-token.js";

// One paper of the list.
class Paper {
  constructor(place, changed) {
    this.place = place;
    this.changed = changed;
    this.tick = place.querySelector("[data-tick]");
    this.button = place.querySelector("[data-show]");
    this.shown = place.querySelector("[data-place]");
    this.button.addEventListener("click", () => this.toggle());
    this.tick.addEventListener("change", changed);
  }

  tell(words) {
    this.place.querySelector("[data-state]").textContent = words;
  }

  // It is fetched when somebody wants to see it, and can be ticked when it was drawn.
  async toggle() {
    this.shown.hidden = !this.shown.hidden;
    this.button.setAttribute("aria-expanded", String(!this.shown.hidden));
    if (this.shown.hidden || this.shown.firstElementChild) return;
    this.shown.append(this.place.querySelector("template").content.cloneNode(true));
    this.seen = await this.shown.querySelector("signing-paper").seen;
    if (!this.seen || this.isDone) return;
    this.tick.disabled = false;
    this.tick.checked = true;
    this.changed();
  }

  finish(words) {
    this.isDone = true;
    this.value = "";
    this.tick.checked = false;
    this.tick.disabled = true;
    this.shown.hidden = true;
    this.button.hidden = true;
    this.place.classList.add("is-done");
    this.tell(words);
  }
}

class SignTogether extends HTMLElement {
  connectedCallback() {
    const [common, own] = this.querySelectorAll("[data-words], [data-words-together]");
    this.words = { ...readWords(common), ...readWords(own) };
    this.server = new SignServer(this.words);
    this.button = this.querySelector("[data-deed=sign]");
    this.resend = this.querySelector("[data-deed=resend]");
    this.papers = [...this.querySelectorAll("[data-paper]")].map((place) => new Paper(place, () => this.draw()));
    this.button.addEventListener("click", () => this.run(() => this.sign()));
    this.resend.addEventListener("click", () => this.run(() => this.handAll()));
    addEventListener("beforeunload", (event) => this.kept.length && event.preventDefault());
    this.draw();
  }

  get kept() {
    return this.papers.filter((paper) => paper.value);
  }

  get ticked() {
    return this.papers.filter((paper) => paper.tick.checked);
  }

  draw() {
    this.button.disabled = Boolean(this.busy) || !this.ticked.length;
    this.button.hidden = this.kept.length > 0;
    this.resend.hidden = !this.kept.length;
    this.resend.disabled = Boolean(this.busy);
  }

  tell(words) {
    this.querySelector("[data-told]").textContent = words;
  }

  complain(words) {
    this.querySelector("[data-problem]").textContent = words;
  }

  async run(deed) {
    if (this.busy) return;
    this.busy = true;
    this.complain("");
    this.draw();
    this.setAttribute("aria-busy", "true");
    try {
      await deed();
    } catch (problem) {
      const isTold = problem instanceof Told || problem instanceof KeyProblem || problem?.name === "AbortError";
      if (!isTold) console.warn(problem);
      this.tell("");
      this.complain(isTold ? problem.message : this.words["no-key"]);
    } finally {
      this.busy = false;
      this.removeAttribute("aria-busy");
      this.draw();
    }
  }

  // A paper that cannot be signed now says so at its place, and keeps the others from nothing.
  async sign() {
    const chosen = this.ticked;
    if (!chosen.length) throw new Told(this.words.none);
    this.tell(this.words.preparing);
    const ready = [];
    for (const paper of chosen) {
      if (await this.each(paper, () => this.prepare(paper))) ready.push(paper);
    }
    if (!ready.length) return this.tell("");
    this.tell(this.words.key);
    const values = await signAll(ready.map((paper) => paper.order));
    ready.forEach((paper, place) => (paper.value = values[place]));
    await this.handAll(chosen.length);
  }

  async prepare(paper) {
    paper.tell("");
    const certificate = this.querySelector("[name=certificate]:checked, [name=certificate][type=hidden]").value;
    paper.order = await this.server.post(paper.place.dataset.prepare, { certificate, seen: paper.seen });
    if (paper.order.sha256 !== paper.seen) throw new Told(this.words.changed);
  }

  async handAll(all = this.kept.length) {
    this.tell(this.words.sending);
    let done = 0;
    for (const paper of this.kept) done += await this.each(paper, () => this.hand(paper));
    this.tell(fill(this.words.summary, { done, all }));
    if (this.kept.length) throw new Told(this.words.kept);
  }

  async hand(paper) {
    try {
      await this.server.post(paper.order.complete_url, { value: paper.value });
    } catch (problem) {
      if (!problem.keeps) paper.value = "";
      throw problem;
    }
    paper.finish(this.words.done);
  }

  async each(paper, deed) {
    try {
      await deed();
      return true;
    } catch (problem) {
      if (!(problem instanceof Told)) throw problem;
      paper.tell(problem.message);
      return false;
    }
  }
}

customElements.define("sign-together", SignTogether);
