// The page for key files, in its sandbox: opens a PKCS#12 file, shows what is to be signed, signs, forgets.
// A classic script, for an opaque origin loads no modules. Only the page of its own site may ask.

(() => {
  const { CryptoEngine, PFX, fromBER, setEngine } = globalThis.keyFile;
  setEngine("browser", new CryptoEngine({ name: "browser", crypto: globalThis.crypto, subtle: crypto.subtle }));

  const SITE = new URL(document.currentScript.src).origin;
  // 1.2.840.113549.1.12.1.*: RC2 and triple DES of PKCS#12, which no browser opens any more
  const OLD = [0x06, 0x0a, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x01];
  const KEY_BAG = "1.2.840.113549.1.12.10.1.1";
  const SHROUDED_KEY_BAG = "1.2.840.113549.1.12.10.1.2";
  const CERTIFICATE_BAG = "1.2.840.113549.1.12.10.1.3";
  const RSA = "1.2.840.113549.1.1.1";
  const CURVES = { "1.2.840.10045.3.1.7": "P-256", "1.3.132.0.34": "P-384" };
  const DIGESTS = { sha256: "SHA-256", sha384: "SHA-384" };
  const LARGEST_FILE = 1024 * 1024;

  const page = document.querySelector("[data-key-file]");
  const words = page.dataset;
  const find = (name) => page.querySelector(`[data-${name}]`);
  const form = page.querySelector("form");
  let asked = null;
  let opened = null;

  class Told extends Error {}

  const toBase64 = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)));
  const fromBase64 = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const same = (one, other) => one.byteLength === other.byteLength && one.every((byte, place) => byte === other[place]);

  const isOld = (bytes) => bytes.some((byte, start) => byte === 6 && OLD.every((wanted, place) => bytes[start + place] === wanted));

  async function openFile(file, password) {
    if (!file || file.size > LARGEST_FILE) throw new Told(words.unreadable);
    const bytes = new Uint8Array(await file.arrayBuffer());
    const parsed = fromBER(bytes);
    if (parsed.offset === -1) throw new Told(words.unreadable);
    if (isOld(bytes)) throw new Told(words.old);
    let bags;
    try {
      bags = await readBags(new PFX({ schema: parsed.result }), new TextEncoder().encode(password).buffer);
    } catch {
      throw new Told(words.password);
    }
    return makeKey(bags);
  }

  async function readBags(pfx, password) {
    await pfx.parseInternalValues({ password, checkIntegrity: false }); // what is decrypted wrongly does not parse
    const safe = pfx.parsedValue.authenticatedSafe;
    await safe.parseInternalValues({ safeContents: safe.safeContents.map(() => ({ password })) });
    const bags = safe.parsedValue.safeContents.flatMap((contents) => contents.value.safeBags);
    for (const bag of bags) {
      if (bag.bagId === SHROUDED_KEY_BAG) await bag.bagValue.parseInternalValues({ password });
    }
    return bags;
  }

  // The key cannot be taken out of the browser again; the file's bytes are forgotten with this function.
  async function makeKey(bags) {
    const bag = bags.find(({ bagId }) => bagId === SHROUDED_KEY_BAG || bagId === KEY_BAG);
    const info = bag?.bagId === SHROUDED_KEY_BAG ? bag.bagValue.parsedValue : bag?.bagValue;
    if (!info) throw new Told(words.keyless);
    const { algorithmId, algorithmParams } = info.privateKeyAlgorithm;
    const isRsa = algorithmId === RSA;
    const curve = CURVES[algorithmParams?.valueBlock?.toString?.()];
    if (!isRsa && !curve) throw new Told(words.kind);
    const der = info.toSchema().toBER(false);
    const kind = isRsa ? { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" } : { name: "ECDSA", namedCurve: curve };
    const key = await crypto.subtle.importKey("pkcs8", der, kind, false, ["sign"]);
    new Uint8Array(der).fill(0);
    const certificates = bags.filter(({ bagId }) => bagId === CERTIFICATE_BAG).map(({ bagValue }) => bagValue.parsedValue);
    const certificate = await findCertificate(certificates, key, kind);
    return { key, isRsa, certificate: new Uint8Array(certificate.toSchema(true).toBER(false)) };
  }

  // Beside the signer's the file may hold those of the authorities: hers is the one that fits the key.
  async function findCertificate(certificates, key, kind) {
    const data = crypto.getRandomValues(new Uint8Array(32));
    const how = kind.name === "ECDSA" ? { name: "ECDSA", hash: "SHA-256" } : kind.name;
    const value = await crypto.subtle.sign(how, key, data);
    for (const certificate of certificates) {
      const spki = certificate.subjectPublicKeyInfo.toSchema().toBER(false);
      const publicKey = await crypto.subtle.importKey("spki", spki, kind, false, ["verify"]).catch(() => null);
      if (publicKey && (await crypto.subtle.verify(how, publicKey, value, data))) return certificate;
    }
    throw new Told(words.keyless);
  }

  async function signOrder({ key, isRsa, certificate }, order) {
    if (!same(certificate, fromBase64(order.certificate))) throw new Told(words.other);
    const hash = DIGESTS[order.digest];
    if (!hash || (isRsa && hash !== "SHA-256")) throw new Told(words.kind);
    const data = fromBase64(order.to_sign);
    if (isRsa) return toBase64(await crypto.subtle.sign("RSASSA-PKCS1-v1_5", key, data));
    return toBase64(toDer(new Uint8Array(await crypto.subtle.sign({ name: "ECDSA", hash }, key, data))));
  }

  // WebCrypto gives r and s side by side; X.509 wants a SEQUENCE of two INTEGERs.
  function toDer(sides) {
    const half = sides.length / 2;
    const content = [...toInteger(sides.subarray(0, half)), ...toInteger(sides.subarray(half))];
    return Uint8Array.from([0x30, content.length, ...content]); // at most 102 bytes: one length byte
  }

  function toInteger(side) {
    const start = side.findIndex((byte) => byte !== 0);
    const digits = [...side.subarray(start === -1 ? side.length - 1 : start)];
    if (digits[0] & 0x80) digits.unshift(0);
    return [0x02, digits.length, ...digits];
  }

  function show(order) {
    find("order").hidden = !order;
    find("submit").textContent = order ? words.sign : words.open;
    if (!order) return;
    find("title").textContent = order.title;
    find("sha256").textContent = order.sha256.match(/.{1,8}/gu).join(" ");
    find("secret").hidden = Boolean(opened);
  }

  function answer(told) {
    asked.source.postMessage({ ...told, nonce: asked.nonce }, SITE);
  }

  function complain(sentence) {
    find("problem").textContent = sentence;
    measure();
  }

  function measure() {
    parent.postMessage({ height: page.offsetHeight + 2 * page.offsetTop + 2 }, SITE);
  }

  addEventListener("message", ({ origin, source, data }) => {
    if (origin !== SITE || source !== parent || typeof data?.nonce !== "string") return;
    asked = { ...data, source };
    show(data.order);
    find("submit").disabled = false;
    find("cancel").disabled = false;
    measure();
  });

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!asked) return;
    find("submit").disabled = true;
    complain("");
    try {
      opened ??= await openFile(form.elements.file.files[0], form.elements.password.value);
      form.reset();
      if (asked.want === "certificate") answer({ certificate: toBase64(opened.certificate) });
      else {
        const value = await signOrder(opened, asked.order);
        opened = null;
        answer({ value });
      }
    } catch (problem) {
      if (problem instanceof Told && problem.message === words.other) opened = null;
      complain(problem instanceof Told ? problem.message : words.unreadable);
      find("submit").disabled = false;
    }
  });

  find("cancel").addEventListener("click", () => {
    opened = null;
    form.reset();
    if (asked) answer({ cancelled: true });
  });

  addEventListener("pagehide", () => {
    opened = null;
  });
  new ResizeObserver(measure).observe(page);
  parent.postMessage({ ready: true }, SITE);
})();
