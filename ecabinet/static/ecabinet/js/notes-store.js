// The notes of one paper between this device and the server: opened, sealed, sent, sent again, never lost.
import {
  LONGEST, makeNoteKey, openNote, openNoteKey, openSharedKey, sealNote, shareNoteKey,
} from "./notes-crypto.js";
import { dropUnsent, keepUnsent, listUnsent } from "./notes-device.js";
import { follow } from "./notes-anchor.js";

const SEND_AFTER = 1000;
const TRY_AGAIN = 15_000;
const LEFT_OVER = 60_000;
const AT_ONCE = 4; // notes that are carried at the same time

export class SignedOut extends Error {}

// JSON there and back. A redirect means that the session has ended.
export async function ask(address, csrf, { method = "GET", body, keepalive = false } = {}) {
  const answer = await fetch(address, {
    method,
    body: body && JSON.stringify(body),
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrf, Accept: "application/json" },
    redirect: "manual",
    keepalive,
  });
  if (answer.type === "opaqueredirect") throw new SignedOut();
  const isJson = answer.headers.get("Content-Type")?.startsWith("application/json");
  return { status: answer.status, ok: answer.ok, ...(isJson ? await answer.json() : {}) };
}

// Tells by events: `changed` when notes came, went or were replaced, `state` when the state of saving is another.
export class NotesStore extends EventTarget {
  constructor({ user, version, root, csrf }, keys) {
    super();
    Object.assign(this, { user, version, root, csrf, keys });
    this.notes = new Map();
    this.shared = [];
    this.timers = new Map();
    this.sending = new Map();
    this.savedAt = null;
    this.problem = "";
    this.again = setInterval(() => this.sendUnsent(), TRY_AGAIN);
    this.leaving = () => document.visibilityState === "hidden" && this.flush();
    this.back = () => this.sendUnsent();
    document.addEventListener("visibilitychange", this.leaving);
    addEventListener("pagehide", this.leaving);
    addEventListener("online", this.back);
  }

  close() {
    clearInterval(this.again);
    document.removeEventListener("visibilitychange", this.leaving);
    removeEventListener("pagehide", this.leaving);
    removeEventListener("online", this.back);
  }

  place(note) {
    return { id: note.id, version: note.version ?? this.version, owner: note.owner ?? this.user };
  }

  tell(what, detail) {
    this.dispatchEvent(new CustomEvent(what, { detail }));
  }

  // Opening

  async load() {
    const answer = await ask(`${this.root}versions/${this.version}/`, this.csrf);
    if (!answer.ok) throw new Error(`notes: ${answer.status}`);
    this.keptDays = answer.kept_days;
    this.erasedFrom = answer.erased_from;
    for (const note of await Promise.all(answer.notes.map((row) => this.open(row)))) this.notes.set(note.id, note);
    for (const unsent of await listUnsent(this.user)) await this.takeUpUnsent(unsent);
    this.shared = await Promise.all(answer.shared.map((row) => this.openShared(row)));
    this.tell("changed");
    this.sendUnsent();
    this.carry(answer.earlier).catch(() => this.fail("offline")); // the next opening goes on with it
  }

  async open(row) {
    const place = this.place(row);
    try {
      const key = await openNoteKey(row.key, this.keys, place);
      const content = await openNote(row.sealed, key, place);
      return { id: row.id, content, key, revision: row.revision, sharedWith: row.shared_with, changedAt: row.changed_at };
    } catch {
      return { id: row.id, content: { kind: "closed" }, revision: row.revision, sharedWith: [], changedAt: row.changed_at };
    }
  }

  async openShared(row) {
    const place = { ...this.place({ id: row.id }), owner: row.owner.id };
    const note = { id: row.id, owner: row.owner, changedAt: row.changed_at, isShared: true };
    try {
      const key = await openSharedKey(row.key, this.keys, row.owner.public_key, { ...place, reader: this.user });
      return { ...note, content: await openNote(row.sealed, key, place) };
    } catch {
      return { ...note, content: { kind: "closed" } };
    }
  }

  // What this device could not send is newer than what the server knows of it.
  async takeUpUnsent({ id, version, body }) {
    if (version !== this.version) return;
    if (!body) {
      this.notes.delete(id);
      return;
    }
    const note = await this.open({ id, ...body, shared_with: this.notes.get(id)?.sharedWith ?? [], changed_at: null });
    this.notes.set(id, { ...note, unsent: body });
  }

