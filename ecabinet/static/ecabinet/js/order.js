// The order of a dossier by mouse, finger or keyboard. The arrow buttons beside each paper do the same without it.

const LIST = "#dossier-papers";
const EDGE = 80; // this near to the edge of the window the page scrolls along

function post(row, to) {
  const source = row.querySelector("form.paper-arrows");
  window.htmx.ajax("POST", row.dataset.move, { source, target: LIST, swap: "outerHTML", values: { to } });
}

class Drag {
  constructor(handle, event) {
    this.row = handle.closest("[data-paper]");
    this.home = this.row.parentElement;
    this.next = this.row.nextElementSibling;
    this.handle = handle;
    this.pointer = event.pointerId;
    this.y = this.start = event.clientY;
    handle.setPointerCapture(this.pointer);
    this.row.classList.add("is-dragged");
    document.querySelector(LIST).classList.add("is-sorting");
    this.timer = setInterval(() => this.scroll(), 30);
  }

  // An attachment stays under its paper; a paper goes into any section.
  get lists() {
    return this.home.dataset.of ? [this.home] : [...document.querySelectorAll(`${LIST} ol[data-section]:not([data-of])`)];
  }

  move(y) {
    this.y = y;
    const distance = (list) => {
      const box = list.getBoundingClientRect();
      return y < box.top ? box.top - y : Math.max(y - box.bottom, 0);
    };
    const list = this.lists.reduce((best, one) => (distance(one) < distance(best) ? one : best));
    const middle = (row) => row.getBoundingClientRect().top + row.getBoundingClientRect().height / 2;
    const behind = [...list.children].find((row) => row !== this.row && middle(row) > y) ?? null;
    if (behind !== this.row.nextElementSibling || list !== this.row.parentElement) list.insertBefore(this.row, behind);
  }

  scroll() {
    if (this.y < EDGE && this.y < this.start) scrollBy(0, -12);
    else if (this.y > innerHeight - EDGE && this.y > this.start) scrollBy(0, 12);
    else return;
    this.move(this.y);
  }

  finish() {
    this.end();
    if (this.row.parentElement === this.home && this.row.nextElementSibling === this.next) return;
    const list = this.row.parentElement;
    this.handle.focus();
    post(this.row, `${list.dataset.section}:${[...list.children].indexOf(this.row) + 1}`);
  }

  cancel() {
    this.end();
    this.home.insertBefore(this.row, this.next);
  }

  end() {
    clearInterval(this.timer);
    this.row.classList.remove("is-dragged");
    document.querySelector(LIST)?.classList.remove("is-sorting");
    if (this.handle.hasPointerCapture(this.pointer)) this.handle.releasePointerCapture(this.pointer);
  }
}

let drag = null;
const handleOf = (event) => (event.target instanceof Element ? event.target.closest("[data-handle]") : null);

document.addEventListener("pointerdown", (event) => {
  const handle = handleOf(event);
  if (!handle || event.button !== 0) return;
  event.preventDefault();
  handle.focus();
  drag = new Drag(handle, event);
});
document.addEventListener("pointermove", (event) => drag?.move(event.clientY));
document.addEventListener("pointerup", () => {
  drag?.finish();
  drag = null;
});
document.addEventListener("pointercancel", () => {
  drag?.cancel();
  drag = null;
});

document.addEventListener("keydown", (event) => {
  if (drag && event.key === "Escape") {
    drag.cancel();
    drag = null;
    return;
  }
  const handle = handleOf(event);
  if (!handle || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
  event.preventDefault();
  post(handle.closest("[data-paper]"), event.key === "ArrowUp" ? handle.dataset.up : handle.dataset.down);
});

// While a paper is in the hand the list is not drawn anew under it.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (drag && event.detail.target?.matches(LIST)) event.detail.shouldSwap = false;
});

// What was done is said by a place that stays: one that came with the answer would not be read out.
const voice = document.createElement("p");
voice.className = "visually-hidden";
voice.setAttribute("role", "status");
document.querySelector("main")?.append(voice);

document.addEventListener("htmx:afterSettle", () => {
  const said = document.querySelector(LIST)?.dataset.said;
  if (said) voice.textContent = said;
});
