// Shows how much of a file has been sent. Without script the form sends itself and the browser shows its own progress.

class UploadProgress extends HTMLElement {
  connectedCallback() {
    this.form = this.closest("form");
    this.place = this.querySelector("[data-progress]");
    this.bar = this.querySelector("progress");
    this.words = this.querySelector("[data-words]");
    this.form.addEventListener("submit", (event) => this.start(event));
  }

  start(event) {
    const file = this.querySelector("input[type='file']");
    if (event.defaultPrevented || !file.files.length || this.form.hasAttribute("hx-post")) return;
    event.preventDefault();
    const answer = new FormData(this.form, event.submitter);
    const sending = new XMLHttpRequest();
    sending.upload.addEventListener("progress", (step) => this.show(step));
    sending.addEventListener("load", () => this.finish(sending));
    sending.addEventListener("error", () => this.fail());
    sending.open("POST", this.form.action);
    this.lock(true);
    this.place.hidden = false;
    sending.send(answer);
  }

  show(step) {
    if (!step.lengthComputable) return;
    const share = Math.floor((step.loaded / step.total) * 100);
    this.bar.value = share;
    this.words.textContent = share < 100 ? `${this.dataset.sending}: ${share}%` : this.dataset.checking;
  }

  finish(sending) {
    const page = new URL(sending.responseURL);
    if (sending.status < 400 && page.href !== this.form.action) {
      location.assign(page);
      return;
    }
    // The form came back with its errors, or a refusal: show that page, as a plain submit would.
    const shown = new DOMParser().parseFromString(sending.responseText, "text/html");
    document.querySelector("main").replaceWith(shown.querySelector("main") ?? shown.body);
    (document.querySelector("error-summary") ?? document.querySelector("h1"))?.scrollIntoView({ block: "center" });
  }

  fail() {
    this.lock(false);
    this.bar.value = 0;
    this.words.textContent = this.dataset.failed;
  }

  lock(sending) {
    for (const button of this.form.querySelectorAll("[type='submit']")) button.disabled = sending;
  }
}

customElements.define("upload-progress", UploadProgress);
