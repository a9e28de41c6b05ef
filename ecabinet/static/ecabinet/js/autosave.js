// Keeps the text of a form: on the server as a draft, and on this device until it has been sent.

const WAIT = 1200;
const SIGNING_IN = /\/(accounts|demo)\//;

function fieldsOf(form) {
  const kept = {};
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && name !== "csrfmiddlewaretoken") (kept[name] ??= []).push(value);
  }
  return kept;
}

function bringBack(form, kept) {
  let changed = false;
  for (const [name, values] of Object.entries(kept)) {
    const control = form.elements[name];
    if (!control || control.type === "hidden") continue;
    for (const one of control instanceof RadioNodeList ? control : [control]) {
      const isBox = one.type === "checkbox" || one.type === "radio";
      if (isBox ? one.checked === values.includes(one.value) : one.value === values[0]) continue;
      if (isBox) one.checked = values.includes(one.value);
      else one.value = values[0];
      changed = true;
    }
  }
  return changed;
}

function draftOf(form) {
  const draft = new FormData(form);
  for (const [name, value] of [...draft]) if (value instanceof File) draft.delete(name);
  return draft;
}

class Draft {
  constructor(form) {
    this.form = form;
    this.key = `draft ${form.dataset.autosave}`;
    this.place = form.querySelector("[data-saved]");
    this.restore();
    form.addEventListener("input", () => this.note());
    form.addEventListener("change", () => this.note());
    form.addEventListener("submit", () => this.stop());
    addEventListener("online", () => this.note());
  }

  tell(state, more = "") {
    if (this.place) this.place.textContent = `${this.place.dataset[`${state}Word`]}${more}`;
  }

  note() {
    this.keep(false);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), WAIT);
  }

  restore() {
    const kept = JSON.parse(sessionStorage.getItem(this.key) ?? "null");
    if (!kept) return;
    // Sent, and the way here did not lead through signing in: it has arrived.
    if (kept.sent && !SIGNING_IN.test(document.referrer)) {
      sessionStorage.removeItem(this.key);
      return;
    }
    if (bringBack(this.form, kept.fields)) {
      this.tell("restored");
      this.form.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }

  keep(sent) {
    sessionStorage.setItem(this.key, JSON.stringify({ sent, fields: fieldsOf(this.form) }));
  }

  stop() {
    clearTimeout(this.timer);
    this.sending?.abort();
    this.keep(true);
  }

  async save() {
    this.sending?.abort();
    this.sending = new AbortController();
    this.tell("saving");
    try {
      const answer = await fetch(this.form.dataset.autosave, {
        method: "POST",
        body: draftOf(this.form),
        headers: { "X-Requested-With": "autosave" },
        redirect: "manual",
        signal: this.sending.signal,
      });
      if (answer.status === 409) this.tell("conflict");
      else if (answer.ok) {
        sessionStorage.removeItem(this.key);
        const now = new Date();
        this.tell("saved", ` ${now.toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit" })}`);
      } else this.tell("kept");
    } catch (problem) {
      if (problem.name !== "AbortError") this.tell("kept");
    }
  }
}

const known = new WeakSet();

function begin(root) {
  for (const form of root.querySelectorAll("form[data-autosave]")) {
    if (known.has(form)) continue;
    known.add(form);
    new Draft(form);
  }
}

begin(document);
document.addEventListener("htmx:load", () => begin(document));
