// Time left, in text, against the server's clock at load. It says so at 60, 30 and 10 seconds and never sends anything.

const SAY_AT = [60, 30, 10];

export function inWords(seconds, { minutes, seconds: unit }) {
  const left = Math.max(0, Math.ceil(seconds));
  return left >= 60 ? `${Math.floor(left / 60)} ${minutes} ${left % 60} ${unit}` : `${left} ${unit}`;
}

class CountDown extends HTMLElement {
  connectedCallback() {
    this.until = Date.parse(this.dataset.until) - Date.parse(this.dataset.now) + Date.now();
    this.clock = this.querySelector("[data-clock]");
    this.say = this.querySelector("[data-say]");
    this.said = new Set();
    this.timer = setInterval(() => this.tick(), 1000);
    this.tick();
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  tick() {
    const left = (this.until - Date.now()) / 1000;
    if (left <= 0) {
      this.clock.textContent = this.say.textContent = this.dataset.over;
      clearInterval(this.timer);
      return;
    }
    const words = `${inWords(left, this.dataset)} ${this.dataset.left}`;
    this.clock.textContent = words;
    for (const mark of SAY_AT) {
      if (left <= mark && left > mark - 2 && !this.said.has(mark)) {
        this.said.add(mark);
        this.say.textContent = words;
      }
    }
  }
}

if (globalThis.customElements) customElements.define("count-down", CountDown);
