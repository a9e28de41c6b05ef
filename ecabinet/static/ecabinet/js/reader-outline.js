// The contents that the document brings with it.

export async function addOutline(reader) {
  const pane = reader.querySelector("[data-panel='contents'] [data-list]");
  const outline = await reader.file.getOutline();
  if (!outline?.length) return;
  pane.replaceChildren(list(outline));

  function list(entries) {
    const items = document.createElement("ul");
    for (const entry of entries) {
      const item = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = entry.title;
      button.addEventListener("click", async () => {
        await reader.links.goToDestination(entry.dest);
        reader.tell("chosen");
      });
      item.append(button);
      if (entry.items?.length) item.append(list(entry.items));
      items.append(item);
    }
    return items;
  }
}
