/** What is remembered on this machine. A browser may refuse to remember; then everything works, once. */

const PREFIX = "codeling.";

function read(storage, name, fallback) {
  try {
    const text = storage().getItem(PREFIX + name);
    return text === null ? fallback : JSON.parse(text);
  } catch {
    return fallback;
  }
}

function write(storage, name, value) {
  try {
    if (value === null) storage().removeItem(PREFIX + name);
    else storage().setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // Full, or forbidden: the value lives as long as the page.
  }
}

/** Until the browser's data is cleared: settings. */
export const local = {
  read: (name, fallback) => read(() => localStorage, name, fallback),
  write: (name, value) => write(() => localStorage, name, value),
};

/** Until the tab is closed: the key, the conversation, the code. */
export const session = {
  read: (name, fallback) => read(() => sessionStorage, name, fallback),
  write: (name, value) => write(() => sessionStorage, name, value),
};
