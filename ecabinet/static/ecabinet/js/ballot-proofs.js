// The mathematics of secret ballots, as verifier/ballots/ has it: exponential ElGamal in the squares modulo ffdhe3072
// (RFC 7919), and the proofs. BigInt and SHA-256 alone. docs/adr/0026 says what rests on what.

const { subtle } = crypto;
const DOMAIN = "e-cabinet secret ballot 1";
const FORMAT = "e-cabinet ballot box 1";
const NAME = "ffdhe3072";
const P = BigInt(
  "0xFFFFFFFFFFFFFFFFADF85458A2BB4A9AAFDC5620273D3CF1D8B9C583CE2D3695A9E13641146433FBCC939DCE249B3EF9" +
    "7D2FE363630C75D8F681B202AEC4617AD3DF1ED5D5FD65612433F51F5F066ED0856365553DED1AF3B557135E7F57C935" +
    "984F0C70E0E68B77E2A689DAF3EFE8721DF158A136ADE73530ACCA4F483A797ABC0AB182B324FB61D108A94BB2C8E3FB" +
    "B96ADAB760D7F4681D4F42A3DE394DF4AE56EDE76372BB190B07A7C8EE0A6D709E02FCE1CDF7E2ECC03404CD28342F61" +
    "9172FE9CE98583FF8E4F1232EEF28183C3FE3B1B4C6FAD733BB5FCBC2EC22005C58EF1837D1683B2C6F34A26C1B2EFFA" +
    "886B4238611FCFDCDE355B3B6519035BBC34F4DEF99C023861B46FC9D6E6C9077AD91D2691F7F7EE598CB0FAC186D91C" +
    "AEFE130985139270B4130C93BC437944F4FD4452E2D74DD364F2E21E71F54BFF5CAE82AB9C9DF69EE86D2BC522363A0D" +
    "ABC521979B0DEADA1DBF9A42D5C4484E0ABCD06BFA53DDEF3C1B20EE3FD59D7C25E41D2B66C62E37FFFFFFFFFFFFFFFF",
);
const Q = (P - 1n) / 2n;
const G = 2n;
const WIDTH = 384;
const BITS = 3072;
const CHALLENGE = 1n << 256n;
const WINDOW = 4n;
const BIT = [0, 1];
const FEWEST_COUNTERS = 2;
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

// Its message is for the console: the page has words of its own for people.
export class BadBallot extends Error {}

const utf8 = new TextEncoder();
const modulo = (number, by) => ((number % by) + by) % by;
const toHex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const spell = (number) => number.toString(16).padStart(2 * WIDTH, "0");
const pause = () => new Promise((resolve) => setTimeout(resolve));

function toBytes(number) {
  const hex = spell(number);
  return Uint8Array.from({ length: WIDTH }, (_, at) => Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16));
}

const toNumber = (bytes) => BigInt(`0x${toHex(bytes)}`);
const randomBelow = (bytes) => toNumber(crypto.getRandomValues(new Uint8Array(bytes)));

function draw() {
  for (;;) {
    const number = randomBelow(WIDTH) >> 1n;
    if (number > 0n && number < Q) return number;
  }
}

// Powers. What is raised often (the generator, the key) has a table; the squarings of many are shared (Straus).

function raise(base, exponent) {
  const table = tabulate(base);
  let result = 1n;
  for (let place = Math.ceil(exponent.toString(2).length / 4) - 1; place >= 0; place--) {
    result = square(square(square(square(result))));
    const digit = Number((exponent >> (BigInt(place) * WINDOW)) & 15n);
    if (digit) result = (result * table[digit]) % P;
  }
  return result;
}

const square = (number) => (number * number) % P;

function tabulate(base) {
  const table = [1n, base];
  while (table.length < 16) table.push((table.at(-1) * base) % P);
  return table;
}

class Raised {
  constructor(base) {
    this.rows = [];
    for (let shifted = base, at = 0; at < BITS; at += 4) {
      const row = tabulate(shifted);
      this.rows.push(row);
      shifted = (row[15] * shifted) % P;
    }
  }

