// The panel of private notes beside the paper: what one has written, by page; writing, deleting, sharing.
import "./notes-lock.js";
import { fill, readWords } from "./notes-words.js";
import { NotesLayer } from "./notes-layer.js";
import { NotesStore } from "./notes-store.js";
import { NoteSharing } from "./notes-sharing.js";

const UNDO = 10_000;
const LETTERS = "reader letters";

function time(moment) {
  return moment.toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit" });
}

class NotesPanel extends HTMLElement {
  leaving = new Map(); // notes that are deleted in ten seconds
  nodes = new Map();
  inkOf = new Map(); // the drawing that a page's next stroke joins
  strokes = []; // what can be undone
  sharing = new NoteSharing(this);

  connectedCallback() {
    this.words = readWords(this.querySelector(":scope > template[data-words]"));
    this.lock = this.querySelector("notes-lock");
    this.reader = this.closest("pdf-reader");
    this.addEventListener("notes:open", (event) => this.begin(event.detail));
    this.addEventListener("click", (event) => this.press(event));
    this.addEventListener("input", (event) => this.type(event));
    for (const button of this.querySelectorAll("[data-needs-pages]")) button.hidden = !this.reader;
    this.querySelector("[data-hint]").hidden = !this.reader;
    if (this.reader?.file) this.meetReader();
    else this.reader?.addEventListener("reader:ready", () => this.meetReader(), { once: true });
    if (location.hash === "#notes") customElements.whenDefined("reader-panel").then(() => this.showPanel());
    addEventListener("pagehide", () => this.leaving.forEach((_, note) => this.store.remove(note)));
    this.lock.open();
  }

  part(name) {
    return this.querySelector(`[data-${name}]`);
  }

  template(name) {
    return this.querySelector(`template[data-template="${name}"]`).content.cloneNode(true);
  }

  showPanel() {
    this.closest("reader-panel")?.show("notes");
  }

  // Opening

  async begin(keys) {
    this.store?.close();
    this.store = new NotesStore(
      { user: Number(this.dataset.user), version: Number(this.dataset.version), root: this.dataset.root, csrf: this.dataset.csrf },
      keys,
    );
    this.store.addEventListener("changed", () => this.refresh());
    this.store.addEventListener("state", ({ detail }) => this.showState(detail));
    this.store.addEventListener("both", () => this.announce(this.words.both));
    this.store.addEventListener("awaited", ({ detail }) => this.announce(fill(this.words.awaited, detail)));
    this.store.addEventListener("carried", ({ detail }) => {
      const words = [fill(this.words.carried, { count: detail.carried })];
      if (detail.waiting) words.push(fill(this.words.waiting, { count: detail.waiting }));
      this.announce(words.join(" "));
    });
    try {
      await this.store.load();
    } catch (problem) {
      console.warn(problem);
      this.lock.show("problem", { focus: false });
      return;
    }
    this.part("open").hidden = false;
    this.showRetention();
    this.layer?.drawAll();
    if (this.waiting) {
      const contents = this.waiting;
      this.waiting = null;
      this.mark(contents, this.wanted);
    }
  }

  visible() {
    if (!this.store) return [];
    return [...this.store.notes.values(), ...this.store.shared].filter((note) => !this.leaving.has(note));
  }

  showRetention() {
    const { keptDays, erasedFrom } = this.store;
    const day = erasedFrom && new Date(erasedFrom).toLocaleDateString("vi-VN", { day: "2-digit", month: "2-digit", year: "numeric" });
    const place = this.part("retention");
    place.hidden = !day && !keptDays;
    place.textContent = day ? fill(this.words.erased, { day }) : fill(this.words.kept, { days: keptDays });
  }

  showState({ saving, saved, why, words }) {
    const place = this.part("state");
    place.classList.toggle("is-problem", Boolean(why));
    if (why) place.textContent = words || this.words[why];
    else place.textContent = saved ? `${this.words.saved} ${time(saved)}` : saving ? this.words.saving : "";
  }

  announce(words) {
    const line = document.createElement("p");
    line.textContent = words;
    this.part("told").append(line);
    setTimeout(() => line.remove(), UNDO);
  }

  // The list

  refresh() {
    if (this.editing?.isConnected) {
      this.isStale = true;
      return;
    }
    this.isStale = false;
    const notes = this.visible().filter((note) => !note.isShared);
    const lists = { review: [], item: [] };
    const pages = new Map();
    for (const note of notes) {
      const { content } = note;
      if (content.waits) lists.review.push(note);
      else if (content.page) pages.set(content.page, [...(pages.get(content.page) ?? []), note]);
      else lists.item.push(note);
    }
    lists.shared = this.store.shared;
    for (const [name, entries] of Object.entries(lists)) {
      this.querySelector(`[data-list="${name}"]`).replaceChildren(...entries.map((note) => this.item(note)));
      this.querySelector(`[data-section="${name}"]`).hidden = !entries.length;
    }
    const sections = [...pages].sort(([one], [other]) => one - other).map(([page, entries]) => this.section(page, entries));
    this.part("pages").replaceChildren(...sections);
    this.part("empty").hidden = notes.length > 0;
    this.layer?.drawAll();
  }

