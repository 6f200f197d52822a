// What this browser remembers: the last nickname, the rooms, how the page looks and sounds.  Never a password.

const KEY = "twisted-chat";
const FRESH = { nick: "", account: false, rooms: [], theme: "auto", notify: false, sound: false };

function load(storage) {
  try {
    return { ...FRESH, ...JSON.parse(storage.getItem(KEY) ?? "{}") };
  } catch {
    return { ...FRESH };
  }
}

export class Memory {
  constructor() {
    this.values = load(localStorage);
  }

  get(name) {
    return this.values[name];
  }

  set(name, value) {
    this.values[name] = value;
    try {
      localStorage.setItem(KEY, JSON.stringify(this.values));
    } catch {
      // It is full, or not allowed: then nothing is remembered.
    }
  }

  // Whether somebody is signed in in this tab without a password, and comes back by itself when it is loaded again.
  get here() {
    return sessionStorage.getItem(KEY) === "here";
  }

  set here(here) {
    if (here) sessionStorage.setItem(KEY, "here");
    else sessionStorage.removeItem(KEY);
  }
}
