// The fingerprint of a box, worked out here from its questions and keys. A counter's device knows the key that it has made,
// and says so where the box lacks it.
import { Box } from "./ballot-proofs.js";

class BallotFingerprint extends HTMLElement {
  async connectedCallback() {
    if (!globalThis.crypto?.subtle) return;
    const manifest = JSON.parse(this.querySelector("#ballot-manifest").textContent);
    const box = await Box.open(manifest).catch(() => null);
    const shown = box ? box.fingerprint : "";
    this.querySelector("[data-short]").textContent = shown.slice(0, 16).match(/.{4}/gu)?.join(" ") ?? "–";
    this.querySelector("[data-whole]").textContent = shown;
    this.querySelector("[data-worked-out]").hidden = !box;
    const own = localStorage.getItem(`ballot counter ${manifest.box} ${this.dataset.counter}`);
    const isThere = !own || manifest.counters.some(({ id, share }) => String(id) === this.dataset.counter && share === own);
    this.querySelector("[data-wrong]").hidden = Boolean(box) && isThere;
  }
}

customElements.define("ballot-fingerprint", BallotFingerprint);
