// Sends files in pieces before their form: one in a form with other fields, or many at once for a dossier.
// Without script the form sends itself.

import { Refusal, Transfer, unfinished } from "./transfer.js";

const AT_ONCE = 2;
const token = (form) => form.elements.csrfmiddlewaretoken.value;

// One file: it is sent when the form is, and the form then takes its number along.
class UploadProgress extends HTMLElement {
  connectedCallback() {
    this.form = this.closest("form");
    this.place = this.querySelector("[data-progress]");
    this.bar = this.querySelector("progress");
    this.words = this.querySelector("[data-words]");
    this.input = this.querySelector("input[type='file']");
    this.number = this.form.elements.upload_id;
    if (this.number) this.form.addEventListener("submit", (event) => this.start(event));
  }

  async start(event) {
    if (event.defaultPrevented || !this.input.files.length) return;
    event.preventDefault();
    const transfer = new Transfer(this.input.files[0], this.dataset.begin, token(this.form));
    transfer.addEventListener("state", (step) => this.show(step.detail));
    this.lock(true);
    this.place.hidden = false;
    try {
      this.number.value = (await transfer.run()).id;
      transfer.forget();
      this.input.value = "";
      this.words.textContent = this.dataset.checking;
      this.form.requestSubmit();
    } catch (problem) {
      this.lock(false);
      this.words.textContent = this.dataset[problem.word] ?? this.dataset.failed;
    }
  }

  show({ state, share }) {
    const percent = Math.floor(share * 100);
    this.bar.value = percent;
    this.words.textContent = state === "waiting" ? this.dataset.waiting : `${this.dataset.sending}: ${percent}%`;
  }

  lock(sending) {
    for (const button of this.form.querySelectorAll("[type='submit']")) button.disabled = sending;
  }
}

const inWords = (size) =>
  size < 1024 * 1024
    ? `${Math.ceil(size / 1024)} KB`
    : `${(size / 1024 / 1024).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 })} MB`;

// One file of many, with its kind and name, from choosing it to its place in the dossier.
class Row {
  constructor(list, file) {
    this.list = list;
    this.file = file;
    this.element = list.template.content.cloneNode(true).firstElementChild;
    this.bar = this.part("progress");
    this.bar.setAttribute("aria-label", file.name);
    this.part("[data-name]").textContent = file.name;
    this.part("[data-size]").textContent = inWords(file.size);
    this.part("[data-cancel]").append(Object.assign(document.createElement("span"), { className: "visually-hidden", textContent: `: ${file.name}` }));
    this.part("[data-cancel]").addEventListener("click", () => this.cancel());
    this.transfer = new Transfer(file, list.dataset.begin, token(list.form));
    this.transfer.addEventListener("state", ({ detail }) => {
      this.bar.value = Math.floor(detail.share * 100);
      this.say(detail.state, detail.state === "sending" ? `: ${Math.floor(detail.share * 100)}%` : "");
    });
    this.state = "queued";
    this.say("queued");
  }

  part(selector) {
    return this.element.querySelector(selector);
  }

  say(word, more = "") {
    const name = `word${word[0].toUpperCase()}${word.slice(1)}`;
    this.part("[data-state]").textContent = (this.list.dataset[name] ?? word) + more;
  }

  async send() {
    this.state = "sending";
    try {
      const known = await this.transfer.run();
      this.id = known.id;
      if (!this.part("[data-title]").value) this.part("[data-title]").value = known.title;
      this.part("[data-kind]").value = known.kind;
      this.bar.value = 100;
      this.state = "sent";
      this.say("sent");
    } catch (problem) {
      this.state = "failed";
      this.say(problem instanceof Refusal ? problem.word : "failed");
    }
  }

  // Through the same door as other systems: the rules and the sentences of refusal are those of the form.
  async add(section) {
    this.state = "adding";
    this.say("adding");
    let answer;
    try {
      answer = await fetch(this.list.dataset.add, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token(this.list.form) },
        body: JSON.stringify({ upload_id: this.id, kind: this.part("[data-kind]").value, title: this.part("[data-title]").value, section: section || null }),
      });
    } catch {
      this.state = "sent";
      this.say("waiting");
      return false;
    }
    if (answer.ok) {
      this.transfer.forget();
      this.state = "added";
      this.element.remove();
      return true;
    }
    const told = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
    this.transfer.forget();
    this.state = "failed";
    this.part("[data-fields]").remove();
    this.say([told.upload, told.detail, told.section, told.title].flat().find(Boolean) ?? "failed");
    this.element.classList.add("upload-refused");
    return false;
  }

  async cancel() {
    const next = this.element.nextElementSibling ?? this.element.previousElementSibling;
    this.state = "cancelled";
    this.element.remove();
    (next?.querySelector("[data-cancel]") ?? this.list.input).focus();
    await this.transfer.cancel();
    this.list.forgetRow(this);
  }
}

