// Counts along while options are chosen, and offers no more than the question allows. The server checks it again.

class ChoiceLimit extends HTMLElement {
  connectedCallback() {
    this.most = Number(this.dataset.most);
    if (!this.most) return;
    this.boxes = [...this.querySelectorAll("input[type='checkbox']")];
    this.closest("form").addEventListener("change", () => this.count()); // also when kept words are brought back
    this.count();
  }

  // The parts of one option count as one.
  count() {
    const topOf = (box) => box.closest("[data-top]").dataset.top;
    const chosen = new Set(this.boxes.filter((box) => box.checked).map(topOf));
    for (const box of this.boxes) box.disabled = chosen.size >= this.most && !chosen.has(topOf(box));
    this.querySelector("[data-count]").textContent = this.dataset.words.replace("NUMBER", chosen.size).replace("MOST", this.most);
  }
}

customElements.define("choice-limit", ChoiceLimit);
