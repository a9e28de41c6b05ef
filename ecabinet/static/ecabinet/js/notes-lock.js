// Setting up, opening and changing the key to private notes. Tells `notes:open` {keys} when they are open.
import {
  cleanCode, fingerprint, lockByCode, lockByPassphrase, makeCode, makeKeys, openLock, unlockKeys,
} from "./notes-crypto.js";
import { findKey, forgetKeys, keepKey } from "./notes-device.js";
import { ask } from "./notes-store.js";
import { readWords } from "./notes-words.js";

const SHORTEST = 12;

class NotesLock extends HTMLElement {
  connectedCallback() {
    this.user = Number(this.dataset.user);
    this.words = readWords(this.querySelector(":scope > template[data-words]"));
    const deeds = {
      new: (form) => this.choose(form),
      code: () => this.show("confirm"),
      confirm: (form) => this.confirm(form),
      unlock: (form) => this.unlock(form),
      recover: (form) => this.recover(form),
      change: (form) => this.change(form),
      renew: (form) => this.renew(form),
    };
    for (const form of this.querySelectorAll("form")) {
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        this.work(form, () => deeds[form.dataset.part](form));
      });
    }
    this.addEventListener("click", (event) => {
      const deed = event.target.closest("[data-deed]")?.dataset.deed;
      if (deed === "open") this.open();
      else if (deed === "recover") this.show("recover");
      else if (deed === "code-again") this.show("code");
      else if (deed === "print") this.print();
      else if (deed === "save") this.saveCode();
    });
    this.addEventListener("change", ({ target }) => {
      if (!target.matches("[data-show]")) return;
      for (const field of target.form.querySelectorAll("[data-secret]")) field.type = target.checked ? "text" : "password";
    });
  }

  // While the browser computes (half a second and more) the button waits and says so.
  async work(form, deed) {
    const button = form.querySelector("[type='submit']");
    const label = button.querySelector("span");
    const words = label.textContent;
    button.disabled = true;
    label.textContent = this.words.working;
    this.complain(form, "");
    try {
      await deed();
    } catch (problem) {
      console.warn(problem);
      this.complain(form, this.words.offline);
    } finally {
      button.disabled = false;
      label.textContent = words;
    }
  }

  show(name, { focus = true } = {}) {
    for (const part of this.querySelectorAll("[data-part]")) part.hidden = part.dataset.part !== name;
    const part = this.querySelector(`[data-part="${name}"]`);
    if (focus) part?.querySelector("input, h2")?.focus();
  }

  hideAll() {
    for (const form of this.querySelectorAll("form")) form.reset();
    this.show("");
  }

  complain(form, words) {
    const place = form.querySelector("[data-error]");
    if (!place) return;
    place.textContent = words;
    place.hidden = !words;
    if (words) form.querySelector("input")?.focus();
  }

  async open() {
    if (!globalThis.crypto?.subtle) {
      this.show("problem", { focus: false });
      this.querySelector("[data-part='problem'] .notice-words p:not(.notice-title)").textContent = this.words.insecure;
      return;
    }
    this.show("loading", { focus: false });
    try {
      this.stored = await ask(this.dataset.keyUrl, this.dataset.csrf);
      if (!this.stored.ok) throw new Error(`key: ${this.stored.status}`);
      if (!this.stored.revision) {
        await forgetKeys();
        this.show("new", { focus: false });
        return;
      }
      const kept = await findKey(this.user);
      const keys = kept && (await unlockKeys(kept, this.stored, this.user).catch(() => null));
      if (keys) this.tell(keys);
      else this.show("unlock", { focus: false });
    } catch (problem) {
      console.warn(problem);
      this.show("problem", { focus: false });
    }
  }

  async tell(keys) {
    this.hideAll();
    keys.fingerprint = await fingerprint(keys.publicKey);
    this.dispatchEvent(new CustomEvent("notes:open", { bubbles: true, detail: keys }));
  }

  async enter(notesKey) {
    const keys = await unlockKeys(notesKey, this.stored, this.user);
    await keepKey(this.user, keys.master);
    await this.tell(keys);
  }

  async forget() {
    await forgetKeys();
    await this.open();
  }

  // First use

  isGood(form) {
    const { passphrase, again } = form.elements;
    const short = [...passphrase.value.normalize("NFC").trim()].length < SHORTEST;
    const words = short ? this.words.short : passphrase.value === again.value ? "" : this.words.differ;
    this.complain(form, words);
    return !words;
  }

  async choose(form) {
    if (!this.isGood(form)) return;
    const made = await makeKeys(this.user);
    const lock = await lockByPassphrase(made.notesKey, form.elements.passphrase.value, this.user);
    this.beginning = { revision: 0, publicKey: made.publicKey, privateKey: made.privateKey };
    await this.showCode(made.notesKey, lock);
  }

  async showCode(notesKey, passphraseLock) {
    this.code = makeCode();
    this.notesKey = notesKey;
    this.newLocks = [passphraseLock, await lockByCode(notesKey, this.code, this.user)];
    this.querySelector("[data-code]").textContent = this.code;
    for (const steps of this.querySelectorAll("[data-steps]")) steps.hidden = this.beginning.revision > 0;
    this.show("code", { focus: false });
    this.querySelector("[data-part='code'] [type='submit']").scrollIntoView({ block: "nearest" });
  }

  async confirm(form) {
    if (cleanCode(form.elements.last.value) !== this.code.slice(-5)) {
      this.complain(form, this.words.wrongEnd);
      return;
    }
    if (!(await this.keep(form, this.newLocks, this.beginning))) return;
    this.say(this.words.renewed);
    await this.enter(this.notesKey);
    this.code = this.notesKey = this.newLocks = this.beginning = null;
    this.querySelector("[data-code]").textContent = "";
  }

  async keep(form, locks, { revision, publicKey, privateKey }) {
    const body = { revision, public_key: publicKey, private_key: privateKey, locks };
    const answer = await ask(this.dataset.keyUrl, this.dataset.csrf, { method: "PUT", body });
    if (answer.ok) this.stored = answer;
    else this.complain(form, answer.status === 409 ? this.words.elsewhere : this.words.offline);
    return answer.ok;
  }

  get present() {
    return { revision: this.stored.revision, publicKey: this.stored.public_key, privateKey: this.stored.private_key };
  }

  lockOf(kind) {
    return this.stored.locks.find((lock) => lock.kind === kind);
  }

  // Opening, and changing the locks: the notes key itself stays, so no note is written anew.

  async unlock(form) {
    const notesKey = await openLock(this.stored.locks, "passphrase", form.elements.passphrase.value, this.user);
    if (notesKey) await this.enter(notesKey);
    else this.complain(form, this.words.wrong);
  }

  async recover(form) {
    const notesKey = await openLock(this.stored.locks, "code", form.elements.code.value, this.user);
    if (!notesKey) {
      this.complain(form, this.words.wrongCode);
      return;
    }
    if (!this.isGood(form)) return;
    const lock = await lockByPassphrase(notesKey, form.elements.passphrase.value, this.user);
    if (await this.keep(form, [lock, this.lockOf("code")], this.present)) await this.enter(notesKey);
  }

  async change(form) {
    const notesKey = await openLock(this.stored.locks, "passphrase", form.elements.present.value, this.user);
    if (!notesKey) {
      this.complain(form, this.words.wrong);
      return;
    }
    if (!this.isGood(form)) return;
    const lock = await lockByPassphrase(notesKey, form.elements.passphrase.value, this.user);
    if (!(await this.keep(form, [lock, this.lockOf("code")], this.present))) return;
    this.say(this.words.changed);
    await this.enter(notesKey);
  }

  async renew(form) {
    const notesKey = await openLock(this.stored.locks, "passphrase", form.elements.present.value, this.user);
    if (!notesKey) {
      this.complain(form, this.words.wrong);
      return;
    }
    this.beginning = this.present;
    await this.showCode(notesKey, this.lockOf("passphrase"));
  }

  say(words) {
    this.querySelector("[data-said]").textContent = words;
  }

  // The code on paper

  print() {
    const page = document.documentElement;
    page.classList.add("prints-notes-code");
    addEventListener("afterprint", () => page.classList.remove("prints-notes-code"), { once: true });
    print();
  }

  saveCode() {
    const link = document.createElement("a");
    const words = `${this.words.file}\n${this.dataset.name}\n\n${this.code}\n`;
    link.href = URL.createObjectURL(new Blob([words], { type: "text/plain" }));
    link.download = "ma-khoi-phuc-ghi-chu.txt";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }
}

customElements.define("notes-lock", NotesLock);
