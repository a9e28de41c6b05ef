// Where one signs in, nobody is signed in: this device forgets the key to private notes. Sealed notes that could not be
// sent yet stay; only their owner's key opens them.
import { forgetKeys } from "./notes-device.js";

forgetKeys();
