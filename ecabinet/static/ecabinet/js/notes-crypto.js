// The cryptography of private notes: WebCrypto alone, nothing of our own. docs/adr/0015 says what rests on what.
//
// A notes key (AES-256) opens all of a person's notes. It is wrapped by a key made of her passphrase and once more by one
// made of a recovery code. Each note has a key of its own, wrapped by the notes key; sharing wraps that one for another
// person's public key. What a wrapping is for is bound in as additional data, so that no row can stand in for another.

const { subtle } = crypto;
const ITERATIONS = 600_000;
const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; // Crockford's: no I, L, O, U
const GROUPS = 6;
const GROUP = 5; // 6 × 5 letters of 5 bits: 150 bits
const STEPS = [256, 1024, 4096, 8192, 16384, 32768, 65536]; // bytes that a note may take, its length hidden in them
const CURVE = { name: "ECDH", namedCurve: "P-256" };

export const LONGEST = STEPS.at(-1) - 4;

const utf8 = new TextEncoder();
const random = (bytes) => crypto.getRandomValues(new Uint8Array(bytes));

export function toBase64(bytes) {
  let text = "";
  for (const byte of new Uint8Array(bytes)) text += String.fromCharCode(byte);
  return btoa(text);
}

export function fromBase64(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

const bound = (...parts) => utf8.encode(["e-cabinet notes 1", ...parts].join("\n"));

async function encrypt(key, bytes, about) {
  const iv = random(12);
  const data = await subtle.encrypt({ name: "AES-GCM", iv, additionalData: about }, key, bytes);
  return { iv: toBase64(iv), data: toBase64(data) };
}

async function decrypt(key, { iv, data }, about) {
  const parameters = { name: "AES-GCM", iv: fromBase64(iv), additionalData: about };
  return new Uint8Array(await subtle.decrypt(parameters, key, fromBase64(data)));
}

const aes = (bytes) => subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);

// The notes key, and the two locks on it

async function keyOfPassphrase(passphrase, salt, iterations) {
  const words = utf8.encode(passphrase.normalize("NFC").trim());
  const base = await subtle.importKey("raw", words, "PBKDF2", false, ["deriveBits"]);
  return aes(await subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations }, base, 256));
}

async function keyOfCode(code, salt) {
  const base = await subtle.importKey("raw", utf8.encode(cleanCode(code)), "HKDF", false, ["deriveBits"]);
  const info = bound("recovery code");
  return aes(await subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt, info }, base, 256));
}

export function makeCode() {
  const letters = [...random(GROUPS * GROUP)].map((byte) => LETTERS[byte % 32]);
  return Array.from({ length: GROUPS }, (_, at) => letters.slice(at * GROUP, (at + 1) * GROUP).join("")).join("-");
}

// As people copy it: small letters, spaces, and the look-alikes that the code itself never has.
export function cleanCode(code) {
  return code.toUpperCase().replace(/[IL]/gu, "1").replace(/O/gu, "0").replace(/[^0-9A-Z]/gu, "");
}

export async function lockByPassphrase(notesKey, passphrase, user) {
  const salt = random(16);
  const key = await keyOfPassphrase(passphrase, salt, ITERATIONS);
  const wrapped = await encrypt(key, notesKey, bound("notes key", "passphrase", user));
  return { kind: "passphrase", kdf: "PBKDF2-SHA256", iterations: ITERATIONS, salt: toBase64(salt), ...wrapped };
}

export async function lockByCode(notesKey, code, user) {
  const salt = random(16);
  const wrapped = await encrypt(await keyOfCode(code, salt), notesKey, bound("notes key", "code", user));
  return { kind: "code", kdf: "HKDF-SHA256", iterations: 0, salt: toBase64(salt), ...wrapped };
}

// The bytes of the notes key; null where the passphrase (or the code) is wrong.
export async function openLock(locks, kind, secret, user) {
  const lock = locks.find((each) => each.kind === kind);
  const salt = fromBase64(lock.salt);
  if (kind === "passphrase" && lock.iterations < ITERATIONS) throw new Error("too few iterations");
  const key = kind === "passphrase" ? await keyOfPassphrase(secret, salt, lock.iterations) : await keyOfCode(secret, salt);
  return decrypt(key, lock, bound("notes key", kind, user)).catch(() => null);
}

