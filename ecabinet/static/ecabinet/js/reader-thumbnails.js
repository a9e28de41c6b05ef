// Small pictures of the pages: drawn when they come into sight, given back when they are far away.

const WIDTH = 132;
const NEAR = "400px 0px";
const AT_ONCE = 2;

export function addThumbnails(reader) {
  const pane = reader.querySelector("[data-panel='pages']");
  const list = pane.querySelector("[data-list]");
  const waiting = new Set();
  let drawing = 0;
  let observer;

  pane.addEventListener("panel:shown", async () => {
    if (!observer) await fill();
    mark(reader.viewer.currentPageNumber);
  });
  reader.addEventListener("reader:page", ({ detail }) => mark(detail.page));

  async function fill() {
    const first = (await reader.file.getPage(1)).getViewport({ scale: 1 });
    const height = Math.round((WIDTH * first.height) / first.width);
    for (let page = 1; page <= reader.file.numPages; page++) list.append(entry(page, height));
    observer = new IntersectionObserver(sight, { root: pane, rootMargin: NEAR });
    for (const button of list.querySelectorAll("button")) observer.observe(button);
  }

  function entry(page, height) {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.thumbnail = page;
    const canvas = document.createElement("canvas");
    canvas.width = WIDTH;
    canvas.height = height;
    canvas.setAttribute("aria-hidden", "true");
    const name = document.createElement("span");
    name.textContent = `${reader.dataset.wordPage} ${page}`;
    button.append(canvas, name);
    button.addEventListener("click", () => {
      reader.goToPage(page);
      reader.tell("chosen");
    });
    item.append(button);
    return item;
  }

  function sight(entries) {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) waiting.add(target);
      else {
        waiting.delete(target);
        clear(target);
      }
    }
    drawNext();
  }

  async function drawNext() {
    while (drawing < AT_ONCE && waiting.size) {
      const [button] = waiting;
      waiting.delete(button);
      if (button.dataset.drawn) continue;
      drawing += 1;
      draw(button).finally(() => {
        drawing -= 1;
        drawNext();
      });
    }
  }

  async function draw(button) {
    button.dataset.drawn = "yes";
    const page = await reader.file.getPage(Number(button.dataset.thumbnail));
    const natural = page.getViewport({ scale: 1 });
    const sharpness = Math.min(devicePixelRatio || 1, 2);
    const viewport = page.getViewport({ scale: (WIDTH * sharpness) / natural.width });
    const canvas = button.querySelector("canvas");
    canvas.width = Math.floor(viewport.width);
    canvas.height = Math.floor(viewport.height);
    await page.render({ canvas, viewport }).promise;
    if (!button.dataset.drawn) clear(button); // out of sight meanwhile
    reader.tell("thumbnail", { page: Number(button.dataset.thumbnail) });
  }

  // The memory of a tablet is small: the shape stays, the pixels go.
  function clear(button) {
    if (!button.dataset.drawn) return;
    delete button.dataset.drawn;
    const canvas = button.querySelector("canvas");
    const height = Math.round((WIDTH * canvas.height) / canvas.width);
    canvas.width = WIDTH;
    canvas.height = height;
  }

  function mark(page) {
    list.querySelector("[aria-current]")?.removeAttribute("aria-current");
    const button = list.querySelector(`[data-thumbnail="${page}"]`);
    if (!button) return;
    button.setAttribute("aria-current", "true");
    if (!pane.hidden) button.scrollIntoView({ block: "nearest" });
  }
}
