// Where one is reading: opened there again, and kept on the server. An address may name a page: #page=3.

const SAVE_AFTER = 1500;

export const fromHash = () => new URLSearchParams(location.hash.slice(1));

export function addPlace(reader) {
  const { viewer, bus } = reader;
  let timer;
  let saved;

  const place = () => ({
    page: viewer.currentPageNumber,
    last_seen: viewer._getVisiblePages().last?.id ?? viewer.currentPageNumber,
    scale: reader.scale,
  });

  function save() {
    const now = place();
    const key = Object.values(now).join(" ");
    if (key === saved) return;
    saved = key;
    const body = new URLSearchParams({ ...now, csrfmiddlewaretoken: reader.dataset.csrf });
    fetch(reader.dataset.place, { method: "POST", body, keepalive: true }).catch(() => (saved = null));
  }

  function saveSoon() {
    clearTimeout(timer);
    timer = setTimeout(save, SAVE_AFTER);
  }

  for (const event of ["pagechanging", "scalechanging", "updateviewarea"]) bus.on(event, saveSoon);
  addEventListener("pagehide", save);
  addEventListener("hashchange", () => reader.goToPage(Number(fromHash().get("page"))));

  if (!reader.goToPage(Number(fromHash().get("page")))) reader.goToPage(Number(reader.dataset.lastPage));
  saved = Object.values(place()).join(" ");
  saveSoon();
}