// A new notes key and a new pair for sharing. `notesKey` are the bytes: they are locked, then forgotten.
export async function makeKeys(user) {
  const notesKey = random(32);
  const pair = await subtle.generateKey(CURVE, true, ["deriveBits"]);
  const { kty, crv, x, y } = await subtle.exportKey("jwk", pair.publicKey);
  const half = new Uint8Array(await subtle.exportKey("pkcs8", pair.privateKey));
  const publicKey = { kty, crv, x, y };
  const privateKey = await encrypt(await aes(notesKey), half, bound("private key", user, x, y));
  return { notesKey, publicKey, privateKey };
}

// Keys that a device keeps: usable, and not to be taken out of the browser. The public half is bound to the private one,
// so a directory that names another public key for this person is found out here.
export async function unlockKeys(notesKey, stored, user) {
  const master = notesKey instanceof CryptoKey ? notesKey : await aes(notesKey);
  const { x, y } = stored.public_key;
  const half = await decrypt(master, stored.private_key, bound("private key", user, x, y));
  const privateKey = await subtle.importKey("pkcs8", half, CURVE, false, ["deriveBits"]);
  return { user, master, privateKey, publicKey: stored.public_key };
}

// Notes

function pad(bytes) {
  const size = STEPS.find((step) => bytes.length + 4 <= step);
  if (!size) throw new RangeError("too long");
  const padded = new Uint8Array(size);
  new DataView(padded.buffer).setUint32(0, bytes.length);
  padded.set(bytes, 4);
  return padded;
}

const unpad = (padded) => padded.slice(4, 4 + new DataView(padded.buffer).getUint32(0));

const aboutNote = ({ id, version, owner }) => bound("note", id, version, owner);
const aboutKey = ({ id, owner }) => bound("note key", id, owner);

export const makeNoteKey = () => random(32);

export async function sealNote(content, noteKey, keys, place) {
  return {
    sealed: await encrypt(await aes(noteKey), pad(utf8.encode(JSON.stringify(content))), aboutNote(place)),
    key: await encrypt(keys.master, noteKey, aboutKey(place)),
  };
}

export const openNoteKey = (key, keys, place) => decrypt(keys.master, key, aboutKey(place));

export async function openNote(sealed, noteKey, place) {
  return JSON.parse(new TextDecoder().decode(unpad(await decrypt(await aes(noteKey), sealed, aboutNote(place)))));
}

// Sharing: both halves are the two persons' own, so what opens can only come from the one it names.

async function keyBetween(keys, publicKey, salt, info) {
  const other = await subtle.importKey("jwk", { ...publicKey, ext: true }, CURVE, false, []);
  const secret = await subtle.deriveBits({ name: "ECDH", public: other }, keys.privateKey, 256);
  const base = await subtle.importKey("raw", secret, "HKDF", false, ["deriveBits"]);
  return aes(await subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt, info }, base, 256));
}

const aboutShare = ({ id, owner, reader }) => bound("shared key", id, owner, reader);

export async function shareNoteKey(noteKey, keys, publicKey, place) {
  const salt = random(16);
  const about = aboutShare(place);
  return { salt: toBase64(salt), ...(await encrypt(await keyBetween(keys, publicKey, salt, about), noteKey, about)) };
}

export async function openSharedKey(key, keys, publicKey, place) {
  const about = aboutShare(place);
  return decrypt(await keyBetween(keys, publicKey, fromBase64(key.salt), about), key, about);
}

// What two people read to each other on the telephone: 60 bits of the hash of the public key.
export async function fingerprint({ x, y }) {
  const hash = new Uint8Array(await subtle.digest("SHA-256", bound("public key", x, y)));
  const letters = [...hash.slice(0, 12)].map((byte) => LETTERS[byte % 32]).join("");
  return letters.match(/.{4}/gu).join(" ");
}
