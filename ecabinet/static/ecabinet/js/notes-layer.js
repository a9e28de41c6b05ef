// Notes on the pages: highlights, drawings and pins lie over the canvas in the coordinates of the PDF, so that they stay
// where they are at every size and when the page is turned. Selecting text and drawing make new ones.
import { findQuote, quoteFrom } from "./notes-anchor.js";

export const COLOURS = ["yellow", "green", "blue", "pink"];
const SVG = "http://www.w3.org/2000/svg";
const STEP = 0.7; // points between two places of a stroke
const LINE = 1.6; // points
const REACH = 5; // points that the eraser and a tap reach
const FULL = 3500; // places in one drawing; then the next begins

const round = (number) => Math.round(number * 10) / 10;

function shape(name, attributes, parent) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  parent.append(made);
  return made;
}

// The words of a page as they lie over it: the text, and which node each part of it is.
function readLayer(layer) {
  const parts = [];
  let text = "";
  const walker = document.createTreeWalker(layer, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.nodeType === Node.TEXT_NODE) {
      parts.push({ node, at: text.length });
      text += node.data;
    } else if (node.nodeName === "BR") text += " ";
  }
  return { parts, text };
}

function piecesOf(range, { parts }) {
  return parts
    .filter(({ node }) => range.intersectsNode(node))
    .map(({ node, at }) => ({
      node,
      at,
      start: node === range.startContainer ? range.startOffset : 0,
      end: node === range.endContainer ? range.endOffset : node.length,
    }))
    .filter(({ start, end }) => end > start);
}

// One box for each line, on the screen.
function linesOf(pieces) {
  const lines = [];
  for (const { node, start, end } of pieces) {
    const range = document.createRange();
    range.setStart(node, start);
    range.setEnd(node, end);
    for (const { left, right, top, bottom } of range.getClientRects()) {
      if (right - left < 1) continue;
      const line = lines.find(
        (other) =>
          Math.min(bottom, other.bottom) - Math.max(top, other.top) > 0.6 * Math.min(bottom - top, other.bottom - other.top) &&
          left - other.right < 1.5 * (bottom - top) && other.left - right < 1.5 * (bottom - top),
      );
      if (!line) lines.push({ left, right, top, bottom });
      else {
        line.left = Math.min(line.left, left);
        line.right = Math.max(line.right, right);
        line.top = Math.min(line.top, top);
        line.bottom = Math.max(line.bottom, bottom);
      }
    }
  }
  return lines;
}

