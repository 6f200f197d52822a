// The emoji to choose from, with a search; the arrows walk through them.

import { COMMON, EMOJI, nameOf, search } from "./emoji.js";
import { element, find } from "./element.js";

const ACROSS = 8;

export class Picker {
  #dialog = find("picker");
  #take = () => {};
  #grid = element("div", { class: "grid scrolls" });
  #search = element("input", { type: "search", placeholder: "Search emoji", "aria-label": "Search emoji", autocomplete: "off" });

  constructor() {
    this.#dialog.append(this.#search, this.#grid);
    this.#search.addEventListener("input", () => this.#draw());
    this.#dialog.addEventListener("keydown", (event) => this.#key(event));
    this.#dialog.addEventListener("click", (event) => event.target === this.#dialog && this.#dialog.close());
  }

  // Have somebody choose one, which is given to `take`.
  open(take) {
    this.#take = take;
    this.#search.value = "";
    this.#draw();
    this.#dialog.showModal();
    this.#search.focus();
  }

  #draw() {
    const wanted = this.#search.value.trim();
    const often = ["Often", COMMON.map((emoji) => ({ emoji, names: [nameOf(emoji)] }))];
    const groups = wanted ? [["Found", search(wanted, 80)]] : [often, ...EMOJI];
    const shown = groups.flatMap(([title, all]) => [
      element("h3", {}, all.length ? title : "No emoji is called that"),
      element("div", { class: "emojis" }, ...all.map((each) => this.#emoji(each))),
    ]);
    this.#grid.replaceChildren(...shown);
    this.#grid.scrollTop = 0;
  }

  #emoji({ emoji, names }) {
    const name = names[0].replace(/_/g, " ");
    return element("button", { type: "button", title: `:${names[0]}:`, "aria-label": name, on: { click: () => this.#chosen(emoji) } }, emoji);
  }

  #chosen(emoji) {
    this.#dialog.close();
    this.#take(emoji);
  }

  #key(event) {
    const all = [...this.#grid.querySelectorAll("button")];
    const at = all.indexOf(document.activeElement);
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: ACROSS, ArrowUp: -ACROSS }[event.key];
    if (event.key === "Enter" && at < 0 && all.length) {
      event.preventDefault();
      all[0].click();
    } else if (at < 0 ? event.key === "ArrowDown" : step) {
      event.preventDefault();
      if (at + step < 0) this.#search.focus();
      else all[Math.min(all.length - 1, at < 0 ? 0 : at + step)]?.focus();
    }
  }
}