  section(page, notes) {
    const section = document.createElement("section");
    const title = document.createElement("h3");
    title.textContent = `${this.words.page} ${page}`;
    const list = document.createElement("ul");
    list.className = "notes-list";
    const height = ({ content }) => content.quads?.[0]?.[1] ?? content.at?.[1] ?? content.strokes?.[0]?.points[0][1] ?? Infinity;
    list.append(...notes.sort((one, other) => height(other) - height(one)).map((note) => this.item(note)));
    section.append(title, list);
    return section;
  }

  item(note) {
    const node = this.nodes.get(note.id) ?? this.template("note").firstElementChild;
    this.nodes.set(note.id, node);
    node.note = note;
    this.fillItem(node);
    return node;
  }

  fillItem(node) {
    const { note } = node;
    const { content } = note;
    const find = (selector) => node.querySelector(selector);
    const isClosed = content.kind === "closed";
    node.className = `note notes-${content.colour ?? "yellow"}${note.isShared ? " is-shared" : ""}`;
    find(".note-what").textContent = this.words[content.kind] ?? this.words.text;
    find(".note-quote").textContent = content.quote?.exact ?? "";
    find(".note-quote").hidden = !content.quote;
    find(".note-go").disabled = !content.page || Boolean(content.waits) || !this.reader;
    const from = [
      note.isShared && fill(this.words.by, { person: note.owner.name }),
      content.waits && content.old_page && fill(this.words.old, { page: content.old_page, version: content.old_version }),
      content.is_near && this.words.near,
      content.is_copy && this.words.copy,
      note.sharedWith?.length && fill(this.words.sharedWith, { people: note.sharedWith.map(({ name }) => name).join(", ") }),
    ].filter(Boolean);
    find(".note-from").textContent = from.join(" · ");
    find(".note-from").hidden = !from.length;
    find(".note-text").textContent = content.text ?? "";
    find(".note-text").hidden = !content.text || !find(".note-edit").hidden;
    const shown = {
      edit: !note.isShared && !isClosed && content.kind !== "ink",
      replace: !note.isShared && content.waits && this.reader,
      keep: !note.isShared && content.waits,
      share: !note.isShared && !isClosed && !content.waits,
      delete: !note.isShared,
    };
    for (const [name, isShown] of Object.entries(shown)) find(`[data-do-note="${name}"]`).hidden = !isShown;
    for (const button of node.querySelectorAll("[data-colour]")) {
      button.setAttribute("aria-pressed", String(button.dataset.colour === (content.colour ?? "yellow")));
    }
  }

  press(event) {
    const button = event.target.closest("[data-do-note]");
    if (!button || !this.store) return;
    const node = button.closest(".note");
    const deeds = {
      item: () => this.write({ kind: "item" }),
      place: () => this.place(),
      ink: () => this.draw(this.layer.mode ? "" : "ink"),
      forget: () => this.forget(),
      go: () => this.goTo(node.note),
      edit: () => this.edit(node),
      done: () => this.finish(node),
      colour: () => this.colour(node, button.dataset.colour),
      replace: () => this.place(node.note),
      keep: () => this.keep(node.note),
      share: () => this.sharing.open(node, button),
      delete: () => this.remove(node.note),
    };
    deeds[button.dataset.doNote]?.();
  }

  makeRoom() {
    this.dispatchEvent(new CustomEvent("reader:chosen", { bubbles: true }));
  }

  goTo(note) {
    this.makeRoom();
    this.layer.goTo(note);
  }

  // Writing

  write(content) {
    if (this.editing) this.finish(this.editing);
    const note = this.store.add({ text: "", colour: this.layer?.colour ?? "yellow", ...content });
    const node = this.nodes.get(note.id);
    this.showPanel();
    this.edit(node);
    return note;
  }

  edit(node) {
    if (this.editing && this.editing !== node) this.finish(this.editing);
    const field = node.querySelector("textarea");
    field.value = node.note.content.text ?? "";
    field.id = `note-${node.note.id}`;
    node.querySelector(".note-edit label").htmlFor = field.id;
    node.querySelector(".note-edit").hidden = false;
    node.querySelector(".note-text").hidden = true;
    this.editing = node;
    field.focus();
    node.scrollIntoView({ block: "nearest" });
  }

