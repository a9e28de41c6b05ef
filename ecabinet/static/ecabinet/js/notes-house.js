// The page of one's own notes: saving them, opened in this browser, for printing and as data; the key to them.
import "./notes-lock.js";
import { openNote, openNoteKey } from "./notes-crypto.js";
import { ask } from "./notes-store.js";
import { fill, readWords } from "./notes-words.js";

const SCHEMA = "https://e-cabinet/schema/private-notes/1"; // a name; docs/reference/private-notes.md describes it
const STYLE = `body{font:12pt/1.5 "Be Vietnam Pro",sans-serif;margin:2cm auto;max-width:17cm;color:#16202c}
h1{font-size:18pt}h2{font-size:14pt;border-bottom:1px solid #7a8699;margin-top:2em}h3{font-size:12pt}
.note{border-left:5px solid #c99a1b;padding-left:.8em;margin:0 0 1em;break-inside:avoid}
.muted{color:#475467}blockquote{margin:0 0 .3em}p{margin:0 0 .3em;white-space:pre-wrap}svg{max-width:100%;max-height:8cm}
@media print{body{margin:0}}`;
const PENS = { yellow: "#8a5a00", green: "#17693a", blue: "#0f4fa8", pink: "#b3125f" };

const escape = (text) => String(text ?? "").replace(/[&<>"]/gu, (letter) => `&#${letter.charCodeAt(0)};`);

class NotesHouse extends HTMLElement {
  connectedCallback() {
    this.lock = this.querySelector("notes-lock");
    this.words = readWords(this.querySelector("#notes-print"));
    this.addEventListener("notes:open", ({ detail }) => this.open(detail));
    this.addEventListener("click", (event) => {
      const button = event.target.closest("[data-save], [data-manage]");
      if (!button) return;
      if (button.dataset.save) this.save(button.dataset.save, button.dataset.document);
      else this.manage(button.dataset.manage);
    });
    this.lock.open();
  }

  show(isOpen) {
    this.querySelector("[data-open]").hidden = !isOpen;
    for (const button of this.querySelectorAll("[data-needs-key]")) button.hidden = !isOpen;
  }

  open(keys) {
    this.keys = keys;
    this.querySelector("[data-fingerprint]").textContent = keys.fingerprint;
    this.show(true);
  }

  manage(what) {
    this.show(false);
    if (what === "forget") this.lock.forget();
    else this.lock.show(what);
  }

  tell(words) {
    this.querySelector("[data-told]").textContent = words;
  }

  async fetchAll(document) {
    const notes = [];
    for (let after = ""; after !== null; ) {
      const wanted = new URLSearchParams({ ...(document && { document }), ...(after && { after }) });
      const answer = await ask(`${this.dataset.exportUrl}?${wanted}`, "");
      if (!answer.ok) throw new Error(`export: ${answer.status}`);
      for (const row of answer.notes) notes.push(await this.openRow(row));
      after = answer.next;
    }
    return notes;
  }

  async openRow(row) {
    const place = { id: row.id, version: row.version, owner: this.keys.user };
    const about = {
      id: row.id,
      paper: row.document,
      number: row.number,
      version: row.version_number,
      created_at: row.created_at,
      changed_at: row.changed_at,
      shared_with: row.shared_with.map(({ name }) => name),
    };
    try {
      return { ...about, ...(await openNote(row.sealed, await openNoteKey(row.key, this.keys, place), place)) };
    } catch {
      return { ...about, kind: "closed" };
    }
  }

  async save(as, document) {
    this.tell(this.words.working);
    try {
      const notes = await this.fetchAll(document);
      const day = new Date();
      const name = `ghi-chu-${day.toLocaleDateString("sv-SE")}`;
      if (as === "json") {
        const whole = { schema: SCHEMA, owner: this.dataset.name, saved_at: day.toISOString(), notes };
        this.download(`${name}.json`, "application/json", JSON.stringify(whole, null, 2));
      } else this.download(`${name}.html`, "text/html", this.print(notes, day));
      this.tell(fill(this.words.done, { count: notes.length }));
    } catch (problem) {
      console.warn(problem);
      this.tell(this.words.failed);
    }
  }

  download(name, type, text) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }

  // A page that needs nothing else: no script, no address.
  print(notes, day) {
    const papers = new Map();
    for (const note of notes) {
      const paper = `${note.number ? `${note.number} – ` : ""}${note.paper}, ${fill(this.words.version, { number: note.version })}`;
      papers.set(paper, [...(papers.get(paper) ?? []), note]);
    }
    const parts = [...papers].map(([paper, entries]) => `<h2>${escape(paper)}</h2>${this.printPaper(entries)}`);
    const of = fill(this.words.of, { person: this.dataset.name, day: day.toLocaleDateString("vi-VN") });
    return `<!doctype html><html lang="${document.documentElement.lang}"><head><meta charset="utf-8"><title>${escape(this.words.title)}</title>
<style>${STYLE}</style></head><body><h1>${escape(this.words.title)}</h1><p class="muted">${escape(of)}</p>${parts.join("")}</body></html>`;
  }

  printPaper(notes) {
    const page = ({ page: at, old_page: old }) => at ?? old ?? 0;
    let before = null;
    return [...notes]
      .sort((one, other) => page(one) - page(other))
      .map((note) => {
        const title = page(note) === before ? "" : `<h3>${escape(page(note) ? `${this.words.page} ${page(note)}` : this.words.whole)}</h3>`;
        before = page(note);
        return title + this.printNote(note);
      })
      .join("");
  }

  printNote(note) {
    const changed = new Date(note.changed_at).toLocaleString("vi-VN");
    const about = [this.words[note.kind] ?? this.words.text, note.waits && this.words.waits, changed].filter(Boolean).join(" · ");
    const quote = note.quote ? `<blockquote>“${escape(note.quote.exact)}”</blockquote>` : "";
    const text = note.text ? `<p>${escape(note.text)}</p>` : "";
    return `<div class="note"><p class="muted">${escape(about)}</p>${quote}${text}${this.printStrokes(note.strokes)}</div>`;
  }

  printStrokes(strokes) {
    if (!strokes?.length) return "";
    const points = strokes.flatMap((stroke) => stroke.points);
    const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
    const [left, top] = [Math.min(...xs) - 5, Math.max(...ys) + 5];
    const [width, height] = [Math.max(...xs) - left + 5, top - Math.min(...ys) + 5];
    const lines = strokes.map(
      (stroke) =>
        `<polyline fill="none" stroke="${PENS[stroke.colour] ?? "#000"}" stroke-width="${Number(stroke.width)}" points="${stroke.points
          .map(([x, y]) => `${Number(x) - left},${top - Number(y)}`)
          .join(" ")}"/>`,
    );
    return `<svg viewBox="0 0 ${width} ${height}" width="${width}pt" height="${height}pt">${lines.join("")}</svg>`;
  }
}

customElements.define("notes-house", NotesHouse);
