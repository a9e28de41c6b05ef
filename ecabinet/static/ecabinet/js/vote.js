// Two steps in one bar: a choice first turns into a sentence, then it is sent. Without script the form simply sends.

class VoteSteps extends HTMLElement {
  connectedCallback() {
    this.words = this.querySelector("[data-words]");
    this.send = this.querySelector(".vote-bar [type='submit']");
    this.first = this.words.textContent;
    this.again = this.send.cloneNode(false);
    this.again.className = "button button-secondary";
    this.again.type = "button";
    this.again.textContent = this.dataset.again;
    this.again.addEventListener("click", () => this.chooseAgain());
    this.send.after(this.again);
    this.addEventListener("change", () => this.show());
    this.show();
  }

  chosen() {
    return this.querySelector(".choice input:checked");
  }

  show() {
    const chosen = this.chosen();
    this.send.hidden = this.again.hidden = !chosen;
    if (!chosen) {
      this.words.textContent = this.first;
      return;
    }
    const option = document.createElement("strong");
    option.textContent = chosen.closest(".choice").textContent.trim();
    this.words.replaceChildren(`${this.dataset.chosen} `, option);
  }

  chooseAgain() {
    const chosen = this.chosen();
    chosen.checked = false;
    this.show();
    chosen.focus();
  }
}

customElements.define("vote-steps", VoteSteps);
