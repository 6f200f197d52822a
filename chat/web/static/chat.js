// What one client believes about the chat, and what a person can ask of it.  It knows no page: whoever draws observes it.

import { Batches } from "./batches.js";
import { Conversation, Line, PRIVATE, ROOM } from "./conversation.js";
import { CONNECTING, Link, OFFLINE, OPEN, WAITING, WORLD } from "./link.js";
import { Outbox, speak } from "./outbox.js";
import { Past } from "./past.js";
import { HEARS } from "./presence.js";
import { isRefusal, sentence } from "./refusals.js";
import { Registration } from "./registration.js";
import { SPEECH } from "./speech.js";
import { fold } from "./text.js";

export const ONLINE = "online";
export const REFUSED = "refused";
export { CONNECTING, OFFLINE, WAITING };

// ms between two lines of "is typing" (IRCv3 typing), and lines of a conversation that are held.
const TYPING_EVERY = 3000;
export const MOST_LINES = 500;
// Times that a name is asked for again which one had before the link was lost: somebody may still seem to have it.
const TRIES = 8;
const LOST = "The link was lost before the server answered.";

export class Chat {
  me = "";
  caps = new Map();
  support = new Map();
  state = { kind: OFFLINE, sentence: "", needs: "" };
  conversations = [];
  current = null;
  // Whether somebody looks at the end of the current conversation.
  attentive = true;
  // The rooms to be in whenever there is a link.
  wanted = [];
  everyone = new Map();
  account = "";
  // The message of the day, by lines.
  daily = [];
  #observers = [];
  #labels = new Map();
  #numbers = 0;
  #typed = new Map();
  #tries = 0;
  #returning = false;
  #goodbye = "";

  constructor(url, world = WORLD) {
    this.world = world;
    this.link = new Link(url, this, world);
    this.outbox = new Outbox(this);
    this.past = new Past(this);
    this.batches = new Batches((item) => this.#deliver(item));
  }

  // -- what is seen of it

  get online() {
    return this.state.kind === ONLINE;
  }

  // Whether what was said in private can be found again after the link was lost: that of accounts can.
  get remembered() {
    return Boolean(this.account);
  }

  // Whether the server remembers how far one has read.
  get #marks() {
    return this.remembered && this.caps.has("draft/read-marker");
  }

  get rooms() {
    return this.conversations.filter((each) => each.kind === ROOM);
  }

  get unread() {
    return this.conversations.reduce((sum, each) => sum + (each.kind === PRIVATE ? each.unread : each.mentions), 0);
  }

  isMe(nick) {
    return fold(nick) === fold(this.me);
  }

  isRoom(name) {
    return name.startsWith("#");
  }

  find(name) {
    const key = fold(name);
    return this.conversations.find((each) => fold(each.name) === key);
  }

  person(nick) {
    const key = fold(nick);
    if (!this.everyone.has(key)) this.everyone.set(key, { nick, away: null, account: "", bot: false });
    return this.everyone.get(key);
  }

  observe(observer) {
    this.#observers.push(observer);
  }

  // What has changed: state, conversations, people, lines, typing, notification (of a line).
  changed(what, conversation = null, line = null) {
    for (const observer of this.#observers) observer(what, conversation, line);
  }

  // -- the link

  // Come in as {nick, password, server}, and be in these rooms.  `returning`: one has just been here under that name.
  start(who, rooms, returning = false) {
    Object.assign(this, { who, me: who.nick, wanted: rooms });
    this.#returning = returning;
    this.#tries = 0;
    this.state = { kind: CONNECTING, sentence: "", needs: "" };
    this.link.start();
  }

  // Leave, and stay away.
  stop() {
    if (this.online) this.link.send("QUIT", ["Bye"]);
    this.#cut();
    this.link.stop();
  }

  opened() {
    this.#goodbye = this.account = "";
    this.registration = new Registration(this.who, this.link.send.bind(this.link), (why, nick) => this.#in(why, nick));
  }

  heard(message) {
    if (message.command === "ERROR") this.#goodbye = message.params.at(-1) ?? "";
    if (message.command === "900") this.account = message.params[2] ?? "";
    if (this.registration) this.registration.hear(message);
    else this.batches.take(message);
  }

  lost() {
    const kind = this.link.state;
    if (this.online || this.registration) this.#cut();
    if (kind === OPEN || this.state.kind === REFUSED) return;
    this.#become(kind, kind === WAITING ? this.#goodbye || "The link to the server is lost." : "");
  }

  #become(kind, sentence = "", needs = "") {
    this.state = { kind, sentence, needs };
    this.changed("state");
  }

  #in(why, nick) {
    const { caps } = this.registration;
    this.registration = null;
    if (why) {
      this.#turnedAway(why);
      return;
    }
    Object.assign(this, { me: nick, caps });
    this.who.nick = nick;
    this.#tries = 0;
    this.#returning = true;
    this.link.settled();
    this.#become(ONLINE);
    for (let at = 0; at < this.wanted.length; at += 10) this.send("JOIN", [this.wanted.slice(at, at + 10).join(",")]);
    for (const conversation of this.conversations) if (conversation.kind === PRIVATE) this.begin(conversation);
    this.past.findPrivate();
  }

