// The order of a dossier by mouse, finger or keyboard. The arrow buttons beside each paper do the same without it.

const LIST = "#dossier-papers";
const EDGE = 80; // this near to the edge of the window the page scrolls along

function post(row, to) {
  const source = row.querySelector("form.paper-arrows");
  window.htmx.ajax("POST", row.dataset.move, { source, target: LIST, swap: "outerHTML", values: { to } });
}

// A line shows where the paper would go; the list itself stays still until it is let go.
class Drag {
  constructor(handle, event) {
    this.handle = handle;
    this.row = handle.closest("[data-paper]");
    this.home = this.row.parentElement;
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
    const middle = (row) => row.getBoundingClientRect().top + row.getBoundingClientRect().height / 2;
    this.list = this.lists.reduce((best, one) => (distance(one) < distance(best) ? one : best));
    this.before = [...this.list.children].find((row) => row !== this.row && middle(row) > y) ?? null;
    this.unmark();
    (this.before ?? this.list).classList.add(this.before ? "drops-before" : "drops-last");
  }

  scroll() {
    if (this.y < EDGE && this.y < this.start) scrollBy(0, -12);
    else if (this.y > innerHeight - EDGE && this.y > this.start) scrollBy(0, 12);
    else return;
    this.move(this.y);
  }

  finish() {
    this.end();
    if (!this.list || (this.list === this.home && this.before === this.row.nextElementSibling)) return;
    const others = [...this.list.children].filter((row) => row !== this.row);
    const place = this.before ? others.indexOf(this.before) + 1 : others.length + 1;
    post(this.row, `${this.list.dataset.section}:${place}`);
  }

  end() {
    clearInterval(this.timer);
    this.unmark();
    this.row.classList.remove("is-dragged");
    document.querySelector(LIST)?.classList.remove("is-sorting");
    if (this.handle.hasPointerCapture(this.pointer)) this.handle.releasePointerCapture(this.pointer);
  }

  unmark() {
    for (const marked of document.querySelectorAll(".drops-before, .drops-last")) marked.classList.remove("drops-before", "drops-last");
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
  drag?.end();
  drag = null;
});

document.addEventListener("keydown", (event) => {
  if (drag && event.key === "Escape") {
    drag.end();
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
