// Has a key file sign, in a frame of its own: its origin is nobody's, it reaches no network and keeps nothing.
// This page never sees the password or the key; it gets the certificate, or the signature over one order.

import { KeyProblem, cancelled, problem, showIn, word } from "./key-words.js";

class KeyFrame {
  constructor(place) {
    this.nonce = crypto.randomUUID();
    this.frame = document.createElement("iframe");
    this.frame.className = "key-frame";
    this.frame.title = word("frame");
    this.frame.setAttribute("sandbox", "allow-scripts allow-forms");
    this.frame.src = word("file");
    this.hear = (event) => this.take(event);
    addEventListener("message", this.hear);
    this.ready = new Promise((resolve, reject) => this.expect(resolve, reject));
    const empty = showIn(place, this.frame);
    this.close = () => {
      removeEventListener("message", this.hear);
      empty();
    };
  }

  expect(resolve, reject) {
    this.resolve = resolve;
    this.reject = reject;
  }

  // Only of the frame that was opened here, which has no origin; an answer carries the number it was asked with.
  take({ source, origin, data }) {
    if (source !== this.frame.contentWindow || origin !== "null" || typeof data !== "object") return;
    if (data.height) this.frame.height = Math.min(Number(data.height) || 0, 1200);
    else if (data.ready) this.resolve();
    else if (data.nonce !== this.nonce) return;
    else if (data.cancelled) this.reject(cancelled());
    else if (data.problem) this.reject(new KeyProblem(String(data.problem)));
    else this.resolve(data);
  }

  async ask(question) {
    await this.ready;
    return new Promise((resolve, reject) => {
      this.expect(resolve, reject);
      this.frame.contentWindow.postMessage({ ...question, nonce: this.nonce }, "*"); // it has no origin to name
    });
  }
}

// The key stays open in the frame until `close`.
export function openKey(place) {
  const frame = new KeyFrame(place);
  return {
    readCertificate: async () => (await frame.ask({ want: "certificate" })).certificate,
    sign: async (order) => (await frame.ask({ want: "value", order })).value,
    close: frame.close,
  };
}

export async function sign(order, place) {
  const key = openKey(place);
  try {
    return (await key.sign(order)) || Promise.reject(problem("fault"));
  } finally {
    key.close();
  }
}
