// Giving a note to named colleagues, below the note: who has it, who may have it, and the letters of their keys.
import { fingerprint } from "./notes-crypto.js";
import { fill } from "./notes-words.js";

export class NoteSharing {
  constructor(panel) {
    this.panel = panel;
  }

  open(node, button) {
    const place = node.querySelector(".note-share");
    place.hidden = !place.hidden;
    button.setAttribute("aria-expanded", String(!place.hidden));
    if (place.hidden) return;
    const field = place.querySelector("input");
    field.id = `share-${node.note.id}`;
    place.querySelector("label").htmlFor = field.id;
    this.showReaders(node);
    this.search(node, "");
    field.focus();
  }

  person(name, words, label, deed) {
    const line = this.panel.template("reader").firstElementChild;
    line.querySelector(".note-person").textContent = name;
    line.querySelector(".note-print").textContent = words;
    const button = line.querySelector("button");
    button.hidden = !deed;
    button.firstElementChild.textContent = label;
    button.setAttribute("aria-label", `${label}: ${name}`);
    button.addEventListener("click", deed);
    return line;
  }

  showReaders(node) {
    const { note } = node;
    const takeBack = (reader) => async () => {
      const taken = await this.panel.store.takeBack(note, reader).catch(() => ({ ok: false }));
      if (!taken.ok) this.panel.showState({ why: "refused", words: taken.error });
      this.showReaders(node);
      this.search(node, node.querySelector(".note-share input").value);
    };
    const lines = note.sharedWith.map((reader) => this.person(reader.name, "", this.panel.words.takeBack, takeBack(reader)));
    node.querySelector(".note-readers").replaceChildren(...lines);
    this.panel.fillItem(node);
  }

  async search(node, words) {
    const { note } = node;
    if (note.revision === 0) await this.panel.store.send(note);
    const answer = await this.panel.store.findReaders(note, words).catch(() => ({ ok: false }));
    const place = node.querySelector(".note-found");
    if (!answer.ok) {
      this.panel.showState({ why: "offline" });
      return;
    }
    const free = answer.people.filter(({ id }) => !note.sharedWith.some((reader) => reader.id === id));
    const lines = [];
    for (const person of free.slice(0, 8)) {
      const key = person.public_key;
      const about = key ? fill(this.panel.words.key, { letters: await fingerprint(key) }) : this.panel.words.notYet;
      const give = async () => {
        const given = await this.panel.store.share(note, person).catch(() => ({ ok: false }));
        if (!given.ok) this.panel.showState({ why: "refused", words: given.error });
        this.showReaders(node);
        this.search(node, words);
      };
      lines.push(this.person(person.name, [person.title, about].filter(Boolean).join(" · "), this.panel.words.share, key && give));
    }
    if (!lines.length && words) {
      const line = document.createElement("li");
      line.textContent = this.panel.words.nobody;
      lines.push(line);
    }
    place.replaceChildren(...lines);
  }
}