// Many files for a dossier: sent while their kinds and names are looked over, then added in their order.
class UploadList extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.input = this.querySelector("input[type='file']");
    this.place = this.querySelector("[data-rows]");
    this.template = this.querySelector("template");
    this.rows = [];
    for (const plain of this.querySelectorAll("[data-plain]")) plain.hidden = true;
    this.input.addEventListener("change", () => this.take(this.input.files));
    this.form.addEventListener("submit", (event) => this.submit(event));
    const drop = this.querySelector("[data-drop]");
    drop.addEventListener("dragover", (event) => event.preventDefault());
    drop.addEventListener("drop", (event) => {
      event.preventDefault();
      this.take(event.dataTransfer.files);
    });
    document.addEventListener("htmx:afterSettle", () => this.readSections());
    this.offerUnfinished();
    if (this.input.files.length) this.take(this.input.files); // chosen before this script was here
  }

  take(files) {
    for (const file of [...files]) {
      if (this.rows.some((row) => row.file.name === file.name && row.file.size === file.size)) continue;
      const row = new Row(this, file);
      this.rows.push(row);
      this.place.append(row.element);
    }
    this.input.value = "";
    this.place.hidden = !this.rows.length;
    this.querySelector("[data-unfinished]").hidden = true;
    this.work();
  }

  // Two at a time: the line is shared, and the first papers are there sooner.
  async work() {
    while (this.rows.filter((row) => row.state === "sending").length < AT_ONCE) {
      const next = this.rows.find((row) => row.state === "queued");
      if (!next) break;
      next.send().then(() => this.work());
    }
    if (this.wanted) await this.addSent();
  }

  submit(event) {
    if (!this.rows.length) {
      event.preventDefault();
      this.input.focus();
      return;
    }
    event.preventDefault();
    this.wanted = true;
    this.addSent();
  }

  // In the order in which they were chosen: one that is still under way holds those behind it.
  async addSent() {
    if (this.adding) return;
    this.adding = true;
    let added = 0;
    for (const row of [...this.rows]) {
      if (["queued", "sending"].includes(row.state)) break;
      if (row.state === "sent" && (await row.add(this.form.elements.section.value))) added += 1;
    }
    this.adding = false;
    this.rows = this.rows.filter((row) => !["added", "cancelled"].includes(row.state));
    this.wanted = this.rows.some((row) => ["queued", "sending"].includes(row.state));
    this.place.hidden = !this.rows.length;
    if (!added) return;
    this.querySelector("[data-said]").textContent = `${this.dataset.wordAdded}: ${added}`;
    document.body.dispatchEvent(new Event("papers-added"));
    document.body.dispatchEvent(new Event("dossier-changed"));
  }

  forgetRow(row) {
    this.rows = this.rows.filter((one) => one !== row);
    this.place.hidden = !this.rows.length;
    this.work();
  }

  // The headings may have changed above since the page was loaded.
  readSections() {
    const select = this.form.elements.section;
    const lists = document.querySelectorAll("#dossier-papers ol[data-section]:not([data-of])");
    if (!lists.length) return;
    const chosen = select.value;
    const options = [...lists].filter((list) => list.dataset.section !== "0").map((list) => new Option(list.dataset.title, list.dataset.section));
    select.replaceChildren(select.options[0], ...options);
    select.value = chosen;
    if (select.selectedIndex < 0) select.selectedIndex = 0;
  }

  offerUnfinished() {
    const names = unfinished();
    const place = this.querySelector("[data-unfinished]");
    if (!names.length) return;
    place.textContent = `${this.dataset.wordUnfinished} ${names.join(", ")}`;
    place.hidden = false;
  }
}

customElements.define("upload-progress", UploadProgress);
customElements.define("upload-list", UploadList);
