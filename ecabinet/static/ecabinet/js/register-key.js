// Registers a certificate: reads it where it lies, has the key answer the server's challenge, hands the answer in.

import { KeyProblem, askServer, problem } from "./key-words.js";
import { openKey } from "./sign-browser-key.js";
import { sign as signRemotely } from "./sign-remote.js";
import { listCertificates, sign as signByToken } from "./sign-token.js";

class RegisterKey extends HTMLElement {
  connectedCallback() {
    this.found = this.querySelector("[data-found]");
    this.place = this.querySelector("[data-sign-place]");
    this.status = this.querySelector("[data-status]");
    for (const button of this.querySelectorAll("[data-way]")) {
      button.addEventListener("click", () => this.run(() => this.look(button.dataset.way)));
    }
  }

  async run(deed) {
    if (this.busy) return;
    this.busy = true;
    this.setAttribute("aria-busy", "true");
    this.tell(this.dataset.working);
    try {
      await deed();
    } catch (trouble) {
      const isTold = trouble instanceof KeyProblem || trouble?.name === "AbortError";
      this.tell(isTold ? trouble.message : problem("fault").message, "danger");
    } finally {
      this.busy = false;
      this.removeAttribute("aria-busy");
    }
  }

  tell(words, tone = "") {
    const text = document.createElement("p");
    text.className = "m-0";
    text.textContent = words;
    const notice = document.createElement("div");
    notice.className = tone ? `notice notice-${tone}` : "muted";
    notice.append(text);
    this.status.replaceChildren(...(words ? [notice] : []));
  }

  async look(way) {
    this.found.hidden = true;
    if (way === "browser") return this.openFile();
    const found = way === "token" ? await listCertificates() : (await askServer(this.dataset.credentials)).credentials;
    if (!found.length) throw new KeyProblem(this.dataset.none);
    this.tell("");
    this.offer(found, way);
  }

  // One button for each certificate that was found.
  offer(found, way) {
    const title = document.createElement("p");
    title.className = "mb-0";
    title.textContent = this.dataset.choose;
    this.found.replaceChildren(title, ...found.map((one) => this.makeChoice(one, way)));
    this.found.hidden = false;
    this.found.querySelector("button").focus();
  }

  makeChoice(one, way) {
    const choice = document.createElement("div");
    choice.className = "key-choice";
    const words = document.createElement("p");
    words.className = "m-0";
    const until = new Date(one.not_after).toLocaleDateString(document.documentElement.lang);
    const more = document.createElement("span");
    more.className = "d-block muted";
    more.textContent = `${one.issuer} · ${this.dataset.until} ${until}`;
    words.append(one.subject, more);
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button-secondary";
    button.textContent = this.dataset.prove;
    button.setAttribute("aria-label", `${this.dataset.prove}: ${one.subject}`);
    const sign = way === "token" ? signByToken : signRemotely;
    button.addEventListener("click", () => this.run(() => this.claim(way, one, (order) => sign(order, this.place))));
    choice.append(words, button);
    return choice;
  }

  async openFile() {
    const key = openKey(this.place);
    try {
      this.tell("");
      const certificate = await key.readCertificate();
      await this.claim("browser", { certificate }, (order) => key.sign(order));
    } finally {
      key.close();
    }
  }

  async claim(way, { certificate, key_name = "" }, sign) {
    const order = await askServer(this.dataset.begin, { way, certificate, key_name });
    const value = await sign(order);
    const { url } = await askServer(order.complete_url, { value });
    location.assign(url);
  }
}

customElements.define("register-key", RegisterKey);