  // Notes on earlier versions follow to this one. The server takes each once, whichever device comes first.
  async carry(earlier) {
    if (!earlier.length) return;
    const texts = new Map();
    const textOf = async (version) => {
      if (!texts.has(version)) texts.set(version, await ask(`${this.root}versions/${version}/text/`, this.csrf));
      return texts.get(version);
    };
    const after = await textOf(this.version);
    if (after.is_awaited) {
      this.tell("awaited", { count: earlier.length });
      return;
    }
    let carried = 0;
    let waiting = 0;
    const carryOne = async (row) => {
      const old = await this.open(row);
      if (old.content.kind === "closed") return;
      const stood = old.content.waits ? {} : { old_version: row.version_number, old_page: old.content.page };
      const before = await textOf(row.version);
      const content = follow({ ...old.content, ...stood }, before.pages, after.pages);
      const note = { id: crypto.randomUUID(), content, key: makeNoteKey(), revision: 0, sharedWith: [], carriedFrom: row.id };
      const answer = await this.exchange(note, await this.seal(note));
      if (answer.status === 409 && answer.note) this.notes.set(answer.note.id, await this.open(answer.note));
      else if (answer.ok) {
        this.notes.set(note.id, { ...note, revision: answer.note.revision, changedAt: answer.note.changed_at });
        carried += 1;
        if (content.waits) waiting += 1;
      }
    };
    for (let at = 0; at < earlier.length; at += AT_ONCE) await Promise.all(earlier.slice(at, at + AT_ONCE).map(carryOne));
    if (earlier.length) this.tell("changed");
    if (carried) this.tell("carried", { carried, waiting });
  }

  // Writing

  add(content) {
    const note = { id: crypto.randomUUID(), content, key: makeNoteKey(), revision: 0, sharedWith: [], changedAt: null };
    this.notes.set(note.id, note);
    this.save(note);
    this.tell("changed");
    return note;
  }

  change(note, content) {
    note.content = { ...note.content, ...content };
    this.save(note);
  }

  save(note) {
    clearTimeout(this.timers.get(note.id));
    note.isDirty = true;
    this.keep(note);
    this.tell("state", { saving: true });
    this.timers.set(note.id, setTimeout(() => this.send(note), SEND_AFTER));
  }

  // Sealed on this device at once, letter by letter: a page that is closed loses nothing.
  keep(note) {
    if (note.waitsToBeKept) return;
    note.waitsToBeKept = true;
    note.kept = (note.kept ?? Promise.resolve()).then(async () => {
      note.waitsToBeKept = false;
      if (!this.notes.has(note.id) || this.isTooLong(note.content)) return;
      await this.keepBody(note, await this.seal(note));
    });
  }

  keepBody(note, body) {
    return keepUnsent({ id: note.id, user: this.user, version: this.version, body, at: Date.now() });
  }

  isTooLong(content) {
    return new TextEncoder().encode(JSON.stringify(content)).length > LONGEST;
  }

  async seal(note) {
    const body = { version: this.version, revision: note.revision, ...(await sealNote(note.content, note.key, this.keys, this.place(note))) };
    if (note.carriedFrom && note.revision === 0) body.carried_from = note.carriedFrom;
    return body;
  }

  exchange(note, body, keepalive = false) {
    return ask(`${this.root}${note.id}/`, this.csrf, { method: "PUT", body, keepalive });
  }

  // One after the other for each note; what is written meanwhile goes with the next.
  send(note) {
    this.timers.delete(note.id);
    const before = this.sending.get(note.id) ?? Promise.resolve();
    const now = before.then(() => this.sendNow(note));
    this.sending.set(note.id, now);
    return now;
  }

  async sendNow(note) {
    if (!this.notes.has(note.id) || (!note.isDirty && !note.unsent)) return;
    if (note.isDirty) {
      note.isDirty = false;
      if (this.isTooLong(note.content)) {
        this.fail("toolong");
        return;
      }
      note.unsent = await this.seal(note);
    }
    const body = note.unsent;
    note.tried = (note.tried ?? new Set()).add(body.sealed.data);
    await note.kept;
    await this.keepBody(note, body);
    let answer;
    try {
      answer = await this.exchange(note, body, document.visibilityState === "hidden" && JSON.stringify(body).length < 60_000);
    } catch (problem) {
      this.fail(problem instanceof SignedOut ? "signedout" : "offline");
      return;
    }
    await this.take(note, body, answer);
  }

