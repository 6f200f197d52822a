// The form that one comes in by.

import { find, show } from "./element.js";

const UNENCRYPTED = "This page came unencrypted, so your password was not sent. Come by https:// instead.";

export class SignIn {
  #main = find("signin");
  #form = find("signin").querySelector("form");

  // `come` is given {nick, password, server}.
  constructor(memory, come) {
    this.memory = memory;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      const [nick, password, server] = ["nick", "password", "server"].map((name) => this.#field(name).value.trim());
      if (password && !window.isSecureContext) this.open(UNENCRYPTED, "password");
      else come({ nick, password, server });
    });
  }

  #field(name) {
    return this.#form.elements.namedItem(name);
  }

  // What the server says of itself before anyone comes in.
  greet(about) {
    find("welcome").textContent = about.name;
    const people = about.guests ? "Choose a nickname and come in." : "This server is for people with an account.";
    show(find("about"), people);
    find("for-server").hidden = !about.password;
    find("why-password").textContent = about.guests ? "only if you have an account" : "";
    this.#field("password").required = !about.guests;
    this.#form.querySelector("button").disabled = Boolean(about.missing);
    if (about.missing) this.open(about.missing, "");
  }

  // Show the form, with what was wrong, and the field that is to be filled anew.
  open(why = "", needs = "nick") {
    this.#main.hidden = false;
    this.#busy(false);
    show(find("wrong"), why);
    this.#field("nick").value ||= this.memory.get("nick");
    this.#form.elements.namedItem(needs)?.focus();
  }

  wait() {
    show(find("wrong"), "");
    this.#busy(true);
  }

  close() {
    this.#main.hidden = true;
    this.#field("password").value = "";
    this.#busy(false);
  }

  #busy(busy) {
    const submit = this.#form.querySelector("button");
    submit.textContent = busy ? "Coming in…" : "Come in";
    submit.setAttribute("aria-disabled", String(busy));
  }
}
