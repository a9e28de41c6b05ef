// Has the token in this computer sign, through the program that runs beside the browser (agent/README.md).

import { cancelled, problem, word } from "./key-words.js";

async function ask(path, plain) {
  const sent = plain && { method: "POST", body: JSON.stringify(plain), headers: { "Content-Type": "application/json" } };
  let answer;
  try {
    answer = await fetch(word("address") + path, { ...sent, credentials: "omit", cache: "no-store", referrerPolicy: "no-referrer" });
  } catch {
    throw problem("agent"); // not started, or it does not know this site: the browser tells neither apart
  }
  const told = await answer.json();
  if (answer.ok) return told;
  throw told.error === "refused" ? cancelled() : problem(told.error);
}

export async function listCertificates() {
  return (await ask("/certificates")).certificates;
}

// Several orders for one certificate are shown together and take one PIN.
export async function signAll(orders) {
  const { nonce } = await ask("/nonce", {});
  return (await ask("/sign", { nonce, orders })).values;
}

export async function sign(order) {
  const [value] = await signAll([order]);
  return value;
}
