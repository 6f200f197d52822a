// What a half-typed word can become: a name, a room, a command, an emoji.

import { COMMANDS } from "./commands.js";
import { emojiOf, search } from "./emoji.js";
import { fold } from "./text.js";

const MOST = 8;

function names(chat, here, part) {
  const wanted = fold(part);
  const last = new Map(here.lines.map((line, index) => [fold(line.who), index]));
  const rank = (nick) => -(last.get(fold(nick)) ?? -1);
  const nicks = here.kind === "room" ? here.people.map((member) => member.nick) : [here.name];
  const found = nicks.filter((nick) => fold(nick).startsWith(wanted) && !chat.isMe(nick));
  return found.sort((one, other) => rank(one) - rank(other));
}

// The word before `at` in a text, and what it can become: {start, choices: [{shown, hint, text}]}, or null.
// `asked`: whether the person has asked for names; emoji and commands are offered while one types.
export function completions(chat, here, text, at, asked = false) {
  const [part] = /\S*$/.exec(text.slice(0, at));
  const start = at - part.length;
  const of = (choices) => (choices.length ? { start, choices: choices.slice(0, MOST) } : null);
  const [, colon, name] = /^(.*:)([a-z0-9_+-]{2,})$/i.exec(part) ?? [];
  if (name && !/[\w/]:$/.test(colon)) {
    const choices = search(name, MOST).map(({ names: [shown], emoji }) => ({ shown: emoji, hint: `:${shown}:`, text: emoji }));
    return choices.length ? { start: start + colon.length - 1, choices } : null;
  }
  if (start === 0 && /^\/[a-z]*$/i.test(part)) {
    const found = [...COMMANDS.values()].filter((command) => command.name.startsWith(part.slice(1).toLowerCase()));
    return of(found.map((each) => ({ shown: `/${each.name} ${each.usage}`, hint: each.help, text: `/${each.name} ` })));
  }
  if (part.startsWith("#") && part.length > 1) {
    const found = chat.rooms.filter((room) => fold(room.name).startsWith(fold(part)));
    return of(found.map((room) => ({ shown: room.name, hint: "", text: `${room.name} ` })));
  }
  if (!part || !(asked || part.startsWith("@"))) return null;
  const found = names(chat, here, part.replace(/^@/, ""));
  return of(found.map((nick) => ({ shown: nick, hint: "", text: nick + (start === 0 ? ": " : " ") })));
}

// A text with the emoji of a :name: that ends at `at`, as [text, at]; null if none does.
export function emojiTyped(text, at) {
  const [whole, name] = /:([a-z0-9_+-]+):$/i.exec(text.slice(0, at)) ?? [];
  const emoji = name && emojiOf(name);
  if (!emoji || /\w$/.test(text.slice(0, at - whole.length))) return null;
  return [text.slice(0, at - whole.length) + emoji + text.slice(at), at - whole.length + emoji.length];
}