  to(exponent) {
    let result = 1n;
    let left = modulo(exponent, Q).toString(16);
    for (const row of this.rows) {
      if (!left) break;
      const digit = Number.parseInt(left.at(-1), 16);
      if (digit) result = (result * row[digit]) % P;
      left = left.slice(0, -1);
    }
    return result;
  }
}

function multiplyPowers(powers) {
  const digits = powers.map(([, exponent]) => exponent.toString(16));
  const tables = powers.map(([base]) => tabulate(base));
  const top = Math.max(0, ...digits.map((each) => each.length));
  let result = 1n;
  for (let place = top; place > 0; place--) {
    result = square(square(square(square(result))));
    for (let at = 0; at < tables.length; at++) {
      const digit = Number.parseInt(digits[at].at(-place) ?? "0", 16);
      if (digit) result = (result * tables[at][digit]) % P;
    }
  }
  return result;
}

const multiply = (numbers) => numbers.reduce((product, number) => (product * number) % P, 1n);

function isSquare(number) {
  let [above, below, sign] = [number, P, 1];
  while (above) {
    while (!(above & 1n)) {
      above >>= 1n;
      const rest = below & 7n;
      if (rest === 3n || rest === 5n) sign = -sign;
    }
    if (above < below) {
      if ((above & 3n) === 3n && (below & 3n) === 3n) sign = -sign;
      [above, below] = [below, above];
    }
    above -= below;
  }
  return below === 1n && sign === 1;
}

let ofG;
const raiseG = (exponent) => (ofG ??= new Raised(G)).to(exponent);

// What is read

function readNumber(text) {
  if (typeof text !== "string" || !/^[0-9a-f]{768}$/u.test(text)) throw new BadBallot("a number is not spelt as it must be");
  return BigInt(`0x${text}`);
}

function readElement(text) {
  const number = readNumber(text);
  if (number <= 1n || number >= P || !isSquare(number)) throw new BadBallot("a number is not in the group");
  return number;
}

function readBelow(text, limit) {
  const number = readNumber(text);
  if (number >= limit) throw new BadBallot("a number is too large");
  return number;
}

// What is hashed