  type(event) {
    const node = event.target.closest(".note");
    if (!node) return;
    if (event.target.matches("textarea")) {
      const text = event.target.value;
      if (this.store.isTooLong({ ...node.note.content, text })) this.showState({ why: "toolong" });
      else this.store.change(node.note, { text });
    } else if (event.target.matches("[type='search']")) {
      clearTimeout(this.searching);
      this.searching = setTimeout(() => this.sharing.search(node, event.target.value), 250);
    }
  }

  finish(node) {
    node.querySelector(".note-edit").hidden = true;
    this.editing = null;
    const { note } = node;
    const isBlank = !note.content.text?.trim() && ["item", "text"].includes(note.content.kind);
    if (isBlank) {
      this.store.remove(note);
      this.refresh();
      this.querySelector("[data-do-note='item']").focus();
      return;
    }
    this.refresh();
    this.fillItem(node);
    node.querySelector("[data-do-note='edit']").focus();
  }

  colour(node, colour) {
    const { content } = node.note;
    const strokes = content.strokes?.map((stroke) => ({ ...stroke, colour }));
    this.store.change(node.note, strokes ? { colour, strokes } : { colour });
    this.fillItem(node);
    if (content.page) this.layer?.draw(content.page);
  }

  keep(note) {
    const { quote, text } = note.content;
    const words = [quote && `“${quote.exact}”`, text].filter(Boolean).join("\n");
    const kind = note.content.kind === "ink" ? "ink" : "item";
    this.store.change(note, { kind, waits: undefined, page: undefined, quote: undefined, quads: undefined, text: words });
    this.refresh();
  }

  remove(note) {
    if (this.editing === this.nodes.get(note.id)) {
      this.editing.querySelector(".note-edit").hidden = true;
      this.editing = null;
    }
    const line = this.template("deleted").firstElementChild;
    const end = () => {
      clearTimeout(this.leaving.get(note));
      this.leaving.delete(note);
      line.remove();
    };
    this.leaving.set(note, setTimeout(() => {
      end();
      this.store.remove(note);
    }, UNDO));
    line.querySelector("button").addEventListener("click", () => {
      end();
      this.refresh();
      this.nodes.get(note.id)?.querySelector("[data-do-note='delete']").focus();
    });
    this.part("told").append(line);
    this.refresh();
    line.querySelector("button").focus();
  }

  async forget() {
    this.store.flush();
    await Promise.all(this.store.sending.values());
    this.store.close();
    this.store.notes.clear();
    this.store.shared = [];
    this.refresh();
    this.part("open").hidden = true;
    await this.lock.forget();
  }

  // On the pages

  meetReader() {
    const bars = this.template("bars");
    const place = this.reader.querySelector(".reader-place");
    this.bar = bars.querySelector("[data-bar]");
    this.pen = bars.querySelector("[data-pen]");
    this.placing = bars.querySelector("[data-placing]");
    place.append(bars);
    this.layer = new NotesLayer(this.reader, { pin: this.words.pin, icon: this.querySelector("template[data-template='icon']") });
    this.layer.notes = () => this.visible();
    this.layer.addEventListener("selected", ({ detail }) => this.showBar(detail));
    this.layer.addEventListener("picked", ({ detail }) => this.reveal(detail));
    this.layer.addEventListener("placed", ({ detail }) => this.put(detail));
    this.layer.addEventListener("drawn", ({ detail }) => this.addStroke(detail));
    this.layer.addEventListener("erased", ({ detail }) => this.erase(detail));
    this.layer.addEventListener("located", ({ detail }) => this.store.change(detail.note, { quads: detail.quads }));
    this.bar.addEventListener("pointerdown", (event) => event.preventDefault()); // the selection stays
    this.bar.addEventListener("click", (event) => {
      const choice = event.target.closest("[data-mark]")?.dataset.mark;
      if (choice) this.markSelection(choice);
    });
    this.pen.addEventListener("click", (event) => this.useInk(event.target.closest("[data-ink]")?.dataset.ink));
    this.placing.addEventListener("click", (event) => {
      const choice = event.target.closest("[data-place]")?.dataset.place;
      if (choice === "middle") this.put(this.layer.middle());
      else if (choice) this.draw("");
    });
    document.addEventListener("keydown", (event) => this.key(event));
    if (this.store) this.layer.drawAll();
  }

  key(event) {
    if (event.key === "Escape" && this.layer.mode) this.draw("");
    if (event.ctrlKey || event.metaKey || event.altKey || localStorage.getItem(LETTERS) === "off") return;
    if (event.target.closest("input, textarea, select, dialog")) return;
    if (event.key === "h" && !this.bar.hidden) this.markSelection(this.layer.colour);
    else if (event.key === "m" && this.store) this.put(this.layer.middle());
    else return;
    event.preventDefault();
  }

