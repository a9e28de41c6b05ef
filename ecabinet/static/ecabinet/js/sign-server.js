// Talking with the server while signing: every failure in a sentence, and whether what the key has made is to be kept.

export class Told extends Error {} // its message is for the signer; `keeps` says that trying again helps

export class SignServer {
  constructor(words, row = "") {
    this.words = words;
    this.row = row;
  }

  async post(address, fields) {
    const url = new URL(address, location.href);
    if (this.row) url.searchParams.set("row", this.row);
    const answer = await fetch(url, {
      method: "POST",
      body: new URLSearchParams(fields),
      headers: { Accept: "application/json", "X-CSRFToken": await this.findToken() },
      redirect: "manual",
    }).catch(() => {
      throw this.keeping("no-line", "line");
    });
    if (answer.type === "opaqueredirect") {
      this.isSignedOut = true;
      throw this.keeping("signed-out", "session");
    }
    const isJson = answer.headers.get("Content-Type")?.startsWith("application/json");
    const told = isJson ? await answer.json() : {};
    if (answer.ok) return told;
    if (answer.status >= 502) throw this.keeping("no-line", "line");
    const known = { 403: this.words.refused, 404: this.words.refused };
    throw new Told(told.detail ?? known[answer.status] ?? this.words.failed);
  }

  keeping(words, keeps) {
    return Object.assign(new Told(this.words[words]), { keeps });
  }

  // Who signs in again gets another token; the page still has the old one.
  async findToken() {
    if (!this.isSignedOut) return readToken(document);
    const page = await fetch(location.href, { redirect: "manual" });
    if (!page.ok) return readToken(document);
    return readToken(new DOMParser().parseFromString(await page.text(), "text/html"));
  }
}

function readToken(page) {
  return JSON.parse(page.body.getAttribute("hx-headers"))["X-CSRFToken"];
}