export function writeCanonical(value) {
  if (Array.isArray(value)) return `[${value.map(writeCanonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${writeCanonical(value[key])}`).join(",")}}`;
}

const hash = async (bytes) => new Uint8Array(await subtle.digest("SHA-256", bytes));

async function digest(purpose, parts) {
  const written = [];
  for (const part of [DOMAIN, purpose, NAME, P, G, ...parts]) {
    const bytes = typeof part === "string" ? utf8.encode(part) : toBytes(BigInt(part));
    const head = new Uint8Array(5);
    head[0] = typeof part === "string" ? 0x73 : 0x6e;
    new DataView(head.buffer).setUint32(1, bytes.length);
    written.push(head, bytes);
  }
  return hash(await new Blob(written).arrayBuffer());
}

const makeChallenge = async (purpose, ...parts) => toNumber(await digest(purpose, parts));
const makeWeight = async (purpose, ...parts) => toNumber((await digest(purpose, parts)).slice(0, 16));

export const makeFingerprint = async (content) => toHex(await hash(utf8.encode(writeCanonical(content))));

export async function makeTracker(ballot) {
  const bytes = await hash(utf8.encode(writeCanonical(ballot)));
  let [letters, bits, held] = ["", 0, 0];
  for (const byte of bytes.slice(0, 13)) {
    held = (held << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5) letters += LETTERS[(held >> (bits - 5)) & 31];
    held &= 31;
  }
  return letters.slice(0, 20).match(/.{5}/gu).join("-");
}

// Many equations as one, each raised to a random power of its own

class Batch {
  left = new Map();
  right = [];

  require(powers, right) {
    const weight = randomBelow(16) + 1n;
    for (const [base, exponent] of powers) {
      this.left.set(base, ((this.left.get(base) ?? 0n) + exponent * weight) % Q);
    }
    this.right.push([right, weight]);
  }

  holds = () => multiplyPowers([...this.left]) === multiplyPowers(this.right);
}

// Proofs

async function proveAmong(key, sealed, allowed, number, secret, context) {
  const lines = new Map();
  for (const value of allowed) {
    if (value === number) continue;
    const [c, z] = [randomBelow(32), draw()];
    const bare = (sealed.b * raiseG(-BigInt(value))) % P;
    lines.set(value, { a: (raiseG(z) * raise(sealed.a, c)) % P, b: (key.to(z) * raise(bare, c)) % P, c, z });
  }
  const nonce = draw();
  lines.set(number, { a: raiseG(nonce), b: key.to(nonce), c: 0n, z: 0n });
  const commitments = allowed.flatMap((value) => [lines.get(value).a, lines.get(value).b]);
  const whole = await makeChallenge("among", ...context, key.number, sealed.a, sealed.b, ...allowed, ...commitments);
  const others = [...lines.values()].reduce((sum, { c }) => sum + c, 0n);
  const own = lines.get(number);
  own.c = modulo(whole - others, CHALLENGE);
  own.z = modulo(nonce - own.c * secret, Q);
  return allowed.map((value) => {
    const { a, b, c, z } = lines.get(value);
    return { a: spell(a), b: spell(b), c: spell(c), z: spell(z) };
  });
}

async function requireAmong(batch, key, sealed, allowed, proof, context) {
  if (proof.length !== allowed.length) throw new BadBallot("a proof of another form");
  const lines = proof.map(({ a, b, c, z }) => ({
    a: readElement(a), b: readElement(b), c: readBelow(c, CHALLENGE), z: readBelow(z, Q),
  }));
  const commitments = lines.flatMap(({ a, b }) => [a, b]);
  const whole = await makeChallenge("among", ...context, key, sealed.a, sealed.b, ...allowed, ...commitments);
  if (lines.reduce((sum, { c }) => sum + c, 0n) % CHALLENGE !== whole) throw new BadBallot("a proof for something else");
  lines.forEach(({ a, b, c, z }, at) => {
    batch.require([[G, z], [sealed.a, c]], a);
    batch.require([[key, z], [sealed.b, c], [G, modulo(-BigInt(allowed[at]) * c, Q)]], b);
  });
}

const totals = ({ least, most }) => Array.from({ length: most - least + 1 }, (_, at) => least + at);
const add = (sealed) => ({ a: multiply(sealed.map(({ a }) => a)), b: multiply(sealed.map(({ b }) => b)) });

// A counter's share of the key

export async function offerShare(box, counter, secret = draw()) {
  const [share, nonce] = [raiseG(secret), draw()];
  const first = raiseG(nonce);
  const challenge = await makeChallenge("share", box, String(counter), share, first);
  const proof = { a: spell(first), z: spell(modulo(nonce - challenge * secret, Q)) };
  return { secret: toBytes(secret), offered: { share: spell(share), proof } };
}

// The box

export class Box {
  static async open(manifest) {
    if (manifest.format !== FORMAT || manifest.group !== NAME) throw new BadBallot("a box of an unknown kind");
    const box = new Box();
    box.manifest = manifest;
    box.fingerprint = await makeFingerprint(manifest);
    box.shares = new Map();
    const batch = new Batch();
    for (const { id, share, proof } of manifest.counters) {
      const found = readElement(share);
      const first = readElement(proof.a);
      const challenge = await makeChallenge("share", manifest.box, String(id), found, first);
      batch.require([[G, readBelow(proof.z, Q)], [found, challenge]], first);
      box.shares.set(id, found);
    }
    const different = new Set(box.shares.values()).size;
    if (different < FEWEST_COUNTERS || different !== manifest.counters.length) throw new BadBallot("too few counters");
    if (!batch.holds()) throw new BadBallot("the proof of a counter's key");
    box.key = multiply([...box.shares.values()]);
    return box;
  }

  context(slot, number, asked, part) {
    return [this.fingerprint, String(slot), String(number), String(asked.id), part];
  }

  // `chosen`: {question: [code, …]}. `tell(done, of)` is called as the work goes on.
  async seal(chosen, { slot, number, tell = () => {} }) {
    const key = new Raised(this.key);
    key.number = this.key;
    const of = this.manifest.questions.reduce((sum, asked) => sum + asked.choices.length, 0);
    let done = 0;
    const answers = [];
    for (const asked of this.manifest.questions) {
      const sealed = [];
      const secrets = [];
      const choices = [];
      for (const { code } of asked.choices) {
        const vote = Number(chosen[asked.id].includes(code));
        const secret = draw();
        const each = { a: raiseG(secret), b: (key.to(secret) * raiseG(BigInt(vote))) % P };
        const proof = await proveAmong(key, each, BIT, vote, secret, this.context(slot, number, asked, `choice ${code}`));
        sealed.push(each);
        secrets.push(secret);
        choices.push({ a: spell(each.a), b: spell(each.b), proof });
        tell(++done, of);
        await pause();
      }
      const secret = secrets.reduce((sum, each) => sum + each, 0n) % Q;
      const context = this.context(slot, number, asked, "total");
      const total = await proveAmong(key, add(sealed), totals(asked), chosen[asked.id].length, secret, context);
      answers.push({ question: asked.id, choices, total });
    }
    return { box: this.fingerprint, slot, number, answers };
  }

  // What is sealed in a ballot, once its proofs hold.
  async read(ballot) {
    if (ballot.box !== this.fingerprint || ballot.answers.length !== this.manifest.questions.length) {
      throw new BadBallot("a ballot for another box");
    }
    const batch = new Batch();
    const found = [];
    for (const [at, asked] of this.manifest.questions.entries()) {
      const answer = ballot.answers[at];
      if (answer.question !== asked.id || answer.choices.length !== asked.choices.length) throw new BadBallot("another question");
      const sealed = [];
      for (const [place, { code }] of asked.choices.entries()) {
        const { a, b, proof } = answer.choices[place];
        const each = { a: readElement(a), b: readElement(b) };
        await requireAmong(batch, this.key, each, BIT, proof, this.context(ballot.slot, ballot.number, asked, `choice ${code}`));
        sealed.push(each);
      }
      const context = this.context(ballot.slot, ballot.number, asked, "total");
      await requireAmong(batch, this.key, add(sealed), totals(asked), answer.total, context);
      found.push(...sealed);
    }
    if (!batch.holds()) throw new BadBallot("a proof of the ballot");
    return found;
  }

  // The sums of all ballots: every one is checked first, and no voter has two.
  async addUp(published, tell = () => {}) {
    const columns = [];
    const slots = new Set();
    for (const [at, { ballot, tracker }] of published.entries()) {
      const sealed = await this.read(ballot);
      if (slots.has(ballot.slot) || tracker !== (await makeTracker(ballot))) throw new BadBallot("a ballot twice");
      slots.add(ballot.slot);
      sealed.forEach((each, place) => (columns[place] ??= []).push(each));
      tell(at + 1, published.length);
      await pause();
    }
    return columns.map(add);
  }

  // One counter's factors of the sums, with the proof. `secret`: the bytes that `offerShare` gave.
  async openSums(counter, secret, sums) {
    const own = toNumber(secret);
    const share = raiseG(own);
    if (this.shares.get(counter) !== share) throw new BadBallot("not the key of this counter in this box");
    const factors = [];
    for (const { a } of sums) {
      factors.push(raise(a, own));
      await pause();
    }
    const stated = [...sums.flatMap(({ a, b }) => [a, b]), ...factors];
    const weights = [];
    for (const at of sums.keys()) {
      weights.push(await makeWeight("weight", this.fingerprint, String(counter), share, ...stated, String(at)));
    }
    const base = multiplyPowers(sums.map(({ a }, at) => [a, weights[at]]));
    const whole = multiplyPowers(factors.map((factor, at) => [factor, weights[at]]));
    const nonce = draw();
    const [first, second] = [raiseG(nonce), raise(base, nonce)];
    const challenge = await makeChallenge(
      "factors", this.fingerprint, String(counter), share, base, whole, first, second,
    );
    const proof = { a: spell(first), b: spell(second), z: spell(modulo(nonce - challenge * own, Q)) };
    return { factors: factors.map(spell), proof };
  }
}
