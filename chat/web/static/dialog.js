// A question in a window of its own: fields with labels, and what is done with the answers.

import { element, find } from "./element.js";

const window_ = find("dialog");

// Ask for something.  `fields` are {name, label, type, value, choices, readonly}; `done` is given the answers by name, and
// returns a sentence if they will not do.
export function ask(title, fields, verb, done) {
  const wrong = element("p", { class: "wrong", role: "alert", hidden: true });
  const rows = fields.map((field) => row(field));
  const cancel = element("button", { type: "button", on: { click: () => window_.close() } }, "Cancel");
  const form = element(
    "form",
    { class: "card" },
    element("h2", { id: "dialog-title" }, title),
    wrong,
    ...rows,
    element("p", { class: "buttons" }, cancel, element("button", { type: "submit", class: "primary" }, verb)),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const why = done(answers(form, fields));
    wrong.hidden = !why;
    wrong.textContent = why ?? "";
    if (!why) window_.close();
  });
  window_.replaceChildren(form);
  window_.showModal();
}

// Explain something: `tables` are titles with their rows of what is meant and what it means.
export function explain(title, tables, note) {
  const shown = tables.flatMap(([name, rows]) => [
    element("h3", {}, name),
    element("dl", {}, ...rows.flatMap(([term, meaning]) => [element("dt", {}, term), element("dd", {}, meaning)])),
  ]);
  const close = element("button", { type: "button", class: "primary", on: { click: () => window_.close() } }, "Close");
  window_.replaceChildren(element("div", { class: "card explains" }, element("h2", { id: "dialog-title" }, title),
    element("div", { class: "scrolls", tabindex: "0" }, ...shown, element("p", { class: "quiet" }, note)),
    element("p", { class: "buttons" }, close)));
  window_.showModal();
  close.focus();
}

function row({ name, label, type = "text", value = "", choices, readonly = false, autocomplete = "off" }) {
  if (type === "checkbox") {
    return element("label", { class: "check" }, element("input", { name, type, checked: Boolean(value) }), element("span", {}, label));
  }
  const options = (choices ?? []).map(([key, text]) => element("option", { value: key, selected: key === value }, text));
  const field = choices
    ? element("select", { name }, ...options)
    : element("input", { name, type, value, readonly, autocomplete, autocapitalize: "none" });
  if (readonly) field.tabIndex = -1;
  return element("label", {}, label, field);
}

function answers(form, fields) {
  return Object.fromEntries(fields.map(({ name, type }) => {
    const field = form.elements.namedItem(name);
    return [name, type === "checkbox" ? field.checked : field.value.trim()];
  }));
}

window_.addEventListener("click", (event) => event.target === window_ && window_.close());
