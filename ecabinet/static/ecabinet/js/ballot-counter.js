// The counters of a secret ballot: making one's share of the key, and opening the sums with it.
import { BallotElement, Told } from "./ballot-page.js";
import { BadBallot, Box, makeFingerprint, offerShare } from "./ballot-proofs.js";
import { cleanCode, lockByCode, makeCode, openLock } from "./notes-crypto.js";

const nameOfLock = ({ box, counter }) => `ballot counter ${box} ${counter}`;

class BallotKey extends BallotElement {
  begin() {
    this.show("start");
  }

  clicked(deed) {
    if (deed === "print") this.print();
    else if (deed === "save") this.saveCode();
    else if (deed === "code-again") this.show("code");
  }

  async submitted(part, form) {
    if (part === "start") await this.make();
    else if (part === "code") this.show("confirm").querySelector("input").focus();
    else await this.confirm(form);
  }

  async make() {
    const { secret, offered } = await offerShare(this.dataset.box, Number(this.dataset.counter));
    this.code = makeCode();
    this.made = { share: offered, locked: await lockByCode(secret, this.code, nameOfLock(this.dataset)) };
    secret.fill(0);
    this.querySelector("[data-code]").textContent = this.code;
    this.show("code").querySelector("h3").focus();
  }

  async confirm(form) {
    const isRight = cleanCode(form.elements.last.value) === this.code.slice(-5);
    this.complainAt(form, isRight ? "" : this.words.wrongEnd);
    if (!isRight) return;
    const { url } = await this.send(this.dataset.url, this.made);
    localStorage.setItem(nameOfLock(this.dataset), this.made.share.share);
    this.goTo(url);
  }

  print() {
    const page = document.documentElement;
    page.classList.add("prints-ballot-code");
    addEventListener("afterprint", () => page.classList.remove("prints-ballot-code"), { once: true });
    print();
  }

  saveCode() {
    const link = document.createElement("a");
    const words = [this.words.file, this.dataset.subject, this.dataset.name, "", this.code, ""].join("\n");
    link.href = URL.createObjectURL(new Blob([words], { type: "text/plain" }));
    link.download = "ma-mo-hom-phieu.txt";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }
}

class BallotOpening extends BallotElement {
  begin() {
    this.show("open");
  }

  async submitted(_, form) {
    const lock = JSON.parse(this.querySelector("#ballot-lock").textContent);
    const secret = await openLock([lock], "code", form.elements.code.value, nameOfLock(this.dataset));
    this.complainAt(form, secret ? "" : this.words.wrongCode);
    if (!secret) return;
    this.show("working");
    const answer = await fetch(this.dataset.file, { headers: { Accept: "application/json" }, cache: "no-store" });
    if (!answer.ok) throw new Told(this.words.offline);
    const given = await this.open(await answer.json(), secret).catch((problem) => {
      throw problem instanceof BadBallot || problem instanceof TypeError ? new Told(this.words.ballots) : problem;
    });
    const { url } = await this.send(this.dataset.url, { sealed: given });
    this.goTo(url);
  }

  // Every ballot is checked here, and the sums are made here: a server that asks for the opening of a single ballot, or
  // of other sums after these, gets nothing.
  async open({ manifest, ballots }, secret) {
    if (manifest.box !== this.dataset.box) throw new BadBallot("another box");
    const box = await Box.open(manifest);
    const sums = await box.addUp(ballots, (done, of) => this.progress(done, of));
    const memory = `ballot box ${manifest.box}`;
    const opened = await makeFingerprint([box.fingerprint, ballots.map(({ tracker }) => tracker).sort()]);
    if ((localStorage.getItem(memory) ?? opened) !== opened) throw new Told(this.words.other);
    localStorage.setItem(memory, opened);
    const given = await box.openSums(Number(this.dataset.counter), secret, sums);
    secret.fill(0);
    return given;
  }
}

customElements.define("ballot-key", BallotKey);
customElements.define("ballot-opening", BallotOpening);
