// What was said and is not known to be on disk.
//
// A line is known again by its nonce, when the server shows it, or when it stands in the history after the link was lost:
// then it was kept, else it is sent again.  The server, too, knows the nonce of what it has (docs/clients.md), and does
// not do it twice.  So nothing is lost, and nothing is there twice.

import { FAILED, KEPT, Line, ROOM, WAITING } from "./conversation.js";
import { pieces, size } from "./message.js";
import { count } from "./text.js";

export const NONCE = "+twisted-chat/nonce";
const DUPLICATE = "DUPLICATE";
const UNCERTAIN = "The link broke before the server said that it has this. It may have arrived.";

function rows(text) {
  return text.split("\n").flatMap((row) => pieces(row).map((piece, index) => [piece, index > 0]));
}

// Send a text, as one message whatever its length; `done` is given the answer.
export function speak(chat, target, text, kind, tags, done) {
  const all = rows(text);
  const [start, end] = kind === "action" ? ["\x01ACTION ", "\x01"] : ["", ""];
  if (all.length === 1) {
    chat.request("PRIVMSG", [target, start + text + end], tags, done);
    return;
  }
  const batch = chat.label();
  chat.request("BATCH", [`+${batch}`, "draft/multiline", target], tags, done);
  all.forEach(([piece, goesOn], index) => {
    const shown = (index ? "" : start) + piece + (index < all.length - 1 ? "" : end);
    chat.send("PRIVMSG", [target, shown], { batch, ...(goesOn ? { "draft/multiline-concat": "" } : {}) });
  });
  chat.send("BATCH", [`-${batch}`]);
}

// Nobody can guess it: who knew it could have a line taken for one that the server has already.
function nonce() {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Outbox {
  #byNonce = new Map();

  constructor(chat) {
    this.chat = chat;
  }

  get size() {
    return this.#byNonce.size;
  }

  // Why a text cannot be one message; empty if it can.
  refusal(text) {
    const limits = new Map((this.chat.caps.get("draft/multiline") ?? "").split(",").map((each) => each.split("=")));
    const [most, bytes] = [Number(limits.get("max-lines") ?? 1), Number(limits.get("max-bytes") ?? 4096)];
    const lines = rows(text).length;
    if (lines > most && this.chat.caps.size) return `That is ${count(lines, "line")}; a message may have ${most}.`;
    if (size(text) > bytes) return `That has ${count(size(text), "byte")}; a message may have ${count(bytes, "byte")}.`;
    return "";
  }

  // Say something in a conversation; the line, which waits.
  say(conversation, text, { reply = "", kind = "message" } = {}) {
    const { me, world } = this.chat;
    const line = new Line({ who: me, mine: true, text, reply, kind, time: world.now(), state: WAITING });
    line.nonce = nonce();
    conversation.waiting.push(line);
    this.#hold(conversation, line);
    return line;
  }

  // Send a line that failed once more.
  again(conversation, line) {
    Object.assign(line, { state: WAITING, why: "" }).changed();
    this.#hold(conversation, line);
  }

  // Forget a line that failed.
  discard(conversation, line) {
    this.#byNonce.delete(line.nonce);
    conversation.waiting = conversation.waiting.filter((other) => other !== line);
    this.chat.changed("lines", conversation);
  }

  // Send what waits, if nothing is missing before it.
  flush(conversation) {
    const ready = conversation.kind === ROOM ? conversation.joined : true;
    if (!this.chat.online || !ready || conversation.catchingUp) return;
    for (const line of conversation.waiting) {
      if (line.state === WAITING && !line.sent) this.#send(conversation, line);
    }
  }

  // Whether a line is one of ours that waits, and is kept as we know now; it has its place then.
  recognise(line, inPast = false) {
    const ours = line.mine && this.#byNonce.get(line.nonce);
    if (!ours) return false;
    this.#keep(ours, line);
    ours.conversation.settle(ours.line, inPast);
    this.chat.changed("lines", ours.conversation);
    return true;
  }

  // The line of ours that waits and is this one, which was found in an older page of the history; it waits no more.
  found(line) {
    const ours = line.mine && this.#byNonce.get(line.nonce);
    if (!ours) return null;
    this.#keep(ours, line);
    ours.conversation.waiting = ours.conversation.waiting.filter((other) => other !== ours.line);
    return ours.line;
  }

  #keep(ours, line) {
    this.#byNonce.delete(line.nonce);
    Object.assign(ours.line, { id: line.id, time: line.time, text: line.text, state: KEPT }).changed();
  }

  fail(line, why) {
    Object.assign(line, { state: FAILED, why, sent: false }).changed();
    const ours = this.#byNonce.get(line.nonce);
    if (ours) this.chat.changed("lines", ours.conversation);
  }

  // The link is gone: what the server or the history can tell is found out there, and what not is said to be uncertain.
  cut() {
    const once = this.chat.caps.has("twisted-chat/nonce");
    for (const { conversation, line } of this.#byNonce.values()) {
      if (line.state !== WAITING || !line.sent) continue;
      line.sent = false;
      if (!once && conversation.kind !== ROOM && !this.chat.remembered) this.fail(line, UNCERTAIN);
    }
  }

  // We are no longer where this was to be said.
  abandon(conversation, why) {
    for (const line of conversation.waiting) if (line.state === WAITING) this.fail(line, why);
  }

  #hold(conversation, line) {
    this.#byNonce.set(line.nonce, { conversation, line });
    this.chat.changed("lines", conversation);
    this.flush(conversation);
  }

  #send(conversation, line) {
    const reply = line.reply ? { "+draft/reply": line.reply } : {};
    line.sent = true;
    speak(this.chat, conversation.name, line.text, line.kind, { [NONCE]: line.nonce, ...reply }, ({ why, cut, code }) => {
      if (cut || line.state !== WAITING || !line.sent) return;
      if (why && code !== DUPLICATE) this.fail(line, why);
      else this.recognise(line); // it has it already, or a service took it, which shows nobody what it was told
    });
  }
}
