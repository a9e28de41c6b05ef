// How a page lies on the screen: its size, one page or two, turned or not; day, sepia or night.

const STEP = 1.2;
const WIDEST = 1.35; // at first sight: a page of a thousand pixels, as lines longer than that tire
const THEME = "reader theme";
const TWO_PAGES = "reader two pages";

export function addFullView(reader) {
  const { viewer, bus, deeds } = reader;
  const container = reader.part("container");
  let chosen = reader.dataset.scale; // empty: nothing yet
  let laying = false;

  deeds.smaller = () => viewer.updateScale({ drawingDelay: 200, scaleFactor: 1 / STEP });
  deeds.larger = () => viewer.updateScale({ drawingDelay: 200, scaleFactor: STEP });
  deeds.width = () => fit("page-width");
  deeds.whole = () => fit("page-fit");
  deeds.rotate = () => keepPage(() => (viewer.pagesRotation = (viewer.pagesRotation + 90) % 360));
  deeds.pair = () => keepPage(() => pair(viewer.spreadMode === 0));

  function keepPage(change) {
    const page = viewer.currentPageNumber;
    change();
    viewer.currentPageNumber = page;
  }

  function fit(scale) {
    keepPage(() => (viewer.currentScaleValue = scale));
  }

  // A size is kept with a plus where the page was made wider than the screen: only then it may be so on another one too.
  Object.defineProperty(reader, "scale", {
    get: () => (Number(chosen) && container.scrollWidth > container.clientWidth + 1 ? `${chosen}+` : chosen),
  });

  function lay() {
    laying = true;
    const [, number, wide] = /^([\d.]+)(\+?)$/u.exec(chosen) ?? [];
    viewer.currentScaleValue = !chosen || number ? "page-width" : chosen;
    const most = number ? Number(number) : chosen ? Infinity : WIDEST;
    if (wide || viewer.currentScale > most) viewer.currentScale = most;
    laying = false;
  }

  function pair(two) {
    viewer.spreadMode = two ? 1 : 0;
    localStorage.setItem(TWO_PAGES, two ? "yes" : "");
    press("pair", two);
  }

  function press(deed, pressed) {
    for (const button of reader.querySelectorAll(`[data-do="${deed}"]`)) button.setAttribute("aria-pressed", String(pressed));
  }

  function useTheme(theme) {
    reader.dataset.theme = theme;
    localStorage.setItem(THEME, theme);
    for (const button of reader.querySelectorAll("[data-theme-choice]")) {
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === theme));
    }
  }

  bus.on("scalechanging", ({ scale, presetValue }) => {
    if (!laying) chosen = presetValue ?? String(Math.round(scale * 100) / 100);
    for (const place of reader.querySelectorAll("[data-scale-shown]")) place.textContent = `${Math.round(scale * 100)}%`;
    press("width", presetValue === "page-width");
    press("whole", presetValue === "page-fit");
  });
  reader.addEventListener("click", (event) => {
    const choice = event.target.closest("[data-theme-choice]");
    if (choice) useTheme(choice.dataset.themeChoice);
  });

  useTheme(localStorage.getItem(THEME) ?? "day");
  lay();
  pair(localStorage.getItem(TWO_PAGES) === "yes" && matchMedia("(min-width: 62em)").matches);
  let size = "";
  new ResizeObserver(() => {
    const now = chosen === "page-fit" ? `${container.clientWidth} ${container.clientHeight}` : String(container.clientWidth);
    if (size && size !== now && !Number.parseFloat(chosen)) keepPage(lay);
    size = now;
  }).observe(container);
}
