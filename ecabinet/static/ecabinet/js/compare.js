// Walking through the changes of a comparison: N and P or the buttons. Without a script the list's links do it.

class TextChanges extends HTMLElement {
  connectedCallback() {
    this.steps = this.querySelector("[data-steps]");
    this.place = this.querySelector("[data-place]");
    this.listed = [...this.querySelectorAll("[data-listed]")];
    this.total = Number(this.dataset.total);
    this.at = -1;
    if (this.listed.length === 0) return;
    this.steps.hidden = false;
    this.onKey = (event) => this.press(event);
    document.addEventListener("keydown", this.onKey);
    this.addEventListener("click", (event) => this.click(event));
    const linked = this.listed.findIndex((item) => `#change-${item.dataset.listed}` === location.hash);
    const wanted = location.hash === "#last-change" ? this.listed.length - 1 : location.hash === "#first-change" ? 0 : linked;
    if (wanted >= 0) this.show(wanted);
    else this.tell();
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.onKey);
  }

  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
    if (event.key === "n") this.step(1);
    else if (event.key === "p") this.step(-1);
    else return;
    event.preventDefault();
  }

  click(event) {
    const button = event.target.closest("[data-do]");
    if (button) {
      this.step(button.dataset.do === "next" ? 1 : -1);
      return;
    }
    const item = event.target.closest("[data-listed]") ?? event.target.closest("[data-change]");
    if (!item || (event.target.closest("a") && !event.target.closest("[data-listed]"))) return;
    const number = item.dataset.listed ?? item.dataset.change;
    const wanted = this.listed.findIndex((each) => each.dataset.listed === number);
    if (wanted < 0) return;
    event.preventDefault();
    this.show(wanted);
  }

  step(by) {
    const wanted = this.at + by;
    if (wanted >= 0 && wanted < this.listed.length) {
      this.show(wanted);
      return;
    }
    const link = this.querySelector(by > 0 ? ".pager [rel=next]" : ".pager [rel=prev]");
    if (link) location.href = `${link.getAttribute("href")}#${by > 0 ? "first" : "last"}-change`;
  }

  show(wanted) {
    this.at = wanted;
    const { listed: number } = this.listed[wanted].dataset;
    for (const item of this.listed) {
      item.classList.toggle("is-current", item === this.listed[wanted]);
      if (item === this.listed[wanted]) item.setAttribute("aria-current", "true");
      else item.removeAttribute("aria-current");
    }
    for (const mark of this.querySelectorAll("[data-change]")) mark.classList.toggle("is-current", mark.dataset.change === number);
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const behavior = calm ? "auto" : "smooth";
    document.getElementById(`change-${number}`)?.scrollIntoView({ block: "center", behavior });
    this.scrollList(this.listed[wanted]);
    this.tell();
  }

  // Only the list itself moves, not the page, which is on its way to the change.
  scrollList(item) {
    const list = item.parentElement;
    const top = item.offsetTop - list.offsetTop;
    if (top < list.scrollTop || top + item.offsetHeight > list.scrollTop + list.clientHeight) list.scrollTop = top - list.clientHeight / 3;
  }

  tell() {
    const current = this.at < 0 ? "–" : this.listed[this.at].dataset.listed;
    this.place.textContent = this.dataset.wordPlace.replace("{current}", current).replace("{total}", this.total);
  }
}

customElements.define("text-changes", TextChanges);
