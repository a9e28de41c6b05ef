// One signature: the server prepares the file, the key signs what it gets, the server checks and keeps it.
//
// A key's module (sign-token.js, sign-browser-key.js, sign-remote.js) exports `sign(order, place)`: it may ask in
// `place` for what it needs (a file, a PIN), gives the signature in base64, and throws a KeyProblem or AbortError
// whose message is a sentence for people when it cannot. A value once made is kept until the server has it.
import { KeyProblem } from "./key-words.js";
import { readWords } from "./notes-words.js";
import { SignServer, Told } from "./sign-server.js";
import { hash } from "./signing-paper.js";

const MODULES = { token: "./sign-token.js", browser: "./sign-browser-key.js", remote: "./sign-remote.js" };

class SignStep extends HTMLElement {
  connectedCallback() {
    this.words = readWords(this.querySelector("[data-words]"));
    this.server = new SignServer(this.words, this.dataset.row);
    this.button = this.querySelector("[data-deed=sign]");
    this.resend = this.querySelector("[data-deed=resend]");
    this.button.addEventListener("click", () => this.run(() => this.sign()));
    this.resend.addEventListener("click", () => this.run(() => this.hand()));
    addEventListener("beforeunload", (event) => this.value && event.preventDefault());
    this.wait();
  }

  // Nobody signs what is not on the screen.
  async wait() {
    this.tell(this.words.reading);
    const paper = document.querySelector("signing-paper");
    if (paper) await customElements.whenDefined("signing-paper");
    this.seen = await paper?.seen;
    this.tell("");
    this.button.disabled = !this.seen;
  }

  tell(words) {
    this.querySelector("[data-told]").textContent = words;
  }

  complain(words) {
    this.querySelector("[data-problem]").textContent = words;
  }

  get certificate() {
    return this.querySelector("[name=certificate]:checked, [name=certificate][type=hidden]");
  }

  // A second press while the first is at work does nothing.
  async run(deed) {
    if (this.busy) return;
    this.busy = true;
    this.button.disabled = true;
    this.resend.disabled = true;
    this.complain("");
    this.setAttribute("aria-busy", "true");
    try {
      await deed();
    } catch (problem) {
      if (!(problem instanceof Told)) console.warn(problem);
      this.tell("");
      this.complain(problem instanceof Told ? problem.message : this.words.failed);
      this.querySelector("[data-problem]").scrollIntoView({ block: "nearest" });
    } finally {
      this.busy = false;
      this.removeAttribute("aria-busy");
      this.resend.disabled = false;
      this.resend.hidden = !this.value;
      this.button.hidden = Boolean(this.value);
      this.button.disabled = Boolean(this.isDone); // the next page is on its way
    }
  }

  async sign() {
    const { value: certificate, dataset } = this.certificate;
    this.tell(this.words.preparing);
    const order = await this.server.post(this.dataset.prepare, { certificate, seen: this.seen });
    if (order.sha256 !== (await this.findWanted())) throw new Told(this.words.changed);
    this.completeUrl = order.complete_url;
    this.tell(this.words.key);
    this.value = await this.askKey(dataset.way, order);
    await this.hand();
  }

  // What the key is to sign: the paper on the screen, or the words on the page that name this very paper.
  async findWanted() {
    if (!this.dataset.wordsOf) return this.seen;
    const words = document.getElementById(this.dataset.wordsOf).textContent;
    if (JSON.parse(words).body.slip.sha256 !== this.seen) return "";
    return hash(new TextEncoder().encode(words));
  }

  async askKey(way, order) {
    const { sign } = await import(MODULES[way]);
    return sign(order, this.querySelector("[data-sign-place]")).catch((problem) => {
      const isTold = problem instanceof KeyProblem || problem?.name === "AbortError";
      if (!isTold) console.warn(problem);
      throw new Told(isTold ? problem.message : this.words["no-key"]);
    });
  }

  // What the server does not take is not kept: its sentence says what to do.
  async hand() {
    this.tell(this.words.sending);
    try {
      const { url } = await this.server.post(this.completeUrl, { value: this.value });
      this.value = "";
      this.isDone = true;
      this.tell(this.words.done);
      location.assign(url);
    } catch (problem) {
      if (problem.keeps) throw problem.keeps === "line" ? new Told(this.words.kept) : problem;
      this.value = "";
      throw problem;
    }
  }
}

customElements.define("sign-step", SignStep);