  showBar(selected) {
    this.bar.hidden = !selected || Boolean(this.layer.mode);
    if (this.bar.hidden) return;
    const own = this.bar.parentElement.getBoundingClientRect();
    const { left, right, bottom, top } = selected.box;
    const width = this.bar.offsetWidth;
    const x = Math.min(Math.max((left + right) / 2 - own.left - width / 2, 8), own.width - width - 8);
    const below = bottom - own.top + 12;
    const y = below + this.bar.offsetHeight < own.height ? below : Math.max(top - own.top - this.bar.offsetHeight - 12, 8);
    this.bar.style.left = `${x}px`;
    this.bar.style.top = `${y}px`;
  }

  markSelection(choice) {
    const selected = this.layer.selection();
    if (!selected) return;
    document.getSelection().removeAllRanges();
    this.bar.hidden = true;
    this.mark(selected.contents, choice);
  }

  mark(contents, choice) {
    if (!this.store || this.part("open").hidden) {
      Object.assign(this, { waiting: contents, wanted: choice });
      this.showPanel();
      this.announce(this.words.locked);
      return;
    }
    if (choice !== "note") this.layer.colour = choice;
    const notes = contents.map((content) => this.store.add({ ...content, colour: this.layer.colour }));
    if (choice === "note") {
      this.showPanel();
      this.edit(this.nodes.get(notes[0].id));
    } else this.showState({ saving: true });
  }

  reveal(note) {
    this.layer.pick(note);
    this.showPanel();
    const node = this.nodes.get(note.id);
    node?.scrollIntoView({ block: "center" });
    node?.querySelector(".note-go").focus({ preventScroll: true });
  }

  // `moved` is a note that waits for its place in this version.
  place(moved = null) {
    const selected = moved && this.layer.selection();
    if (selected) {
      document.getSelection().removeAllRanges();
      this.settle(moved, selected.contents[0]);
      return;
    }
    this.moved = moved;
    this.draw("place");
    this.makeRoom();
  }

  put({ page, at }) {
    const { moved } = this;
    this.moved = null;
    this.draw("");
    if (moved) this.settle(moved, moved.content.kind === "ink" ? { page } : { page, at, quads: [] });
    else this.write({ kind: "text", page, at });
  }

  settle(note, place) {
    this.store.change(note, { ...place, text: note.content.text, waits: undefined, old_page: undefined, old_version: undefined, is_near: undefined });
    this.refresh();
  }

  draw(mode) {
    this.layer.setMode(mode);
    this.pen.hidden = mode !== "ink" && mode !== "erase";
    this.placing.hidden = mode !== "place";
    this.bar.hidden = true;
    if (!mode) this.inkOf.clear();
    for (const button of this.querySelectorAll("[data-do-note][aria-pressed]")) {
      button.setAttribute("aria-pressed", String(button.dataset.doNote === mode));
    }
    if (mode === "ink") {
      this.makeRoom();
      this.useInk(["yellow"].includes(this.layer.colour) ? "blue" : this.layer.colour);
    }
  }

  useInk(choice) {
    if (!choice) return;
    if (choice === "end") this.draw("");
    else if (choice === "undo") this.undoStroke();
    else {
      this.layer.setMode(choice === "erase" ? "erase" : "ink");
      if (choice !== "erase") this.layer.colour = choice;
    }
    for (const button of this.pen.querySelectorAll("[aria-pressed]")) {
      const pressed = button.dataset.ink === (this.layer.mode === "erase" ? "erase" : this.layer.colour);
      button.setAttribute("aria-pressed", String(pressed));
    }
  }

  addStroke({ page, stroke }) {
    if (!this.store) {
      this.showPanel();
      return;
    }
    const open = this.inkOf.get(page);
    if (open && this.store.notes.has(open.id) && !this.leaving.has(open) && NotesLayer.hasRoom(open)) {
      this.store.change(open, { strokes: [...open.content.strokes, stroke] });
      this.strokes.push(stroke);
      this.layer.draw(page);
    } else {
      this.strokes.push(stroke);
      this.inkOf.set(page, this.store.add({ kind: "ink", page, colour: stroke.colour, strokes: [stroke] }));
    }
  }

  // Takes out the strokes of one's own drawings on a page that `hits` names.
  erase({ page, hits }) {
    for (const note of this.visible()) {
      const { content } = note;
      if (note.isShared || content.kind !== "ink" || content.page !== page) continue;
      const left = content.strokes.filter((stroke) => !hits(stroke));
      if (left.length === content.strokes.length) continue;
      if (left.length) {
        this.store.change(note, { strokes: left });
        this.layer.draw(page);
      } else {
        this.store.remove(note);
        this.refresh();
      }
    }
  }

  undoStroke() {
    const last = this.strokes.pop();
    const note = last && this.visible().find(({ content }) => content.strokes?.includes(last));
    if (note) this.erase({ page: note.content.page, hits: (stroke) => stroke === last });
  }
}

customElements.define("notes-panel", NotesPanel);
