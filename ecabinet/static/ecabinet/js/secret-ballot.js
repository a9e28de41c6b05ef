// A secret vote: chosen, shown once more, sealed here, and put into the box. What is chosen never leaves the page.
import { BallotElement, Told } from "./ballot-page.js";
import { Box, makeTracker } from "./ballot-proofs.js";

class SecretBallot extends BallotElement {
  async begin() {
    const manifest = JSON.parse(this.querySelector("#ballot-manifest").textContent);
    try {
      this.box = await Box.open(manifest);
    } catch (problem) {
      console.warn(problem);
      this.show("");
      throw new Told(this.words.box);
    }
    const shown = this.box.fingerprint.slice(0, 16).match(/.{4}/gu).join(" ");
    this.querySelector("[data-fingerprint]").textContent = shown;
    this.querySelector("[data-part='fingerprint']").hidden = false;
    this.querySelector("[data-fields]").disabled = false;
    const again = this.querySelector("[data-deed='again']");
    if (again) again.hidden = false;
  }

  fallBack() {
    this.show(this.box ? "choose" : "");
  }

  clicked(deed) {
    if (deed === "again") this.querySelector("[data-deed='again']").hidden = true;
    this.show("choose").querySelector("input")?.focus();
  }

  submitted(part) {
    return part === "choose" ? this.review() : this.seal();
  }

  read() {
    const chosen = {};
    let faulty = null;
    for (const asked of this.querySelectorAll("[data-question]")) {
      const checked = [...asked.querySelectorAll("input:checked")];
      const most = asked.dataset.form === "options" ? Number(asked.dataset.most) : 1;
      const words = checked.length ? (checked.length > most ? this.words.tooMany : "") : this.words.choose;
      this.complainAt(asked, words);
      if (words) faulty ??= asked;
      chosen[asked.dataset.question] = checked.map((input) => input.value);
    }
    faulty?.querySelector("input")?.focus();
    return faulty ? null : chosen;
  }

  review() {
    this.chosen = this.read();
    if (!this.chosen) return;
    const list = this.querySelector("[data-chosen]");
    const rows = this.box.manifest.questions.map(({ id, text }) => {
      const row = document.createElement("div");
      const key = document.createElement("dt");
      const value = document.createElement("dd");
      const strong = document.createElement("strong");
      key.textContent = text;
      strong.textContent = this.chosen[id].map((code) => this.labelOf(id, code)).join("; ");
      value.append(strong);
      row.className = "summary-row";
      row.append(key, value);
      return row;
    });
    list.replaceChildren(...rows);
    this.show("review").querySelector("[type='submit']").focus();
  }

  // As it stands at the field, in the reader's language.
  labelOf(id, code) {
    const inputs = [...this.querySelectorAll(`[data-question="${id}"] input`)];
    return inputs.find(({ value }) => value === code).closest("label").textContent.trim();
  }

  async seal() {
    this.show("sealing");
    const ballot = await this.box.seal(this.chosen, {
      slot: Number(this.dataset.slot),
      number: Number(this.dataset.number),
      tell: (done, of) => this.progress(done, of),
    });
    const { url, tracker } = await this.send(this.dataset.url, { sealed: ballot });
    if (tracker !== (await makeTracker(ballot))) throw new Told(this.words.tracker);
    this.chosen = null;
    this.goTo(url);
  }
}

customElements.define("secret-ballot", SecretBallot);
