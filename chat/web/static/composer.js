// Where one types: a text of several lines, what half-typed words can become, an answer to a line, a new wording.

import { completions, emojiTyped } from "./completion.js";
import { perform } from "./commands.js";
import { element, find, icon, show } from "./element.js";

// Pixels that the field may grow to.
const TALLEST = 220;

export class Composer {
  #text = find("text");
  #choices = find("choices");
  #offered = null;
  #chosen = 0;
  #current = null;
  // The line that is answered or reworded: {line, how: "reply" | "edit"}.
  #context = null;

  // `page` is what commands ask of the page; `log` is scrolled from here.
  constructor(chat, page, log) {
    Object.assign(this, { chat, page, log });
    find("composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    this.#text.addEventListener("keydown", (event) => this.#key(event));
    this.#text.addEventListener("input", () => this.#typed());
    this.#text.addEventListener("blur", () => this.#offer(null));
    find("context").querySelector("button").append(icon("close"));
    find("context").querySelector("button").addEventListener("click", () => this.leave());
  }

  focus() {
    this.#text.focus();
  }

  // Follow the current conversation: each has its own half-typed text.
  draw() {
    const { current } = this.chat;
    if (current !== this.#current) {
      if (this.#current) this.#current.draft = this.#context?.how === "edit" ? "" : this.#text.value;
      this.#current = current;
      this.leave(false);
      this.#set(current?.draft ?? "");
      this.#refuse("");
    }
    const placeholder = current ? `Message ${current.name}` : "";
    this.#text.placeholder = placeholder;
    this.#text.setAttribute("aria-label", placeholder);
    const opens = current && this.#text.disabled;
    this.#text.disabled = find("send").disabled = find("pick").disabled = !current;
    // Whoever has just come in types at once; on a telephone that would bring up the keyboard.
    if (opens && document.activeElement === document.body && matchMedia("(pointer: fine)").matches) this.focus();
  }

  // -- answering and rewording

  reply(line) {
    this.#context = { line, how: "reply" };
    show(find("context"), `Answering ${line.who}: ${line.text.split("\n")[0]}`);
    this.focus();
  }

  edit(line) {
    this.#context = { line, how: "edit" };
    show(find("context"), "Changing what you said");
    this.#set(line.text);
    this.focus();
  }

  // Neither answer nor reword any more.
  leave(emptied = true) {
    if (this.#context?.how === "edit" && emptied) this.#set("");
    this.#context = null;
    show(find("context"), "");
  }

  insert(text) {
    const { selectionStart, selectionEnd, value } = this.#text;
    this.#set(value.slice(0, selectionStart) + text + value.slice(selectionEnd), selectionStart + text.length);
    this.focus();
  }

  // -- typing

  #set(text, at = text.length) {
    this.#text.value = text;
    this.#text.setSelectionRange(at, at);
    this.#grow();
  }

  #grow() {
    this.#text.style.height = "auto";
    this.#text.style.height = `${Math.min(this.#text.scrollHeight + 2, TALLEST)}px`;
  }

  #typed() {
    const typed = emojiTyped(this.#text.value, this.#text.selectionStart);
    if (typed) this.#set(...typed);
    this.#grow();
    this.#refuse("");
    if (!this.#current) return;
    const { value, selectionStart } = this.#text;
    const isText = value && !value.startsWith("/");
    this.chat.typing(this.#current, Boolean(isText));
    this.#offer(completions(this.chat, this.#current, value, selectionStart));
  }

  #refuse(sentence) {
    show(find("refused"), sentence);
  }

  #send() {
    const text = this.#text.value.replace(/\s+$/, "");
    const here = this.#current;
    if (!text.trim() || !here) return;
    const why = this.#context?.how === "edit" ? this.#reword(here, text) : this.#say(here, text);
    this.#refuse(why);
    if (why) return;
    this.leave(false);
    this.#set("");
    this.#offer(null);
    this.chat.typing(here, false);
    this.log.toEnd();
  }

  #say(here, text) {
    const reply = this.#context?.line.id ?? "";
    return this.chat.outbox.refusal(text) || perform(this.chat, here, text, this.page, { reply });
  }

  #reword(here, text) {
    const { line } = this.#context;
    if (!this.chat.online) return "There is no link to the server at the moment.";
    const why = this.chat.outbox.refusal(text);
    if (!why && text !== line.text) this.chat.edit(here, line, text);
    return why;
  }

  // -- keys

  #key(event) {
    if (this.#offered && this.#chooses(event)) {
      event.preventDefault();
      return;
    }
    const plain = !event.ctrlKey && !event.altKey && !event.metaKey;
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.#send();
    } else if (event.key === "Tab" && plain && !event.shiftKey && this.#complete()) {
      event.preventDefault();
    } else if (event.key === "Escape" && this.#context) {
      this.leave();
    } else if (event.key === "ArrowUp" && plain && !this.#text.value && this.#current?.lastOfMine && this.page.canEdit()) {
      event.preventDefault();
      this.edit(this.#current.lastOfMine);
    } else if ((event.key === "PageUp" || event.key === "PageDown") && plain) {
      event.preventDefault();
      this.log.page(event.key === "PageUp" ? -1 : 1);
    }
  }

  #complete() {
    const { value, selectionStart } = this.#text;
    const found = this.#current && completions(this.chat, this.#current, value, selectionStart, true);
    if (!found) return false;
    this.#offer(found);
    if (found.choices.length === 1) this.#take(0);
    return true;
  }

  // -- completions

  #offer(offered) {
    this.#offered = offered;
    this.#chosen = 0;
    this.#choices.hidden = !offered;
    this.#choices.replaceChildren(...(offered?.choices ?? []).map((choice, index) => this.#choice(choice, index)));
    this.#mark();
  }

  #choice({ shown, hint }, index) {
    const choose = (event) => {
      event.preventDefault();
      this.#take(index);
    };
    const attributes = { role: "option", id: `choice-${index}`, on: { mousedown: choose } };
    return element("li", attributes, element("span", {}, shown), element("small", {}, hint));
  }

  #mark() {
    [...this.#choices.children].forEach((choice, index) => {
      choice.setAttribute("aria-selected", String(index === this.#chosen));
    });
    if (this.#offered) this.#text.setAttribute("aria-activedescendant", `choice-${this.#chosen}`);
    else this.#text.removeAttribute("aria-activedescendant");
  }

  // Whether a key was meant for what is offered.
  #chooses(event) {
    const most = this.#offered.choices.length;
    const step = { ArrowDown: 1, ArrowUp: -1, Tab: event.shiftKey ? -1 : 1 }[event.key];
    const exact = this.#text.value.trim() === this.#offered.choices[this.#chosen].text.trim();
    if (event.key === "Escape") {
      this.#offer(null);
    } else if (event.key === "Tab" && !event.shiftKey && most === 1) {
      this.#take(0);
    } else if (step) {
      this.#chosen = (this.#chosen + step + most) % most;
      this.#mark();
    } else if (event.key === "Enter" && !event.shiftKey && !exact) {
      this.#take(this.#chosen);
    } else {
      return false;
    }
    return true;
  }

  #take(index) {
    const { start, choices } = this.#offered;
    const { value, selectionStart } = this.#text;
    this.#set(value.slice(0, start) + choices[index].text + value.slice(selectionStart), start + choices[index].text.length);
    this.#offer(null);
    this.focus();
  }
}
