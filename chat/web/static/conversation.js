// A conversation: a room with its people, or what is said in private; and its lines.

// What is known of a line of one's own: not on disk yet, on disk, refused or lost.
export const WAITING = "waiting";
export const KEPT = "kept";
export const FAILED = "failed";
export const ROOM = "room";
export const PRIVATE = "private";

// Somebody who started to type has stopped after so many ms (IRCv3 typing).
const TYPING = new Map([["active", 6000], ["paused", 30000]]);
const SPOKEN = new Set(["message", "action", "notice"]);

let lines = 0;

// A line.  `kind`: message, action, notice: `who` said that; event: `who` did what `text` says; info: for us alone.
// `reply` is the id of the line that it answers.  `state` is about lines of one's own, `why` says why it failed.
export class Line {
  constructor(fields) {
    this.key = `l${(lines += 1)}`;
    Object.assign(this, { who: "", text: "", time: 0, kind: "message", id: "", state: KEPT, why: "", nonce: "" });
    Object.assign(this, { mine: false, mention: false, reply: "", edited: false, removed: false, bot: false });
    // Counts its changes, so that who draws it knows whether it is as it was drawn.
    this.version = 0;
    this.reactions = new Map();
    Object.assign(this, fields);
  }

  get spoken() {
    return SPOKEN.has(this.kind);
  }

  changed() {
    this.version += 1;
    return this;
  }

  react(who, emoji, on) {
    const names = this.reactions.get(emoji) ?? new Set();
    if (on) names.add(who);
    else names.delete(who);
    if (names.size) this.reactions.set(emoji, names);
    else this.reactions.delete(emoji);
    this.changed();
  }

  reword(text) {
    if (this.removed) return;
    Object.assign(this, { text, edited: true });
    this.changed();
  }

  // It was taken back: nothing is left but that it was there.
  remove() {
    Object.assign(this, { text: "", removed: true });
    this.reactions.clear();
    this.changed();
  }
}

// `past`: what was said; `live`: what was heard since the link is there, as long as what was missed before it is
// fetched; `waiting`: one's own lines that the server has not acknowledged.
export class Conversation {
  past = [];
  live = [];
  waiting = [];
  members = new Map();
  topic = "";
  joined = false;
  present = null;
  unread = 0;
  mentions = 0;
  readUntil = 0;
  // The first line that was not read when the conversation was opened.
  divider = null;
  draft = "";
  catchingUp = false;
  // There is nothing older to fetch.
  complete = false;
  // The id of the oldest of what was fetched, if that is no line.
  oldest = "";
  typing = new Map();
  // Reactions by their ids: they can be taken back as lines can.
  reactions = new Map();
  #byId = new Map();
  #byNonce = new Map();
  #later = new Map();

  constructor(name, kind) {
    Object.assign(this, { name, kind });
  }

  get lines() {
    return [...this.past, ...this.live, ...this.waiting];
  }

  // Who is here: those who run the room first, then by name.
  get people() {
    const rank = (member) => (/[~&@%]/.test(member.prefixes) ? 0 : 1);
    return [...this.members.values()].sort(
      (one, other) => rank(one) - rank(other) || one.nick.localeCompare(other.nick, "en", { sensitivity: "base" }),
    );
  }

  find(id) {
    return this.#byId.get(id);
  }

  get lastOfMine() {
    return [...this.past, ...this.live].findLast((line) => line.mine && line.spoken && line.id && !line.removed);
  }

  // The last line of the past that the server knows, too.
  get anchor() {
    return this.past.findLast((line) => line.id);
  }

  // Whether a line is here already: by its id, or as one of our own by its nonce; then its id is known from now on.
  has(line) {
    const own = line.mine && line.nonce ? this.#byNonce.get(line.nonce) : null;
    if (own && !own.id) this.#know(Object.assign(own, { id: line.id, time: line.time }).changed());
    return Boolean(own) || (Boolean(line.id) && this.#byId.has(line.id));
  }

  // A line that was heard just now.
  add(line) {
    (this.catchingUp ? this.live : this.past).push(line);
    this.#know(line);
  }

  // A line of the past that is newer than all others of the past.
  put(line) {
    this.past.push(line);
    this.#know(line);
  }

  // Lines that are older than all others.
  putBefore(older) {
    this.past.unshift(...older);
    for (const line of older) this.#know(line);
  }

  // A line of one's own was acknowledged, or is found in the past: its place is behind what was heard until now.
  settle(line, inPast = false) {
    this.waiting = this.waiting.filter((other) => other !== line);
    if (inPast) this.put(line);
    else this.add(line);
  }

  #know(line) {
    if (line.mine && line.nonce) this.#byNonce.set(line.nonce, line);
    if (!line.id) return;
    this.#byId.set(line.id, line);
    for (const deed of this.#later.get(line.id) ?? []) deed(line);
    this.#later.delete(line.id);
  }

  #forget(line) {
    this.#byId.delete(line.id);
    this.#byNonce.delete(line.nonce);
  }

  // Do something to the line of that id, now or when it comes; the line, if it is here.
  afterwards(id, deed) {
    const line = this.#byId.get(id);
    if (line) deed(line);
    else this.#later.set(id, [...(this.#later.get(id) ?? []), deed]);
    return line;
  }

  // Nothing is missing between the past and what was heard since.
  caughtUp() {
    this.catchingUp = false;
    this.past.push(...this.live);
    this.live = [];
  }

  // The link is gone.  What was heard behind a gap is fetched again with what is in the gap.
  cut() {
    for (const line of this.live) this.#forget(line);
    Object.assign(this, { live: [], catchingUp: false, joined: false, present: null });
    this.members.clear();
    this.typing.clear();
  }

  // Nobody needs the oldest lines: they are fetched again when one scrolls back.
  trim(most) {
    if (this.past.length <= most) return;
    for (const line of this.past.splice(0, this.past.length - most)) this.#forget(line);
    this.complete = false;
    this.oldest = "";
  }

  // Somebody is typing: active, paused or done.
  types(who, how, now) {
    if (TYPING.has(how)) this.typing.set(who, now + TYPING.get(how));
    else this.typing.delete(who);
  }

  // Who typed long ago types no longer; whether there was somebody.
  stopTyping(now) {
    const over = [...this.typing].filter(([, until]) => until <= now);
    for (const [who] of over) this.typing.delete(who);
    return over.length > 0;
  }
}
