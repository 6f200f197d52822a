// Texts as they may be shown, and what in them is more than words.

// Formatting of IRC clients (https://modern.ircdocs.horse/formatting): colours with their numbers; then controls but for
// the line break, what turns the direction of writing, and what breaks lines elsewhere.
const FORMATTING = /\x03(?:\d{1,2}(?:,\d{1,2})?)?|\x04(?:[\da-f]{6}(?:,[\da-f]{6})?)?/gi;
const CONTROLS = /[\0-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;
// A link ends before what closes a sentence or a bracket around it.
const LINK = /\bhttps?:\/\/[^\s<>"`]*[^\s<>"`.,:;!?'’)\]}]/gi;
const CODE = /`([^`\n]+)`/g;
const BLOCK = /```(?:[\w+-]*\n)?([\s\S]+?)\n?```/g;
const ESCAPE = /[.*+?^${}()|[\]\\]/g;

// A text without codes that drive a terminal, turn the writing round, or colour it; it may have line breaks.
export function clean(text) {
  return text.replace(FORMATTING, "").replace(CONTROLS, "").replace(/\t/g, "    ");
}

// Names as they are compared: this server has CASEMAPPING=ascii.
export function fold(name) {
  return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function word(name, flags) {
  return new RegExp(`(?<![\\p{L}\\p{N}_-])${name.replace(ESCAPE, "\\$&")}(?![\\p{L}\\p{N}_-])`, flags);
}

// Whether a text has a name in it, as a word.
export function mentions(text, nick) {
  return Boolean(nick) && word(nick, "iu").test(text);
}

// The address that a link may lead to: http and https, or null.
export function address(text) {
  try {
    const url = new URL(text);
    return url.protocol === "http:" || url.protocol === "https:" ? url.href : null;
  } catch {
    return null;
  }
}

// The file that a line says was sent to the server at `origin`: {name, size, path, isPicture}; or null.  Of other servers
// one sees the whole address.
export function fileIn(text, origin) {
  const [, name, size, link] = /^sent a file: (.*) \(([\d.]+ [kMGT]?B)\) (https?:\/\/\S+)$/s.exec(text) ?? [];
  const url = address(link ?? "") && new URL(link);
  if (!url || url.origin !== origin || !/^\/files\/[^?#]+$/.test(url.pathname)) return null;
  return { name, size, path: url.pathname, isPicture: /\.(?:png|jpe?g|gif|webp)$/i.test(url.pathname) };
}

function places(text, pattern, kind) {
  return [...text.matchAll(pattern)].map((found) => ({ kind, at: found.index, text: found[0], inner: found[1] }));
}

// A text as parts, in order: {kind: "text" | "link" | "code" | "block" | "name", text}.  `nick` is the name that is marked.
export function parts(text, nick = "") {
  const named = nick ? places(text, word(nick, "giu"), "name") : [];
  const code = [...places(text, BLOCK, "block"), ...places(text, CODE, "code")];
  const found = [...code, ...places(text, LINK, "link"), ...named];
  found.sort((one, other) => one.at - other.at);
  const all = [];
  let end = 0;
  for (const each of found) {
    if (each.at < end || (each.kind === "link" && !address(each.text))) continue;
    if (each.at > end) all.push({ kind: "text", text: text.slice(end, each.at) });
    all.push({ kind: each.kind, text: each.inner ?? each.text });
    end = each.at + each.text.length;
  }
  if (end < text.length) all.push({ kind: "text", text: text.slice(end) });
  return all;
}

// Whether a text is nothing but a few emoji, which are shown large.
export function isEmoji(text) {
  return text.length < 40 && /^(?:\p{Extended_Pictographic}|\p{RI}|[\u200d\ufe0f\u20e3\u{1f3fb}-\u{1f3ff} ])+$/u.test(text);
}

// Names as people list them: "ann", "ann and bob", "ann, bob and 3 others".
export function listed(names, most = 3) {
  const shown = names.slice(0, names.length > most ? most - 1 : most);
  const others = names.length - shown.length;
  if (others) shown.push(`${others} others`);
  return shown.length < 2 ? shown.join("") : `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}`;
}

// "1 line", "2 lines".
export function count(number, noun, nouns = `${noun}s`) {
  return `${number.toLocaleString("en")} ${number === 1 ? noun : nouns}`;
}