function distance([x, y], [ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay];
  const along = dx || dy ? Math.min(Math.max(((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy), 0), 1) : 0;
  return Math.hypot(x - ax - along * dx, y - ay - along * dy);
}

const touches = (point, { points }) =>
  points.some((place, at) => distance(point, place, points[Math.min(at + 1, points.length - 1)]) < REACH);

const within = ([x, y], quad) => {
  const xs = [quad[0], quad[2], quad[4], quad[6]];
  const ys = [quad[1], quad[3], quad[5], quad[7]];
  return x >= Math.min(...xs) && x <= Math.max(...xs) && y >= Math.min(...ys) && y <= Math.max(...ys);
};

// Tells by events: `selected` (is there a selection that can be marked), `drawn`, `picked`, `placed`, `located`.
export class NotesLayer extends EventTarget {
  mode = ""; // "", "ink", "erase", "place"
  colour = COLOURS[0];
  notes = () => [];
  picked = null;

  constructor(reader, words) {
    super();
    Object.assign(this, { reader, words });
    this.container = reader.part("container");
    reader.bus.on("pagerendered", ({ pageNumber }) => this.draw(pageNumber));
    reader.bus.on("textlayerrendered", ({ pageNumber }) => this.locate(pageNumber));
    document.addEventListener("selectionchange", () => {
      clearTimeout(this.waiting);
      this.waiting = setTimeout(() => this.tell("selected", this.selection()), 200);
    });
    this.container.addEventListener("click", (event) => this.click(event));
    this.container.addEventListener("pointerdown", (event) => this.begin(event));
    for (const name of ["touchstart", "touchend"]) {
      this.container.addEventListener(name, (event) => this.isDrawing(event) && event.stopImmediatePropagation(), true);
    }
  }

  tell(what, detail) {
    this.dispatchEvent(new CustomEvent(what, { detail }));
  }

  view(page) {
    const view = this.reader.pageView(page);
    return view?.pdfPage && view.div ? view : null;
  }

  toPage(view, clientX, clientY) {
    const box = view.div.getBoundingClientRect();
    const scale = view.viewport.width / box.width;
    return view.viewport.convertToPdfPoint((clientX - box.left) * scale, (clientY - box.top) * scale).map(round);
  }

  // Showing

  drawAll() {
    for (let page = 1; page <= this.reader.file.numPages; page += 1) this.locate(page);
  }

  draw(page) {
    const view = this.view(page);
    if (!view) return;
    view.div.querySelectorAll(".notes-marks, .notes-pin").forEach((old) => old.remove());
    const notes = this.notes().filter(({ content }) => content.page === page && !content.waits);
    if (!notes.length && !this.mode) return;
    const { width, height, transform } = view.viewport;
    const marks = shape("svg", { class: "notes-marks", viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" }, view.div);
    marks.dataset.page = page;
    const plane = shape("g", { transform: `matrix(${transform.join(" ")})` }, marks);
    for (const note of notes) {
      const { content } = note;
      const group = shape("g", { class: this.classOf(note) }, plane);
      for (const quad of content.quads ?? []) {
        const corners = [0, 2, 6, 4].map((at) => `${quad[at]},${quad[at + 1]}`);
        shape("polygon", { points: corners.join(" ") }, group);
      }
      for (const stroke of content.strokes ?? []) this.drawStroke(stroke, group);
      if (content.kind === "text" || (content.kind === "highlight" && !content.quads?.length)) this.pin(note, view);
    }
  }

  classOf(note) {
    const { kind, colour } = note.content;
    return `notes-${kind} notes-${colour ?? "yellow"}${note.id === this.picked ? " is-picked" : ""}`;
  }

  drawStroke(stroke, parent) {
    const points = stroke.points.map((place) => `${place[0]},${place[1]}`).join(" ");
    return shape("polyline", { points, class: `notes-stroke-${stroke.colour}`, "stroke-width": stroke.width }, parent);
  }

  pin(note, view) {
    const { width, height } = view.viewport;
    const place = note.content.at ?? [24, view.viewport.viewBox[3] - 24];
    const [x, y] = view.viewport.convertToViewportPoint(...place);
    const button = document.createElement("button");
    button.type = "button";
    button.className = `notes-pin notes-${note.content.colour ?? "yellow"}${note.id === this.picked ? " is-picked" : ""}`;
    button.style.left = `${(100 * x) / width}%`;
    button.style.top = `${(100 * y) / height}%`;
    button.setAttribute("aria-label", `${this.words.pin}: ${(note.content.text || note.content.quote?.exact || "").slice(0, 80)}`);
    button.append(this.words.icon.content.cloneNode(true));
    button.addEventListener("click", () => this.tell("picked", note));
    view.div.append(button);
  }

  goTo(note) {
    this.pick(note);
    const view = this.view(note.content.page);
    const { content } = note;
    const points = content.quads?.[0] ?? content.strokes?.[0]?.points[0] ?? content.at;
    if (!view || !points) this.reader.goToPage(content.page);
    else {
      const destArray = [null, { name: "XYZ" }, null, points[1] + 80, null];
      this.reader.viewer.scrollPageIntoView({ pageNumber: content.page, destArray });
    }
  }

  pick(note) {
    const before = this.notes().find(({ id }) => id === this.picked);
    this.picked = note?.id ?? null;
    for (const each of [before, note]) if (each?.content.page) this.draw(each.content.page);
  }

  // Words on a page

  selection() {
    const selection = document.getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    const layers = [...this.container.querySelectorAll(".textLayer")].filter((layer) => range.intersectsNode(layer));
    const found = layers.map((layer) => this.read(layer, range)).filter(Boolean);
    if (!found.length) return null;
    return { contents: found.map(({ content }) => content), box: found.at(-1).lines.at(-1) };
  }

  read(layer, range) {
    const page = Number(layer.closest(".page").dataset.pageNumber);
    const read = readLayer(layer);
    const pieces = piecesOf(range, read);
    if (!pieces.length) return null;
    const lines = linesOf(pieces);
    const last = pieces.at(-1);
    const quote = quoteFrom(read.text, pieces[0].at + pieces[0].start, last.at + last.end);
    if (!quote.exact || !lines.length) return null;
    return { lines, content: { kind: "highlight", page, quote, quads: this.quads(page, lines), text: "" } };
  }

  quads(page, lines) {
    const view = this.view(page);
    return lines.map(({ left, right, top, bottom }) => [
      ...this.toPage(view, left, top),
      ...this.toPage(view, right, top),
      ...this.toPage(view, left, bottom),
      ...this.toPage(view, right, bottom),
    ]);
  }

  // A highlight that came from another version knows its words; where they lie is seen when the page is.
  locate(page) {
    for (const note of this.notes()) {
      const { content } = note;
      if (content.kind !== "highlight" || content.page !== page || content.quads || content.waits || note.isShared) continue;
      const layer = this.view(page)?.textLayer?.div;
      if (!layer?.querySelector(".endOfContent")) continue; // the words are not all there yet
      const read = readLayer(layer);
      const found = findQuote([read.text], content.quote);
      const lines = found ? linesOf(this.between(read, found.start, found.end)) : [];
      if (found && !lines.length) continue; // there, and not laid out yet
      this.tell("located", { note, quads: this.quads(page, lines) });
    }
    this.draw(page);
  }

  between({ parts }, start, end) {
    return parts
      .map(({ node, at }) => ({ node, at, start: Math.max(start - at, 0), end: Math.min(end - at, node.length) }))
      .filter((piece) => piece.end > piece.start);
  }

  // Tapping and placing

  click(event) {
    const div = event.target.closest(".page");
    if (!div || event.target.closest("a, button") || this.mode === "ink" || this.mode === "erase") return;
    const page = Number(div.dataset.pageNumber);
    const point = this.toPage(this.view(page), event.clientX, event.clientY);
    if (this.mode === "place") {
      this.tell("placed", { page, at: point });
      return;
    }
    if (!document.getSelection().isCollapsed) return;
    const hit = this.notes().findLast(
      ({ content }) =>
        content.page === page &&
        !content.waits &&
        ((content.quads ?? []).some((quad) => within(point, quad)) || (content.strokes ?? []).some((stroke) => touches(point, stroke))),
    );
    if (hit) this.tell("picked", hit);
  }

  // In the middle of what is in sight: for the keyboard.
  middle() {
    const page = this.reader.viewer.currentPageNumber;
    const view = this.view(page);
    if (!view) return { page, at: null };
    const box = this.container.getBoundingClientRect();
    const own = view.div.getBoundingClientRect();
    const top = Math.max(box.top, own.top);
    const bottom = Math.min(box.bottom, own.bottom);
    return { page, at: this.toPage(view, own.left + own.width * 0.06, (top + bottom) / 2) };
  }

  // Drawing

  setMode(mode) {
    this.mode = mode;
    this.container.dataset.notesMode = mode;
    this.drawAll();
  }

  isDrawing(event) {
    return (this.mode === "ink" || this.mode === "erase") && event.target.closest?.(".notes-marks");
  }

  begin(event) {
    if (!this.isDrawing(event) || event.button > 0) return;
    if (event.pointerType === "pen" && !this.hasPen) {
      this.hasPen = true; // from now on fingers scroll and the pen writes
      this.container.dataset.notesPen = "yes";
    }
    if (this.hasPen && event.pointerType === "touch") return;
    event.preventDefault();
    const marks = event.target.closest(".notes-marks");
    const page = Number(marks.dataset.page);
    const view = this.view(page);
    const point = this.toPage(view, event.clientX, event.clientY);
    const stroke = { colour: this.colour, width: this.widthOf(event), points: [point] };
    const isErasing = this.mode === "erase" || event.buttons === 32;
    const line = isErasing ? null : this.drawStroke(stroke, marks.firstChild);
    const move = (moved) => {
      for (const each of moved.getCoalescedEvents?.() ?? [moved]) {
        const next = this.toPage(view, each.clientX, each.clientY);
        const last = stroke.points.at(-1);
        if (Math.hypot(next[0] - last[0], next[1] - last[1]) < STEP || stroke.points.length >= FULL) continue;
        stroke.points.push(next);
        if (isErasing) this.tell("erased", { page, hits: (one) => touches(next, one) });
      }
      line?.setAttribute("points", stroke.points.map((place) => place.join(",")).join(" "));
    };
    const end = () => {
      for (const name of ["pointermove", "pointerup", "pointercancel"]) marks.removeEventListener(name, name === "pointermove" ? move : end);
      if (!isErasing) this.tell("drawn", { page, stroke: stroke.points.length > 1 ? stroke : { ...stroke, points: [point, [point[0] + 0.1, point[1]]] } });
    };
    if (isErasing) this.tell("erased", { page, hits: (one) => touches(point, one) });
    marks.setPointerCapture(event.pointerId);
    marks.addEventListener("pointermove", move);
    marks.addEventListener("pointerup", end);
    marks.addEventListener("pointercancel", end);
  }

  widthOf(event) {
    const pressed = event.pointerType === "pen" && event.pressure ? 0.6 + 0.8 * event.pressure : 1;
    return round(LINE * pressed);
  }

  static hasRoom(note) {
    return note.content.strokes.reduce((sum, { points }) => sum + points.length, 0) < FULL;
  }
}
