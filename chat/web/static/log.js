// The lines of the current conversation, as they are seen: drawn, scrolled, walked through by keyboard.

import { MOST_LINES } from "./chat.js";
import { FAILED, WAITING } from "./conversation.js";
import { nameOf } from "./emoji.js";
import { avatar, button, colour, element, find, icon, reconcile } from "./element.js";
import { clock, full, rowsOf } from "./rows.js";
import { address, count, fileIn, isEmoji, listed, parts } from "./text.js";

// Pixels from an end at which one is taken to be there.
const NEAR = 60;

export class Log {
  #log = find("log");
  #newest = find("newest");
  #shown = null;
  #places = new Map();

  // `actions`: reply, edit, react, choose (an emoji to react with), remove, again, discard, talk (to a name).
  constructor(chat, actions) {
    Object.assign(this, { chat, actions });
    this.#log.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.#log.addEventListener("keydown", (event) => this.#key(event));
    this.#newest.addEventListener("click", () => this.toEnd());
    new ResizeObserver(() => this.atEnd && this.toEnd()).observe(this.#log);
    this.atEnd = true;
  }

  // Show the current conversation as it is now.
  draw() {
    const { current } = this.chat;
    const switched = current !== this.#shown;
    if (switched) this.#leave();
    this.#shown = current;
    if (!current) {
      this.#log.replaceChildren(element("p", { class: "start" }, "You are in no room. Join one, or choose a name."));
      this.#newest.hidden = true;
      return;
    }
    if (this.atEnd && !switched) current.trim(MOST_LINES);
    this.#log.setAttribute("aria-label", `Messages in ${current.name}`);
    const place = this.atEnd ? null : this.#place();
    this.#log.setAttribute("aria-busy", String(switched || current.catchingUp));
    reconcile(this.#log, rowsOf(this.chat, current, Date.now()), (row) => this.#row(row));
    if (switched) this.#arrive(current);
    else if (this.atEnd) this.toEnd();
    else if (place) this.#log.scrollTop = (this.#rowOf(place.key)?.offsetTop ?? 0) - place.above;
    this.#log.setAttribute("aria-busy", "false");
    this.#offer();
    if (this.#log.scrollTop < NEAR * 4) this.chat.past.older(current);
  }

  toEnd() {
    this.#log.scrollTop = this.#log.scrollHeight;
    this.atEnd = true;
    this.#offer();
  }

  page(direction) {
    this.#log.scrollBy({ top: direction * this.#log.clientHeight * 0.85 });
  }

  #leave() {
    if (this.#shown) this.#places.set(this.#shown, this.atEnd ? null : this.#log.scrollTop);
    this.#log.replaceChildren();
  }

  #arrive(conversation) {
    const place = this.#places.get(conversation);
    const divider = this.#log.querySelector(".divider");
    if (divider) this.#log.scrollTop = divider.offsetTop - this.#log.clientHeight / 3;
    else this.#log.scrollTop = place ?? this.#log.scrollHeight;
    this.#measure();
  }

  // What is at the top, so that it can stay there whatever is put above.
  #place() {
    const top = this.#log.scrollTop;
    const row = [...this.#log.querySelectorAll("article")].find((each) => each.offsetTop + each.offsetHeight > top);
    return row && { key: row.dataset.key, above: row.offsetTop - top };
  }

  #rowOf(key) {
    return this.#log.querySelector(`[data-key="${key}"]`);
  }

  #measure() {
    this.atEnd = this.#log.scrollHeight - this.#log.scrollTop - this.#log.clientHeight < NEAR;
  }

  #scrolled() {
    const before = this.atEnd;
    this.#measure();
    if (this.#shown && this.#log.scrollTop < NEAR * 4) this.chat.past.older(this.#shown);
    if (before !== this.atEnd) this.actions.attend();
    this.#offer();
  }

