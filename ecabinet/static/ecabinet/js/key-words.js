// What may happen with a key, in the reader's words (templates/signatures/_key_words.html), and asking the server.

const words = () => document.getElementById("key-words").dataset;

export const word = (name) => words()[name];

// Its message is a sentence for the person at the key.
export class KeyProblem extends Error {
  get told() {
    return this.message;
  }
}

export const problem = (name) => new KeyProblem(words()[name] ?? words().fault);

export const cancelled = () => new DOMException(words().cancelled, "AbortError");

export function showIn(place, ...parts) {
  const shown = place ?? document.querySelector("[data-sign-place]") ?? document.body;
  shown.replaceChildren(...parts);
  shown.hidden = false;
  return () => {
    shown.replaceChildren();
    if (shown !== document.body) shown.hidden = true;
  };
}

const readToken = () => JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];

export async function askServer(address, fields) {
  const headers = { Accept: "application/json" };
  if (fields) headers["X-CSRFToken"] = readToken();
  const body = fields && new URLSearchParams(fields);
  let answer;
  try {
    answer = await fetch(address, { method: fields ? "POST" : "GET", headers, body, redirect: "error", cache: "no-store" });
  } catch {
    throw problem("line");
  }
  const isJson = answer.headers.get("Content-Type")?.startsWith("application/json");
  const told = isJson ? await answer.json() : {};
  if (!answer.ok) throw told.detail ? new KeyProblem(told.detail) : problem("fault");
  return told;
}