  async take(note, body, answer) {
    if (answer.ok) {
      Object.assign(note, { revision: answer.note.revision, changedAt: answer.note.changed_at });
    } else if (answer.status === 409 && answer.outcome === "stale") {
      // Our own, whose answer was lost on the way, or another device's: then both are kept.
      if (!note.tried?.has(answer.note.sealed.data)) await this.keepBoth(note, answer.note);
      else Object.assign(note, { revision: answer.note.revision, isDirty: true });
    } else if (answer.status === 410) {
      await this.renew(note);
    } else {
      this.fail(answer.status === 413 ? "toolong" : answer.status >= 500 || answer.status === 403 ? "offline" : "refused", answer.error);
      return;
    }
    note.tried = null;
    if (note.unsent === body) note.unsent = null;
    if (note.isDirty) {
      if (!this.timers.has(note.id)) this.send(note);
      return;
    }
    await dropUnsent(note.id);
    this.succeed();
  }

  async keepBoth(note, theirs) {
    const mine = note.content;
    Object.assign(note, await this.open(theirs), { isDirty: false, unsent: null });
    const copy = { id: crypto.randomUUID(), content: { ...mine, is_copy: true }, key: makeNoteKey(), revision: 0, sharedWith: [], isDirty: true };
    this.notes.set(copy.id, copy);
    this.tell("changed");
    this.tell("both");
    this.send(copy);
  }

  // Deleted on another device while it was written here: it lives on under a new number.
  async renew(note) {
    this.notes.delete(note.id);
    const copy = { ...note, id: crypto.randomUUID(), key: makeNoteKey(), revision: 0, sharedWith: [], isDirty: true, unsent: null };
    note.isDirty = false;
    this.notes.set(copy.id, copy);
    this.tell("changed");
    this.send(copy);
  }

  async remove(note) {
    clearTimeout(this.timers.get(note.id));
    await this.sending.get(note.id);
    this.notes.delete(note.id);
    await note.kept;
    if (note.revision === 0) {
      await dropUnsent(note.id);
      return;
    }
    await keepUnsent({ id: note.id, user: this.user, version: this.version, revision: note.revision, body: null, at: Date.now() });
    await this.sendRemoval(note.id, note.revision);
  }

  async sendRemoval(id, revision) {
    let answer;
    try {
      answer = await ask(`${this.root}${id}/?revision=${revision}`, this.csrf, { method: "DELETE", keepalive: true });
    } catch (problem) {
      this.fail(problem instanceof SignedOut ? "signedout" : "offline");
      return;
    }
    if (answer.status >= 500) return;
    await dropUnsent(id);
    if (answer.status === 409) {
      this.notes.set(id, await this.open(answer.note));
      this.tell("changed");
      this.tell("both");
    } else this.succeed();
  }

  async sendUnsent() {
    for (const entry of await listUnsent(this.user)) {
      if (entry.version !== this.version) await this.sendElsewhere(entry);
      else if (!entry.body) await this.sendRemoval(entry.id, entry.revision);
      else if (this.notes.has(entry.id)) await this.send(this.notes.get(entry.id));
    }
  }

  // Left over from another paper: sent as it was sealed there. A conflict waits until that paper is opened; what is being
  // written in another window just now is that window's.
  async sendElsewhere({ id, revision, body, at }) {
    if (Date.now() - at < LEFT_OVER) return;
    const how = body ? { method: "PUT", body } : { method: "DELETE" };
    const address = `${this.root}${id}/${body ? "" : `?revision=${revision}`}`;
    const answer = await ask(address, this.csrf, how).catch(() => ({ ok: false }));
    if (answer.ok || (!body && answer.status === 404)) await dropUnsent(id);
  }

  flush() {
    for (const [id, timer] of this.timers) {
      clearTimeout(timer);
      if (this.notes.has(id)) this.send(this.notes.get(id));
    }
  }

  get isSaving() {
    return this.timers.size > 0 || [...this.notes.values()].some((note) => note.isDirty);
  }

  succeed() {
    if (this.isSaving || [...this.notes.values()].some((note) => note.unsent)) return;
    this.savedAt = new Date();
    this.tell("state", { saved: this.savedAt });
  }

  fail(why, words = "") {
    this.tell("state", { why, words });
  }

  // Sharing

  findReaders(note, words) {
    return ask(`${this.root}${note.id}/readers/?${new URLSearchParams({ q: words })}`, this.csrf);
  }

  async share(note, reader) {
    const place = { ...this.place(note), reader: reader.id };
    const key = await shareNoteKey(note.key, this.keys, reader.public_key, place);
    const answer = await ask(`${this.root}${note.id}/share/`, this.csrf, { method: "POST", body: { reader: reader.id, key } });
    if (answer.ok) note.sharedWith = answer.shared_with;
    return answer;
  }

  async takeBack(note, reader) {
    const answer = await ask(`${this.root}${note.id}/take-back/`, this.csrf, { method: "POST", body: { reader: reader.id } });
    if (answer.ok) note.sharedWith = answer.shared_with;
    return answer;
  }
}