  // The way back to the end.
  #offer() {
    const unread = this.#shown?.unread ?? 0;
    this.#newest.hidden = this.atEnd;
    this.#newest.replaceChildren(unread ? count(unread, "new message") : "To the newest", icon("down"));
  }

  // -- rows

  #row(row) {
    if (row.kind === "line") return this.#line(row);
    if (row.kind === "info") return this.#info(row);
    if (row.kind === "more") return element("p", { class: "more" }, "Earlier messages come as you scroll.");
    if (row.kind === "start") return element("p", { class: "start" }, row.text);
    if (row.kind === "events") return element("p", { class: "events", title: full(row.time) }, row.text);
    return element("p", { class: row.kind, role: "separator" }, element("span", {}, row.text));
  }

  #info({ line }) {
    return element("div", { class: "info", title: full(line.time) }, line.text);
  }

  #line({ line, goesOn, quoted }) {
    const classes = ["line", line.kind, line.state, goesOn && "goes-on", line.mention && "mention", line.mine && "mine"];
    const time = element("time", { datetime: new Date(line.time).toISOString(), title: full(line.time) }, clock(line.time));
    const who = element("button", { type: "button", class: `who ${colour(line.who)}`, tabindex: "-1",
      on: { click: () => this.actions.talk(line.who) } }, line.who);
    const head = line.kind === "action" || goesOn ? null : element("p", { class: "head" }, who, line.bot && " bot", " ", time);
    const gutter = element("div", { class: "gutter" }, goesOn || line.kind === "action" ? time : avatar(line.who));
    const label = `${line.who}, ${clock(line.time)}`;
    return element(
      "article",
      { class: classes.filter(Boolean).join(" "), tabindex: "-1", "aria-label": label },
      gutter,
      element("div", { class: "body" }, head, line.reply && this.#quote(quoted), this.#text(line),
        this.#state(line), this.#reactions(line)),
      line.id && !line.removed && this.#tools(line),
    );
  }

  #quote(quoted) {
    const text = quoted ? (quoted.removed ? "a message that was taken back" : quoted.text.split("\n")[0]) : "an earlier message";
    const go = () => quoted && this.#show(quoted);
    const name = quoted && element("b", { class: colour(quoted.who) }, quoted.who);
    return element("button", { type: "button", class: "quote", tabindex: "-1", on: { click: go } },
      icon("reply"), element("span", { class: "unseen" }, "in reply to "), name, " ", element("span", {}, text));
  }

  #text(line) {
    if (line.removed) return element("p", { class: "text removed" }, "taken back");
    const actor = line.kind === "action" && element("b", { class: colour(line.who) }, `${line.who} `);
    const file = actor && fileIn(line.text, location.origin);
    const shown = file ? this.#file(file) : parts(line.text, line.mine ? "" : this.chat.me).map((part) => this.#part(part));
    const edited = line.edited && element("span", { class: "edited" }, " (edited)");
    return element("div", { class: isEmoji(line.text) ? "text large" : "text", dir: "auto" }, actor, ...shown, edited);
  }

  #part({ kind, text }) {
    if (kind === "link") return element("a", { href: address(text), target: "_blank", rel: "noopener noreferrer" }, text);
    if (kind === "block") return element("pre", {}, text);
    if (kind === "code") return element("code", {}, text);
    return kind === "name" ? element("mark", {}, text) : text;
  }

  // A file that was sent to this server; a picture as it is.
  #file({ name, size, path, isPicture }) {
    const to = { href: path, target: "_blank", rel: "noopener noreferrer" };
    const settle = () => this.atEnd && this.toEnd();
    const picture = () => element("img", { src: path, alt: `Picture: ${name}`, on: { load: settle } });
    return ["sent ", element("a", { ...to, class: "file" }, icon("clip"), name), ` (${size})`,
      isPicture && element("a", { ...to, class: "picture" }, picture())];
  }

  // How far a line of one's own has come, in words and a sign.
  #state(line) {
    if (line.state === WAITING) return element("p", { class: "state" }, "… on its way");
    if (line.state !== FAILED) return null;
    const again = element("button", { type: "button", on: { click: () => this.actions.again(line) } }, "Send again");
    const discard = element("button", { type: "button", on: { click: () => this.actions.discard(line) } }, "Discard");
    return element("p", { class: "state failed" }, element("span", {}, `⚠ Not sent. ${line.why} `), again, " ", discard);
  }

  #reactions(line) {
    if (!line.reactions.size) return null;
    const shown = [...line.reactions].map(([emoji, names]) => {
      const mine = [...names].some((name) => this.chat.isMe(name));
      const label = `${nameOf(emoji)}: ${listed([...names], 20)}`;
      return element("button", { type: "button", "aria-pressed": String(mine), "aria-label": label, title: label,
        on: { click: () => this.actions.react(line, emoji) } },
        element("span", { class: "emoji" }, emoji), ` ${names.size}`, mine && element("span", { class: "own" }, "you"));
    });
    return element("div", { class: "reactions" }, ...shown);
  }

  #tools(line) {
    const tool = (name, label, action) => button(name, label, action, { tabindex: "-1" });
    return element(
      "div",
      { class: "tools" },
      tool("react", "React", (event) => this.actions.choose(line, event.currentTarget)),
      tool("reply", "Reply", () => this.actions.reply(line)),
      line.mine && this.actions.canEdit() && tool("edit", "Edit", () => this.actions.edit(line)),
      this.actions.canRemove(line) && tool("bin", "Take back", () => this.actions.remove(line)),
    );
  }

  // -- by keyboard

  #show(line) {
    const row = this.#rowOf(line.key);
    row?.scrollIntoView({ block: "center" });
    row?.focus({ preventScroll: true });
  }

  // From line to line with the arrows; into the tools of a line with Enter; what is done to it by letter.
  #key(event) {
    const lines = [...this.#log.querySelectorAll("article")];
    const at = lines.indexOf(document.activeElement.closest("article"));
    const step = { ArrowUp: -1, ArrowDown: 1, Home: -lines.length, End: lines.length }[event.key];
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (step && lines.length) {
      const next = at < 0 ? lines.length - 1 : Math.max(0, Math.min(lines.length - 1, at + step));
      lines[next].focus();
      event.preventDefault();
    } else if (event.target === lines[at] && (event.key === "Enter" || event.key === "ArrowRight")) {
      lines[at].querySelector(".body button:not(.who), .body a, .tools button")?.focus();
      event.preventDefault();
    } else if (at >= 0 && (event.key === "ArrowRight" || event.key === "ArrowLeft")) {
      this.#along(lines[at], event.key === "ArrowRight" ? 1 : -1);
      event.preventDefault();
    }
  }

  #along(line, step) {
    const all = [...line.querySelectorAll("button:not(.who), a")];
    const next = all[all.indexOf(document.activeElement) + step];
    (next ?? line).focus();
  }
}
