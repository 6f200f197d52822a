// What was said before: on joining, on scrolling back, and after the link was lost (IRCv3 draft/chathistory).
//
// There is no gap and nothing twice: after the link was lost, whatever is behind the last line that is known is fetched
// page by page, until a page is empty or meets what is heard meanwhile.

import { PRIVATE } from "./conversation.js";
import { replayed } from "./speech.js";

// Lines of a page; spoken lines that a page should have, and pages that are fetched by themselves to get so many.
const PAGE = 50;
const ENOUGH = 15;
const MORE_PAGES = 4;
// Private conversations that are looked for, and how far back (ms).
const MOST_PRIVATE = 20;
const PRIVATE_SINCE = 14 * 86_400_000;

function endsOf(items) {
  const ids = items.map((item) => item.tags.get("msgid")).filter(Boolean);
  return ids.length ? [ids[0], ids.at(-1)] : null;
}

export class Past {
  #asked = new Set();

  constructor(chat) {
    this.chat = chat;
  }

  get available() {
    return this.chat.caps.has("draft/chathistory") && this.chat.caps.has("batch");
  }

  // The link is there: get what was said, or what was missed.
  fetch(conversation) {
    if (!this.available) {
      this.#done(conversation);
      return;
    }
    conversation.catchingUp = true;
    const { anchor } = conversation;
    if (anchor) this.#after(conversation, `msgid=${anchor.id}`);
    else this.#ask(conversation, "LATEST", "*", (lines, ends) => this.#latest(conversation, lines, ends));
  }

  // Get what was said before the oldest line that is known; whether there may be such lines.
  older(conversation, pages = 1) {
    const oldest = conversation.oldest || conversation.past.find((line) => line.id)?.id;
    if (conversation.complete || !this.available || !oldest || !this.chat.online) return false;
    if (this.#asked.has(conversation)) return true;
    this.#asked.add(conversation);
    const finish = (lines, ends, failed) => {
      this.#asked.delete(conversation);
      const known = lines.filter((line) => !conversation.has(line)).map((line) => this.chat.outbox.found(line) ?? line);
      if (!failed) this.#reached(conversation, ends);
      conversation.putBefore(known);
      this.#fill(conversation, known, pages - 1);
    };
    this.#ask(conversation, "BEFORE", `msgid=${oldest}`, finish);
    return true;
  }

  // Get which private conversations there were.
  findPrivate() {
    if (!this.available || !this.chat.remembered) return;
    const now = this.chat.world.now();
    const [since, until] = [now - PRIVATE_SINCE, now + 60_000].map((time) => `timestamp=${new Date(time).toISOString()}`);
    this.chat.request("CHATHISTORY", ["TARGETS", until, since, String(MOST_PRIVATE)], {}, ({ items }) => {
      for (const { command, params } of items) {
        const [kind, name] = params;
        if (command === "CHATHISTORY" && kind === "TARGETS" && !this.chat.isRoom(name)) this.chat.private(name);
      }
    });
  }

  // `heard` is given the lines of the page, and the ids of the first and the last of what is in it, which need not be
  // lines: a page may be all reactions.  Without ends, there is nothing more in that direction.
  #ask(conversation, verb, reference, heard) {
    const limit = Math.min(PAGE, Number(this.chat.support.get("CHATHISTORY")) || PAGE);
    const params = [verb, conversation.name, reference, String(limit)];
    this.chat.request("CHATHISTORY", params, {}, ({ why, cut, items }) => {
      if (cut) this.#asked.delete(conversation);
      else if (why) heard([], null, why);
      else heard(replayed(this.chat, conversation, items), endsOf(items), "");
      this.chat.changed("lines", conversation);
    });
  }

  #reached(conversation, ends) {
    conversation.complete = !ends;
    conversation.oldest = ends?.[0] ?? "";
  }

  #latest(conversation, lines, ends) {
    const isNews = conversation.readUntil > 0 || (conversation.kind === PRIVATE && this.chat.remembered);
    for (const line of lines) this.#put(conversation, line, isNews);
    this.#reached(conversation, ends);
    this.#done(conversation);
    this.#fill(conversation, lines, MORE_PAGES);
  }

  #after(conversation, reference) {
    this.#ask(conversation, "AFTER", reference, (lines, ends, failed) => {
      const live = new Set(conversation.live.map((line) => line.id).filter(Boolean));
      const met = lines.some((line) => live.has(line.id));
      for (const line of lines) if (!live.has(line.id)) this.#put(conversation, line, true);
      const next = ends && `msgid=${ends[1]}`;
      if (next && !met && next !== reference) this.#after(conversation, next);
      else this.#caughtUp(conversation, failed);
    });
  }

  // A line of the past: perhaps one of our own that we did not know to be kept.
  #put(conversation, line, isNews) {
    if (conversation.has(line) || this.chat.outbox.recognise(line, true)) return;
    conversation.put(line);
    if (isNews) this.chat.count(conversation, line);
  }

  // What was known before may have been edited or removed meanwhile.
  #caughtUp(conversation, failed) {
    this.#done(conversation);
    if (failed) return;
    const known = conversation.past.filter((line) => line.spoken && line.id);
    this.#ask(conversation, "LATEST", "*", (lines) => {
      const found = new Map(lines.filter((line) => line.spoken).map((line) => [line.id, line]));
      const first = Math.min(...[...found.values()].map((line) => line.time));
      for (const line of known) {
        const now = found.get(line.id);
        if (now && now.text !== line.text) line.reword(now.text);
        else if (!now && line.time > first && !line.removed) line.remove();
      }
    });
  }

  #done(conversation) {
    conversation.caughtUp();
    this.chat.outbox.flush(conversation);
  }

  // A page of comings and goings alone says little: get another one.
  #fill(conversation, lines, pages) {
    if (pages > 0 && lines.filter((line) => line.spoken).length < ENOUGH) this.older(conversation, pages);
  }
}
