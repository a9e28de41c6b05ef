// What the page for key files needs of pkijs, as one classic script: its sandbox may load no modules.
import { fromBER } from "asn1js";
import { CryptoEngine, PFX, setEngine } from "pkijs";

globalThis.keyFile = { CryptoEngine, PFX, fromBER, setEngine };
