// What a device remembers of private notes: the unlocked key until signing out, and sealed notes that are not sent yet.

const NAME = "private notes";

function open() {
  return new Promise((done, fail) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("keys", { keyPath: "user" });
      asked.result.createObjectStore("unsent", { keyPath: "id" });
    };
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
  });
}

// A browser that keeps nothing (a private window, a full disk) still reads and writes notes; it only remembers none.
async function use(store, mode, deed) {
  let database = null;
  try {
    database = await open();
    return await new Promise((done, fail) => {
      const transaction = database.transaction(store, mode);
      const asked = deed(transaction.objectStore(store));
      transaction.oncomplete = () => done(asked.result);
      transaction.onerror = transaction.onabort = () => fail(transaction.error);
    });
  } catch (problem) {
    console.warn(problem);
    return undefined;
  } finally {
    database?.close();
  }
}

// The key is not extractable: it can be used here, and not be taken away. One person's at a time.
export async function keepKey(user, key) {
  await forgetKeys();
  await use("keys", "readwrite", (store) => store.put({ user, key }));
}

export async function findKey(user) {
  return (await use("keys", "readonly", (store) => store.get(user)))?.key ?? null;
}

export const forgetKeys = () => use("keys", "readwrite", (store) => store.clear());

export const keepUnsent = (note) => use("unsent", "readwrite", (store) => store.put(note));

export const dropUnsent = (id) => use("unsent", "readwrite", (store) => store.delete(id));

export async function listUnsent(user) {
  return ((await use("unsent", "readonly", (store) => store.getAll())) ?? []).filter((note) => note.user === user);
}
