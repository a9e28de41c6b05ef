// Sends one file in pieces (tus 1.0): goes on by itself when the line is back, and after the page was loaded anew.

const PIECE = 6 * 1024 * 1024;
const TUS = { "Tus-Resumable": "1.0.0" };
const LONGEST_WAIT = 30_000;

// What trying again would not mend: `word` names the sentence for it.
export class Refusal extends Error {
  constructor(word) {
    super(word);
    this.word = word;
  }
}

const WORDS = { 413: "tooLarge", 507: "full" };

// Files of this device that were begun and not finished, by name, size and time of change.
const keyOf = (file) => `upload ${file.name} ${file.size} ${file.lastModified}`;

export function unfinished() {
  return Object.keys(localStorage)
    .filter((key) => key.startsWith("upload "))
    .map((key) => key.slice("upload ".length).replace(/ \d+ \d+$/, ""));
}

export class Transfer extends EventTarget {
  constructor(file, begin, token) {
    super();
    this.file = file;
    this.begin = begin;
    this.token = token;
    this.offset = 0;
    this.failures = 0;
    this.stopped = new AbortController();
  }

  // The number of the finished file, and what it probably is: {id, kind, title}.
  async run() {
    for (;;) {
      try {
        await this.find();
        while (this.offset < this.file.size) await this.sendPiece();
        return this.known;
      } catch (problem) {
        if (problem instanceof Refusal || this.stopped.signal.aborted) throw problem;
        this.tell("waiting");
        await this.rest();
      }
    }
  }

  // Where it broke off; or from the beginning.
  async find() {
    this.known ??= JSON.parse(localStorage.getItem(keyOf(this.file)) ?? "null");
    if (this.known) {
      const answer = await this.ask("HEAD", this.known.address);
      if (answer.ok) {
        this.offset = Number(answer.headers.get("Upload-Offset"));
        if (this.offset > 0) this.tell("goingOn");
        return;
      }
      if (answer.status !== 404) this.check(answer);
      this.forget();
    }
    const answer = await this.ask("POST", this.begin, {
      "Upload-Length": String(this.file.size),
      "Upload-Metadata": `filename ${btoa(String.fromCharCode(...new TextEncoder().encode(this.file.name.slice(0, 200))))}`,
    });
    this.check(answer);
    this.offset = 0;
    this.known = { ...(await answer.json()), address: answer.headers.get("Location") };
    localStorage.setItem(keyOf(this.file), JSON.stringify(this.known));
  }

  // XMLHttpRequest, since fetch does not tell how much has gone out.
  sendPiece() {
    const start = this.offset;
    const request = new XMLHttpRequest();
    request.open("PATCH", this.known.address);
    request.timeout = 5 * 60_000;
    for (const [name, value] of Object.entries({
      ...TUS,
      "X-CSRFToken": this.token,
      "Upload-Offset": String(start),
      "Content-Type": "application/offset+octet-stream",
    })) request.setRequestHeader(name, value);
    return new Promise((resolve, reject) => {
      const stop = () => request.abort();
      this.stopped.signal.addEventListener("abort", stop, { once: true });
      request.upload.onprogress = (step) => this.tell("sending", start + step.loaded);
      request.onloadend = () => {
        this.stopped.signal.removeEventListener("abort", stop);
        if (request.status === 204) {
          this.offset = Number(request.getResponseHeader("Upload-Offset"));
          this.failures = 0;
          this.tell("sending");
          resolve();
        } else {
          const word = WORDS[request.status];
          reject(word ? new Refusal(word) : new Error(String(request.status)));
        }
      };
      request.send(this.file.slice(start, start + PIECE));
    });
  }

  ask(method, address, headers = {}) {
    return fetch(address, {
      method,
      headers: { ...TUS, "X-CSRFToken": this.token, ...headers },
      signal: this.stopped.signal,
    });
  }

  check(answer) {
    if (answer.redirected) throw new Refusal("signedOut");
    if (WORDS[answer.status]) throw new Refusal(WORDS[answer.status]);
    if (answer.status >= 400 && answer.status < 500) throw new Refusal("failed");
    if (!answer.ok) throw new Error(String(answer.status));
  }

  // Until the device is on line again; a server that does not answer is asked ever more rarely.
  rest() {
    const wait = Math.min(1000 * 2 ** this.failures++, LONGEST_WAIT);
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, wait);
      addEventListener("online", () => (clearTimeout(timer), resolve()), { once: true });
      this.stopped.signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
    });
  }

  async cancel() {
    this.stopped.abort();
    if (!this.known) return;
    this.forget(this.known.address);
  }

  forget(address = null) {
    localStorage.removeItem(keyOf(this.file));
    this.known = null;
    if (address) fetch(address, { method: "DELETE", headers: { ...TUS, "X-CSRFToken": this.token } }).catch(() => {});
  }

  tell(state, sent = this.offset) {
    this.dispatchEvent(new CustomEvent("state", { detail: { state, share: this.file.size ? sent / this.file.size : 1 } }));
  }
}