  #turnedAway([needs, sentence]) {
    if (needs === "nick" && this.#returning && this.#tries < TRIES) {
      this.#tries += 1;
      this.#goodbye = sentence;
      this.link.fail();
      return;
    }
    this.#become(REFUSED, sentence, needs);
    this.link.stop();
  }

  // Nothing is heard any more, and nothing that was asked is answered.
  #cut() {
    this.registration = null;
    this.batches = new Batches((item) => this.#deliver(item));
    for (const conversation of this.conversations) conversation.cut();
    this.everyone.clear();
    this.outbox.cut();
    const unanswered = [...this.#labels.values()];
    this.#labels.clear();
    for (const done of unanswered) done({ why: LOST, items: [], cut: true });
    this.changed("people");
    this.changed("lines");
  }

  // -- asking the server

  label() {
    this.#numbers += 1;
    return `${Math.floor(this.world.random() * 2 ** 40).toString(36)}-${this.#numbers.toString(36)}`;
  }

  send(command, params, tags) {
    return this.link.send(command, params, tags);
  }

  // Ask for something; `done` is given {why, code, items, cut}: why it was refused, or the lines of the answer.
  request(command, params, tags = {}, done = () => {}) {
    const label = this.label();
    this.#labels.set(label, done);
    if (!this.send(command, params, { label, ...tags })) {
      this.#labels.delete(label);
      done({ why: "There is no link to the server at the moment.", items: [], cut: true });
    }
  }

  // Ask for something, and say so where one is if it is refused.
  do(command, params, tags) {
    const where = this.current;
    this.request(command, params, tags, ({ why }) => why && this.tell(why, where));
  }

  #deliver(item) {
    const label = item.tags.get("label");
    const done = this.#labels.get(label);
    this.#labels.delete(label);
    if (item.kind?.includes("chathistory") && done) {
      done({ why: "", items: item.items });
      return;
    }
    const items = item.kind ? item.items : [item];
    const refusal = done && items.find(isRefusal);
    for (const each of items) if (each !== refusal) this.#dispatch(each);
    done?.({ why: refusal ? sentence(refusal) : "", code: refusal?.params[1], items });
  }

  #dispatch(message) {
    if (message.kind) this.#deliver(message);
    else if (SPEECH.has(message.command)) SPEECH.get(message.command)(this, message);
    else if (HEARS.has(message.command)) HEARS.get(message.command)(this, message);
    else if (isRefusal(message)) this.tell(sentence(message));
  }

  // -- conversations

  room(name) {
    return this.find(name) ?? this.#open(new Conversation(name, ROOM));
  }

  private(name) {
    const found = this.find(name);
    if (found) return found;
    const conversation = this.#open(new Conversation(name, PRIVATE));
    if (this.online) this.begin(conversation);
    return conversation;
  }

  #open(conversation) {
    this.conversations.push(conversation);
    this.current ??= conversation;
    this.changed("conversations");
    return conversation;
  }

  // There is a link, and we are in the conversation: get what was said.
  begin(conversation) {
    conversation.joined = true;
    if (conversation.kind === ROOM) this.send("WHO", [conversation.name, "%cnfa"]);
    else this.send("MONITOR", ["+", conversation.name]);
    if (conversation.kind === PRIVATE && this.#marks) this.send("MARKREAD", [conversation.name]);
    this.past.fetch(conversation);
    this.changed("conversations");
  }

  forget(conversation) {
    this.wanted = this.wanted.filter((name) => fold(name) !== fold(conversation.name));
    this.conversations = this.conversations.filter((each) => each !== conversation);
    if (this.current === conversation) this.look(this.conversations[0] ?? null);
    this.changed("conversations");
  }

  // Look at a conversation from now on.
  look(conversation) {
    this.current = conversation;
    if (conversation) {
      const others = conversation.lines.filter((line) => line.spoken && !line.mine);
      conversation.divider = conversation.unread ? (others.slice(-conversation.unread)[0] ?? null) : null;
    }
    this.changed("conversations", conversation);
  }

  // Somebody has seen all there is.
  read(conversation) {
    const last = conversation.lines.findLast((line) => line.spoken && line.id);
    if (!conversation.unread && !(last && last.time > conversation.readUntil)) return;
    conversation.unread = conversation.mentions = 0;
    if (last) conversation.readUntil = Math.max(last.time, conversation.readUntil);
    if (last && this.online && this.#marks) {
      this.send("MARKREAD", [conversation.name, `timestamp=${new Date(last.time).toISOString()}`]);
    }
    this.changed("conversations", conversation);
  }

  // A line that is news: it counts as not read, unless somebody sees it come.
  count(conversation, line) {
    const seen = conversation === this.current && this.attentive;
    if (line.mine || !line.spoken || seen || line.time <= conversation.readUntil) return;
    conversation.unread += 1;
    if (line.mention) conversation.mentions += 1;
    if (line.mention || conversation.kind === PRIVATE) this.changed("notification", conversation, line);
    this.changed("conversations", conversation);
  }

  // Say something to the person who sits here, alone.
  tell(text, conversation = this.current) {
    if (!conversation) return;
    conversation.add(new Line({ text, kind: "info", time: this.world.now() }));
    this.changed("lines", conversation);
  }

  // -- what a person can do to lines

  say(conversation, text, options) {
    conversation.divider = null;
    return this.outbox.say(conversation, text, options);
  }

  edit(conversation, line, text, done) {
    speak(this, conversation.name, text, line.kind, { "+draft/edit": line.id }, done);
  }

  react(conversation, line, emoji) {
    const mine = line.reactions.get(emoji)?.has(this.me);
    const tags = { [mine ? "+draft/unreact" : "+draft/react"]: emoji, "+draft/reply": line.id };
    this.do("TAGMSG", [conversation.name], tags);
  }

  remove(conversation, line) {
    this.do("REDACT", [conversation.name, line.id]);
  }

  // One is typing, or has stopped.
  typing(conversation, on) {
    const last = this.#typed.get(conversation) ?? 0;
    const now = this.world.now();
    if (!this.online || (on ? now - last < TYPING_EVERY : !last)) return;
    this.#typed.set(conversation, on ? now : 0);
    this.send("TAGMSG", [conversation.name], { "+typing": on ? "active" : "done" });
  }
}
