// Has the remote signing service sign: PIN and one-time code go to the server, which passes them on and forgets them.

import { askServer, cancelled, showIn, word } from "./key-words.js";

let numbers = 0;

function makeField(name, label, mode) {
  const field = document.createElement("div");
  field.className = "field";
  const input = document.createElement("input");
  input.id = `key-${name}-${++numbers}`;
  input.className = "control";
  input.name = name;
  input.type = "password";
  input.autocomplete = name === "otp" ? "one-time-code" : "off";
  input.inputMode = mode;
  input.maxLength = 64;
  const words = document.createElement("label");
  words.className = "field-label";
  words.htmlFor = input.id;
  words.textContent = label;
  field.append(words, input);
  return field;
}

function makeButton(tone, label, type) {
  const button = document.createElement("button");
  button.type = type;
  button.className = `button button-${tone}`;
  button.textContent = label;
  return button;
}

function makeForm() {
  const form = document.createElement("form");
  form.className = "stack";
  const title = document.createElement("p");
  title.className = "mb-0";
  title.textContent = word("unlock");
  const hint = document.createElement("p");
  hint.className = "small muted";
  hint.textContent = word("optional");
  const deeds = document.createElement("div");
  deeds.className = "cluster";
  deeds.append(makeButton("primary", word("sign"), "submit"), makeButton("secondary", word("cancel"), "button"));
  form.append(title, makeField("pin", word("pinLabel"), "text"), makeField("otp", word("codeLabel"), "numeric"), hint, deeds);
  return form;
}

function unlock(form) {
  return new Promise((resolve, reject) => {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      resolve({ pin: form.elements.pin.value, otp: form.elements.otp.value });
    });
    form.querySelector("[type=button]").addEventListener("click", () => reject(cancelled()));
  });
}

export async function sign(order, place) {
  const form = makeForm();
  const close = showIn(place, form);
  form.elements.pin.focus();
  try {
    const secrets = await unlock(form);
    form.querySelector("[type=submit]").disabled = true;
    return (await askServer(order.remote_url, secrets)).value;
  } finally {
    form.reset();
    close();
  }
}
