// Making elements.  Whatever people said becomes a text node: there is no other way here to put a text on the page.

const SVG = "http://www.w3.org/2000/svg";

// Drawn on 24 by 24, with lines of 2.
const ICONS = {
  menu: "M4 7h16M4 12h16M4 17h10",
  people: "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c0-4 3-6 6.5-6s6.5 2 6.5 6M16 4.4a3.5 3.5 0 0 1 0 6.3M18 14.4c2.2.8 3.5 2.7 3.5 5.6",
  close: "M6 6l12 12M18 6L6 18",
  send: "M5 12h13M12 5l7 7-7 7",
  smile: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8.5 14c.7 1.6 2 2.4 3.5 2.4s2.8-.8 3.5-2.4M9 9.5v.1M15 9.5v.1",
  react: "M20.6 9.3A9 9 0 1 0 21 12M8.5 14c.7 1.6 2 2.4 3.5 2.4s2.8-.8 3.5-2.4M9 9.5v.1M15 9.5v.1M19.5 2v5M17 4.5h5",
  reply: "M9 6l-5 5 5 5M4.5 11H14c4 0 6 2.5 6 7",
  edit: "M4 20l1-4.5L16.5 4a1.8 1.8 0 0 1 2.6 0l.9.9a1.8 1.8 0 0 1 0 2.6L8.5 19 4 20zM14.5 6l3.5 3.5",
  bin: "M5 7h14M10 7V4.5h4V7M7 7l.8 13h8.4L17 7M10.5 11v5.5M13.5 11v5.5",
  gear: "M4 7h9M19 7h1M4 17h1M11 17h9M16 9.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM8 19.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
  down: "M12 5v13M6 12l6 6 6-6",
  clip: "M20 11.5l-8.3 8.3a5 5 0 0 1-7.1-7.1l8.9-8.9a3.3 3.3 0 0 1 4.7 4.7l-8.8 8.8a1.7 1.7 0 0 1-2.4-2.4l7.7-7.7",
};

// An element with attributes, `on` for what it listens to, and children: elements, or texts.
export function element(tag, { on = {}, ...attributes } = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  }
  for (const [name, listener] of Object.entries(on)) made.addEventListener(name, listener);
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

// A drawing that says nothing: the button around it has a label.
export function icon(name) {
  const drawing = document.createElementNS(SVG, "svg");
  for (const [key, value] of [["viewBox", "0 0 24 24"], ["width", "20"], ["height", "20"], ["aria-hidden", "true"]]) {
    drawing.setAttribute(key, value);
  }
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  drawing.append(path);
  return drawing;
}

export function button(name, label, listener, attributes = {}) {
  const shown = { type: "button", class: "icon", "aria-label": label, title: label, ...attributes };
  return element("button", { ...shown, on: { click: listener } }, icon(name));
}

export function find(id) {
  return document.getElementById(id);
}

// Show a text in an element, and hide the element if there is none.
export function show(shown, text) {
  shown.hidden = !text;
  const inner = shown.querySelector("span") ?? shown;
  if (inner.textContent !== text) inner.textContent = text;
}

// Put an element in the place of another; who was at it with the keyboard stays there.
function swap(old, made) {
  const controls = (each) => [each, ...each.querySelectorAll("button, a")];
  const at = controls(old).indexOf(document.activeElement);
  old.replaceWith(made);
  if (at >= 0) (controls(made)[at] ?? made).focus({ preventScroll: true });
}

// Have a list show these items: each has a `key`, and a `mark` that changes when it has to be drawn anew.  What is right
// stays as it is, and keeps its focus.
export function reconcile(list, items, draw) {
  const wanted = new Set(items.map((item) => item.key));
  const old = new Map([...list.children].map((child) => [child.dataset.key, child]));
  for (const [key, child] of old) if (!wanted.has(key)) child.remove();
  let next = list.firstElementChild;
  for (const item of items) {
    let child = old.get(item.key);
    if (!child || child.dataset.mark !== item.mark) {
      const made = draw(item);
      Object.assign(made.dataset, { key: item.key, mark: item.mark });
      if (child) {
        if (next === child) next = made;
        swap(child, made);
      }
      child = made;
    }
    if (child === next) next = child.nextElementSibling;
    else list.insertBefore(child, next);
  }
}

// One of ten colours, always the same for a name.
export function colour(name) {
  let sum = 7;
  for (const letter of name.toLowerCase()) sum = (sum * 31 + letter.codePointAt(0)) % 100_003;
  return `c${sum % 10}`;
}

// The first letter of a name, on its colour.
export function avatar(name) {
  const letter = (/[\p{L}\p{N}]/u.exec(name) ?? ["?"])[0].toUpperCase();
  return element("span", { class: `avatar ${colour(name)}`, "aria-hidden": "true" }, letter);
}
